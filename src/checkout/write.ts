// Room: checkout/. Writes files in place: a temporary file in the same directory, flushed, then renamed. All files of a Dockerfile, or none.
import {
  chmodSync,
  closeSync,
  constants,
  accessSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { codeOf, isWithin, reasonOf } from './paths.ts';

/** One file to write, in the order of writing. */
export interface Write {
  /** Absolute. A link is written through when it stays inside `root`. */
  path: string;
  /** The bytes that the file must still have; undefined: it must not exist. */
  before: Uint8Array | undefined;
  after: Uint8Array;
  /** Nothing is written outside of it; real and absolute. */
  root: string;
}
/** Which file could not be written, and why. */
export interface WriteFailure {
  path: string;
  message: string;
}

interface Staged {
  target: string;
  temporary: string;
  write: Write;
}

/** Temporary files that exist at this moment: what an interruption has to remove. */
const temporaries = new Set<string>();

/** Removes the temporary files of an interrupted write. */
export function removeTemporaries(): void {
  for (const path of temporaries) remove(path);
}

/**
 * Writes all files, or none: everything is prepared beside its target before the first rename, and what was renamed is
 * put back when a later one fails. Synchronous, so that a signal is handled before or after it.
 */
export function writeFiles(writes: readonly Write[]): WriteFailure | undefined {
  const staged: Staged[] = [];
  const done: Staged[] = [];
  let current: Write | undefined;
  try {
    for (const write of writes) {
      current = write;
      staged.push(stage(write));
    }
    for (const one of staged) {
      current = one.write;
      commit(one);
      done.push(one);
    }
    return undefined;
  } catch (error) {
    for (const one of done) putBack(one);
    return { path: current?.path ?? '', message: error instanceof Refused ? error.message : `cannot be written: ${reasonOf(error)}` };
  } finally {
    for (const { temporary } of staged) remove(temporary);
  }
}

/** Thrown inside this file alone: the state of the disk forbids the write. */
class Refused extends Error {}

function stage(write: Write): Staged {
  const target = targetOf(write);
  const stats = checkUnchanged(target, write);
  if (stats) accessSync(target, constants.W_OK);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  temporaries.add(temporary);
  try {
    fill(temporary, write.after, stats);
  } catch (error) {
    remove(temporary);
    throw error;
  }
  return { target, temporary, write };
}

/** The file that is written: the link's target when it is one. */
function targetOf({ path, root }: Write): string {
  const own = lstatSync(path, { throwIfNoEntry: false });
  const target = own ? realpathSync.native(path) : join(realpathSync.native(dirname(path)), basename(path));
  if (!isWithin(root, target)) throw new Refused(`leads out of ${root}; not written`);
  return target;
}

function checkUnchanged(target: string, { before }: Write): Stats | undefined {
  const stats = statSync(target, { throwIfNoEntry: false });
  if (!stats) {
    if (before !== undefined) throw new Refused('was removed while dockerfile-mod ran; not written');
    return undefined;
  }
  if (before === undefined) throw new Refused('was created while dockerfile-mod ran; not overwritten');
  if (!stats.isFile()) throw new Refused('is not a regular file; not written');
  if (stats.size !== before.length || !readFileSync(target).equals(before))
    throw new Refused('was changed while dockerfile-mod ran; not overwritten');
  return stats;
}

function fill(temporary: string, bytes: Uint8Array, like: Stats | undefined): void {
  const file = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, like ? 0o600 : 0o666);
  try {
    writeFileSync(file, bytes);
    if (like) takeOver(file, like);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Owner first: changing it clears the set-id bits of the mode. Only root may give a file away; others keep their own. */
function takeOver(file: number, like: Stats): void {
  try {
    fchownSync(file, like.uid, like.gid);
  } catch (error) {
    if (!['EPERM', 'EINVAL', 'ENOSYS'].includes(codeOf(error))) throw error;
  }
  fchmodSync(file, like.mode & 0o7777);
}

function commit({ target, temporary, write }: Staged): void {
  checkUnchanged(target, write);
  if (write.before === undefined) linkNew(temporary, target);
  else renameSync(temporary, target);
  flushDirectory(dirname(target));
}

/** A new file: `link` fails when someone else made it meanwhile, `rename` would overwrite it. */
function linkNew(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new Refused('was created while dockerfile-mod ran; not overwritten');
    renameSync(temporary, target);
  }
}

function putBack({ target, write }: Staged): void {
  try {
    if (write.before === undefined) return unlinkSync(target);
    const { mode } = statSync(target);
    writeFileSync(target, write.before);
    chmodSync(target, mode & 0o7777);
  } catch {
    // The first failure is told; there is nothing better to do about this one.
  }
}

/** So that the rename survives a power cut. Not every system can open a directory. */
function flushDirectory(path: string): void {
  try {
    const dir = openSync(path, constants.O_RDONLY);
    try {
      fsyncSync(dir);
    } finally {
      closeSync(dir);
    }
  } catch {
    // Written all the same.
  }
}

function remove(path: string): void {
  temporaries.delete(path);
  try {
    unlinkSync(path);
  } catch {
    // Renamed, or gone.
  }
}
