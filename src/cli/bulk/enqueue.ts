// Room: cli/. `bulk enqueue`: the owner of the journal gives the campaign to workers, and writes down what they tell.
import { candidatesOf } from '../../bulk/source/sources.ts';
import { enqueuePlans, enqueuePublishing, openRound } from '../../bulk/queue/run.ts';
import type { Owner, Ran } from '../../bulk/queue/owner.ts';
import { visible } from '../../report/visible.ts';
import type { Flags } from '../flags.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from '../world.ts';
import { confirmed, tellApplied } from './apply.ts';
import { withLimits } from './campaign-options.ts';
import { interruptible } from './interrupt.ts';
import { openSession, storedCampaign, type Opened } from './open.ts';
import { wantedCampaign } from './plan.ts';
import { progressOn } from './progress.ts';
import { addressOf, identityOf, noQueue, openQueue, type OpenQueue } from './queue.ts';
import { tellCounts } from './status.ts';
import type { BulkFlags, BulkRequest } from './types.ts';

type AllFlags = BulkFlags & Flags;

/** A round over the queue: planning, or with --publish the pull requests. Interrupted, workers go on; run again, it goes on with the round. */
export async function enqueue({ flags }: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  const address = addressOf(flags, world);
  if (!address) return noQueue;
  const stored = flags.publish ? storedCampaign(flags, world) : await wantedCampaign(flags, world);
  if (isUsageError(stored)) return stored;
  return interruptible(world, async (signal) => {
    const opened = await openSession(stored, flags, world, signal, 'queue');
    if (isUsageError(opened)) return opened;
    if (address.password !== undefined) opened.redactor.add(address.password);
    try {
      const queue = await openQueue(address, stored.campaign.options.id, flags, world);
      try {
        return await runRound({ ...opened, session: withLimits(opened.session, flags, world) }, queue, flags, world);
      } finally {
        await queue.close();
      }
    } finally {
      await opened.close();
    }
  });
}

async function runRound(opened: Opened, queue: OpenQueue, flags: AllFlags, world: World): Promise<ExitCode | UsageError> {
  const { session, store, journal } = opened;
  const answer = flags.publish ? await confirmed(opened, flags, world) : true;
  if (answer !== true) return answer === false ? 0 : answer;
  const progress = progressOn(world.stderr, flags);
  const onlyApproved = flags.onlyApproved ? 'yes' : 'no';
  const identity = await identityOf(session);
  const parts = { session, directory: store, journal, exchange: queue.exchange, driver: queue.driver, identity, onlyApproved } as const;
  const round = await openRound({ ...parts, progress: progress.show }, flags.publish ? 'publish' : 'plan');
  if ('refused' in round) return { usage: round.refused };
  const code = await (flags.publish ? publish : plan)(round.owner, opened, flags, world);
  progress.end();
  round.close();
  return code;
}

async function plan(owner: Owner, { session, campaign }: Opened, flags: AllFlags, world: World): Promise<ExitCode> {
  const warn = (message: string): void => void world.stderr.write(`warning: ${visible(message)}\n`);
  const candidates = candidatesOf({ options: campaign.options, forge: session.forge, cwd: world.cwd, warn });
  const ran = await enqueuePlans(owner, candidates);
  tellCounts(session.records, campaign, flags, world);
  return ran.ended === 'paused' ? paused(ran, world) : ran.failed > 0 ? 1 : 0;
}

function paused({ why }: Pick<Ran, 'why'>, world: World): ExitCode {
  world.stderr.write(`paused: ${visible(why ?? '')}\nRun it again to go on.\n`);
  return 4;
}

async function publish(owner: Owner, { session }: Opened, flags: AllFlags, world: World): Promise<ExitCode> {
  const ran = await enqueuePublishing(owner, { maxPrs: flags.maxPrs, onlyApproved: flags.onlyApproved ? 'yes' : 'no' });
  if (ran.ended === 'paused') return paused(ran, world);
  const ended = ran.limit === undefined ? 'done' : 'limit';
  tellApplied({ outcomes: ran.outcomes, ended, why: ran.limit }, flags, world);
  const failed = [...session.records.values()].some(({ state }) => state === 'failed' || state === 'dead');
  if (ran.failed > 0 && failed) return 1;
  return ended === 'limit' ? 5 : 0;
}
