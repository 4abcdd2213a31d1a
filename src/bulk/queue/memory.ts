// Room: bulk/. Jobs in memory, for one process (p-queue).
import type PQueue from 'p-queue';
import { queueNameOf } from './names.ts';
import { JobFailed, QueueRests, type Job, type JobHandler, type JobState, type QueueDriver } from './types.ts';

interface Known {
  job: Job;
  state: Exclude<JobState, 'unknown'>;
  attempts: number;
  /** Milliseconds since the epoch before which it is not tried. */
  notBefore: number;
}

/** How often a job is tried, and the first wait after a failure: doubling. */
export interface Retries {
  attempts: number;
  firstWait: number;
}

/** Makes it. Everything in it is gone with the process. */
export function memoryQueue({ attempts, firstWait }: Retries = { attempts: 8, firstWait: 2_000 }): QueueDriver {
  const queues = new Map<string, Map<string, Known>>();
  const resting = new Map<string, number>();
  const jobsOf = (name: string): Map<string, Known> => {
    const found = queues.get(name) ?? new Map<string, Known>();
    queues.set(name, found);
    return found;
  };
  /** The campaign of a plan queue is the one whose jobs were added: in one process there is one. */
  const namesOf = (kind: Job['kind'], identity: string | undefined): string[] =>
    kind === 'publish' ? [queueNameOf(kind, { campaign: '', identity })] : [...queues.keys()].filter((name) => name.startsWith('plan-'));
  const known = (job: Job): Known | undefined => jobsOf(queueNameOf(job.kind, job)).get(job.id);

  async function tryJob(name: string, one: Known, handler: JobHandler): Promise<void> {
    try {
      await handler(one.job);
      one.state = 'completed';
    } catch (error) {
      if (error instanceof QueueRests) {
        one.state = 'waiting';
        resting.set(name, Date.now() + error.milliseconds);
        return;
      }
      if (!(error instanceof JobFailed)) {
        one.state = 'waiting';
        throw error;
      }
      one.attempts += 1;
      one.state = one.attempts >= attempts ? 'failed' : 'delayed';
      one.notBefore = Date.now() + firstWait * 2 ** (one.attempts - 1);
    }
  }

  return {
    add: async (jobs) => {
      let added = 0;
      for (const job of jobs) {
        const own = jobsOf(queueNameOf(job.kind, job));
        if (own.has(job.id)) continue;
        own.set(job.id, { job, state: 'waiting', attempts: 0, notBefore: 0 });
        added += 1;
      }
      return added;
    },
    async work(kind, handler, { concurrency, until, signal, identity }) {
      const { default: Queue } = await import('p-queue');
      const running: PQueue = new Queue({ concurrency });
      let stopped: { error: unknown } | undefined;
      while (!signal.aborted && !stopped) {
        const now = Date.now();
        const names = namesOf(kind, identity);
        const all = names.flatMap((name) => [...jobsOf(name).values()].map((one) => ({ name, one })));
        const left = all.filter(({ one }) => one.state !== 'completed' && one.state !== 'failed');
        if (left.length === 0 && until === 'empty') break;
        const ready = left.find(({ name, one }) => one.state !== 'active' && one.notBefore <= now && (resting.get(name) ?? 0) <= now);
        if (!ready || running.pending >= concurrency) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          continue;
        }
        ready.one.state = 'active';
        void running.add(() =>
          tryJob(ready.name, ready.one, handler).catch((error: unknown) => {
            stopped ??= { error };
          }),
        );
      }
      await running.onIdle();
      if (stopped) throw stopped.error;
    },
    rest: async (kind, milliseconds, identity) => {
      for (const name of namesOf(kind, identity)) resting.set(name, Date.now() + milliseconds);
    },
    counts: async (kind, identity) => {
      const counts = { waiting: 0, active: 0, delayed: 0, completed: 0, failed: 0 };
      for (const name of namesOf(kind, identity)) for (const { state } of jobsOf(name).values()) counts[state] += 1;
      return counts;
    },
    states: async (jobs) => jobs.map((job) => known(job)?.state ?? 'unknown'),
    remove: async (jobs) => {
      for (const job of jobs) if (known(job)?.state !== 'active') jobsOf(queueNameOf(job.kind, job)).delete(job.id);
    },
    close: async () => undefined,
  };
}
