// Room: bulk/. `sync`, `verify`, `close`, `merge`: what became of the pull requests, and what is done with those that are open.
import type { Forge, PullRequest } from '../../forge/types.ts';
import type { Progress } from '../report/types.ts';
import { refOf } from '../transport/api.ts';
import type { RepoKey, RepoRecord, RepoState } from '../types.ts';
import { attempt, CampaignStopped } from './attempt.ts';
import { breaker } from './breaker.ts';
import { eachOf } from './pool.ts';
import { closePull } from './publish/close.ts';
import { deleteFork, hasOwnFork } from './publish/forks.ts';
import { editOf, headRepoOf } from './publish/identity.ts';
import { settlePending } from './publish/settle.ts';
import { recordOf, tell, type Session } from './session.ts';

export type Outcomes = Record<string, number>;

/** Does a step for each repository that has a pull request in one of these states; failures are in the journal. */
async function eachPull(
  session: Session,
  phase: Progress['phase'],
  wanted: (record: RepoRecord) => boolean,
  step: (forge: Forge, repo: RepoKey) => Promise<string>,
  progress: (progress: Progress) => void,
): Promise<{ outcomes: Outcomes; paused: string | undefined }> {
  const { forge } = session;
  const outcomes: Outcomes = {};
  if (!forge) return { outcomes, paused: undefined };
  const { pace } = session.campaign.options;
  const fuse = breaker(pace.maxFailures, pace.maxFailuresInRow);
  const todo = [...session.records.values()].filter(wanted).map(({ repo }) => repo);
  let done = 0;
  const visit = async (repo: RepoKey): Promise<void> => {
    session.signal.throwIfAborted();
    const tried = await attempt(session, repo, async () => {
      await settlePending(session, repo);
      return step(forge, repo);
    });
    done += 1;
    const outcome = tried.kind === 'done' ? tried.value : tried.kind;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    progress({ phase, done, total: todo.length, outcomes: outcomes as Progress['outcomes'], waitsUntil: session.waitsUntil?.() });
    if (tried.kind !== 'failed') return fuse.succeeded();
    const why = fuse.failed(tried.failure.kind);
    if (why !== undefined) throw new CampaignStopped(why);
  };
  try {
    await eachOf(todo, phase === 'sync' || phase === 'verify' ? pace.concurrency : pace.writeConcurrency, visit);
  } catch (error) {
    if (error instanceof CampaignStopped) return { outcomes, paused: error.message };
    throw error;
  }
  return { outcomes, paused: undefined };
}

const hasOpen = (record: RepoRecord): boolean => record.pull?.state === 'open';

/** Asks what became of the open pull requests. Nothing is written to the forge. */
export const syncAll = (session: Session, progress: (progress: Progress) => void): ReturnType<typeof eachPull> =>
  eachPull(
    session,
    'sync',
    (record) => hasOpen(record) || record.pending !== undefined,
    (forge, repo) => syncOne(session, forge, repo),
    progress,
  );

async function syncOne(session: Session, forge: Forge, repo: RepoKey): Promise<string> {
  const record = recordOf(session, repo);
  if (!record.pull) return record.state;
  const pull = await forge.pull(refOf(record), record.pull.number);
  const { state, reason } = await stateOf(session, forge, record, pull);
  const { number, url } = pull;
  if (state !== record.state || pull.state !== record.pull.state)
    await tell(session, {
      repo,
      ev: 'observed',
      data: { state, ...(reason === undefined ? {} : { reason }), pull: { number, url, state: pull.state } },
    });
  return state;
}

async function stateOf(
  session: Session,
  forge: Forge,
  record: RepoRecord,
  pull: PullRequest,
): Promise<{ state: RepoState; reason?: string }> {
  if (pull.state === 'merged') return { state: 'merged' };
  if (pull.state === 'closed') {
    const isOurs = record.state === 'obsolete' || record.state === 'superseded';
    return isOurs ? { state: record.state } : { state: 'declined', reason: 'closed by a person' };
  }
  const edit = await editOf(session, forge, record, pull);
  if (edit.kind === 'people') return { state: 'frozen', reason: `human-edited: ${edit.what}` };
  if (pull.mergeable === 'no') return { state: 'conflicted' };
  if (pull.review === 'changes-requested') return { state: 'changes-requested' };
  const checks = await forge.checks(headRepoOf(record), pull.head.sha);
  return checks.state === 'failure' ? { state: 'checks-failed', reason: checks.failed.join(', ').slice(0, 200) } : { state: 'open' };
}

