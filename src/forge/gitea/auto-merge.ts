// Room: forge/. Gitea: merges a pull request when what its branch requires is there.
import { z } from 'zod';
import { path } from '../address.ts';
import { ask } from '../ask.ts';
import type { Api } from '../ask.ts';
import type { Forge, RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';
import type { Waiter } from './pulls.ts';
import { pullShape } from './shapes.ts';

const branchShape = z.object({ enable_status_check: z.boolean().nullish(), required_approvals: z.number().nullish() });

/** Whether it can be merged is worked out after it was opened, in about a second (measured on 1.26.0). */
const waits = [500, 1000, 2000, 4000];

/**
 * Refused where the branch requires neither checks nor approvals: Gitea would merge at once, before anybody has seen it
 * (services/automerge/automerge.go, 1.26.0: without a rule, IsPullCommitStatusPass is true).
 */
export async function autoMerge(
  api: Api,
  waiter: Waiter,
  ref: RepoRef,
  number: number,
  how: Parameters<Forge['autoMerge']>[2],
): Promise<void> {
  const at = path`/repos/${ref.owner}/${ref.name}/pulls/${number}`;
  const { base } = await ask(api, pullShape, { method: 'GET', path: at });
  const branch = await ask(api, branchShape, { method: 'GET', path: path`/repos/${ref.owner}/${ref.name}/branches/${base.ref}` });
  if (branch.enable_status_check !== true && (branch.required_approvals ?? 0) === 0)
    throw new ForgeError('unprocessable', `${base.ref} requires nothing: it would be merged at once`, { retryable: false });
  const body = { Do: how.method, head_commit_id: how.head, merge_when_checks_succeed: true, delete_branch_after_merge: false };
  for (const wait of [...waits, undefined]) {
    try {
      await api.door.request({ method: 'POST', path: path`/repos/${ref.owner}/${ref.name}/pulls/${number}/merge`, body, onLimit: 'wait' });
      return;
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      // It is on already.
      if (error.status === 409 && /scheduled/i.test(error.message)) return;
      if (error.status !== 405 || !/try again later/i.test(error.message) || wait === undefined) throw error;
      await waiter.clock.sleep(wait, waiter.signal);
    }
  }
}
