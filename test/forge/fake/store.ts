// What a fake forge keeps: bare git repositories on disk (real objects, refs and merges, made by git) and pull requests in memory.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Files } from '../site.ts';

export interface StoredPull {
  number: number;
  title: string;
  body: string;
  draft: boolean;
  state: 'open' | 'closed' | 'merged';
  head: { repo: StoredRepo; ref: string; sha: string };
  base: { ref: string; sha: string };
  labels: Set<string>;
  assignees: Set<string>;
  reviewers: Set<string>;
  comments: string[];
  createdBy: string;
  mergeSha: string | undefined;
  autoMerge?: string;
  closedAt: string | undefined;
}

export interface StoredRepo {
  id: number;
  owner: string;
  name: string;
  dir: string;
  archived: boolean;
  parent: StoredRepo | undefined;
  topics: readonly string[];
  labels: Set<string>;
  members: Set<string>;
  pulls: StoredPull[];
  statuses: Map<string, Map<string, string>>;
  protectedBranches: Set<string>;
}

export interface Entry {
  mode: string;
  type: string;
  sha: string;
  size: number | undefined;
  path: string;
}

const identity = {
  GIT_AUTHOR_NAME: 'A Person',
  GIT_AUTHOR_EMAIL: 'person@example.test',
  GIT_COMMITTER_NAME: 'A Person',
  GIT_COMMITTER_EMAIL: 'person@example.test',
  GIT_CONFIG_NOSYSTEM: '1',
  HOME: '/nonexistent',
};

