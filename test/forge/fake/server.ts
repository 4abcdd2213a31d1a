// An HTTP server of routes, as both fakes need it: JSON in, JSON out, on 127.0.0.1.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  /** Decoded parts of the path that the route names. */
  params: readonly string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
  headers: IncomingMessage['headers'];
  origin: string;
}

export interface Said {
  status: number;
  json?: unknown;
  headers?: Record<string, string>;
}

/** `GET /repos/:/:/pulls`: each `:` is one segment, a final `*` the rest. */
export type Routes = Readonly<Record<string, (asked: Asked) => Said>>;

export interface Running {
  origin: string;
  /** Every request, in order. */
  seen: { method: string; path: string; body: unknown; authorization: string | undefined }[];
  end(): Promise<void>;
}

export async function serve(
  routes: Routes,
  rules: { prefix: RegExp; before(asked: Asked): Said | undefined; after(route: string, asked: Asked, said: Said): void },
): Promise<Running> {
  const table = Object.entries(routes).map(([route, handler]) => {
    const [method = '', path = ''] = route.split(' ');
    const pattern = path.replace(/[.]/g, '\\.').replaceAll(':', '([^/]+)').replace(/\*$/, '(.+)');
    return { route, method, pattern: new RegExp(`^${pattern}$`), handler };
  });
  const seen: Running['seen'] = [];
  function answer(request: IncomingMessage, text: string, origin: string): Said {
    const url = new URL(request.url ?? '/', origin);
    const path = url.pathname.replace(rules.prefix, '');
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const method = request.method ?? 'GET';
    seen.push({ method, path, body, authorization: request.headers.authorization });
    for (const one of table) {
      const found = one.method === method ? one.pattern.exec(path) : null;
      if (!found) continue;
      const asked = {
        method,
        params: found.slice(1).map(decodeURIComponent),
        query: url.searchParams,
        body,
        headers: request.headers,
        origin,
      };
      const said = rules.before(asked) ?? one.handler(asked);
      rules.after(one.route, asked, said);
      return said;
    }
    return { status: 404, json: { message: `no route: ${method} ${path}` } };
  }
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      let said: Said;
      try {
        said = answer(request, Buffer.concat(chunks).toString('utf8'), `http://${request.headers.host}`);
      } catch (error) {
        // A defect of the fake must not look like a forge's bad day: 501 is not retried.
        said = { status: 501, json: { message: `the fake: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` } };
      }
      const body = said.json === undefined ? '' : JSON.stringify(said.json);
      response
        .writeHead(said.status, { ...(body === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }), ...said.headers })
        .end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const ok = (json: unknown): Said => ({ status: 200, json });
export const created = (json: unknown): Said => ({ status: 201, json });
export const refuse = (status: number, message: string, more: Record<string, unknown> = {}): Said => ({
  status,
  json: { message, ...more },
});

/** One page of a list, with the links that GitHub and GitLab write. */
export function page(asked: Asked, all: readonly unknown[], wrap: (some: readonly unknown[]) => unknown, here: string): Said {
  const size = Math.min(Number(asked.query.get('per_page') ?? 30), 100);
  const number = Number(asked.query.get('page') ?? 1);
  const some = all.slice((number - 1) * size, number * size);
  const more = number * size < all.length;
  const query = new URLSearchParams(asked.query);
  query.set('page', String(number + 1));
  return {
    status: 200,
    json: wrap(some),
    headers: more ? { link: `<${asked.origin}${here}?${query}>; rel="next"`, 'x-next-page': String(number + 1) } : { 'x-next-page': '' },
  };
}
