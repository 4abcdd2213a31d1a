// Room: bulk/. Jobs for many workers, and what drives them.
import type { EventSink, RepoKey } from '../types.ts';

export type JobKind = 'plan' | 'publish';

export interface Job {
  /** `campaign-host-owner-name-specHash`, no `:` and not all digits: the same id is done once. */
  id: string;
  kind: JobKind;
  campaign: string;
  repo: RepoKey;
  /** For `publish`: `host:actor`, one queue (and one rate) each. */
  identity: string | undefined;
}

export type JobHandler = (job: Job, how: { attempt: number; signal: AbortSignal; sink: EventSink }) => Promise<void>;

export interface QueueCounts {
  waiting: number;
  active: number;
  delayed: number;
  completed: number;
  failed: number;
}

/** Jobs for many workers: `memory` (p-queue, one process) and `bullmq` (Redis). Handlers may run twice for one job and must be idempotent. */
export interface QueueDriver {
  /** Adds jobs; one whose id is known is not added again. Answers how many were new. */
  add(jobs: Iterable<Job> | AsyncIterable<Job>): Promise<number>;
  /** Works until the signal (graceful: running jobs end) or, with `until: 'empty'`, until nothing is waiting, active or delayed. */
  work(
    kind: JobKind,
    handler: JobHandler,
    how: { concurrency: number; until: 'empty' | 'signal'; signal: AbortSignal; identity?: string },
  ): Promise<void>;
  /** Nobody takes a job of this queue for so many milliseconds: a forge's limit. */
  rest(kind: JobKind, milliseconds: number, identity?: string): Promise<void>;
  counts(kind: JobKind, identity?: string): Promise<QueueCounts>;
  close(): Promise<void>;
}

/**
 * What the engine gives to a queue's worker (src/bulk/engine.ts): each handles one repository from its record, writes every step to
 * the sink, and never throws for what is the repository's fault.
 */
export interface RepositoryWork {
  plan(repo: RepoKey, how: { sink: EventSink; signal: AbortSignal }): Promise<void>;
  publish(repo: RepoKey, how: { sink: EventSink; signal: AbortSignal; attempt: number }): Promise<void>;
}
