// Room: bulk/. Everything that decides what a campaign does: its options, as they are frozen when it is planned first.
import type { ForgeKind, RepoInfo } from '../forge/types.ts';
import type { Options } from '../types.ts';
import type { EngineName, MeasureDepth } from '../verify/types.ts';

/** Where repositories come from; several are added up, each repository once. */
export interface Sources {
  /** A directory of checkouts: each subdirectory with a `.git`. */
  directories: readonly string[];
  /** Clone URLs, `owner/name`, or paths, as listed by file, standard input or flag. */
  repositories: readonly string[];
  owners: readonly { kind: 'org' | 'user' | 'group'; name: string }[];
  topics: readonly string[];
  search: string | undefined;
}

export interface Filters {
  /** Regular expressions over `owner/name`. */
  include: string | undefined;
  exclude: string | undefined;
  archived: 'skip';
  forks: 'skip' | 'take';
  visibility: RepoInfo['visibility'] | undefined;
  /** ISO 8601 date. */
  pushedSince: string | undefined;
  maxSizeKb: number | undefined;
  /** Only Dockerfiles whose path in the repository matches one of these, as in a .dockerignore file; undefined: all. */
  dockerfiles: readonly string[] | undefined;
}

export interface PullOptions {
  /** `dockerfile-mod/<campaign>` unless told. */
  branch: string;
  /** The default branch unless told. */
  base: string | undefined;
  title: string | undefined;
  /** Text of the campaign's own template; undefined: ours. See `PullBodyInput`. */
  bodyTemplate: string | undefined;
  commitMessage: string | undefined;
  /** `Signed-off-by` of the author, as DCO asks. */
  signOff: 'yes' | 'no';
  author: { name: string; email: string } | undefined;
  labels: readonly string[];
  reviewers: readonly string[];
  teamReviewers: readonly string[];
  /** Reviewers too: the owners of the changed files, by the base's CODEOWNERS. */
  codeownersReviewers: 'yes' | 'no';
  assignees: readonly string[];
  draft: 'yes' | 'no';
  /** The forge merges it when the checks and approvals that its base requires are there. */
  autoMerge: 'no' | 'merge' | 'squash' | 'rebase';
  fork: 'auto' | 'always' | 'never';
  forkOwner: string | undefined;
  /** Who runs the campaign and where it is described: told in the body. */
  contact: string | undefined;
  link: string | undefined;
}

export interface Policy {
  onExisting: 'update' | 'skip' | 'fail';
  onHumanEdit: 'freeze' | 'fail';
  onClosed: 'respect' | 'recreate-if-changed';
  onConflict: 'rebase' | 'freeze';
  closeObsolete: 'yes' | 'no';
}

export interface PaceOptions {
  /** Repositories planned at once. */
  concurrency: number;
  /** Pull requests written at once. */
  writeConcurrency: number;
  contentPerMinute: number;
  prsPerHour: number;
  /** Open pull requests of the campaign at one time. */
  maxOpen: number | undefined;
  /** Checks pending over all open pull requests of the campaign. */
  maxPendingChecks: number | undefined;
  /** `mon-fri 06:00-16:00 UTC`; none: always. */
  windows: readonly string[];
  /** Pull requests that are opened before the rest. */
  canary: number;
  /** Failures that pause the campaign: a share (0.05) of those tried, or so many in a row of one class. */
  maxFailures: number;
  maxFailuresInRow: number;
  /** Milliseconds for all that is done for one repository at one time; waiting for the forge's limits does not count. */
  timeoutRepo: number;
}

/** How both versions of every Dockerfile are built and run before anything is proposed; as for `dockerfile-mod verify`. */
export interface ProofOptions {
  /** `none`: sizes as the engine tells them; `full`: also how long builds and rebuilds take. */
  measure: MeasureDepth;
  probes: readonly string[];
  engine?: EngineName;
  /** Seconds, for one build and for the start of one image. What is left out is as verification has it. */
  timeout?: number;
  startTimeout?: number;
  /** Caps of what runs, in the engine's own notation. */
  memory?: string;
  cpus?: string;
  pidsLimit?: number;
}

/** Everything that decides what a campaign does; frozen in campaign.json when it is planned first. */
export interface CampaignOptions {
  /** Lower case letters, digits, `-`; at most 40. */
  id: string;
  platform: ForgeKind | 'git' | 'local';
  /** Base URL of the forge (`https://github.example.com`); undefined: the public one of the platform. */
  baseUrl: string | undefined;
  transport: 'api' | 'git' | 'auto';
  sources: Sources;
  filters: Filters;
  refactor: Partial<Options>;
  pull: PullOptions;
  policy: Policy;
  pace: PaceOptions;
  /** Undefined: nothing is built. */
  verify: ProofOptions | undefined;
}

/** A campaign as campaign.json holds it. */
export interface Campaign {
  v: 1;
  options: CampaignOptions;
  /** sha256 over what decides the result of a repository: refactor options, pull text options. */
  specHash: string;
  toolVersion: string;
  createdAt: string;
}
