// Rounds of a campaign over a queue, owner and worker in one process: canary, limits, pause, rounds that do not mix, journals that do not either.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { campaignDirectory } from '../../../src/bulk/journal/directory.ts';
import { openJournal } from '../../../src/bulk/journal/log.ts';
import { bullQueue } from '../../../src/bulk/queue/bullmq.ts';
import { redisExchange } from '../../../src/bulk/queue/exchange.ts';
import { readRounds } from '../../../src/bulk/queue/round.ts';
import { enqueuePlans, enqueuePublishing, openRound, type PublishHow, type Round, type RoundParts } from '../../../src/bulk/queue/run.ts';
import type { JobKind } from '../../../src/bulk/queue/types.ts';
import { repositoryWork } from '../../../src/bulk/queue/worker.ts';
import { candidatesOf } from '../../../src/bulk/source/sources.ts';
import type { CampaignOptions } from '../../../src/bulk/options.ts';
import type { RepoRecord } from '../../../src/bulk/types.ts';
import { ForgeError } from '../../../src/forge/types.ts';
import { fakeForge, type FakeForge } from '../fake-forge.ts';
import { harness, project, type Harness } from '../harness.ts';
import { withRedis, type At } from './with-redis.ts';

const identity = 'forge.example:bot';

interface Campaign {
  forge: FakeForge;
  at: Harness;
  records: ReadonlyMap<string, RepoRecord>;
  parts: RoundParts;
  plan(): ReturnType<typeof enqueuePlans>;
  publish(how?: Partial<PublishHow>): ReturnType<typeof enqueuePublishing>;
  open(kind: JobKind): Promise<Round>;
}

/** A campaign of so many repositories and one worker, until the test ends. */
async function campaign(
  { redis }: At,
  id: string,
  count: number,
  more: (options: CampaignOptions) => void = () => undefined,
): Promise<Campaign> {
  const forge = fakeForge();
  for (let n = 0; n < count; n++) forge.addRepo(`r${n}`, project(`r${n}`));
  const at = harness(forge, (options) => {
    options.id = id;
    more(options);
  });
  return at.session(async (session) => {
    const path = mkdtempSync(join(tmpdir(), 'dockerfile-mod-queue-'));
    const directory = campaignDirectory(path, id);
    const journal = await openJournal(directory.path, 'run');
    const driver = await bullQueue(redis, { campaign: id, lock: 10_000, firstWait: 1 });
    const exchange = redisExchange(redis, id);
    const own = { ...session, store: directory, records: journal.records, sink: journal };
    const stop = new AbortController();
    const handler = repositoryWork(async () => ({ session: own, exchange, onlyApproved: 'no', sleeps: async () => 20 }));
    const work = (kind: JobKind): Promise<void> =>
      driver.work(kind, handler, { concurrency: 2, until: 'signal', signal: stop.signal, identity });
    const working = [work('plan'), work('publish')];
    onTestFinished(async () => {
      stop.abort();
      await Promise.all(working);
      await exchange.close();
      await driver.close();
      await journal.close();
      rmSync(path, { recursive: true, force: true });
    });
    const parts: RoundParts = {
      session: own,
      directory,
      journal,
      exchange,
      driver,
      identity,
      onlyApproved: 'no',
      progress: () => undefined,
    };
    const opened = async (kind: JobKind): Promise<Exclude<Round, { refused: string }>> => {
      const round = await openRound(parts, kind);
      if ('refused' in round) throw new Error(round.refused);
      return round;
    };
    return {
      forge,
      at,
      parts,
      records: journal.records,
      open: (kind) => openRound(parts, kind),
      async plan() {
        const round = await opened('plan');
        const ran = await enqueuePlans(round.owner, candidatesOf({ options: at.options, forge, cwd: '/', warn: () => undefined }));
        round.close();
        return ran;
      },
      async publish(how = {}) {
        const round = await opened('publish');
        const ran = await enqueuePublishing(round.owner, { maxPrs: undefined, onlyApproved: 'no', ...how });
        round.close();
        return ran;
      },
    };
  });
}

const states = ({ records }: Campaign): string[] => [...records.values()].map(({ state }) => state).toSorted();

