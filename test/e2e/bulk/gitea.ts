// test/e2e/bulk: a real Gitea, asked without any code of ours, and what people do on it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';

export interface Pull {
  number: number;
  state: string;
  merged: boolean;
  title: string;
  body: string;
  mergeable: boolean;
  head: { ref: string; sha: string };
  base: { ref: string; sha: string };
}

export interface Gitea {
  url: string;
  token: string;
  api(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }>;
  org(name: string): Promise<void>;
  /** A repository with these files on main; links as `-> target`. */
  repo(org: string, name: string, files: Readonly<Record<string, string>>): Promise<void>;
  pulls(org: string, name: string): Promise<Pull[]>;
  head(org: string, name: string, branch: string): Promise<string | undefined>;
  /** Text of a file on a branch; undefined when it is not there. */
  file(org: string, name: string, branch: string, path: string): Promise<string | undefined>;
  /** A commit of a person, by the same account as ours: no author's name tells it apart. */
  commit(org: string, name: string, branch: string, files: Readonly<Record<string, string>>): Promise<void>;
  comments(org: string, name: string, number: number): Promise<string[]>;
}

export function gitea(url: string, token: string): Gitea {
  const api: Gitea['api'] = async (method, path, body) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `token ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = text;
    }
    return { status: answer.status, json };
  };
  const must: Gitea['api'] = async (method, path, body) => {
    const answer = await api(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.json).slice(0, 300)}`);
    return answer;
  };
  const self: Gitea = {
    url,
    token,
    api,
    org: async (name) => void (await must('POST', '/orgs', { username: name, visibility: 'private' })),
    async repo(org, name, files) {
      await must('POST', `/orgs/${org}/repos`, { name, private: true, default_branch: 'main' });
      pushFiles(`${url}/${org}/${name}.git`, token, files);
      // Gitea says for a moment after the push that it is empty.
      while (((await must('GET', `/repos/${org}/${name}`)).json as { empty: boolean }).empty)
        await new Promise((resolve) => setTimeout(resolve, 100));
    },
    async pulls(org, name) {
      const found: Pull[] = [];
      for (let page = 1; ; page++) {
        const { json } = await must('GET', `/repos/${org}/${name}/pulls?state=all&limit=50&page=${page}`);
        const more = json as Pull[];
        found.push(...more);
        if (more.length < 50) return found;
      }
    },
    async head(org, name, branch) {
      const { status, json } = await api('GET', `/repos/${org}/${name}/branches/${branch}`);
      return status === 200 ? (json as { commit: { id: string } }).commit.id : undefined;
    },
    async file(org, name, branch, path) {
      const { status, json } = await api('GET', `/repos/${org}/${name}/contents/${path}?ref=${encodeURIComponent(branch)}`);
      return status === 200 ? Buffer.from((json as { content: string }).content, 'base64').toString('utf8') : undefined;
    },
    async commit(org, name, branch, files) {
      const changes = await Promise.all(
        Object.entries(files).map(async ([path, text]) => {
          const { status, json } = await api('GET', `/repos/${org}/${name}/contents/${path}?ref=${encodeURIComponent(branch)}`);
          const content = Buffer.from(text).toString('base64');
          return status === 200
            ? { operation: 'update', path, content, sha: (json as { sha: string }).sha }
            : { operation: 'create', path, content };
        }),
      );
      await must('POST', `/repos/${org}/${name}/contents`, { branch, message: 'by a person', files: changes });
    },
    async comments(org, name, number) {
      const { json } = await must('GET', `/repos/${org}/${name}/issues/${number}/comments`);
      return (json as { body: string }[]).map(({ body }) => body);
    },
  };
  return self;
}

function pushFiles(url: string, token: string, files: Readonly<Record<string, string>>): void {
  const dir = mkdtempSync(join(tmpdir(), 'dockerfile-mod-seed-'));
  const git = (...args: string[]): void => {
    const env = {
      ...process.env,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'http.extraHeader',
      GIT_CONFIG_VALUE_0: `Authorization: token ${token}`,
    };
    execFileSync('git', ['-c', 'user.name=seed', '-c', 'user.email=seed@example.com', '-c', 'core.autocrlf=false', ...args], {
      cwd: dir,
      env,
      stdio: 'pipe',
    });
  };
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      if (text.startsWith('-> ')) symlinkSync(text.slice(3), join(dir, path));
      else writeFileSync(join(dir, path), text);
    }
    git('init', '-q', '-b', 'main');
    git('add', '-f', '.');
    git('commit', '-q', '-m', 'first');
    git('push', '-q', url, 'main');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
