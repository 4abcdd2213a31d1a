// Room: bulk/. The states of a repository in a campaign, the events of the journal, and what a plan is.
import type { PullRequest, RepoRef } from '../forge/types.ts';
import type { FileReport } from '../report/types.ts';
import type { Proof } from './proof/types.ts';

/** `host/owner/name`: names a repository in the journal, in files and in queues. A checkout on disk: `local/<directory>`. */
export type RepoKey = string;

export type ExclusionReason =
  'archived' | 'fork' | 'empty' | 'disabled' | 'no-dockerfile' | 'too-large' | 'opted-out' | 'filter' | 'no-access' | 'fork-of-fork';

export type FrozenReason = 'human-edited' | 'base-changed' | 'stop-label' | 'locked' | 'branch-taken';

/** Terminal: excluded, unchanged, refused, rejected, verified, declined, obsolete, superseded, dead. */
export type RepoState =
  | 'discovered'
  | 'excluded'
  | 'unchanged'
  | 'refused'
  | 'planned'
  | 'approved'
  | 'rejected'
  | 'pushing'
  | 'pushed'
  | 'opening'
  | 'open'
  | 'updating'
  | 'frozen'
  | 'conflicted'
  | 'checks-failed'
  | 'changes-requested'
  | 'merged'
  | 'verified'
  | 'regressed'
  | 'declined'
  | 'obsolete'
  | 'superseded'
  | 'failed'
  | 'dead';

/** Class of a failure, for the circuit breaker and for reports. */
export interface Failure {
  kind: string;
  message: string;
  retryable: boolean;
  /** ISO 8601. */
  nextAttemptAt?: string;
}

/** What is known of one repository: the fold of its events. Small: texts and diffs lie in files beside the journal. */
export interface RepoRecord {
  repo: RepoKey;
  state: RepoState;
  /** Why it is excluded, refused, frozen, declined…; one word, then details after a colon. */
  reason: string | undefined;
  ref: RepoRef | undefined;
  /** The forge's id. */
  id: string | undefined;
  /** For git. */
  url: string | undefined;
  /** A checkout on this machine; absolute. */
  directory: string | undefined;
  base: { branch: string; sha: string } | undefined;
  /** `baseSha + specHash + toolVersion` of the last plan: the same key costs one read. */
  planKey: string | undefined;
  diffHash: string | undefined;
  /** Hash of the diff without names and numbers of the repository: repositories with the same one are reviewed together. */
  cluster: string | undefined;
  counts: PlanCounts | undefined;
  /** The head's repository when it is a fork. */
  headRepo: RepoRef | undefined;
  /** The fork was made by this campaign, for certain. */
  forkMade: 'yes' | undefined;
  branch: string | undefined;
  /** Every head that we pushed, newest last. */
  heads: readonly string[];
  pull: { number: number; url: string; state: PullRequest['state'] } | undefined;
  /** Hash of the body and title that we wrote last. */
  bodyHash: string | undefined;
  /** diffHash that the branch holds. */
  pushedDiff: string | undefined;
  gain: Gain | undefined;
  attempts: number;
  failure: Failure | undefined;
  /** An intent without its done: to be settled by asking the forge. */
  pending: Extract<JournalEvent, { ev: IntentName }> | undefined;
  warnings: readonly string[];
}

export interface PlanCounts {
  dockerfiles: number;
  changed: number;
  /** Transform id → how often applied. */
  applied: Readonly<Record<string, number>>;
  /** `transform/reason` → how often skipped. */
  skipped: Readonly<Record<string, number>>;
  errors: number;
}

export type IntentName =
  'push.intent' | 'open.intent' | 'update.intent' | 'close.intent' | 'comment.intent' | 'merge.intent' | 'fork.intent';

