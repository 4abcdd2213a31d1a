// What bounds a run: the time for one repository, the Dockerfiles that are wanted, and the first failure.
import { describe, expect, it } from 'vitest';
import { cutOff } from '../../src/forge/deadline.ts';
import { ForgeError } from '../../src/forge/types.ts';
import { fakeForge } from './fake-forge.ts';
import { dockerfile, harness, project } from './harness.ts';

/** Until the deadline of the repository ends it, as a request that is never answered. */
const hang = (): Promise<void> =>
  new Promise((_, reject) => {
    const signal = cutOff(undefined);
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });
const isOf = (args: readonly unknown[], name: string): boolean => (args[0] as { name?: string } | undefined)?.name === name;

describe('the time for one repository', () => {
  it('is told as a failure of that one, which is planned the next time', async () => {
    const forge = fakeForge();
    for (const name of ['a', 'slow', 'z']) forge.addRepo(name, project(name));
    const at = harness(forge, (options) => (options.pace.timeoutRepo = 5000));
    forge.hook = (name, when, args) => (name === 'tree' && when === 'before' && isOf(args, 'slow') ? hang() : undefined);
    expect(await at.plan()).toMatchObject({ planned: 2, failed: 1, ended: 'done' });
    expect((await at.records()).get('forge.example/acme/slow')).toMatchObject({
      state: 'failed',
      failure: { kind: 'timeout', retryable: true, message: 'more than 5 s were needed for this repository' },
    });
    forge.hook = () => undefined;
    expect(await at.plan()).toMatchObject({ planned: 3, failed: 0 });
    expect(await at.state('slow')).toBe('planned');
  });

  it('ends a pull request that is opened, which is found again and not opened twice', async () => {
    const forge = fakeForge();
    for (const name of ['a', 'slow', 'z']) forge.addRepo(name, project(name));
    const at = harness(forge, (options) => (options.pace.timeoutRepo = 5000));
    await at.plan();
    let hung = 0;
    forge.hook = (name, when, args) => {
      if (name !== 'createPull' || when !== 'after' || !isOf(args, 'slow') || hung > 0) return undefined;
      hung += 1;
      return hang();
    };
    expect((await at.apply()).outcomes).toEqual({ opened: 2, failed: 1, same: 1 });
    expect(hung).toBe(1);
    expect(forge.opened()).toBe(3);
    expect(await at.state('slow')).toBe('open');
  });
});

describe('--dockerfile', () => {
  it('takes only Dockerfiles whose path matches, and leaves out repositories without one', async () => {
    const forge = fakeForge();
    const below = (dir: string): Record<string, string> =>
      Object.fromEntries(Object.entries(project('app')).map(([path, text]) => [`${dir}/${path}`, text]));
    const mono = forge.addRepo('mono', { ...below('services/a'), ...below('tools/b') });
    forge.addRepo('other', project('other'));
    forge.addRepo('docs', { 'README.md': 'words' });
    const at = harness(forge, (options) => (options.filters.dockerfiles = ['services/**/Dockerfile', 'Dockerfile.prod']));
    await at.plan();
    const told = Object.fromEntries([...(await at.records())].map(([repo, one]) => [repo.split('/').at(-1), [one.state, one.reason]]));
    expect(told).toEqual({
      mono: ['planned', undefined],
      other: ['excluded', 'filter: no Dockerfile whose path is wanted'],
      docs: ['excluded', 'no-dockerfile'],
    });
    expect((await at.apply()).outcomes).toEqual({ opened: 1 });
    const files = forge.filesAt(mono, 'dockerfile-mod/test');
    expect(files['services/a/Dockerfile']).not.toBe(dockerfile);
    expect(files['tools/b/Dockerfile']).toBe(dockerfile);
    // Other patterns are another plan of the same commit.
    at.options.filters.dockerfiles = ['**/Dockerfile'];
    await at.plan();
    expect((await at.apply()).outcomes).toEqual({ updated: 1, opened: 1 });
    expect(forge.filesAt(mono, 'dockerfile-mod/test')['tools/b/Dockerfile']).not.toBe(dockerfile);
  });
});

describe('--fail-fast', () => {
  it('pauses at the first failure, and goes on when it is run again', async () => {
    const forge = fakeForge();
    for (const name of ['a', 'b', 'c', 'd']) forge.addRepo(name, project(name));
    const at = harness(forge, (options) => (options.pace.maxFailuresInRow = 1));
    await at.plan();
    forge.hook = (name, when, args) => {
      if (name === 'createPull' && when === 'before' && isOf(args, 'b')) throw new ForgeError('forbidden', 'no', { retryable: false });
    };
    expect(await at.apply()).toMatchObject({
      ended: 'paused',
      why: 'a repository failed with forbidden',
      outcomes: { opened: 1, failed: 1 },
    });
    expect(forge.opened()).toBe(1);
    forge.hook = () => undefined;
    expect(await at.apply()).toMatchObject({ ended: 'done', outcomes: { same: 1, opened: 3 } });
  });
});
