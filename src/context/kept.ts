// Room: context/. A tree whose answers are kept: what is asked again, by whomever, is not read again.
import { onceEach, onceOfLast, oncePer } from '../once.ts';
import { overlayTree } from './overlay.ts';
import type { FileTree } from './types.ts';

/** The tree with its answers kept as long as it lives; the same for the same tree, whose answers are stable. */
export const keptTree = oncePer((tree: FileTree): FileTree => keep(tree));

function keep(tree: FileTree): FileTree {
  return { read: onceEach((path) => tree.read(path)), list: onceEach((dir) => tree.list(dir)), stat: onceEach((path) => tree.stat(path)) };
}

/** A tree with changes over it is wanted by all that make the same change, one after the other. */
const maxOverlays = 4;
const overlays = oncePer((tree: FileTree) =>
  onceOfLast(maxOverlays, (changes: string) => keep(overlayTree(keptTree(tree), new Map(JSON.parse(changes) as [string, string][])))),
);

/** `tree` with `changes` (path → text) laid over it, answers kept: what is not changed is not read again. */
export function changedTree(tree: FileTree, changes: ReadonlyMap<string, string>): FileTree {
  return changes.size === 0 ? keptTree(tree) : overlays(tree)(JSON.stringify([...changes]));
}
