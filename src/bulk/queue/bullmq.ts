// Room: bulk/. Jobs in Redis, for workers on many machines (BullMQ).
import type * as Bull from 'bullmq';
import type { Job as QueueJob, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueNameOf } from './names.ts';
import { optional, prefix } from './redis.ts';
import {
  JobFailed,
  QueueRests,
  type Job,
  type JobHandler,
  type JobKind,
  type JobState,
  type QueueCounts,
  type QueueDriver,
  type WorkHow,
} from './types.ts';

export interface BullOptions {
  campaign: string;
  /** Milliseconds for which a worker that says nothing keeps its job; a lost worker's job comes back in at most twice that. */
  lock: number;
  /** Milliseconds before the second try; doubling, with chance. */
  firstWait: number;
}

/** A worker is told to be alive twice in this time; a plan blocks its process for less than a second. */
export const defaultBull: Omit<BullOptions, 'campaign'> = { lock: 30_000, firstWait: 2_000 };

/** More than the journal's own five: it decides when a repository is left alone. */
const attempts = 8;
/** Times that a job may take its worker with it before it is left. */
const maxStalled = 10;
/** `rest` needs a limiter; the rate itself is counted in requests, not in jobs: see `sharedPace`. */
const limiter = { max: 1_000_000_000, duration: 1_000 };

/** Makes the driver over a connection, which stays the caller's. */
export async function bullQueue(redis: Redis, options: BullOptions): Promise<QueueDriver> {
  const bull = await optional('bullmq', () => import('bullmq'));
  const queues = new Map<string, Queue>();
  const named = (name: string): Queue => {
    const found = queues.get(name) ?? new bull.Queue(name, { connection: redis, prefix, streams: { events: { maxLen: 100 } } });
    // What breaks is connected again; the command that waits tells whoever asked.
    if (!queues.has(name)) found.on('error', () => undefined);
    queues.set(name, found);
    return found;
  };
  const nameOf = (kind: JobKind, identity: string | undefined): string => queueNameOf(kind, { campaign: options.campaign, identity });
  const of = (kind: JobKind, identity: string | undefined): Queue => named(nameOf(kind, identity));
  const queueOf = (job: Job): Queue => named(queueNameOf(job.kind, job));
  const countsOf: QueueDriver['counts'] = async (kind, identity) => {
    const found = await of(kind, identity).getJobCounts('wait', 'prioritized', 'active', 'delayed', 'completed', 'failed');
    const { wait = 0, prioritized = 0, active = 0, delayed = 0, completed = 0, failed = 0 } = found;
    return { waiting: wait + prioritized, active, delayed, completed, failed };
  };
  const states: QueueDriver['states'] = (jobs) => Promise.all(jobs.map(async (job) => stateOf(await queueOf(job).getJobState(job.id))));
  return {
    async add(jobs) {
      const isNew = (await states(jobs)).filter((state) => state === 'unknown').length;
      for (const queue of new Set(jobs.map(queueOf)))
        await queue.addBulk(
          jobs
            .filter((job) => queueOf(job) === queue)
            .map((job) => ({
              name: job.kind,
              data: job,
              opts: { jobId: job.id, attempts, backoff: { type: 'exponential', delay: options.firstWait, jitter: 0.5 } },
            })),
        );
      return isNew;
    },
    work: (kind, handler, how) => {
      const start = (processor: Processor): Worker<Job> =>
        new bull.Worker<Job>(nameOf(kind, how.identity), processor, {
          connection: redis,
          prefix,
          limiter,
          concurrency: how.concurrency,
          lockDuration: options.lock,
          stalledInterval: options.lock,
          maxStalledCount: maxStalled,
        });
      return workUntil(start, bull, handler, how, () => countsOf(kind, how.identity));
    },
    rest: async (kind, milliseconds, identity) => {
      await of(kind, identity).rateLimit(milliseconds);
    },
    counts: countsOf,
    states,
    async remove(jobs) {
      await Promise.all(jobs.map((job) => queueOf(job).remove(job.id)));
    },
    async close() {
      for (const queue of queues.values()) await queue.close();
    },
  };
}

type Processor = (job: QueueJob<Job>, token: string | undefined) => Promise<void>;

/** Milliseconds between two looks at whether the queue is empty. */
const look = 250;

async function workUntil(
  start: (processor: Processor) => Worker<Job>,
  bull: Pick<typeof Bull, 'Worker' | 'WaitingError'>,
  handler: JobHandler,
  { until, signal }: WorkHow,
  counts: () => Promise<QueueCounts>,
): Promise<void> {
  let stopped: { error: unknown } | undefined;
  const worker = start(async (job, token) => {
    try {
      await handler(job.data);
    } catch (error) {
      if (error instanceof JobFailed) throw error;
      if (error instanceof QueueRests) {
        await worker.rateLimit(error.milliseconds);
        throw bull.Worker.RateLimitError();
      }
      // Nothing the repository can do about: others may do better, or this worker once it is started again.
      stopped ??= { error };
      await job.moveToWait(token);
      throw new bull.WaitingError();
    }
  });
  worker.on('error', () => undefined);
  while (!signal.aborted && !stopped) {
    if (until === 'empty') {
      const { waiting, active, delayed } = await counts();
      if (waiting + active + delayed === 0) break;
    }
    await pause(look, signal);
  }
  // Running jobs end; nothing new is taken.
  await worker.close();
  if (stopped) throw stopped.error;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}

function stateOf(state: string): JobState {
  switch (state) {
    case 'active':
    case 'delayed':
    case 'completed':
    case 'failed':
    case 'unknown':
      return state;
    default:
      return 'waiting';
  }
}
