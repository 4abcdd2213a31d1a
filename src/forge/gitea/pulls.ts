// Room: forge/. Gitea: pull requests, their words, labels and people, merging.
import { path, told } from '../address.ts';
import { ask, orWarn } from '../ask.ts';
import type { Api } from '../ask.ts';
import type { Clock } from '../connection.ts';
import type { Forge, NewPull, PullPatch, PullRequest, RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';
import { pages } from './repositories.ts';
import { labelsShape, pullOf, pullShape, reviewsShape, titled } from './shapes.ts';
import type { GiteaPull } from './shapes.ts';

export type Waiter = { clock: Clock; signal: AbortSignal | undefined };

/** Mergeability is worked out after the answer, in about a second (measured on 1.26.0); a busy server takes longer. */
const mergeableWaits = [250, 500, 1000, 2000, 4000];

/**
 * Every one from this head, any state. Gitea cannot filter by head: all pull requests to the base are read, 50 a call.
 * (`/pulls/{base}/{head}` answers open ones only.)
 */
export async function findPulls(api: Api, ref: RepoRef, head: { ref: string; repo: RepoRef }, base: string): Promise<PullRequest[]> {
  const found: PullRequest[] = [];
  const list = { shape: pullShape, path: path`/repos/${ref.owner}/${ref.name}/pulls`, query: { state: 'all', base_branch: base } };
  for await (const one of pages(api, list)) {
    const pull = pullOf(api.host, one, 'unknown');
    // The head's repository is gone from the answer when the fork is deleted: then the branch's name has to do.
    if (pull.base.ref === base && pull.head.ref === head.ref && (!pull.head.repo || same(pull.head.repo, head.repo))) found.push(pull);
  }
  return found.sort((a, b) => b.number - a.number);
}

const same = (a: RepoRef, b: RepoRef): boolean =>
  a.owner.toLowerCase() === b.owner.toLowerCase() && a.name.toLowerCase() === b.name.toLowerCase();

export async function pull(api: Api, waiter: Waiter, ref: RepoRef, number: number): Promise<PullRequest> {
  const at = path`/repos/${ref.owner}/${ref.name}/pulls/${number}`;
  let found = await ask(api, pullShape, { method: 'GET', path: at });
  if (found.state !== 'open') return pullOf(api.host, found, 'none');
  for (const wait of mergeableWaits) {
    if (found.mergeable) break;
    await waiter.clock.sleep(wait, waiter.signal);
    found = await ask(api, pullShape, { method: 'GET', path: at });
  }
  const review = await reviewOf(api, ref, number);
  return { ...pullOf(api.host, found, review), mergeable: found.mergeable ? 'yes' : 'no' };
}

/** The last word of each reviewer counts; a dismissed one does not. */
async function reviewOf(api: Api, ref: RepoRef, number: number): Promise<PullRequest['review']> {
  const at = path`/repos/${ref.owner}/${ref.name}/pulls/${number}/reviews`;
  const last = new Map<string, string>();
  for await (const review of pages(api, { shape: reviewsShape.element, path: at, query: {} })) {
    if (review.user && !review.dismissed && (review.state === 'APPROVED' || review.state === 'REQUEST_CHANGES'))
      last.set(review.user.login, review.state);
  }
  const states = new Set(last.values());
  if (states.has('REQUEST_CHANGES')) return 'changes-requested';
  return states.has('APPROVED') ? 'approved' : 'none';
}

export async function createPull(api: Api, ref: RepoRef, wanted: NewPull): Promise<{ pull: PullRequest; warnings: string[] }> {
  const own = same(wanted.head.repo, ref);
  // A fork may have another name than its origin: owner/name:branch says it all (measured on 1.26.0).
  const head = own ? wanted.head.ref : `${wanted.head.repo.owner}/${wanted.head.repo.name}:${wanted.head.ref}`;
  const labels = await labelIds(api, ref, wanted.labels);
  const made = await ask(api, pullShape, {
    method: 'POST',
    path: path`/repos/${ref.owner}/${ref.name}/pulls`,
    body: { title: titled(wanted.title, wanted.draft ? 'draft' : 'ready'), body: wanted.body, head, base: wanted.base, labels: labels.ids },
  });
  // One unknown person would refuse the whole pull request (422), so people come after it; labels are known by now.
  const warnings = await decorate(api, ref, made.number, { ...wanted, labels: [] });
  return { pull: pullOf(api.host, made, 'none'), warnings: [...labels.warnings, ...warnings] };
}

export async function updatePull(api: Api, ref: RepoRef, number: number, patch: PullPatch): Promise<PullRequest> {
  const at = path`/repos/${ref.owner}/${ref.name}/pulls/${number}`;
  const now: GiteaPull | undefined = patch.title === undefined ? undefined : await ask(api, pullShape, { method: 'GET', path: at });
  const isDraft = now !== undefined && pullOf(api.host, now, 'unknown').draft;
  const title = patch.title === undefined ? {} : { title: titled(patch.title, isDraft ? 'draft' : 'ready') };
  return pullOf(api.host, await ask(api, pullShape, { method: 'PATCH', path: at, body: { ...patch, ...title } }), 'unknown');
}

export async function comment(api: Api, ref: RepoRef, number: number, body: string): Promise<void> {
  await api.door.request({ method: 'POST', path: path`/repos/${ref.owner}/${ref.name}/issues/${number}/comments`, body: { body } });
}

export async function decorate(api: Api, ref: RepoRef, number: number, what: Parameters<Forge['decorate']>[2]): Promise<string[]> {
  const issue = path`/repos/${ref.owner}/${ref.name}/issues/${number}`;
  const warnings: string[] = [];
  if (what.labels.length > 0) warnings.push(...(await addLabels(api, ref, number, what.labels)));
  if (what.assignees.length > 0) {
    const set = (names: readonly string[]) => (): Promise<unknown> =>
      api.door.request({ method: 'PATCH', path: issue, body: { assignees: names }, onLimit: 'wait' });
    warnings.push(...(await eachOrAll('assignee', what.assignees, set)));
  }
  const at = path`/repos/${ref.owner}/${ref.name}/pulls/${number}/requested_reviewers`;
  for (const [kind, names, field] of [
    ['reviewer', what.reviewers, 'reviewers'],
    ['team reviewer', what.teamReviewers, 'team_reviewers'],
  ] as const) {
    const request = (some: readonly string[]) => (): Promise<unknown> =>
      api.door.request({ method: 'POST', path: at, body: { [field]: some }, onLimit: 'wait' });
    if (names.length > 0) warnings.push(...(await eachOrAll(kind, names, request)));
  }
  return warnings;
}

/** All in one call; when that is refused, one by one, so that one wrong name does not cost the others. */
async function eachOrAll(
  kind: string,
  names: readonly string[],
  set: (names: readonly string[]) => () => Promise<unknown>,
): Promise<string[]> {
  const refused = await orWarn(`${kind} ${names.join(', ')}`, set(names));
  if (refused.length === 0 || names.length === 1) return refused;
  const warnings: string[] = [];
  // Assignees replace each other: the ones that were taken stay in the next call.
  let taken: string[] = [];
  for (const name of names) {
    const tried = [...taken, name];
    const refusedOne = await orWarn(`${kind} ${name}`, set(kind === 'assignee' ? tried : [name]));
    if (refusedOne.length === 0) taken = tried;
    warnings.push(...refusedOne);
  }
  return warnings;
}

/** Gitea takes ids (names since 1.22): of labels of the repository and of its organisation. */
async function labelIds(api: Api, ref: RepoRef, names: readonly string[]): Promise<{ ids: number[]; warnings: string[] }> {
  if (names.length === 0) return { ids: [], warnings: [] };
  const ids = new Map<string, number>();
  for (const at of [path`/orgs/${ref.owner}/labels`, path`/repos/${ref.owner}/${ref.name}/labels`]) {
    try {
      for await (const label of pages(api, { shape: labelsShape.element, path: at, query: {} }))
        ids.set(label.name.toLowerCase(), label.id);
    } catch (error) {
      // A user's repository has no organisation.
      if (!(error instanceof ForgeError) || error.kind !== 'not-found') throw error;
    }
  }
  const found = names.map((name) => [name, ids.get(name.toLowerCase())] as const);
  return {
    ids: found.flatMap(([, id]) => (id === undefined ? [] : [id])),
    warnings: found.filter(([, id]) => id === undefined).map(([name]) => `label ${name}: there is none of this name in ${told(ref)}`),
  };
}

async function addLabels(api: Api, ref: RepoRef, number: number, names: readonly string[]): Promise<string[]> {
  const { ids, warnings } = await labelIds(api, ref, names);
  if (ids.length === 0) return warnings;
  const at = path`/repos/${ref.owner}/${ref.name}/issues/${number}/labels`;
  return [
    ...warnings,
    ...(await orWarn('labels', () => api.door.request({ method: 'POST', path: at, body: { labels: ids }, onLimit: 'wait' }))),
  ];
}

const mergeWaits = [500, 1000, 2000, 4000];

export async function merge(api: Api, waiter: Waiter, ref: RepoRef, number: number, how: Parameters<Forge['merge']>[2]): Promise<void> {
  for (const wait of [...mergeWaits, undefined]) {
    try {
      const at = path`/repos/${ref.owner}/${ref.name}/pulls/${number}/merge`;
      await api.door.request({
        method: 'POST',
        path: at,
        body: { Do: how.method, head_commit_id: how.head, delete_branch_after_merge: false },
      });
      return;
    } catch (error) {
      if (!(error instanceof ForgeError) || error.status !== 405) throw error;
      // 405 is everything that stands in the way; "Please try again later" may pass, or be a conflict that stays.
      const passing = /try again later/i.test(error.message);
      if (passing && wait !== undefined) await waiter.clock.sleep(wait, waiter.signal);
      else throw new ForgeError(passing ? 'conflict' : 'locked', error.message, { status: 405, retryable: false });
    }
  }
}
