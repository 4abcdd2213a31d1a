// Room: cli/. `bulk DIR --dry-run`: plan and report over checkouts, nothing is written but the report.
import { resolve } from 'node:path';
import { defaultOptions, defaultProof } from '../../bulk/options.ts';
import type { Campaign } from '../../bulk/options.ts';
import { specHashOf } from '../../bulk/plan/digest.ts';
import { CampaignStopped } from '../../bulk/run/attempt.ts';
import { dryRun, type DryRun } from '../../bulk/run/dry.ts';
import { checkoutsBelow } from '../../bulk/source/checkouts.ts';
import type { CampaignSummary } from '../../bulk/report/types.ts';
import { given } from '../../checkout/given.ts';
import { reasonOf } from '../../checkout/paths.ts';
import { coloured, plain } from '../../report/colour.ts';
import { paintPatch } from '../../report/paint.ts';
import { visible } from '../../report/visible.ts';
import { unknownIds } from '../options.ts';
import { colourOf } from '../terminal.ts';
import type { ExitCode, UsageError, World } from '../world.ts';
import { proofFlags, wrongPattern } from './campaign-options.ts';
import { interruptible } from './interrupt.ts';
import { progressOn } from './progress.ts';
import { proverOf } from './prover.ts';
import { writeReport } from './report.ts';
import type { BulkRequest } from './types.ts';

/** Plans every checkout below a directory and prints a report. */
export async function dryRunDirectory({ dir, flags }: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  if (dir === undefined) return { usage: 'bulk: give a directory with --dry-run, or one of its commands (dockerfile-mod bulk --help)' };
  if (!flags.dryRun && !flags.check) return { usage: `bulk ${dir}: give --dry-run; to open pull requests, use bulk plan and bulk apply` };
  const core = await world.core();
  const unknown = unknownIds(
    flags,
    core.listTransforms().map(({ id }) => id),
  );
  if (unknown !== undefined) return { usage: unknown };
  const wrong = await wrongPattern(flags.dockerfile, world);
  if (wrong) return wrong;
  const options = defaultOptions('dry-run');
  options.filters = { ...options.filters, dockerfiles: flags.dockerfile };
  options.sources = { ...options.sources, directories: [dir] };
  options.refactor = given({ level: flags.level, base: flags.base, only: flags.only, skip: flags.skip });
  const proof = proofFlags(flags);
  options.verify = proof && { ...defaultProof, ...proof };
  const campaign: Campaign = {
    v: 1,
    options,
    specHash: specHashOf(options),
    toolVersion: world.version,
    createdAt: new Date().toISOString(),
  };
  const work = async (signal: AbortSignal): Promise<ExitCode | UsageError> => {
    const { refactor, filters, verify } = options;
    const prove = proverOf(verify, { refactor, wanted: filters.dockerfiles, core, world, quiet: flags.quiet === true, signal });
    return dryRunWith({ campaign, core, prove, signal }, dir, flags, world);
  };
  // Building makes things that have to be removed again; without it there is nothing to stop.
  return options.verify ? interruptible(world, work) : work(new AbortController().signal);
}

type How = Pick<DryRun, 'campaign' | 'core' | 'prove'> & { signal: AbortSignal };

async function dryRunWith(how: How, dir: string, flags: BulkRequest['flags'], world: World): Promise<ExitCode | UsageError> {
  const progress = progressOn(world.stderr, flags);
  try {
    const candidates = checkoutsBelow(resolve(world.cwd, dir));
    const summary = await dryRun({ ...how, candidates, progress: progress.show });
    progress.end();
    await writeReport(summary, flags, world);
    if (!flags.json && !flags.csv && !flags.md && flags.output === undefined) tellExamples(summary, flags, world);
    const { failed = 0, planned = 0 } = summary.byState;
    // As without bulk: 1 says that something would change, 2 that not all could be looked at.
    if (failed > 0) return flags.check ? 2 : 1;
    return flags.check && planned > 0 ? 1 : 0;
  } catch (error) {
    progress.end();
    if (error instanceof CampaignStopped) return { usage: error.message };
    if (error instanceof Error && 'code' in error) return { usage: `bulk ${dir}: ${reasonOf(error)}` };
    throw error;
  }
}

/** Changes that are shown as a diff; the page of --html has all. */
const shownChanges = 3;

/** One diff of each of the commonest changes. */
function tellExamples({ clusters }: CampaignSummary, flags: BulkRequest['flags'], world: World): void {
  const palette = colourOf(world.stdout, world.env, flags) === 'always' ? coloured : plain;
  for (const { id, example } of clusters.slice(0, shownChanges))
    if (example.patch !== '')
      world.stdout.write(`\n${palette.bold(`Change ${id}, as in ${visible(example.repo)}`)}\n${paintPatch(example.patch, palette)}`);
  if (clusters.length > shownChanges) world.stdout.write(`\n${clusters.length - shownChanges} more: --html FILE shows all\n`);
}
