// Room: bulk/. An intent without its done: the forge is asked what became of it; nothing is repeated blindly.
import type { Forge } from '../../../forge/types.ts';
import { refOf } from '../../transport/api.ts';
import type { EventData, RepoKey, RepoRecord } from '../../types.ts';
import { recordOf, tell, type Session } from '../session.ts';
import { branchHeadOf, findExisting, headRepoOf, isOurLeftover } from './identity.ts';

/** Settles what a killed run left open for a repository. Nothing is written to the forge. */
export async function settlePending(session: Session, repo: RepoKey): Promise<void> {
  const record = recordOf(session, repo);
  const { pending } = record;
  if (!pending) return;
  const { forge } = session;
  const notDone = (): Promise<void> => tell(session, { repo, ev: 'settled', data: { intent: pending.ev, found: 'not-done' } });
  switch (pending.ev) {
    case 'push.intent':
      return settlePush(session, record, pending.data, notDone);
    case 'open.intent':
      return forge ? settleOpen(session, forge, record, notDone) : notDone();
    case 'comment.intent':
      // Rather no comment than two.
      return tell(session, { repo, ev: 'settled', data: { intent: pending.ev, found: 'done' } });
    case 'close.intent': {
      const pull = await forge?.pull(refOf(record), pending.data.number);
      return pull && pull.state !== 'open' ? tell(session, { repo, ev: 'close.done', data: pending.data }) : notDone();
    }
    case 'merge.intent': {
      const pull = await forge?.pull(refOf(record), pending.data.number);
      return pull?.state === 'merged' ? tell(session, { repo, ev: 'merge.done', data: { number: pull.number } }) : notDone();
    }
    default:
      // An update of text or a fork: done again, it is the same.
      return notDone();
  }
}

async function settlePush(
  session: Session,
  record: RepoRecord,
  intent: EventData['push.intent'],
  notDone: () => Promise<void>,
): Promise<void> {
  const { forge } = session;
  const { branch, expect, head, diffHash } = intent;
  const place = forge && record.headRepo ? { ...record, ref: record.headRepo } : record;
  const now = await branchHeadOf(session, place, branch);
  if (now === undefined || now === expect) return notDone();
  const done = now === head || (forge !== undefined && head === undefined && (await isPushed(session, forge, record, intent, now)));
  return done ? tell(session, { repo: record.repo, ev: 'push.done', data: { branch, head: now, diffHash } }) : notDone();
}

/** The API tells a commit's id only in its answer: ours is recognised by its parent, its content, and its last line. */
async function isPushed(
  session: Session,
  forge: Forge,
  record: RepoRecord,
  intent: EventData['push.intent'],
  head: string,
): Promise<boolean> {
  const commit = await forge.commit(headRepoOf(record), head);
  return commit.parents[0] === intent.parent && isOurLeftover(session, forge, record, head);
}

async function settleOpen(session: Session, forge: Forge, record: RepoRecord, notDone: () => Promise<void>): Promise<void> {
  // One that was closed before does not answer for the new one.
  const existing = await findExisting(session, forge, { ...record, pull: undefined });
  if (existing.kind !== 'ours' || existing.pull.number === record.pull?.number) return notDone();
  const { number, url, body } = existing.pull;
  const bodyHash = session.text.readMarker(body)?.bodyHash ?? '';
  await tell(session, { repo: record.repo, ev: 'open.done', data: { number, url, bodyHash, adopted: true } });
}
