// Room: dockerfile/. Globs of one part of a path: COPY's, and the shell's.

/** Go's filepath.Match for one path element, as COPY's globs use. Source: Dockerfile reference, COPY "pattern matching". */
export function globMatch(pattern: string, name: string): boolean {
  const body = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  try {
    return new RegExp(`^${body}$`).test(name);
  } catch {
    return false;
  }
}
