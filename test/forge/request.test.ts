// The one HTTP door, against a server that answers what a test tells it to.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { path } from '../../src/forge/address.ts';
import type { Connection } from '../../src/forge/connection.ts';
import { createPace, defaultLimits } from '../../src/forge/pace.ts';
import { openDoor, type Door } from '../../src/forge/request.ts';
import { createRedactor } from '../../src/forge/secrets.ts';
import { ForgeError } from '../../src/forge/types.ts';
import { virtualClock, type VirtualClock } from './clock.ts';

const token = 'planted-token-0123456789';
type Answering = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let elsewhere: Server;
let answers: Answering[];
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
let clock: VirtualClock;
let connection: Connection;
let door: Door;

const listen = (handler: Answering): Promise<Server> =>
  new Promise((resolve) => {
    const made = createServer(handler).listen(0, '127.0.0.1', () => resolve(made));
  });
const address = (of: Server): string => `http://127.0.0.1:${(of.address() as AddressInfo).port}`;
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answering =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const redirect =
  (status: number, location: string): Answering =>
  (_, response) =>
    void response.writeHead(status, { location }).end();

beforeEach(async () => {
  answers = [];
  seen = [];
  server = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      (answers.shift() ?? json(200, { said: 'nothing more' }))(request, response);
    });
  });
  elsewhere = await listen((request, response) => {
    seen.push({ method: request.method ?? '', url: `elsewhere ${request.url}`, headers: request.headers, body: '' });
    response.end('{}');
  });
  clock = virtualClock();
  const redactor = createRedactor();
  redactor.add(token);
  connection = {
    baseUrl: address(server),
    credential: { kind: 'token', value: token },
    pace: createPace({ ...defaultLimits, contentPerMinute: 80, clock }),
    redactor,
    clock,
    signal: undefined,
    timeout: 20_000,
  };
  door = openDoor({
    connection,
    root: `${address(server)}/api`,
    headers: { authorization: `token ${token}` },
    meaning: (status) => (status === 423 ? 'archived' : undefined),
  });
});
afterEach(() => {
  for (const one of [server, elsewhere]) {
    one.closeAllConnections();
    one.close();
  }
});

const get = () => clock.run(door.request({ method: 'GET', path: path`/a` }));
const post = () => clock.run(door.request({ method: 'POST', path: path`/a`, body: { x: 1 } }));
async function failure(doing: Promise<unknown>): Promise<ForgeError> {
  const error = await doing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ForgeError) return error;
  throw error ?? new Error('it should have failed');
}

describe('sending', () => {
  it('JSON, query and headers; reads the answer', async () => {
    answers = [json(201, { a: 1 }, { 'x-other': 'h' })];
    const answer = await clock.run(
      door.request({ method: 'POST', path: path`/r/${'a b/ü'}`, query: { q: 'x&y', none: undefined }, body: { b: 'ü' } }),
    );
    expect(answer).toMatchObject({ status: 201, json: { a: 1 } });
    expect(answer.header('X-Other')).toBe('h');
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/r/a%20b%2F%C3%BC?q=x%26y', body: '{"b":"ü"}' });
    expect(seen[0]?.headers).toMatchObject({ authorization: `token ${token}`, 'content-type': 'application/json' });
  });
  it('an empty answer is no JSON', async () => {
    answers = [(_, response) => void response.writeHead(204).end()];
    expect((await clock.run(door.request({ method: 'DELETE', path: path`/a` }))).json).toBeUndefined();
  });
  it.each(['', '.', '..'])('the name %j is refused before anything is sent', (name) => {
    expect(() => path`/a/${name}`).toThrow(ForgeError);
  });
});

