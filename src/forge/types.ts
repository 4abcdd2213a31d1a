// Room: forge/. What bulk asks of a forge (GitHub, GitLab, Gitea and Forgejo), and nothing more; what it answers is untrusted.

/** `gitea` is Forgejo as well. Bitbucket and Azure DevOps have no client: their branches are pushed by git. */
export type ForgeKind = 'github' | 'gitlab' | 'gitea';

/** Names a repository on a host. */
export interface RepoRef {
  /** Host with port, lower case: `github.com`, `127.0.0.1:3900`. */
  host: string;
  /** User, organisation or group; on GitLab groups may nest (`a/b`). */
  owner: string;
  name: string;
}

export interface RepoInfo extends RepoRef {
  /** The forge's own id: stays when a repository is renamed. */
  id: string;
  /** Undefined when the repository is empty and has none. */
  defaultBranch: string | undefined;
  archived: boolean;
  /** The forge locked it (GitHub: disabled; Gitea: mirror that cannot be pushed to). */
  disabled: boolean;
  fork: boolean;
  empty: boolean;
  visibility: 'public' | 'internal' | 'private';
  /** Size as the forge tells it, in KB; undefined when it does not. */
  sizeKb: number | undefined;
  /** ISO 8601; undefined when the forge does not tell. */
  pushedAt: string | undefined;
  topics: readonly string[];
  /** For git over HTTP; never with credentials in it. */
  cloneUrl: string;
  webUrl: string;
  /** May the actor push to it? Undefined: not told. */
  canPush: boolean | undefined;
  /** What it was forked from, when the forge tells. */
  parent: RepoRef | undefined;
}

/** Which repositories to list; exactly one of `owner` and `search` may be given, none means all that the actor sees. */
export interface RepoQuery {
  /** Organisation, user or group (with its subgroups). */
  owner?: { kind: 'org' | 'user' | 'group'; name: string };
  topic?: string;
  search?: string;
}

/** One entry of a recursive listing. */
export interface TreeEntry {
  /** From the root, with `/`; as the forge gives it, not cleaned. */
  path: string;
  /** Git's modes: 100644 file, 100755 executable, 120000 link, 160000 submodule, 040000 directory. */
  mode: '100644' | '100755' | '120000' | '160000' | '040000';
  /** Object id. */
  sha: string;
  /** Bytes of a blob; undefined when the forge does not tell. */
  size: number | undefined;
}

export interface Tree {
  /** Object id of the tree. */
  sha: string;
  entries: readonly TreeEntry[];
  /** The forge left entries out: the caller must use git for this repository. */
  truncated: boolean;
}

export interface Commit {
  sha: string;
  parents: readonly string[];
  /** Object id of its tree; undefined when the forge does not tell. */
  tree: string | undefined;
  message: string;
  /** For people only: nothing is decided by names or mail addresses. */
  author: { name: string; email: string } | undefined;
}

export interface PullRequest {
  /** GitHub and Gitea: number; GitLab: iid. */
  number: number;
  url: string;
  state: 'open' | 'closed' | 'merged';
  draft: boolean;
  /** `repo` is undefined when the head's repository is gone. */
  head: { ref: string; sha: string; repo: RepoRef | undefined };
  base: { ref: string; sha: string };
  title: string;
  body: string;
  labels: readonly string[];
  /** `unknown`: the forge has not worked it out yet; never to be read as a conflict. */
  mergeable: 'yes' | 'no' | 'unknown';
  /** Conversation locked. */
  locked: boolean;
  mergedAt: string | undefined;
  closedAt: string | undefined;
  /** Login of who closed or merged it, when told. */
  closedBy: string | undefined;
  /** Merge or squash commit on the base branch. */
  mergeSha: string | undefined;
  /** Only filled by `findPull` and `pull` when the forge tells cheaply. */
  review: 'approved' | 'changes-requested' | 'none' | 'unknown';
}

/** A file of a new commit. */
export interface FileWrite {
  path: string;
  mode: '100644' | '100755';
  content: Uint8Array;
  /** Object id that the file has at `parent`; undefined: it is new. Forges that check it per file (Gitea) get it. */
  before: string | undefined;
}

