// Room: cli/. From flags and campaign.yml to the options of a campaign; flags win.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CampaignFile } from '../../bulk/config.ts';
import { isCampaignId } from '../../bulk/defaults.ts';
import type { CampaignOptions, PullOptions } from '../../bulk/options.ts';
import type { Session } from '../../bulk/run/session.ts';
import { given } from '../../checkout/given.ts';
import { reasonOf } from '../../checkout/paths.ts';
import { readStream } from '../../checkout/read.ts';
import { unknownIds, type Flags } from '../options.ts';
import type { UsageError, World } from '../world.ts';
import type { BulkFlags } from './types.ts';

type AllFlags = BulkFlags & Flags;

/** The options that flags and file ask for, or what is wrong with them. Reads the file, the template, and the list of repositories. */
export async function campaignOptions(flags: AllFlags, world: World): Promise<CampaignOptions | UsageError> {
  const { parseCampaignFile, optionsFromFile, campaignSchema } = await import('../../bulk/config.ts');
  const file = flags.config === undefined ? {} : await readFile(flags.config, world, parseCampaignFile);
  if ('usage' in file) return file;
  const id = flags.id ?? file.id;
  if (id === undefined) return { usage: 'name the campaign: --id, or `id` in campaign.yml' };
  if (!isCampaignId(id)) return { usage: `--id ${id}: lower case letters, digits and -, at most 40` };
  const unknown = (await unknownTransforms(flags, undefined, world)) ?? (await unknownTransforms(file.refactor ?? {}, flags.config, world));
  if (unknown) return unknown;
  const own = await ownOptions(flags, world);
  if ('usage' in own) return own;
  const { id: _, ...rest } = own;
  const checked = campaignSchema.safeParse({ ...rest, id });
  if (!checked.success) {
    const issue = checked.error.issues[0];
    return { usage: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}` };
  }
  const options = optionsFromFile(id, over(file, checked.data));
  if (options.verify && options.transport === 'api')
    return { usage: '--verify builds, and for that git brings all files: use --transport auto or git' };
  return (await wrongPattern(options.filters.dockerfiles, world)) ?? options;
}

/** Ids that are no transform's, of the flags or of a file. */
async function unknownTransforms(
  given: { only?: readonly string[] | undefined; skip?: readonly string[] | undefined },
  file: string | undefined,
  world: World,
): Promise<UsageError | undefined> {
  const known = (await world.core()).listTransforms().map(({ id }) => id);
  const place = file === undefined ? undefined : { only: `${file}: refactor.only`, skip: `${file}: refactor.skip` };
  const usage = unknownIds(given, known, place);
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

async function readFile(
  name: string,
  world: World,
  parse: (text: string) => Promise<CampaignFile | { wrong: string }>,
): Promise<CampaignFile | UsageError> {
  try {
    const file = await parse(readFileSync(resolve(world.cwd, name), 'utf8'));
    return 'wrong' in file ? { usage: `${name}: ${file.wrong}` } : file;
  } catch (error) {
    return { usage: `--config ${name}: ${reasonOf(error)}` };
  }
}

/** What the flags say, in the form of a campaign file. */
async function ownOptions(flags: AllFlags, world: World): Promise<CampaignFile | UsageError> {
  const listed = flags.repos === undefined ? [] : await listOf(flags.repos, world);
  if ('usage' in listed) return listed;
  const pull = pullOf(flags, world);
  if ('usage' in pull) return pull;
  const { include, exclude, visibility, pushedSince, maxSizeKb } = flags;
  const repositories = [...(flags.repo ?? []), ...listed];
  // Only what was given: commander's defaults of the main command are not asked for here.
  const level = flags.level === 'balanced' ? undefined : flags.level;
  const base = flags.base === 'slim' ? undefined : flags.base;
  return given({
    platform: flags.platform,
    baseUrl: flags.baseUrl,
    transport: flags.transport,
    sources: given({
      directories: flags.fromDir?.map((dir) => resolve(world.cwd, dir)),
      repositories: repositories.length > 0 ? repositories : undefined,
      organisations: flags.org,
      users: flags.user,
      groups: flags.group,
      topics: flags.topic,
      search: flags.search,
    }),
    filters: given({
      include,
      exclude,
      visibility,
      pushedSince,
      maxSizeKb,
      forks: flags.withForks ? ('take' as const) : undefined,
      dockerfiles: flags.dockerfile,
    }),
    refactor: given({ level, base, only: flags.only, skip: flags.skip }),
    pull,
    policy: given({
      onExisting: flags.onExisting,
      onHumanEdit: flags.onHumanEdit,
      onClosed: flags.onClosed,
      onConflict: flags.onConflict,
      closeObsolete: flags.keepObsolete ? ('no' as const) : undefined,
    }),
    pace: paceOf(flags),
    verify: proofFlags(flags),
  });
}

/** How to verify, where `--verify` was given. */
export const proofFlags = (flags: AllFlags): CampaignFile['verify'] =>
  flags.verify &&
  given({
    measure: flags.measure,
    probes: flags.probe,
    engine: flags.engine,
    timeout: flags.timeout,
    startTimeout: flags.startTimeout,
    memory: flags.memory,
    cpus: flags.cpus,
    pidsLimit: flags.pidsLimit,
  });

/** The limits that a run may change without another plan. */
const paceOf = (flags: AllFlags): NonNullable<CampaignFile['pace']> =>
  given({
    concurrency: flags.concurrency,
    writeConcurrency: flags.writeConcurrency,
    contentPerMinute: flags.contentPerMinute,
    prsPerHour: flags.prsPerHour,
    maxOpen: flags.maxOpen,
    maxPendingChecks: flags.maxPendingChecks,
    windows: flags.window,
    canary: flags.canary,
    maxFailures: flags.maxFailures,
    timeoutRepo: flags.timeoutRepo === undefined ? undefined : flags.timeoutRepo * 1000,
  });

/** The session with the limits of this run: they are frozen with no plan. */
export function withLimits(session: Session, flags: AllFlags): Session {
  const { campaign } = session;
  const pace = { ...campaign.options.pace, ...paceOf(flags), ...(flags.failFast ? { maxFailuresInRow: 1 } : {}) };
  return { ...session, campaign: { ...campaign, options: { ...campaign.options, pace } } };
}

function pullOf(flags: AllFlags, world: World): NonNullable<CampaignFile['pull']> | UsageError {
  const author = flags.author === undefined ? undefined : authorOf(flags.author);
  if (author && 'usage' in author) return author;
  let bodyTemplate: string | undefined;
  try {
    bodyTemplate = flags.bodyTemplate === undefined ? undefined : readFileSync(resolve(world.cwd, flags.bodyTemplate), 'utf8');
  } catch (error) {
    return { usage: `--body-template ${flags.bodyTemplate}: ${reasonOf(error)}` };
  }
  return given({
    branch: flags.branch,
    base: flags.baseBranch,
    title: flags.title,
    bodyTemplate,
    commitMessage: flags.commitMessage,
    signOff: flags.signOff ? ('yes' as const) : undefined,
    author,
    labels: flags.label,
    reviewers: flags.reviewer,
    teamReviewers: flags.teamReviewer,
    codeownersReviewers: flags.codeownersReviewers ? ('yes' as const) : undefined,
    assignees: flags.assignee,
    draft: flags.draft ? ('yes' as const) : undefined,
    autoMerge: flags.autoMerge,
    fork: flags.fork,
    forkOwner: flags.forkOwner,
    contact: flags.contact,
    link: flags.link,
  });
}

function authorOf(text: string): NonNullable<PullOptions['author']> | UsageError {
  const [, name, email] = /^([^<>\n]+?)\s*<([^<>\s]+@[^<>\s]+)>$/.exec(text) ?? [];
  return name === undefined || email === undefined ? { usage: `--author ${text}: expected Name <mail>` } : { name, email };
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
  const part = <Key extends 'filters' | 'refactor' | 'pull' | 'policy' | 'pace'>(key: Key): CampaignFile[Key] => ({
    ...file[key],
    ...flags[key],
  });
  // Sources are not mixed: who names repositories means these.
  const sources = Object.keys(flags.sources ?? {}).length > 0 ? flags.sources : file.sources;
  const parts = { filters: part('filters'), refactor: part('refactor'), pull: part('pull'), policy: part('policy'), pace: part('pace') };
  const verify = file.verify || flags.verify ? { verify: { ...file.verify, ...flags.verify } } : {};
  return { ...file, ...flags, ...(sources ? { sources } : {}), ...parts, ...verify };
}
