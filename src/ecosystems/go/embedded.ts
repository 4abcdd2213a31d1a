// Room: ecosystems/go. What `//go:embed` compiles in, and whether the sources read it from there alone.
import { contextPath, inside } from '../../facts/copies.ts';
import type { GoFile } from './source.ts';

/** A directory that is compiled in whole, and that every text which names it gives to the variable that holds it. Source: pkg.go.dev/embed. */
export function readInMemory(files: readonly GoFile[], path: string): boolean {
  const embeds = files.flatMap((file) => file.embeds.map(({ pattern }) => contextPath(`${file.dir}/${pattern.replace(/\/\*$/, '')}`)));
  if (path === '' || !embeds.some((whole) => inside(path, whole))) return false;
  const variables = files.flatMap((file) =>
    [...file.lexed.code.matchAll(/\bvar\s+(\w{1,60})\s+embed\.FS\b/g)].map((match) => match[1] ?? ''),
  );
  if (variables.length === 0) return false;
  const given = new RegExp(
    `(?:\\bfs\\.\\w+\\(\\s*(?:${variables.join('|')})\\s*,|\\bParseFS\\(\\s*(?:${variables.join('|')})\\s*,[^()]{0,200}|(?<![\\w.])(?:${variables.join('|')})\\.(?:Open|ReadFile|ReadDir)\\()\\s*$`,
  );
  return files.every(({ dir, lexed: { code, strings } }) =>
    [...strings].every(
      ([at, { value }]) => !names(value, path, dir) || given.test(code.slice(Math.max(0, at - 300), at)) || isImported(code, at),
    ),
  );
}

/** Named from the package, from the module or from anywhere below: any text whose parts have the directory's name may mean it. */
function names(value: string, path: string, dir: string): boolean {
  const last = path.slice(path.lastIndexOf('/') + 1);
  return value.split('/').includes(last) || contextPath(`${dir}/${value}`) === path;
}

/** The path of a package: an import names no file. */
const isImported = (code: string, at: number): boolean =>
  /(?:\bimport\s+|\bimport\s*\([^)]{0,4000})[\w.]*\s*$/.test(code.slice(Math.max(0, at - 4000), at));
