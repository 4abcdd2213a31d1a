// Room: bulk/. Closes a pull request of ours with a word, and takes the branch away if it is still ours.
import type { Forge, PullRequest } from '../../../forge/types.ts';
import { refOf } from '../../transport/api.ts';
import type { EventData, RepoRecord } from '../../types.ts';
import { tell, type Session } from '../session.ts';
import { headRepoOf, knownHeads } from './identity.ts';

export interface Closing {
  as: EventData['close.intent']['as'];
  reason: string;
  branch: 'delete' | 'keep';
}

/** Comment, close, delete the branch when nobody else pushed to it. */
export async function closePull(session: Session, forge: Forge, record: RepoRecord, pull: PullRequest, closing: Closing): Promise<void> {
  const { as, reason, branch } = closing;
  const data = { number: pull.number, as, reason };
  await commentOn(session, forge, record, pull, { about: as, words: `dockerfile-mod closes this pull request: ${reason}.` });
  await tell(session, { repo: record.repo, ev: 'close.intent', data });
  await forge.updatePull(refOf(record), pull.number, { state: 'closed' });
  await tell(session, { repo: record.repo, ev: 'close.done', data });
  const isOurs = knownHeads(session, record, pull).has(pull.head.sha);
  if (branch === 'delete' && isOurs && (await forge.branchHead(headRepoOf(record), session.campaign.options.pull.branch)) === pull.head.sha)
    await forge.deleteBranch(headRepoOf(record), session.campaign.options.pull.branch);
}

/** One comment. Killed between intent and done, it counts as written: rather none than two. */
export async function commentOn(
  session: Session,
  forge: Forge,
  record: RepoRecord,
  pull: PullRequest,
  { about, words }: { about: string; words: string },
): Promise<void> {
  const data = { number: pull.number, about };
  await tell(session, { repo: record.repo, ev: 'comment.intent', data });
  await forge.comment(refOf(record), pull.number, words);
  await tell(session, { repo: record.repo, ev: 'comment.done', data });
}
