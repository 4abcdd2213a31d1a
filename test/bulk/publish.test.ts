// A campaign over the forge in memory: what becomes of each repository and its pull request.
import { describe, expect, it } from 'vitest';
import { fakeForge, isRead } from './fake-forge.ts';
import { dockerfile, harness, project } from './harness.ts';

const branch = 'dockerfile-mod/test';

describe('plan', () => {
  it('writes nothing to the forge, and leaves out with a reason', async () => {
    const forge = fakeForge();
    forge.addRepo('app', project('app'));
    forge.addRepo('old', project('old'), { archived: true });
    forge.addRepo('none', {}, { empty: true });
    forge.addRepo('fork', project('fork'), { fork: true });
    forge.addRepo('docs', { 'README.md': 'words' });
    forge.addRepo('done', { Dockerfile: 'FROM scratch\n', '.dockerignore': '*\n' });
    forge.addRepo('unclear', { ...project('unclear'), '.dockerfile-mod.yml': 'enabled: flase\n' });
    forge.addRepo('opted', { ...project('opted'), '.dockerfile-mod.yml': 'enabled: false\n' });
    const at = harness(forge);
    await at.plan();
    const records = await at.records();
    const told = Object.fromEntries(
      [...records].map(([repo, { state, reason }]) => [repo.split('/').at(-1), [state, reason?.split(':')[0]]]),
    );
    expect(told).toMatchObject({
      app: ['planned', undefined],
      old: ['excluded', 'archived'],
      none: ['excluded', 'empty'],
      fork: ['excluded', 'fork'],
      docs: ['excluded', 'no-dockerfile'],
      opted: ['excluded', 'opted-out'],
      unclear: ['excluded', 'opted-out'],
    });
    expect(['unchanged', 'refused']).toContain(told.done?.[0]);
    expect(forge.calls.filter((call) => !isRead(call))).toEqual([]);
  });

  it('costs one read for a repository that has not changed', async () => {
    const forge = fakeForge();
    forge.addRepo('app', project('app'));
    forge.addRepo('docs', { 'README.md': 'words' });
    const at = harness(forge);
    await at.plan();
    forge.calls.length = 0;
    await at.plan();
    expect(forge.calls).toEqual(['branchHead', 'branchHead']);
  });
});

