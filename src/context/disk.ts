// Room: context/. A file tree on disk. The one file here with Node API: the edges make it and pass it in.
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
  type Dirent,
  type Stats,
} from 'node:fs';
import { join, sep } from 'node:path';
import { once } from '../once.ts';
import { binaryProbe, maxDirectoryEntries, maxTextSize } from './limits.ts';
import { cleanPath, parentOf } from './paths.ts';
import type { Entry, FileRead, FileTree } from './types.ts';

/** What a path of a disk is. */
export interface DiskEntry {
  kind: 'file' | 'dir' | 'link' | 'other';
  /** Bytes; 0 for what is no file. */
  size: number;
  /** Permission bits. */
  mode: number;
}
/** The calls that are made to a disk, or to what stands for one. Paths are absolute; each throws an error with a `code` as node:fs does. */
export interface Disk {
  realpath(path: string): string;
  /** Of the path itself: a link is a `link`. Undefined where nothing is: most that are asked for are not there, and an error costs. */
  lstat(path: string): DiskEntry | undefined;
  /** Of what a link leads to. */
  stat(path: string): DiskEntry;
  /** In no order; more than `max`: undefined. */
  entries(path: string, max: number): { name: string; kind: DiskEntry['kind'] }[] | undefined;
  /** The bytes of a regular file that is no link: at most `max` and one more, which tells that there are more. */
  read(path: string, max: number): { entry: DiskEntry; bytes: Buffer };
}

/** The disk of this machine. */
export const localDisk: Disk = {
  realpath: (path) => realpathSync.native(path),
  lstat(path) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats && diskEntry(stats);
  },
  stat: (path) => diskEntry(statSync(path)),
  entries: listNames,
  read: readRegular,
};

/**
 * The tree below `root`. Links that leave it are named but never followed, also below a linked directory; only regular
 * files are opened; answers are kept, so that a file that changes meanwhile does not change the answers.
 * @throws when `root` itself does not exist.
 */
export function diskTree(root: string, disk: Disk = localDisk): FileTree {
  const real = disk.realpath(root);
  const parents = new Map<string, boolean>();
  const reads = new Map<string, FileRead>();
  const lists = new Map<string, Entry[] | undefined>();
  const stats = new Map<string, Entry | undefined>();

  function stat(path: string): Entry | undefined {
    const key = cleanPath(path);
    return key === undefined
      ? undefined
      : kept(stats, key, () => (isListedWithout(key) || !parentInside(key) ? undefined : statEntry(disk, real, key)));
  }
  /** Its directory was read, and what is in it was asked for then: most that are looked for are not there. */
  function isListedWithout(path: string): boolean {
    return path !== '' && lists.get(parentOf(path)) !== undefined;
  }
  function parentInside(path: string): boolean {
    const parent = parentOf(path);
    return kept(parents, parent, () => {
      if (parent === '') return true;
      const entry = stat(parent);
      // What no link leads to needs no look at where it really is.
      return entry !== undefined && (isPlainDirectory(entry) || isInside(disk, real, parent));
    });
  }
  return {
    stat,
    read(path) {
      const key = cleanPath(path);
      if (key === undefined) return { kind: 'absent' };
      return kept(reads, key, () => readEntry(disk, real, stat(key)));
    },
    list(dir) {
      const key = cleanPath(dir);
      if (key === undefined) return undefined;
      return kept(lists, key, () => {
        const entry = stat(key);
        const keep = (found: Entry): Entry | undefined => kept(stats, found.path, () => found);
        return entry?.kind === 'dir' ? listEntries(disk, real, entry, { stat, keep }) : undefined;
      });
    },
  };
}

const isPlainDirectory = (entry: Entry): boolean => entry.kind === 'dir' && entry.link !== true;

function kept<T>(answers: Map<string, T>, key: string, ask: () => T): T {
  if (!answers.has(key)) answers.set(key, ask());
  return answers.get(key) as T;
}

/** Where a path really is; undefined when it leaves the root. Throws what the file system throws (absent, loop, no permission). */
function resolveInside(disk: Disk, real: string, path: string): string | undefined {
  const target = disk.realpath(join(real, path));
  const inside = target === real || target.startsWith(real.endsWith(sep) ? real : real + sep);
  return inside ? target : undefined;
}

/** Where an entry is opened. Links above it were followed when it was looked at: they stay inside. */
const placeOf = (disk: Disk, real: string, { path, link }: Entry): string | undefined =>
  link === true ? resolveInside(disk, real, path) : join(real, path);

function isInside(disk: Disk, real: string, path: string): boolean {
  try {
    return resolveInside(disk, real, path) !== undefined;
  } catch {
    return false;
  }
}

function statEntry(disk: Disk, real: string, path: string): Entry | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const at = join(real, path);
  let own: DiskEntry | undefined;
  try {
    own = disk.lstat(at);
  } catch {
    return undefined;
  }
  if (own === undefined) return undefined;
  if (own.kind !== 'link') return entryOf(path, name, own);
  try {
    const target = resolveInside(disk, real, path);
    if (target === undefined) return { path, name, kind: 'symlink-outside', size: 0, mode: undefined, link: true };
    return { ...entryOf(path, name, disk.stat(target)), link: true };
  } catch {
    // A loop, or a link to nothing.
    return { path, name, kind: 'other', size: 0, mode: undefined, link: true };
  }
}

function entryOf(path: string, name: string, { kind, size, mode }: DiskEntry): Entry {
  return { path, name, kind: kind === 'file' || kind === 'dir' ? kind : 'other', size, mode };
}

