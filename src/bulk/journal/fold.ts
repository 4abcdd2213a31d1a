// Room: bulk/. What an event makes of a repository's record. Pure: a journal read again gives the same records.
import type { EventData, EventName, JournalEvent, RepoKey, RepoRecord } from '../types.ts';

export const newRecord = (repo: RepoKey): RepoRecord => ({
  repo,
  state: 'discovered',
  reason: undefined,
  ref: undefined,
  id: undefined,
  url: undefined,
  directory: undefined,
  base: undefined,
  planKey: undefined,
  diffHash: undefined,
  cluster: undefined,
  counts: undefined,
  headRepo: undefined,
  forkMade: undefined,
  branch: undefined,
  heads: [],
  pull: undefined,
  bodyHash: undefined,
  pushedDiff: undefined,
  gain: undefined,
  attempts: 0,
  failure: undefined,
  pending: undefined,
  warnings: [],
});

type Changes = { [Name in EventName]: (data: EventData[Name], record: RepoRecord) => Partial<RepoRecord> };

const maxHeads = 50;

/** Of the record, what each event changes. */
const changes: Changes = {
  discovered: ({ ref, id, url, directory }, old) => ({
    ref: ref ?? old.ref,
    id: id ?? old.id,
    url: url ?? old.url,
    directory: directory ?? old.directory,
  }),
  excluded: ({ reason, detail, base, planKey }, old) => ({
    state: 'excluded',
    reason: detail === undefined ? reason : `${reason}: ${detail}`,
    failure: undefined,
    base: base ?? old.base,
    planKey,
    diffHash: undefined,
  }),
  unchanged: ({ base, planKey, counts }, old) => ({
    ...planFacts(old),
    base,
    planKey,
    counts,
    state: settled(old, 'unchanged'),
    diffHash: undefined,
  }),
  refused: ({ base, planKey, counts, reason }, old) => ({
    ...planFacts(old),
    base,
    planKey,
    counts,
    state: settled(old, 'refused'),
    reason,
    diffHash: undefined,
  }),
  planned: (data, old) => {
    const same = old.diffHash === data.diffHash;
    const kept = old.pull !== undefined || (same && (old.state === 'approved' || old.state === 'rejected'));
    return { ...planFacts(old), ...data, state: kept ? old.state : 'planned', reason: kept ? old.reason : undefined };
  },
  approved: () => ({ state: 'approved', reason: undefined }),
  rejected: ({ reason }) => ({ state: 'rejected', reason }),
  'fork.intent': () => ({}),
  'fork.done': ({ repo, made }) => ({ headRepo: repo, forkMade: made ? 'yes' : undefined }),
  'fork.deleted': () => ({ headRepo: undefined, forkMade: undefined }),
  'push.intent': ({ branch }) => ({ state: 'pushing', branch }),
  'push.done': ({ branch, head, diffHash }, old) => ({
    state: old.pull ? 'open' : 'pushed',
    branch,
    heads: [...old.heads, head].slice(-maxHeads),
    pushedDiff: diffHash,
    failure: undefined,
  }),
  'open.intent': () => ({ state: 'opening' }),
  'open.done': ({ number, url, bodyHash, warnings }) => ({
    state: 'open',
    reason: undefined,
    pull: { number, url, state: 'open' },
    bodyHash,
    failure: undefined,
    warnings: warnings ?? [],
  }),
  'update.intent': () => ({ state: 'updating' }),
  'update.done': ({ bodyHash }) => ({ state: 'open', bodyHash, failure: undefined }),
  'comment.intent': () => ({}),
  'comment.done': () => ({}),
  'close.intent': () => ({}),
  'close.done': ({ as, reason }, old) => ({
    state: as === 'closed' ? 'declined' : as,
    reason,
    ...(old.pull ? { pull: { ...old.pull, state: 'closed' } } : {}),
  }),
  'merge.intent': () => ({}),
  'merge.done': (_, old) => ({ state: 'merged', ...(old.pull ? { pull: { ...old.pull, state: 'merged' } } : {}) }),
  observed: ({ state, reason, pull }, old) => ({ state, reason, pull: pull ?? old.pull, failure: undefined }),
  frozen: ({ reason, detail }) => ({ state: 'frozen', reason: detail === undefined ? reason : `${reason}: ${detail}` }),
  thawed: (_, old) => ({ state: old.pull ? 'open' : 'planned', reason: undefined }),
  verified: () => ({ state: 'verified', reason: undefined }),
  regressed: () => ({ state: 'regressed', reason: undefined }),
  failed: ({ failure, attempt }) => ({ state: 'failed', failure, reason: failure.kind, attempts: attempt }),
  settled: ({ found }, old) => (found === 'done' ? {} : { state: backFrom(old) }),
  throttled: () => ({}),
  dead: ({ reason }) => ({ state: 'dead', reason }),
};

/** The record after the event. An intent stays `pending` until its done, a settlement or a failure that was no doubt comes. */
export function fold(record: RepoRecord, event: JournalEvent): RepoRecord {
  const change = changes[event.ev] as ((data: EventData[EventName], record: RepoRecord) => Partial<RepoRecord>) | undefined;
  if (!change) return record;
  const next = { ...record, ...change(event.data, record) };
  if (isIntent(event)) next.pending = event;
  else if (event.ev === 'settled' || event.ev === record.pending?.ev.replace('.intent', '.done')) next.pending = undefined;
  return next;
}

const isIntent = (event: JournalEvent): event is NonNullable<RepoRecord['pending']> => event.ev.endsWith('.intent');

const planFacts = (old: RepoRecord): Partial<RepoRecord> => ({
  attempts: 0,
  failure: undefined,
  reason: old.pull ? old.reason : undefined,
});

/** With a pull request open, a plan that finds nothing changes no state by itself: closing it is a step of its own. */
const settled = (old: RepoRecord, state: 'unchanged' | 'refused'): RepoRecord['state'] => (old.pull?.state === 'open' ? old.state : state);

/** Where a repository stands when its last intent did not happen. */
function backFrom(old: RepoRecord): RepoRecord['state'] {
  if (old.pull?.state === 'open') return 'open';
  return old.heads.length > 0 && old.pending?.ev === 'open.intent' ? 'pushed' : 'planned';
}
