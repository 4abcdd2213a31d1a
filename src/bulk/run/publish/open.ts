// Room: bulk/. Opens a pull request: branch first, then the pull request; each found again when a run was killed between.
import { orWarn } from '../../../forge/ask.ts';
import { ForgeError, type Forge } from '../../../forge/types.ts';
import { refOf } from '../../transport/api.ts';
import type { PlannedRepo, RepoRecord } from '../../types.ts';
import { recordOf, tell, type Session } from '../session.ts';
import { isForkThere } from './forks.ts';
import { findExisting, headRepoOf, isOurLeftover } from './identity.ts';
import { pushPlanned } from './push.ts';
import { reviewersFor } from './reviewers.ts';
import { bodyFor } from './text.ts';

/** Our name is taken by what is not ours: never overwritten. */
export const branchTaken = (what: string): ForgeError => new ForgeError('already-exists', `branch-taken: ${what}`, { retryable: false });

/** Opens it. Throws ForgeError; `already-exists` when the branch is somebody else's. */
export async function openPull(session: Session, forge: Forge, before: RepoRecord, planned: PlannedRepo): Promise<void> {
  const { repo } = before;
  const { pull: options } = session.campaign.options;
  const record = await withFork(session, forge, before);
  const draft = await bodyFor(session, planned, { head: undefined });
  const head = await branchFor(session, forge, record, planned, draft);
  const body = await bodyFor(session, planned, { head });
  const base = planned.base.branch;
  const { reviewers, teamReviewers, warnings } = await reviewersFor(session, forge, record, planned);
  await tell(session, { repo, ev: 'open.intent', data: { branch: options.branch, base, bodyHash: body.bodyHash } });
  const { labels, assignees } = options;
  try {
    const made = await forge.createPull(refOf(record), {
      title: body.title,
      body: body.body,
      head: { ref: options.branch, repo: headRepoOf(record) },
      base,
      draft: options.draft === 'yes',
      labels,
      reviewers,
      teamReviewers,
      assignees,
    });
    const { number, url } = made.pull;
    const refused = await letMerge(session, forge, record, { number, head });
    await tell(session, {
      repo,
      ev: 'open.done',
      data: { number, url, bodyHash: body.bodyHash, warnings: [...warnings, ...made.warnings, ...refused].map(session.redact) },
    });
  } catch (error) {
    if (!(error instanceof ForgeError) || error.kind !== 'already-exists') throw error;
    await adopt(session, forge, record);
  }
}

/** What the forge refuses is a warning: the pull request stands, and waits for people. */
async function letMerge(
  { campaign }: Session,
  forge: Forge,
  record: RepoRecord,
  pull: { number: number; head: string },
): Promise<string[]> {
  const { autoMerge: method } = campaign.options.pull;
  if (method === 'no') return [];
  return orWarn('auto-merge', () => forge.autoMerge(refOf(record), pull.number, { method, head: pull.head }));
}

async function adopt(session: Session, forge: Forge, record: RepoRecord): Promise<void> {
  const existing = await findExisting(session, forge, { ...record, pull: undefined });
  if (existing.kind !== 'ours' || existing.pull.state !== 'open') {
    await tell(session, { repo: record.repo, ev: 'settled', data: { intent: 'open.intent', found: 'not-done' } });
    throw branchTaken('a pull request of somebody else is open from it');
  }
  const { number, url, body } = existing.pull;
  const bodyHash = session.text.readMarker(body)?.bodyHash ?? '';
  await tell(session, { repo: record.repo, ev: 'open.done', data: { number, url, bodyHash, adopted: true } });
}

/** The branch with our commit; an older one of ours is moved with a lease. Answers its head. */
async function branchFor(
  session: Session,
  forge: Forge,
  record: RepoRecord,
  planned: PlannedRepo,
  body: Awaited<ReturnType<typeof bodyFor>>,
): Promise<string> {
  const { branch } = session.campaign.options.pull;
  const now = await forge.branchHead(headRepoOf(record), branch);
  if (now === undefined) return pushNew(session, record, planned, body);
  const known = record.heads.includes(now);
  if (!known && (await hasNothing(forge, record, planned, now))) return pushPlanned(session, record, planned, { expect: now, body });
  if (!known && !(await isOurLeftover(session, forge, record, now))) throw branchTaken(`${branch} has commits that are not ours`);
  const isCurrent = known ? record.pushedDiff === planned.diffHash : true;
  if (!isCurrent) return pushPlanned(session, record, planned, { expect: now, body });
  if (!known) await tell(session, { repo: record.repo, ev: 'push.done', data: { branch, head: now, diffHash: planned.diffHash } });
  return now;
}

/** A branch without a commit of its own: GitHub's API makes the branch first and commits then, and a limit may come between. Nobody loses anything. */
const hasNothing = async (forge: Forge, record: RepoRecord, planned: PlannedRepo, head: string): Promise<boolean> =>
  head === planned.base.sha || (!record.headRepo && (await forge.commitsBetween(refOf(record), planned.base.sha, head)).length === 0);

/** A branch that the forge does not list may be there all the same, when a run of ours was killed: git moves it, and the forge lists it then. */
async function pushNew(
  session: Session,
  record: RepoRecord,
  planned: PlannedRepo,
  body: Awaited<ReturnType<typeof bodyFor>>,
): Promise<string> {
  const { fallback } = session;
  const { branch } = session.campaign.options.pull;
  const hidden = record.heads.length === 0 ? undefined : await fallback?.head({ ...record, ref: headRepoOf(record) }, branch);
  if (!fallback || !hidden) return pushPlanned(session, record, planned, { expect: 'absent', body });
  if (!record.heads.includes(hidden.sha)) throw branchTaken(`${branch} has commits that are not ours`);
  return pushPlanned({ ...session, transport: fallback }, record, planned, { expect: hidden.sha, body });
}

/** Where the branch goes: the repository itself, or a fork where the actor may not push or forks are wanted. */
async function withFork(session: Session, forge: Forge, record: RepoRecord): Promise<RepoRecord> {
  const { fork, forkOwner } = session.campaign.options.pull;
  if (record.headRepo || fork === 'never') return record;
  if (fork === 'auto' && (await forge.repo(refOf(record))).canPush !== false) return record;
  await tell(session, { repo: record.repo, ev: 'fork.intent', data: forkOwner === undefined ? {} : { owner: forkOwner } });
  const there = await isForkThere(forge, refOf(record), forkOwner);
  const { host, owner, name } = await forge.fork(refOf(record), forkOwner);
  // Of another name it may have been there: only what is ours for certain is ever deleted.
  const made = there === 'no' && name.toLowerCase() === refOf(record).name.toLowerCase();
  await tell(session, { repo: record.repo, ev: 'fork.done', data: { repo: { host, owner, name }, ...(made ? { made } : {}) } });
  return recordOf(session, record.repo);
}
