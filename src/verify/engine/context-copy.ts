// Room: verify/engine/. The copy of the build context: the user's files are only read, and a build of both sides sees the same.
import { constants, type Dirent, type Stats } from 'node:fs';
import { chmod, copyFile, lstat, lutimes, mkdir, readdir, readlink, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, type Session } from '../types.ts';

/** Bytes that a context may have. What is larger is sent by nobody: the usual reason is an ignore file that is missing. */
export const maxContextBytes = 8 * 1024 ** 3;
/** Files that are copied at the same time; Node.js has four threads for them. */
const atOnce = 8;

export interface CopyLimits {
  bytes?: number;
  /** Whether a path (relative, POSIX) reaches neither build, so that it need not be copied. */
  hidden?: (path: string) => boolean;
}

interface Copy {
  root: Buffer;
  copyRoot: Buffer;
  session: Session;
  max: number;
  bytes: number;
  hidden: (path: string) => boolean;
}

/**
 * Copies a build context into the session's directory, once. Modes and times stay, symbolic links stay links, hard links become files, and
 * sockets, pipes and devices are left out, as BuildKit leaves them out. In: the context's directory. Out: the directory of the copy. Throws an
 * EngineError: `bad-input` (a file cannot be read, the context is too large), `no-space`, `interrupted`.
 */
export async function copyContext(from: string, session: Session, limits: CopyLimits = {}): Promise<string> {
  const to = join(session.directory, 'context');
  const copy: Copy = {
    root: Buffer.from(from),
    copyRoot: Buffer.from(to),
    session,
    max: limits.bytes ?? maxContextBytes,
    bytes: 0,
    hidden: limits.hidden ?? (() => false),
  };
  await copyDirectory(copy, Buffer.alloc(0));
  return to;
}

/** Names are bytes: they need not be UTF-8. */
const slash = Buffer.from('/');
const below = (root: Buffer, path: Buffer): Buffer => (path.length === 0 ? root : Buffer.concat([root, slash, path]));

async function copyDirectory(copy: Copy, path: Buffer): Promise<void> {
  const source = below(copy.root, path);
  const target = below(copy.copyRoot, path);
  // Ours is there before: the context lies above the temporary directory.
  if (source.toString() === copy.session.directory) return;
  stopIfAborted(copy);
  const stats = await reading(path, () => lstat(source));
  const entries = await listed(copy, path, source);
  if (entries === undefined) return;
  await writing(() => mkdir(target, { mode: 0o700 }));
  const files: Buffer[] = [];
  for (const entry of entries) {
    const own = path.length === 0 ? entry.name : Buffer.concat([path, slash, entry.name]);
    if (entry.isDirectory()) await copyDirectory(copy, own);
    else files.push(own);
  }
  for (let i = 0; i < files.length; i += atOnce) {
    stopIfAborted(copy);
    await Promise.all(files.slice(i, i + atOnce).map((file) => copyEntry(copy, file)));
  }
  // Last, so that a directory that may not be written can be filled.
  await writing(() => utimes(target, stats.atime, stats.mtime));
  await writing(() => chmod(target, stats.mode & 0o7777));
}

/** Undefined for a directory that may not be read and that no build sees. */
async function listed(copy: Copy, path: Buffer, source: Buffer): Promise<Dirent<Buffer>[] | undefined> {
  try {
    return await readdir(source, { encoding: 'buffer', withFileTypes: true });
  } catch (error) {
    if (path.length > 0 && copy.hidden(path.toString())) return undefined;
    throw unreadable(path, error);
  }
}

async function copyEntry(copy: Copy, path: Buffer): Promise<void> {
  if (copy.hidden(path.toString())) return;
  const source = below(copy.root, path);
  const target = below(copy.copyRoot, path);
  const stats = await reading(path, () => lstat(source));
  if (stats.isSymbolicLink()) {
    const link = await reading(path, () => readlink(source, { encoding: 'buffer' }));
    await writing(() => symlink(link, target));
    await writing(() => lutimes(target, stats.atime, stats.mtime));
  } else if (stats.isFile()) {
    count(copy, stats);
    await copyBytes(path, source, target);
    await writing(() => chmod(target, stats.mode & 0o7777));
    await writing(() => utimes(target, stats.atime, stats.mtime));
  }
}

async function copyBytes(path: Buffer, source: Buffer, target: Buffer): Promise<void> {
  try {
    // Shares the blocks where the file system can do that.
    await copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  } catch (error) {
    throw isSpace(error) ? spaceProblem() : unreadable(path, error);
  }
}

function count(copy: Copy, { size }: Stats): void {
  copy.bytes += size;
  if (copy.bytes <= copy.max) return;
  throw new EngineError({
    kind: 'bad-input',
    message: `The build context ${copy.root.toString()} has more than ${gib(copy.max)}`,
    hint: 'Name another directory with --context, or keep what no build needs out with a .dockerignore.',
    log: '',
  });
}
const gib = (bytes: number): string => (bytes >= 1024 ** 3 ? `${+(bytes / 1024 ** 3).toFixed(1)} GiB` : `${bytes} bytes`);

function stopIfAborted({ session }: Copy): void {
  if (session.signal.aborted)
    throw new EngineError({ kind: 'interrupted', message: 'Copying the build context was interrupted', hint: undefined, log: '' });
}

async function reading<T>(path: Buffer, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isSpace(error)) throw spaceProblem();
    throw new EngineError({
      kind: 'engine-failed',
      message: `The build context cannot be copied: ${(error as Error).message}`,
      hint: 'Set TMPDIR to a directory that can be written.',
      log: '',
    });
  }
}

function unreadable(path: Buffer, error: unknown): EngineError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why =
    code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code === 'ENOENT' ? 'it went away meanwhile' : (code ?? message);
  return new EngineError({
    kind: 'bad-input',
    message: `${path.length === 0 ? 'The build context' : `${path.toString()} in the build context`} cannot be read (${why})`,
    hint: 'A build would fail on it, too: make it readable, or keep it out with a .dockerignore.',
    log: '',
  });
}

const isSpace = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
const spaceProblem = (): EngineError =>
  new EngineError({
    kind: 'no-space',
    message: 'No space is left for the copy of the build context',
    hint: 'Set TMPDIR to a directory on another disk, or keep what no build needs out with a .dockerignore.',
    log: '',
  });
