// Room: verify/report/. The measures of both images as rows: what the table and the page print.
import type { FileVerification, Measures, Vulnerabilities } from '../types.ts';
import { bytesText, changeText, countText, secondsText } from '../../report/quantity.ts';

export interface MeasureRow {
  label: string;
  before: string;
  after: string;
  /** `−80 %`; undefined when one side was not measured. */
  change: string | undefined;
  /** For bars; undefined when one side was not measured. */
  values: { before: number; after: number } | undefined;
  /** What was edited, which scanner, or why it was not measured. */
  note: string | undefined;
}

type Numbers = Exclude<keyof Measures, 'vulnerabilities'>;
const rows: readonly { key: Numbers; label: string; text(value: number): string; edited?: 'source' | 'dependency' }[] = [
  { key: 'size', label: 'image size', text: bytesText },
  { key: 'compressed', label: 'compressed', text: bytesText },
  { key: 'layers', label: 'layers', text: countText },
  { key: 'files', label: 'files', text: countText },
  { key: 'packages', label: 'OS packages', text: countText },
  { key: 'contextBytes', label: 'build context', text: bytesText },
  { key: 'coldSeconds', label: 'cold build', text: secondsText },
  { key: 'sourceEditSeconds', label: 'after a source edit', text: secondsText, edited: 'source' },
  { key: 'dependencyEditSeconds', label: 'after a dependency edit', text: secondsText, edited: 'dependency' },
];

const untimed = 'not measured: --measure full does';

/** One row for each measure, in a fixed order; none when nothing was measured. */
export function measureRows(file: FileVerification): MeasureRow[] {
  const { measures, edited } = file;
  if (!measures) return [];
  const told = rows.map(({ key, label, text, edited: which }): MeasureRow => {
    const [before, after] = [measures.before[key], measures.after[key]];
    const both = before !== undefined && after !== undefined;
    return {
      label,
      before: before === undefined ? '–' : text(before),
      after: after === undefined ? '–' : text(after),
      change: both ? changeText(before, after) : undefined,
      values: both ? { before, after } : undefined,
      note:
        which === undefined
          ? both
            ? undefined
            : key === 'coldSeconds'
              ? untimed
              : 'not measured'
          : (edited?.[which] ?? (both ? undefined : untimed)),
    };
  });
  return [...told, vulnerabilityRow(measures.before.vulnerabilities, measures.after.vulnerabilities)];
}

function vulnerabilityRow(before: Vulnerabilities, after: Vulnerabilities): MeasureRow {
  const label = 'vulnerabilities';
  if ('notMeasured' in before || 'notMeasured' in after) {
    const why = 'notMeasured' in before ? before.notMeasured : 'notMeasured' in after ? after.notMeasured : '';
    return { label, before: '–', after: '–', change: undefined, values: undefined, note: `not measured: ${why}` };
  }
  const values = { before: totalOf(before), after: totalOf(after) };
  return {
    label,
    before: countText(values.before),
    after: countText(values.after),
    change: changeText(values.before, values.after),
    values,
    note: `${before.scanner}; ${severityChanges(before, after)}`,
  };
}

type Counts = Exclude<Vulnerabilities, { notMeasured: string }>;
const totalOf = ({ critical, high, medium, low, other }: Counts): number => critical + high + medium + low + other;
const severityChanges = (before: Counts, after: Counts): string =>
  (['critical', 'high', 'medium', 'low'] as const).map((one) => `${one} ${before[one]} → ${after[one]}`).join(', ');
