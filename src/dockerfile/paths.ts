// Room: dockerfile/. Absolute paths of an image.

/** A part that is empty, `.` or `..`: most paths have none. */
const unclean = /\/\.{0,2}(?:\/|$)/;

/** An absolute path without `.`, `..`, doubled and trailing slashes. */
export function cleaned(path: string): string {
  if (path.startsWith('/') && !unclean.test(path)) return path;
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
  }
  return `/${out.join('/')}`;
}

/** A path and the directories above it, the outermost first; `root` stands for the outermost. */
export function upwards(path: string, root: string): string[] {
  const found = [root];
  for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1)) found.push(path.slice(0, at));
  if (path !== root) found.push(path);
  return found;
}
