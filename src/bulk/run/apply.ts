// Room: bulk/. `bulk apply`: the canary first, then the rest, within what the campaign allows; run again, it goes on where it stopped.
import type { Progress } from '../report/types.ts';
import { refOf } from '../transport/api.ts';
import type { RepoKey, RepoRecord, RepoState } from '../types.ts';
import { attempt, CampaignStopped } from './attempt.ts';
import { breaker, type Breaker } from './breaker.ts';
import { eachOf } from './pool.ts';
import { publishRepository, type Gate, type Published } from './publish/publish.ts';
import type { Session } from './session.ts';
import { isInWindow } from './window.ts';

export interface ApplyOptions {
  maxPrs: number | undefined;
  onlyApproved: 'yes' | 'no';
  progress(progress: Progress): void;
}

/** How the run ended. `limit`: something waits for a limit of this run; `paused`: failures, or the token. */
export interface Applied {
  outcomes: Partial<Record<Published | 'failed', number>>;
  ended: 'done' | 'limit' | 'paused';
  why: string | undefined;
}

const idle: ReadonlySet<RepoState> = new Set([
  'excluded',
  'rejected',
  'merged',
  'verified',
  'regressed',
  'obsolete',
  'superseded',
  'dead',
  'discovered',
]);
/** Times that what failed and may work later is tried again in one run. */
const maxRounds = 4;

/** Which repositories a run looks at: those that have a plan with changes, a pull request, or something unsettled. */
export function applicable(record: RepoRecord): boolean {
  if (record.pending) return true;
  if (idle.has(record.state)) return false;
  if (record.state === 'unchanged' || record.state === 'refused') return record.pull?.state === 'open';
  return record.state !== 'failed' || record.failure?.retryable !== false || record.pull?.state === 'open';
}

/** Publishes every planned repository. Never throws for what is one repository's fault. */
export async function applyAll(session: Session, options: ApplyOptions): Promise<Applied> {
  const { pace } = session.campaign.options;
  const run: Run = {
    session,
    options,
    outcomes: {},
    done: 0,

    breaker: breaker(pace.maxFailures, pace.maxFailuresInRow),
    gate: gateOf(session, options),
  };
  let todo = [...session.records.values()].filter(applicable).map(({ repo }) => repo);
  const total = todo.length;
  const tick = (): void => options.progress({ phase: 'apply', done: run.done, total, outcomes: {}, waitsUntil: session.waitsUntil?.() });
  try {
    for (let round = 0; todo.length > 0 && round < maxRounds; round++) {
      const again: RepoKey[] = [];
      const visit = async (repo: RepoKey): Promise<void> => {
        session.signal.throwIfAborted();
        if ((await publishOne(run, repo)) === 'again') again.push(repo);
        tick();
      };
      const canary = round === 0 ? await canaries(run, todo, visit) : 0;
      await eachOf(todo.slice(canary), pace.writeConcurrency, visit);
      todo = again;
      if (todo.length > 0) await waitForNext(session, todo);
    }
  } catch (error) {
    if (error instanceof CampaignStopped) return { outcomes: run.outcomes, ended: 'paused', why: error.message };
    throw error;
  }
  const why = run.gate.why();
  return { outcomes: run.outcomes, ended: why === undefined ? 'done' : 'limit', why };
}

interface Run {
  session: Session;
  options: ApplyOptions;
  outcomes: Applied['outcomes'];
  done: number;
  breaker: Breaker;
  gate: CountingGate;
}

/** One at a time until so many pull requests were opened; a failure among them stops the campaign. Answers how many were visited. */
async function canaries(run: Run, todo: readonly RepoKey[], visit: (repo: RepoKey) => Promise<void>): Promise<number> {
  const { canary } = run.session.campaign.options.pace;
  const opened = [...run.session.records.values()].filter((record) => record.pull !== undefined).length;
  let visited = 0;
  while (visited < todo.length && opened + (run.outcomes.opened ?? 0) < canary) {
    await visit(todo[visited] as RepoKey);
    visited += 1;
    // Half of a canary that failed is no accident.
    if ((run.outcomes.failed ?? 0) > Math.max(1, canary / 2))
      throw new CampaignStopped(`${run.outcomes.failed} of the first ${visited} repositories failed`);
  }
  return visited;
}

