// Room: ecosystems/. String literals of sources that look like paths of files: what a call that nobody knows may open.
import type { FileTree } from '../context/types.ts';
import type { NamedPath } from './types.ts';

const MOST = 2000;
/** A quoted path with an ending, relative or absolute; no address, no module. */
const LITERAL = /(["'`])((?:\.{0,2}\/)?[\w@.-]+(?:\/[\w@.-]+){0,8}\.\w{1,8})\1/g;

/** The literals of these files, each with its place. Bounded. */
export function literalPaths(tree: FileTree, files: readonly string[]): NamedPath[] {
  const found: NamedPath[] = [];
  for (const file of files) {
    const read = tree.read(file);
    if (read.kind !== 'text') continue;
    for (const [n, line] of read.text.split('\n').entries()) {
      if (line.length > 2000) continue;
      for (const match of line.matchAll(LITERAL)) found.push({ file, line: n + 1, text: match[2] ?? '' });
      if (found.length > MOST) return found;
    }
  }
  return found;
}
