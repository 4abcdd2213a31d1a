// Room: context/. A file tree held in memory: for tests, for stdin without a context, and for files brought by a caller.
import { once } from '../once.ts';
import { binaryProbe, maxTextSize } from './limits.ts';
import { cleanPath, parentOf } from './paths.ts';
import type { Entry, FileRead, FileTree } from './types.ts';

/** One file of a memory tree. Without `text` it exists but cannot be read. `size` is in bytes. */
export interface MemoryFile {
  text?: string;
  size?: number;
  mode?: number;
  kind?: Entry['kind'];
}

/**
 * A file tree from a record of paths. Parent directories exist by themselves; `'dir/': { kind: 'dir' }` makes an empty one.
 * Paths that leave the root (`../x`) or are not clean are left out.
 */
export function memoryTree(files: Record<string, string | MemoryFile>): FileTree {
  const nodes = new Map<string, { entry: Entry; read: () => FileRead }>();
  const children = new Map<string, Entry[]>();
  addNode({ path: '', name: '', kind: 'dir', size: 0, mode: undefined }, undefined);
  for (const [raw, given] of Object.entries(files)) {
    const path = cleanPath(raw);
    if (path === undefined || path === '') continue;
    const file: MemoryFile = typeof given === 'string' ? { text: given } : given;
    addNode(entryOf(path, file), file.text);
  }
  for (const list of children.values()) list.sort((a, b) => (a.name < b.name ? -1 : 1));

  function addNode(entry: Entry, text: string | undefined): void {
    const known = nodes.has(entry.path);
    if (known && entry.kind === 'dir') return;
    nodes.set(entry.path, { entry, read: once(() => readNode(entry, text)) });
    if (entry.kind === 'dir') children.set(entry.path, []);
    if (entry.path === '') return;
    const parent = parentOf(entry.path);
    addNode({ path: parent, name: nameOf(parent), kind: 'dir', size: 0, mode: undefined }, undefined);
    const siblings = children.get(parent);
    if (!known) siblings?.push(entry);
  }

  return {
    read(path) {
      const key = cleanPath(path);
      const node = key === undefined ? undefined : nodes.get(key);
      return node === undefined ? { kind: 'absent' } : node.read();
    },
    list(dir) {
      const key = cleanPath(dir);
      return key === undefined ? undefined : children.get(key);
    },
    stat(path) {
      const key = cleanPath(path);
      return key === undefined ? undefined : nodes.get(key)?.entry;
    },
  };
}

function entryOf(path: string, file: MemoryFile): Entry {
  const kind = file.kind ?? 'file';
  const size = kind === 'dir' ? 0 : (file.size ?? new TextEncoder().encode(file.text ?? '').length);
  return { path, name: nameOf(path), kind, size, mode: file.mode };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function readNode(entry: Entry, text: string | undefined): FileRead {
  if (entry.kind === 'dir') return { kind: 'unreadable', why: 'is a directory' };
  if (entry.kind === 'symlink-outside') return { kind: 'unreadable', why: 'is a symbolic link out of the build context' };
  if (entry.kind === 'other') return { kind: 'unreadable', why: 'is not a regular file' };
  if (entry.size > maxTextSize) return { kind: 'too-large', size: entry.size };
  if (text === undefined) return { kind: 'unreadable', why: 'has no content here' };
  if (text.slice(0, binaryProbe).includes('\0')) return { kind: 'binary' };
  return { kind: 'text', text };
}
