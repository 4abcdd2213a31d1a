// Room: forge/. GitLab: merges a merge request when what its project requires is there.
import { answer, idOf } from './api.ts';
import type { GitLabApi } from './api.ts';
import { mergeRequestShape } from './shapes.ts';
import type { Forge, RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';

const waits = [500, 1000, 2000, 4000];
/** Pipelines that have not ended. https://docs.gitlab.com/api/pipelines/ */
const running = new Set(['created', 'waiting_for_resource', 'preparing', 'pending', 'running', 'scheduled']);

/**
 * Refused where nothing stands in the way of merging and no pipeline runs: GitLab would merge at once, before anybody has seen it.
 * Versions before 17.11 know the older name alone (https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request).
 */
export async function autoMerge(api: GitLabApi, ref: RepoRef, number: number, how: Parameters<Forge['autoMerge']>[2]): Promise<void> {
  const { clock, signal } = api.connection;
  for (const wait of [...waits, undefined]) {
    const shown = await answer(mergeRequestShape, api.as({}).mergeRequests.show(idOf(ref), number), `merge request ${number}`);
    const { detailed_merge_status: status, head_pipeline: pipeline } = shown;
    if (wait !== undefined && ['unchecked', 'checking', 'preparing', 'approvals_syncing'].includes(status ?? '')) {
      await clock.sleep(wait, signal);
      continue;
    }
    if (status === 'mergeable' && !running.has(pipeline?.status ?? ''))
      throw new ForgeError('unprocessable', 'nothing is required of it: it would be merged at once', { retryable: false });
    const { mergeRequests } = api.as({ kind: 'content', onLimit: 'wait' });
    const asked = {
      sha: how.head,
      squash: how.method === 'squash',
      autoMerge: true,
      mergeWhenPipelineSucceeds: true,
      shouldRemoveSourceBranch: false,
    };
    await answer(mergeRequestShape, mergeRequests.accept(idOf(ref), number, asked), `merge request ${number}`);
    return;
  }
}
