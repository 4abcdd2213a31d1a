// Room: forge/. GitLab: merge requests, their words, labels and people, merging.
import { z } from 'zod';
import { unless } from '../ask.ts';
import type { Forge, NewPull, PullPatch, PullRequest, RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';
import { answer, idOf, pages } from './api.ts';
import type { GitLabApi } from './api.ts';
import { project } from './repositories.ts';
import { approvalsShape, mergeRequestShape, pullOf, refOf, titled, usersShape } from './shapes.ts';
import type { MergeRequest } from './shapes.ts';

const show = (api: GitLabApi, ref: RepoRef, number: number): Promise<MergeRequest> =>
  answer(mergeRequestShape, api.as({}).mergeRequests.show(idOf(ref), number), `merge request ${number}`);

/** Where the branch of a merge request is; undefined when the fork is gone. */
async function sourceOf(api: GitLabApi, ref: RepoRef, request: MergeRequest): Promise<RepoRef | undefined> {
  const { source_project_id: source } = request;
  if (source === request.target_project_id) return { host: api.host, owner: ref.owner, name: ref.name };
  const found = typeof source === 'number' ? await unless('not-found', project(api, source)) : undefined;
  return found && refOf(api.host, found.path_with_namespace);
}

export async function findPulls(api: GitLabApi, ref: RepoRef, head: { ref: string; repo: RepoRef }, base: string): Promise<PullRequest[]> {
  const found: PullRequest[] = [];
  // Without a state: all of them.
  const asked = { projectId: idOf(ref), sourceBranch: head.ref, targetBranch: base };
  for await (const page of pages(z.array(mergeRequestShape), 'merge requests', (one) =>
    api.as({}).mergeRequests.all({ ...one, ...asked }),
  )) {
    for (const request of page) {
      const source = await sourceOf(api, ref, request);
      if (request.source_branch !== head.ref || request.target_branch !== base) continue;
      if (!source || idOf(source).toLowerCase() === idOf(head.repo).toLowerCase()) found.push(pullOf(request, source, 'unknown'));
    }
  }
  return found.sort((a, b) => b.number - a.number);
}

const mergeableWaits = [250, 500, 1000, 2000, 4000];

export async function pull(api: GitLabApi, ref: RepoRef, number: number): Promise<PullRequest> {
  const { clock, signal } = api.connection;
  let found = await show(api, ref, number);
  const source = await sourceOf(api, ref, found);
  if (found.state !== 'opened') return pullOf(found, source, 'none');
  for (const wait of mergeableWaits) {
    if (found.merge_status === 'can_be_merged' || found.merge_status === 'cannot_be_merged') break;
    await clock.sleep(wait, signal);
    found = await show(api, ref, number);
  }
  return pullOf(found, source, await reviewOf(api, ref, found));
}

async function reviewOf(api: GitLabApi, ref: RepoRef, request: MergeRequest): Promise<PullRequest['review']> {
  if (request.detailed_merge_status === 'requested_changes') return 'changes-requested';
  const shown = api.as({}).approvals.showConfiguration(idOf(ref), { mergerequestIId: request.iid });
  const approvals = await unless('not-found', answer(approvalsShape, shown, 'approvals'));
  // `approved` is also true where no approval is needed.
  return (approvals?.approved_by ?? []).length > 0 && approvals?.approved !== false ? 'approved' : 'none';
}

interface People {
  ids: number[];
  warnings: string[];
}

async function lookUp(api: GitLabApi, kind: string, names: readonly string[]): Promise<People> {
  const found: People = { ids: [], warnings: [] };
  for (const name of names) {
    const users = await answer(usersShape, api.as({}).users.all({ username: name }), `user ${name}`);
    const user = users.find((one) => one.username.toLowerCase() === name.toLowerCase());
    if (user) found.ids.push(user.id);
    else found.warnings.push(`${kind} ${name}: there is no such user`);
  }
  return found;
}

const teams = (names: readonly string[]): string[] => names.map((name) => `team reviewer ${name}: GitLab has no teams as reviewers`);

/** Whom GitLab cannot set (no access; free plans take one only) it leaves out silently: the answer tells. */
function leftOut(kind: string, wanted: readonly string[], set: MergeRequest['reviewers'], known: People): string[] {
  const taken = new Set((set ?? []).map((user) => user.username.toLowerCase()));
  const unknown = (name: string): boolean => known.warnings.some((warning) => warning.startsWith(`${kind} ${name}:`));
  return wanted.filter((name) => !taken.has(name.toLowerCase()) && !unknown(name)).map((name) => `${kind} ${name}: was not taken`);
}

/** Labels and people go with it in one call. Missing labels are made by GitLab. */
export async function createPull(api: GitLabApi, ref: RepoRef, wanted: NewPull): Promise<{ pull: PullRequest; warnings: string[] }> {
  const reviewers = await lookUp(api, 'reviewer', wanted.reviewers);
  const assignees = await lookUp(api, 'assignee', wanted.assignees);
  const own = idOf(wanted.head.repo).toLowerCase() === idOf(ref).toLowerCase();
  const target = own ? {} : { targetProjectId: (await project(api, idOf(ref))).id };
  const options = {
    ...target,
    description: wanted.body,
    ...(wanted.labels.length > 0 ? { labels: wanted.labels.join(',') } : {}),
    ...(reviewers.ids.length > 0 ? { reviewerIds: reviewers.ids } : {}),
    ...(assignees.ids.length > 0 ? { assigneeIds: assignees.ids } : {}),
  };
  const title = titled(wanted.title, wanted.draft ? 'draft' : 'ready');
  const { mergeRequests } = api.as({});
  const made = await answer(
    mergeRequestShape,
    mergeRequests.create(idOf(wanted.head.repo), wanted.head.ref, wanted.base, title, options),
    'merge request',
  );
  const warnings = [
    ...reviewers.warnings,
    ...assignees.warnings,
    ...leftOut('reviewer', wanted.reviewers, made.reviewers, reviewers),
    ...leftOut('assignee', wanted.assignees, made.assignees, assignees),
    ...teams(wanted.teamReviewers),
  ];
  return { pull: pullOf(made, wanted.head.repo, 'none'), warnings };
}

export async function updatePull(api: GitLabApi, ref: RepoRef, number: number, patch: PullPatch): Promise<PullRequest> {
  const draft = patch.title === undefined ? false : pullOf(await show(api, ref, number), undefined, 'unknown').draft;
  const made = await answer(
    mergeRequestShape,
    api.as({}).mergeRequests.edit(idOf(ref), number, {
      ...(patch.title === undefined ? {} : { title: titled(patch.title, draft ? 'draft' : 'ready') }),
      ...(patch.body === undefined ? {} : { description: patch.body }),
      ...(patch.state === undefined ? {} : { stateEvent: patch.state === 'open' ? 'reopen' : 'close' }),
    }),
    `merge request ${number}`,
  );
  return pullOf(made, await sourceOf(api, ref, made), 'unknown');
}

export async function comment(api: GitLabApi, ref: RepoRef, number: number, body: string): Promise<void> {
  await api.as({}).notes.create(idOf(ref), number, body);
}

/** People are set as a whole: who is there already stays. */
export async function decorate(api: GitLabApi, ref: RepoRef, number: number, what: Parameters<Forge['decorate']>[2]): Promise<string[]> {
  const reviewers = await lookUp(api, 'reviewer', what.reviewers);
  const assignees = await lookUp(api, 'assignee', what.assignees);
  const now = await show(api, ref, number);
  const ids = (users: MergeRequest['reviewers'], more: readonly number[]): number[] => [
    ...new Set([...(users ?? []).map(({ id }) => id), ...more]),
  ];
  const change = {
    ...(what.labels.length > 0 ? { addLabels: what.labels.join(',') } : {}),
    ...(reviewers.ids.length > 0 ? { reviewerIds: ids(now.reviewers, reviewers.ids) } : {}),
    ...(assignees.ids.length > 0 ? { assigneeIds: ids(now.assignees, assignees.ids) } : {}),
  };
  const { mergeRequests } = api.as({ kind: 'content', onLimit: 'wait' });
  const made =
    Object.keys(change).length === 0
      ? now
      : await answer(mergeRequestShape, mergeRequests.edit(idOf(ref), number, change), 'merge request');
  return [
    ...reviewers.warnings,
    ...assignees.warnings,
    ...leftOut('reviewer', what.reviewers, made.reviewers, reviewers),
    ...leftOut('assignee', what.assignees, made.assignees, assignees),
    ...teams(what.teamReviewers),
  ];
}

const mergeWaits = [500, 1000, 2000, 4000];

/** Whether it becomes a merge commit or is fast-forwarded is the project's setting; `squash` is the request's. */
export async function merge(api: GitLabApi, ref: RepoRef, number: number, how: Parameters<Forge['merge']>[2]): Promise<void> {
  const { clock, signal } = api.connection;
  for (const wait of [...mergeWaits, undefined]) {
    try {
      await api
        .as({})
        .mergeRequests.accept(idOf(ref), number, { sha: how.head, squash: how.method === 'squash', shouldRemoveSourceBranch: false });
      return;
    } catch (error) {
      if (!(error instanceof ForgeError) || ![401, 405, 406, 422].includes(error.status ?? 0)) throw error;
      // 405, 406 and 422 say that it cannot be merged, not why; 401 that the actor may not merge this one.
      const { mergeable } = pullOf(await show(api, ref, number), undefined, 'unknown');
      const passing = error.status !== 401 && mergeable === 'unknown' && wait !== undefined;
      if (passing) await clock.sleep(wait, signal);
      else
        throw new ForgeError(mergeable === 'no' ? 'conflict' : 'locked', error.message, { status: error.status ?? 405, retryable: false });
    }
  }
}
