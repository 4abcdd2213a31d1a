// GitHub's own: how commits are made, what GraphQL cannot give, apps, searches with too many hits, the answers of GraphQL.
import { generateKeyPairSync, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectForge } from '../../src/forge/connect.ts';
import { gitHubAddress } from '../../src/forge/github/api.ts';
import { ForgeError, type Forge } from '../../src/forge/types.ts';
import { fakeGitHub, type FakeGitHub } from './fake/github.ts';
import { head, push, setBranch } from './fake/store.ts';
import { connectionTo } from './fake-site.ts';

const branch = 'dockerfile-mod/c1';
let fake: FakeGitHub;
let forge: Forge;
let count = 0;
beforeAll(async () => {
  fake = await fakeGitHub();
  forge = await connectForge('github', connectionTo(fake.origin, fake.token));
});
afterAll(async () => {
  await fake.end();
  expect([...new Set(fake.faults)]).toEqual([]);
});
afterEach(() => {
  fake.seen.length = 0;
  fake.graphql = undefined;
});

function made(files: Record<string, string>) {
  count += 1;
  const stored = fake.store.add('bot', `own-${count}`);
  const base = push(fake.store, stored, 'main', files);
  return { stored, base, repo: { host: forge.host, owner: 'bot', name: stored.name } };
}
const writes = (): string[] =>
  fake.seen
    .filter(({ method, path, body }) => method !== 'GET' && (path !== '/graphql' || JSON.stringify(body).includes('mutation')))
    .map(({ method, path, body }) =>
      path === '/graphql' ? (/mutation (\w+)/.exec(JSON.stringify(body))?.[1] ?? '') : `${method} ${path.split('/').slice(4).join('/')}`,
    );
const file = (path: string, more: object = {}) => ({
  path,
  mode: '100644' as const,
  content: Buffer.from('new\n'),
  before: undefined,
  ...more,
});
async function failure(doing: Promise<unknown>): Promise<ForgeError> {
  const error = await doing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ForgeError) return error;
  throw error ?? new Error('it should have failed');
}

describe('commits', () => {
  it('as the actor: by the mutation that GitHub signs and that knows the expected head', async () => {
    const { repo, base } = made({ Dockerfile: 'FROM a\n' });
    await forge.commitFiles(repo, { branch, expect: 'absent', parent: base, files: [file('x')], message: 'Title\n\nBody' });
    expect(writes()).toEqual(['POST git/refs', 'Commit']);
  });
  it('a run that ended between the two is taken up: the branch is at its parent, with nobody’s work on it', async () => {
    const { repo, base, stored } = made({ Dockerfile: 'FROM a\n' });
    setBranch(fake.store, stored, branch, base, undefined);
    const commit = await forge.commitFiles(repo, { branch, expect: 'absent', parent: base, files: [file('x')], message: 'T' });
    expect(writes()).toEqual(['Commit']);
    expect([commit.parents, head(stored, branch)]).toEqual([[base], commit.sha]);
  });
  it('an executable file keeps its mode, another author is the author', async () => {
    const { repo, base, stored } = made({ 'run.sh': '#!/bin/sh\n' });
    const before = (await forge.tree(repo, base)).entries[0];
    expect(before?.mode).toBe('100755');
    const author = { name: 'Someone', email: 'someone@example.test' };
    const files = [file('run.sh', { mode: '100755', before: before?.sha }), file('new.sh', { mode: '100755' })];
    const commit = await forge.commitFiles(repo, { branch, expect: 'absent', parent: base, files, message: 'T', author });
    const entries = (await forge.tree(repo, commit.sha)).entries.map(({ path, mode }) => [path, mode]);
    expect(Object.fromEntries(entries)).toEqual({ 'run.sh': '100755', 'new.sh': '100755' });
    expect((await forge.commit(repo, commit.sha)).author).toEqual(author);
    expect(writes()).toEqual(['POST git/blobs', 'POST git/blobs', 'POST git/trees', 'POST git/commits', 'POST git/refs']);
    expect(head(stored, branch)).toBe(commit.sha);
  });
  it('a branch that moves while it is moved is a conflict, and stays where it is', async () => {
    const { repo, base, stored } = made({ Dockerfile: 'FROM a\n' });
    const ours = await forge.commitFiles(repo, { branch, expect: 'absent', parent: base, files: [file('x')], message: 'T' });
    const main = push(fake.store, stored, 'main', { other: 'o\n' });
    let theirs = '';
    // Between the comparison and the move, a person pushes.
    fake.graphql = (asked) => {
      if (asked.includes('mutation Move') && theirs === '') theirs = push(fake.store, stored, branch, { notes: 'mine\n' });
      return undefined;
    };
    const request = { branch, expect: ours.sha, parent: main, files: [file('x')], message: 'T' };
    expect((await failure(forge.commitFiles(repo, request))).kind).toBe('conflict');
    expect(theirs).not.toBe('');
    expect(head(stored, branch)).toBe(theirs);
  });
});

