// Room: forge/. Addresses of a forge's API: nothing that a repository named can leave its segment, and nothing leaves the host.
import { ForgeError } from './types.ts';
import type { RepoRef } from './types.ts';

/** A path that was put together from encoded parts; only `path` makes it. */
export type ApiPath = string & { readonly encoded: unique symbol };

/**
 * Tag that encodes every inserted value as one segment (`path\`/repos/${owner}/${name}\``). Throws ForgeError `unprocessable`
 * for an empty value, `.` and `..`: URL parsers would resolve them.
 */
export function path(literals: TemplateStringsArray, ...values: readonly (string | number)[]): ApiPath {
  return literals.reduce((made, literal, index) => made + segment(values[index - 1]) + literal) as ApiPath;
}

/** As `path`, for one value with slashes of its own (a branch, a file): each part is encoded, the slashes stay. */
export function below(prefix: ApiPath, value: string): ApiPath {
  return value.split('/').reduce<string>((made, part) => `${made}/${segment(part)}`, prefix) as ApiPath;
}

/** The value as one segment of a path, encoded. Throws ForgeError `unprocessable` for an empty value, `.` and `..`. */
export function segment(value: string | number | undefined): string {
  const text = String(value ?? '');
  if (text === '' || text === '.' || text === '..') throw refused(`not a name: ${JSON.stringify(text)}`);
  return encodeURIComponent(text);
}

/** The id when it is a git object id (SHA-1 or SHA-256); throws ForgeError `unprocessable` otherwise. */
export function objectId(value: string): string {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)) throw refused(`not an object id: ${JSON.stringify(value.slice(0, 80))}`);
  return value;
}

function refused(message: string): ForgeError {
  return new ForgeError('unprocessable', message, { retryable: false });
}

/** A forge's base URL: http or https, no credentials, no query. Throws ForgeError `unsupported` for another one. */
export function baseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fine = url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!fine)
    throw new ForgeError('unsupported', 'the base URL must be http(s), without credentials, query or fragment', { retryable: false });
  return url;
}

/** As RepoRef's host: with the port when it is not the protocol's own, lower case. */
export const hostOf = (url: URL): string => url.host.toLowerCase();

/** `owner/name` for messages. */
export const told = (repo: RepoRef): string => `${repo.owner}/${repo.name}`;
