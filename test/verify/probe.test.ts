// Questions over HTTP: how they are read, what is found in a HEALTHCHECK, and how answers are taken.
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, defaultProbes, nameOf, parseProbe } from '../../src/verify/run/probe.ts';
import type { ImageConfig } from '../../src/verify/types.ts';
import { config as plain } from './contents.ts';

const config = (test: string[] | undefined): ImageConfig => plain({ workdir: '', healthcheck: test && { Test: test } });

describe('parseProbe', () => {
  it.each([
    ['/health', 'GET /health', undefined],
    ['POST /items', 'POST /items', undefined],
    ['post /items {"name":"a b"}', 'POST /items {"name":"a b"}', undefined],
    [':9090/metrics', 'GET /metrics', 9090],
    ['http://localhost:8080/x?y=1', 'GET /x?y=1', 8080],
    ['GET http://[::1]:8080/', 'GET /', 8080],
    ['https://example.com', 'GET /', undefined],
  ])('%s', (text, name, port) => {
    const question = parseProbe(text);
    expect(question && nameOf(question)).toBe(name);
    expect(question?.port).toBe(port);
    expect(question && parseProbe(nameOf(question))).toEqual({ ...question, port: undefined });
  });
  it.each(['', 'health', 'GET', 'a b c'])('none: %j', (text) => {
    expect(parseProbe(text)).toBeUndefined();
  });
});

describe('defaultProbes', () => {
  it.each([
    [undefined, []],
    [['NONE'], []],
    [['CMD-SHELL', 'curl -fsS http://localhost:3000/health || exit 1'], ['/health']],
    [['CMD', 'wget', '-qO-', 'http://127.0.0.1:8080/ready?full=1'], ['/ready?full=1']],
    [['CMD-SHELL', 'curl -f http://localhost:${PORT}/up'], ['/up']],
    [['CMD-SHELL', 'curl -f localhost:8000/healthz || exit 1'], ['/healthz']],
    [['CMD', 'python', '-c', "import urllib.request; urllib.request.urlopen('http://localhost:8000/health')"], ['/health']],
    [['CMD', 'node', '-e', 'require("http").get({host:"localhost",port:3000,path:"/live"})'], ['/live']],
    [['CMD', 'python', '-c', "http.client.HTTPConnection('localhost', 8000).request('GET', '/h')"], ['/h']],
    [['CMD-SHELL', 'curl -f http://localhost:3000'], []],
    [['CMD', 'pg_isready'], []],
  ])('%j', (test, paths) => {
    expect(defaultProbes(config(test))).toEqual(['GET /', ...paths.map((path) => `GET ${path}`)]);
  });
});

describe('ask', () => {
  let server: net.Server | undefined;
  afterEach(() => {
    server?.close();
  });
  async function listen(made: net.Server): Promise<string> {
    server = made;
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(made.address() as AddressInfo).port}`;
  }
  const question = (text: string): NonNullable<ReturnType<typeof parseProbe>> => parseProbe(text)!;

  it('sends method, body and the port in the container; follows no redirection', async () => {
    const seen: string[] = [];
    const address = await listen(
      http.createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          seen.push(`${request.method} ${request.url} ${request.headers.host} ${request.headers['content-type']} ${body}`);
          response.writeHead(302, { location: '/else', 'content-type': 'text/plain' }).end('elsewhere');
        });
      }),
    );
    expect(await ask(address, 3000, question('POST /items {"a":1}'))).toEqual({
      status: 302,
      type: 'text/plain',
      body: 'elsewhere',
      error: undefined,
    });
    expect(seen).toEqual(['POST /items localhost:3000 application/json {"a":1}']);
  });
  it('a port that does not speak HTTP, one that closes, one where nobody is', async () => {
    const raw = await listen(net.createServer((socket) => socket.end('220 mail\r\n')));
    expect((await ask(raw, 25, question('/'))).error).toBe('it takes connections and does not speak HTTP');
    server?.close();
    const closing = await listen(net.createServer((socket) => socket.destroy()));
    expect((await ask(closing, 25, question('/'))).error).toBe('the connection is closed without an answer');
    await new Promise((resolve) => server?.close(resolve));
    expect((await ask(closing, 25, question('/'))).error).toBe('the connection is refused');
  });
  it('a stream is read until it pauses; what never answers is left; a large body is cut', async () => {
    const limits = { timeout: 20_000, idle: 1000, bytes: 1000 };
    const address = await listen(
      http.createServer((request, response) => {
        if (request.url === '/silent') return;
        response.setHeader('content-type', 'text/event-stream');
        if (request.url === '/large') response.end('x'.repeat(100_000));
        else if (request.url === '/broken') response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
        else response.write('data: 1\n\n');
      }),
    );
    expect(await ask(address, 1, question('/events'), limits)).toEqual({
      status: 200,
      type: 'text/event-stream',
      body: 'data: 1\n\n',
      error: undefined,
    });
    expect(await ask(address, 1, question('/silent'), { ...limits, timeout: 700 })).toEqual({
      status: undefined,
      type: '',
      body: '',
      error: 'no answer within 0.7 s',
    });
    expect((await ask(address, 1, question('/large'), limits)).body).toBe('x'.repeat(1000));
    expect(await ask(address, 1, question('/broken'), limits)).toMatchObject({
      status: 200,
      body: 'half',
      error: expect.stringContaining('breaks off'),
    });
  });
  it('what is no text is told by size and digest', async () => {
    const address = await listen(http.createServer((_, response) => response.end(Buffer.from([0xff, 0xd8, 0, 1]))));
    expect((await ask(address, 1, question('/'))).body).toMatch(/^\(no text: 4 bytes, [\da-f]{8}( [\da-f]{8}){3}\)$/);
  });
});
