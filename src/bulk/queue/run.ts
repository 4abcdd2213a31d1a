// Room: bulk/. `bulk enqueue`: a round over the queue, planning or publishing, from its claim to its end.
import { randomUUID } from 'node:crypto';
import type { CampaignDirectory } from '../journal/directory.ts';
import type { Journal } from '../journal/log.ts';
import type { Progress } from '../report/types.ts';
import { applicable, gateOf } from '../run/apply.ts';
import { discoverStep } from '../run/plan-all.ts';
import { recordOf, type Session } from '../run/session.ts';
import type { Candidate } from '../source/types.ts';
import type { RepoKey } from '../types.ts';
import { jobOf, mostInQueue, runOwner, type Feed, type Owner, type Ran } from './owner.ts';
import { readRounds, writeRounds, type Rounds } from './round.ts';
import type { Exchange, JobKind, QueueDriver } from './types.ts';

export interface RoundParts {
  session: Session;
  directory: Pick<CampaignDirectory, 'path' | 'writePlan'>;
  journal: Pick<Journal, 'append' | 'from'>;
  exchange: Exchange;
  driver: QueueDriver;
  identity: string | undefined;
  onlyApproved: 'yes' | 'no';
  progress(progress: Progress): void;
}

export type Round = { owner: Owner; close(): void } | { refused: string };

/** Begins a round, or goes on with the one of this kind that is open. The jobs of the round before are forgotten. */
export async function openRound(parts: RoundParts, kind: JobKind): Promise<Round> {
  const { session, directory, exchange, identity } = parts;
  const { id } = session.campaign.options;
  const before = readRounds(directory.path);
  if (before?.open !== undefined && before.open !== kind) {
    const how = before.open === 'publish' ? 'with --publish' : 'without --publish';
    return { refused: `a round of ${id} is under way: run bulk enqueue ${how} first, until it ends` };
  }
  const claimed = await claim(exchange, before, directory.path);
  if (claimed === undefined) return { refused: `campaign ${id} on this queue belongs to another journal` };
  const goesOn = claimed.open === kind;
  const rounds: Rounds = goesOn ? claimed : { ...claimed, round: claimed.round + 1, open: kind };
  const owner: Owner = { ...parts, store: directory, epoch: rounds.epoch, kind, round: rounds.round };
  if (!goesOn && claimed.round > 0) await forget(owner, claimed.round);
  writeRounds(directory.path, rounds);
  await exchange.share({ campaign: session.campaign, onlyApproved: parts.onlyApproved, identity });
  return { owner, close: () => writeRounds(directory.path, { ...rounds, open: undefined }) };
}

/** A new epoch where Redis knows none: what was there is gone, and places in its stream begin anew. */
async function claim(exchange: Exchange, before: Rounds | undefined, path: string): Promise<Rounds | undefined> {
  const there = await exchange.epoch();
  if (there !== undefined) return there === before?.epoch ? before : undefined;
  const rounds: Rounds = { v: 1, epoch: randomUUID(), round: before?.round ?? 0, open: before?.open };
  writeRounds(path, rounds);
  return (await exchange.claim(rounds.epoch)) === rounds.epoch ? rounds : undefined;
}

async function forget(owner: Owner, round: number): Promise<void> {
  const repos = [...owner.session.records.keys()];
  for (let at = 0; at < repos.length; at += 500) {
    const some = repos.slice(at, at + 500);
    for (const kind of ['plan', 'publish'] as const) {
      if (kind === 'plan' || owner.identity !== undefined)
        await owner.driver.remove(some.map((repo) => jobOf({ ...owner, kind, round }, repo)));
    }
  }
}

/** Every candidate into the journal, then planned by the workers. */
export async function enqueuePlans(owner: Owner, candidates: AsyncIterable<Candidate> | Iterable<Candidate>): Promise<Ran> {
  async function* feeds(): AsyncGenerator<Feed> {
    for await (const candidate of candidates) {
      owner.session.signal.throwIfAborted();
      if ((await discoverStep(owner.session, candidate)) === 'plan') yield { repo: candidate.repo };
    }
  }
  return runOwner(owner, feeds());
}

export interface PublishHow {
  maxPrs: number | undefined;
  onlyApproved: 'yes' | 'no';
}

/** Every planned repository is published by the workers: the canary first, then as many as the limits allow. `limit`: what held some back. */
export async function enqueuePublishing(owner: Owner, how: PublishHow): Promise<Ran & { limit: string | undefined }> {
  const { session } = owner;
  const gate = gateOf(session, how);
  const { canary } = session.campaign.options.pace;
  const counts = { failed: 0 };
  const opened = (): number => [...session.records.values()].reduce((sum, { pull }) => sum + (pull ? 1 : 0), 0);
  let inCanary = opened() < canary;
  async function* feeds(): AsyncGenerator<Feed> {
    for (const { repo } of [...session.records.values()].filter(applicable)) {
      const feed = await feedOf(repo);
      if (feed) yield feed;
    }
  }
  async function feedOf(repo: RepoKey): Promise<Feed | undefined> {
    const record = recordOf(session, repo);
    if (!applicable(record)) return undefined;
    if (record.pull === undefined && how.onlyApproved === 'yes' && record.state === 'planned') return undefined;
    const own = gate.of();
    // A job that an earlier run of the round put into the queue was let through then.
    if (record.pull === undefined && (await own.mayOpen()) === 'no') return undefined;
    return {
      repo,
      ended: (outcome) => {
        own.end(outcome === 'opened' || outcome === 'pushed' ? 'done' : 'failed');
        counts.failed += outcome.startsWith('failed: ') ? 1 : 0;
        inCanary = inCanary && opened() < canary;
      },
    };
  }
  const room = (): number => (inCanary ? 1 : mostInQueue);
  const ran = await runOwner(owner, feeds(), room, () =>
    inCanary && counts.failed > Math.max(1, canary / 2) ? `${counts.failed} of the first repositories failed` : undefined,
  );
  return { ...ran, limit: gate.why() };
}
