// Room: bulk/. An open pull request of ours: left alone, updated in place, frozen, or closed because nothing is left.
import type { Forge, PullRequest } from '../../../forge/types.ts';
import { refOf } from '../../transport/api.ts';
import type { FrozenReason, PlannedRepo, RepoRecord } from '../../types.ts';
import { tell, type Session } from '../session.ts';
import { closePull, commentOn } from './close.ts';
import { editOf } from './identity.ts';
import { pushPlanned } from './push.ts';
import { bodyFor } from './text.ts';

export const stopLabel = 'dockerfile-mod: stop';

export type Updated = 'same' | 'updated' | 'frozen' | 'conflicted' | 'closed' | 'failed';

/** What has to be done with an open pull request, done. */
export async function updatePull(
  session: Session,
  forge: Forge,
  record: RepoRecord,
  pull: PullRequest,
  planned: PlannedRepo,
): Promise<Updated> {
  const { repo } = record;
  const { policy } = session.campaign.options;
  const asked = session.text.requests(pull.body);
  const stopped = stopOf(record, pull, asked);
  if (stopped) return freeze(session, forge, record, pull, stopped);
  const edit = await editOf(session, forge, record, pull);
  if (edit.kind === 'people' && !asked.handBack) {
    if (policy.onHumanEdit === 'fail') return fail(session, repo, 'human-edited', edit.what);
    return freeze(session, forge, record, pull, { reason: 'human-edited', detail: edit.what });
  }
  if (record.state === 'frozen') await tell(session, { repo, ev: 'thawed', data: { by: asked.handBack ? 'hand-back' : 'sync' } });
  if (planned.files.length === 0) {
    if (policy.closeObsolete === 'no') return 'same';
    await closePull(session, forge, record, pull, { as: 'obsolete', reason: 'nothing is left to do', branch: 'delete' });
    return 'closed';
  }
  const marker = session.text.readMarker(pull.body);
  const pushed = record.pushedDiff ?? marker?.diffHash;
  const conflicted = pull.mergeable === 'no';
  if (conflicted && policy.onConflict === 'freeze' && !asked.rebase) {
    await tell(session, {
      repo,
      ev: 'observed',
      data: { state: 'conflicted', pull: { number: pull.number, url: pull.url, state: 'open' } },
    });
    return 'conflicted';
  }
  const differs = pushed !== planned.diffHash;
  const isNewSpec = marker?.specHash !== session.campaign.specHash || marker?.toolVersion !== session.campaign.toolVersion;
  if (!differs && !conflicted && !asked.rebase && !asked.handBack && !isNewSpec) {
    if (record.state !== 'open') await tell(session, { repo, ev: 'observed', data: observedOpen(pull) });
    return 'same';
  }
  if (policy.onExisting === 'skip') return 'same';
  if (policy.onExisting === 'fail') return fail(session, repo, 'already-exists', `pull request ${pull.number} is open`);
  return put(session, forge, record, pull, planned, { push: differs || conflicted || asked.rebase || asked.handBack ? 'yes' : 'no' });
}

const observedOpen = ({ number, url }: PullRequest): { state: 'open'; pull: { number: number; url: string; state: 'open' } } => ({
  state: 'open',
  pull: { number, url, state: 'open' },
});

/** Pushes with a lease on the head that was looked at, then the text, unless people changed that. */
async function put(
  session: Session,
  forge: Forge,
  record: RepoRecord,
  pull: PullRequest,
  planned: PlannedRepo,
  { push }: { push: 'yes' | 'no' },
): Promise<Updated> {
  const { repo } = record;
  const marker = session.text.readMarker(pull.body);
  let pushed: { head: string; base?: string } = { head: pull.head.sha, ...(marker ? { base: marker.base } : {}) };
  if (push === 'yes') {
    const message = await bodyFor(session, planned, { head: undefined });
    pushed = { head: await pushPlanned(session, record, planned, { expect: pull.head.sha, body: message }) };
  }
  const next = await bodyFor(session, planned, pushed);
  const current = { title: pull.title, body: pull.body };
  const merged = session.text.merge(current, next) ?? session.text.mark(current, next);
  if (merged.body !== pull.body || merged.title !== pull.title) {
    await tell(session, { repo, ev: 'update.intent', data: { number: pull.number, bodyHash: next.bodyHash } });
    await forge.updatePull(refOf(record), pull.number, merged);
    await tell(session, { repo, ev: 'update.done', data: { number: pull.number, bodyHash: next.bodyHash } });
  } else await tell(session, { repo, ev: 'observed', data: observedOpen(pull) });
  return 'updated';
}

interface Stop {
  reason: FrozenReason;
  detail?: string;
}

function stopOf(record: RepoRecord, pull: PullRequest, asked: { stop: boolean }): Stop | undefined {
  if (pull.locked) return { reason: 'locked' };
  if (asked.stop || pull.labels.includes(stopLabel)) return { reason: 'stop-label' };
  if (record.base && pull.base.ref !== record.base.branch) return { reason: 'base-changed', detail: pull.base.ref };
  return undefined;
}

/** Frozen once, with one comment; who froze it by label or lock knows. */
async function freeze(session: Session, forge: Forge, record: RepoRecord, pull: PullRequest, stop: Stop): Promise<'frozen'> {
  const reason = stop.detail === undefined ? stop.reason : `${stop.reason}: ${stop.detail}`;
  if (record.state === 'frozen' && record.reason?.startsWith(stop.reason)) return 'frozen';
  await tell(session, { repo: record.repo, ev: 'frozen', data: stop });
  if (stop.reason === 'human-edited') {
    const words = `This branch has changes that dockerfile-mod did not make (${reason.slice(reason.indexOf(':') + 2)}), so it is left alone from now on.\n\nTo have it updated again, tick the hand-back box in the description: what was changed on the branch is replaced then.`;
    await commentOn(session, forge, record, pull, { about: 'frozen', words });
  }
  return 'frozen';
}

async function fail(session: Session, repo: string, kind: string, message: string): Promise<'failed'> {
  await tell(session, { repo, ev: 'failed', data: { failure: { kind, message, retryable: false }, attempt: 1 } });
  return 'failed';
}
