// Room: bulk/. A campaign as metrics: Prometheus' text format, for its textfile collector or a server of files.
import type { Traffic } from '../../forge/traffic.ts';
import type { RepoKey, RepoRecord } from '../types.ts';

export interface MetricsInput {
  campaign: string;
  records: ReadonlyMap<RepoKey, Pick<RepoRecord, 'state' | 'failure' | 'pull'>>;
  traffic: Traffic;
  /** Milliseconds since the epoch. */
  at: number;
  run: 'active' | 'ended';
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** One sample a line, with HELP and TYPE before each metric. Source: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function metricsText({ campaign, records, traffic, at, run }: MetricsInput): string {
  const all = [...records.values()];
  const by = (label: string, values: readonly (string | undefined)[]): Sample[] => {
    const counts = new Map<string, number>();
    for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, count]) => [{ [label]: value }, count]);
  };
  const { requests, waits, sleepsUntil } = traffic;
  const limits = ['primary', 'secondary'] as const;
  const failed = all.filter(({ state }) => state === 'failed' || state === 'dead');
  const metrics: readonly (readonly [name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]])[] = [
    [
      'repositories',
      'gauge',
      'Repositories of the campaign by state.',
      by(
        'state',
        all.map(({ state }) => state),
      ),
    ],
    [
      'failed_repositories',
      'gauge',
      'Failed repositories by class of the failure.',
      by(
        'kind',
        failed.map(({ failure }) => failure?.kind ?? 'unknown'),
      ),
    ],
    [
      'pull_requests',
      'gauge',
      'Pull requests of the campaign by state.',
      by(
        'state',
        all.map(({ pull }) => pull?.state),
      ),
    ],
    [
      'requests_total',
      'counter',
      'Requests to the forge in this run.',
      [
        [{ kind: 'read' }, requests.read],
        [{ kind: 'content' }, requests.content],
      ],
    ],
    ['waits_total', 'counter', 'Limits of the forge that made this run wait.', limits.map((limit) => [{ limit }, waits[limit].count])],
    [
      'wait_seconds_total',
      'counter',
      'Seconds for which the forge made this run wait.',
      limits.map((limit) => [{ limit }, waits[limit].seconds]),
    ],
    [
      'waits_until_timestamp_seconds',
      'gauge',
      'Until when the forge makes this run wait; 0: it does not.',
      [[{}, sleepsUntil > at ? sleepsUntil / 1000 : 0]],
    ],
    ['run_active', 'gauge', '1 while the run goes on.', [[{}, run === 'active' ? 1 : 0]]],
    ['written_timestamp_seconds', 'gauge', 'When this was written.', [[{}, at / 1000]]],
  ];
  return metrics
    .filter(([, , , samples]) => samples.length > 0)
    .map(([name, type, help, samples]) => {
      const full = `dockerfile_mod_${name}`;
      const lines = samples.map(([labels, value]) => `${full}{${labelled({ campaign, ...labels })}} ${value}`);
      return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('\n')}\n`;
    })
    .join('');
}

const labelled = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`)
    .join(',');
