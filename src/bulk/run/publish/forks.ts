// Room: bulk/. Forks that a campaign made, taken away at its end: only where nothing of anybody is lost.
import { orWarn } from '../../../forge/ask.ts';
import { ForgeError, type Forge, type RepoRef } from '../../../forge/types.ts';
import { refOf } from '../../transport/api.ts';
import type { RepoKey, RepoRecord } from '../../types.ts';
import { recordOf, tell, type Session } from '../session.ts';

/** A fork that the journal says we made, and whose pull request is over. */
export const hasOwnFork = (record: RepoRecord): boolean => record.headRepo !== undefined && record.forkMade === 'yes';

/** Whether a repository of the name that a fork gets is there already: then the fork is not ours to delete. */
export async function isForkThere(forge: Forge, origin: RepoRef, owner: string | undefined): Promise<'yes' | 'no'> {
  try {
    await forge.repo({ ...origin, owner: owner ?? (await forge.actor()) });
    return 'yes';
  } catch (error) {
    if (error instanceof ForgeError && error.kind === 'not-found') return 'no';
    throw error;
  }
}

/** Deletes the fork of a repository, or says why it stays. */
export async function deleteFork(session: Session, forge: Forge, repo: RepoKey): Promise<{ deleted: 'yes' | 'no'; warnings: string[] }> {
  const record = recordOf(session, repo);
  const { headRepo: fork } = record;
  if (!fork) return { deleted: 'no', warnings: [] };
  const name = `fork ${fork.owner}/${fork.name}`;
  if (record.forkMade !== 'yes') return { deleted: 'no', warnings: [`${name} stays: it was there before the campaign`] };
  const found = await lookAt(forge, record, fork, session.campaign.options.pull.branch);
  if (found.other !== undefined) return { deleted: 'no', warnings: [`${name} stays: ${found.other}`] };
  const refused = found.there === 'no' ? [] : await orWarn(name, () => forge.deleteRepo(fork));
  if (refused.length === 0) await tell(session, { repo, ev: 'fork.deleted', data: { repo: fork } });
  return { deleted: refused.length === 0 ? 'yes' : 'no', warnings: refused };
}

/** What of the fork is not ours and not of its origin; undefined: nothing. */
async function lookAt(
  forge: Forge,
  record: RepoRecord,
  fork: RepoRef,
  ours: string,
): Promise<{ there: 'yes' | 'no'; other: string | undefined }> {
  const origin = refOf(record);
  let info;
  try {
    info = await forge.repo(fork);
  } catch (error) {
    if (error instanceof ForgeError && error.kind === 'not-found') return { there: 'no', other: undefined };
    throw error;
  }
  const isOfOrigin =
    info.parent?.owner.toLowerCase() === origin.owner.toLowerCase() && info.parent.name.toLowerCase() === origin.name.toLowerCase();
  // Renamed, or another one has its name now.
  if (!info.fork || !isOfOrigin || info.name !== fork.name || info.owner !== fork.owner)
    return { there: 'yes', other: `it is no fork of ${origin.owner}/${origin.name} any more` };
  for (const { name, sha } of await forge.branches(fork)) {
    if (name === ours ? record.heads.includes(sha) : await isInOrigin(forge, origin, name, sha)) continue;
    return { there: 'yes', other: `its branch ${name} has commits that are not ours` };
  }
  return { there: 'yes', other: undefined };
}

/** The origin has a branch of the same name that holds the commit. */
async function isInOrigin(forge: Forge, origin: RepoRef, branch: string, sha: string): Promise<boolean> {
  try {
    const head = await forge.branchHead(origin, branch);
    if (head === undefined) return false;
    return head === sha || (await forge.commitsBetween(origin, head, sha)).length === 0;
  } catch (error) {
    if (error instanceof ForgeError && error.kind === 'not-found') return false;
    throw error;
  }
}