describe('redirects', () => {
  it('on the same host a read follows, with the token', async () => {
    answers = [redirect(301, '/api/new'), redirect(307, `${address(server)}/api/newer`), json(200, { at: 'newer' })];
    expect((await get()).json).toEqual({ at: 'newer' });
    expect(seen.map(({ url, headers }) => [url, headers.authorization])).toEqual(
      ['/api/a', '/api/new', '/api/newer'].map((url) => [url, `token ${token}`]),
    );
  });
  it('a write follows 307 and 308 only, as the write that it was', async () => {
    answers = [redirect(308, '/api/new'), json(201, {})];
    await post();
    expect(seen[1]).toMatchObject({ method: 'POST', url: '/api/new', body: '{"x":1}' });
    answers = [redirect(302, '/api/new')];
    expect(await failure(post())).toMatchObject({ kind: 'unprocessable', retryable: false });
    expect(seen).toHaveLength(3);
  });
  it.each([
    ['another port', () => address(elsewhere)],
    ['another name', () => address(elsewhere).replace('127.0.0.1', 'localhost')],
    ['user information', () => `http://x:y@${address(elsewhere).slice('http://'.length)}`],
    ['another scheme', () => 'file:///etc/passwd'],
    ['no protocol', () => `//${address(elsewhere).slice('http://'.length)}/x`],
  ])('to another host never: %s', async (_, to) => {
    answers = [redirect(302, `${to()}/stolen`)];
    expect(await failure(get())).toMatchObject({ kind: 'unprocessable', retryable: false });
    expect(seen).toHaveLength(1);
  });
  it('in a circle ends', async () => {
    answers = Array.from({ length: 50 }, () => redirect(302, '/api/a'));
    expect((await failure(get())).message).toMatch(/too many/);
    expect(seen).toHaveLength(6);
  });
});

