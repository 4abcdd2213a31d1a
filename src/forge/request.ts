// Room: forge/. The one HTTP door to a forge, as clients see it: calls by method, path and JSON, or as a `fetch`.
import type { ApiPath } from './address.ts';
import { exchanger, parsed } from './exchange.ts';
import type { ExchangeRules } from './exchange.ts';
import { ForgeError } from './types.ts';
import type { Request } from './types.ts';

/** How a call is treated. */
export interface Treatment {
  /** By default: GET is a read, all else creates content. */
  kind?: Request;
  /** Bytes of the answer's body; more is ForgeError `unprocessable`. By default 32 MiB. */
  maxBytes?: number;
  /** When a limit refuses: wait and send again (default for reads), or throw `rate-limited` (default for content). */
  onLimit?: 'wait' | 'throw';
}

export interface Call extends Treatment {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: ApiPath;
  query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  body?: unknown;
}

export interface Answer {
  status: number;
  header(name: string): string | null;
  /** Parsed JSON; undefined for an empty body. */
  json: unknown;
}

/** What a library that brings its own requests (Octokit, Gitbeaker) gets in place of `fetch`. */
export type FetchLike = (
  url: string,
  init: { method?: string; headers?: Readonly<Record<string, string>>; body?: string | undefined },
) => Promise<Response>;

export interface Door {
  /** Throws ForgeError alone, or the reason of the connection's signal. */
  request(call: Call): Promise<Answer>;
  /** A `fetch` that answers good answers only and throws as `request` does. */
  fetch(treatment: Treatment): FetchLike;
}

export interface DoorOptions extends Omit<ExchangeRules, 'origin'> {
  /** Where the API's paths begin: `https://gitea.example.com/api/v1`. */
  root: string;
  /** Headers of every `request` (a `fetch` brings its own). */
  headers: Readonly<Record<string, string>>;
}

const defaultBytes = 32 * 1024 * 1024;

function treated(method: string, { kind, maxBytes, onLimit }: Treatment): Required<Treatment> {
  const decided = kind ?? (method === 'GET' ? 'read' : 'content');
  return { kind: decided, maxBytes: maxBytes ?? defaultBytes, onLimit: onLimit ?? (decided === 'read' ? 'wait' : 'throw') };
}

/** Makes the door. All requests of an actor to a host pass one door. */
export function openDoor({ root, headers, ...rules }: DoorOptions): Door {
  const exchange = exchanger({ ...rules, origin: new URL(root).origin });
  return {
    async request(call) {
      const { method, body } = call;
      const url = new URL(root + call.path);
      for (const [name, value] of Object.entries(call.query ?? {})) if (value !== undefined) url.searchParams.set(name, String(value));
      const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      const received = await exchange({
        method,
        url,
        headers: { accept: 'application/json', ...headers, ...json },
        body: body === undefined ? undefined : JSON.stringify(body),
        ...treated(method, call),
      });
      return {
        status: received.status,
        header: (name) => received.headers.get(name),
        json: parsed(received.body, `${method} ${url.pathname}`),
      };
    },
    fetch: (treatment) => async (address, init) => {
      const method = init.method ?? 'GET';
      // A parser of URLs resolves these: a name from a repository would leave its place.
      if (/\/(?:\.|%2e){1,2}(?=[/?#]|$)/i.test(address)) {
        throw new ForgeError('unprocessable', `${method}: not a name: a path with . or ..`, { retryable: false });
      }
      const url = new URL(address);
      const received = await exchange({ method, url, headers: init.headers ?? {}, body: init.body, ...treated(method, treatment) });
      const bodiless = received.status === 204 || received.status === 205 || received.status === 304;
      const response = new Response(bodiless ? null : received.body, { status: received.status, headers: plain(received.headers) });
      // A made one has no address, and Octokit's pages are counted by it.
      return Object.defineProperty(response, 'url', { value: url.href });
    },
  };
}

/** Without what described the body on its way: it is unpacked now. */
function plain(headers: Headers): Headers {
  const left = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) left.delete(name);
  return left;
}
