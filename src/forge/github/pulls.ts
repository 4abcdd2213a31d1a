// Room: forge/. GitHub: pull requests, their words, labels and people, checks, merging.
import { z } from 'zod';
import { objectId } from '../address.ts';
import { orWarn, read } from '../ask.ts';
import type { Checks, Forge, NewPull, PullPatch, PullRequest, RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';
import { answered, data, graphql, named } from './api.ts';
import type { GitHubApi } from './api.ts';
import { pullOf, pullShape, reviewsShape } from './shapes.ts';

const mergeableWaits = [250, 500, 1000, 2000, 4000];

/** Filtered by GitHub, which knows the branch's name also when it is deleted. */
export async function findPulls(api: GitHubApi, ref: RepoRef, head: { ref: string; repo: RepoRef }, base: string): Promise<PullRequest[]> {
  const octokit = await api.octokit();
  const asked = { ...named(ref), state: 'all', head: `${head.repo.owner}:${head.ref}`, base, per_page: 100, request: api.as({}) } as const;
  const found = await answered(octokit.paginate('GET /repos/{owner}/{repo}/pulls', asked));
  // `head` filters by owner: the same owner may have another fork of it.
  return read(z.array(pullShape), found, 'pulls')
    .map((one) => pullOf(api.host, one, 'unknown'))
    .filter(
      (one) =>
        one.head.ref === head.ref &&
        one.base.ref === base &&
        (!one.head.repo || one.head.repo.name.toLowerCase() === head.repo.name.toLowerCase()),
    )
    .sort((a, b) => b.number - a.number);
}

export async function pull(api: GitHubApi, ref: RepoRef, number: number): Promise<PullRequest> {
  const { clock, signal } = api.connection;
  const octokit = await api.octokit();
  const asked = (): Promise<z.infer<typeof pullShape>> =>
    data(
      pullShape,
      octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...named(ref), pull_number: number, request: api.as({}) }),
    );
  let found = await asked();
  if (found.state !== 'open') return pullOf(api.host, found, 'none');
  for (const wait of mergeableWaits) {
    if (typeof found.mergeable === 'boolean') break;
    await clock.sleep(wait, signal);
    found = await asked();
  }
  return pullOf(api.host, found, await reviewOf(api, ref, number));
}

