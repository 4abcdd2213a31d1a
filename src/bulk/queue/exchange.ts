// Room: bulk/. What owner and workers of a campaign tell each other, in Redis: a stream of events, and the records of what is worked at.
import type { Redis } from 'ioredis';
import type { NewEvent, PlannedRepo, RepoKey, RepoRecord } from '../types.ts';
import { prefix } from './redis.ts';
import { Overtaken, type Entry, type Exchange, type SharedCampaign } from './types.ts';

/** The group of the one reader: entries that it read and did not settle come to it again. */
const group = 'journal';
const reader = 'owner';
const mostAtOnce = 200;

/**
 * Written only by who holds the repository: a worker that was taken for dead, and goes on, cannot tell an intent any more, and so never
 * acts. The entry and the record after it are one step: whoever takes the repository over knows all that was told. Sent again after a
 * connection broke (the answer was lost, not the step), a step that was done is not done twice.
 */
const tellScript = `
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
local told = ARGV[1] .. ' told'
if tonumber(redis.call('HGET', KEYS[2], told) or '0') >= tonumber(ARGV[7]) then return 1 end
redis.call('HSET', KEYS[2], told, ARGV[7])
redis.call('XADD', KEYS[1], '*', 'repo', ARGV[1], 'event', ARGV[3], 'plan', ARGV[4], 'ended', ARGV[5])
if ARGV[5] ~= '' then
  redis.call('HDEL', KEYS[2], ARGV[1], told)
  redis.call('HDEL', KEYS[3], ARGV[1])
  redis.call('HDEL', KEYS[4], ARGV[1])
else
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[6])
  if ARGV[4] ~= '' then redis.call('HSET', KEYS[4], ARGV[1], ARGV[4]) end
end
return 1`;

/** Makes it over a connection, which stays the caller's; reading has one of its own. */
export function redisExchange(redis: Redis, campaign: string): Exchange {
  const key = (name: string): string => `${prefix}:campaign:${campaign}:${name}`;
  const [events, holders, records, plans, options, epoch] = ['events', 'holders', 'records', 'plans', 'options', 'epoch'].map(key) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  let waiting: Redis | undefined;
  let steps = 0;
  // Until there are none left: those that an owner read before it was killed.
  let unsettled: { after: string } | undefined = { after: '0' };
  return {
    async claim(wanted) {
      await redis.set(epoch, wanted, 'NX');
      try {
        await redis.xgroup('CREATE', events, group, '0', 'MKSTREAM');
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
      }
      return (await redis.get(epoch)) ?? wanted;
    },
    epoch: async () => (await redis.get(epoch)) ?? undefined,
    share: async (shared) => void (await redis.set(options, JSON.stringify(shared))),
    async shared() {
      const text = await redis.get(options);
      return text === null ? undefined : (JSON.parse(text) as SharedCampaign);
    },
    async offer(offers) {
      const pipeline = redis.pipeline();
      for (const { record, plan } of offers) {
        pipeline.hset(records, record.repo, JSON.stringify(record));
        if (plan) pipeline.hset(plans, record.repo, JSON.stringify(plan));
        else pipeline.hdel(plans, record.repo);
      }
      for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
    },
    async read(milliseconds) {
      while (unsettled) {
        const before = entriesOf(await redis.xreadgroup('GROUP', group, reader, 'COUNT', mostAtOnce, 'STREAMS', events, unsettled.after));
        const last: string | undefined = before.at(-1)?.id;
        unsettled = last === undefined ? undefined : { after: last };
        if (before.length > 0) return before;
      }
      waiting ??= readingOf(redis);
      try {
        return entriesOf(await unlessBroken(waiting, (own) => readNew(own, events, milliseconds)));
      } catch (error) {
        if (error instanceof Error && error.name === 'ReplyError') throw error;
        // The connection broke. What was read and did not arrive must come before what is newer: places in the stream tell what is known.
        unsettled = { after: '0' };
        return [];
      }
    },
    async settle(ids) {
      if (ids.length === 0) return;
      await redis
        .multi()
        .xack(events, group, ...ids)
        .xdel(events, ...ids)
        .exec();
    },
    backlog: () => redis.xlen(events),
    async begin(repo, holder) {
      const found = await redis
        .multi()
        .hset(holders, repo, holder)
        .hdel(holders, `${repo} told`)
        .hget(records, repo)
        .hget(plans, repo)
        .exec();
      const [, , record, plan] = (found ?? []).map(([, value]) => value as string | null);
      if (record === null || record === undefined) {
        await redis.hdel(holders, repo);
        return undefined;
      }
      return {
        record: JSON.parse(record) as RepoRecord,
        plan: plan === null || plan === undefined ? undefined : (JSON.parse(plan) as PlannedRepo),
      };
    },
    async stillHeld(repo, holder) {
      if ((await redis.hget(holders, repo)) !== holder) throw new Overtaken(`another worker has ${repo}`);
    },
    async tell(holder, { repo, event, plan, ended }, after) {
      const json = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));
      const told = await redis.eval(
        tellScript,
        4,
        ...[events, holders, records, plans],
        ...[repo, holder, json(event), json(plan), ended ?? '', json(after?.record), (steps += 1)],
      );
      if (told !== 1) throw new Overtaken(`another worker has ${repo}`);
    },
    async close() {
      waiting?.disconnect();
    },
  };
}

/** A connection that waits, and does not send again by itself what it may have been answered. */
function readingOf(redis: Redis): Redis {
  const reading = redis.duplicate({ autoResendUnfulfilledCommands: false });
  reading.on('error', () => undefined);
  return reading;
}

const readNew = (redis: Redis, events: string, milliseconds: number): Promise<unknown> =>
  redis.xreadgroup('GROUP', group, reader, 'COUNT', mostAtOnce, 'BLOCK', Math.max(1, milliseconds), 'STREAMS', events, '>');

/** The client forgets a command that was sent and is not sent again: without this, who waits for it waits for ever. */
async function unlessBroken<T>(redis: Redis, ask: (redis: Redis) => Promise<T>): Promise<T> {
  let broken = (): void => undefined;
  const breaks = new Promise<never>((_, reject) => {
    broken = () => reject(new Error('the connection broke'));
    redis.once('close', broken);
  });
  try {
    return await Promise.race([ask(redis), breaks]);
  } finally {
    redis.off('close', broken);
  }
}

/** Entries as XREADGROUP answers them; one that was deleted meanwhile has no fields. */
function entriesOf(answer: unknown): Entry[] {
  const [stream] = (answer ?? []) as [string, [string, string[] | null][]][];
  return (stream?.[1] ?? []).map(([id, fields]) => {
    const named = new Map<string, string>();
    for (let at = 0; at + 1 < (fields?.length ?? 0); at += 2) named.set(fields?.[at] ?? '', fields?.[at + 1] ?? '');
    const json = (name: string): unknown => {
      const text = named.get(name) ?? '';
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    };
    return {
      id,
      repo: (named.get('repo') ?? '') satisfies RepoKey,
      event: json('event') as NewEvent | undefined,
      plan: json('plan') as PlannedRepo | undefined,
      ended: named.get('ended') || undefined,
    };
  });
}

/** Whether an entry comes after another one of the same stream: `milliseconds-number`. */
export function isAfter(id: string, other: string): boolean {
  const [time = 0, number = 0] = id.split('-').map(Number);
  const [otherTime = 0, otherNumber = 0] = other.split('-').map(Number);
  return time > otherTime || (time === otherTime && number > otherNumber);
}
