// Room: checkout/. Paths as people and patches write them.
import { isAbsolute, relative, sep } from 'node:path';

/** True when `path` is `root` or below it; both absolute and resolved. */
export function isWithin(root: string, path: string): boolean {
  const from = relative(root, path);
  return from === '' || (from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from));
}

/** The path relative to the root, with `/`; '' for the root itself. Undefined when it lies outside. */
export function below(root: string, path: string): string | undefined {
  return isWithin(root, path) ? relative(root, path).split(sep).join('/') : undefined;
}

/** As shown to people: relative to the working directory where it lies below it, absolute otherwise. */
export function shown(cwd: string, path: string): string {
  const relativePath = below(cwd, path);
  return relativePath === undefined ? path : relativePath === '' ? '.' : relativePath;
}

/** The code of a system error (ENOENT), or its message. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}

/** What a system error means, in words. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const words: Record<string, string> = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    EISDIR: 'is a directory',
    ENOTDIR: 'a part of the path is not a directory',
    ELOOP: 'too many symbolic links',
    ENAMETOOLONG: 'the name is too long',
    ENOSPC: 'no space left on the device',
    EROFS: 'the file system is read-only',
    EMFILE: 'too many open files',
  };
  return Object.hasOwn(words, code) ? `${words[code]}` : code;
}
