// Room: verify/run/. Asks a running container over HTTP, a fresh connection for each question.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import http from 'node:http';
import { healthTest } from './container.ts';
import type { ImageConfig, Reply } from '../types.ts';

/** One question. `port` is the container's, when the probe names one. */
export interface Question {
  method: string;
  path: string;
  body: string | undefined;
  port: number | undefined;
}
/** How long and how much is read of an answer. */
export interface Patience {
  /** Milliseconds until the whole answer must be there. */
  timeout: number;
  /** Milliseconds without a further byte after which a stream (server-sent events) counts as read. */
  idle: number;
  bytes: number;
}
export const patience: Patience = { timeout: 30_000, idle: 5000, bytes: 256 * 1024 };

/** Said of a port that answers otherwise than HTTP; both images are then only asked for a connection. */
export const noHttp = 'it takes connections and does not speak HTTP';

/**
 * Reads a probe as people write it: `/health`, `POST /items`, `POST /items {"name":"x"}`, `:9090/metrics`, or a URL whose
 * host is of no account. Undefined when it is none of them.
 */
export function parseProbe(text: string): Question | undefined {
  const match = /^(?:([A-Za-z]+)\s+)?(?:(?:https?:\/\/)?(?:[\w.-]+|\[[\d:a-f]*\])?(?::(\d{1,5}))?)?(\/\S*)?(?:\s+(\S[\s\S]*))?$/.exec(
    text.trim(),
  );
  if (!match || text.trim() === '') return undefined;
  const [, method = 'GET', port, path = '/', body] = match;
  // A word alone (`health`) is a path without its slash, not a host.
  if (match[3] === undefined && port === undefined && !/:\/\//.test(text)) return undefined;
  return { method: method.toUpperCase(), path, body, port: port === undefined ? undefined : Number(port) };
}

/** What a question is called in reports: `GET /health`, `POST /items {"name":"x"}`. */
export function nameOf({ method, path, body }: Question): string {
  return body === undefined ? `${method} ${path}` : `${method} ${path} ${body}`;
}

/** What is asked when nobody says: the root, and the paths that the HEALTHCHECK asks for. */
export function defaultProbes(config: ImageConfig): string[] {
  return [...new Set(['GET /', ...healthPaths(config).map((path) => `GET ${path}`)])];
}

/** The paths that the HEALTHCHECK's command asks for: of a URL (curl, wget, urllib, fetch), or as an argument of a request. */
export function healthPaths(config: ImageConfig): string[] {
  const command = (healthTest(config) ?? []).slice(1).join(' ');
  const urls = [...command.matchAll(/https?:\/\/[^\s/"'`)\\]+(\/[^\s"'`)\\|;&]*)?/g)].map((match) => match[1] ?? '/');
  const named = [...command.matchAll(/(?:\bpath['"]?\s*[:=]\s*|\brequest\(\s*['"][A-Z]+['"],\s*)\\?['"](\/[^'"\\\s]*)/g)].map(
    (match) => match[1] ?? '/',
  );
  const bare = [
    ...command.matchAll(/\b(?:curl|wget|http)\b[^|;&]*?\s(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::[\w${}]+)?(\/[^\s"'|;&]*)?/g),
  ].map((match) => match[1] ?? '/');
  return [...new Set([...urls, ...named, ...bare])];
}

/**
 * Asks once; never throws. The Host header names the port in the container, as if it had been published under its own
 * number, so that answers that repeat it are the same in each run. Redirections are answers and not followed.
 * In: `127.0.0.1:49153`, where the port is published.
 */
export function ask(address: string, inside: number, question: Question, limits: Patience = patience): Promise<Reply> {
  const { method, path, body } = question;
  return new Promise((resolve) => {
    const fail = (error: string): void => resolve({ status: undefined, type: '', body: '', error });
    const headers: http.OutgoingHttpHeaders = { host: `localhost:${inside}`, 'user-agent': 'dockerfile-mod', accept: '*/*' };
    if (body !== undefined) headers['content-type'] = /^[[{]/.test(body) ? 'application/json' : 'application/x-www-form-urlencoded';
    if (body !== undefined || !/^(?:GET|HEAD|OPTIONS|DELETE)$/.test(method)) headers['content-length'] = Buffer.byteLength(body ?? '');
    let request: http.ClientRequest;
    try {
      request = http.request(`http://${address}${path}`, { method, headers, agent: false });
    } catch (error) {
      return fail(error instanceof Error ? error.message : 'the probe is no valid request');
    }
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${limits.timeout / 1000} s`)), limits.timeout);
    request.on('response', (response) => void read(response, limits).then(resolve));
    request.on('error', (error: NodeJS.ErrnoException) => fail(reasonOf(error)));
    request.on('close', () => clearTimeout(timer));
    request.end(body);
  });
}

async function read(response: http.IncomingMessage, limits: Patience): Promise<Reply> {
  const chunks: Buffer[] = [];
  let size = 0;
  let error: string | undefined;
  response.setTimeout(limits.idle, () => response.destroy());
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= limits.bytes) break;
    }
  } catch (thrown) {
    // A stream that we stop reading after its first events is answered; one that breaks off on its own is not.
    if (!response.destroyed || response.errored) error = brokenOff(thrown as NodeJS.ErrnoException);
  }
  response.destroy();
  const body = Buffer.concat(chunks).subarray(0, limits.bytes);
  return { status: response.statusCode, type: response.headers['content-type'] ?? '', body: textOf(body), error };
}

const brokenOff = (error: NodeJS.ErrnoException): string | undefined =>
  error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ERR_STREAM_DESTROYED'
    ? undefined
    : `the answer breaks off (${error.code ?? error.message})`;

/** Text as it is; of anything else its size and digest, in groups that nothing takes for an id. */
function textOf(body: Buffer): string {
  const whole = body.length < patience.bytes ? body : body.subarray(0, body.length - 4);
  if ((isUtf8(whole) || isUtf8(body)) && !body.includes(0)) return body.toString('utf8');
  const digest = createHash('sha256').update(body).digest('hex').match(/.{8}/g) ?? [];
  return `(no text: ${body.length} bytes, ${digest.slice(0, 4).join(' ')})`;
}

function reasonOf(error: NodeJS.ErrnoException): string {
  const { code = '', message } = error;
  if (code.startsWith('HPE_')) return noHttp;
  if (code === 'ECONNREFUSED') return 'the connection is refused';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection is closed without an answer';
  return message;
}
