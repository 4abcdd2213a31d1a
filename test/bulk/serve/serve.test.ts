// `serve` over real HTTP: signed webhooks become looks at pull requests; everything else becomes nothing.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Session } from '../../../src/bulk/run/session.ts';
import { noticeOf } from '../../../src/bulk/serve/notices.ts';
import { receiver } from '../../../src/bulk/serve/receiver.ts';
import { service } from '../../../src/bulk/serve/serve.ts';
import { isSigned } from '../../../src/bulk/serve/signature.ts';
import type { RepoRef } from '../../../src/forge/types.ts';
import { fakeForge, isRead, type FakeForge } from '../fake-forge.ts';
import { dockerfile, harness, project } from '../harness.ts';

const secret = 'a secret of the test';

interface Served {
  post(event: string, payload: unknown, how?: { headers?: Record<string, string>; path?: string; method?: string }): Promise<number>;
  log: string[];
}

/** A campaign with one open pull request, and the service before it. */
async function serving(work: (served: Served, forge: FakeForge, ref: RepoRef, session: Session) => Promise<void>): Promise<void> {
  const forge = fakeForge();
  const ref = forge.addRepo('svc', project('svc'));
  const campaign = harness(forge);
  await campaign.plan();
  await campaign.apply();
  expect(forge.opened()).toBe(1);
  await campaign.session(async (session) => {
    const log: string[] = [];
    const problems: unknown[] = [];
    const at = service(session, forge, {
      settle: 0,
      tell: ({ repo, outcome }) => log.push(`${repo} ${outcome}`),
      stopped: (error) => problems.push(error),
    });
    const server = receiver({ kind: 'gitea', secret, take: at.take }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const post: Served['post'] = async (event, payload, { headers = {}, path = '/webhook', method = 'POST' } = {}) => {
      const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      const sent = request({
        port,
        host: '127.0.0.1',
        path,
        method,
        headers: { 'x-gitea-event': event, 'x-gitea-signature': signature, ...headers },
      });
      const answered = once(sent, 'response') as Promise<[{ statusCode: number; resume(): void }]>;
      sent.on('error', () => undefined);
      sent.end(method === 'GET' ? undefined : body);
      const [response] = await answered;
      response.resume();
      await new Promise(setImmediate);
      await at.idle();
      return response.statusCode;
    };
    try {
      await work({ post, log }, forge, ref, session);
      expect(problems).toEqual([]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
}

const repository = { full_name: 'acme/svc' };
const push = { ref: 'refs/heads/main', repository };
const pull = { action: 'edited', number: 1, repository };
const comment = (body: string, more: object = {}): object => ({
  action: 'created',
  issue: { number: 1, pull_request: {} },
  comment: { body, ...more },
  repository,
});
const pullOf = (forge: FakeForge): ReturnType<FakeForge['pull']> => forge.pull({ host: forge.host, owner: 'acme', name: 'svc' }, 1);
const writes = (forge: FakeForge, from: number): string[] => forge.calls.slice(from).filter((name) => !isRead(name));

describe('the signature', () => {
  it("is GitHub's: the example of its documentation", () => {
    const body = Buffer.from('Hello, World!');
    const example = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const key = "It's a Secret to Everybody";
    expect(isSigned('github', { 'x-hub-signature-256': example }, body, key)).toBe(true);
    expect(isSigned('github', { 'x-hub-signature-256': example.slice('sha256='.length) }, body, key)).toBe(false);
    expect(isSigned('github', { 'x-hub-signature-256': example }, Buffer.from('Hello, World?'), key)).toBe(false);
    expect(isSigned('gitea', { 'x-gitea-signature': example.slice('sha256='.length) }, body, key)).toBe(true);
    expect(isSigned('gitea', { 'x-hub-signature-256': example }, body, key)).toBe(false);
  });
  it("is GitLab's token", () => {
    expect(isSigned('gitlab', { 'x-gitlab-token': secret }, Buffer.from(''), secret)).toBe(true);
    expect(isSigned('gitlab', { 'x-gitlab-token': `${secret}x` }, Buffer.from(''), secret)).toBe(false);
    expect(isSigned('gitlab', {}, Buffer.from(''), secret)).toBe(false);
  });
  it('is missing without a secret, and when it was sent twice', () => {
    const empty = createHmac('sha256', '').update('').digest('hex');
    expect(isSigned('gitea', { 'x-gitea-signature': empty }, Buffer.from(''), '')).toBe(false);
    expect(isSigned('gitlab', { 'x-gitlab-token': [secret, secret] }, Buffer.from(''), secret)).toBe(false);
  });
});

describe('the receiver', () => {
  it('answers 401 to what is not signed, and does nothing', () =>
    serving(async ({ post, log }, forge) => {
      const before = forge.calls.length;
      expect(await post('push', push, { headers: { 'x-gitea-signature': '0'.repeat(64) } })).toBe(401);
      expect(await post('push', push, { headers: { 'x-gitea-signature': '' } })).toBe(401);
      expect(forge.calls.length).toBe(before);
      expect(log).toEqual([]);
    }));

  it('knows its two addresses, and refuses what is too large', () =>
    serving(async ({ post, log }) => {
      expect(await post('push', '', { path: '/health', method: 'GET' })).toBe(200);
      expect(await post('push', '', { method: 'GET' })).toBe(405);
      expect(await post('push', push, { path: '/' })).toBe(404);
      expect(await post('push', 'x'.repeat(6 * 1024 * 1024))).toBe(413);
      expect(await post('push', 'no JSON')).toBe(202);
      expect(await post('star', push)).toBe(202);
      expect(log).toEqual([]);
    }));
});

describe('a base that moved', () => {
  it('elsewhere in the repository: one look, no write', () =>
    serving(async ({ post, log }, forge, ref) => {
      forge.push(ref, 'main', { 'README.md': 'new\n' });
      const before = forge.calls.length;
      expect(await post('push', push)).toBe(202);
      expect(log).toEqual(['forge.example/acme/svc same']);
      expect(writes(forge, before)).toEqual([]);
    }));

  it('with another result: the branch is brought up to date', () =>
    serving(async ({ post, log }, forge, ref) => {
      forge.push(ref, 'main', { Dockerfile: `${dockerfile}LABEL a=b\n` });
      await post('push', push);
      expect(log).toEqual(['forge.example/acme/svc updated']);
      expect(forge.filesAt(ref, 'dockerfile-mod/test').Dockerfile).toContain('LABEL a=b');
    }));

  it('another branch, a tag, another repository: nothing', () =>
    serving(async ({ post, log }) => {
      await post('push', { ...push, ref: 'refs/heads/feature' });
      await post('push', { ...push, ref: 'refs/tags/main' });
      await post('push', { ...push, repository: { full_name: 'acme/other' } });
      await post('push', { ...push, repository: { full_name: 'acme/../svc' } });
      expect(log).toEqual([]);
    }));
});

describe('a pull request', () => {
  it('that a person closed is declined, and never opened again', () =>
    serving(async ({ post, log }, forge, ref, session) => {
      forge.closePull(ref, 1);
      await post('pull_request', { ...pull, action: 'closed' });
      await post('push', push);
      expect(log).toEqual(['forge.example/acme/svc declined']);
      expect(session.records.get('forge.example/acme/svc')?.state).toBe('declined');
      expect(forge.opened()).toBe(1);
    }));

  it('that a person pushed to is frozen, with one comment', () =>
    serving(async ({ post, log }, forge, ref) => {
      const head = forge.push(ref, 'dockerfile-mod/test', { 'by-a-person.txt': 'mine\n' });
      await post('push', { ...push, ref: 'refs/heads/dockerfile-mod/test' });
      await post('pull_request', { ...pull, action: 'synchronized' });
      expect(log).toEqual(['forge.example/acme/svc frozen', 'forge.example/acme/svc frozen']);
      expect((await pullOf(forge)).head.sha).toBe(head);
      expect(forge.repos.get('acme/svc')?.pulls[0]?.comments).toHaveLength(1);
    }));

  it('whose box is ticked is written again on the newest base, and the box is empty again', () =>
    serving(async ({ post, log }, forge, ref) => {
      const { body, head } = await pullOf(forge);
      forge.push(ref, 'main', { 'README.md': 'new\n' });
      await forge.updatePull(ref, 1, { body: body.replace('[ ] <!-- dockerfile-mod:rebase', '[x] <!-- dockerfile-mod:rebase') });
      await post('pull_request', pull);
      const after = await pullOf(forge);
      expect(log).toEqual(['forge.example/acme/svc updated']);
      expect(after.head.sha).not.toBe(head.sha);
      expect(after.body).toContain('[ ] <!-- dockerfile-mod:rebase');
      // What our own update makes the forge send.
      await post('pull_request', pull);
      expect(log.at(-1)).toBe('forge.example/acme/svc same');
    }));
});

describe('a comment', () => {
  it('asks for a rebase', () =>
    serving(async ({ post, log }, forge, ref) => {
      const { head } = await pullOf(forge);
      forge.push(ref, 'main', { 'README.md': 'new\n' });
      await post('issue_comment', comment('Thanks!\r\n/dockerfile-mod rebase\r\n'));
      expect(log).toEqual(['forge.example/acme/svc updated']);
      expect((await pullOf(forge)).head.sha).not.toBe(head.sha);
    }));

  it('stops it', () =>
    serving(async ({ post, log }, forge) => {
      await post('issue_comment', comment('/dockerfile-mod stop'));
      expect(log).toEqual(['forge.example/acme/svc frozen']);
      expect((await pullOf(forge)).body).toContain('[x] <!-- dockerfile-mod:stop');
    }));

  it('of nobody in particular drops no commits; of a member it does', () =>
    serving(async ({ post, log }, forge, ref) => {
      const head = forge.push(ref, 'dockerfile-mod/test', { 'by-a-person.txt': 'mine\n' });
      await post('issue_comment', comment('/dockerfile-mod hand-back'));
      expect(log).toEqual([]);
      expect((await pullOf(forge)).head.sha).toBe(head);
      await post('issue_comment', comment('/dockerfile-mod hand-back', { author_association: 'MEMBER' }));
      expect(log).toEqual(['forge.example/acme/svc updated']);
      expect(forge.filesAt(ref, 'dockerfile-mod/test')).not.toHaveProperty('by-a-person.txt');
    }));

  it('of a stranger, edited, on an issue, or in a sentence asks for nothing', () =>
    serving(async ({ post, log }) => {
      await post('issue_comment', comment('/dockerfile-mod rebase', { author_association: 'NONE' }));
      await post('issue_comment', { ...comment('/dockerfile-mod rebase'), action: 'edited' });
      await post('issue_comment', { ...comment('/dockerfile-mod rebase'), issue: { number: 1 } });
      await post('issue_comment', comment('please /dockerfile-mod rebase'));
      await post('issue_comment', { ...comment('/dockerfile-mod rebase'), issue: { number: 2, pull_request: {} } });
      expect(log).toEqual([]);
    }));
});

describe('a burst', () => {
  it('is looked at once for what waits', () =>
    serving(async ({ log }, forge, _, session) => {
      const told: string[] = [];
      const at = service(session, forge, { settle: 0, tell: ({ outcome }) => told.push(outcome), stopped: () => undefined });
      for (let i = 0; i < 20; i += 1) at.take({ kind: 'push', repository: 'acme/svc', branch: 'main' });
      await at.idle();
      expect(told).toEqual(['same']);
      expect(log).toEqual([]);
    }));

  it('a campaign that cannot go on says so', () =>
    serving(async (_, forge, __, session) => {
      const problems: unknown[] = [];
      const at = service(session, forge, { settle: 0, tell: () => undefined, stopped: (error) => problems.push(error) });
      forge.hook = () => {
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      };
      at.take({ kind: 'push', repository: 'acme/svc', branch: 'main' });
      await at.idle();
      expect(String(problems[0])).toContain('no space left');
    }));
});

describe('notices of the forges', () => {
  const of = (kind: 'github' | 'gitea' | 'gitlab', headers: Record<string, string>, body: unknown): object =>
    noticeOf(kind, headers, Buffer.from(JSON.stringify(body)));
  it('GitHub', () => {
    expect(of('github', { 'x-github-event': 'push' }, push)).toEqual({ kind: 'push', repository: 'acme/svc', branch: 'main' });
    expect(of('github', { 'x-github-event': 'issue_comment' }, comment('/dockerfile-mod stop', { author_association: 'OWNER' }))).toEqual({
      kind: 'comment',
      repository: 'acme/svc',
      number: 1,
      words: ['stop'],
      mayWrite: 'yes',
    });
    expect(of('github', { 'x-github-event': 'constructor' }, push)).toMatchObject({ kind: 'nothing' });
  });
  it('Forgejo', () => {
    expect(of('gitea', { 'x-forgejo-event': 'pull_request' }, pull)).toEqual({ kind: 'pull', repository: 'acme/svc', number: 1 });
  });
  it('GitLab', () => {
    const project = { path_with_namespace: 'acme/team/svc' };
    expect(of('gitlab', { 'x-gitlab-event': 'Push Hook' }, { ref: 'refs/heads/main', project })).toEqual({
      kind: 'push',
      repository: 'acme/team/svc',
      branch: 'main',
    });
    expect(of('gitlab', { 'x-gitlab-event': 'Merge Request Hook' }, { object_attributes: { iid: 7 }, project })).toEqual({
      kind: 'pull',
      repository: 'acme/team/svc',
      number: 7,
    });
    const note = {
      object_attributes: { note: '/dockerfile-mod rebase', noteable_type: 'MergeRequest' },
      merge_request: { iid: 7 },
      project,
    };
    expect(of('gitlab', { 'x-gitlab-event': 'Note Hook' }, note)).toMatchObject({ kind: 'comment', number: 7, words: ['rebase'] });
    expect(of('gitlab', { 'x-gitlab-event': 'Note Hook' }, { ...note, merge_request: undefined })).toMatchObject({ kind: 'nothing' });
  });
});
