// Room: forge/. Gitea: commits by the contents API, branches.
import { below, objectId, path, told } from '../address.ts';
import { ask, unless } from '../ask.ts';
import type { Api } from '../ask.ts';
import type { Commit, CommitRequest, FileWrite, RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';
import { branchHead, empty, pages, repo } from './repositories.ts';
import { branchShape, commitOf, commitShape, filesShape } from './shapes.ts';

const conflict = (text: string): ForgeError => new ForgeError('conflict', text, { retryable: false });

export async function commit(api: Api, ref: RepoRef, sha: string): Promise<Commit> {
  const at = path`/repos/${ref.owner}/${ref.name}/git/commits/${objectId(sha)}`;
  // What each file changed is not asked for: large commits would be slow.
  return commitOf(
    await ask(api, commitShape, { method: 'GET', path: at, query: { stat: 'false', verification: 'false', files: 'false' } }),
  );
}

/**
 * One call makes the commit and, for a new branch, the branch with it: no moment shows a branch without our commit. Gitea
 * takes no expected head, so the head is compared before and the parent after; each file's object id is checked by Gitea.
 */
export async function commitFiles(api: Api, ref: RepoRef, request: CommitRequest): Promise<Commit> {
  const { branch, expect, parent } = request;
  if (expect !== 'absent' && expect !== parent) {
    throw new ForgeError('unsupported', 'Gitea has no call that moves a branch to another parent: git does it', { retryable: false });
  }
  const executable = request.files.find((file) => file.before === undefined && file.mode === '100755');
  if (executable) throw new ForgeError('unsupported', `Gitea's API makes no executable files: ${executable.path}`, { retryable: false });
  const head = await branchHead(api, ref, branch);
  if (head !== (expect === 'absent' ? undefined : expect)) throw conflict(`${told(ref)}: ${branch} is not at ${expect} any more`);
  const from = expect === 'absent' ? await branchAt(api, ref, parent) : branch;
  const made = await ask(api, filesShape, {
    method: 'POST',
    path: path`/repos/${ref.owner}/${ref.name}/contents`,
    body: {
      branch: from,
      ...(from === branch ? {} : { new_branch: branch }),
      message: request.message,
      ...(request.author ? { author: request.author, committer: request.author } : {}),
      files: request.files.map(operation),
    },
  });
  const { sha, message, tree, author } = made.commit;
  const parents = (made.commit.parents ?? []).map((one) => one.sha);
  if (parents[0] !== parent) {
    // Somebody was faster between the comparison and the commit. Nothing of theirs is lost; a new branch is ours alone.
    if (expect === 'absent') await deleteBranch(api, ref, branch);
    throw conflict(`${told(ref)}: ${from} moved while ${branch} was written`);
  }
  return { sha, parents, tree: tree?.sha || undefined, message: message ?? request.message, author: author ?? undefined };
}

function operation(file: FileWrite): Record<string, string> {
  const content = Buffer.from(file.content).toString('base64');
  if (file.before === undefined) return { operation: 'create', path: file.path, content };
  return { operation: 'update', path: file.path, content, sha: objectId(file.before) };
}

/** A branch whose head is the commit: the contents API starts from branches only. The default branch in nearly all cases. */
async function branchAt(api: Api, ref: RepoRef, sha: string): Promise<string> {
  const { defaultBranch } = await repo(api, ref);
  if (defaultBranch === undefined) throw empty(ref);
  if ((await branchHead(api, ref, defaultBranch)) === sha) return defaultBranch;
  for await (const branch of pages(api, { shape: branchShape, path: path`/repos/${ref.owner}/${ref.name}/branches`, query: {} })) {
    if (branch.commit.id === sha) return branch.name;
  }
  throw conflict(`${told(ref)}: no branch is at ${sha} any more`);
}

const mostCommits = 250;

/** `not` is older than the compare endpoint's commits in Forgejo, and paged. Newest first there, so it is turned around. */
export async function commitsBetween(api: Api, ref: RepoRef, base: string, head: string): Promise<Commit[]> {
  const found: Commit[] = [];
  const query = { sha: objectId(head), not: objectId(base), stat: 'false', verification: 'false', files: 'false' };
  for await (const one of pages(api, { shape: commitShape, path: path`/repos/${ref.owner}/${ref.name}/commits`, query })) {
    found.push(commitOf(one));
    if (found.length >= mostCommits) break;
  }
  return found.reverse();
}

export async function deleteBranch(api: Api, ref: RepoRef, branch: string): Promise<void> {
  await unless('not-found', api.door.request({ method: 'DELETE', path: below(path`/repos/${ref.owner}/${ref.name}/branches`, branch) }));
}
