// Room: forge/. The client of GitHub and GitHub Enterprise: Octokit, by a token or as an app.
import { branches } from './github/branches.ts';
import { autoMerge } from './github/auto-merge.ts';
import { once } from './ask.ts';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import * as commits from './github/commits.ts';
import { graphql, openGitHub } from './github/api.ts';
import { listRepos } from './github/listing.ts';
import * as pulls from './github/pulls.ts';
import * as repositories from './github/repositories.ts';
import type { Forge } from './types.ts';

/** Body of a pull request: 65,536 characters; Renovate and others stay below, because GitHub counts some twice. */
const bodyLimit = 58_000;

/** Makes the client. Loaded when it is needed: it brings Octokit and zod. */
export function gitHubForge(connection: Connection): Forge {
  const api = openGitHub(connection);
  const viewer = z.object({ viewer: z.object({ login: z.string() }) });
  // REST's /user is closed to apps; GraphQL's viewer answers for both.
  const actor = once(() =>
    graphql(api, viewer, { query: '{ viewer { login } }', variables: {}, kind: 'read' }).then((found) => found.viewer.login),
  );
  return {
    kind: 'github',
    host: api.host,
    bodyLimit,
    features: { moveBranch: true, lease: true, signs: true },
    actor,
    repo: (ref) => repositories.repo(api, ref),
    listRepos: (query) => listRepos(api, query, actor),
    branchHead: (ref, branch) => repositories.branchHead(api, ref, branch),
    branches: (ref) => branches(api, ref),
    tree: (ref, commit) => repositories.tree(api, ref, commit),
    blob: (ref, sha, maxBytes) => repositories.blob(api, ref, sha, maxBytes),
    blobs: (ref, shas, maxBytes) => repositories.blobs(api, ref, shas, maxBytes),
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
    checks: (ref, commit) => pulls.checks(api, ref, commit),
    fork: (ref, owner) => repositories.fork(api, ref, owner),
    deleteRepo: (ref) => repositories.deleteRepo(api, ref),
  };
}
