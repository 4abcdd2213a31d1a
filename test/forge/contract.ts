// The contract of a forge's client: the same suite for the fake GitHub, the fake GitLab, and a real Gitea.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForgeError, type Forge, type NewPull, type RepoRef } from '../../src/forge/types.ts';
import type { Site } from './site.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const bytes = (content: string): Uint8Array => Buffer.from(content);
const branch = 'dockerfile-mod/c1';
const absent = 'f'.repeat(40);

async function failure(doing: Promise<unknown>): Promise<ForgeError> {
  try {
    await doing;
  } catch (error) {
    if (error instanceof ForgeError) return error;
    throw error;
  }
  throw new Error('it should have failed');
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

/** Registers the suite. `open` runs once, before all tests; what it makes is ended after them. */
export function contract(name: string, open: () => Promise<Site>): void {
  describe(`${name}: the contract`, () => {
    let site: Site;
    let forge: Forge;
    beforeAll(async () => {
      site = await open();
      forge = await site.connect();
    });
    afterAll(() => site.end());

    const newPull = (repo: RepoRef, more: Partial<NewPull> = {}): NewPull => ({
      title: 'A title',
      body: 'A body\n\n<!-- dockerfile-mod:v1 e30 -->',
      head: { ref: branch, repo },
      base: 'main',
      draft: false,
      labels: [],
      reviewers: [],
      teamReviewers: [],
      assignees: [],
      ...more,
    });
    async function written(repo: RepoRef, after = 'FROM b\n'): Promise<{ base: string; head: string }> {
      const base = (await forge.branchHead(repo, 'main')) ?? '';
      const entry = (await forge.tree(repo, base)).entries.find(({ path }) => path === 'Dockerfile');
      const file = { path: 'Dockerfile', mode: '100644', content: bytes(after), before: entry?.sha } as const;
      const made = await forge.commitFiles(repo, { branch, expect: 'absent', parent: base, files: [file], message: 'Change' });
      return { base, head: made.sha };
    }

    describe('repositories', () => {
      it('tells what one is, and who asks', async () => {
        const ref = await site.create('info', { Dockerfile: 'FROM a\n' });
        const info = await forge.repo(ref);
        expect(info).toMatchObject({
          ...ref,
          defaultBranch: 'main',
          archived: false,
          disabled: false,
          fork: false,
          empty: false,
          canPush: true,
        });
        expect(info.id).toMatch(/\d/);
        expect(info.cloneUrl).toContain(ref.name);
        expect(info.cloneUrl).not.toContain('@');
        expect(await forge.actor()).toMatch(/^[\w[\]-]+$/);
      });
      it('a missing one is not-found', async () => {
        const { kind, retryable } = await failure(forge.repo({ host: forge.host, owner: await forge.actor(), name: 'there-is-none' }));
        expect({ kind, retryable }).toEqual({ kind: 'not-found', retryable: false });
      });
      it('names that leave their segment never reach the forge', async () => {
        expect((await failure(forge.repo({ host: forge.host, owner: '..', name: 'user' }))).kind).toBe('unprocessable');
      });
      it('a renamed one answers by its old name with the new one', async () => {
        const ref = await site.create('old', { Dockerfile: 'FROM a\n' });
        const { id } = await forge.repo(ref);
        await site.rename(ref, 'new');
        const found = await forge.repo(ref);
        expect(found.id).toBe(id);
        expect(found.name).toMatch(/^new/);
      });
      it('lists by owner, topic and search', async () => {
        const ref = await site.foreign('listed', { Dockerfile: 'FROM a\n' });
        await site.setTopics(ref, ['dockerfile-mod-topic']);
        const kind = forge.kind === 'gitlab' ? 'group' : 'org';
        const names = async (query: Parameters<Forge['listRepos']>[0]): Promise<string[]> =>
          (await all(forge.listRepos(query))).map((repo) => repo.name);
        expect(await names({ owner: { kind, name: ref.owner } })).toContain(ref.name);
        expect(await names({ owner: { kind, name: ref.owner }, topic: 'dockerfile-mod-topic' })).toEqual([ref.name]);
        expect(await names({ owner: { kind, name: ref.owner }, topic: 'another-topic' })).toEqual([]);
        expect(await names({ topic: 'dockerfile-mod-topic' })).toContain(ref.name);
        expect(await names({ search: ref.name })).toContain(ref.name);
      });
      it('an empty one is empty', async () => {
        const ref = await site.create('empty', undefined);
        expect(await forge.repo(ref)).toMatchObject({ empty: true, defaultBranch: undefined });
        expect((await failure(forge.branchHead(ref, 'main'))).kind).toBe('empty');
        expect((await failure(forge.tree(ref, absent))).kind).toMatch(/^(?:empty|not-found)$/);
      });
    });

    describe('trees and blobs', () => {
      const files = { Dockerfile: 'FROM a\n', 'a b/ü#?.txt': 'ü\n', 'deep/er/x': 'x', 'ä%2e': '' };
      let ref: RepoRef;
      let head: string;
      beforeAll(async () => {
        ref = await site.create('tree', files);
        head = (await forge.branchHead(ref, 'main')) ?? '';
      });
      it('the head of a branch, and none of a missing one', async () => {
        expect(head).toMatch(/^[0-9a-f]{40}$/);
        expect(await forge.branchHead(ref, 'no/such')).toBeUndefined();
      });
      it('the whole tree', async () => {
        const { entries, truncated } = await forge.tree(ref, head);
        expect(truncated).toBe(false);
        const blobs = entries.filter(({ mode }) => mode === '100644');
        expect(blobs.map(({ path }) => path).sort()).toEqual(Object.keys(files).sort());
        for (const { path, size } of blobs) if (size !== undefined) expect(size).toBe(bytes(files[path as keyof typeof files]).length);
      });
      it('blobs, in the order asked, within a limit', async () => {
        const { entries } = await forge.tree(ref, head);
        const sha = (path: string): string => entries.find((entry) => entry.path === path)?.sha ?? '';
        expect(text(await forge.blob(ref, sha('a b/ü#?.txt'), 100))).toBe('ü\n');
        const paths = ['deep/er/x', 'Dockerfile', 'ä%2e', 'Dockerfile'] as const;
        const found = await forge.blobs(ref, paths.map(sha), 100);
        expect(found.map(text)).toEqual(paths.map((path) => files[path]));
        expect((await failure(forge.blob(ref, sha('Dockerfile'), 3))).kind).toBe('unprocessable');
        expect((await failure(forge.blobs(ref, [sha('Dockerfile')], 3))).kind).toBe('unprocessable');
        expect((await failure(forge.blob(ref, absent, 100))).kind).toBe('not-found');
        expect((await failure(forge.blob(ref, '../../../user', 100))).kind).toBe('unprocessable');
      });
      it('bytes that are no UTF-8', async () => {
        const binary = Uint8Array.from([0, 255, 254, 13, 10, 0x80]);
        const made = await forge.commitFiles(ref, {
          branch: 'binary',
          expect: 'absent',
          parent: head,
          files: [{ path: 'binary', mode: '100644', content: binary, before: undefined }],
          message: 'Binary',
        });
        const sha = (await forge.tree(ref, made.sha)).entries.find(({ path }) => path === 'binary')?.sha ?? '';
        expect([...(await forge.blob(ref, sha, 100))]).toEqual([...binary]);
        expect((await forge.blobs(ref, [sha], 100)).map((found) => [...found])).toEqual([[...binary]]);
      });
    });

    describe('commits', () => {
      it('one commit on a new branch, then one on top of it', async () => {
        const ref = await site.create('commit', { Dockerfile: 'FROM a\n', other: 'o\n', 'run.sh': '#!/bin/sh\n' });
        const before = (await forge.tree(ref, (await forge.branchHead(ref, 'main')) ?? '')).entries;
        const { base, head } = await written(ref);
        expect(await forge.branchHead(ref, branch)).toBe(head);
        expect(await forge.branchHead(ref, 'main')).toBe(base);
        expect(await forge.commit(ref, head)).toMatchObject({ sha: head, parents: [base], message: expect.stringMatching(/^Change\s*$/) });
        const after = (await forge.tree(ref, head)).entries;
        const other = (entries: typeof after): unknown =>
          entries.filter(({ path }) => path !== 'Dockerfile').map(({ path, mode, sha }) => [path, mode, sha]);
        expect(other(after)).toEqual(other(before));
        const sha = after.find(({ path }) => path === 'Dockerfile')?.sha ?? '';
        expect(text(await forge.blob(ref, sha, 100))).toBe('FROM b\n');

        const files = [
          { path: 'Dockerfile', mode: '100644', content: bytes('FROM c\n'), before: sha },
          { path: 'new/.dockerignore', mode: '100644', content: bytes('x\n'), before: undefined },
        ] as const;
        const second = await forge.commitFiles(ref, { branch, expect: head, parent: head, files, message: 'Again\n\nBody' });
        expect(second.parents).toEqual([head]);
        expect(await forge.branchHead(ref, branch)).toBe(second.sha);
        expect((await forge.commitsBetween(ref, base, second.sha)).map((one) => one.sha)).toEqual([head, second.sha]);
        expect(await forge.commitsBetween(ref, second.sha, base)).toEqual([]);
      });
      it('refuses when the branch is not where it is expected, and loses nothing', async () => {
        const ref = await site.create('lease', { Dockerfile: 'FROM a\n' });
        const { head } = await written(ref);
        const theirs = await site.push(ref, branch, { notes: 'mine\n' });
        const entry = (await forge.tree(ref, head)).entries.find(({ path }) => path === 'Dockerfile');
        const file = { path: 'Dockerfile', mode: '100644', content: bytes('FROM c\n'), before: entry?.sha } as const;
        expect((await failure(forge.commitFiles(ref, { branch, expect: head, parent: head, files: [file], message: 'x' }))).kind).toBe(
          'conflict',
        );
        const main = (await forge.branchHead(ref, 'main')) ?? '';
        expect((await failure(forge.commitFiles(ref, { branch, expect: 'absent', parent: main, files: [file], message: 'x' }))).kind).toBe(
          'conflict',
        );
        expect(await forge.branchHead(ref, branch)).toBe(theirs);
        expect((await forge.commitsBetween(ref, main, theirs)).map((one) => one.sha)).toEqual([head, theirs]);
      });
      it('moves a branch to another parent where it says that it can', async () => {
        const ref = await site.create('move', { Dockerfile: 'FROM a\n', other: 'o\n' });
        const { head } = await written(ref);
        const main = await site.push(ref, 'main', { other: 'changed\n' });
        const before = (await forge.tree(ref, main)).entries.find(({ path }) => path === 'Dockerfile')?.sha;
        const file = { path: 'Dockerfile', mode: '100644', content: bytes('FROM moved\n'), before } as const;
        const request = { branch, expect: head, parent: main, files: [file], message: 'Moved' };
        if (!forge.features.moveBranch) {
          expect((await failure(forge.commitFiles(ref, request))).kind).toBe('unsupported');
          expect(await forge.branchHead(ref, branch)).toBe(head);
          return;
        }
        const made = await forge.commitFiles(ref, request);
        expect(made.parents).toEqual([main]);
        expect(await forge.branchHead(ref, branch)).toBe(made.sha);
        expect((await failure(forge.commitFiles(ref, request))).kind).toBe('conflict');
        expect(await forge.branchHead(ref, branch)).toBe(made.sha);
      });
      it('deletes a branch, once or twice', async () => {
        const ref = await site.create('delete', { Dockerfile: 'FROM a\n' });
        await written(ref);
        await forge.deleteBranch(ref, branch);
        expect(await forge.branchHead(ref, branch)).toBeUndefined();
        await forge.deleteBranch(ref, branch);
      });
      it('an archived repository refuses as archived', async () => {
        const ref = await site.create('archived', { Dockerfile: 'FROM a\n' });
        await site.archive(ref);
        expect((await forge.repo(ref)).archived).toBe(true);
        expect((await failure(written(ref))).kind).toBe('archived');
      });
    });

    describe('pull requests', () => {
      it('opens, finds, changes, comments, closes, opens again', async () => {
        const ref = await site.create('pull', { Dockerfile: 'FROM a\n' });
        const { head } = await written(ref);
        const { pull, warnings } = await forge.createPull(ref, newPull(ref));
        expect(warnings).toEqual([]);
        expect(pull).toMatchObject({ state: 'open', draft: false, title: 'A title', body: 'A body\n\n<!-- dockerfile-mod:v1 e30 -->' });
        expect(pull.head).toMatchObject({ ref: branch, sha: head });
        expect(pull.base.ref).toBe('main');
        const seen = await forge.pull(ref, pull.number);
        expect(seen).toMatchObject({ number: pull.number, state: 'open', mergeable: 'yes', review: 'none', locked: false });
        expect(seen.head.repo).toMatchObject({ owner: ref.owner, name: ref.name });
        const twice = await failure(forge.createPull(ref, newPull(ref)));
        expect(twice.kind).toBe('already-exists');
        expect(await forge.updatePull(ref, pull.number, { title: 'Another', body: 'New' })).toMatchObject({
          title: 'Another',
          body: 'New',
          state: 'open',
        });
        await forge.comment(ref, pull.number, 'A word.');
        expect((await forge.updatePull(ref, pull.number, { state: 'closed' })).state).toBe('closed');
        const head1 = { ref: branch, repo: ref };
        expect((await forge.findPulls(ref, head1, 'main')).map(({ number, state }) => [number, state])).toEqual([[pull.number, 'closed']]);
        expect(await forge.findPulls(ref, { ref: 'another', repo: ref }, 'main')).toEqual([]);
        expect((await forge.updatePull(ref, pull.number, { state: 'open' })).state).toBe('open');
        expect((await failure(forge.pull(ref, 9999))).kind).toBe('not-found');
      });
      it('finds it when its branch is gone, the newest first', async () => {
        const ref = await site.create('gone', { Dockerfile: 'FROM a\n' });
        await written(ref);
        const first = (await forge.createPull(ref, newPull(ref))).pull;
        await forge.updatePull(ref, first.number, { state: 'closed' });
        const second = (await forge.createPull(ref, newPull(ref))).pull;
        await forge.updatePull(ref, second.number, { state: 'closed' });
        await forge.deleteBranch(ref, branch);
        const found = await forge.findPulls(ref, { ref: branch, repo: ref }, 'main');
        expect(found.map(({ number, state }) => [number, state])).toEqual([
          [second.number, 'closed'],
          [first.number, 'closed'],
        ]);
        expect(found[0]?.head.ref).toBe(branch);
      });
      it('labels, reviewers and assignees; a wrong one is a warning and costs nothing', async () => {
        const ref = await site.create('people', { Dockerfile: 'FROM a\n' });
        await written(ref);
        await site.label(ref, 'docker');
        const person = await site.person(ref);
        const { pull, warnings } = await forge.createPull(
          ref,
          newPull(ref, {
            draft: true,
            labels: ['docker'],
            reviewers: [person, 'nobody-of-this-name'],
            assignees: ['nobody-of-this-name', person],
          }),
        );
        expect(pull).toMatchObject({ draft: true, title: 'A title' });
        expect(warnings).toHaveLength(2);
        for (const warning of warnings) expect(warning).toContain('nobody-of-this-name');
        expect((await forge.pull(ref, pull.number)).labels).toEqual(['docker']);
        expect((await forge.updatePull(ref, pull.number, { title: 'Still a draft' })).draft).toBe(true);
        expect(
          await forge.decorate(ref, pull.number, { labels: ['docker'], reviewers: [], teamReviewers: [], assignees: [person] }),
        ).toEqual([]);
      });
      it('without changes, or from a missing branch, is refused for good', async () => {
        const ref = await site.create('nothing', { Dockerfile: 'FROM a\n' });
        const { kind, retryable } = await failure(forge.createPull(ref, newPull(ref)));
        expect(['unprocessable', 'not-found', 'conflict']).toContain(kind);
        expect(retryable).toBe(false);
      });
    });

    describe('merging', () => {
      it.each(['merge', 'squash', 'rebase'] as const)('%s', async (method) => {
        const ref = await site.create(`m-${method}`, { Dockerfile: 'FROM a\n' });
        const { head } = await written(ref);
        const { pull } = await forge.createPull(ref, newPull(ref));
        await forge.merge(ref, pull.number, { method, head });
        const after = await forge.pull(ref, pull.number);
        expect(after).toMatchObject({ state: 'merged', mergedAt: expect.any(String) });
        const main = (await forge.branchHead(ref, 'main')) ?? '';
        const sha = (await forge.tree(ref, main)).entries.find(({ path }) => path === 'Dockerfile')?.sha ?? '';
        expect(text(await forge.blob(ref, sha, 100))).toBe('FROM b\n');
      });
      it('another head, a conflict, a protection', { timeout: 90_000 }, async () => {
        const ref = await site.create('no-merge', { Dockerfile: 'FROM a\n' });
        const { head } = await written(ref);
        const { pull } = await forge.createPull(ref, newPull(ref));
        const theirs = await site.push(ref, branch, { notes: 'mine\n' });
        expect((await failure(forge.merge(ref, pull.number, { method: 'merge', head }))).kind).toBe('conflict');
        await site.push(ref, 'main', { Dockerfile: 'FROM other\n' });
        // A forge works it out after the push: until then the old answer, or none.
        await expect.poll(async () => (await forge.pull(ref, pull.number)).mergeable, { timeout: 60_000, interval: 500 }).toBe('no');
        expect((await failure(forge.merge(ref, pull.number, { method: 'merge', head: theirs }))).kind).toBe('conflict');

        const safe = await site.create('protected', { Dockerfile: 'FROM a\n' });
        const made = await written(safe);
        const other = (await forge.createPull(safe, newPull(safe))).pull;
        await site.protect(safe, 'main');
        expect((await failure(forge.merge(safe, other.number, { method: 'merge', head: made.head }))).kind).toBe('locked');
        expect((await forge.pull(safe, other.number)).state).toBe('open');
      });
    });

    it('merges by itself only where something is required, and waits for it', { timeout: 60_000 }, async () => {
      const open = await site.create('auto-open', { Dockerfile: 'FROM a\n' });
      const first = await written(open);
      const free = (await forge.createPull(open, newPull(open))).pull;
      expect((await failure(forge.autoMerge(open, free.number, { method: 'squash', head: first.head }))).kind).toBe('unprocessable');
      expect((await forge.pull(open, free.number)).state).toBe('open');

      const safe = await site.create('auto-safe', { Dockerfile: 'FROM a\n' });
      const { head } = await written(safe);
      await site.protect(safe, 'main');
      const { pull } = await forge.createPull(safe, newPull(safe));
      await forge.autoMerge(safe, pull.number, { method: 'squash', head });
      // Asked for again, it stays on.
      await forge.autoMerge(safe, pull.number, { method: 'squash', head });
      expect((await forge.pull(safe, pull.number)).state).toBe('open');
    });

    it('checks: none, pending, failed, passed', async () => {
      const ref = await site.create('checks', { Dockerfile: 'FROM a\n' });
      const sha = (await forge.branchHead(ref, 'main')) ?? '';
      expect(await forge.checks(ref, sha)).toEqual({ state: 'none', pending: 0, failed: [] });
      await site.status(ref, sha, 'build', 'pending');
      await site.status(ref, sha, 'lint', 'success');
      expect(await forge.checks(ref, sha)).toEqual({ state: 'pending', pending: 1, failed: [] });
      await site.status(ref, sha, 'build', 'failure');
      expect(await forge.checks(ref, sha)).toEqual({ state: 'failure', pending: 0, failed: ['build'] });
      await site.status(ref, sha, 'build', 'success');
      expect(await forge.checks(ref, sha)).toEqual({ state: 'success', pending: 0, failed: [] });
    });

    it('forks, opens a pull request from there, finds it, and refuses a fork of a fork', async () => {
      const ref = await site.foreign('origin', { Dockerfile: 'FROM a\n' });
      const fork = await forge.fork(ref, undefined);
      expect(fork).toMatchObject({ fork: true, owner: await forge.actor(), parent: { owner: ref.owner, name: ref.name } });
      expect((await forge.fork(ref, undefined)).id).toBe(fork.id);
      const { head } = await written(fork);
      expect(await forge.branches(fork)).toEqual([
        { name: branch, sha: head },
        { name: 'main', sha: await forge.branchHead(ref, 'main') },
      ]);
      const { pull } = await forge.createPull(ref, newPull(fork));
      expect(pull.head).toMatchObject({ ref: branch, sha: head, repo: { owner: fork.owner, name: fork.name } });
      const found = await forge.findPulls(ref, { ref: branch, repo: fork }, 'main');
      expect(found.map(({ number }) => number)).toEqual([pull.number]);
      expect(await forge.findPulls(ref, { ref: branch, repo: ref }, 'main')).toEqual([]);
      expect((await failure(forge.fork(fork, undefined))).kind).toBe('unprocessable');
      await forge.deleteRepo(fork);
      expect((await failure(forge.repo(fork))).kind).toBe('not-found');
    });

    it('a wrong token is unauthorized, and no message holds it', async () => {
      const planted = 'planted-token-0123456789abcdef0123456789';
      const other = await site.connect({ credential: { kind: 'token', value: planted } });
      const error = await failure(other.actor());
      expect(error).toMatchObject({ kind: 'unauthorized', status: 401, retryable: false });
      expect(error.message).not.toContain(planted);
    });
  });
}
