// Room: bulk/. The JSON report, piece by piece. Only types come from the schema: zod is not loaded to print.
import type { Gain } from '../types.ts';
import type { BulkDocument } from './schema.ts';
import type { CampaignSummary, Cluster, RepositoryRow } from './types.ts';

type Row = BulkDocument['repositories'][number];

/** The document as text, one repository a line, so that 100,000 need no second copy in memory. */
export function* json(summary: CampaignSummary): Generator<string> {
  const head = JSON.stringify(headOf(summary), undefined, 2);
  yield `${head.slice(0, head.lastIndexOf('\n'))},\n  "clusters": [`;
  yield* lines(summary.clusters, clusterOf);
  yield '],\n  "repositories": [';
  yield* lines(summary.repositories, rowOf);
  yield ']\n}\n';
}

function* lines<One>(all: readonly One[], document: (one: One) => unknown): Generator<string> {
  let separator = '\n    ';
  for (const one of all) {
    yield separator + JSON.stringify(document(one));
    separator = ',\n    ';
  }
  if (all.length > 0) yield '\n  ';
}

function headOf({
  campaign,
  at,
  byState,
  byReason,
  skips,
  transforms,
  savings,
}: CampaignSummary): Omit<BulkDocument, 'clusters' | 'repositories'> {
  const { options, specHash, toolVersion, createdAt } = campaign;
  const { estimated, measured, repositoriesEstimated, repositoriesMeasured } = savings;
  return {
    version: toolVersion,
    campaign: { id: options.id, platform: options.platform, createdAt, specHash },
    at,
    states: { ...byState },
    reasons: byReason.map(({ state, reason, count }) => ({ state, reason, count })),
    skips: skips.map(({ transform, reason, count, example }) => ({ transform, reason, count, example })),
    transforms: transforms.map(({ transform, count }) => ({ transform, count })),
    savings: { estimated, measured, repositoriesEstimated, repositoriesMeasured },
  };
}

const clusterOf = ({ id, count, transforms, example, repositories }: Cluster): BulkDocument['clusters'][number] => ({
  id,
  count,
  transforms: [...transforms],
  example: { repository: example.repo, patch: example.patch },
  repositories: [...repositories],
});

const rowOf = (row: RepositoryRow): Row => ({
  repository: row.repo,
  state: row.state,
  reason: row.reason ?? null,
  dockerfiles: row.dockerfiles,
  changed: row.changed,
  applied: { ...row.applied },
  skipped: { ...row.skipped },
  cluster: row.cluster ?? null,
  pullRequest: row.pull ? { number: row.pull.number, url: row.pull.url, state: row.pull.state } : null,
  gain: row.gain ? gainOf(row.gain) : null,
  failure: row.failure ?? null,
});

const gainOf = ({ kind, imageBefore, imageAfter, rebuildBefore, rebuildAfter, how }: Gain): NonNullable<Row['gain']> => ({
  kind,
  imageBefore: imageBefore ?? null,
  imageAfter: imageAfter ?? null,
  rebuildBefore: rebuildBefore ?? null,
  rebuildAfter: rebuildAfter ?? null,
  how,
});
