// Room: checkout/. Where the repository of a Dockerfile begins.
import { dirname, join } from 'node:path';
import { localDisk, type Disk } from '../context/disk.ts';

/** Directories looked at on the way up. */
const maxUp = 64;

/** The nearest directory with a `.git` (a directory, or a file in worktrees and submodules), from `dir` up. */
export function repositoryRoot(dir: string, disk: Disk = localDisk): string | undefined {
  for (let at = dir, steps = 0; steps < maxUp; at = dirname(at), steps++) {
    if (exists(join(at, '.git'), disk)) return at;
    if (at === dirname(at)) return undefined;
  }
  return undefined;
}

/** Whether the disk has something at a path, be it a link that leads nowhere. */
export function exists(path: string, disk: Disk): boolean {
  try {
    return disk.lstat(path) !== undefined;
  } catch {
    return false;
  }
}
