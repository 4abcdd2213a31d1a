// Room: cli/. `bulk status --queue`: how much waits, is worked at, and is done, as the queue says.
import type { QueueCounts } from '../../bulk/queue/types.ts';
import type { BulkFlags } from './types.ts';
import { openQueue } from './queue.ts';
import type { QueueAddress } from '../../bulk/queue/redis.ts';
import { visible } from '../../report/visible.ts';
import type { World } from '../world.ts';

export interface QueueStatus {
  plan: QueueCounts;
  publish: QueueCounts | undefined;
  /** Whose limits the publishing queue obeys: `host:actor`. */
  identity: string | undefined;
  /** Told by workers, not in the journal yet. */
  untold: number;
}

/** Asks the queue. Undefined: it knows no such campaign. */
export async function queueStatus(address: QueueAddress, id: string, flags: BulkFlags, world: World): Promise<QueueStatus | undefined> {
  const queue = await openQueue(address, id, flags, world);
  try {
    const shared = await queue.exchange.shared();
    if (!shared) return undefined;
    const { identity } = shared;
    return {
      plan: await queue.driver.counts('plan'),
      publish: identity === undefined ? undefined : await queue.driver.counts('publish', identity),
      identity,
      untold: await queue.exchange.backlog(),
    };
  } finally {
    await queue.close();
  }
}

/** Lines for people. */
export function queueLines(status: QueueStatus | undefined): string[] {
  if (!status) return ['queue: this campaign is not on it'];
  const line = (name: string, { waiting, active, delayed, completed, failed }: QueueCounts): string =>
    `queue ${name}: ${waiting} waiting, ${active} active, ${delayed} to be tried again, ${completed} done, ${failed} lost`;
  const lines = [line('plan', status.plan)];
  if (status.publish) lines.push(line(`publish ${visible(status.identity ?? '')}`, status.publish));
  if (status.untold > 0) lines.push(`${status.untold} events wait for bulk enqueue to write them down`);
  return lines;
}
