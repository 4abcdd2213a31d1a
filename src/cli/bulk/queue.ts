// Room: cli/. The queue of a campaign: where it is, and that its password is told to nobody.
import type { Redis } from 'ioredis';
import { bullQueue, defaultBull } from '../../bulk/queue/bullmq.ts';
import { redisExchange } from '../../bulk/queue/exchange.ts';
import { connectRedis, queueAddress, type QueueAddress } from '../../bulk/queue/redis.ts';
import type { Exchange, QueueDriver } from '../../bulk/queue/types.ts';
import type { Session } from '../../bulk/run/session.ts';
import { visible } from '../../report/visible.ts';
import type { UsageError, World } from '../world.ts';
import type { BulkFlags } from './types.ts';

export interface OpenQueue {
  address: QueueAddress;
  redis: Redis;
  driver: QueueDriver;
  exchange: Exchange;
  close(): Promise<void>;
}

/** The address that the flag or DOCKERFILE_MOD_QUEUE gives; undefined: neither does. */
export function addressOf(flags: BulkFlags, world: World): QueueAddress | undefined {
  const given = flags.queue ?? world.env.DOCKERFILE_MOD_QUEUE;
  return given === undefined || given === '' ? undefined : queueAddress(given);
}

export const noQueue: UsageError = { usage: 'name the queue: --queue redis://host:6379/0, or DOCKERFILE_MOD_QUEUE' };

/** Connects. Throws QueueError. */
export async function openQueue(address: QueueAddress, campaign: string, flags: BulkFlags, world: World): Promise<OpenQueue> {
  const redis = await connectRedis(address, (message) => void world.stderr.write(`warning: ${visible(message)}\n`));
  const lock = flags.lostAfter === undefined ? defaultBull.lock : flags.lostAfter * 1000;
  const driver = await bullQueue(redis, { ...defaultBull, lock, campaign });
  const exchange = redisExchange(redis, campaign);
  return {
    address,
    redis,
    driver,
    exchange,
    close: async () => {
      await exchange.close();
      await driver.close();
      redis.disconnect();
    },
  };
}

/** `host:actor`: whose limits count. Without a client of the forge there is no actor: one queue for its host. */
export async function identityOf({ forge, campaign }: Pick<Session, 'forge' | 'campaign'>): Promise<string> {
  if (forge) return `${forge.host}:${await forge.actor()}`;
  const { platform, baseUrl } = campaign.options;
  return `${baseUrl === undefined ? platform : new URL(baseUrl).host}:git`;
}
