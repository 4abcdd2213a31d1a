// Room: bulk/. What reports are rendered from.
import type { Campaign } from '../options.ts';
import type { Gain, RepoKey, RepoRecord, RepoState } from '../types.ts';

/** One line per repository; small, so that 100,000 fit in memory. */
export interface RepositoryRow {
  repo: RepoKey;
  state: RepoState;
  reason: string | undefined;
  changed: number;
  dockerfiles: number;
  applied: Readonly<Record<string, number>>;
  skipped: Readonly<Record<string, number>>;
  cluster: string | undefined;
  pull: RepoRecord['pull'];
  gain: Gain | undefined;
  failure: string | undefined;
}

/** Repositories whose diffs differ only in names and numbers. */
export interface Cluster {
  id: string;
  count: number;
  /** One patch of them, as `git apply` takes it; shown with control characters made visible. */
  example: { repo: RepoKey; patch: string };
  /** At most 50 names; `count` says how many there are. */
  repositories: readonly RepoKey[];
  transforms: readonly string[];
}

/** What every report (table, JSON, CSV, Markdown, HTML) is rendered from. */
export interface CampaignSummary {
  campaign: Campaign;
  at: string;
  byState: Readonly<Partial<Record<RepoState, number>>>;
  /** Exclusions and failures by reason, most frequent first. */
  byReason: readonly { state: RepoState; reason: string; count: number }[];
  /** Skips by transform and reason, most frequent first, with one example message. */
  skips: readonly { transform: string; reason: string; count: number; example: string }[];
  transforms: readonly { transform: string; count: number }[];
  clusters: readonly Cluster[];
  repositories: readonly RepositoryRow[];
  /** Sums over repositories that have a gain. Bytes. */
  savings: { estimated: number; measured: number; repositoriesEstimated: number; repositoriesMeasured: number };
}

/** Written by the reports' owner (src/bulk/report/). */
export type ReportFormat = 'table' | 'json' | 'csv' | 'md' | 'html';

/** How far a run is, for the progress line. */
export interface Progress {
  phase: 'discover' | 'plan' | 'apply' | 'sync' | 'verify' | 'close' | 'merge';
  done: number;
  total: number | undefined;
  outcomes: Readonly<Partial<Record<RepoState, number>>>;
  /** Milliseconds since the epoch until which the forge makes us wait; undefined: not waiting. */
  waitsUntil: number | undefined;
}
