// Between workers and the journal's owner: nothing is lost, nothing is written twice, and a worker taken for dead does nothing more.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newRecord } from '../../../src/bulk/journal/fold.ts';
import { openJournal } from '../../../src/bulk/journal/log.ts';
import { collect } from '../../../src/bulk/queue/collect.ts';
import { isAfter, redisExchange } from '../../../src/bulk/queue/exchange.ts';
import { connectRedis, queueAddress } from '../../../src/bulk/queue/redis.ts';
import { sharedPace, type SharedLimits } from '../../../src/bulk/queue/shared-pace.ts';
import { Overtaken, type Exchange } from '../../../src/bulk/queue/types.ts';
import type { NewEvent } from '../../../src/bulk/types.ts';
import { clock } from '../../../src/forge/connection.ts';
import { createPace } from '../../../src/forge/pace.ts';
import { withRedis } from './with-redis.ts';

const repo = 'h/o/r';
const failed = (message: string): NewEvent => ({
  repo,
  ev: 'failed',
  data: { failure: { kind: 'network', message, retryable: true }, attempt: 1 },
});
const tell = (exchange: Exchange, holder: string, event: NewEvent): Promise<void> =>
  exchange.tell(
    holder,
    { repo, event, plan: undefined, ended: undefined },
    { record: { ...newRecord(repo), reason: event.ev }, plan: undefined },
  );

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'dockerfile-mod-queue-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
const messages = (path: string): string[] =>
  readdirSync(path)
    .flatMap((name) => readFileSync(join(path, name), 'utf8').trimEnd().split('\n'))
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { data: { failure: { message: string } } }).data.failure.message);

describe('places in a stream', () => {
  it.each([
    ['10-0', '9-0'],
    ['9-10', '9-9'],
    ['1764100000000-0', '1764099999999-12'],
  ])('%s comes after %s', (later, earlier) => {
    expect(isAfter(later, earlier)).toBe(true);
    expect(isAfter(earlier, later)).toBe(false);
    expect(isAfter(later, later)).toBe(false);
  });
});

withRedis('the exchange', (at) => {
  const make = async (campaign: string): Promise<Exchange> => {
    const exchange = redisExchange(at().redis, campaign);
    await exchange.claim('epoch');
    await exchange.offer([{ record: newRecord(repo), plan: undefined }]);
    onTestFinished(() => exchange.close());
    return exchange;
  };
  it('belongs to the first journal that claims it', async () => {
    const exchange = await make('claimed');
    expect(await exchange.claim('another')).toBe('epoch');
  });
  it('gives who takes over what was told, and fences off who had it', async () => {
    const exchange = await make('fenced');
    await exchange.begin(repo, 'first');
    await tell(exchange, 'first', failed('one'));
    expect((await exchange.begin(repo, 'second'))?.record.reason).toBe('failed');
    await expect(tell(exchange, 'first', failed('late'))).rejects.toThrow(Overtaken);
    await expect(exchange.stillHeld(repo, 'first')).rejects.toThrow(Overtaken);
    await expect(exchange.stillHeld(repo, 'second')).resolves.toBeUndefined();
    await tell(exchange, 'second', failed('two'));
    await exchange.tell('second', { repo, event: undefined, plan: undefined, ended: 'opened' }, undefined);
    expect(await exchange.begin(repo, 'third')).toBeUndefined();
    const entries = await exchange.read(1);
    expect(entries.map(({ event, ended }) => (event?.ev === 'failed' ? event.data.failure.message : ended))).toEqual([
      'one',
      'two',
      'opened',
    ]);
  });
  it('brings again what was read and not settled, and nothing that was', async () => {
    const exchange = await make('again');
    await exchange.begin(repo, 'holder');
    for (const text of ['one', 'two', 'three']) await tell(exchange, 'holder', failed(text));
    const [first] = await exchange.read(1);
    await exchange.settle([first?.id ?? '']);
    const restarted = redisExchange(at().redis, 'again');
    onTestFinished(() => restarted.close());
    expect((await restarted.read(1)).map(({ event }) => event)).toEqual([failed('two'), failed('three')]);
    expect(await restarted.read(1)).toEqual([]);
    expect(await restarted.backlog()).toBe(2);
  });
  it('is written down once when its owner is killed between the journal and the acknowledgement', async () => {
    const exchange = await make('killed');
    const path = directory();
    await exchange.begin(repo, 'holder');
    const own = { store: { writePlan: () => undefined }, epoch: 'epoch' };
    for (const text of ['one', 'two']) await tell(exchange, 'holder', failed(text));
    const killed = await openJournal(path, 'run');
    const dying: Exchange = { ...exchange, settle: () => Promise.reject(new Error('killed')) };
    await expect(collect({ ...own, exchange: dying, journal: killed }, 1)).rejects.toThrow('killed');
    await killed.close();
    await tell(exchange, 'holder', failed('three'));
    const restarted = redisExchange(at().redis, 'killed');
    onTestFinished(() => restarted.close());
    const journal = await openJournal(path, 'run');
    while ((await collect({ ...own, exchange: restarted, journal }, 1)).entries > 0);
    await journal.close();
    expect(messages(path)).toEqual(['one', 'two', 'three']);
    expect(await restarted.backlog()).toBe(0);
  });
  it('takes places of another epoch for new: Redis began anew', async () => {
    const exchange = await make('anew');
    const path = directory();
    const journal = await openJournal(path, 'run');
    await journal.append(failed('before'), 'an-older-epoch/9999999999999-0');
    await exchange.begin(repo, 'holder');
    await tell(exchange, 'holder', failed('after'));
    await collect({ store: { writePlan: () => undefined }, epoch: 'epoch', exchange, journal }, 1);
    await journal.close();
    expect(messages(path)).toEqual(['before', 'after']);
  });
  it('loses nothing told when Redis is killed', async () => {
    const exchange = await make('crash');
    await exchange.begin(repo, 'holder');
    await tell(exchange, 'holder', failed('one'));
    await at().server.restart();
    await tell(exchange, 'holder', failed('two'));
    expect((await exchange.read(1)).map(({ event }) => event)).toEqual([failed('one'), failed('two')]);
  });
  it('goes on reading when Redis is killed while it waits', async () => {
    const exchange = await make('waiting');
    await exchange.begin(repo, 'holder');
    expect(await exchange.read(1)).toEqual([]);
    const waiting = exchange.read(60_000);
    await at().server.restart();
    await tell(exchange, 'holder', failed('after'));
    const read = [...(await waiting), ...(await exchange.read(10_000))];
    expect(read.map(({ event }) => event)).toEqual([failed('after')]);
  });
  it('says without the password that nobody answers', async () => {
    const { password } = at().server;
    const nowhere = queueAddress(`redis://:${password}@127.0.0.1:1/0`);
    const refused = await connectRedis(nowhere, () => undefined).catch((error: unknown) => error);
    expect(String(refused)).toMatch(/the queue at redis:\/\/127\.0\.0\.1:1\/0 does not answer/);
    expect(String(refused)).not.toContain(password);
  });
  it('warns of an eviction policy that loses jobs', async () => {
    const warnings: string[] = [];
    await at().redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const connected = await connectRedis(queueAddress(at().server.url), (message) => warnings.push(message));
    connected.disconnect();
    await at().redis.config('SET', 'maxmemory-policy', 'noeviction');
    expect(warnings).toEqual([expect.stringMatching(/allkeys-lru: jobs may be lost, set noeviction/)]);
  });
});

