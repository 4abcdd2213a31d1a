// Room: bulk/. Reads and writes by git: one shallow fetch without blobs, one for the blobs that are wanted, a push with a lease.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkOut } from '../../forge/git/checkout.ts';
import type { GitAccess } from '../../forge/git/environment.ts';
import {
  bareRepository,
  fetchCommit,
  listTree,
  makeCommit,
  pushCommit,
  readBlobs,
  remoteHeads,
  removeRepository,
  type BareRepository,
} from '../../forge/git/repository.ts';
import { ForgeError, type RepoRef } from '../../forge/types.ts';
import { maxBlob } from './api.ts';
import type { Place, Transport } from './types.ts';

export interface GitTransportOptions {
  access: GitAccess;
  /** Where bare repositories are made and removed again. */
  scratch: string;
  /** The clone URL of a repository on the forge. */
  urlOf(ref: RepoRef): string;
  /** Author where the campaign names none. */
  author: { name: string; email: string };
  now(): number;
}

/** Without limits worth naming: a repository has some hundred thousand files at most. */
const maxBlobs = 20_000;

/** A transport over git. Every repository is fetched into a directory of its own, which is gone afterwards. */
export function gitTransport(options: GitTransportOptions): Transport {
  const { access, scratch, author, now } = options;
  const urlFor = (place: Place): string => {
    const url = place.ref && !place.url?.startsWith('file:') ? options.urlOf(place.ref) : place.url;
    if (url === undefined) throw new ForgeError('unsupported', `${place.repo} has no address for git`, { retryable: false });
    return url;
  };
  const fetched = async (place: Place, commit: string): Promise<BareRepository> => {
    const repository = await bareRepository(access, scratch, urlFor(place));
    try {
      await fetchCommit(access, repository, commit);
      return repository;
    } catch (error) {
      removeRepository(repository);
      throw error;
    }
  };
  return {
    async head(place, branch) {
      const { heads, defaultBranch } = await remoteHeads(access, urlFor(place), branch === undefined ? [] : [branch]);
      const name = branch ?? defaultBranch;
      const sha = branch === undefined ? heads.get('HEAD') : heads.get(branch);
      return name === undefined || sha === undefined ? undefined : { branch: name, sha };
    },
    async snapshot(place, commit) {
      const repository = await fetched(place, commit);
      return {
        entries: await listTree(access, repository, commit),
        maxBlobs,
        bring: (shas) => readBlobs(access, repository, shas, maxBlob),
        close: () => removeRepository(repository),
      };
    },
    async checkOut(place, commit) {
      const repository = await bareRepository(access, scratch, urlFor(place));
      const directory = realpathSync.native(mkdtempSync(join(scratch, 'files-')));
      const close = (): void => rmSync(directory, { recursive: true, force: true });
      try {
        await checkOut(access, repository, commit, directory);
        return { directory, close };
      } catch (error) {
        close();
        throw error;
      } finally {
        removeRepository(repository);
      }
    },
    async write(place, { branch, expect, parent, files, message, author: given, to }, before) {
      const repository = await fetched(place, parent);
      try {
        const time = Math.floor(now() / 1000);
        const commit = await makeCommit(access, repository, { parent, files, message, author: given ?? author, time });
        await before(commit);
        const target = to ? { ...repository, url: options.urlOf(to) } : repository;
        await pushCommit(access, target, { branch, commit, expect });
        return commit;
      } finally {
        removeRepository(repository);
      }
    },
  };
}
