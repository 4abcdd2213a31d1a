// Room: verify/image/. One layer of an image, read from its tar archive as it streams by; nothing of it is held but what checks ask for.
import { closeSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { extract, type Header, type ExtractEvents } from 'tar-stream';
import { bytesOf, isElf, parseElf, type ByteSource } from './elf.ts';
import { apkPackages, dpkgPackages } from './packages.ts';
import type { Elf, ImageFile, OsPackage } from '../types.ts';
import type { Wanted } from './wanted.ts';

/** A file's content and attributes; hard links share one. */
export interface Inode extends ImageFile {
  elf?: Elf;
  text?: string;
  packages?: readonly OsPackage[];
}
/** What a layer does. Source of the white-outs: https://github.com/opencontainers/image-spec/blob/main/layer.md */
export type LayerEntry =
  | { does: 'add'; path: string; inode: Inode }
  | { does: 'hard-link'; path: string; target: string }
  | { does: 'remove'; path: string }
  /** Hides what lower layers have in a directory. */
  | { does: 'empty'; path: string };

/** The content of an entry, as it streams by. */
type Content = ExtractEvents['entry'][1];

/** A file on disk for ELF files that are too large for memory: their headers point forwards and backwards. */
export interface Scratch {
  /** Starts anew. */
  begin(): void;
  write(chunk: Uint8Array): void;
  read: ByteSource;
  close(): void;
}

/** Made when it is first written to. */
export function scratchFile(path: string): Scratch {
  let file: number | undefined;
  const opened = (): number => (file ??= openSync(path, 'wx+', 0o600));
  let end = 0;
  return {
    begin() {
      if (file !== undefined) ftruncateSync(file);
      end = 0;
    },
    write(chunk) {
      end += writeSync(opened(), chunk, 0, chunk.length, end);
    },
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, end - offset)));
      return bytes.subarray(0, bytes.length === 0 ? 0 : readSync(opened(), bytes, 0, bytes.length, offset));
    },
    close() {
      if (file === undefined) return;
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}

/** ELF files up to this size are read in memory. */
const inMemory = 4 * 1024 * 1024;
/** Larger ones than this are not looked into: no program is. */
const maxElf = 1024 * 1024 * 1024;
/** Entries of one layer; the largest images have some 300,000 files. */
const maxEntries = 3_000_000;

/** Reads a layer. In: the bytes of its tar archive, and which of its files are read as text. Rejects when it is none. */
export async function readLayer(
  chunks: AsyncIterable<Uint8Array>,
  scratch: Scratch,
  wanted: (path: string) => Wanted | undefined,
): Promise<LayerEntry[]> {
  const entries: LayerEntry[] = [];
  const tar = extract();
  tar.on('entry', (header, stream, next) => {
    if (entries.length >= maxEntries) return next(new Error(`a layer has more than ${maxEntries} entries`));
    const path = pathOf(header.name);
    const found = path === undefined ? undefined : entryOf(header, path);
    if (found) entries.push(found);
    stream.on('error', next);
    stream.on('end', () => next());
    if (found?.does === 'add' && found.inode.kind === 'file' && found.inode.size > 0)
      readContent(stream, found.inode, scratch, wanted(found.path));
    else stream.resume();
  });
  await pipeline(chunks, tar);
  return entries;
}

/** Absolute, without `.` and empty parts; undefined for the root itself and for what leads out of it. */
export function pathOf(name: string): string | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? undefined : `/${parts.join('/')}`;
}

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

function entryOf(header: Header, path: string): LayerEntry | undefined {
  const slash = path.lastIndexOf('/');
  const [directory, name] = [path.slice(0, slash), path.slice(slash + 1)];
  if (name === opaque) return { does: 'empty', path: directory };
  // AUFS' own notes begin with the mark twice.
  if (name.startsWith(whiteout + whiteout)) return undefined;
  if (name.startsWith(whiteout)) return { does: 'remove', path: `${directory}/${name.slice(whiteout.length)}` };
  if (header.type === 'link') {
    const target = pathOf(header.linkname);
    return target === undefined ? undefined : { does: 'hard-link', path, target };
  }
  const kind = kindOf(header.type);
  const inode: Inode = {
    kind,
    size: kind === 'file' ? header.size : 0,
    mode: header.mode & 0o7777,
    uid: header.uid,
    gid: header.gid,
    ...(kind === 'link' ? { link: header.linkname } : {}),
  };
  return { does: 'add', path, inode };
}

function kindOf(type: Header['type']): ImageFile['kind'] {
  if (type === 'directory') return 'dir';
  if (type === 'symlink') return 'link';
  return type === 'file' || type === 'contiguous-file' ? 'file' : 'other';
}

/** Takes from the stream what is asked for, and lets the rest pass. */
function readContent(stream: Content, inode: Inode, scratch: Scratch, wanted: Wanted | undefined): void {
  if (wanted) {
    collect(stream, wanted.limit, (bytes) => keep(inode, wanted, bytes));
    return;
  }
  stream.once('data', (data) => {
    const first = data as Buffer;
    if (!isElf(first) || inode.size > maxElf) return stream.resume();
    const done = (read: ByteSource): void => {
      const elf = parseElf(read);
      if (elf) inode.elf = elf;
    };
    if (inode.size <= inMemory) return collect(stream, inMemory, (bytes) => done(bytesOf(bytes)), first);
    scratch.begin();
    scratch.write(first);
    stream.on('data', (chunk) => scratch.write(chunk as Buffer));
    return stream.prependListener('end', () => done(scratch.read));
  });
}

function collect(stream: Content, limit: number, done: (bytes: Buffer) => void, first?: Buffer): void {
  const chunks: Buffer[] = first ? [first] : [];
  let size = first?.length ?? 0;
  stream.on('data', (data) => {
    const chunk = data as Buffer;
    if (size < limit) chunks.push(chunk);
    size += chunk.length;
  });
  stream.prependListener('end', () => done(Buffer.concat(chunks).subarray(0, limit)));
}

function keep(inode: Inode, wanted: Wanted, bytes: Buffer): void {
  if (wanted.as === 'text') inode.text = bytes.toString('utf8');
  else if (wanted.as === 'libraries') inode.text = (bytes.toString('utf8').match(/^.*\.so(?:\.[\w.]+)?$/gm) ?? []).join('\n');
  else if (wanted.as === 'bytes') inode.text = bytes.toString('latin1');
  else inode.packages = wanted.as === 'dpkg' ? dpkgPackages(bytes.toString('utf8')) : apkPackages(bytes.toString('utf8'));
}
