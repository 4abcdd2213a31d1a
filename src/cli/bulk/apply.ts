// Room: cli/. `bulk apply`: asks with the counts, then opens and updates pull requests.
import { createInterface } from 'node:readline/promises';
import { applicable, applyAll, type Applied } from '../../bulk/run/apply.ts';
import { visible } from '../../report/visible.ts';
import type { Flags } from '../flags.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from '../world.ts';
import { withLimits } from './campaign-options.ts';
import { interruptible } from './interrupt.ts';
import { openSession, storedCampaign, type Opened } from './open.ts';
import { progressOn } from './progress.ts';
import type { BulkFlags, BulkRequest } from './types.ts';

type AllFlags = BulkFlags & Flags;

/** Applies what was planned. Run again, it goes on where it stopped. */
export async function applyCampaign({ flags }: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  const stored = storedCampaign(flags, world);
  if (isUsageError(stored)) return stored;
  return interruptible(world, async (signal) => {
    const opened = await openSession(stored, flags, world, signal);
    if (isUsageError(opened)) return opened;
    try {
      const answer = await confirmed(opened, flags, world);
      if (answer !== true) return answer === false ? 0 : answer;
      return await applyOpened(opened, flags, world);
    } finally {
      await opened.close();
    }
  });
}

async function applyOpened({ session }: Opened, flags: AllFlags, world: World): Promise<ExitCode> {
  const progress = progressOn(world.stderr, flags);
  const applied = await applyAll(withLimits(session, flags, world), {
    maxPrs: flags.maxPrs,
    onlyApproved: flags.onlyApproved ? 'yes' : 'no',
    progress: progress.show,
  });
  progress.end();
  tellApplied(applied, flags, world);
  if (applied.ended === 'paused') return 4;
  if ((applied.outcomes.failed ?? 0) > 0 && [...session.records.values()].some(({ state }) => state === 'failed' || state === 'dead'))
    return 1;
  return applied.ended === 'limit' ? 5 : 0;
}

export function tellApplied({ outcomes, ended, why }: Applied, flags: AllFlags, world: World): void {
  if (!flags.quiet) {
    const told = Object.entries(outcomes).map(([outcome, count]) => `${count} ${words[outcome] ?? outcome}`);
    world.stdout.write(`${told.length > 0 ? told.join(', ') : 'nothing to do'}\n`);
  }
  if (ended === 'paused') world.stderr.write(`paused: ${visible(why ?? '')}\nRun it again to go on.\n`);
  if (ended === 'limit') world.stderr.write(`some wait: ${visible(why ?? '')}\n`);
}

const words: Readonly<Record<string, string>> = {
  same: 'unchanged',
  waits: 'waiting',
  nothing: 'with nothing to do',
  failed: 'failed attempts',
};

/** Asks on a terminal; elsewhere --yes is needed. The answer is for what the journal says now. */
export async function confirmed({ session, campaign }: Opened, flags: AllFlags, world: World): Promise<boolean | UsageError> {
  if (flags.yes) return true;
  const records = [...session.records.values()].filter(applicable);
  const toOpen = records.filter((record) => record.pull === undefined).length;
  const where = campaign.options.baseUrl ?? campaign.options.platform;
  const question = `Open up to ${toOpen} pull requests and look after ${records.length - toOpen} open ones on ${visible(where)}?`;
  return ask(question, world);
}

/** The answer on a terminal; without one nobody can be asked, and the command line is incomplete. */
export async function ask(question: string, world: World): Promise<boolean | UsageError> {
  if (!world.stderr.isTTY || !process.stdin.isTTY)
    return { usage: `${question}\nNobody is there to answer, and nothing was done: give --yes` };
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
