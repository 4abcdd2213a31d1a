// Room: report/. The counts of a run, and the sentence that ends it.
import { isChanged, type FileReport } from './types.ts';

export interface Summary {
  /** Dockerfiles looked at. */
  files: number;
  /** Dockerfiles that change, or whose context files do. */
  changed: number;
  /** Files of build contexts that are new. */
  created: number;
  applied: number;
  skipped: number;
  errors: number;
}

/** Whether files were written (`did`) or only looked at (`would`). */
export type Mode = 'did' | 'would';

export function summaryOf(reports: readonly FileReport[]): Summary {
  const sum = (count: (report: FileReport) => number): number => reports.reduce((total, report) => total + count(report), 0);
  const done = reports.filter((report) => report.result && !report.error);
  return {
    files: reports.length,
    changed: reports.filter(isChanged).length,
    created: done.reduce((total, report) => total + report.files.filter((file) => file.before === undefined).length, 0),
    applied: done.reduce((total, report) => total + (report.result?.applied.length ?? 0), 0),
    skipped: sum((report) => allSkips(report).length),
    errors: sum((report) => (report.error ? 1 : 0)),
  };
}

/** The skips of the result and those that the edge adds. */
export const allSkips = (report: FileReport): FileReport['skipped'] => [...(report.result?.skipped ?? []), ...report.skipped];

/** "2 files would be rewritten, 5 transforms applied, 3 skipped", or "nothing to do". */
export function sentenceOf(summary: Summary, mode: Mode): string {
  const parts: string[] = [];
  if (summary.changed > 0) {
    parts.push(`${counted(summary.changed, 'file')} ${mode === 'did' ? 'rewritten' : 'would be rewritten'}`);
    if (summary.created > 0) parts.push(`${summary.created} created`);
    parts.push(`${counted(summary.applied, 'transform')} applied`);
  } else if (summary.errors < summary.files || summary.files === 0) {
    parts.push('nothing to do');
  }
  if (summary.skipped > 0) parts.push(`${summary.skipped} skipped`);
  if (summary.errors > 0) parts.push(`${counted(summary.errors, 'file')} with an error`);
  return parts.join(', ');
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
