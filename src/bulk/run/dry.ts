// Room: bulk/. `bulk DIR --dry-run`: plans checkouts on this machine one after the other and keeps counts alone.
import { localDisk } from '../../context/disk.ts';
import type { Core } from '../../checkout/types.ts';
import { patchOf } from '../../report/diff.ts';
import { fold, newRecord } from '../journal/fold.ts';
import type { Campaign } from '../options.ts';
import { planCheckout } from '../plan/checkout.ts';
import { outcomeOf, type PlanOutcome } from '../plan/repository.ts';
import { isWorthProving, provenPlan } from '../proof/prove.ts';
import type { Prover } from '../proof/types.ts';
import type { CampaignSummary, Progress } from '../report/types.ts';
import type { Candidate } from '../source/types.ts';
import { summaryBuilder } from '../summary.ts';
import { CampaignStopped } from './attempt.ts';
import type { NewEvent, PlannedRepo, RepoRecord } from '../types.ts';

export interface DryRun {
  candidates: Iterable<Candidate>;
  campaign: Campaign;
  core: Core;
  /** Builds and runs both versions of what would change; undefined: nothing is built. */
  prove: Prover | undefined;
  progress(progress: Progress): void;
  /** Each planned repository, with its patch, before it is forgotten. */
  seen?(planned: PlannedRepo, patch: string): void;
  signal?: AbortSignal;
}

/** Plans every candidate. Memory: one repository at a time, and a row for each. What goes wrong in one stops no other. */
export async function dryRun(run: DryRun): Promise<CampaignSummary> {
  const summary = summaryBuilder();
  const outcomes: Progress['outcomes'] = {};
  let done = 0;
  const all = [...run.candidates];
  for (const candidate of all) {
    run.signal?.throwIfAborted();
    const { record, planned } = await planOne(candidate, run);
    const patch = planned ? patchOf(planned.files) : '';
    summary.add(record, planned, () => patch);
    if (planned && planned.files.length > 0) run.seen?.(planned, patch);
    done += 1;
    Object.assign(outcomes, { [record.state]: (outcomes[record.state] ?? 0) + 1 });
    run.progress({ phase: 'plan', done, total: all.length, outcomes, waitsUntil: undefined });
    // Signals and the progress line get their turn.
    await new Promise(setImmediate);
  }
  return summary.finish(run.campaign);
}

async function planOne(candidate: Candidate, run: DryRun): Promise<{ record: RepoRecord; planned: PlannedRepo | undefined }> {
  const start = newRecord(candidate.repo);
  try {
    const outcome = await planDirectory(candidate, run);
    const record = take(start, eventOf(candidate.repo, outcome));
    return { record, planned: outcome.kind === 'excluded' ? undefined : outcome.planned };
  } catch (error) {
    // Nothing could be verified in any of them.
    if (error instanceof CampaignStopped) throw error;
    const failure = { kind: 'internal', message: error instanceof Error ? error.message : String(error), retryable: false };
    return { record: take(start, { repo: candidate.repo, ev: 'failed', data: { failure, attempt: 1 } }), planned: undefined };
  }
}

async function planDirectory({ repo, directory = '' }: Candidate, { campaign, core, prove }: DryRun): Promise<PlanOutcome> {
  const checkout = planCheckout({
    disk: localDisk,
    root: directory,
    core,
    options: campaign.options.refactor,
    wanted: campaign.options.filters.dockerfiles,
  });
  const base = { branch: '', sha: 'working-tree' };
  const proven =
    prove && isWorthProving(checkout, core)
      ? provenPlan(checkout, await prove(directory, repo), { disk: localDisk, root: directory })
      : undefined;
  return outcomeOf(checkout, { repo, ref: undefined, base, campaign, core, proven });
}

const take = (record: RepoRecord, event: NewEvent): RepoRecord =>
  fold(record, { v: 1, seq: 0, t: '', run: '', ...event } as Parameters<typeof fold>[1]);

/** The event that tells a plan's outcome. */
export function eventOf(repo: string, outcome: PlanOutcome): NewEvent {
  if (outcome.kind === 'excluded') {
    const { reason, detail } = outcome;
    return { repo, ev: 'excluded', data: { reason, ...(detail === undefined ? {} : { detail }) } };
  }
  const { base, planKey, counts, diffHash, cluster, gain, refusal } = outcome.planned;
  if (outcome.kind === 'planned')
    return { repo, ev: 'planned', data: { base, planKey, diffHash, cluster, counts, ...(gain ? { gain } : {}) } };
  if (outcome.kind === 'refused') return { repo, ev: 'refused', data: { base, planKey, counts, reason: refusal ?? 'unknown' } };
  return { repo, ev: 'unchanged', data: { base, planKey, counts } };
}
