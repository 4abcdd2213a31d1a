// Room: forge/. GitHub: commits, signed by GitHub where it can be, with an expected head.
import { z } from 'zod';
import { objectId, told } from '../address.ts';
import type { Commit, CommitRequest, RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';
import { data, graphql, named } from './api.ts';
import type { GitHubApi } from './api.ts';
import { branchHead, repoWithNode } from './repositories.ts';
import { commitOf, compareShape, gitCommitShape } from './shapes.ts';

const conflict = (text: string): ForgeError => new ForgeError('conflict', text, { retryable: false });

export async function commit(api: GitHubApi, ref: RepoRef, sha: string): Promise<Commit> {
  const octokit = await api.octokit();
  const asked = { ...named(ref), commit_sha: objectId(sha), request: api.as({}) };
  return commitOf(await data(gitCommitShape, octokit.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', asked)));
}

/**
 * Three ways, by what the request needs:
 * - on top of the head, as the actor: `createCommitOnBranch`, which GitHub signs and which takes the expected head;
 * - another author, an executable file (that mutation knows no modes), or another parent: tree and commit by REST, then the
 *   branch is made (refused when it exists) or moved by `updateRefs`, which takes the expected head as well.
 * A new branch at `parent` without a commit of its own is taken as ours: a run was ended between the two calls, and nobody's work is on it.
 */
export async function commitFiles(api: GitHubApi, ref: RepoRef, request: CommitRequest): Promise<Commit> {
  const head = await branchHead(api, ref, request.branch);
  const { expect, parent } = request;
  const started = expect === 'absent' && head === parent;
  if (!started && head !== (expect === 'absent' ? undefined : expect))
    throw conflict(`${told(ref)}: ${request.branch} is not at ${expect} any more`);
  const plain = request.author === undefined && request.files.every((file) => file.mode === '100644');
  if (plain && (expect === 'absent' || expect === parent)) {
    if (head === undefined) await makeBranch(api, ref, request.branch, parent);
    return commitOnBranch(api, ref, request);
  }
  const made = await commitByTree(api, ref, request);
  if (head === undefined) await makeBranch(api, ref, request.branch, made.sha);
  else await moveBranch(api, ref, { branch: request.branch, from: head, to: made.sha });
  return made;
}

async function makeBranch(api: GitHubApi, ref: RepoRef, branch: string, sha: string): Promise<void> {
  const octokit = await api.octokit();
  const body = { ref: `refs/heads/${branch}`, sha: objectId(sha) };
  await data(z.unknown(), octokit.request('POST /repos/{owner}/{repo}/git/refs', { ...named(ref), ...body, request: api.as({}) }));
}

export const commitMutation = `mutation Commit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) {
    commit { oid message tree { oid } parents(first: 2) { nodes { oid } } author { name email } }
  }
}`;

const madeShape = z.object({
  createCommitOnBranch: z.object({
    commit: z.object({
      oid: z.string(),
      message: z.string(),
      tree: z.object({ oid: z.string() }),
      parents: z.object({ nodes: z.array(z.object({ oid: z.string() })) }),
      author: z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish(),
    }),
  }),
});

async function commitOnBranch(api: GitHubApi, ref: RepoRef, request: CommitRequest): Promise<Commit> {
  const [headline = '', ...rest] = request.message.split('\n');
  const body = rest.join('\n').trim();
  const input = {
    branch: { repositoryNameWithOwner: told(ref), branchName: request.branch },
    expectedHeadOid: objectId(request.parent),
    message: { headline, ...(body === '' ? {} : { body }) },
    fileChanges: { additions: request.files.map((file) => ({ path: file.path, contents: Buffer.from(file.content).toString('base64') })) },
  };
  const { createCommitOnBranch } = await graphql(api, madeShape, { query: commitMutation, variables: { input }, kind: 'content' });
  const { oid: sha, message, tree, parents, author } = createCommitOnBranch.commit;
  return commitOf({ sha, message, tree: { sha: tree.oid }, parents: parents.nodes.map(({ oid }) => ({ sha: oid })), author });
}

async function commitByTree(api: GitHubApi, ref: RepoRef, request: CommitRequest): Promise<Commit> {
  const octokit = await api.octokit();
  const base = await commit(api, ref, request.parent);
  const sha = z.object({ sha: z.string() });
  const tree: { path: string; mode: '100644' | '100755'; type: 'blob'; sha: string }[] = [];
  for (const file of request.files) {
    // By blobs: a tree takes text only, and a Dockerfile may hold other bytes.
    const content = { content: Buffer.from(file.content).toString('base64'), encoding: 'base64' };
    const made = await data(
      sha,
      octokit.request('POST /repos/{owner}/{repo}/git/blobs', { ...named(ref), ...content, request: api.as({}) }),
    );
    tree.push({ path: file.path, mode: file.mode, type: 'blob', sha: made.sha });
  }
  const wanted = { ...named(ref), tree, ...(base.tree === undefined ? {} : { base_tree: base.tree }), request: api.as({}) };
  const root = await data(sha, octokit.request('POST /repos/{owner}/{repo}/git/trees', wanted));
  const author = request.author ? { author: request.author } : {};
  const body = { ...named(ref), message: request.message, tree: root.sha, parents: [request.parent], ...author, request: api.as({}) };
  return commitOf(await data(gitCommitShape, octokit.request('POST /repos/{owner}/{repo}/git/commits', body)));
}

export const moveMutation = `mutation Move($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }`;

async function moveBranch(api: GitHubApi, ref: RepoRef, move: { branch: string; from: string; to: string }): Promise<void> {
  const { nodeId } = await repoWithNode(api, ref);
  const refUpdates = [{ name: `refs/heads/${move.branch}`, beforeOid: move.from, afterOid: move.to, force: true }];
  try {
    await graphql(api, z.unknown(), { query: moveMutation, variables: { input: { repositoryId: nodeId, refUpdates } }, kind: 'content' });
  } catch (error) {
    // Its words for another head are not documented: the head itself tells.
    const refused = error instanceof ForgeError && error.status !== undefined && error.status < 500 && error.kind !== 'rate-limited';
    if (refused && (await branchHead(api, ref, move.branch)) !== move.from) throw conflict(`${told(ref)}: ${move.branch} moved meanwhile`);
    throw error;
  }
}

const mostCommits = 250;

export async function commitsBetween(api: GitHubApi, ref: RepoRef, base: string, head: string): Promise<Commit[]> {
  const octokit = await api.octokit();
  const found: Commit[] = [];
  for (let page = 1; found.length < mostCommits; page += 1) {
    const asked = { ...named(ref), basehead: `${objectId(base)}...${objectId(head)}`, per_page: 100, page, request: api.as({}) };
    const { commits } = await data(compareShape, octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', asked));
    found.push(...commits.map((one) => commitOf({ ...one.commit, sha: one.sha, parents: one.parents })));
    if (commits.length < 100) break;
  }
  return found.slice(0, mostCommits);
}

export async function deleteBranch(api: GitHubApi, ref: RepoRef, branch: string): Promise<void> {
  const octokit = await api.octokit();
  const asked = { ...named(ref), ref: `heads/${branch}`, request: api.as({}) };
  try {
    await data(z.unknown(), octokit.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', asked));
  } catch (error) {
    const gone =
      error instanceof ForgeError && (error.kind === 'not-found' || (error.status === 422 && /does not exist/i.test(error.message)));
    if (!gone) throw error;
  }
}
