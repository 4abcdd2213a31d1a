// Room: cli/. `bulk work`: does the jobs of a campaign on this machine; needs no journal, only the queue and the forge.
import { redisExchange } from '../../bulk/queue/exchange.ts';
import { sharedPace, sharedWindows, type SharedPace } from '../../bulk/queue/shared-pace.ts';
import type { SharedCampaign } from '../../bulk/queue/types.ts';
import { repositoryWork, stillOurs, type WorkerCampaign } from '../../bulk/queue/worker.ts';
import { memoryJournal, memoryStore } from '../../bulk/journal/memory.ts';
import { CampaignStopped } from '../../bulk/run/attempt.ts';
import { visible } from '../../report/visible.ts';
import type { Flags } from '../flags.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from '../world.ts';
import { interruptible } from './interrupt.ts';
import { connect, sessionOver } from './open.ts';
import { addressOf, identityOf, noQueue, openQueue, type OpenQueue } from './queue.ts';
import { withScratch } from './scratch.ts';
import type { BulkFlags, BulkRequest } from './types.ts';

interface Place {
  queue: OpenQueue;
  scratch: string;
  flags: BulkFlags & Flags;
  world: World;
}

/** Works until a signal: then the running jobs end, and the process with them. Killed, its jobs go to other workers. */
export async function work({ flags }: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  const address = addressOf(flags, world);
  if (!address) return noQueue;
  if (flags.id === undefined) return { usage: 'name the campaign with --id' };
  const queue = await openQueue(address, flags.id, flags, world);
  const { id } = flags;
  try {
    return await withScratch((scratch) => workOn(id, { queue, scratch, flags, world }));
  } finally {
    await queue.close();
  }
}

async function workOn(id: string, place: Place): Promise<ExitCode | UsageError> {
  const { queue, flags, world } = place;
  const shared = await queue.exchange.shared();
  if (!shared) return { usage: `no campaign ${id} is on the queue at ${queue.address.told}: run bulk enqueue first` };
  const known = new Map<string, { text: string; campaign: WorkerCampaign; identity: string }>();
  const of = async (campaign: string): Promise<{ campaign: WorkerCampaign; identity: string }> => {
    const exchange = campaign === id ? queue.exchange : redisExchange(queue.redis, campaign);
    const now = await exchange.shared();
    if (!now) throw new CampaignStopped(`campaign ${campaign} is not on the queue any more`);
    const text = JSON.stringify(now);
    const before = known.get(campaign);
    // Its owner may have changed limits or options since.
    if (before?.text === text) return before;
    const made = { text, ...(await campaignAt(now, exchange, place)) };
    known.set(campaign, made);
    return made;
  };
  const { identity } = await of(id);
  if (shared.identity !== undefined && shared.identity !== identity)
    world.stderr.write(`warning: the campaign publishes as ${shared.identity}, this worker is ${identity}: it plans only\n`);
  const handler = repositoryWork(async (campaign) => (await of(campaign)).campaign);
  return interruptible(world, async (signal) => {
    if (!flags.quiet) world.stderr.write(`working on ${id} as ${visible(identity)}, queue ${queue.address.told}\n`);
    const stop = new AbortController();
    const until = flags.untilEmpty ? 'empty' : 'signal';
    const both = { until, signal: AbortSignal.any([signal, stop.signal]) } as const;
    const stopping = <T>(running: Promise<T>): Promise<T> => running.finally(() => until === 'signal' && stop.abort());
    try {
      await settled([
        stopping(queue.driver.work('plan', handler, { ...both, concurrency: flags.concurrency ?? 2 })),
        stopping(queue.driver.work('publish', handler, { ...both, concurrency: flags.writeConcurrency ?? 1, identity })),
      ]);
    } catch (error) {
      if (!(error instanceof CampaignStopped)) throw error;
      world.stderr.write(`stopped: ${visible(error.message)}\n`);
      return 4;
    }
    return 0;
  });
}

/** All have ended before the first failure is told: what runs beside it is not cut off. */
async function settled(all: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(all)) if (one.status === 'rejected') throw one.reason;
}

/** The forge and the transports, with the budget of all workers around this one's. */
async function campaignAt(
  { campaign, onlyApproved }: SharedCampaign,
  exchange: WorkerCampaign['exchange'],
  { queue, scratch, flags, world }: Place,
): Promise<{ campaign: WorkerCampaign; identity: string }> {
  if (campaign.toolVersion !== world.version)
    throw new CampaignStopped(
      `the campaign was planned by dockerfile-mod ${campaign.toolVersion}, this is ${world.version}: use the same version`,
    );
  const { contentPerMinute, prsPerHour } = campaign.options.pace;
  const who: { identity?: string } = {};
  let pace: SharedPace | undefined;
  // A running job is not cut off by the signal that ends the worker.
  const { signal } = new AbortController();
  const limits = { perMinute: contentPerMinute, perHour: prsPerHour, ...sharedWindows };
  const around = (own: Parameters<typeof sharedPace>[0]): SharedPace =>
    (pace = sharedPace(own, queue.redis, { limits, identity: () => who.identity, mayWrite: stillOurs }));
  const outside = await connect(campaign.options, flags, world, { signal, scratch, around });
  if (isUsageError(outside)) throw new CampaignStopped(outside.usage);
  const { password } = queue.address;
  if (password !== undefined) outside.redactor.add(password);
  const session = await sessionOver({ campaign, store: memoryStore(), journal: memoryJournal() }, outside, world, {
    signal,
    quiet: flags.quiet === true,
  });
  const identity = await identityOf(session);
  who.identity = identity;
  return { identity, campaign: { session, exchange, onlyApproved, sleeps: async () => (await pace?.sleeps()) ?? 0 } };
}
