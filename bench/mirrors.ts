// Git directories of public repositories, from which trees are checked out: nothing is fetched, and what a mirror lacks is left out.
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** The git directory of a repository: OWNER+NAME/repo, OWNER/NAME.git or OWNER/NAME/.git below the folder. */
export function mirrorOf(repository: string, folder: string): string | undefined {
  const forms = [join(repository.replace('/', '+'), 'repo'), `${repository}.git`, join(repository, '.git')];
  return forms.map((form) => join(folder, form)).find((path) => existsSync(join(path, 'HEAD')));
}

/** git on a mirror, without a network: what the mirror lacks is missing. */
export function git(mirror: string, args: readonly string[], env: Record<string, string> = {}, cwd?: string): SpawnSyncReturns<string> {
  const quiet = [
    '-c',
    'filter.lfs.smudge=',
    '-c',
    'filter.lfs.process=',
    '-c',
    'filter.lfs.required=false',
    '-c',
    'advice.detachedHead=false',
  ];
  return spawnSync('git', ['--git-dir', mirror, ...quiet, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, GIT_NO_LAZY_FETCH: '1', ...env },
  });
}

/** Writes the tree of a revision below a directory that is made for it; false: the mirror has no such revision. Files that it lacks (large ones, as a rule) are left out. */
export function checkedOut(mirror: string, revision: string, place: string): boolean {
  mkdirSync(place);
  const index = { GIT_INDEX_FILE: `${place}.index` };
  if (git(realpathSync(mirror), ['read-tree', revision], index).status !== 0) return false;
  git(realpathSync(mirror), ['--work-tree', place, 'checkout-index', '--all', '--force', '--quiet'], index, place);
  return true;
}
