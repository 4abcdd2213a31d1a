// Room: cli/. What the commands of `bulk` get from commander.
import type { filters, general, pace, policy, pull, sources } from '../../bulk/option-table.ts';
import type { Flags } from '../flags.ts';
import type { FlagsOf } from './campaign-flags.ts';

export const actionNames = ['plan', 'review', 'apply', 'status', 'sync', 'report', 'verify', 'close', 'merge', 'enqueue', 'work'] as const;
export type BulkAction = 'dry-run' | 'pr' | 'serve' | (typeof actionNames)[number];

export interface BulkRequest {
  action: BulkAction;
  dir: string | undefined;
  flags: BulkFlags & Flags;
}

/** Flags that are a campaign's options, as the table of options has them. */
type CampaignFlags = FlagsOf<typeof general> &
  FlagsOf<typeof sources> &
  FlagsOf<typeof filters> &
  FlagsOf<typeof pull> &
  FlagsOf<typeof policy> &
  FlagsOf<typeof pace>;

export interface BulkFlags extends CampaignFlags {
  id?: string;
  config?: string;
  journal?: string;
  tokenFile?: string;
  fresh?: true;
  /** A file of repositories, or `-`. */
  repos?: string;
  failFast?: true;
  metricsFile?: string;
  // Of a queue
  queue?: string;
  publish?: true;
  untilEmpty?: true;
  lostAfter?: number;
  // Of one command
  approve?: string[];
  reject?: string[];
  reason?: string;
  onlyApproved?: true;
  maxPrs?: number;
  yes?: true;
  deleteBranch?: true;
  deleteForks?: true;
  supersededBy?: string;
  method?: 'merge' | 'squash' | 'rebase';
  requireChecks?: true;
  requireApproval?: true;
  json?: true;
  csv?: true;
  md?: true;
  html?: string;
  output?: string;
  listen?: string;
  secretFile?: string;
}
