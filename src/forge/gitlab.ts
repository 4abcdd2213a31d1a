// Room: forge/. The client of GitLab: Gitbeaker's resources over the door.
import { branches } from './gitlab/branches.ts';
import { autoMerge } from './gitlab/auto-merge.ts';
import { once } from './ask.ts';
import { z } from 'zod';
import { inOrder } from './blob.ts';
import type { Connection } from './connection.ts';
import { answer, idOf, openGitLab } from './gitlab/api.ts';
import * as commits from './gitlab/commits.ts';
import * as pulls from './gitlab/pulls.ts';
import * as repositories from './gitlab/repositories.ts';
import type { Forge } from './types.ts';

/** Makes the client. Loaded when it is needed: it brings Gitbeaker and zod. */
export function gitLabForge(connection: Connection): Forge {
  const api = openGitLab(connection);
  const actor = once(() =>
    answer(z.object({ username: z.string() }), api.as({}).users.showCurrentUser(), 'user').then((user) => user.username),
  );
  return {
    kind: 'gitlab',
    host: api.host,
    bodyLimit: 1_000_000,
    features: { moveBranch: true, lease: false, signs: false },
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
    pull: (ref, number) => pulls.pull(api, ref, number),
    createPull: (ref, wanted) => pulls.createPull(api, ref, wanted),
    updatePull: (ref, number, patch) => pulls.updatePull(api, ref, number, patch),
    comment: (ref, number, body) => pulls.comment(api, ref, number, body),
    decorate: (ref, number, what) => pulls.decorate(api, ref, number, what),
    merge: (ref, number, how) => pulls.merge(api, ref, number, how),
    autoMerge: (ref, number, how) => autoMerge(api, ref, number, how),
    checks: (ref, commit) => repositories.checks(api, ref, commit),
    fork: async (ref, owner) => repositories.fork(api, ref, { owner: owner ?? (await actor()) }),
    deleteRepo: async (ref) => void (await api.as({}).projects.remove(idOf(ref))),
  };
}
