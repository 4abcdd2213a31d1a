// Room: ecosystems/node. Which directories are packages of the workspace.
// Sources: https://docs.npmjs.com/cli/v11/using-npm/workspaces · https://yarnpkg.com/features/workspaces · https://pnpm.io/workspaces
import { joinPath } from '../../context/paths.ts';
import { walk } from '../../context/walk.ts';
import type { FileTree } from '../../context/types.ts';
import { indentedLines, listAt } from './indented.ts';
import { fields, strings } from './json.ts';

/** The globs of package.json (`workspaces` as a list or `{ packages }`), else of pnpm-workspace.yaml; undefined: no workspace. */
export function workspaceGlobs(tree: FileTree, dir: string, manifest: ReadonlyMap<string, unknown>): string[] | undefined {
  const own = manifest.get('workspaces');
  const listed = Array.isArray(own) ? strings(own) : strings(fields(own).get('packages'));
  if (listed.length > 0) return listed;
  const read = tree.read(joinPath(dir, 'pnpm-workspace.yaml') ?? '');
  const pnpm = read.kind === 'text' ? listAt(indentedLines(read.text), 'packages') : [];
  return pnpm.length > 0 ? pnpm : undefined;
}

/** The directories (context paths, sorted) that the globs name and that hold a package.json; or why they cannot be resolved. */
export function memberDirs(tree: FileTree, dir: string, globs: readonly string[]): string[] | { unresolved: string } {
  if (globs.length > 200) return { unresolved: `${globs.length} globs` };
  const odd = globs.find((glob) => glob.length > 300 || /[{}[\]()?\\]/.test(glob) || glob.split('/').includes('..'));
  if (odd !== undefined) return { unresolved: odd.slice(0, 300) };
  const wanted = globs.filter((glob) => !glob.startsWith('!')).map((glob) => clean(glob).split('/'));
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => clean(glob.slice(1)).split('/'));
  let cut: string | undefined;
  const top = dir === '' ? 0 : dir.split('/').length;
  const dirs = walk(tree, dir, {
    skip: (entry) => entry.name === 'node_modules' || entry.name === '.git',
    onCut: (why) => (cut = why),
  }).filter((entry) => entry.kind === 'dir');
  if (cut !== undefined) return { unresolved: cut };
  return dirs
    .filter((entry) => {
      const parts = entry.path.split('/').slice(top);
      return wanted.some((glob) => matches(glob, parts)) && !unwanted.some((glob) => matches(glob, parts));
    })
    .filter((entry) => tree.stat(`${entry.path}/package.json`)?.kind === 'file')
    .map((entry) => entry.path)
    .sort();
}

const clean = (glob: string): string =>
  glob
    .replace(/^\.\//, '')
    .replace(/\/+$/, '')
    .replace(/\/package\.json$/, '');

/** `*` is one name or part of one, `**` any number of directories. Side by side over the positions: time grows with both lengths alone. */
function matches(glob: readonly string[], parts: readonly string[]): boolean {
  let now = new Set(closure(glob, [0]));
  for (const part of parts) {
    const next = [...now].flatMap((at) =>
      glob[at] === '**' ? [at] : at < glob.length && nameMatches(glob[at] ?? '', part) ? [at + 1] : [],
    );
    now = new Set(closure(glob, next));
  }
  return now.has(glob.length);
}

const closure = (glob: readonly string[], positions: readonly number[]): number[] =>
  positions.flatMap((at) => (glob[at] === '**' ? [at, ...closure(glob, [at + 1])] : [at]));

function nameMatches(pattern: string, name: string): boolean {
  const pieces = pattern.split('*');
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return pattern === name;
  const last = rest.pop() ?? '';
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > name.length - last.length) return false;
    at = found + piece.length;
  }
  return true;
}
