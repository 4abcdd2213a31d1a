// Room: bulk/. The owner of the journal: feeds the queue, writes down what workers tell, and pauses the campaign when too much fails.
import type { Progress } from '../report/types.ts';
import { breaker, type Breaker } from '../run/breaker.ts';
import { recordOf, tell, type Session } from '../run/session.ts';
import type { RepoKey } from '../types.ts';
import { collect, type Collected, type CollectInto } from './collect.ts';
import { jobIdOf } from './names.ts';
import type { Job, JobKind, JobState, QueueDriver } from './types.ts';

export interface Owner extends CollectInto {
  session: Session;
  driver: QueueDriver;
  kind: JobKind;
  round: number;
  identity: string | undefined;
  progress(progress: Progress): void;
}

/** One repository to be fed, or a limit that holds it back. */
export interface Feed {
  repo: RepoKey;
  /** Told how its job ended. */
  ended?(how: string): void;
}

export interface Ran {
  outcomes: Record<string, number>;
  failed: number;
  ended: 'done' | 'paused';
  why: string | undefined;
}

/** Jobs in the queue at one time: their records and plans lie in Redis. */
export const mostInQueue = 500;
const batch = 50;
/** Milliseconds for which entries are waited for; after so many waits in vain the queue is asked. */
const wait = 500;
const vainWaits = 4;

interface Running extends Owner {
  /** By repository: what is in the queue. */
  under: Map<RepoKey, { job: Job; ended: Feed['ended'] }>;
  ran: Ran;
  fuse: Breaker;
  stop(): string | undefined;
  /** Nothing listens any more: nothing is fed. */
  over: boolean;
  pausing: Promise<void> | undefined;
  done: number;
}

/** The job of a repository in a round. */
export const jobOf = ({ session, kind, round, identity }: Pick<Owner, 'session' | 'kind' | 'round' | 'identity'>, repo: RepoKey): Job => {
  const { options, specHash } = session.campaign;
  return {
    id: jobIdOf({ campaign: options.id, repo, specHash, round }),
    kind,
    campaign: options.id,
    repo,
    identity: kind === 'publish' ? identity : undefined,
  };
};

/**
 * Feeds all repositories (`room`: how many may be in the queue now; `stop`: why nothing more may be done) and returns when each job has ended and all is in the journal.
 * Started again in the same round, jobs that ended are not done again.
 * @throws the reason of the session's signal; jobs go on, and what they tell waits for the next run.
 */
export async function runOwner(
  owner: Owner,
  feeds: AsyncIterable<Feed> | Iterable<Feed>,
  room: () => number = () => mostInQueue,
  stop: () => string | undefined = () => undefined,
): Promise<Ran> {
  const { pace } = owner.session.campaign.options;
  const running: Running = {
    ...owner,
    under: new Map(),
    ran: { outcomes: {}, failed: 0, ended: 'done', why: undefined },
    fuse: breaker(pace.maxFailures, pace.maxFailuresInRow),
    stop,
    over: false,
    pausing: undefined,
    done: 0,
  };
  // First what was told while nobody listened: the records are then what the workers know.
  while ((await collect(running, 1)).entries > 0) owner.session.signal.throwIfAborted();
  const feeding = { ended: false, failed: undefined as { error: unknown } | undefined };
  const fed = feedAll(running, feeds, room)
    .catch((error: unknown) => (feeding.failed = { error }))
    .finally(() => (feeding.ended = true));
  try {
    await listen(running, () => feeding.ended);
  } finally {
    running.over = true;
    await fed;
  }
  await running.pausing;
  if (feeding.failed) throw feeding.failed.error;
  return running.ran;
}

/** Until all is fed, has ended, and is written down. */
async function listen(running: Running, isFed: () => boolean): Promise<void> {
  const { session, kind, under, progress } = running;
  let vain = 0;
  for (;;) {
    session.signal.throwIfAborted();
    const { entries } = await hear(running, wait);
    progress({ phase: kind === 'plan' ? 'plan' : 'apply', done: running.done, total: undefined, outcomes: {}, waitsUntil: undefined });
    vain = entries > 0 ? 0 : vain + 1;
    if (isFed() && under.size === 0 && entries === 0) return;
    if (vain >= vainWaits) {
      vain = 0;
      await compare(running);
    }
  }
}

