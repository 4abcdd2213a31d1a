// Room: checkout/. A file tree as it will be after a write that has not happened yet.
import { posix } from 'node:path';
import type { Entry, FileTree } from '../context/types.ts';

/** The tree with these files (path → text) in place of its own. Their directories must be there already. */
export function withFiles(tree: FileTree, files: ReadonlyMap<string, string>): FileTree {
  const entryOf = (path: string): Entry | undefined => {
    const text = files.get(path);
    return text === undefined
      ? undefined
      : { path, name: posix.basename(path), kind: 'file', size: Buffer.byteLength(text), mode: undefined };
  };
  return {
    read: (path) => {
      const text = files.get(path);
      return text === undefined ? tree.read(path) : { kind: 'text', text };
    },
    stat: (path) => entryOf(path) ?? tree.stat(path),
    list: (dir) => {
      const entries = tree.list(dir);
      if (!entries) return undefined;
      const added = [...files.keys()]
        .filter((path) => posix.join(posix.dirname(path), '.') === posix.join(dir, '.'))
        .flatMap((path) => entryOf(path) ?? []);
      const names = new Set(added.map((entry) => entry.name));
      return [...entries.filter((entry) => !names.has(entry.name)), ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}