const kindOf = (found: Stats | Dirent): DiskEntry['kind'] =>
  found.isFile() ? 'file' : found.isDirectory() ? 'dir' : found.isSymbolicLink() ? 'link' : 'other';

function diskEntry(stats: Stats): DiskEntry {
  const kind = kindOf(stats);
  return { kind, size: kind === 'file' ? stats.size : 0, mode: stats.mode & 0o7777 };
}

/** Bytes of a directory that is read at once, which takes a quarter of the time; one with more may hold any number of names. */
const maxAtOnce = 1_000_000;

function listNames(path: string, max: number): ReturnType<Disk['entries']> {
  const found = statSync(path).size <= maxAtOnce ? readdirSync(path, { withFileTypes: true }) : firstNames(path, max + 1);
  return found.length > max ? undefined : found.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
}

function firstNames(path: string, count: number): Dirent[] {
  const found: Dirent[] = [];
  const dir = opendirSync(path);
  try {
    for (let entry = dir.readSync(); entry !== null && found.length < count; entry = dir.readSync()) found.push(entry);
  } finally {
    dir.closeSync();
  }
  return found;
}

/** What is in a directory. Of files and directories their kind is enough until somebody asks for more: `ask` is for the others, and the first, without which names alone may be read. */
function listEntries(
  disk: Disk,
  real: string,
  entry: Entry,
  { stat, keep }: { stat: (path: string) => Entry | undefined; keep: (entry: Entry) => Entry | undefined },
): Entry[] | undefined {
  const { path } = entry;
  try {
    const target = placeOf(disk, real, entry);
    const found = target === undefined ? undefined : disk.entries(target, maxDirectoryEntries);
    const below = (name: string): string => (path === '' ? name : `${path}/${name}`);
    const [first] = found ?? [];
    const isOpen = first !== undefined && stat(below(first.name)) !== undefined;
    return found
      ?.sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap(
        ({ name, kind }) =>
          (isOpen && (kind === 'file' || kind === 'dir') ? keep(lateEntry(disk, real, below(name), kind)) : stat(below(name))) ?? [],
      );
  } catch {
    return undefined;
  }
}

/** An entry whose size and mode are looked up when they are asked for. */
function lateEntry(disk: Disk, real: string, path: string, kind: 'file' | 'dir'): Entry {
  const look = once(() => statEntry(disk, real, path));
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    kind,
    get size() {
      return look()?.size ?? 0;
    },
    get mode() {
      return look()?.mode;
    },
  };
}

function readEntry(disk: Disk, real: string, entry: Entry | undefined): FileRead {
  if (entry === undefined) return { kind: 'absent' };
  if (entry.kind === 'dir') return { kind: 'unreadable', why: 'is a directory' };
  if (entry.kind === 'symlink-outside') return { kind: 'unreadable', why: 'is a symbolic link out of the build context' };
  if (entry.kind === 'other') return { kind: 'unreadable', why: 'is not a regular file' };
  try {
    const target = placeOf(disk, real, entry);
    if (target === undefined) return { kind: 'unreadable', why: 'is a symbolic link out of the build context' };
    return textOf(disk.read(target, maxTextSize));
  } catch (error) {
    return entry.size > maxTextSize ? { kind: 'too-large', size: entry.size } : { kind: 'unreadable', why: codeOf(error) };
  }
}

function textOf({ entry, bytes }: ReturnType<Disk['read']>): FileRead {
  if (entry.kind !== 'file') return { kind: 'unreadable', why: 'is not a regular file' };
  if (entry.size > maxTextSize) return { kind: 'too-large', size: entry.size };
  if (bytes.length > maxTextSize) return { kind: 'too-large', size: bytes.length };
  if (bytes.subarray(0, binaryProbe).includes(0)) return { kind: 'binary', ...utf16(bytes) };
  return decode(bytes);
}

function readRegular(path: string, max: number): ReturnType<Disk['read']> {
  // NONBLOCK and the second look: what was a file a moment ago may be a pipe now, and opening that would wait for ever.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const entry = diskEntry(fstatSync(file));
    const isRead = entry.kind === 'file' && entry.size <= max;
    return { entry, bytes: isRead ? readBounded(file, entry.size, max) : Buffer.alloc(0) };
  } finally {
    closeSync(file);
  }
}

/** All bytes, or one more than the limit when there are more than it (files of /proc say size 0). */
function readBounded(file: number, size: number, max: number): Buffer {
  // Room for one more byte than the file is said to have: its end is seen without a second buffer.
  let bytes = Buffer.allocUnsafe(Math.min(size === 0 ? 4096 : size, max) + 1);
  for (let total = 0; ;) {
    const count = readSync(file, bytes, total, bytes.length - total, null);
    total += count;
    if (count === 0 || total > max) return bytes.subarray(0, total);
    if (total === bytes.length) bytes = Buffer.concat([bytes], Math.min(2 * total, max + 1));
  }
}

/** Text that begins with the byte order mark of UTF-16, as PowerShell's `>` writes it. */
function utf16(bytes: Buffer): { utf16?: string } {
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : undefined;
  return encoding === undefined ? {} : { utf16: new TextDecoder(encoding).decode(bytes) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
function decode(bytes: Buffer): FileRead {
  try {
    return { kind: 'text', text: utf8.decode(bytes) };
  } catch {
    return { kind: 'text', text: bytes.toString('utf8'), lossy: true };
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return code === 'EACCES' || code === 'EPERM' ? 'may not be read (permission denied)' : `cannot be read (${code})`;
}
