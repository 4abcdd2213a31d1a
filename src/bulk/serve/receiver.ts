// Room: bulk/. The HTTP side of `serve`: takes signed webhooks, answers at once, and hands on what they say.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ForgeKind } from '../../forge/types.ts';
import { noticeOf, type Notice } from './notices.ts';
import { isSigned } from './signature.ts';

export interface Receiving {
  kind: ForgeKind;
  secret: string;
  /** Called after the answer was given; must not throw. */
  take(notice: Notice): void;
}

/** Bytes of a body. GitHub sends up to 25 MB; what we read of is small, and of a larger one nothing is needed. */
const maxBody = 5 * 1024 * 1024;
/** Milliseconds for headers, and for a whole request. */
const headersTimeout = 5_000;
const requestTimeout = 15_000;

/** A server that is not listening yet. `POST /webhook`: 202, or 401 without the signature; `GET /health`: 200. */
export function receiver(receiving: Receiving): Server {
  const server = createServer({ headersTimeout, requestTimeout, maxHeaderSize: 16_384 }, (request, response) => {
    answer(request, receiving).then(
      ({ status, notice }) => {
        reply(response, status);
        if (notice) receiving.take(notice);
      },
      // The sender went away.
      () => response.destroy(),
    );
  });
  server.maxConnections = 200;
  return server;
}

async function answer(request: IncomingMessage, { kind, secret }: Receiving): Promise<{ status: number; notice?: Notice }> {
  const { method, url } = request;
  if (url === '/health' && method === 'GET') return { status: 200 };
  if (url !== '/webhook') return { status: 404 };
  if (method !== 'POST') return { status: 405 };
  const body = await bodyOf(request);
  if (!body) return { status: 413 };
  if (!isSigned(kind, request.headers, body, secret)) return { status: 401 };
  return { status: 202, notice: noticeOf(kind, request.headers, body) };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const words: Readonly<Record<number, string>> = { 200: 'ok', 202: 'accepted', 401: 'not signed with the secret', 413: 'too large' };

function reply(response: ServerResponse, status: number): void {
  if (response.destroyed) return;
  // What was not read of a refused request must not be taken for the next one.
  const close = status >= 400 ? { connection: 'close' } : {};
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...close });
  response.end(`${words[status] ?? 'not here'}\n`);
}
