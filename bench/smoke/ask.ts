// Requests of the smoke test: HTTP as a browser or curl sends it, with cookies, and bytes over TCP.
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Ask } from './types.ts';

export interface Reply {
  status: number | undefined;
  type: string;
  body: string;
}

/** What a person keeps between requests. */
export interface Memory {
  cookies: Map<string, string>;
  kept: Map<string, string>;
}

/** Undefined: no answer. */
export async function ask(one: Ask, port: number, memory: Memory): Promise<Reply | undefined> {
  const filled = (text: string): string => text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => memory.kept.get(name) ?? '');
  if (one.tcp !== undefined) return bytes(one.tcp, port);
  const form = one.form && new URLSearchParams(Object.entries(one.form).map(([name, value]): [string, string] => [name, filled(value)]));
  const body = form?.toString() ?? (one.json === undefined ? one.text : JSON.stringify(one.json));
  const kind = form ? 'application/x-www-form-urlencoded' : one.json === undefined ? undefined : 'application/json';
  const headers: Record<string, string> = {
    ...(kind === undefined ? {} : { 'content-type': kind }),
    ...(body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` }),
    ...(memory.cookies.size === 0 ? {} : { cookie: [...memory.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
  };
  for (const [name, value] of Object.entries(one.headers ?? {})) headers[name] = filled(value);
  return new Promise((resolve) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: filled(one.get ?? one.post ?? '/'),
        method: one.post === undefined ? 'GET' : 'POST',
        headers,
        agent: false,
      },
      (response) => {
        for (const cookie of response.headers['set-cookie'] ?? []) {
          const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
          memory.cookies.set(name, value);
        }
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', () => resolve(undefined));
        response.on('end', () => {
          const all = Buffer.concat(parts);
          const type = response.headers['content-type'] ?? '';
          // Bytes that are no text are kept one by one, so that pictures are compared, too.
          resolve({ status: response.statusCode, type, body: all.toString(/^image|octet|font|woff/.test(type) ? 'latin1' : 'utf8') });
        });
      },
    );
    sent.setTimeout(90_000, () => sent.destroy());
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
}

/** Sends bytes; what comes within two seconds, or until the other side closes. */
async function bytes(text: string, port: number): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(text, 'latin1')));
    const parts: Buffer[] = [];
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const body = Buffer.concat(parts).toString('latin1');
      resolve(body === '' ? undefined : { status: undefined, type: '', body });
    };
    const timer = setTimeout(end, 2000);
    socket.on('data', (part) => parts.push(part));
    socket.on('close', end);
    socket.on('error', end);
  });
}
