// Room: image/. Which paths the last stage copies from the build stage, so that all that is kept lies where it lay.
import type { FileFacts } from './types.ts';
import type { Net } from './net.ts';

export interface Units {
  /** Whole directories and single files, by path. */
  copies: { path: string; kind: 'dir' | 'file'; line: number }[];
  /** Links that COPY would follow: they are made again. */
  links: { path: string; to: string }[];
  /** Directories whose owner or mode a COPY does not bring. */
  rights: FileFacts[];
  /** What is removed from the directories above before they are copied. */
  cleared: string[];
  /** What cannot be copied. */
  problem: { path: string; line: number; why: string } | undefined;
}

interface Node {
  path: string;
  children: Map<string, Node>;
  own: { fact: FileFacts; line: number; isNew: boolean } | undefined;
  /** Files and empty directories at or below it that are kept. */
  kept: number;
  /** Those that are left behind. */
  left: number;
  isLeft: boolean;
}

/** Directories that installs fill with hundreds of others: they are copied as they are. */
const filled = /\/(?:site-packages|dist-packages|node_modules|gems|specifications|extensions)$/;
/** Ours: more lines than these are no Dockerfile that a person reads. */
const mostCopies = 24;
const mostCleared = 6;

/** The units. In: what the build stage leaves, and whether a path is left behind. */
export function unitsOf(net: Net, isLeft: (path: string) => boolean): Units {
  const units: Units = { copies: [], links: [], rights: [], cleared: [], problem: undefined };
  const root = treeOf(net, isLeft);
  for (const node of root.children.values()) visit(node, units);
  const [first] = units.copies.slice(mostCopies);
  if (first) units.problem ??= { path: first.path, line: first.line, why: 'is one of too many places that the build writes' };
  return units;
}

function treeOf({ files }: Net, isLeft: (path: string) => boolean): Node {
  const root = nodeAt('');
  for (const [path, { fact, line, over }] of files) {
    let node = root;
    for (const part of path.split('/').slice(1)) {
      const next: Node = node.children.get(part) ?? nodeAt(`${node.path}/${part}`);
      node.children.set(part, next);
      node = next;
    }
    node.own = { fact, line, isNew: !over };
    node.isLeft = isLeft(path);
  }
  count(root);
  return root;
}

/** A directory counts where it is empty, or where its owner or mode was changed. */
function count(node: Node): void {
  const { own, children, isLeft } = node;
  const counts = own !== undefined && (own.fact.kind !== 'dir' || children.size === 0 || !own.isNew);
  if (counts && isLeft) node.left = 1;
  else if (counts) node.kept = 1;
  for (const child of children.values()) {
    count(child);
    node.kept += child.kept;
    node.left += child.left;
  }
}

const nodeAt = (path: string): Node => ({ path, children: new Map(), own: undefined, kept: 0, left: 0, isLeft: false });

function visit(node: Node, units: Units): void {
  const { own } = node;
  if (node.kept === 0) return;
  const kind = own?.fact.kind;
  if (own && kind !== 'dir') return single(node, own, units);
  const isNew = own?.isNew === true;
  const cleared = isNew || isFilled(node) ? clearedIn(node) : undefined;
  if (cleared && cleared.length <= mostCleared) {
    units.copies.push({ path: node.path, kind: 'dir', line: own?.line ?? firstLine(node) });
    units.cleared.push(...cleared);
  } else for (const child of node.children.values()) visit(child, units);
  if (own && (!isNew || !isOrdinary(own.fact))) units.rights.push(own.fact);
}

function single({ path }: Node, { fact, line }: NonNullable<Node['own']>, units: Units): void {
  if (fact.kind === 'link') units.links.push({ path, to: fact.link ?? '' });
  else if (fact.kind === 'file') units.copies.push({ path, kind: 'file', line });
  else units.problem ??= { path, line, why: 'is no ordinary file' };
}

/** As COPY makes a directory: of root, open to all. */
const isOrdinary = ({ mode, uid, gid }: FileFacts): boolean => uid === 0 && gid === 0 && mode === '0755';

/** A directory that was there, with more new directories in it than a person would name. */
const isFilled = ({ path, children }: Node): boolean =>
  filled.test(path) && [...children.values()].filter(({ kept }) => kept > 0).length > 3;

/** The topmost paths below a directory that are left behind whole. */
function clearedIn(node: Node): string[] {
  return [...node.children.values()].flatMap((child) => {
    if (child.left === 0) return [];
    return child.kept === 0 ? [child.path] : clearedIn(child);
  });
}

const firstLine = (node: Node): number => node.own?.line ?? Math.min(...[...node.children.values()].map(firstLine));
