// Room: bulk/. Reads and writes by the forge's API: only the files that the facts need.
import { ForgeError, type Forge, type RepoRef } from '../../forge/types.ts';
import type { Place, Transport } from './types.ts';

/** Bytes of one blob; what is larger is not read by the core either (context/limits.ts). */
export const maxBlob = 5 * 1024 * 1024;
/** Above so many, git brings them in fewer requests. */
const maxBlobs = 150;

/** A transport that makes one request for a tree and one (or less) for each blob. */
export function apiTransport(forge: Forge): Transport {
  return {
    async head(place, branch) {
      const ref = refOf(place);
      const name = branch ?? (await forge.repo(ref)).defaultBranch;
      const sha = name === undefined ? undefined : await forge.branchHead(ref, name);
      return name === undefined || sha === undefined ? undefined : { branch: name, sha };
    },
    async snapshot(place, commit) {
      const ref = refOf(place);
      const tree = await forge.tree(ref, commit);
      if (tree.truncated) throw new ForgeError('unsupported', 'the forge does not list the whole tree', { retryable: false });
      return {
        entries: tree.entries,
        maxBlobs,
        bring: async (shas) => {
          const sizes = new Map(tree.entries.map(({ sha, size }) => [sha, size ?? 0]));
          const small = shas.filter((sha) => (sizes.get(sha) ?? 0) <= maxBlob);
          const blobs = await forge.blobs(ref, small, maxBlob);
          return new Map(small.map((sha, i) => [sha, Buffer.from(blobs[i] ?? [])]));
        },
        close: () => undefined,
      };
    },
    async write(place, { branch, expect, parent, files, message, author, to }, before) {
      await before(undefined);
      const commit = await forge.commitFiles(to ?? refOf(place), { branch, expect, parent, files, message, ...(author ? { author } : {}) });
      return commit.sha;
    },
  };
}

export function refOf({ ref, repo }: Pick<Place, 'ref' | 'repo'>): RepoRef {
  if (!ref) throw new ForgeError('unsupported', `${repo} is not on a forge`, { retryable: false });
  return ref;
}
