// Room: context/. What git leaves out of a checkout: files that are there for one person and not for the next.
import ignore from 'ignore';
import { onceEach, oncePer } from '../once.ts';
import type { FileRead, FileTree } from './types.ts';

/**
 * Whether git leaves a path out: the .gitignore files of the context, and of the directories above it as far as the repository is known.
 * The deepest that says something decides; global settings are not seen. Source: gitignore(5).
 */
export const gitIgnores = oncePer((tree: FileTree): ((path: string) => boolean) => {
  const { around } = tree;
  const above = around === undefined || isLeftOut(around.tree, around.path) ? undefined : around;
  return onceEach((path) => verdictIn(tree, path) ?? (above !== undefined && isLeftOut(above.tree, `${above.path}/${path}`)));
});

const isLeftOut = (tree: FileTree, path: string): boolean => verdictIn(tree, path) ?? false;

/** The .gitignore files above a path, the deepest first: the first that says something decides. */
function verdictIn(tree: FileTree, path: string): boolean | undefined {
  for (let end = path.lastIndexOf('/'); ; end = end > 0 ? path.lastIndexOf('/', end - 1) : -1) {
    const verdict = gitVerdict(tree, path.slice(0, Math.max(0, end)))(path.slice(end + 1));
    if (verdict !== undefined || end < 0) return verdict;
  }
}

/** The lines of the .gitignore files of a context and of the directories above it, as they count in the context. */
export function gitIgnoreLines(tree: FileTree): string[] {
  const lines = (at: FileTree, dir: string): string[] => {
    const read = at.read([dir, '.gitignore'].filter(Boolean).join('/'));
    return read.kind === 'text' ? read.text.split('\n').map((line) => line.trim()) : [];
  };
  const own = lines(tree, '');
  const { around } = tree;
  if (around === undefined) return own;
  const parts = around.path.split('/');
  const above = parts.flatMap((_, at) => {
    const below = `${parts.slice(at).join('/')}/`;
    // without a slash the name counts in every directory
    return lines(around.tree, parts.slice(0, at).join('/')).flatMap((line) => {
      const path = line.replace(/^!?\/?/, '');
      if (!/\/./.test(path)) return [line];
      return path.startsWith(below) ? [line.replace(path, path.slice(below.length))] : [];
    });
  });
  return [...above, ...own];
}

/** What the .gitignore of a directory says of a path below it: hidden, not hidden, or nothing. */
export function gitVerdict(tree: FileTree, dir: string): (path: string) => boolean | undefined {
  const read = tree.read(dir === '' ? '.gitignore' : `${dir}/.gitignore`);
  return read.kind === 'text' ? verdictBy(read) : () => undefined;
}

const verdictBy = oncePer(({ text }: FileRead & { kind: 'text' }) => {
  const rules = ignore().add(text);
  return (path: string): boolean | undefined => {
    if (!ignore.isPathValid(path)) return undefined;
    const verdicts = [rules.test(path), rules.test(`${path}/`)];
    if (verdicts.some(({ ignored }) => ignored)) return true;
    return verdicts.some(({ unignored }) => unignored) ? false : undefined;
  };
});
