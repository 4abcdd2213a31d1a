// The engine over the real clients, before fakes of GitHub and GitLab made of git repositories; then with a proxy between that has bad days.
import { afterAll, describe, expect, it } from 'vitest';
import { connectForge } from '../../src/forge/connect.ts';
import type { Connection } from '../../src/forge/connection.ts';
import { createPace, defaultLimits } from '../../src/forge/pace.ts';
import type { Forge, RepoRef } from '../../src/forge/types.ts';
import { mergeAll, syncAll } from '../../src/bulk/run/observe.ts';
import { fakeGitHub } from '../forge/fake/github.ts';
import { fakeGitLab } from '../forge/fake/gitlab.ts';
import { connectionTo, siteOf } from '../forge/fake-site.ts';
import { done, faultProxy, limits, lost } from '../forge/fault-proxy.ts';
import { dockerfile, harness, project } from './harness.ts';

const branch = 'dockerfile-mod/test';
type Kind = 'github' | 'gitlab';

const fakes: Readonly<Record<Kind, () => Promise<Parameters<typeof siteOf>[0]>>> = { github: fakeGitHub, gitlab: fakeGitLab };
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

async function siteFor(kind: Kind): Promise<ReturnType<typeof siteOf> & { origin: string; token: string }> {
  const fake = await fakes[kind]();
  const site = siteOf(fake, (connection) => connectForge(kind, connection));
  ends.push(() => site.end());
  return { ...site, origin: fake.origin, token: fake.token };
}

const pullsOf = async (forge: Forge, ref: RepoRef): ReturnType<Forge['findPulls']> =>
  forge.findPulls(ref, { ref: branch, repo: ref }, 'main');

describe.each(['github', 'gitlab'] as const)('a campaign on %s', (kind) => {
  it('opens, updates, freezes, declines, rebases and merges', async () => {
    const site = await siteFor(kind);
    const refs: RepoRef[] = [];
    for (const name of ['same', 'human', 'closed', 'conflict']) refs.push(await site.create(name, project(name)));
    const [same, human, closed, conflict] = refs as [RepoRef, RepoRef, RepoRef, RepoRef];
    const forge = await site.connect();
    const at = harness(forge, (options) => {
      options.sources = { ...options.sources, search: undefined, repositories: refs.map(({ owner, name }) => `${owner}/${name}`) };
    });
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ opened: 4 });
    expect((await at.apply()).outcomes).toEqual({ same: 4 });
    await site.push(human, branch, { 'notes.txt': 'mine' });
    const [toClose] = await pullsOf(forge, closed);
    await forge.updatePull(closed, toClose?.number ?? 0, { state: 'closed' });
    await site.push(conflict, 'main', { Dockerfile: dockerfile.replace('WORKDIR /app', 'LABEL a=b\nWORKDIR /app') });
    expect((await at.apply()).outcomes).toEqual({ same: 1, frozen: 1, declined: 1, updated: 1 });
    at.options.refactor = { skip: ['non-root-user'] };
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ updated: 2, frozen: 1, declined: 1 });
    for (const ref of refs) expect(await pullsOf(forge, ref), ref.name).toHaveLength(1);
    const [rebased] = await pullsOf(forge, conflict);
    expect((await forge.pull(conflict, rebased?.number ?? 0)).mergeable).toBe('yes');
    const how = { method: 'squash', checks: 'not-failing', approval: 'not-refused' } as const;
    const { outcomes } = await at.session((session) => mergeAll(session, how, () => undefined));
    expect(outcomes.merged).toBe(2);
    expect((await pullsOf(forge, same))[0]?.state).toBe('merged');
    expect((await pullsOf(forge, human))[0]?.state).toBe('open');
    await at.session((session) => syncAll(session, () => undefined));
    expect(await at.state('human')).toBe('frozen');
    expect(await at.state('closed')).toBe('declined');
  }, 120_000);

  it.each([1, 2])(
    'opens one pull request each on a bad day (seed %i)',
    async (seed) => {
      const site = await siteFor(kind);
      const refs: RepoRef[] = [];
      for (const name of ['a', 'b', 'c']) refs.push(await site.create(name, project(name)));
      // Time passes as fast as it is slept through.
      let time = Date.now();
      const proxy = await faultProxy({
        target: site.origin,
        now: () => time,
        seed,
        share: 0.2,
        faults: () => [...limits, ...lost, ...done],
      });
      ends.push(() => proxy.end());
      const clock: Connection['clock'] = {
        now: () => time,
        random: () => 0.5,
        sleep: async (ms) => {
          time += ms;
        },
      };
      const pace = createPace({ ...defaultLimits, contentPerMinute: 1000, contentPerHour: 10_000, clock });
      const forge = await connectForge(kind, { ...connectionTo(proxy.origin, site.token), clock, pace });
      const at = harness(forge, (options) => {
        options.sources = { ...options.sources, search: undefined, repositories: refs.map(({ owner, name }) => `${owner}/${name}`) };
      });
      for (let run = 0; run < 5; run++) await at.plan();
      for (let run = 0; run < 8; run++) await at.apply();
      const told = [...(await at.records()).values()].map(({ repo, state, reason, failure, attempts }) => [
        repo,
        state,
        reason,
        failure?.message,
        attempts,
      ]);
      const healthy = await site.connect();
      for (const ref of refs) {
        const pulls = await healthy.findPulls(ref, { ref: branch, repo: ref }, 'main');
        expect(
          pulls.map(({ state }) => state),
          JSON.stringify(told),
        ).toEqual(['open']);
      }
      expect(proxy.seen.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(5);
    },
    240_000,
  );
});
