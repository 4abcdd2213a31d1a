// Room: forge/. GitLab: commits by its commits API, branches.
import { z } from 'zod';
import { objectId, told } from '../address.ts';
import { unless } from '../ask.ts';
import type { Commit, CommitRequest, FileWrite, RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';
import { answer, idOf, pages } from './api.ts';
import type { GitLabApi } from './api.ts';
import { branchHead, repo } from './repositories.ts';
import { commitOf, commitShape } from './shapes.ts';

const conflict = (text: string): ForgeError => new ForgeError('conflict', text, { retryable: false });

export const commit = async (api: GitLabApi, ref: RepoRef, sha: string): Promise<Commit> =>
  commitOf(await answer(commitShape, api.as({}).commits.show(idOf(ref), objectId(sha), { stats: false }), `commit ${sha}`));

/**
 * One call makes the commit, and the branch with it when it is new (`start_sha`). GitLab takes no expected head of a branch: it
 * is compared before, each file's last commit is checked by GitLab, and the parent is compared after.
 * A branch on another parent (`force` with `start_sha`) has no such check: somebody's push in that moment would be lost, so the
 * engine prefers git there (`features.lease`).
 */
export async function commitFiles(api: GitLabApi, ref: RepoRef, request: CommitRequest): Promise<Commit> {
  const { branch, expect, parent } = request;
  const head = await branchHead(api, ref, branch);
  if (head !== (expect === 'absent' ? undefined : expect)) throw conflict(`${told(ref)}: ${branch} is not at ${expect} any more`);
  const onTop = expect === parent;
  const actions = [];
  for (const file of request.files) actions.push(...(await actionsOf(api, ref, file, onTop ? parent : undefined)));
  const start = onTop ? {} : { startSha: objectId(parent), ...(expect === 'absent' ? {} : { force: true }) };
  const author = request.author ? { authorName: request.author.name, authorEmail: request.author.email } : {};
  const made = await orArchived(
    api,
    ref,
    answer(commitShape, api.as({}).commits.create(idOf(ref), branch, request.message, actions, { ...start, ...author }), 'commit'),
  );
  if (made.parent_ids[0] !== parent) throw conflict(`${told(ref)}: ${branch} moved while it was written`);
  return commitOf(made);
}

/** An archived project refuses with a plain 403. */
async function orArchived<T>(api: GitLabApi, ref: RepoRef, doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    if (error instanceof ForgeError && error.kind === 'forbidden' && (await repo(api, ref)).archived) {
      throw new ForgeError('archived', error.message, { status: 403, retryable: false });
    }
    throw error;
  }
}

interface Action {
  action: 'create' | 'update' | 'chmod';
  filePath: string;
  content?: string;
  encoding?: 'base64';
  lastCommitId?: string;
  execute_filemode?: boolean;
}

async function actionsOf(api: GitLabApi, ref: RepoRef, file: FileWrite, parent: string | undefined): Promise<Action[]> {
  const content = { filePath: file.path, content: Buffer.from(file.content).toString('base64'), encoding: 'base64' } as const;
  if (file.before === undefined) {
    const chmod: Action[] = file.mode === '100755' ? [{ action: 'chmod', filePath: file.path, execute_filemode: true }] : [];
    return [{ action: 'create', ...content }, ...chmod];
  }
  // An update keeps the mode.
  return [{ action: 'update', ...content, ...(parent === undefined ? {} : { lastCommitId: await lastCommit(api, ref, file, parent) }) }];
}

const fileShape = z.object({ last_commit_id: z.string(), blob_id: z.string() });

async function lastCommit(api: GitLabApi, ref: RepoRef, file: FileWrite, at: string): Promise<string> {
  const found = await answer(fileShape, api.as({}).files.show(idOf(ref), file.path, objectId(at)), `file ${file.path}`);
  if (found.blob_id !== file.before) throw conflict(`${told(ref)}: ${file.path} has changed meanwhile`);
  return found.last_commit_id;
}

const mostCommits = 250;

/** A range of revisions, newest first, so it is turned around. */
export async function commitsBetween(api: GitLabApi, ref: RepoRef, base: string, head: string): Promise<Commit[]> {
  const found: Commit[] = [];
  const range = `${objectId(base)}..${objectId(head)}`;
  const list = (page: { page: number; perPage: number }): Promise<unknown> =>
    api.as({}).commits.all(idOf(ref), { ...page, refName: range, order: 'topo' });
  for await (const some of pages(z.array(commitShape), 'commits', list)) {
    found.push(...some.map(commitOf));
    if (found.length >= mostCommits) break;
  }
  return found.slice(0, mostCommits).reverse();
}

export async function deleteBranch(api: GitLabApi, ref: RepoRef, branch: string): Promise<void> {
  await unless('not-found', api.as({}).branches.remove(idOf(ref), branch));
}