withRedis('the budget of all workers', (at) => {
  const paces = (
    count: number,
    identity: string,
    limits: SharedLimits,
    mayWrite = async (): Promise<void> => undefined,
  ): ReturnType<typeof sharedPace>[] =>
    Array.from({ length: count }, () => {
      const own = createPace({ contentPerMinute: 1000, contentPerHour: 10_000, pointsPerMinute: undefined, reserve: 0.1, clock });
      return sharedPace(own, at().redis, { limits, identity: () => identity, mayWrite });
    });
  it('lets no window have more, by the clock of Redis', async () => {
    const limits = { perMinute: 5, perHour: 12, minute: 300, hour: 1_500 };
    // What falls out of the longer window is not in Redis any more: looked at after each that was taken.
    const taken = new Map<string, number>();
    let given = 0;
    await Promise.all(
      paces(4, 'h:windows', limits).map(async (pace) => {
        while (given < 24) {
          given += 1;
          await pace.take('content');
          const scores = await at().redis.zrange('{dockerfile-mod}:pace:h:windows:content', 0, -1, 'WITHSCORES');
          for (let i = 0; i < scores.length; i += 2) taken.set(scores[i] ?? '', Number(scores[i + 1]));
        }
      }),
    );
    const times = [...taken.values()];
    const most = (span: number): number =>
      Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + span).length));
    expect(times).toHaveLength(24);
    expect(most(300)).toBeLessThanOrEqual(5);
    expect(most(1_500)).toBeLessThanOrEqual(12);
  });
  it("asks once more before content is created: the job may be another worker's by now", async () => {
    const gone = (): Promise<void> => Promise.reject(new Overtaken('gone'));
    const [pace] = paces(1, 'h:late', { perMinute: 100, perHour: 1000, minute: 60_000, hour: 3_600_000 }, gone);
    await expect(pace?.take('content')).rejects.toThrow(Overtaken);
    await expect(pace?.take('read')).resolves.toBeUndefined();
  });
  it('sleeps for all when one is told to', async () => {
    const [one, other] = paces(2, 'h:sleep', { perMinute: 100, perHour: 1000, minute: 60_000, hour: 3_600_000 });
    const until = Date.now() + 60_000;
    one?.sleepUntil(until, 'secondary');
    const order: string[] = [];
    const stop = new AbortController();
    const waiting = other?.take('read', stop.signal).then(
      () => order.push('sent'),
      () => order.push('aborted'),
    );
    while ((await other?.sleeps()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await waiting;
    expect(order).toEqual(['aborted']);
  });
});
