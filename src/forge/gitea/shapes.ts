// Room: forge/. Gitea's and Forgejo's answers: what is read of them, and what it becomes.
// Source: the description that a Gitea serves at /swagger.v1.json (1.26.0, and 1.21's for what is optional here).
import { z } from 'zod';
import { baseAddress, hostOf } from '../address.ts';
import type { Commit, PullRequest, RepoInfo, RepoRef } from '../types.ts';

const user = z.object({ login: z.string() });

const repoName = z.object({ owner: user, name: z.string() });

export const repoShape = repoName.extend({
  id: z.number(),
  default_branch: z.string().nullish(),
  archived: z.boolean().nullish(),
  mirror: z.boolean().nullish(),
  fork: z.boolean().nullish(),
  empty: z.boolean().nullish(),
  private: z.boolean().nullish(),
  internal: z.boolean().nullish(),
  size: z.number().nullish(),
  updated_at: z.string().nullish(),
  topics: z.array(z.string()).nullish(),
  clone_url: z.string(),
  html_url: z.string(),
  permissions: z.object({ push: z.boolean() }).nullish(),
  parent: repoName.nullish(),
});

/** `host` is the one that was asked: an answer does not choose where the next request goes. */
export function repoInfo(host: string, repo: z.infer<typeof repoShape>): RepoInfo {
  const empty = repo.empty ?? false;
  return {
    host,
    owner: repo.owner.login,
    name: repo.name,
    id: String(repo.id),
    defaultBranch: empty ? undefined : repo.default_branch || undefined,
    archived: repo.archived ?? false,
    disabled: repo.mirror ?? false,
    fork: repo.fork ?? false,
    empty,
    visibility: visibility(repo),
    sizeKb: repo.size ?? undefined,
    pushedAt: repo.updated_at ?? undefined,
    topics: repo.topics ?? [],
    cloneUrl: repo.clone_url,
    webUrl: repo.html_url,
    canPush: repo.permissions?.push,
    parent: repo.parent ? { host, owner: repo.parent.owner.login, name: repo.parent.name } : undefined,
  };
}

function visibility(repo: z.infer<typeof repoShape>): RepoInfo['visibility'] {
  if (repo.private) return 'private';
  return repo.internal ? 'internal' : 'public';
}

export const treeShape = z.object({
  sha: z.string(),
  truncated: z.boolean().nullish(),
  total_count: z.number().nullish(),
  tree: z
    .array(
      z.object({
        path: z.string(),
        mode: z.enum(['100644', '100755', '120000', '160000', '040000']),
        sha: z.string(),
        size: z.number().nullish(),
      }),
    )
    .nullish(),
});

export const blobShape = z.object({ content: z.string().nullish(), encoding: z.string().nullish(), size: z.number().nullish() });

const identity = z.object({ name: z.string(), email: z.string() });
const parents = z.array(z.object({ sha: z.string() })).nullish();

/** Of git/commits, commits and compare. */
export const commitShape = z.object({
  sha: z.string(),
  parents,
  commit: z.object({ message: z.string(), tree: z.object({ sha: z.string() }).nullish(), author: identity.nullish() }),
});

/** Of contents: the commit that was made. */
export const filesShape = z.object({
  commit: z.object({
    sha: z.string(),
    parents,
    message: z.string().nullish(),
    tree: z.object({ sha: z.string() }).nullish(),
    author: identity.nullish(),
  }),
});

export function commitOf(found: z.infer<typeof commitShape>): Commit {
  const { sha, commit } = found;
  return {
    sha,
    parents: (found.parents ?? []).map((parent) => parent.sha),
    tree: commit.tree?.sha || undefined,
    message: commit.message,
    author: commit.author ?? undefined,
  };
}

export const branchShape = z.object({ name: z.string(), commit: z.object({ id: z.string() }) });

const side = z.object({ label: z.string(), ref: z.string(), sha: z.string(), repo: repoName.nullish() });

export const pullShape = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.string(),
  merged: z.boolean().nullish(),
  draft: z.boolean().nullish(),
  head: side,
  base: side,
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.object({ name: z.string() })).nullish(),
  mergeable: z.boolean().nullish(),
  is_locked: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  closed_at: z.string().nullish(),
  merged_by: user.nullish(),
  merge_commit_sha: z.string().nullish(),
});
export type GiteaPull = z.infer<typeof pullShape>;

/** Titles of drafts begin so: app.ini `[repository.pull-request] WORK_IN_PROGRESS_PREFIXES`, default `WIP:,[WIP]`. */
const draftPrefix = /^\s*(?:WIP:|\[WIP\])\s*/i;

/** The title as Gitea keeps it; a draft is a prefix there. */
export const titled = (title: string, draft: 'draft' | 'ready'): string =>
  draft === 'draft' && !draftPrefix.test(title) ? `WIP: ${title}` : title;

export function pullOf(host: string, pull: GiteaPull, review: PullRequest['review']): PullRequest {
  const draft = pull.draft ?? draftPrefix.test(pull.title);
  const merged = pull.merged ?? false;
  return {
    number: pull.number,
    url: pull.html_url,
    state: merged ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    draft,
    // A deleted branch has its pull's own ref in `ref`; `label` stays the branch's name.
    head: { ref: pull.head.label || pull.head.ref, sha: pull.head.sha, repo: refOf(host, pull.head.repo) },
    base: { ref: pull.base.ref, sha: pull.base.sha },
    title: draft ? pull.title.replace(draftPrefix, '') : pull.title,
    body: pull.body ?? '',
    labels: (pull.labels ?? []).map((label) => label.name),
    // `false` is said while it is worked out, too: `pull` asks again before it says no.
    mergeable: pull.mergeable ? 'yes' : 'unknown',
    locked: pull.is_locked ?? false,
    mergedAt: pull.merged_at ?? undefined,
    closedAt: pull.closed_at ?? undefined,
    closedBy: pull.merged_by?.login,
    mergeSha: merged ? (pull.merge_commit_sha ?? undefined) : undefined,
    review,
  };
}

function refOf(host: string, repo: z.infer<typeof repoName> | null | undefined): RepoRef | undefined {
  return repo ? { host, owner: repo.owner.login, name: repo.name } : undefined;
}

export const reviewsShape = z.array(
  z.object({
    state: z.string(),
    user: user.nullish(),
    dismissed: z.boolean().nullish(),
    stale: z.boolean().nullish(),
    submitted_at: z.string().nullish(),
  }),
);

export const statusShape = z.object({
  state: z.string().nullish(),
  total_count: z.number().nullish(),
  statuses: z.array(z.object({ context: z.string(), status: z.string().nullish(), state: z.string().nullish() })).nullish(),
});

export const labelsShape = z.array(z.object({ id: z.number(), name: z.string() }));

/** Host of a connection and where its API begins. */
export function giteaAddress(baseUrl: string): { host: string; root: string } {
  const url = baseAddress(baseUrl);
  return { host: hostOf(url), root: `${url.href.replace(/\/+$/, '')}/api/v1` };
}
