// A forge in memory: repositories, commits, pull requests, and people who push, close and merge. Every call can be made to fail.
import { createHash } from 'node:crypto';
import {
  ForgeError,
  type Commit,
  type CommitRequest,
  type Forge,
  type ForgeFeatures,
  type NewPull,
  type PullRequest,
  type RepoInfo,
  type RepoRef,
} from '../../src/forge/types.ts';

type Files = Record<string, string>;
interface Stored extends Commit {
  files: Files;
}
interface FakeRepo {
  info: RepoInfo;
  branches: Map<string, string>;
  pulls: (PullRequest & { comments: string[]; headBranch: string; headOwner: string })[];
}

export interface FakeForge extends Forge {
  repos: Map<string, FakeRepo>;
  /** Calls so far, by name. */
  calls: string[];
  /** Called before and after each call, with what it was called with; may throw or take its time. */
  hook: (name: string, when: 'before' | 'after', args: readonly unknown[]) => void | Promise<void>;
  addRepo(name: string, files: Files, more?: Partial<RepoInfo>): RepoRef;
  /** A commit by a person on a branch. */
  push(ref: RepoRef, branch: string, files: Files): string;
  /** "Update branch": merges the base into the branch. */
  updateBranch(ref: RepoRef, number: number, more?: Files): void;
  mergePull(ref: RepoRef, number: number): void;
  closePull(ref: RepoRef, number: number): void;
  filesAt(ref: RepoRef, branch: string): Files;
  opened(): number;
}

const reads = new Set(['repo', 'branchHead', 'tree', 'blobs', 'commit', 'commitsBetween', 'findPulls', 'pull', 'checks', 'branches']);
export const isRead = (name: string): boolean => reads.has(name);

