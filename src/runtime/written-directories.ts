// Room: runtime/. Directories of the context that a compiled program may write into by a name that it computes; those of literal names: files.ts.
import { parentOf } from '../context/paths.ts';
import { walk } from '../context/walk.ts';
import type { SourceHit } from '../ecosystems/types.ts';
import type { Project } from '../facts/project.ts';
import { entryKind, type Layout } from './entries.ts';
import { KEEPS } from './writable.ts';

interface Question {
  project: Project;
  layout: Layout;
  hits: readonly SourceHit[];
}

/** Context paths below `dir`: those that are empty in git, and those that sources name where they compute what they write. */
export function writtenDirectories(q: Question, dir: string): string[] {
  const { tree, ignore } = q.project;
  const below = walk(tree, dir).filter(({ path }) => !ignore.ignores(path));
  const dirs = new Map<string, string[]>();
  for (const { kind, path, name } of below) {
    if (kind === 'dir') dirs.set(path, dirs.get(path) ?? []);
    else {
      const parent = parentOf(path);
      dirs.set(parent, [...(dirs.get(parent) ?? []), name]);
    }
  }
  dirs.delete(dir);
  const found = new Set<string>();
  for (const [path, names] of dirs) if (names.length > 0 && names.every((name) => KEEPS.has(name))) found.add(path);
  const computed = q.hits.some(({ kind, literal }) => kind === 'write' && literal === undefined);
  if (computed) for (const path of dirs.keys()) if (isNamed(q, dir, path)) found.add(path);
  return [...found].filter((path) => !isSource(q, dir, path));
}

/** A source has the directory's path as a text, or as the beginning of one. */
function isNamed({ project, hits }: Question, dir: string, path: string): boolean {
  const relative = dir === '' ? path : path.slice(dir.length + 1);
  return [...new Set(hits.map(({ file }) => file))].some((file) => {
    const read = project.tree.read(file);
    return (
      read.kind === 'text' &&
      [`"${relative}"`, `"./${relative}"`, `"${relative}/`, `"./${relative}/`].some((text) => read.text.includes(text))
    );
  });
}

/** It stands among what is compiled or tested, or holds sources itself. */
function isSource({ project: { tree }, layout }: Question, dir: string, path: string): boolean {
  const [top = ''] = path.slice(dir === '' ? 0 : dir.length + 1).split('/');
  return (
    entryKind(top, 'dir', layout) === 'build' || walk(tree, path).some(({ kind, name }) => kind !== 'dir' && layout.sources.test(name))
  );
}
