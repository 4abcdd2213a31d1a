// Room: forge/. GitHub: repositories, heads of branches, trees, blobs, forks.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { objectId, told } from '../address.ts';
import { unless } from '../ask.ts';
import { decoded, encodedLimit, inOrder, tooLarge } from '../blob.ts';
import type { RepoInfo, RepoRef, Tree } from '../types.ts';
import { ForgeError } from '../types.ts';
import { data, graphql, named } from './api.ts';
import type { GitHubApi } from './api.ts';
import { blobShape, refShape, repoInfo, repoShape, treeShape } from './shapes.ts';

/** A repository; `nodeId` is what GraphQL calls it. */
export async function repoWithNode(api: GitHubApi, ref: RepoRef): Promise<{ info: RepoInfo; nodeId: string }> {
  const octokit = await api.octokit();
  const found = await data(repoShape, octokit.request('GET /repos/{owner}/{repo}', { ...named(ref), request: api.as({}) }));
  return { info: repoInfo(api.host, found), nodeId: found.node_id };
}

export async function repo(api: GitHubApi, ref: RepoRef): Promise<RepoInfo> {
  const { info } = await repoWithNode(api, ref);
  // Size 0 is also said of small ones with commits (it is in KB), so it is asked.
  if (info.sizeKb !== 0 || info.defaultBranch === undefined) return info;
  const none = await unless(
    'empty',
    branchHead(api, info, info.defaultBranch).then(() => true),
  );
  return none === undefined ? { ...info, empty: true, defaultBranch: undefined } : info;
}

export async function branchHead(api: GitHubApi, ref: RepoRef, branch: string): Promise<string | undefined> {
  const octokit = await api.octokit();
  const asked = { ...named(ref), ref: `heads/${branch}`, request: api.as({}) };
  const found = await unless('not-found', data(refShape, octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', asked)));
  if (found) return found.object.sha;
  await repoWithNode(api, ref); // A missing repository answers the same: that one is an error.
  return undefined;
}

export async function tree(api: GitHubApi, ref: RepoRef, commit: string): Promise<Tree> {
  const octokit = await api.octokit();
  const asked = { ...named(ref), tree_sha: objectId(commit), recursive: '1', request: api.as({}) };
  const found = await data(treeShape, octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', asked));
  const entries = found.tree.map((entry) => ({ ...entry, size: entry.mode.startsWith('100') ? (entry.size ?? undefined) : undefined }));
  return { sha: found.sha, entries, truncated: found.truncated };
}

export async function blob(api: GitHubApi, ref: RepoRef, sha: string, maxBytes: number): Promise<Uint8Array> {
  const octokit = await api.octokit();
  const asked = { ...named(ref), file_sha: objectId(sha), request: api.as({ maxBytes: encodedLimit(maxBytes) }) };
  const found = await data(blobShape, octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', asked));
  return decoded({ content: found.content, size: found.size ?? undefined }, sha, maxBytes);
}

/** A query with more objects takes GitHub long; node limits are far above. */
const batch = 40;

const blobsShape = z.object({
  repository: z
    .record(
      z.string(),
      z.object({ byteSize: z.number().nullish(), text: z.string().nullish(), isTruncated: z.boolean().nullish() }).nullable(),
    )
    .nullable(),
});

/** One GraphQL query for 40 blobs. What GraphQL cannot give exactly (binary, cut, not UTF-8) comes one by one by REST. */
export async function blobs(api: GitHubApi, ref: RepoRef, shas: readonly string[], maxBytes: number): Promise<Uint8Array[]> {
  if (shas.length === 1 && shas[0] !== undefined) return [await blob(api, ref, shas[0], maxBytes)];
  const found = new Map<string, Uint8Array>();
  const distinct = [...new Set(shas.map(objectId))];
  for (let from = 0; from < distinct.length; from += batch) {
    for (const [sha, bytes] of await batchOf(api, ref, distinct.slice(from, from + batch), maxBytes)) found.set(sha, bytes);
  }
  const missing = distinct.filter((sha) => !found.has(sha));
  for (const [index, bytes] of (await inOrder(missing, 4, (sha) => blob(api, ref, sha, maxBytes))).entries())
    found.set(missing[index] ?? '', bytes);
  return shas.map((sha) => found.get(sha) ?? new Uint8Array());
}

async function batchOf(api: GitHubApi, ref: RepoRef, shas: readonly string[], maxBytes: number): Promise<[string, Uint8Array][]> {
  const { owner, repo: name } = named(ref);
  const fields = shas.map((_, index) => `b${index}: object(oid: $o${index}) { ... on Blob { byteSize text isTruncated } }`);
  const query = `query Blobs($owner: String!, $name: String!, ${shas.map((_, index) => `$o${index}: GitObjectID!`).join(', ')}) {
    repository(owner: $owner, name: $name) { ${fields.join('\n')} }
  }`;
  const variables = { owner, name, ...Object.fromEntries(shas.map((sha, index) => [`o${index}`, sha])) };
  // A text is escaped in JSON: six characters for one byte at worst.
  const { repository } = await graphql(api, blobsShape, {
    query,
    variables,
    kind: 'read',
    maxBytes: Math.min(shas.length * maxBytes * 6, 256 * 1024 * 1024),
  });
  return shas.flatMap((sha, index): [string, Uint8Array][] => {
    const one = repository?.[`b${index}`];
    if (!one) return [];
    if ((one.byteSize ?? 0) > maxBytes) throw tooLarge(sha, maxBytes);
    if (typeof one.text !== 'string' || one.isTruncated) return [];
    const bytes = Buffer.from(one.text, 'utf8');
    return isBlob(bytes, sha) ? [[sha, bytes]] : [];
  });
}

/** Whether these bytes are the blob of this id: text went through a decoder on the way. */
function isBlob(bytes: Uint8Array, sha: string): boolean {
  return (
    createHash(sha.length === 40 ? 'sha1' : 'sha256')
      .update(`blob ${bytes.byteLength}\0`)
      .update(bytes)
      .digest('hex') === sha
  );
}

const forkWaits = [500, 1000, 2000, 4000, 8000, 16_000];

/** Forking answers 202 before the fork is there: it is asked for until its default branch answers. An existing fork is answered again. */
export async function fork(api: GitHubApi, ref: RepoRef, owner: string | undefined): Promise<RepoInfo> {
  const { clock, signal } = api.connection;
  const origin = await repo(api, ref);
  if (origin.fork) throw new ForgeError('unprocessable', `${told(ref)} is a fork itself`, { retryable: false });
  const octokit = await api.octokit();
  const asked = { ...named(ref), ...(owner === undefined ? {} : { organization: owner }), request: api.as({}) };
  const made = repoInfo(api.host, await data(repoShape, octokit.request('POST /repos/{owner}/{repo}/forks', asked)));
  for (const wait of [...forkWaits, undefined]) {
    const seen = await unless('not-found', repo(api, made));
    const head = seen?.defaultBranch === undefined ? undefined : await unless('empty', branchHead(api, seen, seen.defaultBranch));
    if (seen && head !== undefined) return seen;
    if (wait !== undefined) await clock.sleep(wait, signal);
  }
  throw new ForgeError('timeout', `${told(ref)}: its fork does not answer yet`, { retryable: true });
}

export async function deleteRepo(api: GitHubApi, ref: RepoRef): Promise<void> {
  const octokit = await api.octokit();
  await data(z.unknown(), octokit.request('DELETE /repos/{owner}/{repo}', { ...named(ref), request: api.as({}) }));
}
