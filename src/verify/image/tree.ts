// Room: verify/image/. Layers laid over each other: the file system that a container sees.
import type { Inode, LayerEntry } from './layers.ts';
import type { Elf, ImageFile, OsPackage } from '../types.ts';

interface Node {
  inode: Inode;
  children: Map<string, Node>;
}

const directory = (): Inode => ({ kind: 'dir', size: 0, mode: 0o755, uid: 0, gid: 0 });
const nodeOf = (inode: Inode): Node => ({ inode, children: new Map() });
const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');
/** As many links in one path as Linux follows. path_resolution(7) */
const maxLinks = 40;

export interface Merged {
  files: Map<string, ImageFile>;
  elf: Map<string, Elf>;
  texts: Map<string, string>;
  packages: OsPackage[];
}

/**
 * The file system of an image. In: its layers, the lowest first. A white-out hides what lower layers have, never what its own layer brings. A hard link
 * has its target's content; its size is counted with the first of its names.
 */
export function mergeLayers(layers: readonly (readonly LayerEntry[])[]): Merged {
  const root = nodeOf(directory());
  for (const layer of layers) {
    for (const entry of layer) if (entry.does === 'remove' || entry.does === 'empty') hide(root, entry);
    for (const entry of layer) {
      if (entry.does === 'add') put(root, entry.path, entry.inode);
      if (entry.does === 'hard-link')
        put(root, entry.path, find(root, entry.target, 'keep')?.inode ?? { ...directory(), kind: 'file', mode: 0o644 });
    }
  }
  return flatten(root);
}

function hide(root: Node, entry: { does: 'remove' | 'empty'; path: string }): void {
  if (entry.does === 'empty') {
    find(root, entry.path, 'follow')?.children.clear();
    return;
  }
  const parts = partsOf(entry.path);
  const name = parts.pop();
  if (name !== undefined) find(root, parts.join('/'), 'follow')?.children.delete(name);
}

function put(root: Node, path: string, inode: Inode): void {
  const parts = partsOf(path);
  const name = parts.pop();
  const parent = directoryAt(root, parts);
  if (name === undefined || !parent) return;
  const there = parent.children.get(name);
  if (there && there.inode.kind === 'dir' && inode.kind === 'dir') there.inode = inode;
  else parent.children.set(name, nodeOf(inode));
}

/** The directory, links followed; made where it is missing. Undefined: a link that leads nowhere. */
function directoryAt(root: Node, parts: readonly string[]): Node | undefined {
  let node = root;
  for (const [index, part] of parts.entries()) {
    let next = node.children.get(part);
    if (next?.inode.kind === 'link') next = find(root, parts.slice(0, index + 1).join('/'), 'follow');
    else if (next?.inode.kind !== 'dir') {
      next = nodeOf(directory());
      node.children.set(part, next);
    }
    if (!next) return undefined;
    node = next;
  }
  return node;
}

/** What a path leads to. Links on the way are followed; the last one when told. */
function find(root: Node, path: string, last: 'follow' | 'keep'): Node | undefined {
  const waiting = partsOf(path).reverse();
  const trail: Node[] = [root];
  let links = 0;
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part === '.') continue;
    if (part === '..') {
      if (trail.length > 1) trail.pop();
      continue;
    }
    const next = trail.at(-1)?.children.get(part);
    if (!next) return undefined;
    if (next.inode.kind === 'link' && (waiting.length > 0 || last === 'follow')) {
      links += 1;
      if (links > maxLinks) return undefined;
      const target = next.inode.link ?? '';
      if (target.startsWith('/')) trail.length = 1;
      waiting.push(...partsOf(target).reverse());
    } else trail.push(next);
  }
  return trail.at(-1);
}

/** Paths in the order of the tree, a directory before what is in it. */
function flatten(root: Node): Merged {
  const merged: Merged = { files: new Map(), elf: new Map(), texts: new Map(), packages: [] };
  const firstNames = new Map<Inode, string>();
  const waiting: { path: string; node: Node }[] = [{ path: '', node: root }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.path !== '') add(merged, next.path, next.node.inode, firstNames);
    const names = [...next.node.children.keys()].sort().reverse();
    for (const name of names) {
      const node = next.node.children.get(name);
      if (node) waiting.push({ path: `${next.path}/${name}`, node });
    }
  }
  return merged;
}

function add(merged: Merged, path: string, inode: Inode, firstNames: Map<Inode, string>): void {
  const { elf, text, packages, ...file } = inode;
  const first = firstNames.get(inode);
  if (first === undefined) firstNames.set(inode, path);
  merged.files.set(path, first === undefined ? file : { ...file, size: 0, hardLink: first });
  if (elf) merged.elf.set(path, elf);
  if (text !== undefined) merged.texts.set(path, text);
  if (packages && first === undefined) merged.packages.push(...packages);
}
