// Room: bulk/. Checkouts on this machine, as a source of repositories.
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Candidate } from './types.ts';

/** `DIR/repository`, `DIR/owner/repository`, `DIR/host/owner/repository`. */
const maxDepth = 3;
const unentered = new Set(['node_modules', '.git']);

/**
 * The checkouts below a directory: what has a `.git`, not looking into one; the directory itself when it is one. Where there is no
 * `.git` at all, each subdirectory counts as a repository. Links are not followed. Sorted by path.
 * @throws what reading the directory throws.
 */
export function* checkoutsBelow(directory: string): Generator<Candidate> {
  const root = realpathSync.native(directory);
  if (isCheckout(root)) {
    yield candidateOf(root, root);
    return;
  }
  let found = 0;
  for (const path of walk(root, 1)) {
    found += 1;
    yield candidateOf(root, path);
  }
  if (found === 0) for (const name of directoriesOf(root)) yield candidateOf(root, join(root, name));
}

function* walk(directory: string, depth: number): Generator<string> {
  for (const name of directoriesOf(directory)) {
    const path = join(directory, name);
    if (isCheckout(path)) yield path;
    else if (depth < maxDepth) yield* walk(path, depth + 1);
  }
}

function directoriesOf(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !unentered.has(entry.name))
    .map((entry) => entry.name)
    .sort();
}

const isCheckout = (path: string): boolean => lstatSync(join(path, '.git'), { throwIfNoEntry: false }) !== undefined;

function candidateOf(root: string, path: string): Candidate {
  const name = path === root ? (path.split(sep).at(-1) ?? 'checkout') : relative(root, path).split(sep).join('/');
  return { repo: `local/${name}`, directory: path };
}
