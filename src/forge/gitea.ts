// Room: forge/. The client of Gitea and Forgejo (1.21 and later), by fetch.
import { branches } from './gitea/branches.ts';
import { autoMerge } from './gitea/auto-merge.ts';
import { z } from 'zod';
import { ask, once } from './ask.ts';
import type { Api } from './ask.ts';
import { inOrder } from './blob.ts';
import { path } from './address.ts';
import type { Connection } from './connection.ts';
import type { Meaning } from './errors.ts';
import { openDoor } from './request.ts';
import type { Forge } from './types.ts';
import { ForgeError } from './types.ts';
import * as commits from './gitea/commits.ts';
import * as forks from './gitea/forks.ts';
import * as pulls from './gitea/pulls.ts';
import * as repositories from './gitea/repositories.ts';
import { giteaAddress } from './gitea/shapes.ts';

/** What Gitea 1.26.0 answers where it is not the general table (measured). */
const meaning: Meaning = (status, message) => {
  if (status === 423) return 'archived';
  // Said for commits (409); a tree of an empty repository answers 400 "sha not found", as any unknown object does.
  if (/repository is empty/i.test(message)) return 'empty';
  if (status === 409 && /pull request already exists/i.test(message)) return 'already-exists';
  // A head or a blob that moved between reading and writing comes as 422; a file that is gone as 404 with its path.
  if (status === 422 && /sha does not match|branch already exists|file already exists|commit ID does not match/i.test(message))
    return 'conflict';
  if (status === 404 && /object does not exist \[id: , rel_path: ./i.test(message)) return 'conflict';
  if (status === 400 && /object does not exist|sha not found/i.test(message)) return 'not-found';
  return undefined;
};

/** Makes the client. Loaded when it is needed: it brings zod. */
export function giteaForge(connection: Connection): Forge {
  const { host, root } = giteaAddress(connection.baseUrl);
  const { credential } = connection;
  if (credential?.kind === 'app') throw new ForgeError('unsupported', 'Gitea has no apps: use a token', { retryable: false });
  const headers: Record<string, string> = credential ? { authorization: `token ${credential.value}` } : {};
  const api: Api = { host, door: openDoor({ connection, root, meaning, headers }) };
  const actor = once(() => ask(api, z.object({ login: z.string() }), { method: 'GET', path: path`/user` }).then((user) => user.login));
  return {
    kind: 'gitea',
    host,
    bodyLimit: 1_000_000,
    features: { moveBranch: false, lease: false, signs: false },
    actor,
    repo: (ref) => repositories.repo(api, ref),
    listRepos: (query) => repositories.listRepos(api, query),
    branchHead: (ref, branch) => repositories.branchHead(api, ref, branch),
    branches: (ref) => branches(api, ref),
    tree: (ref, commit) => repositories.tree(api, ref, commit),
    blob: (ref, sha, maxBytes) => repositories.blob(api, ref, sha, maxBytes),
    blobs: (ref, shas, maxBytes) => inOrder(shas, 4, (sha) => repositories.blob(api, ref, sha, maxBytes)),
    commit: (ref, sha) => commits.commit(api, ref, sha),
    commitFiles: (ref, request) => commits.commitFiles(api, ref, request),
    commitsBetween: (ref, base, head) => commits.commitsBetween(api, ref, base, head),
    deleteBranch: (ref, branch) => commits.deleteBranch(api, ref, branch),
    findPulls: (ref, head, base) => pulls.findPulls(api, ref, head, base),
    pull: (ref, number) => pulls.pull(api, connection, ref, number),
    createPull: (ref, wanted) => pulls.createPull(api, ref, wanted),
    updatePull: (ref, number, patch) => pulls.updatePull(api, ref, number, patch),
    comment: (ref, number, body) => pulls.comment(api, ref, number, body),
    decorate: (ref, number, what) => pulls.decorate(api, ref, number, what),
    merge: (ref, number, how) => pulls.merge(api, connection, ref, number, how),
    autoMerge: (ref, number, how) => autoMerge(api, connection, ref, number, how),
    checks: (ref, commit) => repositories.checks(api, ref, commit),
    fork: async (ref, owner) => forks.fork(api, connection, ref, { owner, actor: await actor() }),
    deleteRepo: async (ref) => {
      await api.door.request({ method: 'DELETE', path: path`/repos/${ref.owner}/${ref.name}` });
    },
  };
}