async function feedAll(running: Running, feeds: AsyncIterable<Feed> | Iterable<Feed>, room: () => number): Promise<void> {
  let some: Feed[] = [];
  for await (const feed of feeds) {
    if (running.ran.ended === 'paused' || running.over) return;
    some.push(feed);
    if (some.length >= Math.min(batch, room())) {
      await put(running, some, room);
      some = [];
    }
  }
  await put(running, some, room);
}

/** Into the queue, as soon as there is room. Jobs that ended in an earlier run of this round are not waited for. */
async function put(running: Running, feeds: readonly Feed[], room: () => number): Promise<void> {
  const { session, driver, exchange, under } = running;
  while (under.size > 0 && under.size + feeds.length > room()) {
    if (running.ran.ended === 'paused' || running.over) return;
    session.signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (running.ran.ended === 'paused' || running.over || feeds.length === 0) return;
  const jobs = feeds.map(({ repo }) => jobOf(running, repo));
  const states = await driver.states(jobs);
  const isNew = jobs.filter((_, i) => states[i] === 'unknown');
  await exchange.offer(isNew.map(({ repo }) => ({ record: recordOf(session, repo), plan: session.store.readPlan(repo) })));
  for (const [i, job] of jobs.entries()) {
    under.set(job.repo, { job, ended: feeds[i]?.ended });
    if (states[i] === 'completed') end(running, job.repo, recordOf(session, job.repo).state);
  }
  await driver.add(isNew);
}

function end(running: Running, repo: RepoKey, how: string): void {
  const one = running.under.get(repo);
  if (!one) return;
  running.under.delete(repo);
  running.done += 1;
  one.ended?.(how);
  const { ran, fuse } = running;
  const failed = how.startsWith('failed: ') ? how.slice('failed: '.length) : undefined;
  ran.outcomes[failed === undefined ? how : 'failed'] = (ran.outcomes[failed === undefined ? how : 'failed'] ?? 0) + 1;
  if (failed === undefined) return fuse.succeeded();
  ran.failed += 1;
  const why = running.stop();
  if (why !== undefined) running.pausing = pause(running, why);
}

/** What workers told: failures count one by one, also those that are tried again. */
async function hear(running: Running, milliseconds: number): Promise<Collected> {
  const heard = await collect(running, milliseconds);
  for (const kind of heard.failures) {
    const why = running.fuse.failed(kind);
    if (why !== undefined) running.pausing = pause(running, why);
  }
  for (const [repo, how] of heard.ended) end(running, repo, how);
  return heard;
}

/** Nothing more is fed, what waits is taken out; what is worked at ends by itself. */
async function pause({ ran, driver, under }: Running, why: string): Promise<void> {
  if (ran.ended === 'paused') return;
  Object.assign(ran, { ended: 'paused', why });
  await driver.remove([...under.values()].map(({ job }) => job));
}

/** Asks the queue about jobs of which nothing was heard: an end may have come before this run, or never. */
async function compare(running: Running): Promise<void> {
  const { driver, under, ran } = running;
  const jobs = [...under.values()].map(({ job }) => job);
  const states = await driver.states(jobs);
  // What was told before the job ended is in the stream by now.
  await hear(running, 1);
  for (const [i, job] of jobs.entries()) {
    if (under.has(job.repo)) await settleOne(running, job, states[i] ?? 'unknown');
    if (ran.ended === 'paused' && states[i] === 'unknown') under.delete(job.repo);
  }
}

async function settleOne(running: Running, job: Job, state: JobState): Promise<void> {
  const { session, driver, exchange, ran } = running;
  const { repo } = job;
  const record = recordOf(session, repo);
  if (state === 'completed') end(running, repo, record.state);
  else if (state === 'failed') {
    const failure = { kind: 'worker-lost', message: 'its workers ended before they could tell what became of it', retryable: true };
    if (record.state !== 'failed' && record.state !== 'dead')
      await tell(session, { repo, ev: 'failed', data: { failure, attempt: record.attempts + 1 } });
    end(running, repo, `failed: ${record.failure?.kind ?? failure.kind}`);
  } else if (state === 'unknown' && ran.ended !== 'paused') {
    // Redis lost it: an answer that was not on its disk yet.
    await exchange.offer([{ record, plan: session.store.readPlan(repo) }]);
    await driver.add([job]);
  }
}
