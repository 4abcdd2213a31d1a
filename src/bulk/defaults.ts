// Room: bulk/. What a campaign does unless told otherwise.
import type { CampaignOptions, ProofOptions } from './options.ts';

/** Everything but what has no default: the id. Source of the numbers: GitHub's limits for content (80 a minute, 500 an hour), with room for people. */
export const defaultOptions = (id: string): CampaignOptions => ({
  id,
  platform: 'local',
  baseUrl: undefined,
  transport: 'auto',
  sources: { directories: [], repositories: [], owners: [], topics: [], search: undefined },
  filters: {
    include: undefined,
    exclude: undefined,
    archived: 'skip',
    forks: 'skip',
    visibility: undefined,
    pushedSince: undefined,
    maxSizeKb: undefined,
    dockerfiles: undefined,
  },
  refactor: {},
  pull: {
    branch: `dockerfile-mod/${id}`,
    base: undefined,
    title: undefined,
    bodyTemplate: undefined,
    commitMessage: undefined,
    signOff: 'no',
    author: undefined,
    labels: [],
    reviewers: [],
    teamReviewers: [],
    codeownersReviewers: 'no',
    assignees: [],
    draft: 'no',
    autoMerge: 'no',
    fork: 'auto',
    forkOwner: undefined,
    contact: undefined,
    link: undefined,
  },
  policy: { onExisting: 'update', onHumanEdit: 'freeze', onClosed: 'respect', onConflict: 'rebase', closeObsolete: 'yes' },
  pace: {
    concurrency: 8,
    writeConcurrency: 1,
    contentPerMinute: 20,
    prsPerHour: 400,
    maxOpen: undefined,
    maxPendingChecks: undefined,
    windows: [],
    canary: 10,
    maxFailures: 0.05,
    maxFailuresInRow: 20,
    timeoutRepo: 120_000,
  },
  verify: undefined,
});

/** How a campaign verifies unless told otherwise. */
export const defaultProof: ProofOptions = { measure: 'none', probes: [] };

const idShape = /^[a-z0-9][a-z0-9-]{0,39}$/;
export const isCampaignId = (id: string): boolean => idShape.test(id);
