// Bad days: the clients against the fakes (and a real Gitea) through the proxy. Limits are obeyed by all, no write is repeated blindly.
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectForge } from '../../src/forge/connect.ts';
import { createPace, defaultLimits } from '../../src/forge/pace.ts';
import { createRedactor } from '../../src/forge/secrets.ts';
import { ForgeError, type Forge, type ForgeKind, type RepoRef } from '../../src/forge/types.ts';
import { virtualClock, type VirtualClock } from './clock.ts';
import { fakeGitHub } from './fake/github.ts';
import { fakeGitLab } from './fake/gitlab.ts';
import { siteOf } from './fake-site.ts';
import { done, faultProxy, limits, lost, seeded, type Fault, type FaultProxy, type FaultRules, type Seen } from './fault-proxy.ts';
import { giteaSite } from './gitea-site.ts';
import type { Site } from './site.ts';
import { watchedPace, type WatchedPace } from './watched-pace.ts';

interface Lab {
  kind: ForgeKind;
  site: Site;
  target: string;
  token: string;
}
const branch = 'dockerfile-mod/c1';

async function gitHubLab(): Promise<Lab> {
  const fake = await fakeGitHub();
  return { kind: 'github', target: fake.origin, token: fake.token, site: siteOf(fake, (connection) => connectForge('github', connection)) };
}
async function gitLabLab(): Promise<Lab> {
  const fake = await fakeGitLab();
  return { kind: 'gitlab', target: fake.origin, token: fake.token, site: siteOf(fake, (connection) => connectForge('gitlab', connection)) };
}
async function giteaLab(): Promise<Lab> {
  const site = await giteaSite(`f${Date.now().toString(36)}`);
  const { FORGE_URL: target = '', FORGE_TOKEN_FILE: file = '' } = process.env;
  if (!site) throw new Error('FORGE_TOKEN_FILE is missing');
  return { kind: 'gitea', site, target, token: readFileSync(file, 'utf8').trim() };
}
const labs: [string, () => Promise<Lab>][] = [
  ['GitHub', gitHubLab],
  ['GitLab', gitLabLab],
];
if (process.env['FORGE_URL']) labs.push(['Gitea', giteaLab]);

/** What arrived although a refusal before it said when the next request may come. Requests of the same moment were under way. */
const tooEarly = (seen: readonly Seen[]): Seen[] =>
  seen.filter((one, index) =>
    seen.slice(0, index).some((earlier) => earlier.until !== undefined && one.at > earlier.at && one.at < earlier.until),
  );

