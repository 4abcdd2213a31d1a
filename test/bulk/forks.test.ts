// Forks at the end of a campaign: deleted where they are ours for certain and hold nothing else.
import { describe, expect, it } from 'vitest';
import { closeAll } from '../../src/bulk/run/observe.ts';
import { fakeForge, type FakeForge } from './fake-forge.ts';
import { harness, project, type Harness } from './harness.ts';

const branch = 'dockerfile-mod/test';

async function forked(): Promise<{ forge: FakeForge; at: Harness; fork: { host: string; owner: string; name: string } }> {
  const forge = fakeForge();
  const ref = forge.addRepo('app', project('app'), { canPush: false });
  const at = harness(forge);
  await at.plan();
  return { forge, at, fork: { ...ref, owner: 'bot' } };
}
/** `close --delete-forks`: the outcomes, and why forks stayed. */
async function closed({ session }: Harness): Promise<{ outcomes: Record<string, number>; warnings: string[] }> {
  const warnings: string[] = [];
  const how = { reason: 'it has ended', branch: 'keep', forks: { warn: (message: string) => void warnings.push(message) } } as const;
  const { outcomes } = await session((running) => closeAll(running, how, () => undefined));
  return { outcomes, warnings };
}

describe('close --delete-forks', () => {
  it('deletes the fork that the campaign made, once its pull request is closed', async () => {
    const { forge, at } = await forked();
    expect((await at.apply()).outcomes).toEqual({ opened: 1 });
    // The base moves meanwhile: what the fork has of it is still in its origin.
    forge.push({ host: '', owner: 'acme', name: 'app' }, 'main', { 'README.md': 'moved' });
    expect(await closed(at)).toEqual({ outcomes: { 'closed, fork deleted': 1 }, warnings: [] });
    expect([...forge.repos.keys()]).toEqual(['acme/app']);
    expect(forge.repos.get('acme/app')?.pulls[0]?.state).toBe('closed');
    forge.calls.length = 0;
    expect(await closed(at)).toEqual({ outcomes: {}, warnings: [] });
    expect(forge.calls).toEqual([]);
  });

  it('deletes it also where a person closed the pull request before', async () => {
    const { forge, at } = await forked();
    await at.apply();
    forge.closePull({ host: '', owner: 'acme', name: 'app' }, 1);
    expect((await at.apply()).outcomes).toEqual({ declined: 1 });
    expect((await closed(at)).outcomes).toEqual({ 'closed before, fork deleted': 1 });
    expect(forge.repos.has('bot/app')).toBe(false);
  });

  it('leaves one that was there before', async () => {
    const { forge, at, fork } = await forked();
    await forge.fork({ ...fork, owner: 'acme' }, undefined);
    await at.apply();
    expect(await closed(at)).toEqual({
      outcomes: { closed: 1 },
      warnings: ['forge.example/acme/app: fork bot/app stays: it was there before the campaign'],
    });
    expect(forge.repos.has('bot/app')).toBe(true);
  });

  it.each([
    ['a commit on our branch', branch],
    ['a commit on its main', 'main'],
  ])('leaves one with work of a person: %s', async (_, where) => {
    const { forge, at, fork } = await forked();
    await at.apply();
    forge.push(fork, where, { 'theirs.txt': 'x' });
    expect((await closed(at)).warnings).toEqual([
      `forge.example/acme/app: fork bot/app stays: its branch ${where} has commits that are not ours`,
    ]);
    expect(forge.repos.has('bot/app')).toBe(true);
  });

  it('leaves one with a branch that its origin has not', async () => {
    const { forge, at } = await forked();
    await at.apply();
    const branches = forge.repos.get('bot/app')?.branches;
    branches?.set('other-campaign', branches.get('main') ?? '');
    expect((await closed(at)).warnings[0]).toContain('its branch other-campaign');
    expect(forge.repos.has('bot/app')).toBe(true);
  });
});
