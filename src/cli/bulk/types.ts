// Room: cli/. What the commands of `bulk` get from commander.
import type { CampaignOptions, Policy } from '../../bulk/options.ts';
import type { Flags } from '../options.ts';

export const actionNames = ['plan', 'review', 'apply', 'status', 'sync', 'report', 'verify', 'close', 'merge', 'enqueue', 'work'] as const;
export type BulkAction = 'dry-run' | 'pr' | 'serve' | (typeof actionNames)[number];

export interface BulkRequest {
  action: BulkAction;
  dir: string | undefined;
  flags: BulkFlags & Flags;
}

export interface BulkFlags {
  id?: string;
  config?: string;
  journal?: string;
  tokenFile?: string;
  fresh?: true;
  // Sources and filters
  org?: string[];
  user?: string[];
  group?: string[];
  topic?: string[];
  search?: string;
  repo?: string[];
  repos?: string;
  fromDir?: string[];
  include?: string;
  exclude?: string;
  withForks?: true;
  visibility?: 'public' | 'internal' | 'private';
  pushedSince?: string;
  maxSizeKb?: number;
  dockerfile?: string[];
  // Platform
  platform?: CampaignOptions['platform'];
  baseUrl?: string;
  transport?: CampaignOptions['transport'];
  // Pull requests
  branch?: string;
  baseBranch?: string;
  title?: string;
  bodyTemplate?: string;
  commitMessage?: string;
  signOff?: true;
  author?: string;
  label?: string[];
  reviewer?: string[];
  teamReviewer?: string[];
  codeownersReviewers?: true;
  assignee?: string[];
  draft?: true;
  autoMerge?: 'merge' | 'squash' | 'rebase';
  fork?: 'auto' | 'always' | 'never';
  forkOwner?: string;
  contact?: string;
  link?: string;
  // Policy
  onExisting?: Policy['onExisting'];
  onHumanEdit?: Policy['onHumanEdit'];
  onClosed?: Policy['onClosed'];
  onConflict?: Policy['onConflict'];
  keepObsolete?: true;
  // Pace
  concurrency?: number;
  writeConcurrency?: number;
  contentPerMinute?: number;
  prsPerHour?: number;
  maxOpen?: number;
  maxPendingChecks?: number;
  window?: string[];
  canary?: number;
  maxFailures?: number;
  failFast?: true;
  metricsFile?: string;
  timeoutRepo?: number;
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
