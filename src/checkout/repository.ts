// Room: checkout/. Where the repository of a Dockerfile begins.
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Directories looked at on the way up. */
const maxUp = 64;

/** The nearest directory with a `.git` (a directory, or a file in worktrees and submodules), from `dir` up. */
export function repositoryRoot(dir: string): string | undefined {
  for (let at = dir, steps = 0; steps < maxUp; at = dirname(at), steps++) {
    if (lstatSync(join(at, '.git'), { throwIfNoEntry: false })) return at;
    if (at === dirname(at)) return undefined;
  }
  return undefined;
}
