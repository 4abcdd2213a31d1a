// Room: bulk/. Brings one repository from its plan to its pull request. Done again, it changes nothing.
import type { Forge, PullRequest } from '../../../forge/types.ts';
import type { PlannedRepo, RepoKey, RepoRecord } from '../../types.ts';
import { planRepository } from '../plan.ts';
import { recordOf, tell, type Session } from '../session.ts';
import { findExisting } from './identity.ts';
import { branchTaken, openPull } from './open.ts';
import { pushPlanned } from './push.ts';
import { settlePending } from './settle.ts';
import { bodyFor } from './text.ts';
import { updatePull, type Updated } from './update.ts';

export type Published = Updated | 'opened' | 'pushed' | 'merged' | 'declined' | 'nothing' | 'waits';

export interface Gate {
  /** Whether one more pull request may be opened now. */
  mayOpen(): Promise<'yes' | 'no'>;
  /** Only what a person approved is opened. */
  onlyApproved: 'yes' | 'no';
}

const done: ReadonlySet<RepoRecord['state']> = new Set([
  'excluded',
  'rejected',
  'merged',
  'verified',
  'regressed',
  'obsolete',
  'superseded',
  'dead',
]);

/** Settles, plans on the present base, and publishes. Throws ForgeError for what the outside does. */
export async function publishRepository(session: Session, repo: RepoKey, gate: Gate): Promise<Published> {
  await settlePending(session, repo);
  if (done.has(recordOf(session, repo).state)) return 'nothing';
  await planRepository(session, repo);
  const record = recordOf(session, repo);
  const planned = session.store.readPlan(repo);
  if (done.has(record.state) || !planned) return 'nothing';
  const { forge } = session;
  if (!forge) return pushOnly(session, record, planned, gate);
  const existing = await findExisting(session, forge, record);
  if (existing.kind === 'foreign') throw branchTaken(`pull request ${existing.pull.number} is open from it`);
  if (existing.kind === 'none') return openNew(session, forge, record, planned, gate);
  const { pull } = existing;
  await take(session, record, pull);
  if (pull.state === 'open') return updatePull(session, forge, recordOf(session, repo), pull, planned);
  if (pull.state === 'merged') return observe(session, repo, pull, 'merged');
  return afterClosed(session, forge, record, pull, planned, gate);
}

/** A pull request that the journal does not know yet: of `pr`, or of a journal that was lost. */
async function take(session: Session, record: RepoRecord, pull: PullRequest): Promise<void> {
  if (record.pull) return;
  const bodyHash = session.text.readMarker(pull.body)?.bodyHash ?? '';
  await tell(session, { repo: record.repo, ev: 'open.done', data: { number: pull.number, url: pull.url, bodyHash, adopted: true } });
}

async function openNew(session: Session, forge: Forge, record: RepoRecord, planned: PlannedRepo, gate: Gate): Promise<Published> {
  if (planned.files.length === 0) return 'nothing';
  if (gate.onlyApproved === 'yes' && record.state === 'planned') return 'waits';
  if ((await gate.mayOpen()) === 'no') return 'waits';
  await openPull(session, forge, record, planned);
  return 'opened';
}

/** Closed, and not by us: a person does not want it. Only another result may be proposed again, and only where that is allowed. */
async function afterClosed(
  session: Session,
  forge: Forge,
  record: RepoRecord,
  pull: PullRequest,
  planned: PlannedRepo,
  gate: Gate,
): Promise<Published> {
  const { repo } = record;
  const changed = (record.pushedDiff ?? session.text.readMarker(pull.body)?.diffHash) !== planned.diffHash;
  if (session.campaign.options.policy.onClosed === 'recreate-if-changed' && changed && planned.files.length > 0)
    return openNew(session, forge, record, planned, gate);
  if (record.state === 'declined') return 'declined';
  return observe(session, repo, pull, 'declined');
}

async function observe(session: Session, repo: RepoKey, pull: PullRequest, state: 'merged' | 'declined'): Promise<Published> {
  const reason = state === 'declined' ? { reason: 'closed by a person' } : {};
  const { number, url } = pull;
  await tell(session, { repo, ev: 'observed', data: { state, ...reason, pull: { number, url, state: pull.state } } });
  return state;
}

/** Platforms without a client: the branch alone, and the patch beside the journal. */
async function pushOnly(session: Session, record: RepoRecord, planned: PlannedRepo, gate: Gate): Promise<Published> {
  if (planned.files.length === 0) return 'nothing';
  if (gate.onlyApproved === 'yes' && record.state === 'planned') return 'waits';
  const { branch } = session.campaign.options.pull;
  const now = (await session.transport.head(record, branch))?.sha;
  if (now !== undefined && !record.heads.includes(now)) {
    if (record.heads.length === 0) throw branchTaken(`${branch} has commits that are not ours`);
    await tell(session, { repo: record.repo, ev: 'frozen', data: { reason: 'human-edited', detail: `head ${now.slice(0, 12)}` } });
    return 'frozen';
  }
  if (now !== undefined && record.pushedDiff === planned.diffHash) return 'same';
  if (now === undefined && record.heads.length > 0) {
    if (record.state !== 'declined')
      await tell(session, { repo: record.repo, ev: 'observed', data: { state: 'declined', reason: 'branch deleted' } });
    return 'declined';
  }
  if ((await gate.mayOpen()) === 'no') return 'waits';
  const body = await bodyFor(session, planned, { head: undefined });
  await pushPlanned(session, record, planned, { expect: now ?? 'absent', body });
  return 'pushed';
}
