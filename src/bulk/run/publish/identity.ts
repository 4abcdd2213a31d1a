// Room: bulk/. Whose branch and whose pull request is this: decided by commits that we made, never by names or mail addresses.
import type { Commit, Forge, PullRequest, RepoRef } from '../../../forge/types.ts';
import { blobIdOf } from '../../plan/digest.ts';
import { refOf } from '../../transport/api.ts';
import type { Place } from '../../transport/types.ts';
import type { PlannedFile, PlannedRepo, RepoRecord } from '../../types.ts';
import type { Session } from '../session.ts';

/** Last line of our commits. Anyone can write it: it never decides alone. */
export const trailerOf = (campaign: string): string => `Dockerfile-Mod-Campaign: ${campaign}`;

/** The repository of our branch: the repository itself, or the fork. */
export const headRepoOf = (record: RepoRecord): RepoRef => record.headRepo ?? refOf(record);

export type Existing =
  | { kind: 'none' }
  | { kind: 'ours'; pull: PullRequest }
  /** Somebody else's pull request from a branch of our name. */
  | { kind: 'foreign'; pull: PullRequest };

/** Our pull request: by the journal's number, else from our branch in any state, newest first, by marker or by a head that we pushed. */
export async function findExisting(session: Session, forge: Forge, record: RepoRecord): Promise<Existing> {
  const ref = refOf(record);
  if (record.pull) return { kind: 'ours', pull: await forge.pull(ref, record.pull.number) };
  const head = { ref: session.campaign.options.pull.branch, repo: headRepoOf(record) };
  const pulls = await forge.findPulls(ref, head, record.base?.branch ?? '');
  const ours = pulls.find((pull) => isOurs(session, record, pull));
  // Mergeability and reviews are told for one pull request alone.
  if (ours) return { kind: 'ours', pull: ours.state === 'open' ? await forge.pull(ref, ours.number) : ours };
  const open = pulls.find((pull) => pull.state === 'open');
  return open ? { kind: 'foreign', pull: open } : { kind: 'none' };
}

function isOurs({ campaign, text }: Session, record: RepoRecord, pull: PullRequest): boolean {
  if (record.heads.includes(pull.head.sha)) return true;
  return text.readMarker(pull.body)?.campaign === campaign.options.id;
}

/** Heads that we pushed: the journal's, and (for `pr`, which has none) the marker's. */
export function knownHeads({ text, campaign }: Session, record: RepoRecord, pull: PullRequest | undefined): Set<string> {
  const marker = pull ? text.readMarker(pull.body) : undefined;
  return new Set([...record.heads, ...(marker?.campaign === campaign.options.id && marker.head !== undefined ? [marker.head] : [])]);
}

export type Edit = { kind: 'none' } | { kind: 'update-branch'; head: string } | { kind: 'people'; what: string };

/**
 * Did a person change the branch? The head is one that we pushed: no. Otherwise every commit that the base has not must be ours, or a
 * merge of the base made by the forge's "update branch", whose tree is the base's with our files: anything else is a person's work.
 */
export async function editOf(session: Session, forge: Forge, record: RepoRecord, pull: PullRequest): Promise<Edit> {
  const known = knownHeads(session, record, pull);
  if (known.has(pull.head.sha)) return { kind: 'none' };
  const repo = headRepoOf(record);
  const commits = await forge.commitsBetween(repo, pull.base.sha, pull.head.sha);
  const foreign = commits.filter((commit) => !known.has(commit.sha));
  const planned = session.store.readPlan(record.repo);
  for (const commit of foreign) {
    if (!(await isUpdateOfBranch(forge, repo, commit, planned))) return { kind: 'people', what: `commit ${commit.sha.slice(0, 12)}` };
  }
  return foreign.length > 0 ? { kind: 'update-branch', head: pull.head.sha } : { kind: 'people', what: 'the branch was moved' };
}

async function isUpdateOfBranch(forge: Forge, repo: RepoRef, commit: Commit, planned: PlannedRepo | undefined): Promise<boolean> {
  const [, base] = commit.parents;
  if (commit.parents.length !== 2 || base === undefined || !planned) return false;
  const [merged, before] = [await forge.tree(repo, commit.sha), await forge.tree(repo, base)];
  if (merged.truncated || before.truncated) return false;
  const ours = new Map(planned.files.map((file) => [file.path, blobIdOf(file.after)]));
  const others = (entries: typeof merged.entries): string[] =>
    entries.filter(({ path, mode }) => mode !== '040000' && !ours.has(path)).map(({ path, mode, sha }) => `${mode} ${sha} ${path}`);
  const own = new Map(merged.entries.map(({ path, sha }) => [path, sha]));
  return [...ours].every(([path, sha]) => own.get(path) === sha) && sameLists(others(merged.entries), others(before.entries));
}

const sameLists = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && [...a].sort().join('\0') === [...b].sort().join('\0');

/** A branch that a killed run left: one commit on top of the base, with our last line, that holds what the plan holds. */
export async function isOurLeftover(session: Session, forge: Forge, record: RepoRecord, head: string): Promise<boolean> {
  const planned = session.store.readPlan(record.repo);
  if (!planned) return false;
  const repo = headRepoOf(record);
  const commit = await forge.commit(repo, head);
  if (commit.parents.length !== 1 || !commit.message.trimEnd().endsWith(trailerOf(session.campaign.options.id))) return false;
  const tree = await forge.tree(repo, head);
  const own = new Map(tree.entries.map(({ path, sha }) => [path, sha]));
  return planned.files.every((file: PlannedFile) => own.get(file.path) === blobIdOf(file.after));
}

/**
 * Head of a branch, also of one that the forge does not list: a Gitea whose client was killed while it wrote keeps the branch in git and
 * not in its database (measured on 1.26.0), so git is asked where the API says that there is none.
 */
export async function branchHeadOf({ transport, fallback }: Session, place: Place, branch: string): Promise<string | undefined> {
  return (await transport.head(place, branch))?.sha ?? (await fallback?.head(place, branch))?.sha;
}