export interface CommitRequest {
  /** Short branch name, without refs/heads/. */
  branch: string;
  /** Head that the branch must have now, or `absent`: it must not exist. Otherwise ForgeError `conflict`. */
  expect: string | 'absent';
  /** The commit's only parent. When it is not `expect`, the branch is moved (needs `features.moveBranch`). */
  parent: string;
  files: readonly FileWrite[];
  message: string;
  /** Undefined: as the forge does for the actor (GitHub then signs the commit). */
  author?: { name: string; email: string };
}

export interface NewPull {
  title: string;
  body: string;
  /** Branch of the repository itself, or of a fork. */
  head: { ref: string; repo: RepoRef };
  base: string;
  draft: boolean;
  /** Set in the same call where the forge allows it; what could not be set is answered in `warnings`. */
  labels: readonly string[];
  reviewers: readonly string[];
  teamReviewers: readonly string[];
  assignees: readonly string[];
}

export interface PullPatch {
  title?: string;
  body?: string;
  state?: 'open' | 'closed';
}

/** State of the checks of a commit; `none` when there are none. */
export interface Checks {
  state: 'success' | 'failure' | 'pending' | 'none';
  /** How many are still running or queued. */
  pending: number;
  /** Names of the failed ones, at most 20. */
  failed: readonly string[];
}

/** What a forge can do, so that the engine chooses a transport. */
export interface ForgeFeatures {
  /** `commitFiles` can put a commit on another parent than the branch's head (a rebase). Gitea cannot: git does it there. */
  moveBranch: boolean;
  /** `commitFiles` checks `expect` on the server in the same step; false: read, compare, write. */
  lease: boolean;
  /** Commits made by the API are signed by the forge. */
  signs: boolean;
}

/**
 * A forge, for one actor. Every method waits for the `Pace` it was made with, retries what is safe to retry (reads: 5 times,
 * full jitter; writes: never by itself after it was sent), and throws `ForgeError` alone. No method follows a redirect or an
 * absolute URL to another host with the token.
 */
export interface Forge {
  readonly kind: ForgeKind;
  /** As in RepoRef. */
  readonly host: string;
  /** Characters that a pull request's body may have. */
  readonly bodyLimit: number;
  readonly features: ForgeFeatures;

  /** Login of the token's owner (GitHub App: `name[bot]`); asked once. */
  actor(): Promise<string>;
  /** Throws `not-found` when it does not exist or may not be seen. A renamed repository answers with its new name. */
  repo(ref: RepoRef): Promise<RepoInfo>;
  listRepos(query: RepoQuery): AsyncIterable<RepoInfo>;

  /** Head commit of a branch; undefined when there is no such branch. Throws `empty` for a repository without commits. */
  branchHead(repo: RepoRef, branch: string): Promise<string | undefined>;
  /** All branches with their heads; ForgeError `unprocessable` when there are more than 1,000. */
  branches(repo: RepoRef): Promise<{ name: string; sha: string }[]>;
  /** The whole tree of a commit, recursive, following the forge's pages. */
  tree(repo: RepoRef, commit: string): Promise<Tree>;
  /** Bytes of a blob; ForgeError `unprocessable` when it has more than `maxBytes`. */
  blob(repo: RepoRef, sha: string, maxBytes: number): Promise<Uint8Array>;
  /** Blobs by their ids, fewer calls where the forge can (GraphQL); in the order asked. */
  blobs(repo: RepoRef, shas: readonly string[], maxBytes: number): Promise<Uint8Array[]>;

  commit(repo: RepoRef, sha: string): Promise<Commit>;
  /** Makes one commit with these files on top of `parent` and lets the branch point to it. */
  commitFiles(repo: RepoRef, request: CommitRequest): Promise<Commit>;
  /** Commits that `head` has and `base` has not, oldest first; at most 250. */
  commitsBetween(repo: RepoRef, base: string, head: string): Promise<Commit[]>;
  deleteBranch(repo: RepoRef, branch: string): Promise<void>;