describe('retries', () => {
  const reset: Answering = (request) => void request.socket.destroy();
  const cut: Answering = (request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"a":');
    setTimeout(() => request.socket.destroy(), 20);
  };
  const half: Answering = (_, response) => void response.end('{"a":');
  it.each([
    ['500', json(500, {})],
    ['502 of a proxy', (_: IncomingMessage, response: ServerResponse) => void response.writeHead(502).end('<html>Bad gateway</html>')],
    ['a reset', reset],
    ['a cut answer', cut],
    ['half of a JSON', half],
  ])('a read is sent again after %s', async (_, bad) => {
    answers = [bad, bad, json(200, { good: true })];
    expect((await get()).json).toEqual({ good: true });
    expect(seen).toHaveLength(3);
    // Full jitter at 0.5: half of 500 ms, half of 1000 ms.
    expect(clock.slept).toEqual([250, 500]);
  });
  it('gives up after five, and says that later may be better', async () => {
    answers = Array.from({ length: 9 }, () => json(503, { message: 'Down' }));
    expect(await failure(get())).toMatchObject({ kind: 'server', status: 503, retryable: true });
    expect(seen).toHaveLength(6);
  });
  it.each([
    ['500', json(500, {}), 'server'],
    ['a reset', reset, 'network'],
    ['a cut answer', cut, 'network'],
    ['half of a JSON', half, 'network'],
  ])('a write is never sent again after %s: it may have happened', async (_, bad, kind) => {
    answers = [bad, json(201, {})];
    expect(await failure(post())).toMatchObject({ kind, retryable: true });
    expect(seen).toHaveLength(1);
  });
  it.each([
    [400, 'unprocessable'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [405, 'locked'],
    [409, 'conflict'],
    [422, 'unprocessable'],
    [423, 'archived'],
    [501, 'server'],
  ])('%i is %s, at once and for good', async (status, kind) => {
    answers = [json(status, { message: `Because\nof ${token} and \u001b[31m` })];
    const error = await failure(get());
    expect(error).toMatchObject({ kind, status, retryable: false });
    expect(error.message).toBe(`GET /api/a: ${status}: Because of [redacted] and \\x1b[31m`);
    expect(seen).toHaveLength(1);
  });
  it('no answer in time', async () => {
    connection = { ...connection, timeout: 400 };
    const impatient = openDoor({ connection, root: address(server), headers: {}, meaning: () => undefined });
    answers = Array.from({ length: 7 }, (): Answering => () => undefined);
    expect(await failure(clock.run(impatient.request({ method: 'POST', path: path`/a` })))).toMatchObject({
      kind: 'timeout',
      retryable: true,
    });
    expect(seen).toHaveLength(1);
    expect(await failure(clock.run(impatient.request({ method: 'GET', path: path`/a` })))).toMatchObject({
      kind: 'timeout',
      retryable: true,
    });
    expect(seen).toHaveLength(7);
  });
  it('more than allowed is not read to the end', async () => {
    answers = [(_, response) => void response.end(JSON.stringify('x'.repeat(100_000)))];
    const error = await failure(clock.run(door.request({ method: 'GET', path: path`/a`, maxBytes: 1000 })));
    expect(error).toMatchObject({ kind: 'unprocessable', retryable: false });
    expect(seen).toHaveLength(1);
  });
  it('ends at once when it is aborted', async () => {
    const ending = new AbortController();
    const one = openDoor({
      connection: { ...connection, signal: ending.signal },
      root: address(server),
      headers: {},
      meaning: () => undefined,
    });
    answers = [() => ending.abort(new Error('enough'))];
    await expect(clock.run(one.request({ method: 'GET', path: path`/a` }))).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });
});

describe('limits', () => {
  const secondary = json(403, { message: 'You have exceeded a secondary rate limit.' });
  it('a read waits for all, without counting an attempt, and goes on', async () => {
    const start = clock.now();
    answers = [...Array.from({ length: 7 }, () => json(429, { message: 'Slow down' }, { 'retry-after': '30' })), json(200, { good: true })];
    expect((await get()).json).toEqual({ good: true });
    expect(clock.now() - start).toBe(7 * 30_000);
  });
  it('a write is thrown, with the time; the next one waits for it', async () => {
    const start = clock.now();
    answers = [json(403, { message: 'was submitted too quickly' }, { 'retry-after': '45' }), json(201, {})];
    expect(await failure(post())).toMatchObject({ kind: 'rate-limited', limit: 'secondary', retryAfter: 45_000, retryable: true });
    expect(connection.pace.state()).toMatchObject({ sleepsUntil: start + 45_000, contentPerMinute: 40 });
    await post();
    expect(clock.now() - start).toBe(45_000);
    expect(seen).toHaveLength(2);
  });
  it('without Retry-After: a minute, doubled up to an hour, and a minute again after it went well', async () => {
    const waits: number[] = [];
    answers = [...Array.from({ length: 8 }, () => secondary), json(201, {}), secondary];
    for (let i = 0; i < 8; i += 1) waits.push((await failure(post())).retryAfter ?? 0);
    await post();
    waits.push((await failure(post())).retryAfter ?? 0);
    expect(waits.map((ms) => ms / 60_000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 1]);
  });
  it('those that were under way together are one time', async () => {
    answers = Array.from({ length: 8 }, () => secondary);
    const errors = await clock.run(Promise.all(Array.from({ length: 8 }, () => failure(door.request({ method: 'POST', path: path`/a` })))));
    expect(errors.map(({ retryAfter }) => retryAfter)).toEqual(Array.from({ length: 8 }, () => 60_000));
    expect(connection.pace.state().contentPerMinute).toBe(40);
  });
  it('the primary limit: until its reset, told by the answer before as well', async () => {
    const start = clock.now();
    const headers = {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.round(start / 1000) + 600),
    };
    answers = [json(200, {}, headers), json(200, { good: true })];
    await get();
    expect(connection.pace.state().sleepsUntil).toBe(start + 601_000);
    await get();
    expect(clock.now()).toBe(start + 601_000);
    answers = [
      json(
        403,
        { message: 'API rate limit exceeded for user ID 1.' },
        { ...headers, 'x-ratelimit-reset': String(Math.round(clock.now() / 1000) + 60) },
      ),
    ];
    expect(await failure(post())).toMatchObject({ kind: 'rate-limited', limit: 'primary', retryAfter: 61_000 });
  });
});
