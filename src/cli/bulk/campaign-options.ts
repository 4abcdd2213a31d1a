// Room: cli/. From flags and campaign.yml to the options of a campaign; flags win.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CampaignFile } from '../../bulk/config.ts';
import { filters, general, pace, policy, pull, sections, sources } from '../../bulk/option-table.ts';
import { isCampaignId, type CampaignOptions } from '../../bulk/options.ts';
import type { Session } from '../../bulk/run/session.ts';
import { given } from '../../checkout/given.ts';
import { reasonOf } from '../../checkout/paths.ts';
import { readStream } from '../../checkout/read.ts';
import type { Flags } from '../flags.ts';
import { unknownIds } from '../options.ts';
import { isUsageError, type UsageError, type World } from '../world.ts';
import { givenOf } from './campaign-flags.ts';
import { campaignFile } from './campaign-file.ts';
import type { BulkFlags } from './types.ts';

type AllFlags = BulkFlags & Flags;

/** The options that flags and file ask for, or what is wrong with them. Reads the file, the template, and the list of repositories. */
export async function campaignOptions(
  flags: AllFlags,
  world: World,
  where: 'the named file alone' | 'any file' = 'any file',
): Promise<CampaignOptions | UsageError> {
  const { checkedFile, optionsFromFile } = await import('../../bulk/config.ts');
  const isAsked = flags.config !== undefined || where === 'any file';
  const written = isAsked ? await campaignFile(flags.config, world) : { file: {}, name: undefined };
  if (isUsageError(written)) return written;
  const { file, name } = written;
  const id = flags.id ?? file.id;
  if (id === undefined) return { usage: 'name the campaign: --id, or `id` in campaign.yml or under `campaign` of the configuration' };
  if (!isCampaignId(id)) return { usage: `--id ${id}: lower case letters, digits and -, at most 40` };
  const unknown = (await unknownTransforms(flags, undefined, world)) ?? (await unknownTransforms(file.refactor ?? {}, name, world));
  if (unknown) return unknown;
  const own = await ownOptions(flags, world);
  if (isUsageError(own)) return own;
  const checked = checkedFile({ ...own, id });
  if ('wrong' in checked) return { usage: checked.wrong };
  const options = optionsFromFile(id, over(file, checked));
  if (options.verify && options.transport === 'api')
    return { usage: '--verify builds, and for that git brings all files: use --transport auto or git' };
  return (await wrongPattern(options.filters.dockerfiles, world)) ?? options;
}

/** Ids that are no transform's, of the flags or of a file. */
async function unknownTransforms(
  ids: { only?: readonly string[] | undefined; skip?: readonly string[] | undefined },
  file: string | undefined,
  world: World,
): Promise<UsageError | undefined> {
  const known = (await world.core()).listTransforms().map(({ id }) => id);
  const place = file === undefined ? undefined : { only: `${file}: refactor.only`, skip: `${file}: refactor.skip` };
  const usage = unknownIds(ids, known, place);
  return usage === undefined ? undefined : { usage };
}

/** The first pattern that is none. */
export async function wrongPattern(patterns: readonly string[] | undefined, world: World): Promise<UsageError | undefined> {
  if (patterns === undefined) return undefined;
  const core = await world.core();
  for (const pattern of patterns) {
    const compiled = core.pathPattern(pattern);
    if ('error' in compiled) return { usage: `--dockerfile ${pattern}: ${compiled.error}` };
  }
  return undefined;
}

/** What the flags say, in the form of a campaign file. */
async function ownOptions(flags: AllFlags, world: World): Promise<CampaignFile | UsageError> {
  const listed = flags.repos === undefined ? [] : await listOf(flags.repos, world);
  if (isUsageError(listed)) return listed;
  const named = { ...flags, repo: [...(flags.repo ?? []), ...listed] };
  const file: CampaignFile = {};
  const parts = { general, sources, filters, pull, policy, pace };
  for (const [name, section] of Object.entries(parts)) {
    const part = givenOf(section, named.repo.length > 0 ? named : flags, world);
    if (isUsageError(part)) return part;
    Object.assign(file, name === 'general' ? part : { [name]: part });
  }
  // Only what was given: commander's defaults of the main command are not asked for here.
  const { level, base } = flags;
  return given({ ...file, refactor: given({ level, base, only: flags.only, skip: flags.skip }), verify: proofFlags(flags) });
}

/** How to verify, where `--verify` was given. */
export const proofFlags = (flags: AllFlags): CampaignFile['verify'] =>
  flags.verify &&
  given({
    prove: flags.smallest ? ('smallest' as const) : flags.prove,
    measure: flags.measure,
    probes: flags.probe,
    engine: flags.engine,
    timeout: flags.timeout,
    startTimeout: flags.startTimeout,
    memory: flags.memory,
    cpus: flags.cpus,
    pidsLimit: flags.pidsLimit,
  });

/** The session with the limits of this run: they are frozen with no plan. */
export function withLimits(session: Session, flags: AllFlags, world: World): Session {
  const { campaign } = session;
  const limits = givenOf(pace, flags, world);
  const own = {
    ...campaign.options.pace,
    ...(isUsageError(limits) ? {} : given(limits)),
    ...(flags.failFast ? { maxFailuresInRow: 1 } : {}),
  };
  return { ...session, campaign: { ...campaign, options: { ...campaign.options, pace: own } } };
}

/** One repository a line; `#` begins a comment. */
async function listOf(file: string, world: World): Promise<string[] | UsageError> {
  let text: string;
  try {
    if (file === '-') {
      const read = await readStream(world.stdin, '-');
      if ('problem' in read) return { usage: `--repos -: ${read.problem.message}` };
      text = read.text;
    } else text = readFileSync(resolve(world.cwd, file), 'utf8');
  } catch (error) {
    return { usage: `--repos ${file}: ${reasonOf(error)}` };
  }
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** The parts of the file with those of the flags over them. */
function over(file: CampaignFile, flags: CampaignFile): CampaignFile {
  const both: CampaignFile = { ...file, ...flags };
  for (const name of Object.keys(sections) as (keyof typeof sections)[]) Object.assign(both, { [name]: { ...file[name], ...flags[name] } });
  // Sources are not mixed: who names repositories means these.
  const own = Object.keys(flags.sources ?? {}).length > 0 ? flags.sources : file.sources;
  const { verify: _, ...rest } = both;
  return { ...rest, sources: own, ...(file.verify || flags.verify ? { verify: { ...file.verify, ...flags.verify } } : {}) };
}
