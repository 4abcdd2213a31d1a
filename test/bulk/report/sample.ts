// A campaign's summary as the engine counts it up: every state, hostile names, made deterministically and as large as asked for.
import type { CampaignSummary, RepositoryRow } from '../../../src/bulk/report/types.ts';
import { stateOrder } from '../../../src/bulk/report/words.ts';
import type { RepoState } from '../../../src/bulk/types.ts';
import { sampleCampaign } from '../pull/sample.ts';

export const hostileName = 'github.com/acme/<img src=x onerror=alert(1)>@team\u202e"|`';
const patch =
  'diff --git a/Dockerfile b/Dockerfile\n--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,4 @@\n-FROM node:22\n+FROM node:22-slim\n RUN echo "</pre><script>alert(1)</script> @team #12"\n+USER 1000:1000\n';

/** A summary of `count` repositories. */
export function sampleSummary(count: number): CampaignSummary {
  const repositories = Array.from({ length: count }, (_, i) => row(i));
  const byState: Partial<Record<RepoState, number>> = {};
  for (const { state } of repositories) byState[state] = (byState[state] ?? 0) + 1;
  return {
    campaign: sampleCampaign(),
    at: '2026-11-25T18:00:00.000Z',
    byState,
    byReason: [
      { state: 'excluded', reason: 'archived', count: 12 },
      { state: 'failed', reason: 'timeout <b>', count: 3 },
    ],
    skips: [
      { transform: 'non-root-user', reason: 'port-below-1024', count: 40, example: 'EXPOSE 80: @team, see #12' },
      { transform: 'base-slim', reason: 'unknown-base', count: 7, example: `Base image ${hostileName} is unknown` },
    ],
    transforms: [
      { transform: 'multi-stage', count: 120 },
      { transform: 'cache-mounts', count: 31 },
    ],
    clusters: [
      {
        id: '0123456789abcdef',
        count: 90,
        example: { repo: hostileName, patch },
        repositories: ['github.com/acme/service-1', hostileName],
        transforms: ['base-slim', 'non-root-user'],
      },
      {
        id: 'fedcba9876543210',
        count: 1,
        example: { repo: 'github.com/acme/two', patch: '' },
        repositories: ['github.com/acme/two'],
        transforms: ['cache-mounts'],
      },
    ],
    repositories,
    savings: { estimated: 0, measured: 4_200_000_000, repositoriesEstimated: 0, repositoriesMeasured: 9 },
  };
}

function row(i: number): RepositoryRow {
  const state = stateOrder[i % stateOrder.length] ?? 'open';
  const pulled = ['open', 'merged', 'declined', 'frozen', 'conflicted', 'checks-failed'].includes(state);
  return {
    repo: i === 1 ? hostileName : `github.com/acme/service-${i}`,
    state,
    reason: state === 'excluded' ? 'archived' : i === 2 ? '=HYPERLINK("http://x.example")' : undefined,
    changed: i % 3,
    dockerfiles: 1 + (i % 3),
    applied: i % 2 === 0 ? { 'multi-stage': 1, 'cache-mounts': 1 + (i % 3) } : {},
    skipped: i % 5 === 0 ? { 'non-root-user/port-below-1024': 1 } : {},
    cluster: i % 2 === 0 ? '0123456789abcdef' : undefined,
    pull: pulled
      ? {
          number: i,
          url: i === 1 ? 'javascript:alert(1)' : `https://github.com/acme/service-${i}/pull/${i}`,
          state: state === 'merged' ? 'merged' : state === 'declined' ? 'closed' : 'open',
        }
      : undefined,
    gain: undefined,
    failure: state === 'failed' ? '@SUM(A1) timed out, see #12' : undefined,
  };
}
