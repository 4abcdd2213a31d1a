// The forge in memory behind Gitea's API, for processes of the command line. Counts what creates content, by time.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ForgeError, type PullRequest, type RepoInfo } from '../../src/forge/types.ts';
import type { FakeForge } from './fake-forge.ts';

export interface FakeGitea {
  url: string;
  /** Requests that create content: when (milliseconds since the epoch), and what. */
  content: { at: number; what: string }[];
  requests(): number;
  /** Answered with 429 and Retry-After instead, this many times. */
  refuseContent(times: number, seconds: number): void;
  close(): Promise<void>;
}

type Asked = { method: string; parts: string[]; query: URLSearchParams; body: Record<string, unknown> };
const statuses: Partial<Record<ForgeError['kind'], number>> = { 'not-found': 404, conflict: 422, 'already-exists': 409, archived: 423 };

export async function fakeGitea(forge: FakeForge): Promise<FakeGitea> {
  const content: FakeGitea['content'] = [];
  let requests = 0;
  let refusals = { left: 0, seconds: 0 };
  const server = createServer((request, response) => {
    requests += 1;
    void read(request).then(async (asked) => {
      const send = (status: number, json: unknown, headers: Record<string, string> = {}): void =>
        void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
      if (asked.method !== 'GET') {
        if (refusals.left > 0) {
          refusals.left -= 1;
          return send(429, { message: 'slow down' }, { 'retry-after': String(refusals.seconds) });
        }
        content.push({ at: Date.now(), what: `${asked.method} ${asked.parts.slice(1).join('/')}` });
      }
      try {
        send(asked.method === 'POST' ? 201 : 200, await answer(forge, asked));
      } catch (error) {
        if (!(error instanceof ForgeError)) return send(501, { message: String(error) });
        const message =
          error.kind === 'already-exists'
            ? 'pull request already exists'
            : error.kind === 'conflict'
              ? 'sha does not match'
              : error.message;
        send(statuses[error.kind] ?? 422, { message });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    content,
    requests: () => requests,
    refuseContent: (left, seconds) => (refusals = { left, seconds }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(request.url ?? '/', 'http://fake');
  const parts = url.pathname.replace('/api/v1/', '').split('/').map(decodeURIComponent);
  return { method: request.method ?? 'GET', parts, query: url.searchParams, body: text === '' ? {} : (JSON.parse(text) as Asked['body']) };
}

async function answer(forge: FakeForge, { method, parts, query, body }: Asked): Promise<unknown> {
  const [first, owner = '', name = '', what, ...rest] = parts;
  const page = <T>(all: T[]): T[] => all.slice((Number(query.get('page') ?? 1) - 1) * 50, Number(query.get('page') ?? 1) * 50);
  if (first === 'user') return { login: 'bot' };
  if (first === 'orgs') return page([...forge.repos.values()].map(({ info }) => repoJson(info)));
  const ref = { host: forge.host, owner, name };
  if (what === undefined) return repoJson(await forge.repo(ref));
  const [second = '', third] = rest;
  switch (`${method} ${what}`) {
    case 'GET branches': {
      if (rest.length === 0)
        return page([...(forge.repos.get(`${owner}/${name}`)?.branches ?? [])].map(([branch, id]) => ({ name: branch, commit: { id } })));
      const id = await forge.branchHead(ref, rest.join('/'));
      if (id === undefined) throw new ForgeError('not-found', 'no such branch', { retryable: false });
      return { name: rest.join('/'), commit: { id } };
    }
    case 'GET git':
      return gitJson(forge, ref, second, third ?? '');
    case 'GET commits':
      if (third === 'status') return { statuses: [], total_count: 0 };
      return Number(query.get('page')) > 1
        ? []
        : (await forge.commitsBetween(ref, query.get('not') ?? '', query.get('sha') ?? '')).reverse().map(commitJson);
    case 'POST contents':
      return filesJson(forge, ref, body);
    case 'GET pulls':
      if (third === 'reviews') return [];
      if (second === '')
        return page(
          (await Promise.all((forge.repos.get(`${owner}/${name}`)?.pulls ?? []).map((pull) => forge.pull(ref, pull.number)))).map((pull) =>
            pullJson(pull),
          ),
        );
      return pullJson(await forge.pull(ref, Number(second)));
    case 'POST pulls': {
      const wanted = {
        title: String(body.title),
        body: String(body.body),
        base: String(body.base),
        draft: false,
        labels: [],
        reviewers: [],
        teamReviewers: [],
        assignees: [],
      };
      return pullJson((await forge.createPull(ref, { ...wanted, head: { ref: String(body.head), repo: ref } })).pull);
    }
    case 'PATCH pulls':
      return pullJson(await forge.updatePull(ref, Number(second), body));
    default:
      throw new Error(`no route: ${method} ${parts.join('/')}`);
  }
}

async function gitJson(forge: FakeForge, ref: Parameters<FakeForge['repo']>[0], what: string, sha: string): Promise<unknown> {
  if (what === 'trees') {
    const { entries } = await forge.tree(ref, sha);
    return { sha, truncated: false, total_count: entries.length, tree: entries };
  }
  if (what === 'blobs') {
    const bytes = Buffer.from(await forge.blob(ref, sha, Infinity));
    return { content: bytes.toString('base64'), encoding: 'base64', size: bytes.length };
  }
  return commitJson(await forge.commit(ref, sha));
}

async function filesJson(forge: FakeForge, ref: Parameters<FakeForge['repo']>[0], body: Record<string, unknown>): Promise<unknown> {
  const from = String(body.branch);
  const branch = body.new_branch === undefined ? from : String(body.new_branch);
  const parent = (await forge.branchHead(ref, from)) ?? '';
  const files = (body.files as { path: string; content: string; sha?: string }[]).map(({ path, content, sha }) => ({
    path,
    mode: '100644' as const,
    content: Buffer.from(content, 'base64'),
    before: sha,
  }));
  const made = await forge.commitFiles(ref, {
    branch,
    parent,
    expect: branch === from ? parent : 'absent',
    files,
    message: String(body.message),
    author: undefined,
  });
  return { commit: { sha: made.sha, parents: made.parents.map((sha) => ({ sha })), message: made.message } };
}

const commitJson = ({ sha, parents, message }: { sha: string; parents: readonly string[]; message: string }): unknown => ({
  sha,
  parents: parents.map((parent) => ({ sha: parent })),
  commit: { message },
});

const repoJson = (info: RepoInfo): unknown => ({
  owner: { login: info.owner },
  name: info.name,
  id: Number(info.id),
  default_branch: info.defaultBranch,
  archived: info.archived,
  fork: info.fork,
  empty: info.empty,
  private: true,
  size: info.sizeKb,
  clone_url: info.cloneUrl,
  html_url: info.webUrl,
  permissions: { push: true },
});

const pullJson = (pull: PullRequest): unknown => {
  const side = ({ ref, sha }: { ref: string; sha: string }): unknown => ({ label: ref, ref, sha, repo: null });
  return {
    number: pull.number,
    html_url: pull.url,
    state: pull.state === 'open' ? 'open' : 'closed',
    merged: pull.state === 'merged',
    draft: false,
    head: side(pull.head),
    base: side(pull.base),
    title: pull.title,
    body: pull.body,
    labels: [],
    mergeable: pull.mergeable === 'yes',
  };
};
