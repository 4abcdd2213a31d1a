// What a fake forge keeps: bare git repositories on disk (real objects, refs and merges, made by git) and pull requests in memory. What git said
// of objects is kept, and refs are read as files: a campaign asks hundreds of times, and each start of git takes longer than all the rest.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
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

interface More {
  input?: string | Uint8Array;
  env?: Record<string, string>;
}

/** A refusal of git is thrown; `stderr` says why. */
export const git = (repo: StoredRepo, args: readonly string[], more: More = {}): Buffer => run('git', args, repo, more);

function run(program: string, args: readonly string[], repo: StoredRepo, more: More): Buffer {
  return execFileSync(program, args, {
    cwd: repo.dir,
    input: more.input ?? '',
    env: { PATH: process.env['PATH'], ...identity, ...more.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
}

const told = new WeakMap<StoredRepo, Map<string, Buffer>>();
const id = /^[0-9a-f]{40}(?:\^\{tree\}|\.\.[0-9a-f]{40})?$/;

/** What git says of objects: named by their ids, it is always the same, once it says something. A branch's name is asked again. */
function ofObjects(repo: StoredRepo, args: readonly string[], ...objects: readonly string[]): Buffer {
  const all = [...args, ...objects];
  if (!objects.every((one) => id.test(one))) return git(repo, all);
  const known = toldOf(repo).get(all.join(' '));
  if (known) return known;
  const answer = git(repo, all);
  toldOf(repo).set(all.join(' '), answer);
  return answer;
}
function toldOf(repo: StoredRepo): Map<string, Buffer> {
  const kept = told.get(repo) ?? new Map<string, Buffer>();
  told.set(repo, kept);
  return kept;
}
/** What was just written is there. */
function wrote(repo: StoredRepo, type: 'blob' | 'commit', sha: string): string {
  toldOf(repo).set(`cat-file -t ${sha}`, Buffer.from(type));
  return sha;
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
    execFileSync(
      'git',
      [...(parent ? ['clone', '-q', '--bare', parent.dir] : ['init', '-q', '--bare', '-b', 'main']), '--template=', dir],
      {
        stdio: 'pipe',
      },
    );
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

/** Branches by name, as git stores them: a file each, or a line in `packed-refs`. */
function branches(repo: StoredRepo): Map<string, string> {
  const packed = orNone(() => readFileSync(join(repo.dir, 'packed-refs'), 'utf8')) ?? '';
  const found = new Map<string, string>();
  for (const [, sha = '', name = ''] of packed.matchAll(/^([0-9a-f]{40}) refs\/heads\/(.+)$/gm)) found.set(name, sha);
  const heads = join(repo.dir, 'refs/heads');
  const files = orNone(() => readdirSync(heads, { recursive: true, encoding: 'utf8' })) ?? [];
  for (const name of files) {
    const sha = orNone(() => line(readFileSync(join(heads, name))));
    if (sha !== undefined) found.set(name, sha);
  }
  return found;
}

export const isEmpty = (repo: StoredRepo): boolean => branches(repo).size === 0;
export const head = (repo: StoredRepo, branch: string): string | undefined => branches(repo).get(branch);
export const hasObject = (repo: StoredRepo, sha: string, type: string): boolean =>
  /^[0-9a-f]{40}$/.test(sha) && orNone(() => line(ofObjects(repo, ['cat-file', '-t'], sha))) === type;
export const treeOf = (repo: StoredRepo, sha: string): string | undefined =>
  orNone(() => line(ofObjects(repo, ['rev-parse', '--verify', '-q'], `${sha}^{tree}`)));

export function entries(repo: StoredRepo, tree: string): Entry[] {
  return ofObjects(repo, ['ls-tree', '-r', '-t', '-l', '-z', '--full-tree'], tree)
    .toString('utf8')
    .split('\0')
    .filter((one) => one !== '')
    .map((one) => {
      const [, mode = '', type = '', sha = '', size = '', path = ''] = /^(\d+) (\w+) ([0-9a-f]+)\s+(\S+)\t([\s\S]*)$/.exec(one) ?? [];
      return { mode, type, sha, size: size === '-' ? undefined : Number(size), path };
    });
}

export const blob = (repo: StoredRepo, sha: string): Buffer => ofObjects(repo, ['cat-file', 'blob'], sha);
export function writeBlob(repo: StoredRepo, content: Uint8Array): string {
  const whole = Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]);
  const sha = createHash('sha1').update(whole).digest('hex');
  mkdirSync(join(repo.dir, 'objects', sha.slice(0, 2)), { recursive: true });
  writeFileSync(join(repo.dir, 'objects', sha.slice(0, 2), sha.slice(2)), deflateSync(whole));
  return wrote(repo, 'blob', sha);
}

export interface StoredCommit {
  sha: string;
  tree: string;
  parents: string[];
  author: { name: string; email: string; date: string };
  message: string;
}

export function commit(repo: StoredRepo, sha: string): StoredCommit {
  const [full = '', tree = '', parents = '', name = '', email = '', date = '', ...rest] = ofObjects(
    repo,
    ['show', '-s', '--format=%H%n%T%n%P%n%an%n%ae%n%aI%n%B'],
    sha,
  )
    .toString('utf8')
    .split('\n');
  return {
    sha: full,
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
  const input = files.map(({ path, mode, sha }) => `${mode} ${sha}\t${path}\0`).join('');
  const script = 'git read-tree "$1" && git update-index -z --index-info && git write-tree';
  return line(run('sh', ['-c', script, 'sh', base ?? '--empty'], repo, { env, input }));
}

export function writeCommit(
  repo: StoredRepo,
  made: { tree: string; parents: readonly string[]; message: string; author?: { name: string; email: string } | undefined },
): string {
  const env: Record<string, string> = made.author ? { GIT_AUTHOR_NAME: made.author.name, GIT_AUTHOR_EMAIL: made.author.email } : {};
  const args = ['commit-tree', made.tree, ...made.parents.flatMap((parent) => ['-p', parent])];
  return wrote(repo, 'commit', line(git(repo, args, { input: made.message, env })));
}

export const heads = (repo: StoredRepo): { name: string; sha: string }[] =>
  [...branches(repo)].map(([name, sha]) => ({ name, sha })).sort((a, b) => (a.name < b.name ? -1 : 1));

/** Moves or makes a branch when it is where it should be (`undefined`: missing); false when it is not. Pull requests follow their branch. */
export function setBranch(store: Store, repo: StoredRepo, branch: string, to: string, from: string | undefined): boolean {
  const moved = orNone(() => git(repo, ['update-ref', `refs/heads/${branch}`, to, from ?? '0'.repeat(40)])) !== undefined;
  if (moved) follow(store, repo, branch, to);
  return moved;
}

function follow(store: Store, repo: StoredRepo, branch: string, to: string): void {
  for (const one of store.repos) {
    for (const pull of one.pulls) if (pull.state === 'open' && pull.head.repo === repo && pull.head.ref === branch) pull.head.sha = to;
  }
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
  line(ofObjects(repo, ['rev-list', '--reverse', '--topo-order'], `${from}..${to}`))
    .split('\n')
    .filter((sha) => sha !== '')
    .map((sha) => commit(repo, sha));

/** A person's commit. */
export function push(store: Store, repo: StoredRepo, branch: string, files: Files): string {
  const parent = head(repo, branch) ?? head(repo, 'main');
  const author = `${identity.GIT_AUTHOR_NAME} <${identity.GIT_AUTHOR_EMAIL}> ${Math.floor(Date.now() / 1000)} +0000`;
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const changed = Object.entries(files).map(
    ([path, text]) => `M ${text.startsWith('#!') ? '100755' : '100644'} inline ${path}\n${data(text)}`,
  );
  const from = parent === undefined ? '' : `from ${parent}\n`;
  const input = `commit refs/heads/${branch}\ncommitter ${author}\n${data('by hand')}${from}${changed.join('')}`;
  // one pack and not a second process that takes it apart
  git(repo, ['-c', 'fastimport.unpackLimit=1', 'fast-import', '--quiet'], { input });
  const sha = head(repo, branch) ?? '';
  follow(store, repo, branch, sha);
  return sha;
}

/** The objects of a fork's branch, for the repository that it was forked from. */
export function fetchHead(repo: StoredRepo, from: StoredRepo, branch: string): void {
  if (repo !== from) git(repo, ['fetch', '-q', '--no-tags', from.dir, `refs/heads/${branch}`]);
}

/** The tree of the merge; undefined: it conflicts. */
export function mergedTree(repo: StoredRepo, base: string, other: string): string | undefined {
  return orNone(() => line(ofObjects(repo, ['merge-tree', '--write-tree'], base, other)).split('\n')[0]);
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
