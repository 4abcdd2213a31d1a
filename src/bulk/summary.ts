// Room: bulk/. Counts a campaign up, one repository after the other; what is kept does not grow with the repositories' sizes.
import { allSkips } from '../report/summary.ts';
import type { Campaign } from './options.ts';
import type { CampaignSummary, Cluster, RepositoryRow } from './report/types.ts';
import type { PlannedRepo, RepoRecord, RepoState } from './types.ts';

export interface SummaryBuilder {
  /** A repository, with its plan where there is one. `patch` is asked for once per cluster. */
  add(record: RepoRecord, planned: PlannedRepo | undefined, patch: () => string): void;
  finish(campaign: Campaign): CampaignSummary;
}

/** Clusters whose example is kept, and characters of one. */
const maxExamples = 200;
const maxExample = 100_000;
const maxNames = 50;

/** Starts with nothing; answers with the summary that every report is rendered from. */
export function summaryBuilder(): SummaryBuilder {
  const rows: RepositoryRow[] = [];
  const clusters = new Map<string, Cluster & { repositories: string[] }>();
  const examples = new Map<string, string>();
  const shared = sharedCounts();
  return {
    add(record, planned, patch) {
      const known = record.cluster === undefined ? undefined : clusters.get(record.cluster);
      // Rows of one cluster share its name.
      rows.push(rowOf({ ...record, cluster: known?.id ?? record.cluster }, shared));
      for (const report of planned?.reports ?? [])
        for (const { transform, reason, message } of allSkips(report)) {
          if (!examples.has(`${transform}/${reason}`)) examples.set(`${transform}/${reason}`, message);
        }
      if (record.cluster === undefined || record.diffHash === undefined) return;
      if (!known) {
        const text = clusters.size < maxExamples ? patch().slice(0, maxExample) : '';
        clusters.set(record.cluster, {
          id: record.cluster,
          count: 1,
          example: { repo: record.repo, patch: text },
          repositories: [record.repo],
          transforms: Object.keys(record.counts?.applied ?? {}).sort(),
        });
        return;
      }
      known.count += 1;
      if (known.repositories.length < maxNames) known.repositories.push(record.repo);
    },
    finish: (campaign) => ({
      campaign,
      at: new Date().toISOString(),
      byState: countBy(rows, (row) => row.state) as Partial<Record<RepoState, number>>,
      byReason: reasonsOf(rows),
      skips: skipsOf(rows, examples),
      transforms: entriesOf(sumOf(rows, 'applied')).map(([transform, count]) => ({ transform, count })),
      clusters: [...clusters.values()].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1)),
      repositories: rows.sort((a, b) => (a.repo < b.repo ? -1 : 1)),
      savings: savingsOf(rows),
    }),
  };
}

type Counts = Readonly<Record<string, number>>;

/** Many repositories have the same counts: they share one object, so that a row is small. */
function sharedCounts(): (counts: Counts) => Counts {
  const known = new Map<string, Counts>();
  return (counts) => {
    const key = JSON.stringify(counts);
    const same = known.get(key);
    if (!same) known.set(key, counts);
    return same ?? counts;
  };
}

function rowOf(
  { repo, state, reason, counts, cluster, pull, gain, failure, diffHash }: RepoRecord,
  shared: (counts: Counts) => Counts,
): RepositoryRow {
  const { changed = 0, dockerfiles = 0, applied = {}, skipped = {} } = counts ?? {};
  return {
    repo,
    state,
    reason,
    changed,
    dockerfiles,
    applied: shared(applied),
    skipped: shared(skipped),
    cluster: diffHash === undefined ? undefined : cluster,
    pull,
    gain,
    failure: failure?.message,
  };
}

const countBy = (rows: readonly RepositoryRow[], key: (row: RepositoryRow) => string): Record<string, number> =>
  rows.reduce<Record<string, number>>((all, row) => Object.assign(all, { [key(row)]: (all[key(row)] ?? 0) + 1 }), {});

function reasonsOf(rows: readonly RepositoryRow[]): CampaignSummary['byReason'] {
  // What follows the colon is of one repository.
  const named = rows.filter((row) => row.reason !== undefined);
  return entriesOf(countBy(named, (row) => `${row.state}\0${row.reason?.split(':')[0]}`)).map(([key, count]) => {
    const [state = '', reason = ''] = key.split('\0');
    return { state: state as RepoState, reason, count };
  });
}

function skipsOf(rows: readonly RepositoryRow[], examples: ReadonlyMap<string, string>): CampaignSummary['skips'] {
  return entriesOf(sumOf(rows, 'skipped')).map(([key, count]) => {
    const [transform = '', reason = ''] = key.split('/');
    return { transform, reason, count, example: examples.get(key) ?? '' };
  });
}

function sumOf(rows: readonly RepositoryRow[], field: 'applied' | 'skipped'): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const row of rows) for (const [key, count] of Object.entries(row[field])) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}

const entriesOf = (counts: Record<string, number>): [string, number][] =>
  Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));

function savingsOf(rows: readonly RepositoryRow[]): CampaignSummary['savings'] {
  const savings = { estimated: 0, measured: 0, repositoriesEstimated: 0, repositoriesMeasured: 0 };
  for (const { gain } of rows) {
    if (gain?.imageBefore === undefined || gain.imageAfter === undefined) continue;
    savings[gain.kind] += gain.imageBefore - gain.imageAfter;
    savings[gain.kind === 'measured' ? 'repositoriesMeasured' : 'repositoriesEstimated'] += 1;
  }
  return savings;
}
