// Room: cli/. A campaign's summary in the form asked for, to standard output or a file.
import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderReport } from '../../bulk/report/render.ts';
import type { CampaignSummary, ReportFormat } from '../../bulk/report/types.ts';
import type { Flags } from '../flags.ts';
import { colourOf } from '../terminal.ts';
import type { World } from '../world.ts';
import type { BulkFlags } from './types.ts';

/** Writes the report; the page of --html goes to its file, whatever else is asked for. Reports are for the owner alone: mode 0600. */
export async function writeReport(summary: CampaignSummary, flags: BulkFlags & Flags, world: World): Promise<void> {
  if (flags.html !== undefined) await toFile(summary, 'html', resolve(world.cwd, flags.html));
  const format: ReportFormat = flags.json ? 'json' : flags.csv ? 'csv' : flags.md ? 'md' : 'table';
  if (flags.output !== undefined) return toFile(summary, format, resolve(world.cwd, flags.output));
  for await (const piece of renderReport(summary, format, colourOf(world.stdout, world.env, flags))) world.stdout.write(piece);
}

/** Piece by piece: a campaign of 20,000 repositories is no string in memory. */
async function toFile(summary: CampaignSummary, format: ReportFormat, path: string): Promise<void> {
  const file = openSync(path, 'w', 0o600);
  try {
    for await (const piece of renderReport(summary, format)) writeSync(file, piece);
  } finally {
    closeSync(file);
  }
}