/** Looks at the default branch of what was merged: is there still nothing to do? `plan` works it out again. */
export const verifyAll = (
  session: Session,
  planAgain: (repo: RepoKey) => Promise<{ sha: string; changes: number } | undefined>,
  progress: (progress: Progress) => void,
): ReturnType<typeof eachPull> =>
  eachPull(
    session,
    'verify',
    ({ state }) => state === 'merged' || state === 'verified' || state === 'regressed',
    async (_, repo) => {
      const found = await planAgain(repo);
      if (!found) return recordOf(session, repo).state;
      const ev = found.changes === 0 ? 'verified' : 'regressed';
      if (recordOf(session, repo).state !== ev) await tell(session, { repo, ev, data: { sha: found.sha } });
      return ev;
    },
    progress,
  );

export interface Ending {
  reason: string;
  branch: 'delete' | 'keep';
  /** Forks are deleted too, those of pull requests that were over before as well; told why one stays. Undefined: they stay. */
  forks?: { warn(message: string): void };
  /** Address of the pull request of a newer campaign that takes over; undefined: there is none, and this one stays. */
  supersededBy?: (repo: RepoKey) => string | undefined;
}

/** Closes what is open, with a word. A branch that a person pushed to stays. */
export const closeAll = (session: Session, how: Ending, progress: (progress: Progress) => void): ReturnType<typeof eachPull> =>
  eachPull(
    session,
    'close',
    (record) => hasOpen(record) || (how.forks !== undefined && hasOwnFork(record)),
    async (forge, repo) => {
      const closed = hasOpen(recordOf(session, repo)) ? await closeOne(session, forge, repo, how) : 'closed before';
      if (!how.forks || hasOpen(recordOf(session, repo))) return closed;
      const { deleted, warnings } = await deleteFork(session, forge, repo);
      for (const warning of warnings) how.forks.warn(`${repo}: ${warning}`);
      return deleted === 'yes' ? `${closed}, fork deleted` : closed;
    },
    progress,
  );

async function closeOne(session: Session, forge: Forge, repo: RepoKey, how: Ending): Promise<string> {
  const record = recordOf(session, repo);
  const pull = await forge.pull(refOf(record), record.pull?.number ?? 0);
  if (pull.state !== 'open') return syncOne(session, forge, repo);
  const next = how.supersededBy?.(repo);
  if (how.supersededBy && next === undefined) return 'kept: the newer campaign has none';
  const as = next === undefined ? 'closed' : 'superseded';
  const reason = next === undefined ? how.reason : `a newer campaign took over with ${next}`;
  await closePull(session, forge, record, pull, { as, reason, branch: how.branch });
  return as;
}

export interface MergeHow {
  method: 'merge' | 'squash' | 'rebase';
  checks: 'required' | 'not-failing';
  approval: 'required' | 'not-refused';
}

/** Merges what is open, ours alone, without conflict, and as approved and checked as is asked for. */
export const mergeAll = (session: Session, how: MergeHow, progress: (progress: Progress) => void): ReturnType<typeof eachPull> =>
  eachPull(session, 'merge', hasOpen, (forge, repo) => mergeOne(session, forge, repo, how), progress);

async function mergeOne(session: Session, forge: Forge, repo: RepoKey, how: MergeHow): Promise<string> {
  const state = await syncOne(session, forge, repo);
  if (state !== 'open') return state;
  const record = recordOf(session, repo);
  const pull = await forge.pull(refOf(record), record.pull?.number ?? 0);
  if (pull.mergeable !== 'yes') return 'not mergeable yet';
  if (how.approval === 'required' && pull.review !== 'approved') return 'not approved';
  const checks = await forge.checks(headRepoOf(record), pull.head.sha);
  if (checks.state === 'pending') return 'checks pending';
  if (how.checks === 'required' && checks.state !== 'success') return 'no checks passed';
  await tell(session, { repo, ev: 'merge.intent', data: { number: pull.number, head: pull.head.sha } });
  await forge.merge(refOf(record), pull.number, { method: how.method, head: pull.head.sha });
  await tell(session, { repo, ev: 'merge.done', data: { number: pull.number } });
  return 'merged';
}
