// Room: forge/. All files of one commit in a directory, for building; nothing of the repository is run, no filter and no hook.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { git, type GitAccess } from './environment.ts';
import { fetchCommit, type BareRepository } from './repository.ts';

/**
 * Brings a commit with its blobs, without its history, and writes its files below an empty directory. Links stay links: a build context
 * has them. Submodules and files of LFS are not brought. The directory gets an empty `.git`, as the mark of where the repository begins.
 */
export async function checkOut(access: GitAccess, repository: BareRepository, commit: string, into: string): Promise<void> {
  await fetchCommit(access, repository, commit, 'now');
  const { directory } = repository;
  const env = { GIT_DIR: directory, GIT_WORK_TREE: into, GIT_INDEX_FILE: join(directory, 'index') };
  await git(access, ['read-tree', commit], { cwd: into, env });
  await git(access, ['-c', 'core.bare=false', '-c', 'core.symlinks=true', 'checkout-index', '--all', '--force'], { cwd: into, env });
  mkdirSync(join(into, '.git'), { recursive: true });
}
