// Room: forge/. GitLab: projects, lists, heads of branches, trees, blobs, checks, forks.
import { z } from 'zod';
import { objectId, told } from '../address.ts';
import { unless } from '../ask.ts';
import { decoded, encodedLimit } from '../blob.ts';
import type { Checks, RepoInfo, RepoQuery, RepoRef, Tree, TreeEntry } from '../types.ts';
import { ForgeError } from '../types.ts';
import { answer, idOf, pages } from './api.ts';
import type { GitLabApi } from './api.ts';
import { blobShape, branchShape, projectShape, repoInfo, statusesShape, treeShape, usersShape } from './shapes.ts';
import type { Project } from './shapes.ts';

/** By path or by id. */
export const project = (api: GitLabApi, id: string | number): Promise<Project> =>
  answer(projectShape, api.as({}).projects.show(id), `project ${id}`);

export const repo = async (api: GitLabApi, ref: RepoRef): Promise<RepoInfo> => repoInfo(api.host, await project(api, idOf(ref)));

export async function* listRepos(api: GitLabApi, query: RepoQuery): AsyncIterable<RepoInfo> {
  const { owner, topic, search } = query;
  const list = z.array(projectShape);
  const { groups, projects, users } = api.as({});
  if (owner?.kind === 'user') {
    const found = await answer(usersShape, users.all({ username: owner.name }), `user ${owner.name}`);
    const user = found[0];
    if (!user) throw new ForgeError('not-found', `there is no user ${owner.name}`, { retryable: false });
    yield* wanted(pages(list, 'projects of a user', (page) => users.allProjects(user.id, page)));
  } else if (owner) {
    // Shared projects belong to another group: they are listed there.
    yield* wanted(
      pages(list, 'projects of a group', (page) => groups.allProjects(owner.name, { ...page, includeSubgroups: true, withShared: false })),
    );
  } else {
    const asked = {
      ...(topic === undefined ? {} : { topic }),
      ...(search === undefined ? {} : { search }),
      membership: topic === undefined && search === undefined,
    };
    yield* wanted(pages(list, 'projects', (page) => projects.all({ ...page, ...asked, orderBy: 'id', sort: 'asc' })));
  }
  async function* wanted(found: AsyncIterable<Project[]>): AsyncIterable<RepoInfo> {
    for await (const page of found) {
      for (const one of page) {
        const info = repoInfo(api.host, one);
        if (topic === undefined || !owner || info.topics.includes(topic)) yield info;
      }
    }
  }
}

export async function branchHead(api: GitLabApi, ref: RepoRef, branch: string): Promise<string | undefined> {
  const found = await unless('not-found', answer(branchShape, api.as({}).branches.show(idOf(ref), branch), `branch ${branch}`));
  if (found) return found.commit.id;
  // A missing branch, an empty repository and a missing project all answer 404.
  if ((await repo(api, ref)).empty) throw new ForgeError('empty', `${told(ref)} has no commits`, { retryable: false });
  return undefined;
}

/** 100 entries a call: a larger repository is read by git. */
const mostEntries = 10_000;

export async function tree(api: GitLabApi, ref: RepoRef, commit: string): Promise<Tree> {
  const entries: TreeEntry[] = [];
  const list = (page: { page: number; perPage: number }): Promise<unknown> =>
    api.as({}).repositories.allRepositoryTrees(idOf(ref), { ...page, ref: objectId(commit), recursive: true });
  for await (const found of pages(treeShape, 'tree', list)) {
    // Sizes are not told.
    entries.push(...found.map(({ id, path, mode }) => ({ path, mode, sha: id, size: undefined })));
    if (entries.length >= mostEntries) return { sha: commit, entries, truncated: true };
  }
  return { sha: commit, entries, truncated: false };
}

export async function blob(api: GitLabApi, ref: RepoRef, sha: string, maxBytes: number): Promise<Uint8Array> {
  const { repositories } = api.as({ maxBytes: encodedLimit(maxBytes) });
  return decoded(await answer(blobShape, repositories.showBlob(idOf(ref), objectId(sha)), `blob ${sha}`), sha, maxBytes);
}

const waiting = new Set(['created', 'waiting_for_resource', 'preparing', 'pending', 'running']);

/** Jobs and outside statuses, the newest of each name; who may fail does not count. */
export async function checks(api: GitLabApi, ref: RepoRef, commit: string): Promise<Checks> {
  const states = new Map<string, string>();
  const list = (page: { page: number; perPage: number }): Promise<unknown> =>
    api.as({}).commits.allStatuses(idOf(ref), objectId(commit), { ...page, all: false });
  for await (const found of pages(statusesShape, 'statuses', list)) {
    for (const { name, status, allow_failure: mayFail } of found) if (!mayFail) states.set(name, status);
  }
  const all = [...states];
  const pending = all.filter(([, state]) => waiting.has(state)).length;
  const failed = all.filter(([, state]) => state === 'failed' || state === 'canceled').map(([name]) => name);
  const state = all.length === 0 ? 'none' : failed.length > 0 ? 'failure' : pending > 0 ? 'pending' : 'success';
  return { state, pending, failed: failed.slice(0, 20) };
}

const forkWaits = [500, 1000, 2000, 4000, 8000, 16_000];

/** A fork is imported in the background: it is asked for until the import is done. */
export async function fork(api: GitLabApi, ref: RepoRef, to: { owner: string }): Promise<RepoInfo> {
  const { clock, signal } = api.connection;
  const origin = await project(api, idOf(ref));
  if (origin.forked_from_project) throw new ForgeError('unprocessable', `${told(ref)} is a fork itself`, { retryable: false });
  const id = (await existingFork(api, origin.id, to.owner)) ?? (await makeFork(api, origin.id, to.owner));
  for (const wait of [...forkWaits, undefined]) {
    const made = await project(api, id);
    if (made.import_status === 'failed') throw new ForgeError('unprocessable', `${told(ref)}: its fork failed`, { retryable: false });
    const info = repoInfo(api.host, made);
    const head = info.defaultBranch === undefined ? undefined : await branchHead(api, info, info.defaultBranch);
    if (head !== undefined) return info;
    if (wait !== undefined) await clock.sleep(wait, signal);
  }
  throw new ForgeError('timeout', `${told(ref)}: its fork does not answer yet`, { retryable: true });
}

async function makeFork(api: GitLabApi, id: number, namespacePath: string): Promise<number> {
  return (await answer(z.object({ id: z.number() }), api.as({}).projects.fork(id, { namespacePath }), 'fork')).id;
}

async function existingFork(api: GitLabApi, id: number, owner: string): Promise<number | undefined> {
  for await (const found of pages(z.array(projectShape), 'forks', (page) => api.as({}).projects.allForks(id, { ...page, orderBy: 'id' }))) {
    const own = found.find(
      (one) => one.path_with_namespace.slice(0, one.path_with_namespace.lastIndexOf('/')).toLowerCase() === owner.toLowerCase(),
    );
    if (own) return own.id;
  }
  return undefined;
}
