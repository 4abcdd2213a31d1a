// Room: bulk/. One try at one repository: what the forge answers becomes an event, and what stops everything is told apart.
import { withDeadline } from '../../forge/deadline.ts';
import { ForgeError } from '../../forge/types.ts';
import type { Failure, NewEvent, RepoKey } from '../types.ts';
import { recordOf, tell, type Session } from './session.ts';

/** Stops the campaign: every repository would fail the same way. Resumable. */
export class CampaignStopped extends Error {
  override readonly name = 'CampaignStopped';
}

/** Tries before a repository is left alone. */
const maxAttempts = 5;
const firstWait = 2_000;

export type Attempt<T> = { kind: 'done'; value: T } | { kind: 'failed'; failure: Failure } | { kind: 'left' };

/**
 * Does the work, within the campaign's time for one repository (`timeout`, tried again). A failure is written to the journal with the time of the next try; a repository that turns out to be archived or
 * empty is left out, not failed. Throws `CampaignStopped` for a token that is not accepted, and what is a bug.
 */
export async function attempt<T>(session: Session, repo: RepoKey, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'done', value: await withDeadline(session.campaign.options.pace.timeoutRepo, work) };
  } catch (error) {
    if (session.signal.aborted || error instanceof CampaignStopped) throw error;
    const failure = failureOf(session, error);
    if (failure.kind === 'unauthorized') throw new CampaignStopped(`the token is not accepted: ${failure.message}`);
    const left = leftOut(repo, failure);
    if (left) {
      await tell(session, left);
      return { kind: 'left' };
    }
    // What waits for a forge's limit is no attempt.
    const attempts = recordOf(session, repo).attempts + (failure.kind === 'rate-limited' ? 0 : 1);
    await tell(session, { repo, ev: 'failed', data: { failure: withNextAttempt(session, failure, attempts), attempt: attempts } });
    if (failure.retryable && attempts >= maxAttempts)
      await tell(session, { repo, ev: 'dead', data: { reason: `${attempts} attempts: ${failure.kind}` } });
    return { kind: 'failed', failure };
  }
}

function failureOf({ redact }: Session, error: unknown): Failure {
  if (error instanceof ForgeError)
    return { kind: kindOf(error), message: redact(error.message), retryable: error.retryable || error.kind === 'conflict' };
  const message = redact(error instanceof Error ? error.message : String(error));
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // A full disk is everybody's problem.
  if (code === 'ENOSPC' || code === 'EDQUOT') throw new CampaignStopped(`no space left: ${message}`);
  return { kind: error instanceof Error && error.name !== 'Error' ? error.name : 'internal', message, retryable: false };
}

const kindOf = (error: ForgeError): string => (error.message.startsWith('branch-taken:') ? 'branch-taken' : error.kind);

function leftOut(repo: RepoKey, { kind }: Failure): NewEvent | undefined {
  if (kind === 'archived' || kind === 'empty') return { repo, ev: 'excluded', data: { reason: kind } };
  return undefined;
}

/** Doubling, with half of it by chance, so that what failed together does not come back together. */
function withNextAttempt({ now }: Session, failure: Failure, attempts: number): Failure {
  if (!failure.retryable) return failure;
  const wait = firstWait * 2 ** Math.min(attempts, 8) * (0.5 + Math.random() / 2);
  return { ...failure, nextAttemptAt: new Date(now() + wait).toISOString() };
}
