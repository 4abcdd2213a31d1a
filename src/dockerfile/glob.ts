// Room: dockerfile/. Texts as patterns: globs of one part of a path (COPY's, and the shell's), and texts that stand for themselves.

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

/** A text as a part of a regular expression. */
export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