/** A refusal of git; `stderr` says why. */
export function git(
  repo: StoredRepo,
  args: readonly string[],
  more: { input?: string | Uint8Array; env?: Record<string, string> } = {},
): Buffer {
  return execFileSync('git', ['-C', repo.dir, ...args], {
    input: more.input ?? '',
    env: { PATH: process.env['PATH'], ...identity, ...more.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
}

const line = (output: Buffer): string => output.toString('utf8').trim();
const orNone = <T>(doing: () => T): T | undefined => {
  try {
    return doing();
  } catch {
    return undefined;
  }
};

export type Store = ReturnType<typeof createStore>;

export function createStore(login: string) {
  const root = mkdtempSync(join(tmpdir(), 'fake-forge-'));
  const repos: StoredRepo[] = [];
  const aliases = new Map<string, StoredRepo>();
  const groups = new Set<string>();
  const users = new Set([login]);
  let ids = 100;
  const key = (owner: string, name: string): string => `${owner}/${name}`.toLowerCase();

  function find(owner: string, name: string): StoredRepo | undefined {
    return repos.find((repo) => key(repo.owner, repo.name) === key(owner, name)) ?? aliases.get(key(owner, name));
  }
  function add(owner: string, name: string, parent?: StoredRepo): StoredRepo {
    ids += 1;
    const dir = join(root, `${ids}.git`);
    execFileSync('git', parent ? ['clone', '-q', '--bare', parent.dir, dir] : ['init', '-q', '--bare', '-b', 'main', dir], {
      stdio: 'pipe',
    });
    const more = {
      topics: [],
      labels: new Set<string>(),
      members: new Set([login]),
      pulls: [],
      statuses: new Map(),
      protectedBranches: new Set<string>(),
    };
    const repo: StoredRepo = { id: ids, owner, name, dir, archived: false, parent, ...more };
    repos.push(repo);
    return repo;
  }
  return {
    login,
    repos,
    groups,
    users,
    find,
    add,
    rename(repo: StoredRepo, name: string): void {
      aliases.set(key(repo.owner, repo.name), repo);
      repo.name = name;
    },
    remove(repo: StoredRepo): void {
      repos.splice(repos.indexOf(repo), 1);
      for (const one of repos) for (const pull of one.pulls) if (pull.head.repo === repo && pull.state === 'open') pull.state = 'closed';
    },
    end: (): void => rmSync(root, { recursive: true, force: true }),
  };
}

export const isEmpty = (repo: StoredRepo): boolean => line(git(repo, ['for-each-ref', '--count=1'])) === '';
export const head = (repo: StoredRepo, branch: string): string | undefined =>
  orNone(() => line(git(repo, ['rev-parse', '--verify', '-q', `refs/heads/${branch}`])));
export const hasObject = (repo: StoredRepo, sha: string, type: string): boolean =>
  /^[0-9a-f]{40}$/.test(sha) && orNone(() => line(git(repo, ['cat-file', '-t', sha]))) === type;
export const treeOf = (repo: StoredRepo, sha: string): string | undefined =>
  orNone(() => line(git(repo, ['rev-parse', '--verify', '-q', `${sha}^{tree}`])));

export function entries(repo: StoredRepo, tree: string): Entry[] {
  return git(repo, ['ls-tree', '-r', '-t', '-l', '-z', '--full-tree', tree])
    .toString('utf8')
    .split('\0')
    .filter((one) => one !== '')
    .map((one) => {
      const [, mode = '', type = '', sha = '', size = '', path = ''] = /^(\d+) (\w+) ([0-9a-f]+)\s+(\S+)\t([\s\S]*)$/.exec(one) ?? [];
      return { mode, type, sha, size: size === '-' ? undefined : Number(size), path };
    });
}

export const blob = (repo: StoredRepo, sha: string): Buffer => git(repo, ['cat-file', 'blob', sha]);
export const writeBlob = (repo: StoredRepo, content: Uint8Array): string =>
  line(git(repo, ['hash-object', '-w', '--stdin'], { input: content }));

export interface StoredCommit {
  sha: string;
  tree: string;
  parents: string[];
  author: { name: string; email: string; date: string };
  message: string;
}

export function commit(repo: StoredRepo, sha: string): StoredCommit {
  const [id = '', tree = '', parents = '', name = '', email = '', date = '', ...rest] = git(repo, [
    'show',
    '-s',
    '--format=%H%n%T%n%P%n%an%n%ae%n%aI%n%B',
    sha,
  ])
    .toString('utf8')
    .split('\n');
  return {
    sha: id,
    tree,
    parents: parents === '' ? [] : parents.split(' '),
    author: { name, email, date },
    message: rest.join('\n').trimEnd(),
  };
}

/** A tree with these files written over another one. */
export function writeTree(
  repo: StoredRepo,
  base: string | undefined,
  files: readonly { path: string; mode: string; sha: string }[],
): string {
  const env = { GIT_INDEX_FILE: join(repo.dir, `index-${Math.random().toString(36).slice(2)}`) };
  git(repo, base === undefined ? ['read-tree', '--empty'] : ['read-tree', base], { env });
  const input = files.map(({ path, mode, sha }) => `${mode} ${sha}\t${path}\0`).join('');
  git(repo, ['update-index', '-z', '--index-info'], { env, input });
  return line(git(repo, ['write-tree'], { env }));
}

export function writeCommit(
  repo: StoredRepo,
  made: { tree: string; parents: readonly string[]; message: string; author?: { name: string; email: string } | undefined },
): string {
  const env: Record<string, string> = made.author ? { GIT_AUTHOR_NAME: made.author.name, GIT_AUTHOR_EMAIL: made.author.email } : {};
  return line(git(repo, ['commit-tree', made.tree, ...made.parents.flatMap((parent) => ['-p', parent])], { input: made.message, env }));
}

/** Moves or makes a branch when it is where it should be (`undefined`: missing); false when it is not. Pull requests follow their branch. */
export const heads = (repo: StoredRepo): { name: string; sha: string }[] =>
  line(git(repo, ['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads']))
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => ({ sha: one.slice(0, 40), name: one.slice(41) }));

export function setBranch(store: Store, repo: StoredRepo, branch: string, to: string, from: string | undefined): boolean {
  const moved = orNone(() => git(repo, ['update-ref', `refs/heads/${branch}`, to, from ?? '0'.repeat(40)])) !== undefined;
  if (!moved) return false;
  for (const one of store.repos) {
    for (const pull of one.pulls) if (pull.state === 'open' && pull.head.repo === repo && pull.head.ref === branch) pull.head.sha = to;
  }
  return true;
}

/** Deleting the head closes the pull request: all three forges do so. */
export function deleteBranch(store: Store, repo: StoredRepo, branch: string): boolean {
  const at = head(repo, branch);
  if (at === undefined) return false;
  git(repo, ['update-ref', '-d', `refs/heads/${branch}`, at]);
  for (const one of store.repos) {
    for (const pull of one.pulls) {
      if (pull.state === 'open' && pull.head.repo === repo && pull.head.ref === branch)
        Object.assign(pull, { state: 'closed', closedAt: now() });
    }
  }
  return true;
}

export const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

/** Commits that `to` has and `from` has not, oldest first. */
export const between = (repo: StoredRepo, from: string, to: string): StoredCommit[] =>
  line(git(repo, ['rev-list', '--reverse', '--topo-order', `${from}..${to}`]))
    .split('\n')
    .filter((sha) => sha !== '')
    .map((sha) => commit(repo, sha));

/** A person's commit. */
export function push(store: Store, repo: StoredRepo, branch: string, files: Files): string {
  const parent = head(repo, branch) ?? head(repo, 'main');
  const written = Object.entries(files).map(([path, text]) => ({
    path,
    mode: text.startsWith('#!') ? '100755' : '100644',
    sha: writeBlob(repo, Buffer.from(text)),
  }));
  const tree = writeTree(repo, parent, written);
  const sha = writeCommit(repo, { tree, parents: parent === undefined ? [] : [parent], message: 'by hand' });
  setBranch(store, repo, branch, sha, head(repo, branch));
  return sha;
}

/** The objects of a fork's branch, for the repository that it was forked from. */
export function fetchHead(repo: StoredRepo, from: StoredRepo, branch: string): void {
  if (repo !== from) git(repo, ['fetch', '-q', '--no-tags', from.dir, `refs/heads/${branch}`]);
}

/** The tree of the merge; undefined: it conflicts. */
export function mergedTree(repo: StoredRepo, base: string, other: string): string | undefined {
  return orNone(() => line(git(repo, ['merge-tree', '--write-tree', base, other])).split('\n')[0]);
}

/** Merges an open pull request into its base; answers the commit, or undefined when it conflicts. */
export function merge(store: Store, repo: StoredRepo, pull: StoredPull, method: 'merge' | 'squash' | 'rebase'): string | undefined {
  const base = head(repo, pull.base.ref) ?? '';
  fetchHead(repo, pull.head.repo, pull.head.ref);
  const tree = mergedTree(repo, base, pull.head.sha);
  if (tree === undefined) return undefined;
  const parents = method === 'merge' ? [base, pull.head.sha] : [base];
  const sha = writeCommit(repo, { tree, parents, message: `${pull.title} (#${pull.number})` });
  setBranch(store, repo, pull.base.ref, sha, base);
  Object.assign(pull, { state: 'merged', mergeSha: sha, closedAt: now() });
  return sha;
}