describe('blobs', () => {
  it('what GraphQL cuts, decodes or leaves out comes by REST, byte for byte', async () => {
    const large = 'x'.repeat(600_000);
    const { repo, base } = made({ large, binary: 'a\0b', latin: 'placeholder', plain: 'ü\n', empty: '' });
    const commit = await forge.commitFiles(repo, {
      branch,
      expect: 'absent',
      parent: base,
      files: [file('latin1', { content: Uint8Array.from([0xe4, 0x0a]) })],
      message: 'T',
    });
    const entries = new Map((await forge.tree(repo, commit.sha)).entries.map(({ path, sha }) => [path, sha]));
    fake.seen.length = 0;
    const wanted = ['large', 'binary', 'latin1', 'plain', 'empty'];
    const found = await forge.blobs(
      repo,
      wanted.map((path) => entries.get(path) ?? ''),
      1_000_000,
    );
    const text = Object.fromEntries(wanted.map((path, index) => [path, Buffer.from(found[index] ?? []).toString('latin1')]));
    expect(text).toEqual({ large, binary: 'a\0b', latin1: '\u00e4\n', plain: Buffer.from('ü\n').toString('latin1'), empty: '' });
    expect(fake.seen.filter(({ path }) => path.includes('/git/blobs/'))).toHaveLength(3);
    expect(fake.seen.filter(({ path }) => path === '/graphql')).toHaveLength(1);
  });
});

describe('what GraphQL says with a 200', () => {
  it.each([
    ['RATE_LIMITED', 'API rate limit exceeded for user ID 1.', 'rate-limited'],
    [undefined, 'You have exceeded a secondary rate limit.', 'rate-limited'],
    ['FORBIDDEN', 'Resource not accessible by personal access token', 'forbidden'],
    ['NOT_FOUND', 'Could not resolve to a Repository', 'not-found'],
    ['STALE_DATA', 'Expected branch to point to "x" but it did not.', 'conflict'],
    ['FORBIDDEN', 'Repository was archived so is read-only.', 'archived'],
    ['UNPROCESSABLE', 'A path was requested for deletion which does not exist', 'unprocessable'],
    [undefined, 'Something went wrong while executing your query. Please include `ABCD` when reporting this issue.', 'server'],
  ])('%s %s', async (type, message, kind) => {
    const { repo, base } = made({ Dockerfile: 'FROM a\n' });
    fake.graphql = () => ({ data: null, errors: [{ ...(type ? { type } : {}), message }] });
    // With a budget of its own: it sleeps afterwards.
    const own = await connectForge('github', connectionTo(fake.origin, fake.token));
    const error = await failure(own.commitFiles(repo, { branch, expect: 'absent', parent: base, files: [file('x')], message: 'T' }));
    expect(error.kind).toBe(kind);
    expect(fake.seen.filter(({ path }) => path === '/graphql')).toHaveLength(1);
  });
});

describe('apps', () => {
  it('sign for a token of their only installation, use it again, and list what it sees', async () => {
    const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const connection = connectionTo(fake.origin, '');
    const app = await connectForge('github', { ...connection, credential: { kind: 'app', id: '1', privateKey, installation: undefined } });
    const { repo } = made({ Dockerfile: 'FROM a\n' });
    fake.seen.length = 0;
    expect(await app.actor()).toBe('an-app[bot]');
    expect((await app.repo(repo)).name).toBe(repo.name);
    const names: string[] = [];
    for await (const one of app.listRepos({})) names.push(one.name);
    expect(names).toContain(repo.name);
    const tokens = fake.seen.filter(({ path }) => path.endsWith('/access_tokens'));
    expect(tokens.map(({ path }) => path)).toEqual(['/app/installations/7/access_tokens']);
    const jwt = (tokens[0]?.authorization ?? '').replace(/^bearer /i, '').split('.');
    expect(verify('sha256', Buffer.from(jwt.slice(0, 2).join('.')), keys.publicKey, Buffer.from(jwt[2] ?? '', 'base64url'))).toBe(true);
    expect(connection.redactor.redact(privateKey)).not.toContain(privateKey.split('\n')[3]);
  });
});

describe('search', () => {
  it(
    'with more than 1,000 hits is split by the time of creation until each part is whole, each repository once',
    { timeout: 120_000 },
    async () => {
      const { repo } = made({ Dockerfile: 'FROM a\n' });
      const asked: string[] = [];
      const total = 1500;
      fake.search = (q, page) => {
        const [, from, to] = /created:(\S+)\.\.(\S+)/.exec(q) ?? [undefined, '2007-10-01T00:00:00Z', '2100-01-01T00:00:00Z'];
        // Every repository was made at a time of its own, all within a year.
        const first = Date.parse('2020-01-01T00:00:00Z');
        const ids = Array.from({ length: total }, (_, id) => id).filter(
          (id) => first + id * 10_000_000 >= Date.parse(from ?? '') && first + id * 10_000_000 < Date.parse(to ?? '') + 1000,
        );
        if (page === 1) asked.push(q);
        return { total: ids.length, ids: ids.slice((page - 1) * 100, page * 100) };
      };
      const found: string[] = [];
      for await (const one of forge.listRepos({ search: repo.name })) found.push(one.id);
      fake.search = undefined;
      expect(found).toHaveLength(total);
      expect(new Set(found).size).toBe(total);
      expect(asked[0]).toBe(`${repo.name} fork:true`);
    },
  );
});

it.each([
  ['https://github.com', 'https://api.github.com', 'github.com'],
  ['https://github.com/', 'https://api.github.com', 'github.com'],
  ['https://acme.ghe.com', 'https://api.acme.ghe.com', 'acme.ghe.com'],
  ['https://GitHub.Example.com', 'https://github.example.com/api/v3', 'github.example.com'],
  ['http://127.0.0.1:3000', 'http://127.0.0.1:3000/api/v3', '127.0.0.1:3000'],
])('the API of %s', (baseUrl, root, host) => expect(gitHubAddress(baseUrl)).toEqual({ root, host }));
it.each(['ftp://github.com', 'https://x:y@github.com', 'github.com', 'https://github.com?x'])('%s is no base URL', (baseUrl) =>
  expect(() => gitHubAddress(baseUrl)).toThrow(ForgeError),
);
