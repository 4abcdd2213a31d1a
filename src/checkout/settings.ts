// Room: checkout/. The repository's own file `.dockerfile-mod.yml`: read from the root, before anything of the repository is refactored.
import { dirname, join } from 'node:path';
import type { Disk } from '../context/disk.ts';
import { codeOf, isWithin, reasonOf } from './paths.ts';
import { exists } from './repository.ts';
import type { RepositorySettings } from './types.ts';

/** The first that is there counts. */
const names = ['.dockerfile-mod.yml', '.dockerfile-mod.yaml'];
/** Bytes. Ours: the file has one line. */
const maxSettings = 64 * 1024;

/** What a repository asks for, and the file that says it; undefined when it has none. */
export interface OwnSettings extends RepositorySettings {
  path: string;
}

/** In: the root of a repository, absolute on the disk. */
export function settingsAt(root: string, disk: Disk, parse: (text: string) => RepositorySettings): OwnSettings | undefined {
  for (const name of names) {
    const path = join(root, name);
    const own = exists(path, disk) ? readAt(path, disk, parse) : undefined;
    if (own) return own;
  }
  return undefined;
}

/** What is there and cannot be read is what somebody wanted of us all the same: the repository is left alone. */
function readAt(path: string, disk: Disk, parse: (text: string) => RepositorySettings): OwnSettings | undefined {
  try {
    const { entry, bytes } = disk.read(path, maxSettings);
    if (entry.kind === 'file' && entry.size <= maxSettings) return { path, ...parse(bytes.toString('utf8')) };
    return { path, enabled: 'no', unclear: [`it is no file of at most ${maxSettings} bytes`] };
  } catch (error) {
    // Gone again, or of a listed repository: not here yet.
    if (codeOf(error) === 'ENOENT') return undefined;
    return { path, enabled: 'no', unclear: [`it cannot be read: ${reasonOf(error)}`] };
  }
}

/** Where the file may stand for a Dockerfile: at the repository's root; of a directory without git, up to where the run was started. */
export function settingsRoots(root: string, cwd: string, disk: Disk): string[] {
  if (exists(join(root, '.git'), disk)) return [root];
  const roots = [root];
  const top = realOf(cwd, disk);
  for (let at = root; at !== top && isWithin(top, at) && at !== dirname(at);) {
    at = dirname(at);
    roots.push(at);
  }
  return roots;
}

function realOf(path: string, disk: Disk): string {
  try {
    return disk.realpath(path);
  } catch {
    return path;
  }
}
