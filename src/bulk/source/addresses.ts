// Room: bulk/. What people write for a repository: `owner/name`, a clone URL, a path.
import type { RepoRef } from '../../forge/types.ts';

export type Address =
  { kind: 'ref'; ref: RepoRef; url: string | undefined } | { kind: 'path'; path: string } | { kind: 'invalid'; why: string };

const scp = /^(?:[\w.-]+@)?([\w.-]+):((?!\/\/)[^\s]+)$/;
const plainName = /^[A-Za-z0-9_.~-]{1,200}$/;

/**
 * Reads one address. `host`: where `owner/name` is. User names and passwords in URLs are refused: they would stand in files.
 * Names are those of a forge: letters, digits, `_.-~`, groups separated by `/`.
 */
export function parseAddress(text: string, host: string | undefined): Address {
  const given = text.trim();
  if (/^[./~]/.test(given) && !given.startsWith('.git')) return { kind: 'path', path: given };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) return fromUrl(given);
  const ssh = scp.exec(given);
  if (ssh) return named(ssh[1] ?? '', ssh[2] ?? '', given);
  return host === undefined
    ? { kind: 'invalid', why: `${given}: on which forge? Give --platform and --base-url, or a clone URL` }
    : named(host, given, undefined);
}

function fromUrl(given: string): Address {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    return { kind: 'invalid', why: `${given} is no URL` };
  }
  if (url.protocol === 'file:') return { kind: 'ref', ref: { host: 'file', owner: 'local', name: lastOf(url.pathname) }, url: given };
  if (!['http:', 'https:', 'ssh:', 'git+ssh:'].includes(url.protocol)) return { kind: 'invalid', why: `${url.protocol} is not supported` };
  if (url.password !== '' || (url.username !== '' && url.protocol.startsWith('http')))
    return {
      kind: 'invalid',
      why: `the URL for ${url.host}${url.pathname} has credentials in it: give them by environment or --token-file`,
    };
  return named(url.host, url.pathname, given);
}

const lastOf = (path: string): string => (path.replace(/\/+$/, '').split('/').at(-1) ?? 'repository').replace(/\.git$/, '');

function named(host: string, path: string, url: string | undefined): Address {
  const parts = path
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '')
    .split('/');
  const name = parts.pop();
  if (name === undefined || parts.length === 0 || ![...parts, name].every((part) => plainName.test(part) && part !== '.' && part !== '..'))
    return { kind: 'invalid', why: `${path}: expected owner/name` };
  return { kind: 'ref', ref: { host: host.toLowerCase(), owner: parts.join('/'), name }, url };
}
