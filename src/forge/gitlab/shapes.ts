// Room: forge/. GitLab's answers: what is read of them, and what it becomes.
// Source: docs.gitlab.com/api (projects, branches, commits, repositories, merge_requests, merge_request_approvals; read 2026-11).
import { z } from 'zod';
import type { Commit, PullRequest, RepoInfo, RepoRef } from '../types.ts';

const user = z.object({ username: z.string() });
const access = z.object({ access_level: z.number().nullish() }).nullish();

export const projectShape = z.object({
  id: z.number(),
  path: z.string(),
  path_with_namespace: z.string(),
  default_branch: z.string().nullish(),
  archived: z.boolean().nullish(),
  empty_repo: z.boolean().nullish(),
  visibility: z.string().nullish(),
  statistics: z.object({ repository_size: z.number().nullish() }).nullish(),
  last_activity_at: z.string().nullish(),
  topics: z.array(z.string()).nullish(),
  http_url_to_repo: z.string().nullish(),
  web_url: z.string(),
  repository_access_level: z.string().nullish(),
  permissions: z.object({ project_access: access, group_access: access }).nullish(),
  forked_from_project: z.object({ path_with_namespace: z.string() }).nullish(),
  import_status: z.string().nullish(),
});
export type Project = z.infer<typeof projectShape>;

/** docs.gitlab.com "Members API", roles: 30 is Developer, the first that pushes. */
const developer = 30;

/** A path with namespace: everything before the last slash is the owner. */
export function refOf(host: string, path: string): RepoRef {
  const cut = path.lastIndexOf('/');
  return { host, owner: path.slice(0, cut), name: path.slice(cut + 1) };
}

/** `host` is the one that was asked: an answer does not choose where the next request goes. */
export function repoInfo(host: string, project: Project): RepoInfo {
  // Only the single project says `empty_repo`; in lists a missing default branch does.
  const empty = project.empty_repo ?? project.default_branch === null;
  const levels = [project.permissions?.project_access?.access_level, project.permissions?.group_access?.access_level].filter(
    (level) => typeof level === 'number',
  );
  const bytes = project.statistics?.repository_size;
  const told = project.visibility ?? '';
  return {
    ...refOf(host, project.path_with_namespace),
    id: String(project.id),
    defaultBranch: empty ? undefined : (project.default_branch ?? undefined),
    archived: project.archived ?? false,
    disabled: project.repository_access_level === 'disabled',
    fork: project.forked_from_project !== null && project.forked_from_project !== undefined,
    empty,
    visibility: told === 'public' || told === 'internal' ? told : 'private',
    sizeKb: typeof bytes === 'number' ? Math.ceil(bytes / 1024) : undefined,
    pushedAt: project.last_activity_at ?? undefined,
    topics: project.topics ?? [],
    cloneUrl: project.http_url_to_repo ?? `${project.web_url}.git`,
    webUrl: project.web_url,
    canPush: levels.length === 0 ? undefined : levels.some((level) => level >= developer),
    parent: project.forked_from_project ? refOf(host, project.forked_from_project.path_with_namespace) : undefined,
  };
}

export const branchShape = z.object({ name: z.string(), commit: z.object({ id: z.string() }) });

export const treeShape = z.array(
  z.object({ id: z.string(), path: z.string(), mode: z.enum(['100644', '100755', '120000', '160000', '040000']) }),
);

export const blobShape = z.object({ size: z.number(), encoding: z.string(), content: z.string() });

export const commitShape = z.object({
  id: z.string(),
  parent_ids: z.array(z.string()),
  message: z.string(),
  author_name: z.string().nullish(),
  author_email: z.string().nullish(),
});

export function commitOf(found: z.infer<typeof commitShape>): Commit {
  const { author_name: name, author_email: email } = found;
  return {
    sha: found.id,
    parents: found.parent_ids,
    tree: undefined,
    message: found.message,
    author: name && email ? { name, email } : undefined,
  };
}

export const mergeRequestShape = z.object({
  iid: z.number(),
  web_url: z.string(),
  state: z.string(),
  draft: z.boolean().nullish(),
  source_branch: z.string(),
  target_branch: z.string(),
  source_project_id: z.number().nullish(),
  target_project_id: z.number(),
  sha: z.string().nullish(),
  diff_refs: z.object({ start_sha: z.string().nullish() }).nullish(),
  title: z.string(),
  description: z.string().nullish(),
  labels: z.array(z.string()).nullish(),
  has_conflicts: z.boolean().nullish(),
  merge_status: z.string().nullish(),
  detailed_merge_status: z.string().nullish(),
  head_pipeline: z.object({ status: z.string() }).nullish(),
  discussion_locked: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  closed_at: z.string().nullish(),
  merge_user: user.nullish(),
  closed_by: user.nullish(),
  merge_commit_sha: z.string().nullish(),
  squash_commit_sha: z.string().nullish(),
  reviewers: z.array(user.extend({ id: z.number() })).nullish(),
  assignees: z.array(user.extend({ id: z.number() })).nullish(),
});
export type MergeRequest = z.infer<typeof mergeRequestShape>;

/** docs.gitlab.com "Draft merge requests": the title says it. */
const draftPrefix = /^\s*(?:\[draft\]|draft:|\(draft\))\s*/i;
export const titled = (title: string, draft: 'draft' | 'ready'): string =>
  draft === 'draft' && !draftPrefix.test(title) ? `Draft: ${title}` : title;

/** `repo` is where it was asked for, `source` the project of its branch. */
export function pullOf(request: MergeRequest, source: RepoRef | undefined, review: PullRequest['review']): PullRequest {
  const draft = request.draft ?? draftPrefix.test(request.title);
  const merged = request.state === 'merged';
  return {
    number: request.iid,
    url: request.web_url,
    // `locked` is the moment in which it is merged.
    state: merged ? 'merged' : request.state === 'closed' ? 'closed' : 'open',
    draft,
    head: { ref: request.source_branch, sha: request.sha ?? '', repo: source },
    base: { ref: request.target_branch, sha: request.diff_refs?.start_sha ?? '' },
    title: draft ? request.title.replace(draftPrefix, '') : request.title,
    body: request.description ?? '',
    labels: request.labels ?? [],
    mergeable: mergeability(request),
    locked: request.discussion_locked ?? false,
    mergedAt: request.merged_at ?? undefined,
    closedAt: request.closed_at ?? undefined,
    closedBy: (request.merge_user ?? request.closed_by)?.username,
    mergeSha: merged ? (request.merge_commit_sha ?? request.squash_commit_sha ?? undefined) : undefined,
    review,
  };
}

/** About conflicts alone: that checks or approvals are missing is told elsewhere. */
function mergeability(request: MergeRequest): PullRequest['mergeable'] {
  if (request.state !== 'opened') return 'unknown';
  if (request.merge_status === 'can_be_merged') return 'yes';
  return request.merge_status === 'cannot_be_merged' && (request.has_conflicts || request.detailed_merge_status === 'conflict')
    ? 'no'
    : 'unknown';
}

export const approvalsShape = z.object({ approved: z.boolean().nullish(), approved_by: z.array(z.unknown()).nullish() });
export const usersShape = z.array(user.extend({ id: z.number() }));
export const statusesShape = z.array(z.object({ name: z.string(), status: z.string(), allow_failure: z.boolean().nullish() }));
