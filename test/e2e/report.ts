// test/e2e: the table that is printed and written: every number comes from the run.
import os from 'node:os';
import { format } from 'prettier';
import { BARS, REBUILD_BAR, type Variant } from './apps.ts';
import { type AppResult, type Measured, rebuildRatio, reductionOf } from './measure.ts';

export interface Machine {
  cpus: number;
  memoryGB: number;
  node: string;
  docker: string;
}

export interface Results {
  date: string;
  machine: Machine;
  apps: AppResult[];
  passed: number;
  failed: number;
  notChecked: number;
}

/** The results with their sums; `docker` is the server's version. */
export function summarise(apps: AppResult[], docker: string): Results {
  const checks = apps.flatMap((app) => app.checks);
  const count = (outcome: string): number => checks.filter((check) => check.outcome === outcome).length;
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: { cpus: os.availableParallelism(), memoryGB: Math.round(os.totalmem() / 1e9), node: process.version, docker },
    apps,
    passed: count('passed'),
    failed: count('failed'),
    notChecked: count('not checked'),
  };
}

const HEAD = [
  'Application',
  'Base',
  'Before',
  'After',
  'Smaller',
  'Bar',
  'Cold before',
  'Cold after',
  'Rebuild before',
  'Rebuild after',
  'Faster',
];

/** One row for each application and base. */
export function rows(apps: AppResult[]): string[][] {
  return apps.flatMap(({ app, ecosystem, before, after }) => {
    if (!before) return [[app, 'before', 'failed', ...Array<string>(8).fill('–')]];
    const variants = (['default', 'smallest'] as const).filter((variant) => after[variant]);
    if (variants.length === 0) {
      return [[app, 'before', size(before), '–', '–', '–', seconds(before.coldSeconds), '–', seconds(before.rebuildSeconds), '–', '–']];
    }
    return variants.map((variant) => row(app, variant, BARS[ecosystem][variant], before, after[variant] as Measured));
  });
}

function row(app: string, variant: Variant, bar: number, before: Measured, after: Measured): string[] {
  const ratio = rebuildRatio(before, after);
  return [
    app,
    variant,
    size(before),
    size(after),
    `−${reductionOf(before, after).toFixed(2)} %`,
    `−${bar} %`,
    seconds(before.coldSeconds),
    seconds(after.coldSeconds),
    seconds(before.rebuildSeconds),
    seconds(after.rebuildSeconds),
    ratio === undefined ? '–' : `${ratio.toFixed(1)}×`,
  ];
}

function size({ bytes }: Measured): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function seconds(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(1)} s`;
}

/** The table for a terminal: columns of even width, numbers to the right. */
export function plainTable(apps: AppResult[]): string {
  const table = [HEAD, ...rows(apps)];
  const widths = HEAD.map((_, column) => Math.max(...table.map((cells) => (cells[column] ?? '').length)));
  const line = (cells: string[]): string =>
    cells
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(HEAD), widths.map((width) => '─'.repeat(width)).join('  '), ...table.slice(1).map(line)].join('\n');
}

/** What is written to bench/results/e2e.md. */
export function markdown(results: Results): Promise<string> {
  const { machine, apps } = results;
  const cells = (list: string[]): string => `| ${list.join(' | ')} |`;
  const open = apps.flatMap((app) => app.checks).filter((check) => check.outcome !== 'passed');
  const text = [
    '# Real builds: before and after',
    '',
    `Written by \`npm run e2e\` on ${results.date} (${machine.cpus} CPUs, ${machine.memoryGB} GB, Node ${machine.node}, Docker ${machine.docker}). Nothing here is typed in.`,
    '',
    cells(HEAD),
    cells(HEAD.map((_, column) => (column < 2 ? '---' : '---:'))),
    ...rows(apps).map(cells),
    '',
    'Sizes are those of `docker image inspect`. Cold builds run with `--no-cache`, and with cache mounts that no build used before; base images are there beforehand.',
    `A rebuild follows a comment added to a source file, with all that the cold build left in the cache: the median of three rounds in which every variant is rebuilt in turn, or one round if the original takes over 20 s. It has to be ${REBUILD_BAR}× faster than before.`,
    '',
    `${results.passed} passed, ${results.failed} failed${results.notChecked > 0 ? `, ${results.notChecked} not checked` : ''}`,
    '',
    ...open.map(
      (check) => `- ${check.outcome}: ${check.app} (${check.variant}) ${check.what}: ${(check.detail.split('\n')[0] ?? '').slice(0, 200)}`,
    ),
  ].join('\n');
  return format(text, { parser: 'markdown' });
}
