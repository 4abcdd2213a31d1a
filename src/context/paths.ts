// Room: context/. Paths of the build context: POSIX, relative to its root, never out of it.

/** A part that is empty, `.` or `..`: most paths have none. */
const unclean = /(?:^|\/)\.{0,2}(?:\/|$)/;

/**
 * The clean form of a path: no `./`, no double or trailing slashes, `..` resolved.
 * A leading `/` means the root of the context, as in COPY. Undefined when the path leaves the root, holds a NUL, or is longer than Linux allows (PATH_MAX).
 */
export function cleanPath(path: string): string | undefined {
  if (path.includes('\0') || path.length > 4096) return undefined;
  if (!unclean.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** `base` and `path` joined and cleaned; undefined when the result leaves the root. */
export function joinPath(base: string, path: string): string | undefined {
  return cleanPath(base === '' ? path : `${base}/${path}`);
}

/** The directory of a clean path; '' for what lies in the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
