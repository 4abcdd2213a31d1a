// Room: bulk/. Jobs for many workers, what drives them, and what owner and workers of a campaign tell each other.
import type { Campaign } from '../options.ts';
import type { NewEvent, PlannedRepo, RepoKey, RepoRecord } from '../types.ts';

export type JobKind = 'plan' | 'publish';

export interface Job {
  /** `campaign-host-owner-name-specHash-round`, no `:` and not all digits: the same id is done once. */
  id: string;
  kind: JobKind;
  campaign: string;
  repo: RepoKey;
  /** For `publish`: `host:actor`, one queue each. */
  identity: string | undefined;
}

/** Ends well, or throws: `QueueRests`, `JobFailed`, or what stops this worker (the job is given back). */
export type JobHandler = (job: Job) => Promise<void>;

/** Thrown by a handler: the job is given back, no attempt is counted, and nobody takes a job of this queue for so many milliseconds. */
export class QueueRests extends Error {
  override readonly name = 'QueueRests';
  readonly milliseconds: number;
  constructor(milliseconds: number) {
    super(`the queue rests for ${milliseconds} ms`);
    this.milliseconds = milliseconds;
  }
}

/** Thrown by a handler: tried again later, a few times. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
}

export interface QueueCounts {
  waiting: number;
  active: number;
  delayed: number;
  completed: number;
  failed: number;
}

export type JobState = keyof QueueCounts | 'unknown';

export interface WorkHow {
  concurrency: number;
  /** `empty`: until nothing waits, is worked at, or is delayed. */
  until: 'empty' | 'signal';
  signal: AbortSignal;
  identity?: string;
}

/** Jobs for many workers, over Redis (`bullmq.ts`). A handler may run twice for one job: it must be idempotent. */
export interface QueueDriver {
  /** Adds jobs; one whose id is known is not added again. Answers how many were new. */
  add(jobs: readonly Job[]): Promise<number>;
  /** Works until the signal (graceful: running jobs end), or until it is empty. Throws what a handler threw to stop the worker. */
  work(kind: JobKind, handler: JobHandler, how: WorkHow): Promise<void>;
  /** Nobody takes a job of this queue for so many milliseconds: a forge's limit. */
  rest(kind: JobKind, milliseconds: number, identity?: string): Promise<void>;
  counts(kind: JobKind, identity?: string): Promise<QueueCounts>;
  /** In the order asked. */
  states(jobs: readonly Job[]): Promise<JobState[]>;
  /** Forgets jobs, but not those that are worked at. */
  remove(jobs: readonly Job[]): Promise<void>;
  close(): Promise<void>;
}

/** What a worker is given for a job: what the journal and the events after it say of the repository. */
export interface Offer {
  record: RepoRecord;
  plan: PlannedRepo | undefined;
}

/** Something a worker tells the journal's owner. */
export interface Entry {
  /** Later ones are greater; the same entry may come twice. */
  id: string;
  repo: RepoKey;
  event: NewEvent | undefined;
  /** A plan that was written before the event. */
  plan: PlannedRepo | undefined;
  /** The job has ended, so. */
  ended: string | undefined;
}

/** A campaign as its owner hands it to workers. No token is in it. */
export interface SharedCampaign {
  campaign: Campaign;
  onlyApproved: 'yes' | 'no';
  /** Of the publishing queue, when there is one. */
  identity: string | undefined;
}

/** Another worker has taken the job over: this one must not do anything more for it. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Between the owner of the journal and the workers of one campaign. */
export interface Exchange {
  /** Who owns the campaign here: the given epoch if nobody did, else the one that is there. */
  claim(epoch: string): Promise<string>;
  epoch(): Promise<string | undefined>;
  share(shared: SharedCampaign): Promise<void>;
  shared(): Promise<SharedCampaign | undefined>;
  /** For jobs that are not in the queue yet. */
  offer(offers: readonly Offer[]): Promise<void>;
  /** The next entries in order, first those that were read but never settled; none when there are none for so many milliseconds. */
  read(milliseconds: number): Promise<Entry[]>;
  /** Entries that are written down: they do not come again. */
  settle(ids: readonly string[]): Promise<void>;
  /** Entries that are not settled. */
  backlog(): Promise<number>;
  /** Takes the repository over from whoever had it; undefined: its job has ended already. */
  begin(repo: RepoKey, holder: string): Promise<Offer | undefined>;
  /** Throws `Overtaken` when the repository has another holder by now. */
  stillHeld(repo: RepoKey, holder: string): Promise<void>;
  /** One step: the entry, and what the repository is after it. Throws `Overtaken`. */
  tell(holder: string, entry: Omit<Entry, 'id'>, after: Offer | undefined): Promise<void>;
  close(): Promise<void>;
}
