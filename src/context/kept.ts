// Room: context/. A tree whose answers are kept: what is asked again, by whomever, is not read again.
import { onceEach, onceOfLast, oncePer } from '../once.ts';
import { overlayTree } from './overlay.ts';
import type { FileTree } from './types.ts';

/** Each kept tree, with the one that it was made of by changes; itself where nothing was changed. */
const originals = new WeakMap<FileTree, FileTree>();

/** The tree with its answers kept as long as it lives; the same for the same tree, whose answers are stable. */
export const keptTree = oncePer((tree: FileTree): FileTree => (originals.has(tree) ? tree : keep(tree)));

function keep(tree: FileTree, original: FileTree | undefined = undefined, around = original?.around): FileTree {
  const kept: FileTree = {
    ...(around ? { around } : {}),
    read: onceEach((path: string) => tree.read(path)),
    list: onceEach((dir: string) => tree.list(dir)),
    stat: onceEach((path: string) => tree.stat(path)),
  };
  originals.set(kept, original ?? kept);
  return kept;
}

/** A context with the repository around it. */
export function placedTree(tree: FileTree, repository: { tree: FileTree; contextPath: string } | undefined): FileTree {
  const path = repository?.contextPath ?? '';
  return repository === undefined || path === '' || path === '.' ? keptTree(tree) : placed(tree)(keptTree(repository.tree))(path);
}

const placed = oncePer((tree: FileTree) =>
  oncePer((whole: FileTree) => onceEach((path: string) => keep(keptTree(tree), undefined, { tree: whole, path }))),
);

/** The tree as it was before changes: what is worked out from files that are not changed is worked out there. */
export const originalOf = (tree: FileTree): FileTree => originals.get(tree) ?? tree;

/** A tree with changes over it is wanted by all that make the same change, one after the other. */
const maxOverlays = 4;
const overlays = oncePer((tree: FileTree) =>
  onceOfLast(maxOverlays, (changes: string) =>
    keep(overlayTree(keptTree(tree), new Map(JSON.parse(changes) as [string, string][])), originalOf(keptTree(tree))),
  ),
);

/** `tree` with `changes` (path → text) laid over it, answers kept: what is not changed is not read again. */
export function changedTree(tree: FileTree, changes: ReadonlyMap<string, string>): FileTree {
  return changes.size === 0 ? keptTree(tree) : overlays(tree)(JSON.stringify([...changes]));
}