describe('apply', () => {
  it('opens one pull request for each repository; again, it changes nothing', async () => {
    const forge = fakeForge();
    const refs = ['a', 'b', 'c'].map((name) => forge.addRepo(name, project(name)));
    const at = harness(forge);
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ opened: 3 });
    for (const ref of refs) {
      const [pull] = forge.repos.get(`acme/${ref.name}`)?.pulls ?? [];
      expect(pull).toMatchObject({ state: 'open', base: { ref: 'main' }, headBranch: branch });
      expect(forge.filesAt(ref, branch).Dockerfile).not.toBe(dockerfile);
      expect(forge.filesAt(ref, branch)['server.js']).toBe(project(ref.name)['server.js']);
    }
    forge.calls.length = 0;
    expect((await at.apply()).outcomes).toEqual({ same: 3 });
    expect(forge.calls.filter((call) => !isRead(call))).toEqual([]);
  });

  it('updates what is open when other options give another result, in place', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const at = harness(forge);
    await at.plan();
    await at.apply();
    const before = forge.filesAt(ref, branch).Dockerfile;
    at.options.refactor = { skip: ['non-root-user', 'cache-mounts'] };
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ updated: 1 });
    expect(forge.filesAt(ref, branch).Dockerfile).not.toBe(before);
    expect(forge.opened()).toBe(1);
    const pull = forge.repos.get('acme/app')?.pulls[0];
    expect(pull?.comments).toEqual([]);
    expect((await at.apply()).outcomes).toEqual({ same: 1 });
  });

  it('freezes when a person pushed, says so once, and loses nothing', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const at = harness(forge);
    await at.plan();
    await at.apply();
    forge.push(ref, branch, { 'notes.txt': 'mine' });
    at.options.refactor = { skip: ['non-root-user'] };
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ frozen: 1 });
    expect((await at.apply()).outcomes).toEqual({ frozen: 1 });
    expect(forge.filesAt(ref, branch)['notes.txt']).toBe('mine');
    expect(forge.repos.get('acme/app')?.pulls[0]?.comments).toHaveLength(1);
    expect(await at.state('app')).toBe('frozen');
  });

  it('takes "update branch" of the forge for what it is, and a merge with more in it for a person\'s', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const at = harness(forge);
    await at.plan();
    await at.apply();
    forge.push(ref, 'main', { 'README.md': 'new' });
    forge.updateBranch(ref, 1);
    expect((await at.apply()).outcomes).toEqual({ same: 1 });
    forge.push(ref, 'main', { 'README.md': 'newer' });
    forge.updateBranch(ref, 1, { 'evil.txt': 'added in the merge' });
    expect((await at.apply()).outcomes).toEqual({ frozen: 1 });
  });

  it('leaves alone what a person closed', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const at = harness(forge);
    await at.plan();
    await at.apply();
    forge.closePull(ref, 1);
    expect((await at.apply()).outcomes).toEqual({ declined: 1 });
    at.options.refactor = { skip: ['non-root-user'] };
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ declined: 1 });
    expect(forge.opened()).toBe(1);
  });

  it('proposes again after a close only where that is allowed and the result is another one', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const at = harness(forge, (options) => (options.policy.onClosed = 'recreate-if-changed'));
    await at.plan();
    await at.apply();
    forge.closePull(ref, 1);
    expect((await at.apply()).outcomes).toEqual({ declined: 1 });
    at.options.refactor = { skip: ['non-root-user'] };
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ opened: 1 });
    expect((await at.apply()).outcomes).toEqual({ same: 1 });
    expect(forge.opened()).toBe(2);
  });

  it('does not push when the base moves elsewhere, and rebases on a conflict', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const at = harness(forge);
    await at.plan();
    await at.apply();
    forge.push(ref, 'main', { 'README.md': 'new' });
    forge.calls.length = 0;
    expect((await at.apply()).outcomes).toEqual({ same: 1 });
    expect(forge.calls.filter((call) => !isRead(call))).toEqual([]);
    forge.push(ref, 'main', { Dockerfile: dockerfile.replace('WORKDIR /app', 'LABEL a=b\nWORKDIR /app') });
    expect((await at.apply()).outcomes).toEqual({ updated: 1 });
    expect(forge.filesAt(ref, branch).Dockerfile).toContain('LABEL a=b');
    expect(forge.filesAt(ref, branch)['README.md']).toBe('new');
    expect((await forge.pull(ref, 1)).mergeable).toBe('yes');
  });

  it('rebases when the box is ticked, and unticks it', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const at = harness(forge);
    await at.plan();
    await at.apply();
    forge.push(ref, 'main', { 'README.md': 'new' });
    const pull = forge.repos.get('acme/app')?.pulls[0];
    if (!pull) throw new Error('no pull request');
    const ticked = pull.body.replace(/\[ \] <!-- dockerfile-mod:rebase -->/, '[x] <!-- dockerfile-mod:rebase -->');
    expect(ticked).not.toBe(pull.body);
    pull.body = ticked;
    expect((await at.apply()).outcomes).toEqual({ updated: 1 });
    expect(forge.filesAt(ref, branch)['README.md']).toBe('new');
    expect((await at.apply()).outcomes).toEqual({ same: 1 });
  });

  it('closes what has nothing left to do, with a word, and takes its branch away', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const at = harness(forge);
    await at.plan();
    await at.apply();
    forge.push(ref, 'main', forge.filesAt(ref, branch));
    expect((await at.apply()).outcomes).toEqual({ closed: 1 });
    const repo = forge.repos.get('acme/app');
    expect(repo?.pulls[0]).toMatchObject({ state: 'closed' });
    expect(repo?.pulls[0]?.comments).toHaveLength(1);
    expect(repo?.branches.has(branch)).toBe(false);
    expect(await at.state('app')).toBe('obsolete');
  });

  it('never touches a branch of its name that is not its own', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    forge.repos.get('acme/app')?.branches.set(branch, forge.repos.get('acme/app')?.branches.get('main') ?? '');
    forge.push(ref, branch, { 'theirs.txt': 'x' });
    const at = harness(forge);
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ failed: 1 });
    expect((await at.records()).get('forge.example/acme/app')?.failure?.kind).toBe('branch-taken');
    expect(forge.filesAt(ref, branch)['theirs.txt']).toBe('x');
    expect(forge.opened()).toBe(0);
  });

  it('takes a branch of its name that has nothing of anybody', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    forge.repos.get('acme/app')?.branches.set(branch, forge.repos.get('acme/app')?.branches.get('main') ?? '');
    forge.push(ref, 'main', { 'README.md': 'moved' });
    const at = harness(forge);
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ opened: 1 });
    expect(forge.filesAt(ref, branch)['README.md']).toBe('moved');
  });

  it('stops at --max-prs and --max-open, and goes on later', async () => {
    const forge = fakeForge();
    for (const name of ['a', 'b', 'c', 'd', 'e']) forge.addRepo(name, project(name));
    const at = harness(forge, (options) => (options.pace.maxOpen = 3));
    await at.plan();
    const first = await at.apply({ maxPrs: 2 });
    expect(first).toMatchObject({ ended: 'limit', outcomes: { opened: 2, waits: 3 } });
    expect(await at.apply()).toMatchObject({ ended: 'limit', outcomes: { opened: 1, waits: 2, same: 2 } });
    expect(forge.opened()).toBe(3);
  });

  it('pushes to a fork where it may not push', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'), { canPush: false });
    const at = harness(forge);
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ opened: 1 });
    expect(forge.repos.get('acme/app')?.branches.has(branch)).toBe(false);
    expect(forge.repos.get('bot/app')?.branches.has(branch)).toBe(true);
    expect(forge.repos.get('acme/app')?.pulls).toHaveLength(1);
    expect((await at.apply()).outcomes).toEqual({ same: 1 });
    expect(ref.name).toBe('app');
  });

  it('keeps the pull request when a label is missing, and says so', async () => {
    const forge = fakeForge();
    forge.addRepo('app', project('app'));
    const at = harness(forge, (options) => (options.pull.labels = ['missing']));
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ opened: 1 });
    expect((await at.records()).get('forge.example/acme/app')?.warnings).toEqual(['label missing does not exist']);
  });

  it('lets the forge merge what is opened where that is wanted; a refusal is a warning', async () => {
    const forge = fakeForge();
    forge.addRepo('app', project('app'));
    forge.addRepo('free', project('free'), { topics: ['nothing-required'] });
    const at = harness(forge, (options) => (options.pull.autoMerge = 'squash'));
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ opened: 2 });
    expect(forge.repos.get('acme/app')?.pulls[0]?.comments).toEqual(['auto-merge is on']);
    expect((await at.records()).get('forge.example/acme/free')).toMatchObject({
      state: 'open',
      warnings: ['auto-merge: nothing is required'],
    });
    expect((await at.apply()).outcomes).toEqual({ same: 2 });
    expect(forge.calls.filter((call) => call === 'autoMerge')).toHaveLength(2);
  });

  it('leaves out what is archived meanwhile', async () => {
    const forge = fakeForge();
    forge.addRepo('app', project('app'));
    const at = harness(forge);
    await at.plan();
    const repo = forge.repos.get('acme/app');
    if (repo) repo.info = { ...repo.info, archived: true };
    await at.apply();
    expect(await at.state('app')).toBe('excluded');
  });
});