describe.each(labs)('%s', (_, open) => {
  let lab: Lab;
  let clock: VirtualClock;
  let proxy: FaultProxy;
  let forge: Forge;
  let slept: string[];
  let watched: WatchedPace;
  let count = 0;
  beforeAll(async () => {
    lab = await open();
  });
  afterAll(() => lab.site.end());
  afterEach(() => proxy.end());

  async function through(rules: Partial<FaultRules>): Promise<void> {
    // Jitter by the seed as well: a run can be repeated.
    clock = virtualClock(1_800_000_000_000, seeded((rules.seed ?? 0) + 1));
    slept = [];
    proxy = await faultProxy({ target: lab.target, now: () => clock.now(), seed: 0, share: 0, faults: () => [], ...rules });
    const budget = createPace({ ...defaultLimits, contentPerMinute: 80, clock, onSleep: (__, why) => slept.push(why) });
    watched = watchedPace(budget, () => clock.now());
    const { pace } = watched;
    const credential = { kind: 'token', value: lab.token } as const;
    const connection = { baseUrl: proxy.origin, credential, pace, redactor: createRedactor(), clock, signal: undefined, timeout: 60_000 };
    forge = await connectForge(lab.kind, connection);
  }
  /** A repository with a branch of ours, made without faults. */
  async function prepared(): Promise<{ repo: RepoRef; head: string }> {
    count += 1;
    const made = await lab.site.create(`bad-day-${count}`, { Dockerfile: 'FROM a\n', other: 'o\n' });
    return { repo: { ...made, host: forge.host }, head: await lab.site.push(made, branch, { Dockerfile: 'FROM b\n' }) };
  }
  const newPull = (repo: RepoRef): Parameters<Forge['createPull']>[1] => ({
    title: 'T',
    body: 'B',
    head: { ref: branch, repo },
    base: 'main',
    draft: false,
    labels: [],
    reviewers: [],
    teamReviewers: [],
    assignees: [],
  });
  async function failure(doing: Promise<unknown>): Promise<ForgeError> {
    const error = await clock.run(
      doing.then(
        () => undefined,
        (reason: unknown) => reason,
      ),
    );
    if (error instanceof ForgeError) return error;
    throw error ?? new Error('it should have failed');
  }
  const pullsOf = (repo: RepoRef): Promise<number[]> =>
    clock.run(forge.findPulls(repo, { ref: branch, repo }, 'main')).then((found) => found.map(({ number }) => number));
  const written = (): Seen[] => proxy.seen.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/graphql'));

  it.each([1, 2, 3])(
    'reads come through, whatever happens (seed %i), and none arrives while the budget sleeps',
    { timeout: 120_000 },
    async (seed) => {
      await through({ seed, share: 0.35, faults: () => [...limits, ...lost, ...done, 'slow'] });
      const { repo, head } = await prepared();
      const tree = await clock.run(forge.tree(repo, head));
      expect(tree.entries.map(({ path }) => path).sort()).toEqual(['Dockerfile', 'other']);
      const all = Promise.all([
        forge.repo(repo),
        forge.branchHead(repo, branch),
        forge.commit(repo, head),
        forge.blobs(
          repo,
          tree.entries.map(({ sha }) => sha),
          1000,
        ),
        forge.checks(repo, head),
        forge.findPulls(repo, { ref: branch, repo }, 'main'),
        forge.tree(repo, head),
        forge.branchHead(repo, 'main'),
      ]);
      const [info, at, commit, blobs] = await clock.run(all);
      expect([info.name, at, commit.sha]).toEqual([repo.name, head, head]);
      expect(blobs.map((bytes) => Buffer.from(bytes).toString('utf8')).sort()).toEqual(['FROM b\n', 'o\n']);
      expect(proxy.seen.some(({ fault }) => fault !== undefined)).toBe(true);
      // Several are under way at one time, so it is the budget that is looked at: it slept for every refusal, and let nobody through.
      for (const { until } of proxy.seen) if (until !== undefined) expect(watched.sleptUntil(until)).toBe(true);
      expect(watched.early()).toEqual([]);
    },
  );

  it.each(limits)('%s: a write is refused, told with its time, not sent again, and all wait for it', async (fault) => {
    await through({});
    const { repo } = await prepared();
    proxy.next(fault);
    const error = await failure(forge.createPull(repo, newPull(repo)));
    expect(error).toMatchObject({ kind: 'rate-limited', retryable: true });
    expect(error.retryAfter).toBeGreaterThan(0);
    expect(written()).toHaveLength(1);
    expect(await pullsOf(repo)).toEqual([]);
    await clock.run(forge.createPull(repo, newPull(repo)));
    expect(await pullsOf(repo)).toHaveLength(1);
    expect(tooEarly(proxy.seen)).toEqual([]);
    expect(slept).toEqual([fault === 'primary' ? 'primary' : 'secondary']);
  });

  it.each([...lost, ...done])('%s: a write that may have happened is never sent again by itself', async (fault) => {
    await through({});
    const { repo } = await prepared();
    proxy.next(fault);
    expect(await failure(forge.createPull(repo, newPull(repo)))).toMatchObject({ retryable: true });
    expect(written()).toHaveLength(1);
    expect(await pullsOf(repo)).toHaveLength(done.includes(fault) ? 1 : 0);
  });

  it.each([1, 2, 3, 4])(
    'asked before it is tried again, there is one pull request and one commit (seed %i)',
    { timeout: 180_000 },
    async (seed) => {
      const faults: Fault[] = [...limits, ...lost, ...done];
      await through({ seed, share: 0.4, faults: () => faults });
      count += 1;
      const made = await lab.site.create(`settled-${count}`, { Dockerfile: 'FROM a\n' });
      const repo = { ...made, host: forge.host };
      const base = (await clock.run(forge.branchHead(repo, 'main'))) ?? '';
      const before = (await clock.run(forge.tree(repo, base))).entries[0]?.sha;
      const file = { path: 'Dockerfile', mode: '100644', content: Buffer.from('FROM b\n'), before } as const;
      /** As the engine does: what may have happened is looked for, and counted; a limit is not. */
      async function settled<T>(look: () => Promise<T | undefined>, write: () => Promise<T>): Promise<T> {
        for (let attempts = 0; attempts < 20;) {
          const found = await clock.run(look());
          if (found !== undefined) return found;
          try {
            return await clock.run(write());
          } catch (error) {
            if (!(error instanceof ForgeError) || !error.retryable) throw error;
            if (error.kind !== 'rate-limited') attempts += 1;
          }
        }
        throw new Error('too many attempts');
      }
      const head = await settled(
        async () => {
          const at = await forge.branchHead(repo, branch);
          return at === base ? undefined : at;
        },
        () => forge.commitFiles(repo, { branch, expect: 'absent', parent: base, files: [file], message: 'Change' }).then(({ sha }) => sha),
      );
      const number = await settled(
        async () => (await forge.findPulls(repo, { ref: branch, repo }, 'main'))[0]?.number,
        () => forge.createPull(repo, newPull(repo)).then(({ pull }) => pull.number),
      );
      expect(tooEarly(proxy.seen)).toEqual([]);
      await proxy.end();
      await through({});
      expect(await pullsOf(repo)).toEqual([number]);
      expect((await clock.run(forge.commitsBetween(repo, base, head))).map(({ sha }) => sha)).toEqual([head]);
    },
  );
});
