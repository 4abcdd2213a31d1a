// Room: cli/. `bulk status` and `bulk report`: what the journal says; no forge is asked.
import type { Campaign } from '../../bulk/options.ts';
import { summaryBuilder } from '../../bulk/summary.ts';
import type { CampaignSummary } from '../../bulk/report/types.ts';
import type { RepoKey, RepoRecord } from '../../bulk/types.ts';
import { visible } from '../../report/visible.ts';
import type { Flags } from '../flags.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from '../world.ts';
import { recordsOf, storedCampaign, type Stored } from './open.ts';
import { addressOf } from './queue.ts';
import { queueLines, queueStatus } from './queue-status.ts';
import { writeReport } from './report.ts';
import type { BulkFlags, BulkRequest } from './types.ts';

/** Where the campaign stands, in a few lines or as JSON. */
export async function status({ flags }: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  const stored = storedCampaign(flags, world);
  const address = addressOf(flags, world);
  const queue = address && flags.id !== undefined ? await queueStatus(address, flags.id, flags, world) : undefined;
  if (isUsageError(stored)) {
    // The machine of a worker has no journal.
    if (!queue) return stored;
    world.stdout.write(
      flags.json ? `${JSON.stringify({ campaign: flags.id, queue }, undefined, 2)}\n` : `${queueLines(queue).join('\n')}\n`,
    );
    return 0;
  }
  const records = await recordsOf(stored);
  if (!flags.json) {
    tellCounts(records, stored.campaign, flags, world);
    if (address) world.stdout.write(`${queueLines(queue).join('\n')}\n`);
    return 0;
  }
  const repositories = [...records.values()].map(({ repo, state, reason, pull, failure, warnings }) => ({
    repo,
    state,
    reason,
    pull,
    failure,
    warnings,
  }));
  world.stdout.write(
    `${JSON.stringify({ campaign: stored.campaign.options.id, counts: countsOf(records), ...(queue ? { queue } : {}), repositories }, undefined, 2)}\n`,
  );
  return 0;
}

/** The whole report. */
export async function report({ flags }: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  const stored = storedCampaign(flags, world);
  if (isUsageError(stored)) return stored;
  await writeReport(await summaryOf(stored), flags, world);
  return 0;
}

/** Plans are read one after the other and forgotten. */
export async function summaryOf(stored: Stored): Promise<CampaignSummary> {
  const summary = summaryBuilder();
  for (const record of (await recordsOf(stored)).values())
    summary.add(record, stored.store.readPlan(record.repo), () => stored.store.readPatch(record.repo));
  return summary.finish(stored.campaign);
}

const countsOf = (records: ReadonlyMap<RepoKey, RepoRecord>): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { state } of records.values()) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

/** One line per state, then what failed. */
export function tellCounts(records: ReadonlyMap<RepoKey, RepoRecord>, campaign: Campaign, flags: Flags & BulkFlags, world: World): void {
  if (flags.quiet) return;
  const lines = [`campaign ${campaign.options.id}: ${records.size} repositories`];
  for (const [state, count] of Object.entries(countsOf(records)).sort(([, a], [, b]) => b - a))
    lines.push(`${String(count).padStart(7)}  ${state}`);
  const failed = [...records.values()].filter((record) => record.state === 'failed' || record.state === 'dead');
  for (const { repo, failure } of failed.slice(0, 20)) lines.push(`  failed: ${visible(repo)}: ${visible(failure?.message ?? '')}`);
  if (failed.length > 20) lines.push(`  and ${failed.length - 20} more`);
  world.stdout.write(`${lines.join('\n')}\n`);
}
