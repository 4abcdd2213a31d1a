// A real Gitea as a forge under test: FORGE_URL and FORGE_TOKEN_FILE name it; its token is an administrator's.
import { readFileSync } from 'node:fs';
import { clock, type Connection } from '../../src/forge/connection.ts';
import { connectForge } from '../../src/forge/connect.ts';
import { createPace } from '../../src/forge/pace.ts';
import { createRedactor } from '../../src/forge/secrets.ts';
import type { RepoRef } from '../../src/forge/types.ts';
import type { Files, Site } from './site.ts';

type Json = Record<string, unknown>;

/** Undefined when the environment names none. Everything that is made lies in one organisation or is the bot's, and is removed by `end`. */
export async function giteaSite(run: string): Promise<Site | undefined> {
  const { FORGE_URL: url, FORGE_TOKEN_FILE: file } = process.env;
  if (!url || !file) return undefined;
  const token = readFileSync(file, 'utf8').trim();
  const host = new URL(url).host;
  const made: RepoRef[] = [];
  const org = `org-${run}`;
  const reader = `reader-${run}`;

  async function call(method: string, path: string, body?: Json): Promise<{ status: number; json: Json }> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (response.status >= 400 && method !== 'DELETE') throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return { status: response.status, json: text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as Json) : {} };
  }
  const { login } = (await call('GET', '/user')).json as { login: string };
  const at = ({ owner, name }: RepoRef): string => `/repos/${owner}/${name}`;

  async function fill(repo: RepoRef, files: Files): Promise<void> {
    const write = (path: string, text: string): Json => ({ operation: 'create', path, content: Buffer.from(text).toString('base64') });
    await call('POST', `${at(repo)}/contents`, {
      branch: 'main',
      message: 'first',
      files: Object.entries(files).map(([p, t]) => write(p, t)),
    });
  }
  async function create(owner: string, path: string, name: string, files: Files | undefined): Promise<RepoRef> {
    await call('POST', path, { name, auto_init: false, default_branch: 'main' });
    const repo = { host, owner, name };
    made.push(repo);
    if (files) await fill(repo, files);
    return repo;
  }
  return {
    name: 'Gitea',
    connect(change) {
      const connection: Connection = {
        baseUrl: url,
        credential: { kind: 'token', value: token },
        pace: createPace({ contentPerMinute: 10_000, contentPerHour: 100_000, pointsPerMinute: undefined, reserve: 0.1, clock }),
        redactor: createRedactor(),
        clock,
        signal: undefined,
        timeout: 30_000,
        ...change,
      };
      return connectForge('gitea', connection);
    },
    create: (name, files) => create(login, '/user/repos', `${name}-${run}`, files),
    async push(repo, branch, files) {
      const existing = await fetch(`${url}/api/v1${at(repo)}/branches/${branch}`, { headers: { authorization: `token ${token}` } });
      const listed = Object.entries(files).map(async ([path, text]) => {
        const found = await fetch(`${url}/api/v1${at(repo)}/contents/${path}?ref=${existing.ok ? branch : 'main'}`, {
          headers: { authorization: `token ${token}` },
        });
        const sha = found.ok ? ((await found.json()) as { sha: string }).sha : undefined;
        return { operation: sha ? 'update' : 'create', path, content: Buffer.from(text).toString('base64'), ...(sha ? { sha } : {}) };
      });
      const where = existing.ok ? { branch } : { branch: 'main', new_branch: branch };
      const answer = await call('POST', `${at(repo)}/contents`, {
        ...where,
        message: 'by hand',
        author: { name: 'A Person', email: 'person@example.test' },
        files: await Promise.all(listed),
      });
      return (answer.json as { commit: { sha: string } }).commit.sha;
    },
    archive: async (repo) => void (await call('PATCH', at(repo), { archived: true })),
    label: async (repo, name) => void (await call('POST', `${at(repo)}/labels`, { name, color: '#00aabb' })),
    async person(repo) {
      const { json } = await call('GET', `/users/search?q=${reader}`);
      if ((json as { data?: unknown[] }).data?.length === 0)
        await call('POST', '/admin/users', {
          username: reader,
          email: `${reader}@example.test`,
          password: 'not-A-secret-1',
          must_change_password: false,
        });
      await call('PUT', `${at(repo)}/collaborators/${reader}`, { permission: 'write' });
      return reader;
    },
    async foreign(name, files) {
      const { status } = await fetch(`${url}/api/v1/orgs/${org}`, { headers: { authorization: `token ${token}` } });
      if (status === 404) await call('POST', '/orgs', { username: org });
      return create(org, `/orgs/${org}/repos`, `${name}-${run}`, files);
    },
    status: async (repo, sha, context, state) => void (await call('POST', `${at(repo)}/statuses/${sha}`, { context, state })),
    protect: async (repo, branch) =>
      void (await call('POST', `${at(repo)}/branch_protections`, {
        rule_name: branch,
        required_approvals: 1,
        block_admin_merge_override: true,
      })),
    setTopics: async (repo, topics) => void (await call('PUT', `${at(repo)}/topics`, { topics })),
    async rename(repo, name) {
      await call('PATCH', at(repo), { name: `${name}-${run}` });
      made.push({ ...repo, name: `${name}-${run}` });
    },
    async end() {
      for (const repo of made) await call('DELETE', at(repo));
      await call('DELETE', `/orgs/${org}`);
      await call('DELETE', `/admin/users/${reader}?purge=true`);
    },
  };
}
