// Room: bulk/. Checkouts on this machine: read from the working tree, written as a branch; the working tree stays as it is.
import { git, type GitAccess } from '../../forge/git/environment.ts';
import { makeCommit } from '../../forge/git/repository.ts';
import { ForgeError } from '../../forge/types.ts';
import type { Place, Transport } from './types.ts';

/** A transport over checkouts. Commits stand on HEAD; nothing is pushed anywhere. */
export function localTransport(access: GitAccess, author: { name: string; email: string }): Transport {
  const at = ({ directory, repo }: Place): string => {
    if (directory === undefined) throw new ForgeError('unsupported', `${repo} is no checkout on this machine`, { retryable: false });
    return directory;
  };
  const commitAt = async (cwd: string, revision: string): Promise<string | undefined> => {
    try {
      return (await git(access, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], { cwd })).trim();
    } catch (error) {
      // No such branch, or no commits.
      if (error instanceof ForgeError && error.kind === 'unprocessable') return undefined;
      throw error;
    }
  };
  return {
    async head(place, branch) {
      const cwd = at(place);
      const sha = await commitAt(cwd, branch === undefined ? 'HEAD' : `refs/heads/${branch}`);
      if (sha === undefined) return undefined;
      const name = branch ?? (await git(access, ['rev-parse', '--abbrev-ref', 'HEAD'], { cwd })).trim();
      return { branch: name, sha };
    },
    snapshot: (place) => Promise.reject(new ForgeError('unsupported', `${place.repo} is read from its working tree`, { retryable: false })),
    async write(place, { branch, expect, parent, files, message, author: given }, before) {
      const cwd = at(place);
      for (const file of files) await checkSame(access, cwd, parent, file.path, file.before);
      const directory = (await git(access, ['rev-parse', '--absolute-git-dir'], { cwd })).trim();
      const time = Math.floor(Date.now() / 1000);
      const commit = await makeCommit(access, { directory }, { parent, files, message, author: given ?? author, time });
      await before(commit);
      const old = expect === 'absent' ? '0'.repeat(commit.length) : expect;
      await git(access, ['update-ref', `refs/heads/${branch}`, commit, old], { cwd });
      return commit;
    },
  };
}

/** The working tree was read: a file with changes that are not committed would lose them in the branch. */
async function checkSame(access: GitAccess, cwd: string, parent: string, path: string, before: string | undefined): Promise<void> {
  const said = await git(access, ['ls-tree', '-z', '--full-tree', parent, '--', path], { cwd });
  const committed = /^\d+ blob ([0-9a-f]+)\t/.exec(said)?.[1];
  if (committed !== before) throw new ForgeError('unprocessable', `${path} has changes that are not committed`, { retryable: false });
}
