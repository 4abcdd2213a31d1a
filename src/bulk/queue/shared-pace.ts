// Room: bulk/. The budget of a forge identity over all workers: exact windows in Redis, one sleep for all.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Pace, Request } from '../../forge/types.ts';
import { prefix } from './redis.ts';

export interface SharedLimits {
  /** Requests that create content, over all workers. */
  perMinute: number;
  perHour: number;
  /** Milliseconds of these two. A little more than they are called: a request takes time to arrive, and the forge counts arrivals. */
  minute: number;
  hour: number;
}

export const sharedWindows = { minute: 62_000, hour: 3_602_000 };

/** Answers 0 when the request may be sent (and counts it), else the milliseconds to wait. By the clock of Redis: those of the workers differ. */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local sleep = tonumber(redis.call('GET', KEYS[2]) or '0')
if sleep > now then return sleep - now end
if ARGV[1] ~= 'content' then return 0 end
local minute, hour = tonumber(ARGV[5]), tonumber(ARGV[6])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - hour)
local all = redis.call('ZCARD', KEYS[1])
local wait = 0
for _, limit in ipairs({ { tonumber(ARGV[3]), minute }, { tonumber(ARGV[4]), hour } }) do
  if all >= limit[1] then
    local oldest = redis.call('ZRANGE', KEYS[1], all - limit[1], all - limit[1], 'WITHSCORES')
    wait = math.max(wait, tonumber(oldest[2]) + limit[2] - now)
  end
end
if wait > 0 then return wait end
redis.call('ZADD', KEYS[1], now, ARGV[2])
redis.call('PEXPIRE', KEYS[1], hour)
return 0`;

/** The later time wins. */
const sleepScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = tonumber(ARGV[1])
if wait > 0 and now + wait > tonumber(redis.call('GET', KEYS[1]) or '0') then redis.call('SET', KEYS[1], now + wait, 'PX', wait) end
return 0`;

export interface Around {
  limits: SharedLimits;
  /** Known after the first read, who the actor is: until then only the worker's own budget counts. */
  identity(): string | undefined;
  /** Asked after the wait, before content is created; what it throws is thrown. */
  mayWrite(): Promise<void>;
}

export interface SharedPace extends Pace {
  /** Milliseconds for which all workers of the identity sleep. */
  sleeps(): Promise<number>;
}

/** A worker's own budget (limits that answers tell, its own sleep) with that of all workers around it. */
export function sharedPace(own: Pace, redis: Redis, { limits, identity, mayWrite }: Around): SharedPace {
  const keyOf = (at: string, name: string): string => `${prefix}:pace:${at}:${name}`;
  const ask = async (request: Request, id: string): Promise<number> => {
    const at = identity();
    if (at === undefined) return 0;
    const { perMinute, perHour, minute, hour } = limits;
    return Number(await redis.eval(takeScript, 2, keyOf(at, 'content'), keyOf(at, 'sleep'), request, id, perMinute, perHour, minute, hour));
  };
  return {
    ...own,
    async take(request, signal) {
      await own.take(request, signal);
      const id = randomUUID();
      for (;;) {
        signal?.throwIfAborted();
        const wait = await ask(request, id);
        if (wait <= 0) return request === 'content' ? mayWrite() : undefined;
        await new Promise((resolve) => setTimeout(resolve, Math.min(wait, 1_000)));
      }
    },
    sleepUntil(time, why) {
      own.sleepUntil(time, why);
      const at = identity();
      if (at !== undefined) void redis.eval(sleepScript, 1, keyOf(at, 'sleep'), Math.ceil(time - Date.now()));
    },
    async sleeps() {
      const at = identity();
      const left = at === undefined ? -1 : await redis.pttl(keyOf(at, 'sleep'));
      return Math.max(0, left);
    },
  };
}
