// Room: cli/. `bulk plan`: finds the repositories, works out what would change, and tells.
import type { Campaign, CampaignOptions } from '../../bulk/options.ts';
import { planAll } from '../../bulk/run/plan-all.ts';
import { candidatesOf } from '../../bulk/source/sources.ts';
import { campaignDirectory } from '../../bulk/journal/directory.ts';
import { visible } from '../../report/visible.ts';
import type { Flags } from '../flags.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from '../world.ts';
import { campaignOptions, withLimits } from './campaign-options.ts';
import { interruptible } from './interrupt.ts';
import { campaignOf, journalOf, openSession, storedCampaign, type Opened, type Stored } from './open.ts';
import { progressOn } from './progress.ts';
import { tellCounts } from './status.ts';
import type { BulkFlags, BulkRequest } from './types.ts';

type AllFlags = BulkFlags & Flags;

/** Plans a campaign: a new one, or one that is there, again. */
export async function planCampaign({ flags }: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  const stored = await wantedCampaign(flags, world);
  if (isUsageError(stored)) return stored;
  return interruptible(world, async (signal) => {
    const opened = await openSession(stored, flags, world, signal);
    if (isUsageError(opened)) return opened;
    try {
      return await planOpened(opened, flags, world);
    } finally {
      await opened.close();
    }
  });
}

async function planOpened({ session, campaign }: Opened, flags: AllFlags, world: World): Promise<ExitCode> {
  const progress = progressOn(world.stderr, flags);
  const candidates = candidatesOf({
    options: campaign.options,
    forge: session.forge,
    cwd: world.cwd,
    warn: (message) => void world.stderr.write(`warning: ${visible(message)}\n`),
  });
  const { ended, why, failed } = await planAll(withLimits(session, flags, world), { candidates, progress: progress.show });
  progress.end();
  tellCounts(session.records, campaign, flags, world);
  if (ended === 'paused') world.stderr.write(`paused: ${visible(why ?? '')}\nRun it again to go on.\n`);
  if (ended === 'paused') return 4;
  // As without bulk: 1 says that something would change, 2 that not all could be looked at.
  if (failed > 0) return flags.check ? 2 : 1;
  return flags.check && [...session.records.values()].some(({ state }) => state === 'planned' || state === 'approved') ? 1 : 0;
}

/** The options as they are frozen, or those of the flags; other ones than before need --fresh. */
export async function wantedCampaign(flags: AllFlags, world: World): Promise<Stored | UsageError> {
  const known = flags.id === undefined ? undefined : storedCampaign(flags, world);
  const namesNothing = flags.config === undefined && !namesSources(flags);
  if (known && !isUsageError(known) && namesNothing && !flags.fresh) return known;
  const options = await campaignOptions(flags, world);
  if (isUsageError(options)) return options;
  const before = isUsageError(known) || !known ? storedCampaign({ ...flags, id: options.id }, world) : known;
  const store = campaignDirectory(journalOf(flags, world), options.id);
  if (!isUsageError(before)) {
    const sources = namesSources(flags) || hasSources(options) ? options.sources : before.campaign.options.sources;
    const next: Campaign = { ...campaignOf({ ...options, sources }, world.version), createdAt: before.campaign.createdAt };
    if (same(next.options, before.campaign.options)) return before;
    if (!flags.fresh) {
      const other = differences(before.campaign.options, next.options).join(', ');
      return { usage: `campaign ${options.id} was planned with other options (${other}): give --fresh to take these, and plan all again` };
    }
    return { campaign: next, store };
  }
  if (!hasSources(options))
    return { usage: 'name the repositories: --org, --user, --group, --topic, --search, --repo, --repos or --from-dir' };
  return { campaign: campaignOf(options, world.version), store };
}

const hasSources = ({ sources: { directories, repositories, owners, topics, search } }: CampaignOptions): boolean =>
  directories.length + repositories.length + owners.length + topics.length > 0 || search !== undefined;

const namesSources = ({ org, user, group, topic, search, repo, repos, fromDir }: AllFlags): boolean =>
  [org, user, group, topic, search, repo, repos, fromDir].some((source) => source !== undefined);

/** Names of the options that differ, with what was and what is: `refactor.level: "safe", now "max"`. */
function differences(before: unknown, now: unknown, name = ''): string[] {
  if (same(before, now)) return [];
  if (!isPlain(before) || !isPlain(now)) return [`${name}: ${said(before)}, now ${said(now)}`];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.flatMap((key) => differences(before[key], now[key], name === '' ? key : `${name}.${key}`));
}

const isPlain = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const said = (value: unknown): string => (value === undefined ? 'not given' : visible(JSON.stringify(value).slice(0, 100)));

// As they come back from the file: without what is undefined.
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