async function publishOne(run: Run, repo: RepoKey): Promise<'done' | 'again'> {
  const { session, gate, outcomes } = run;
  const own = gate.of();
  const tried = await attempt(session, repo, () => publishRepository(session, repo, own));
  own.end(tried.kind === 'failed' ? 'failed' : 'done');
  if (tried.kind === 'failed') {
    outcomes.failed = (outcomes.failed ?? 0) + 1;
    const why = run.breaker.failed(tried.failure.kind);
    if (why !== undefined) throw new CampaignStopped(why);
    return tried.failure.retryable && session.records.get(repo)?.state !== 'dead' ? 'again' : ((run.done += 1), 'done');
  }
  run.breaker.succeeded();
  run.done += 1;
  const outcome = tried.kind === 'done' ? tried.value : 'nothing';
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return 'done';
}

async function waitForNext(session: Session, todo: readonly RepoKey[]): Promise<void> {
  const times = todo.map((repo) => Date.parse(session.records.get(repo)?.failure?.nextAttemptAt ?? '') || 0);
  await session.sleep(Math.max(0, Math.min(...times) - session.now()));
}

interface CountingGate {
  /** The gate of one repository; `end` tells what became of it. */
  of(): Gate & { end(how: 'done' | 'failed'): void };
  /** The limit that was hit; undefined: none. */
  why(): string | undefined;
}

/** What the campaign and the run allow to be opened, counted over all repositories. */
export function gateOf(session: Session, { maxPrs, onlyApproved }: Pick<ApplyOptions, 'maxPrs' | 'onlyApproved'>): CountingGate {
  const { maxOpen, maxPendingChecks, windows } = session.campaign.options.pace;
  let opened = 0;
  // Allowed, and not in the records yet.
  let underWay = 0;
  let why: string | undefined;
  const open = (): number => [...session.records.values()].filter((record) => record.pull?.state === 'open').length + underWay;
  const checks = pendingChecks(session);
  const mayOpen = async (): Promise<'yes' | 'no'> => {
    const pending = maxPendingChecks === undefined ? 0 : await checks();
    if (!isInWindow(windows, session.now())) why = `outside of ${windows.join(', ')}`;
    else if (maxPrs !== undefined && opened >= maxPrs) why = `--max-prs ${maxPrs}`;
    else if (maxOpen !== undefined && open() >= maxOpen) why = `--max-open ${maxOpen}`;
    else if (maxPendingChecks !== undefined && pending >= maxPendingChecks) why = `--max-pending-checks ${maxPendingChecks}`;
    else {
      opened += 1;
      underWay += 1;
      return 'yes';
    }
    return 'no';
  };
  return {
    why: () => why,
    of: () => {
      let granted = 0;
      return {
        onlyApproved,
        mayOpen: async () => {
          const answer = await mayOpen();
          granted += answer === 'yes' ? 1 : 0;
          return answer;
        },
        end: (how) => {
          underWay -= granted;
          if (how === 'failed') opened -= granted;
        },
      };
    },
  };
}

/** Milliseconds for which a count of running checks is believed. */
const checksAge = 30_000;
/** Of the newest open pull requests: older ones have no checks running. */
const maxAsked = 20;

function pendingChecks(session: Session): () => Promise<number> {
  let asked = -Infinity;
  let pending = 0;
  return async () => {
    const { forge } = session;
    if (!forge || session.now() - asked < checksAge) return pending;
    asked = session.now();
    pending = 0;
    const open = [...session.records.values()]
      .filter((record) => record.pull?.state === 'open' && record.heads.length > 0)
      .slice(-maxAsked);
    for (const record of open) pending += (await forge.checks(record.headRepo ?? refOf(record), record.heads.at(-1) ?? '')).pending;
    return pending;
  };
}