/** Body of an event by its name. An intent is on disk (fsync) before the forge is asked; its `.done` after the answer. */
export interface EventData {
  /** `url`: where git fetches from, without credentials; `directory`: a checkout on this machine. */
  discovered: { ref?: RepoRef; id?: string; url?: string; directory?: string };
  /** With a plan's key when the content was looked at. */
  excluded: { reason: ExclusionReason; detail?: string; base?: { branch: string; sha: string }; planKey?: string };
  unchanged: { base: { branch: string; sha: string }; planKey: string; counts: PlanCounts };
  refused: { base: { branch: string; sha: string }; planKey: string; counts: PlanCounts; reason: string };
  planned: { base: { branch: string; sha: string }; planKey: string; diffHash: string; cluster: string; counts: PlanCounts; gain?: Gain };
  approved: { by: string };
  rejected: { by: string; reason?: string };
  'fork.intent': { owner?: string };
  /** `made`: it was not there before. */
  'fork.done': { repo: RepoRef; made?: true };
  'fork.deleted': { repo: RepoRef };
  /** `head`: the commit that will be there, where it is known before (git). */
  'push.intent': { branch: string; expect: string | 'absent'; parent: string; diffHash: string; head?: string };
  'push.done': { branch: string; head: string; diffHash: string };
  'open.intent': { branch: string; base: string; bodyHash: string };
  'open.done': { number: number; url: string; bodyHash: string; adopted?: true; warnings?: string[] };
  'update.intent': { number: number; bodyHash: string };
  'update.done': { number: number; bodyHash: string };
  'comment.intent': { number: number; about: string };
  'comment.done': { number: number; about: string };
  'close.intent': { number: number; as: 'obsolete' | 'superseded' | 'closed'; reason: string };
  'close.done': { number: number; as: 'obsolete' | 'superseded' | 'closed'; reason: string };
  'merge.intent': { number: number; head: string };
  'merge.done': { number: number };
  /** What the forge told of a pull request. */
  observed: { state: RepoState; reason?: string; pull?: { number: number; url: string; state: PullRequest['state'] } };
  frozen: { reason: FrozenReason; detail?: string };
  thawed: { by: string };
  verified: { sha: string };
  regressed: { sha: string };
  failed: { failure: Failure; attempt: number };
  /** An intent whose effect did not happen (the forge was asked): it is taken back. */
  settled: { intent: IntentName; found: 'done' | 'not-done' };
  throttled: { limit: 'primary' | 'secondary'; until: string };
  dead: { reason: string };
}
export type EventName = keyof EventData;

/** One line of the journal. `repo` is `*` for what concerns the campaign. `from`: the entry of a queue's stream that it came by. */
export type JournalEvent = {
  [Name in EventName]: { v: 1; seq: number; t: string; run: string; repo: RepoKey; ev: Name; data: EventData[Name]; from?: string };
}[EventName];

/** An event before the journal gives it its number. */
export type NewEvent = { [Name in EventName]: { repo: RepoKey; ev: Name; data: EventData[Name] } }[EventName];

/** Where events go: the journal itself, or (on a worker of a queue) a stream that the journal's owner writes down. */
export interface EventSink {
  /** Resolves when the event will survive a crash (fsync, or the stream's acknowledgement). */
  append(event: NewEvent): Promise<void>;
}

/** A file that the pull request changes. Paths are of the repository, clean, never through a link. */
export interface PlannedFile {
  path: string;
  mode: '100644' | '100755';
  /** Undefined: the file is new. */
  before: string | undefined;
  /** Object id of `before`, where known. */
  beforeSha: string | undefined;
  after: string;
}

/** What a pull request would save. `measured` needs a build before and after; an estimate names its source in `how`. */
export interface Gain {
  kind: 'estimated' | 'measured';
  /** Bytes of the image before and after, when known. */
  imageBefore: number | undefined;
  imageAfter: number | undefined;
  /** Seconds of a rebuild after an edit of a source. */
  rebuildBefore: number | undefined;
  rebuildAfter: number | undefined;
  /** One sentence: what it rests on. */
  how: string;
}

/** What `plan` works out for one repository; kept as a JSON file per repository, read again by apply, review, report and body. */
export interface PlannedRepo {
  v: 1;
  repo: RepoKey;
  ref: RepoRef | undefined;
  base: { branch: string; sha: string };
  specHash: string;
  toolVersion: string;
  planKey: string;
  /** sha256 over paths, modes and changed lines of `files`: stays when the base moves elsewhere. */
  diffHash: string;
  cluster: string;
  /** Empty: nothing to do. */
  files: PlannedFile[];
  /** One per Dockerfile, as the command line reports it. */
  reports: FileReport[];
  counts: PlanCounts;
  gain: Gain | undefined;
  /** When the campaign verifies: what building and running showed. */
  proof?: Proof;
  /** Why there is nothing to do although something was found; for state `refused`. */
  refusal: string | undefined;
  warnings: string[];
}
