// Room: forge/. Gitea: repositories, listings, trees, blobs, checks.
import { z } from 'zod';
import { below, objectId, path, told } from '../address.ts';
import { ask, read, unless } from '../ask.ts';
import type { Api } from '../ask.ts';
import { decoded, encodedLimit } from '../blob.ts';
import type { Checks, RepoInfo, RepoQuery, RepoRef, Tree, TreeEntry } from '../types.ts';
import { ForgeError } from '../types.ts';
import { blobShape, branchShape, repoInfo, repoShape, statusShape, treeShape } from './shapes.ts';

/** MAX_RESPONSE_ITEMS of app.ini is 50 by default: more are not given. */
export const pageSize = 50;
const treePage = 1000;
/** A listing beyond this is left to git. */
const mostEntries = 100_000;

export async function repo(api: Api, ref: RepoRef): Promise<RepoInfo> {
  return repoInfo(api.host, await ask(api, repoShape, { method: 'GET', path: path`/repos/${ref.owner}/${ref.name}` }));
}

/** Every page of a list, until as many came as `X-Total-Count` says or a page is empty: the server may give fewer a page than asked. */
export async function* pages<Shape extends z.ZodType>(
  api: Api,
  list: { shape: Shape; path: ReturnType<typeof path>; query: Readonly<Record<string, string | undefined>> },
): AsyncIterable<z.infer<Shape>> {
  let seen = 0;
  for (let page = 1; ; page += 1) {
    const answer = await api.door.request({ method: 'GET', path: list.path, query: { ...list.query, page, limit: pageSize } });
    const raw = answer.json as { data?: unknown } | unknown[] | undefined;
    const found = read(z.array(list.shape), (Array.isArray(raw) ? raw : raw?.data) ?? [], `GET ${list.path}`);
    yield* found;
    seen += found.length;
    const total = /^\d+$/.exec(answer.header('x-total-count') ?? '')?.[0];
    if (found.length === 0 || (total !== undefined && seen >= Number(total))) return;
  }
}

export async function* listRepos(api: Api, query: RepoQuery): AsyncIterable<RepoInfo> {
  const { owner, topic, search } = query;
  const asked = owner
    ? { path: owner.kind === 'user' ? path`/users/${owner.name}/repos` : path`/orgs/${owner.name}/repos`, query: {} }
    : {
        path: path`/repos/search`,
        query: { q: search ?? topic ?? '', topic: search === undefined && topic !== undefined ? 'true' : undefined },
      };
  for await (const found of pages(api, { shape: repoShape, ...asked })) {
    const info = repoInfo(api.host, found);
    if (topic === undefined || info.topics.includes(topic) || !owner) yield info;
  }
}

export async function branchHead(api: Api, ref: RepoRef, branch: string): Promise<string | undefined> {
  const call = { method: 'GET', path: below(path`/repos/${ref.owner}/${ref.name}/branches`, branch) } as const;
  const found = await unless('not-found', ask(api, branchShape, call));
  if (found) return found.commit.id;
  // A missing branch and an empty repository both answer 404; a missing repository is told by `repo`.
  if ((await repo(api, ref)).empty) throw empty(ref);
  return undefined;
}

export const empty = (ref: RepoRef): ForgeError => new ForgeError('empty', `${told(ref)} has no commits`, { retryable: false });

export async function tree(api: Api, ref: RepoRef, commit: string): Promise<Tree> {
  const entries: TreeEntry[] = [];
  const at = path`/repos/${ref.owner}/${ref.name}/git/trees/${objectId(commit)}`;
  for (let page = 1; ; page += 1) {
    const found = await ask(api, treeShape, { method: 'GET', path: at, query: { recursive: 'true', per_page: treePage, page } });
    const more = (found.tree ?? []).map((entry) => ({
      ...entry,
      size: entry.mode.startsWith('100') ? (entry.size ?? undefined) : undefined,
    }));
    entries.push(...more);
    const done = more.length === 0 || !found.truncated || entries.length >= (found.total_count ?? Infinity);
    if (done || entries.length > mostEntries) return { sha: found.sha, entries, truncated: !done };
  }
}

export async function blob(api: Api, ref: RepoRef, sha: string, maxBytes: number): Promise<Uint8Array> {
  const at = path`/repos/${ref.owner}/${ref.name}/git/blobs/${objectId(sha)}`;
  const found = await ask(api, blobShape, { method: 'GET', path: at, maxBytes: encodedLimit(maxBytes) });
  return decoded({ content: found.content ?? '', size: found.size ?? undefined }, sha, maxBytes);
}

/** Statuses, of Gitea Actions as well; the newest of each context. */
export async function checks(api: Api, ref: RepoRef, commit: string): Promise<Checks> {
  const at = path`/repos/${ref.owner}/${ref.name}/commits/${objectId(commit)}/status`;
  const states = new Map<string, string>();
  for (let page = 1; ; page += 1) {
    const found = await ask(api, statusShape, { method: 'GET', path: at, query: { page, limit: pageSize } });
    const statuses = found.statuses ?? [];
    for (const status of statuses) if (!states.has(status.context)) states.set(status.context, status.status ?? status.state ?? 'pending');
    if (statuses.length === 0 || states.size >= (found.total_count ?? 0)) break;
  }
  const all = [...states];
  const failed = all.filter(([, state]) => state === 'failure' || state === 'error').map(([context]) => context);
  const pending = all.filter(([, state]) => state === 'pending').length;
  const state = all.length === 0 ? 'none' : failed.length > 0 ? 'failure' : pending > 0 ? 'pending' : 'success';
  return { state, pending, failed: failed.slice(0, 20) };
}
