// test/verify/faults: the table that is printed and written: every number comes from the run.
import os from 'node:os';
import { format } from 'prettier';
import { applications } from './applications.ts';
import type { FaultResult, Results } from './session.ts';

/** What stands in bench/results/faults.json. */
export interface Report extends Results {
  date: string;
  machine: { cpus: number; memoryGB: number; node: string };
  injected: number;
  caught: number;
  falseAlarms: number;
  /** Of the builds and runs that the faults took. */
  seconds: number;
}

/** In: what the run found, and the report that is there: what it says of other applications stays. */
export function reportOf(found: Results, earlier?: Results): Report {
  const ran = new Set(found.unbroken.map(({ application }) => application));
  const others = <T extends { application: string }>(rows: readonly T[] = []): T[] =>
    rows.filter(({ application }) => !ran.has(application));
  const results: Results = {
    engine: found.engine,
    faults: [...others(earlier?.faults), ...found.faults].sort(byApplication),
    unbroken: [...others(earlier?.unbroken), ...found.unbroken].sort(byApplication),
  };
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: { cpus: os.availableParallelism(), memoryGB: Math.round(os.totalmem() / 1e9), node: process.version },
    injected: results.faults.length,
    caught: results.faults.filter(({ wrong }) => wrong.length === 0).length,
    falseAlarms: results.unbroken.filter(({ alarms }) => alarms.length > 0).length,
    seconds: Math.round(results.faults.reduce((sum, one) => sum + one.seconds, 0)),
    ...results,
  };
}

const places = new Map(applications.map(({ name }, i): [string, number] => [name, i]));
const byApplication = (one: { application: string }, other: { application: string }): number =>
  (places.get(one.application) ?? 0) - (places.get(other.application) ?? 0);

const head = ['Fault', 'Application', 'Put into', 'Expected', 'Caught by', 'Taken back', 'What is left', 'Seconds'];

const row = ({ fault, application, transform, expected, caughtBy, rolledBack, left, seconds, wrong }: FaultResult): string[] => [
  wrong.length === 0 ? fault : `${fault} (${wrong.join('; ')})`,
  application,
  transform,
  expected.join(', '),
  caughtBy.join(', ') || 'nothing',
  rolledBack.map((one) => `${one.transform} (${one.check})`).join(', ') || 'nothing',
  left.join(', ') || 'nothing',
  seconds.toFixed(1),
];

/** Columns as wide as their longest cell, for the terminal; what is left is told by its number. */
export function plainTable({ faults }: Results): string {
  const short = [head, ...faults.map((one) => [...row(one).slice(0, 6), `${one.left.length} transforms`, one.seconds.toFixed(1)])];
  const widths = head.map((_, i) => Math.max(...short.map((cells) => (cells[i] ?? '').length)));
  return short
    .map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function markdown(report: Report): Promise<string> {
  const { machine, engine } = report;
  const table = [head, head.map(() => '---'), ...report.faults.map(row)].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');
  const unbroken = report.unbroken.map(
    ({ application, rounds, alarms }) =>
      `- ${application}: ${rounds} times, ${alarms.length === 0 ? 'passed' : escaped(alarms.join('; '))}`,
  );
  return format(
    `# Faults injected into rewrites\n\nWritten by \`npm run e2e:faults\` on ${report.date} (${machine.cpus} CPUs, ${machine.memoryGB} GB, Node ${machine.node}, ${engine}). Nothing here is typed in.\n
${table}\n
A fault is put into what the real rewrite makes, whenever the named transform is among those that applied. It counts as caught when the named checks fail for the full
rewrite, that transform and no other is taken back, and the file that is left is what the tool makes without it, has been built and has passed every check. Seconds are those of all the builds and runs that this took; the original is built once for all faults of its application.\n
Rewrites without a fault:\n\n${unbroken.join('\n')}\n
**${report.caught} of ${report.injected} caught and taken back to a working file; ${report.falseAlarms} false alarms.** ${report.seconds} s.\n`,
    { parser: 'markdown', printWidth: 140 },
  );
}

const escaped = (text: string): string => text.replace(/[|\n]/g, ' ');