withRedis('a round', (at) => {
  it('plans, publishes, and changes nothing when it is run again', async () => {
    const one = await campaign(at(), 'again', 6);
    expect(await one.plan()).toMatchObject({ outcomes: { planned: 6 }, failed: 0, ended: 'done' });
    expect(one.forge.opened()).toBe(0);
    expect(await one.publish()).toMatchObject({ outcomes: { opened: 6 }, limit: undefined });
    one.forge.calls.length = 0;
    expect(await one.publish()).toMatchObject({ outcomes: { same: 6 } });
    expect(one.forge.calls.filter((name) => /^(commitFiles|createPull|updatePull|comment)$/.test(name))).toEqual([]);
    expect(states(one)).toEqual(Array<string>(6).fill('open'));
  });
  it('costs one read for a repository that did not change', async () => {
    const one = await campaign(at(), 'one-read', 2);
    await one.plan();
    one.forge.calls.length = 0;
    await one.plan();
    expect(one.forge.calls).toEqual(['branchHead', 'branchHead']);
  });
  it('opens as many as a run may, and says what holds the others back', async () => {
    const one = await campaign(at(), 'limits', 5);
    await one.plan();
    expect(await one.publish({ maxPrs: 2 })).toMatchObject({ outcomes: { opened: 2 }, limit: '--max-prs 2' });
    expect(one.forge.opened()).toBe(2);
    expect(await one.publish({ maxPrs: 2 })).toMatchObject({ outcomes: { opened: 2, same: 2 } });
    expect(one.forge.opened()).toBe(4);
  });
  it('opens the canary one by one, and stops when it fails', async () => {
    const one = await campaign(at(), 'canary', 12, (options) => (options.pace.canary = 4));
    await one.plan();
    one.forge.hook = (name) => {
      if (name === 'createPull') throw new ForgeError('forbidden', 'no', { retryable: false });
    };
    const ran = await one.publish();
    expect(ran).toMatchObject({ ended: 'paused', why: expect.stringMatching(/of the first repositories failed/) });
    expect(ran.failed).toBe(3);
    expect(one.forge.calls.filter((name) => name === 'commitFiles')).toHaveLength(3);
  });
  it('pauses when too many fail in a row; what waits is taken out of the queue', async () => {
    const one = await campaign(at(), 'breaker', 40, (options) => (options.pace.maxFailuresInRow = 3));
    await one.plan();
    one.forge.hook = (name) => {
      if (name === 'createPull') throw new ForgeError('forbidden', 'no', { retryable: false });
    };
    expect(await one.publish()).toMatchObject({ ended: 'paused', why: '3 repositories in a row failed with forbidden' });
    expect(await one.parts.driver.counts('publish', identity)).toMatchObject({ waiting: 0, active: 0, delayed: 0 });
  });
  it('is tried again after a limit of the forge, which is no failure', async () => {
    const one = await campaign(at(), 'limited', 2);
    await one.plan();
    let refusals = 9;
    one.forge.hook = (name, when) => {
      if (name === 'createPull' && when === 'before' && (refusals -= 1) >= 0)
        throw new ForgeError('rate-limited', 'slow down', { retryable: true, limit: 'secondary' });
    };
    expect(await one.publish()).toMatchObject({ outcomes: { opened: 2 }, failed: 0 });
    expect(one.forge.opened()).toBe(2);
  });
  it('does not begin while one of the other kind is open', async () => {
    const one = await campaign(at(), 'mixed', 1);
    await one.open('plan');
    expect(await one.open('publish')).toEqual({ refused: expect.stringMatching(/without --publish first/) });
    expect(readRounds(one.parts.directory.path)).toMatchObject({ round: 1, open: 'plan' });
    // The one that is open goes on under its number.
    await one.plan();
    expect(readRounds(one.parts.directory.path)).toEqual({ v: 1, epoch: expect.any(String), round: 1 });
  });
  it('belongs to one journal', async () => {
    const one = await campaign(at(), 'owned', 1);
    await one.plan();
    const other = await campaign(at(), 'owned', 1);
    expect(await other.open('plan')).toEqual({ refused: 'campaign owned on this queue belongs to another journal' });
  });
  it('begins anew when Redis was emptied', async () => {
    const one = await campaign(at(), 'emptied', 2);
    await one.plan();
    await at().redis.flushall();
    expect(await one.publish()).toMatchObject({ outcomes: { opened: 2 } });
    expect(states(one)).toEqual(['open', 'open']);
  });
});
