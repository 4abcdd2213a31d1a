// Room: report/. The JSON document of a run. Only types come from the schema: zod is not loaded to print.
import { patchOf } from './diff.ts';
import type { Evidence } from '../facts/types.ts';
import type { Applied, Note, Skipped } from '../types.ts';
import type { ResultDocument } from './schema.ts';
import { allSkips, summaryOf } from './summary.ts';
import { isChanged, type FileReport } from './types.ts';

type FileDocument = ResultDocument['files'][number];

/** What `--format json` prints, as data. */
export function documentOf(version: string, reports: readonly FileReport[]): ResultDocument {
  return { version, files: reports.map(fileDocument), summary: summaryOf(reports) };
}

function fileDocument(report: FileReport): FileDocument {
  const { path, result, error } = report;
  const written = error ? [] : report.files;
  const after = error ? report.source : (result?.output ?? report.source);
  return {
    path,
    context: report.context ?? null,
    changed: isChanged(report),
    before: report.source ?? null,
    after: after ?? null,
    diff: error ? '' : diffOfReport(report),
    created: written.flatMap((file) => (file.before === undefined ? [{ path: file.path, content: file.after }] : [])),
    updated: written.flatMap(({ path: at, before, after: now }) => (before === undefined ? [] : [{ path: at, before, after: now }])),
    applied: error ? [] : (result?.applied ?? []).map(appliedDocument),
    skipped: allSkips(report).map(skipDocument),
    notes: [...(result?.notes ?? []), ...report.notes].map(noteDocument),
    ...(error
      ? {
          error: {
            message: error.message,
            line: error.line,
            column: error.column,
            ...(error.hint === undefined ? {} : { hint: error.hint }),
          },
        }
      : {}),
  };
}

/** The patch of one report: the Dockerfile, then the files of the context. */
export function diffOfReport(report: FileReport): string {
  if (!report.result || report.error) return '';
  const { source, output } = report.result;
  return patchOf([
    { path: report.patchPath, before: source, after: output },
    ...report.files.map((file) => ({ path: file.patchPath, before: file.before, after: file.after })),
  ]);
}

/** One patch of them all: from the root of their repository; where there are several, from the working directory, so that no path is there twice. */
export function diffOfReports(reports: readonly FileReport[]): string {
  const changed = reports.filter(isChanged);
  const roots = new Set(changed.map(({ path, patchPath }) => (path.endsWith(patchPath) ? path.slice(0, -patchPath.length) : path)));
  if (roots.size <= 1) return changed.map(diffOfReport).join('');
  const fromHere = (path: string): string => path.replace(/^\/+/, '');
  return changed
    .map((report) => ({
      ...report,
      patchPath: fromHere(report.path),
      files: report.files.map((file) => ({ ...file, patchPath: fromHere(file.path) })),
    }))
    .map(diffOfReport)
    .join('');
}

// Field by field: what the core adds to its types later does not enter a published document by itself.
const evidenceDocument = ({ file, line, says }: Evidence): FileDocument['applied'][number]['evidence'][number] => ({
  file,
  says,
  ...(line === undefined ? {} : { line }),
});

const appliedDocument = ({ transform, title, safety, why, evidence }: Applied): FileDocument['applied'][number] => ({
  transform,
  title,
  safety,
  why,
  evidence: evidence.map(evidenceDocument),
});

const skipDocument = ({ transform, reason, message, line, allow, evidence }: Skipped): FileDocument['skipped'][number] => ({
  transform,
  reason,
  message,
  line,
  ...(allow === undefined ? {} : { allow }),
  ...(evidence === undefined ? {} : { evidence: evidence.map(evidenceDocument) }),
});

const noteDocument = ({ transform, id, message, line }: Note): FileDocument['notes'][number] => ({
  transform,
  id,
  message,
  ...(line === undefined ? {} : { line }),
});
