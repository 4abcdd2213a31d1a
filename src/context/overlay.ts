// Room: context/. A file tree with some files replaced or added.
import type { Entry, FileTree } from './types.ts';

/** `tree` with `changes` (path → text) laid over it. New files appear in their directory's listing. */
export function overlayTree(tree: FileTree, changes: ReadonlyMap<string, string>): FileTree {
  const entry = (path: string): Entry => ({
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    kind: 'file',
    size: changes.get(path)?.length ?? 0,
    mode: tree.stat(path)?.mode,
  });
  return {
    read: (path) => (changes.has(path) ? { kind: 'text', text: changes.get(path) ?? '' } : tree.read(path)),
    stat: (path) => (changes.has(path) ? entry(path) : tree.stat(path)),
    list(dir) {
      const listed = tree.list(dir);
      const added = [...changes.keys()].filter((path) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '') === dir);
      if (!listed && added.length === 0) return undefined;
      const kept = (listed ?? []).filter((e) => !changes.has(e.path));
      return [...kept, ...added.map(entry)].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}
