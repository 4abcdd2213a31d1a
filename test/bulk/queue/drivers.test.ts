// What a queue promises: an id is done once, failures are tried again, a limit costs no attempt, and who stops gives its job back.
import { expect, it } from 'vitest';
import { bullQueue } from '../../../src/bulk/queue/bullmq.ts';
import { JobFailed, QueueRests, type Job, type JobHandler, type QueueDriver } from '../../../src/bulk/queue/types.ts';
import { withRedis } from './with-redis.ts';

let serial = 0;
const jobs = (count: number, campaign: string, kind: Job['kind'] = 'plan'): Job[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `${campaign}-${n}`,
    kind,
    campaign,
    repo: `h/o/r${n}`,
    identity: kind === 'publish' ? `${campaign}:bot` : undefined,
  }));

function promises(driverOf: (campaign: string) => Promise<QueueDriver>): void {
  const scene = async (): Promise<{ campaign: string; driver: QueueDriver; work(handler: JobHandler): Promise<void> }> => {
    const campaign = `c${(serial += 1)}`;
    const driver = await driverOf(campaign);
    const { signal } = new AbortController();
    return { campaign, driver, work: (handler) => driver.work('plan', handler, { concurrency: 3, until: 'empty', signal }) };
  };
  it('does each id once', async () => {
    const { campaign, driver, work } = await scene();
    expect(await driver.add(jobs(10, campaign))).toBe(10);
    expect(await driver.add(jobs(12, campaign))).toBe(2);
    const done: string[] = [];
    await work(async ({ repo }) => void done.push(repo));
    expect(done.toSorted()).toEqual(
      jobs(12, campaign)
        .map(({ repo }) => repo)
        .toSorted(),
    );
    expect(await driver.add(jobs(12, campaign))).toBe(0);
    expect(await driver.counts('plan')).toEqual({ waiting: 0, active: 0, delayed: 0, completed: 12, failed: 0 });
    await driver.remove(jobs(1, campaign));
    expect(await driver.states(jobs(2, campaign))).toEqual(['unknown', 'completed']);
    await driver.close();
  });
  it('tries again what failed, and leaves it in the end', async () => {
    const { campaign, driver, work } = await scene();
    await driver.add(jobs(2, campaign));
    const tries: Record<string, number> = {};
    await work(async ({ repo }) => {
      tries[repo] = (tries[repo] ?? 0) + 1;
      if (repo === 'h/o/r0' || tries[repo] < 3) throw new JobFailed('network');
    });
    expect(tries).toEqual({ 'h/o/r0': 8, 'h/o/r1': 3 });
    expect(await driver.states(jobs(2, campaign))).toEqual(['failed', 'completed']);
    await driver.close();
  });
  it('rests without counting an attempt', async () => {
    const { campaign, driver, work } = await scene();
    await driver.add(jobs(1, campaign));
    let tries = 0;
    await work(async () => {
      tries += 1;
      if (tries <= 12) throw new QueueRests(20);
    });
    expect(tries).toBe(13);
    expect(await driver.states(jobs(1, campaign))).toEqual(['completed']);
    await driver.close();
  });
  it('gives the job back when the worker stops', async () => {
    const { campaign, driver, work } = await scene();
    await driver.add(jobs(1, campaign));
    await expect(work(() => Promise.reject(new Error('the token is not accepted')))).rejects.toThrow('the token is not accepted');
    expect(await driver.states(jobs(1, campaign))).toEqual(['waiting']);
    let done = 0;
    await work(async () => void (done += 1));
    expect(done).toBe(1);
    await driver.close();
  });
  it('ends running jobs at the signal, and takes no more', async () => {
    const { campaign, driver } = await scene();
    await driver.add(jobs(5, campaign));
    const stop = new AbortController();
    const ended: string[] = [];
    await driver.work(
      'plan',
      async ({ repo }) => {
        stop.abort();
        await new Promise((resolve) => setTimeout(resolve, 50));
        ended.push(repo);
      },
      { concurrency: 1, until: 'signal', signal: stop.signal },
    );
    expect(ended).toHaveLength(1);
    expect(await driver.counts('plan')).toMatchObject({ waiting: 4, active: 0, completed: 1 });
    await driver.close();
  });
  it('keeps identities apart', async () => {
    const { campaign, driver } = await scene();
    await driver.add(jobs(2, campaign, 'publish'));
    expect(await driver.counts('publish', `${campaign}:bot`)).toMatchObject({ waiting: 2 });
    expect(await driver.counts('publish', `${campaign}:other`)).toMatchObject({ waiting: 0 });
    await driver.close();
  });
}

withRedis('over Redis', (at) => {
  promises((campaign) => bullQueue(at().redis, { campaign, lock: 10_000, firstWait: 1 }));
  it('does nothing of a job twice with two workers', async () => {
    const driver = await bullQueue(at().redis, { campaign: 'two', lock: 10_000, firstWait: 1 });
    await driver.add(jobs(100, 'two'));
    const done: string[] = [];
    const worker = (): Promise<void> =>
      driver.work('plan', async ({ repo }) => void done.push(repo), {
        concurrency: 5,
        until: 'empty',
        signal: new AbortController().signal,
      });
    await Promise.all([worker(), worker()]);
    expect(done).toHaveLength(100);
    expect(new Set(done).size).toBe(100);
    await driver.close();
  });
});