  /** Every pull request from this head to this base, any state, newest first. */
  findPulls(repo: RepoRef, head: { ref: string; repo: RepoRef }, base: string): Promise<PullRequest[]>;
  pull(repo: RepoRef, number: number): Promise<PullRequest>;
  /** `warnings`: labels, reviewers, assignees that could not be set. Throws `already-exists` when there is an open one. */
  createPull(repo: RepoRef, pull: NewPull): Promise<{ pull: PullRequest; warnings: string[] }>;
  updatePull(repo: RepoRef, number: number, patch: PullPatch): Promise<PullRequest>;
  comment(repo: RepoRef, number: number, body: string): Promise<void>;
  /** Adds what is missing; answers with a warning for each that could not be set. */
  decorate(repo: RepoRef, number: number, what: Pick<NewPull, 'labels' | 'reviewers' | 'teamReviewers' | 'assignees'>): Promise<string[]>;
  /** Throws `conflict` (not mergeable, head moved), `locked` (refused by protection), `unprocessable` ("try again later" is retried inside). */
  merge(repo: RepoRef, number: number, how: { method: 'merge' | 'squash' | 'rebase'; head: string }): Promise<void>;
  /**
   * Lets the forge merge it as soon as the checks and approvals that its base requires are there. Throws where the forge refuses, and
   * `unprocessable` where nothing is required: it would be merged before anybody has seen it.
   */
  autoMerge(repo: RepoRef, number: number, how: { method: 'merge' | 'squash' | 'rebase'; head: string }): Promise<void>;

  checks(repo: RepoRef, commit: string): Promise<Checks>;
  /** The fork of the actor (or of `owner`), made when it is missing; waits until it answers. Throws `unprocessable` for a fork of a fork. */
  fork(repo: RepoRef, owner: string | undefined): Promise<RepoInfo>;
  deleteRepo(repo: RepoRef): Promise<void>;
}

export type ForgeErrorKind =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'archived'
  | 'empty'
  | 'conflict'
  | 'already-exists'
  | 'unprocessable'
  | 'locked'
  | 'rate-limited'
  | 'server'
  | 'network'
  | 'timeout'
  | 'unsupported';

export interface ForgeErrorFacts {
  /** HTTP status; undefined when there was no answer. */
  status?: number;
  /** Whether the same call may work later. A write may have happened all the same (`network`, `timeout`, `server`): ask first. */
  retryable: boolean;
  limit?: 'primary' | 'secondary';
  /** Milliseconds to wait. */
  retryAfter?: number;
}

/** The one thing that a forge throws. The message is redacted and has no control characters. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError';
  readonly kind: ForgeErrorKind;
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly limit: 'primary' | 'secondary' | undefined;
  readonly retryAfter: number | undefined;
  constructor(kind: ForgeErrorKind, message: string, facts: ForgeErrorFacts) {
    super(message);
    this.kind = kind;
    this.status = facts.status;
    this.retryable = facts.retryable;
    this.limit = facts.limit;
    this.retryAfter = facts.retryAfter;
  }
}

/** A request's class: reads, or what creates content (commits, pull requests, comments, labels, reviewers). */
export type Request = 'read' | 'content';

export interface PaceState {
  /** Content-creating requests in the last minute and hour. */
  contentLastMinute: number;
  contentLastHour: number;
  /** Milliseconds since the epoch until which the whole budget sleeps; undefined: awake. */
  sleepsUntil: number | undefined;
  /** Content per minute allowed now: halved by a secondary limit, +10 % per ten clean minutes. */
  contentPerMinute: number;
}

/** The budget of one actor on one host: the door that every request passes, shared by all workers. */
export interface Pace {
  /** Resolves when the request may be sent. Rejects with the signal's reason when it is aborted. */
  take(request: Request, signal?: AbortSignal): Promise<void>;
  /** Puts the whole budget to sleep until a time (milliseconds since the epoch); the latest wins. */
  sleepUntil(time: number, why: 'primary' | 'secondary'): void;
  /** What the last answer said of the primary limit: `take('read')` slows down below the reserve of 10 %. */
  remaining(left: number, of: number, resetsAt: number): void;
  state(): PaceState;
}
