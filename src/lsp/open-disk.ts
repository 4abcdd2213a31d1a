// Room: lsp/. The disk as an editor sees it: documents that are open stand over what is written.
import { basename, dirname, join } from 'node:path';
import type { Disk, DiskEntry } from '../context/disk.ts';

/** The disk with these texts (by real path) in place of its own files; a document that was never written is there too, where its directory is. */
export function openDisk(disk: Disk, open: ReadonlyMap<string, string>): Disk {
  const entryOf = (path: string, own: DiskEntry | undefined): DiskEntry | undefined => {
    const text = own?.kind === undefined || own.kind === 'file' ? open.get(path) : undefined;
    return text === undefined ? own : { kind: 'file', size: Buffer.byteLength(text), mode: own?.mode ?? 0o644 };
  };
  return {
    realpath: (path) => realOr(path, disk, (real) => open.has(real)),
    lstat: (path) => entryOf(path, disk.lstat(path)),
    stat: (path) => (open.has(path) ? entryOf(path, disk.lstat(path)) : undefined) ?? disk.stat(path),
    entries(dir, max) {
      const found = disk.entries(dir, max);
      const names = new Set(found?.map(({ name }) => name));
      const added = [...open.keys()].filter((path) => dirname(path) === dir && !names.has(basename(path)));
      return found && [...found, ...added.map((path) => ({ name: basename(path), kind: 'file' as const }))];
    },
    read(path, max) {
      const entry = entryOf(path, disk.lstat(path));
      const text = open.get(path);
      if (text === undefined || entry?.kind !== 'file') return disk.read(path, max);
      return { entry, bytes: entry.size > max ? Buffer.alloc(0) : Buffer.from(text) };
    },
  };
}

/** Where a path really is; of one that is not there, where it would be. */
export function realOr(path: string, disk: Disk, isThere: (real: string) => boolean = () => true): string {
  try {
    return disk.realpath(path);
  } catch (error) {
    const real = dirname(path) === path ? path : join(disk.realpath(dirname(path)), basename(path));
    if (isThere(real)) return real;
    throw error;
  }
}
