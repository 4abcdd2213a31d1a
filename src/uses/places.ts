// Room: uses/. Paths that compose files name, seen from the root of the repository.

/** `path` as seen from `base`, `.` and `..` resolved; starts with `..` when it leaves the root; undefined for absolute paths. */
export function resolveFrom(base: string, path: string): string | undefined {
  if (path.startsWith('/') || path.startsWith('~') || path.includes('\0')) return undefined;
  const parts: string[] = [];
  for (const part of `${base}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** True for a build context that is fetched: a URL, a git address, or another image. Source: https://docs.docker.com/reference/compose-file/build/#context. */
export const isRemoteContext = (context: string): boolean =>
  /^(?:[a-z][a-z0-9+.-]{0,20}:\/\/|git@|github\.com\/|docker-image:|service:)/i.test(context) || /\.git(?:#|$)/.test(context);

/**
 * Compose's `${X:-default}` and `${X-default}` with their defaults, as in a fresh checkout without an environment; undefined when a variable has none.
 * Source: https://docs.docker.com/reference/compose-file/interpolation.
 */
export function withDefaults(value: string): string | undefined {
  if (!value.includes('$')) return value;
  const expanded = value.replace(/\$\{[A-Za-z_]\w*:?-([^${}]*)\}/g, '$1').replaceAll('$$', '\u0000');
  return expanded.includes('$') ? undefined : expanded.replaceAll('\u0000', '$');
}

/** Splits `source:target:mode` at colons outside of `${…}`; a Windows drive letter stays with its path. */
export function splitMount(text: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}') depth--;
    else if (
      text[i] === ':' &&
      depth <= 0 &&
      !(i - start === 1 && /[A-Za-z]/.test(text[start] ?? '') && /[\\/]/.test(text[i + 1] ?? '') && text[i + 1] === '\\')
    ) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}
