// Room: bulk/. `bulk plan`: every candidate into the journal, then each planned; nothing is written to any forge.
import type { RepoInfo } from '../../forge/types.ts';
import type { Progress } from '../report/types.ts';
import type { Candidate } from '../source/types.ts';
import type { RepoKey } from '../types.ts';
import { attempt, CampaignStopped, type Attempt } from './attempt.ts';
import { breaker } from './breaker.ts';
import { planRepository } from './plan.ts';
import { eachOf } from './pool.ts';
import { settlePending } from './publish/settle.ts';
import { recordOf, tell, type Session } from './session.ts';

export interface PlanAll {
  candidates: AsyncIterable<Candidate> | Iterable<Candidate>;
  progress(progress: Progress): void;
}

/** How it ended; `paused`: too many failures, or the token. */
export interface PlannedAll {
  planned: number;
  failed: number;
  ended: 'done' | 'paused';
  why: string | undefined;
}

/** Discovers and plans side by side. Repositories that did not change since the last plan cost one read. */
export async function planAll(session: Session, { candidates, progress }: PlanAll): Promise<PlannedAll> {
  const { pace } = session.campaign.options;
  const counts = { planned: 0, failed: 0 };
  const fuse = breaker(pace.maxFailures, pace.maxFailuresInRow);
  const outcomes: Record<string, number> = {};
  let done = 0;
  const visit = async (candidate: Candidate): Promise<void> => {
    session.signal.throwIfAborted();
    const tried = await discover(session, candidate);
    done += 1;
    const { state } = recordOf(session, candidate.repo);
    outcomes[state] = (outcomes[state] ?? 0) + 1;
    progress({ phase: 'plan', done, total: undefined, outcomes, waitsUntil: session.waitsUntil?.() });
    if (tried === 'done') counts.planned += 1;
    if (tried === 'done') return fuse.succeeded();
    counts.failed += 1;
    const why = fuse.failed(tried.failed);
    if (why !== undefined) throw new CampaignStopped(why);
  };
  try {
    await eachOf(candidates, pace.concurrency, visit);
  } catch (error) {
    if (error instanceof CampaignStopped) return { ...counts, ended: 'paused', why: error.message };
    throw error;
  }
  return { ...counts, ended: 'done', why: undefined };
}

async function discover(session: Session, candidate: Candidate): Promise<'done' | { failed: string }> {
  const { repo, info } = candidate;
  if ((await discoverStep(session, candidate)) === 'left') return 'done';
  const tried = await planStep(session, repo, info);
  return tried.kind === 'failed' ? { failed: tried.failure.kind } : 'done';
}

/** A candidate into the journal. `left`: it is left out, there is nothing to plan. */
export async function discoverStep(session: Session, candidate: Candidate): Promise<'plan' | 'left'> {
  const { repo, ref, info, url, directory, excluded } = candidate;
  const known = session.records.get(repo);
  if (!known) {
    const where = { ...(url === undefined ? {} : { url }), ...(directory === undefined ? {} : { directory }) };
    await tell(session, { repo, ev: 'discovered', data: { ...(ref ? { ref } : {}), ...(info ? { id: info.id } : {}), ...where } });
  }
  if (excluded) {
    if (known?.pull === undefined) await tell(session, { repo, ev: 'excluded', data: excluded });
    return 'left';
  }
  return 'plan';
}

/** Plans one repository that the records know; what is over stays as it is. A failure is in the journal. */
export const planStep = (session: Session, repo: RepoKey, info?: RepoInfo): Promise<Attempt<undefined>> =>
  attempt(session, repo, async () => {
    await settlePending(session, repo);
    if (!isFinished(session, repo)) await planRepository(session, repo, info);
    return undefined;
  });

/** What is over is not planned again. */
const isFinished = (session: Session, repo: RepoKey): boolean =>
  ['merged', 'verified', 'regressed', 'obsolete', 'superseded', 'dead'].includes(recordOf(session, repo).state);
