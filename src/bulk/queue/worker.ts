// Room: bulk/. What a worker does with a job: one repository, from what the exchange says of it; every step is told to the owner.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { fold, newRecord } from '../journal/fold.ts';
import { attempt } from '../run/attempt.ts';
import { planStep } from '../run/plan-all.ts';
import { publishRepository } from '../run/publish/publish.ts';
import { recordOf, type Session } from '../run/session.ts';
import { isInWindow } from '../run/window.ts';
import { patchOf } from '../../report/diff.ts';
import type { JournalEvent, PlannedRepo, RepoKey, RepoRecord } from '../types.ts';
import { JobFailed, Overtaken, QueueRests, type Exchange, type Job, type JobHandler, type Offer } from './types.ts';

/** A campaign as a worker knows it. */
export interface WorkerCampaign {
  session: Omit<Session, 'records' | 'sink' | 'store'>;
  exchange: Exchange;
  onlyApproved: 'yes' | 'no';
  /** Milliseconds for which the forge wants to be left alone. */
  sleeps(): Promise<number>;
}

/** Waited after a limit that does not say for how long. */
const defaultRest = 60_000;

/** The job that the present call belongs to: a request waits its turn in a budget of all jobs, and may come too late for its own. */
const present = new AsyncLocalStorage<() => Promise<void>>();

/** For what is about to be written to a forge. Throws `Overtaken` when another worker has the job by now; outside of a job it does nothing. */
export const stillOurs = async (): Promise<void> => present.getStore()?.();

/** Makes the handler. `campaignOf`: a publishing queue has jobs of every campaign of its identity. */
export function repositoryWork(campaignOf: (campaign: string) => Promise<WorkerCampaign>): JobHandler {
  return async (job) => {
    const at = await campaignOf(job.campaign);
    const holder = randomUUID();
    const offer = await at.exchange.begin(job.repo, holder);
    // Its worker was lost between telling the end and ending the job.
    if (!offer) return;
    try {
      const ended = await present.run(
        () => at.exchange.stillHeld(job.repo, holder),
        () => work(job, at, sessionOf(at, holder, offer)),
      );
      await at.exchange.tell(holder, { repo: job.repo, event: undefined, plan: undefined, ended }, undefined);
    } catch (error) {
      // Whoever has it now does it.
      if (!(error instanceof Overtaken)) throw error;
    }
  };
}

async function work(job: Job, at: WorkerCampaign, session: Session): Promise<string> {
  const { repo } = job;
  const tried = job.kind === 'plan' ? await planStep(session, repo) : await attempt(session, repo, () => publish(at, session, repo));
  const { state } = recordOf(session, repo);
  if (tried.kind === 'done') return tried.value ?? state;
  if (tried.kind === 'left') return state;
  const { kind, retryable } = tried.failure;
  if (kind === 'rate-limited') throw new QueueRests((await at.sleeps()) || defaultRest);
  if (retryable && state !== 'dead') throw new JobFailed(kind);
  return `failed: ${kind}`;
}

/** How many may be opened is the owner's to say: it adds no more jobs than that. */
const publish = ({ onlyApproved }: WorkerCampaign, session: Session, repo: RepoKey): ReturnType<typeof publishRepository> =>
  publishRepository(session, repo, {
    onlyApproved,
    mayOpen: async () => (isInWindow(session.campaign.options.pace.windows, session.now()) ? 'yes' : 'no'),
  });

/** A session over one repository: its events go to the exchange, a plan with the event that follows it. */
function sessionOf({ session, exchange }: WorkerCampaign, holder: string, offer: Offer): Session {
  const { repo } = offer.record;
  const records = new Map<RepoKey, RepoRecord>([[repo, offer.record]]);
  let plan: PlannedRepo | undefined = offer.plan;
  let untold: PlannedRepo | undefined;
  let seq = 0;
  return {
    ...session,
    records,
    store: {
      readPlan: () => plan,
      readPatch: () => (plan ? patchOf(plan.files) : ''),
      writePlan: (planned) => (untold = plan = planned),
      removePlan: () => (untold = plan = undefined),
    },
    sink: {
      async append(event) {
        seq += 1;
        const line = { v: 1, seq, t: new Date().toISOString(), run: holder, ...event } as JournalEvent;
        const record = fold(records.get(repo) ?? newRecord(repo), line);
        await exchange.tell(holder, { repo, event, plan: untold, ended: undefined }, { record, plan });
        untold = undefined;
        records.set(repo, record);
      },
    },
  };
}
