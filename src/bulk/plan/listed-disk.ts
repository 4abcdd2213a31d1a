// Room: bulk/. A repository as a disk: the listing of a commit, and those of its blobs that were brought so far.
import { posix } from 'node:path';
import type { Disk, DiskEntry } from '../../context/disk.ts';
import type { TreeEntry } from '../../forge/types.ts';

/** Where the repository stands on its disk. */
export const listedRoot = '/repository';
/** What stands for everywhere else: nothing is there, but links may lead to it. */
const outside = '/outside';
const maxEntries = 300_000;
/** As Linux. */
const maxLinks = 40;
const maxPath = 4096;
const maxLinkTarget = 4096;

interface Node {
  kind: DiskEntry['kind'];
  mode: number;
  sha: string;
  size: number | undefined;
  children: Map<string, Node> | undefined;
}

/** The disk, what was asked of it and is not here yet, and object ids for commits. */
export interface ListedDisk {
  disk: Disk;
  /** Object ids that were wanted and are not in `blobs`: bring them, and run again. Answers given meanwhile count for nothing. */
  misses: Set<string>;
  /** Object id and mode of a file; undefined when there is none at this (real) path. */
  fileAt(path: string): { sha: string; mode: '100644' | '100755' } | undefined;
  /** Paths that were left out as no checkout has them (`..`, `.git`), or because there are too many. */
  left: number;
}

/**
 * A disk made of a listing. Regular files, links and directories alone; submodules are the empty directories that a plain clone leaves.
 * In: entries as a forge or `git ls-tree` gives them (untrusted), and blobs by object id; the map may grow between two disks.
 */
export function listedDisk(entries: readonly TreeEntry[], blobs: ReadonlyMap<string, Buffer>): ListedDisk {
  const misses = new Set<string>();
  const root: Node = directory();
  // A checkout has one; nothing in it is of interest but that it is there.
  root.children?.set('.git', directory());
  let left = 0;
  for (const entry of entries.slice(0, maxEntries)) if (!place(root, entry)) left += 1;
  left += Math.max(0, entries.length - maxEntries);
  const bring = (node: Node): Buffer => {
    const bytes = blobs.get(node.sha);
    if (bytes) return bytes;
    misses.add(node.sha);
    throw failure('ENOENT');
  };
  const view: View = { root, bring };
  const entryOf = (node: Node): DiskEntry => ({ kind: node.kind, size: sizeOf(node, blobs), mode: node.mode });
  const found = (path: string): Node => {
    const node = nodeAt(root, insideOf(path));
    if (!node) throw failure('ENOENT');
    return node;
  };
  const disk: Disk = {
    realpath: (path) => resolvePath(path, view),
    lstat: (path) => entryOf(found(posix.join(resolvePath(posix.dirname(path), view), posix.basename(path)))),
    stat: (path) => entryOf(found(resolvePath(path, view))),
    entries: (path, max) => {
      const node = found(resolvePath(path, view));
      if (!node.children) throw failure('ENOTDIR');
      return node.children.size > max ? undefined : [...node.children].map(([name, child]) => ({ name, kind: child.kind }));
    },
    read: (path, max) => {
      const node = found(path);
      const entry = entryOf(node);
      if (node.kind === 'link') throw failure('ELOOP');
      if (node.kind !== 'file' || entry.size > max) return { entry, bytes: Buffer.alloc(0) };
      const bytes = bring(node);
      return { entry, bytes: bytes.subarray(0, max + 1) };
    },
  };
  return { disk, misses, left, fileAt: (path) => fileOf(nodeAt(root, insideOf(path))) };
}

interface View {
  root: Node;
  bring(node: Node): Buffer;
}

const directory = (): Node => ({ kind: 'dir', mode: 0o755, sha: '', size: 0, children: new Map() });
const sizeOf = (node: Node, blobs: ReadonlyMap<string, Buffer>): number =>
  node.kind === 'file' ? (node.size ?? blobs.get(node.sha)?.length ?? 0) : 0;

function fileOf(node: Node | undefined): ReturnType<ListedDisk['fileAt']> {
  return node?.kind === 'file' ? { sha: node.sha, mode: node.mode === 0o755 ? '100755' : '100644' } : undefined;
}

/** Puts an entry in its place; false when no checkout would have it. */
function place(root: Node, { path, mode, sha, size }: TreeEntry): boolean {
  const names = path.split('/');
  if (path.length > maxPath || names.some((name) => !isName(name))) return false;
  let at = root;
  for (const name of names.slice(0, -1)) {
    const next = at.children?.get(name) ?? directory();
    if (!at.children || !next.children) return false;
    at.children.set(name, next);
    at = next;
  }
  const name = names.at(-1) ?? '';
  if (!at.children || at.children.has(name)) return at.children?.get(name)?.kind === 'dir' && mode === '040000';
  if (mode === '040000' || mode === '160000') at.children.set(name, directory());
  else if (mode === '120000') at.children.set(name, { kind: 'link', mode: 0o777, sha, size, children: undefined });
  else at.children.set(name, { kind: 'file', mode: mode === '100755' ? 0o755 : 0o644, sha, size, children: undefined });
  return true;
}

/** What git checks out: no `.git` in any case, no way up, no NUL. Source: git's verify_path (read-cache.c). */
const isName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !name.includes('\0') && name.toLowerCase() !== '.git' && name.length <= 255;

/** The path in the repository; undefined when it lies outside of it. */
function insideOf(path: string): string | undefined {
  if (path === listedRoot) return '';
  return path.startsWith(`${listedRoot}/`) ? path.slice(listedRoot.length + 1) : undefined;
}

function nodeAt(root: Node, path: string | undefined): Node | undefined {
  if (path === undefined) return undefined;
  let at: Node | undefined = root;
  for (const name of path === '' ? [] : path.split('/')) at = at?.children?.get(name);
  return at;
}

/** Follows links as the kernel does. A link out of the repository leads to a place that has nothing, but is a place. */
function resolvePath(path: string, view: View): string {
  const pending = posix.normalize(path).split('/').slice(1).reverse();
  let at = '';
  let links = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (at === listedRoot || at === '') return outside;
      at = posix.dirname(at);
      continue;
    }
    const next = `${at}/${name}`;
    const inside = insideOf(next);
    const node = nodeAt(view.root, inside);
    if (!node) throw failure('ENOENT');
    if (node.kind !== 'link') {
      if (pending.some((rest) => rest !== '' && rest !== '.') && node.kind !== 'dir') throw failure('ENOTDIR');
      at = next;
      continue;
    }
    if ((links += 1) > maxLinks) throw failure('ELOOP');
    const target = view.bring(node).toString('utf8');
    if (target === '' || target.length > maxLinkTarget || target.includes('\0')) throw failure('ENOENT');
    if (target.startsWith('/')) return `${outside}${posix.normalize(target)}`;
    pending.push(...target.split('/').reverse());
  }
  return at === '' ? '/' : at;
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
