// Room: cli/. A campaign's summary in the form asked for, to standard output or a file.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CampaignSummary } from '../../bulk/report/types.ts';
import { visible } from '../../report/visible.ts';
import type { World } from '../world.ts';
import type { BulkFlags } from './types.ts';

/** Renders the summary; the page goes to the file of --html. */
export async function writeReport(summary: CampaignSummary, flags: BulkFlags, world: World): Promise<void> {
  const text = flags.json ? `${JSON.stringify(summary, undefined, 2)}\n` : table(summary);
  if (flags.output === undefined) world.stdout.write(text);
  else writeFileSync(resolve(world.cwd, flags.output), text, { mode: 0o600 });
}

function table({ byState, byReason, skips, clusters, repositories }: CampaignSummary): string {
  const lines = [`${repositories.length} repositories`];
  for (const [state, count] of Object.entries(byState)) lines.push(`  ${String(count).padStart(6)}  ${state}`);
  for (const { state, reason, count } of byReason) lines.push(`  ${String(count).padStart(6)}  ${state}: ${visible(reason)}`);
  lines.push(`${clusters.length} different diffs`);
  for (const { id, count, transforms } of clusters.slice(0, 20))
    lines.push(`  ${String(count).padStart(6)}  ${id}  ${transforms.join(', ')}`);
  lines.push('skipped');
  for (const { transform, reason, count, example } of skips.slice(0, 20))
    lines.push(`  ${String(count).padStart(6)}  ${transform} ${reason}: ${visible(example)}`);
  return `${lines.join('\n')}\n`;
}
