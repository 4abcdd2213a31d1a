// A proxy in front of a forge that has bad days, by a seed: limits, errors, resets, slow and cut answers, before or after the
// forge did what was asked.
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  | 'limit-seconds'
  | 'limit-date'
  | 'secondary'
  | 'too-quickly'
  | 'primary'
  | 'error-500'
  | 'bad-gateway'
  | 'reset-before'
  | 'reset-after'
  | 'error-after'
  | 'cut'
  | 'slow';

/** Refusals: the forge was not asked, and says so. */
export const limits: readonly Fault[] = ['limit-seconds', 'limit-date', 'secondary', 'too-quickly', 'primary'];
/** The forge was not asked, but nobody knows. */
export const lost: readonly Fault[] = ['error-500', 'bad-gateway', 'reset-before'];
/** The forge did it, and the answer is gone. */
export const done: readonly Fault[] = ['reset-after', 'error-after', 'cut'];

export interface Seen {
  method: string;
  path: string;
  fault: Fault | undefined;
  at: number;
  /** When the forge said that nothing may come: the clients' own clock, milliseconds. */
  until: number | undefined;
}

export interface FaultProxy {
  origin: string;
  seen: Seen[];
  /** What happens to the next requests, in order; then the rules of chance. */
  next(...faults: (Fault | undefined)[]): void;
  end(): Promise<void>;
}

export interface FaultRules {
  target: string;
  /** The clock that Retry-After dates and resets are told by. */
  now(): number;
  seed: number;
  /** 0…1, for each request. */
  share: number;
  /** Which may happen to this request. */
  faults(method: string, path: string): readonly Fault[];
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const wait = 30;
const epoch = (time: number): string => String(Math.ceil(time / 1000));

/** The refusal of a limit, in the words of GitHub; and until when it holds. */
function refusal(fault: Fault, now: number): { status: number; headers: Record<string, string>; message: string; until: number } {
  const seconds = { 'retry-after': String(wait) };
  const until = now + wait * 1000;
  switch (fault) {
    case 'limit-date':
      return {
        status: 429,
        headers: { 'retry-after': new Date(until).toUTCString() },
        message: 'Too many requests',
        until: Math.floor(until / 1000) * 1000,
      };
    case 'secondary':
      return {
        status: 403,
        headers: {},
        message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        until: now + 60_000,
      };
    case 'too-quickly':
      return { status: 403, headers: seconds, message: 'was submitted too quickly', until };
    case 'primary':
      return {
        status: 403,
        headers: { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': epoch(now + 600_000) },
        message: 'API rate limit exceeded for user ID 1.',
        until: now + 600_000,
      };
    default:
      return { status: 429, headers: seconds, message: 'Too many requests', until };
  }
}

export async function faultProxy(rules: FaultRules): Promise<FaultProxy> {
  const chance = seeded(rules.seed);
  const queue: (Fault | undefined)[] = [];
  const seen: Seen[] = [];

  function choose(method: string, path: string): Fault | undefined {
    if (queue.length > 0) return queue.shift();
    const [happens, which] = [chance(), chance()];
    const faults = rules.faults(method, path);
    return happens < rules.share ? faults[Math.floor(which * faults.length)] : undefined;
  }
  function before(fault: Fault | undefined, request: IncomingMessage, response: ServerResponse): boolean {
    if (fault === 'reset-before') request.socket.destroy();
    else if (fault === 'error-500') response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"Server Error"}');
    else if (fault === 'bad-gateway') response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
    else if (fault !== undefined && limits.includes(fault)) {
      const { status, headers, message } = refusal(fault, rules.now());
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ message }));
    } else return false;
    return true;
  }
  function after(
    fault: Fault | undefined,
    answer: { status: number; headers: IncomingMessage['headers']; body: Buffer },
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const { status, headers, body } = answer;
    if (fault === 'reset-after') return void request.socket.destroy();
    if (fault === 'error-after') return void response.writeHead(504).end();
    if (fault === 'cut') {
      response.writeHead(status, { ...headers, 'content-length': String(body.byteLength + 1) });
      response.write(body.subarray(0, Math.floor(body.byteLength / 2)));
      return void setTimeout(() => request.socket.destroy(), 5);
    }
    if (fault === 'slow') return void setTimeout(() => response.writeHead(status, headers).end(body), 60);
    response.writeHead(status, headers).end(body);
  }
  const server = createServer((request, response) => {
    const [method, path] = [request.method ?? 'GET', request.url ?? '/'];
    const fault = choose(method, path);
    const now = rules.now();
    seen.push({
      method,
      path,
      fault,
      at: now,
      until: fault !== undefined && limits.includes(fault) ? refusal(fault, now).until : undefined,
    });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (before(fault, request, response)) return;
      const { host: _, ...headers } = request.headers;
      const forward = send(rules.target + path, { method, headers: { ...headers, host: request.headers.host } }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const { 'transfer-encoding': __, ...plain } = answer.headers;
          const body = Buffer.concat(parts);
          after(
            fault,
            { status: answer.statusCode ?? 502, headers: { ...plain, 'content-length': String(body.byteLength) }, body },
            request,
            response,
          );
        });
      });
      forward.on('error', () => request.socket.destroy());
      forward.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    next: (...faults) => void queue.push(...faults),
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
