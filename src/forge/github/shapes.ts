// Room: forge/. GitHub's answers: what is read of them, and what it becomes.
// Source: GitHub's OpenAPI description (@octokit/openapi 23.0.2); the tests hold these against a slice of it.
import { z } from 'zod';
import type { Commit, PullRequest, RepoInfo, RepoRef } from '../types.ts';

const user = z.object({ login: z.string() });
const repoName = z.object({ owner: user, name: z.string() });

export const repoShape = repoName.extend({
  id: z.number(),
  node_id: z.string(),
  default_branch: z.string().nullish(),
  archived: z.boolean().nullish(),
  disabled: z.boolean().nullish(),
  fork: z.boolean(),
  private: z.boolean(),
  visibility: z.string().nullish(),
  size: z.number().nullish(),
  pushed_at: z.string().nullish(),
  topics: z.array(z.string()).nullish(),
  clone_url: z.string().nullish(),
  html_url: z.string(),
  permissions: z.object({ push: z.boolean().nullish() }).nullish(),
  parent: repoName.nullish(),
});

const visibilities = new Set(['public', 'internal', 'private']);

/** `host` is the one that was asked: an answer does not choose where the next request goes. */
export function repoInfo(host: string, repo: z.infer<typeof repoShape>): RepoInfo {
  const told = repo.visibility ?? '';
  return {
    ...refOf(host, repo),
    id: String(repo.id),
    defaultBranch: repo.default_branch ?? undefined,
    archived: repo.archived ?? false,
    disabled: repo.disabled ?? false,
    fork: repo.fork,
    // Not told: a repository without commits has a default branch all the same. `repo` asks for it when the size is 0.
    empty: false,
    visibility: visibilities.has(told) ? (told as RepoInfo['visibility']) : repo.private ? 'private' : 'public',
    sizeKb: repo.size ?? undefined,
    pushedAt: repo.pushed_at ?? undefined,
    topics: repo.topics ?? [],
    cloneUrl: repo.clone_url ?? `${repo.html_url}.git`,
    webUrl: repo.html_url,
    canPush: repo.permissions?.push ?? undefined,
    parent: repo.parent ? refOf(host, repo.parent) : undefined,
  };
}

export function refOf(host: string, repo: z.infer<typeof repoName>): RepoRef {
  return { host, owner: repo.owner.login, name: repo.name };
}

export const refShape = z.object({ object: z.object({ sha: z.string(), type: z.string() }) });

export const treeShape = z.object({
  sha: z.string(),
  truncated: z.boolean(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.enum(['100644', '100755', '120000', '160000', '040000']),
      sha: z.string(),
      size: z.number().nullish(),
    }),
  ),
});

export const blobShape = z.object({ content: z.string(), encoding: z.string(), size: z.number().nullish() });

const identity = z.object({ name: z.string().nullish(), email: z.string().nullish() });
const parents = z.array(z.object({ sha: z.string() }));

/** Of git/commits. */
export const gitCommitShape = z.object({
  sha: z.string(),
  parents,
  tree: z.object({ sha: z.string() }),
  message: z.string(),
  author: identity.nullish(),
});

/** Of compare. */
export const compareShape = z.object({
  commits: z.array(
    z.object({
      sha: z.string(),
      parents,
      commit: z.object({ message: z.string(), tree: z.object({ sha: z.string() }), author: identity.nullish() }),
    }),
  ),
});

export function commitOf(found: z.infer<typeof gitCommitShape>): Commit {
  const { name, email } = found.author ?? {};
  return {
    sha: found.sha,
    parents: found.parents.map((parent) => parent.sha),
    tree: found.tree.sha,
    message: found.message,
    author: name && email ? { name, email } : undefined,
  };
}

const side = z.object({ ref: z.string(), sha: z.string(), repo: repoName.nullish() });

export const pullShape = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.string(),
  draft: z.boolean().nullish(),
  head: side,
  base: side,
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.object({ name: z.string().nullish() })).nullish(),
  /** Only of a single one; null while it is worked out. */
  mergeable: z.boolean().nullish(),
  locked: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  closed_at: z.string().nullish(),
  merged_by: user.nullish(),
  merge_commit_sha: z.string().nullish(),
});

export function pullOf(host: string, pull: z.infer<typeof pullShape>, review: PullRequest['review']): PullRequest {
  const merged = pull.merged_at !== null && pull.merged_at !== undefined;
  return {
    number: pull.number,
    url: pull.html_url,
    state: merged ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    draft: pull.draft ?? false,
    head: { ref: pull.head.ref, sha: pull.head.sha, repo: pull.head.repo ? refOf(host, pull.head.repo) : undefined },
    base: { ref: pull.base.ref, sha: pull.base.sha },
    title: pull.title,
    body: pull.body ?? '',
    labels: (pull.labels ?? []).flatMap(({ name }) => (name ? [name] : [])),
    mergeable: pull.mergeable === true ? 'yes' : pull.mergeable === false ? 'no' : 'unknown',
    locked: pull.locked ?? false,
    mergedAt: pull.merged_at ?? undefined,
    closedAt: pull.closed_at ?? undefined,
    closedBy: pull.merged_by?.login,
    mergeSha: merged ? (pull.merge_commit_sha ?? undefined) : undefined,
    review,
  };
}

export const reviewsShape = z.array(z.object({ state: z.string(), user: user.nullish() }));