/** The last word of each reviewer counts. */
async function reviewOf(api: GitHubApi, ref: RepoRef, number: number): Promise<PullRequest['review']> {
  const octokit = await api.octokit();
  const asked = { ...named(ref), pull_number: number, per_page: 100, request: api.as({}) };
  const found = await answered(octokit.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', asked));
  const last = new Map<string, string>();
  for (const review of read(reviewsShape, found, 'reviews')) {
    if (['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(review.state)) last.set(review.user?.login ?? '', review.state);
  }
  const states = new Set(last.values());
  if (states.has('CHANGES_REQUESTED')) return 'changes-requested';
  return states.has('APPROVED') ? 'approved' : 'none';
}

export async function createPull(api: GitHubApi, ref: RepoRef, wanted: NewPull): Promise<{ pull: PullRequest; warnings: string[] }> {
  const octokit = await api.octokit();
  const { owner, name } = wanted.head.repo;
  const own = owner.toLowerCase() === ref.owner.toLowerCase();
  const body = {
    ...named(ref),
    title: wanted.title,
    body: wanted.body,
    base: wanted.base,
    head: own ? wanted.head.ref : `${owner}:${wanted.head.ref}`,
    ...(own ? {} : { head_repo: name }),
  };
  const open = (draft: NewPull['draft']): Promise<z.infer<typeof pullShape>> =>
    data(pullShape, octokit.request('POST /repos/{owner}/{repo}/pulls', { ...body, draft, request: api.as({}) }));
  const warnings: string[] = [];
  const made = await open(wanted.draft).catch((error: unknown) => {
    // Private repositories of free plans have no drafts: nothing was opened yet.
    const noDrafts =
      wanted.draft && error instanceof ForgeError && error.status === 422 && /draft pull requests are not supported/i.test(error.message);
    if (!noDrafts) throw error;
    warnings.push('draft: this repository has no drafts; it is open for review');
    return open(false);
  });
  warnings.push(...(await decorate(api, ref, made.number, wanted)));
  return { pull: pullOf(api.host, made, 'none'), warnings };
}

export async function updatePull(api: GitHubApi, ref: RepoRef, number: number, patch: PullPatch): Promise<PullRequest> {
  const octokit = await api.octokit();
  const asked = { ...named(ref), pull_number: number, ...patch, request: api.as({}) };
  return pullOf(api.host, await data(pullShape, octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', asked)), 'unknown');
}

export async function comment(api: GitHubApi, ref: RepoRef, number: number, body: string): Promise<void> {
  const octokit = await api.octokit();
  const asked = { ...named(ref), issue_number: number, body, request: api.as({}) };
  await data(z.unknown(), octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', asked));
}

const wait = { kind: 'content', onLimit: 'wait' } as const;

/** Labels that do not exist are made by GitHub; whom it cannot assign it leaves out silently; one wrong reviewer refuses all. */
export async function decorate(api: GitHubApi, ref: RepoRef, number: number, what: Parameters<Forge['decorate']>[2]): Promise<string[]> {
  const octokit = await api.octokit();
  const issue = { ...named(ref), issue_number: number, request: api.as(wait) };
  const warnings: string[] = [];
  if (what.labels.length > 0) {
    const add = (): Promise<unknown> =>
      data(z.unknown(), octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', { ...issue, labels: [...what.labels] }));
    warnings.push(...(await orWarn(`labels ${what.labels.join(', ')}`, add)));
  }
  if (what.assignees.length > 0) warnings.push(...(await assign(api, issue, what.assignees)));
  const request = (people: { reviewers?: string[]; team_reviewers?: string[] }) => (): Promise<unknown> =>
    data(
      z.unknown(),
      octokit.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', {
        ...named(ref),
        pull_number: number,
        ...people,
        request: api.as(wait),
      }),
    );
  const each = async (kind: string, names: readonly string[], one: (some: string[]) => () => Promise<unknown>): Promise<void> => {
    if (names.length === 0) return;
    const refused = await orWarn(`${kind} ${names.join(', ')}`, one([...names]));
    if (refused.length === 0 || names.length === 1) return void warnings.push(...refused);
    for (const name of names) warnings.push(...(await orWarn(`${kind} ${name}`, one([name]))));
  };
  await each('reviewer', what.reviewers, (some) => request({ reviewers: some }));
  await each('team reviewer', what.teamReviewers, (some) => request({ team_reviewers: some }));
  return warnings;
}

async function assign(
  api: GitHubApi,
  issue: { owner: string; repo: string; issue_number: number; request: ReturnType<GitHubApi['as']> },
  names: readonly string[],
): Promise<string[]> {
  const octokit = await api.octokit();
  let set: string[] = [];
  const refused = await orWarn(`assignees ${names.join(', ')}`, async () => {
    const asked = { ...issue, assignees: [...names] };
    const shape = z.object({ assignees: z.array(z.object({ login: z.string() })).nullish() });
    const answer = await data(shape, octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', asked));
    set = (answer.assignees ?? []).map(({ login }) => login.toLowerCase());
  });
  if (refused.length > 0) return refused;
  return names.filter((name) => !set.includes(name.toLowerCase())).map((name) => `assignee ${name}: cannot be assigned`);
}

const mergeWaits = [1000, 2000, 4000];

export async function merge(api: GitHubApi, ref: RepoRef, number: number, how: Parameters<Forge['merge']>[2]): Promise<void> {
  const { clock, signal } = api.connection;
  const octokit = await api.octokit();
  const asked = { ...named(ref), pull_number: number, merge_method: how.method, sha: how.head, request: api.as({}) };
  for (const pause of [...mergeWaits, undefined]) {
    try {
      await data(z.unknown(), octokit.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', asked));
      return;
    } catch (error) {
      if (!(error instanceof ForgeError) || error.status !== 405) throw error;
      // 405 is everything that stands in the way; that the base has just moved passes.
      if (/base branch was modified/i.test(error.message) && pause !== undefined) await clock.sleep(pause, signal);
      else
        throw new ForgeError(/not mergeable|merge conflict/i.test(error.message) ? 'conflict' : 'locked', error.message, {
          status: 405,
          retryable: false,
        });
    }
  }
}

const contextsShape = z.object({
  totalCount: z.number(),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(
    z.discriminatedUnion('__typename', [
      z.object({ __typename: z.literal('CheckRun'), name: z.string(), status: z.string(), conclusion: z.string().nullish() }),
      z.object({ __typename: z.literal('StatusContext'), context: z.string(), state: z.string() }),
    ]),
  ),
});
const rollupShape = z.object({
  repository: z.object({ object: z.object({ statusCheckRollup: z.object({ contexts: contextsShape }).nullish() }).nullish() }).nullish(),
});

/** Check runs and statuses in one call; REST would take two. */
export const rollupQuery = `query Checks($owner: String!, $name: String!, $oid: GitObjectID!, $after: String) {
  repository(owner: $owner, name: $name) { object(oid: $oid) { ... on Commit { statusCheckRollup { contexts(first: 100, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { __typename ... on CheckRun { name status conclusion } ... on StatusContext { context state } }
  } } } } }
}`;

const fine = new Set(['SUCCESS', 'NEUTRAL', 'SKIPPED']);

export async function checks(api: GitHubApi, ref: RepoRef, commit: string): Promise<Checks> {
  const { owner, repo: name } = named(ref);
  const states: [string, string][] = [];
  for (let after: string | null = null; ;) {
    const variables = { owner, name, oid: objectId(commit), after };
    const answer: z.infer<typeof rollupShape> = await graphql(api, rollupShape, { query: rollupQuery, variables, kind: 'read' });
    const contexts = answer.repository?.object?.statusCheckRollup?.contexts;
    for (const node of contexts?.nodes ?? []) {
      if (node.__typename === 'StatusContext') states.push([node.context, node.state === 'EXPECTED' ? 'PENDING' : node.state]);
      else states.push([node.name, node.status === 'COMPLETED' ? (node.conclusion ?? 'FAILURE') : 'PENDING']);
    }
    after = contexts?.pageInfo.endCursor ?? null;
    if (!contexts?.pageInfo.hasNextPage || after === null) break;
  }
  const pending = states.filter(([, state]) => state === 'PENDING').length;
  const failed = states.filter(([, state]) => state !== 'PENDING' && !fine.has(state)).map(([context]) => context);
  const state = states.length === 0 ? 'none' : failed.length > 0 ? 'failure' : pending > 0 ? 'pending' : 'success';
  return { state, pending, failed: failed.slice(0, 20) };
}
