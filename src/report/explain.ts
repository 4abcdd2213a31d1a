// Room: report/. --explain: which transform made each hunk, why and on what evidence; what would allow each skip.
import type { StructuredPatchHunk } from 'diff';
import type { Evidence } from '../facts/types.ts';
import type { Applied, Provenance, Skipped } from '../types.ts';
import type { Palette } from './colour.ts';
import { hunkHeader, hunksOf, patchOf } from './diff.ts';
import { paintPatch } from './paint.ts';
import type { FileReport } from './types.ts';
import { visible } from './visible.ts';

/** The diff of the Dockerfile hunk by hunk, each with what made it; then the files of the context. */
export function explainedDiff(report: FileReport, palette: Palette): string {
  const { result } = report;
  if (!result) return '';
  const hunks = hunksOf(result.source, result.output);
  const told = new Set<string>();
  const parts = hunks.map((hunk) => {
    const ids = idsOf(hunk, result.provenance);
    for (const id of ids) told.add(id);
    const patch = [hunkHeader(hunk), ...hunk.lines, ''].join('\n');
    return paintPatch(patch, palette) + reasons(ids, result.applied, report, palette);
  });
  const rest = result.applied.filter((one) => !told.has(one.transform)).map((one) => one.transform);
  const files = report.files.map((file) => paintPatch(patchOf([{ ...file, path: file.patchPath }]), palette));
  const filesExplained = files.join('') + reasons([...new Set(rest)], result.applied, report, palette);
  return parts.join('') + filesExplained;
}

/** The transforms that wrote or removed a line of this hunk, in the order of the lines. */
export function idsOf(hunk: StructuredPatchHunk, provenance: Provenance): string[] {
  const ids = new Set<string>();
  let [oldLine, newLine] = [hunk.oldStart, hunk.newStart];
  for (const line of hunk.lines) {
    if (line.startsWith('-')) for (const id of provenance.removed[oldLine - 1] ?? []) ids.add(id);
    if (line.startsWith('+')) for (const id of provenance.added[newLine - 1] ?? []) ids.add(id);
    if (line.startsWith('-') || line.startsWith(' ')) oldLine += 1;
    if (line.startsWith('+') || line.startsWith(' ')) newLine += 1;
  }
  return [...ids];
}

/** What was done and why, for these transforms. */
export function reasons(ids: readonly string[], applied: readonly Applied[], report: FileReport, palette: Palette): string {
  const lines = ids
    .flatMap((id) => applied.filter((one) => one.transform === id))
    .flatMap((one) => [
      `  ${palette.green('✓')} ${palette.bold(visible(one.transform))} (${one.safety}): ${visible(one.title)}`,
      `    why: ${visible(one.why)}`,
      ...one.evidence.map((evidence) => `    ${evidenceText(evidence, report)}`),
    ]);
  return lines.map((line) => `${line}\n`).join('');
}

/** One skip: a line; explained, also its id, its evidence and what would allow it. */
export function skipLines(
  skip: Skipped,
  report: FileReport,
  { detail, palette }: { detail: 'short' | 'explain'; palette: Palette },
): string[] {
  const line = `${palette.yellow('–')} ${palette.bold(visible(skip.transform))}: ${visible(skip.message)} (line ${skip.line})`;
  if (detail === 'short') return [line];
  return [
    line,
    `    skip: ${visible(skip.reason)}`,
    ...(skip.evidence ?? []).map((evidence) => `    ${evidenceText(evidence, report)}`),
    ...(skip.allow === undefined ? [] : [`    to allow it: ${visible(skip.allow)}`]),
  ];
}

function evidenceText(evidence: Evidence, report: FileReport): string {
  const file = evidence.file === 'Dockerfile' ? report.path : evidence.file;
  return `${visible(file)}${evidence.line === undefined ? '' : `:${evidence.line}`}: ${visible(evidence.says)}`;
}