export function fakeForge(features: Partial<ForgeFeatures> = {}): FakeForge {
  const host = 'forge.example';
  const repos = new Map<string, FakeRepo>();
  const commits = new Map<string, Stored>();
  const blobs = new Map<string, string>();
  const calls: string[] = [];
  let serial = 0;
  const fail = (kind: ConstructorParameters<typeof ForgeError>[0], message: string): never => {
    throw new ForgeError(kind, message, { retryable: false });
  };
  const repoOf = (ref: RepoRef): FakeRepo => repos.get(`${ref.owner}/${ref.name}`) ?? fail('not-found', `${ref.owner}/${ref.name}`);
  const blobId = (text: string): string => {
    const sha = createHash('sha1')
      .update(`blob ${Buffer.byteLength(text)}\0${text}`)
      .digest('hex');
    blobs.set(sha, text);
    return sha;
  };
  const commit = (files: Files, parents: string[], message: string): string => {
    serial += 1;
    const sha = createHash('sha1')
      .update(`${serial} ${message} ${JSON.stringify(files)}`)
      .digest('hex');
    commits.set(sha, { sha, parents, tree: undefined, message, author: undefined, files });
    return sha;
  };
  const stored = (sha: string): Stored => commits.get(sha) ?? fail('not-found', sha);
  const ancestors = (sha: string): Set<string> => {
    const found = new Set<string>();
    const queue = [sha];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      queue.push(...(commits.get(at)?.parents ?? []));
    }
    return found;
  };
  const mergeBase = (a: string, b: string): string | undefined => {
    const known = ancestors(a);
    // Breadth first from b.
    const queue = [b];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      if (known.has(at)) return at;
      queue.push(...(commits.get(at)?.parents ?? []));
    }
    return undefined;
  };
  const changesFrom = (from: Files, to: Files): Map<string, string | undefined> =>
    new Map(
      [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((path) => from[path] !== to[path]).map((path) => [path, to[path]]),
    );
  const conflicts = (base: string, head: string): boolean => {
    const root = stored(mergeBase(base, head) ?? base).files;
    const [ours, theirs] = [changesFrom(root, stored(head).files), changesFrom(root, stored(base).files)];
    return [...ours].some(([path, text]) => theirs.has(path) && theirs.get(path) !== text);
  };
  const merged = (base: string, head: string): Files => {
    const root = stored(mergeBase(base, head) ?? base).files;
    const files: Files = { ...stored(base).files };
    for (const [path, text] of changesFrom(root, stored(head).files)) {
      if (text === undefined) delete files[path];
      else files[path] = text;
    }
    return files;
  };
  const headOf = (ref: RepoRef, pull: FakeRepo['pulls'][number]): string =>
    repos.get(`${pull.headOwner}/${pull.head.repo?.name ?? ref.name}`)?.branches.get(pull.headBranch) ?? pull.head.sha;
  const view = (ref: RepoRef, pull: FakeRepo['pulls'][number]): PullRequest => {
    const { comments: _, headBranch: __, headOwner: ___, ...told } = pull;
    const base = repoOf(ref).branches.get(pull.base.ref) ?? pull.base.sha;
    const head = pull.state === 'open' ? headOf(ref, pull) : pull.head.sha;
    const mergeable = pull.state !== 'open' ? 'unknown' : conflicts(base, head) ? 'no' : 'yes';
    return { ...told, head: { ...pull.head, sha: head }, base: { ...pull.base, sha: base }, mergeable };
  };
  const pullAt = (ref: RepoRef, number: number): FakeRepo['pulls'][number] =>
    repoOf(ref).pulls.find((pull) => pull.number === number) ?? fail('not-found', `pull ${number}`);

  const methods = {
    actor: async () => 'bot',
    repo: async (ref: RepoRef) => repoOf(ref).info,
    branchHead: async (ref: RepoRef, branch: string) => {
      const repo = repoOf(ref);
      if (repo.info.empty) fail('empty', 'no commits');
      return repo.branches.get(branch);
    },
    branches: async (ref: RepoRef) => [...repoOf(ref).branches].map(([name, sha]) => ({ name, sha })),
    tree: async (_: RepoRef, sha: string) => ({
      sha,
      truncated: false,
      entries: Object.entries(stored(sha).files).map(([path, text]) => ({
        path,
        mode: '100644' as const,
        sha: blobId(text),
        size: Buffer.byteLength(text),
      })),
    }),
    blob: async (_: RepoRef, sha: string) => Buffer.from(blobs.get(sha) ?? fail('not-found', sha)),
    blobs: async (_: RepoRef, shas: readonly string[]) => shas.map((sha) => Buffer.from(blobs.get(sha) ?? fail('not-found', sha))),
    commit: async (_: RepoRef, sha: string) => stored(sha),
    commitFiles: async (ref: RepoRef, request: CommitRequest): Promise<Commit> => {
      const repo = repoOf(ref);
      if (repo.info.archived) fail('archived', 'is archived');
      const now = repo.branches.get(request.branch);
      if (now !== (request.expect === 'absent' ? undefined : request.expect))
        fail('conflict', `${request.branch} is not at ${request.expect}`);
      const files = { ...stored(request.parent).files };
      for (const file of request.files) files[file.path] = Buffer.from(file.content).toString('utf8');
      const sha = commit(files, [request.parent], request.message);
      repo.branches.set(request.branch, sha);
      return stored(sha);
    },
    commitsBetween: async (_: RepoRef, base: string, head: string) => {
      const known = ancestors(base);
      return [...ancestors(head)]
        .filter((sha) => !known.has(sha))
        .map(stored)
        .reverse();
    },
    deleteBranch: async (ref: RepoRef, branch: string) => void repoOf(ref).branches.delete(branch),
    findPulls: async (ref: RepoRef, head: { ref: string; repo: RepoRef }, base: string) =>
      repoOf(ref)
        .pulls.filter((pull) => pull.headBranch === head.ref && pull.headOwner === head.repo.owner && pull.base.ref === base)
        .map((pull) => view(ref, pull))
        .reverse(),
    pull: async (ref: RepoRef, number: number) => view(ref, pullAt(ref, number)),
    createPull: async (ref: RepoRef, wanted: NewPull) => {
      const repo = repoOf(ref);
      const from = repoOf(wanted.head.repo);
      const sha = from.branches.get(wanted.head.ref) ?? fail('unprocessable', 'no such head');
      if (
        repo.pulls.some((pull) => pull.state === 'open' && pull.headBranch === wanted.head.ref && pull.headOwner === wanted.head.repo.owner)
      )
        fail('already-exists', 'there is one');
      const number = repo.pulls.length + 1;
      repo.pulls.push({
        number,
        url: `https://${host}/${ref.owner}/${ref.name}/pulls/${number}`,
        state: 'open',
        draft: wanted.draft,
        head: { ref: wanted.head.ref, sha, repo: wanted.head.repo },
        base: { ref: wanted.base, sha: repo.branches.get(wanted.base) ?? '' },
        title: wanted.title,
        body: wanted.body,
        labels: wanted.labels.filter((label) => label !== 'missing'),
        mergeable: 'yes',
        locked: false,
        mergedAt: undefined,
        closedAt: undefined,
        closedBy: undefined,
        mergeSha: undefined,
        review: 'none',
        comments: [],
        headBranch: wanted.head.ref,
        headOwner: wanted.head.repo.owner,
      });
      return { pull: view(ref, pullAt(ref, number)), warnings: wanted.labels.includes('missing') ? ['label missing does not exist'] : [] };
    },
    updatePull: async (ref: RepoRef, number: number, patch: { title?: string; body?: string; state?: 'open' | 'closed' }) => {
      const pull = pullAt(ref, number);
      if (patch.state === 'closed') pull.head = { ...pull.head, sha: headOf(ref, pull) };
      Object.assign(pull, patch);
      return view(ref, pull);
    },
    comment: async (ref: RepoRef, number: number, body: string) => void pullAt(ref, number).comments.push(body),
    decorate: async () => [],
    merge: async (ref: RepoRef, number: number, how: { head: string }) => {
      const pull = pullAt(ref, number);
      if (headOf(ref, pull) !== how.head) fail('conflict', 'head moved');
      fake.mergePull(ref, number);
    },
    autoMerge: async (ref: RepoRef, number: number) => {
      if (repoOf(ref).info.topics.includes('nothing-required')) fail('unprocessable', 'nothing is required');
      pullAt(ref, number).comments.push('auto-merge is on');
    },
    checks: async () => ({ state: 'none' as const, pending: 0, failed: [] }),
    fork: async (ref: RepoRef, owner: string | undefined) => {
      const origin = repoOf(ref);
      const name = `${owner ?? 'bot'}/${ref.name}`;
      const fork = repos.get(name) ?? {
        info: { ...origin.info, owner: owner ?? 'bot', fork: true, canPush: true, parent: ref },
        branches: new Map(origin.branches),
        pulls: [],
      };
      repos.set(name, fork);
      return fork.info;
    },
    deleteRepo: async (ref: RepoRef) => void repos.delete(`${ref.owner}/${ref.name}`),
  };

  const counted = Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      async (...args: unknown[]) => {
        await fake.hook(name, 'before', args);
        calls.push(name);
        const answer = await (method as (...args: unknown[]) => Promise<unknown>)(...args);
        await fake.hook(name, 'after', args);
        return answer;
      },
    ]),
  ) as unknown as typeof methods;

  const fake: FakeForge = {
    kind: 'gitea',
    host,
    bodyLimit: 65_000,
    features: { moveBranch: true, lease: true, signs: false, ...features },
    ...counted,
    async *listRepos() {
      for (const { info } of repos.values()) yield info;
    },
    repos,
    calls,
    hook: () => undefined,
    addRepo(name, files, more = {}) {
      const ref = { host, owner: 'acme', name };
      const isEmpty = more.empty === true;
      const branches = new Map<string, string>(isEmpty ? [] : [['main', commit(files, [], 'first')]]);
      repos.set(`acme/${name}`, {
        info: {
          ...ref,
          id: String(repos.size + 1),
          defaultBranch: isEmpty ? undefined : 'main',
          archived: false,
          disabled: false,
          fork: false,
          empty: isEmpty,
          visibility: 'private',
          sizeKb: 10,
          pushedAt: undefined,
          topics: [],
          cloneUrl: `https://${host}/acme/${name}.git`,
          webUrl: `https://${host}/acme/${name}`,
          canPush: true,
          parent: undefined,
          ...more,
        },
        branches,
        pulls: [],
      });
      return ref;
    },
    push(ref, branch, files) {
      const repo = repoOf(ref);
      const parent = repo.branches.get(branch) ?? '';
      const sha = commit({ ...stored(parent).files, ...files }, [parent], 'by a person');
      repo.branches.set(branch, sha);
      return sha;
    },
    updateBranch(ref, number, more = {}) {
      const pull = pullAt(ref, number);
      const base = repoOf(ref).branches.get(pull.base.ref) ?? '';
      const head = headOf(ref, pull);
      repoOf(ref).branches.set(
        pull.headBranch,
        commit({ ...merged(base, head), ...more }, [head, base], `Merge branch '${pull.base.ref}'`),
      );
    },
    mergePull(ref, number) {
      const pull = pullAt(ref, number);
      const repo = repoOf(ref);
      const base = repo.branches.get(pull.base.ref) ?? '';
      const head = headOf(ref, pull);
      const sha = commit(merged(base, head), [base, head], 'Merge');
      repo.branches.set(pull.base.ref, sha);
      pull.head = { ...pull.head, sha: head };
      Object.assign(pull, { state: 'merged', mergeSha: sha });
    },
    closePull(ref, number) {
      const pull = pullAt(ref, number);
      pull.head = { ...pull.head, sha: headOf(ref, pull) };
      pull.state = 'closed';
    },
    filesAt: (ref, branch) => stored(repoOf(ref).branches.get(branch) ?? '').files,
    opened: () => [...repos.values()].reduce((sum, repo) => sum + repo.pulls.length, 0),
  };
  return fake;
}
