// Room: ecosystems/node. What a file of the repository loads: its relative imports, followed, and the packages that all of them import.
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { withoutComments } from './comments.ts';
import { valueImports } from './imports.ts';

/** One import of a package, and where it stands. */
export interface PackageImport {
  specifier: string;
  file: string;
  text: string;
  offset: number;
}

/** More files than this are no small script: the rest is not followed. */
const MOST_FILES = 300;
/** What may stand behind an import without an ending, or for one of JavaScript that TypeScript makes. */
const ENDINGS = [
  '',
  '.js',
  '.mjs',
  '.cjs',
  '.ts',
  '.mts',
  '.cts',
  '.tsx',
  '.jsx',
  '.json',
  '/index.js',
  '/index.ts',
  '/index.mjs',
  '/index.cjs',
];

/** The file that a relative specifier names; undefined: it is not in the tree. */
export function fileOf(tree: FileTree, from: string, specifier: string): string | undefined {
  const path = joinPath(from, specifier);
  const bare = path?.replace(/\.([cm]?)js$/, '');
  const typed = path === bare ? [] : ['.ts', '.mts', '.cts', '.tsx'].map((ending) => `${bare}${ending}`);
  return [...ENDINGS.map((ending) => `${path}${ending}`), ...typed].find((one) => tree.stat(one)?.kind === 'file');
}

/** Each source that `entry` loads, itself first, with its text without comments. */
export function loadedFiles(tree: FileTree, entry: string): { path: string; text: string }[] {
  const found: { path: string; text: string }[] = [];
  const asked = new Set([entry]);
  for (const path of asked) {
    const read = tree.read(path);
    if (read.kind !== 'text' || (path.endsWith('.json') && path !== entry) || found.length >= MOST_FILES) continue;
    const text = withoutComments(read.text);
    found.push({ path, text });
    for (const { specifier } of valueImports(text)) {
      const next = specifier.startsWith('.') ? fileOf(tree, parentOf(path), specifier) : undefined;
      if (next !== undefined) asked.add(next);
    }
  }
  return found;
}

/** Every package that `entry` and what it loads import. */
export const packagesLoaded = (tree: FileTree, entry: string): PackageImport[] =>
  loadedFiles(tree, entry).flatMap(({ path, text }) =>
    valueImports(text).flatMap(({ specifier, offset }) => (specifier.startsWith('.') ? [] : [{ specifier, file: path, text, offset }])),
  );
