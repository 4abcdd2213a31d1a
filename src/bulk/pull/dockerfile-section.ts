// Room: bulk/. What a body says of one Dockerfile: before and after, each change with its reason, what to look at, what was left.
import type { Core, Outline } from '../../checkout/types.ts';
import { isChanged, type FileReport } from '../../report/types.ts';
import type { Applied, Note, Skipped } from '../../types.ts';
import { checkFor } from './checks-for-people.ts';
import { code, prose } from '../../report/neutral.ts';

/** How much is said: `short` leaves out evidence and everything collapsed, `least` all but the summary. */
export type Detail = 'full' | 'short' | 'least';

/** Lines of one kind that are listed for one Dockerfile. */
const maxLines = 25;
/** Places named as evidence for one change. */
const maxEvidence = 4;

/** A Dockerfile that changes: heading, table, changes. Markdown. */
export function changeSection(report: FileReport, outline: Core['outline'], detail: Detail): string {
  const { result } = report;
  if (!result) return '';
  const applied = limited(result.applied.map((one) => appliedLine(one, report, detail)));
  return [`### ${code(report.patchPath)}`, table(outline(result.source), outline(result.output)), applied, filesLine(report)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function appliedLine(one: Applied, report: FileReport, detail: Detail): string {
  const places = detail === 'full' ? evidence(one, report) : '';
  return `- **${prose(one.title)}** (${code(one.transform)}, ${one.safety}): ${prose(one.why)}${places}`;
}

function evidence(one: Applied, report: FileReport): string {
  const names = one.evidence.map(({ file, line }) => {
    const path = file === 'Dockerfile' ? report.patchPath : file;
    return code(line === undefined ? path : `${path}:${line}`);
  });
  const places = [...new Set(names)];
  if (places.length === 0) return '';
  const more = places.length > maxEvidence ? ` and ${places.length - maxEvidence} more` : '';
  return ` (from ${places.slice(0, maxEvidence).join(', ')}${more})`;
}

/** Before → after; only rows that say something, '' when neither text could be read. */
function table(before: Outline | undefined, after: Outline | undefined): string {
  if (!before || !after) return '';
  const rows: [string, string, string][] = [
    ['Stages', String(before.stages), String(after.stages)],
    ['Base image', code(before.base), code(after.base)],
    ['Cache mounts', String(before.cacheMounts), String(after.cacheMounts)],
    ['User', userCell(before), userCell(after)],
  ];
  const changed = rows.filter(([, was, is]) => was !== is);
  if (changed.length === 0) return '';
  return ['| | before | after |', '| --- | --- | --- |', ...changed.map(([name, was, is]) => `| ${name} | ${was} | ${is} |`)].join('\n');
}

const userCell = (outline: Outline): string => (outline.user === undefined ? 'of the base image' : code(outline.user));

function filesLine(report: FileReport): string {
  const files = report.files.filter((file) => file.before !== file.after);
  if (files.length === 0) return '';
  const named = files.slice(0, maxLines).map((file) => `${code(file.patchPath)} (${file.before === undefined ? 'new' : 'changed'})`);
  return `With it: ${named.join(', ')}.`;
}

/** What a reviewer should look at: changes marked review or risky, and notes. One Markdown list item each; the file is named when there are several. */
export function checkLines(report: FileReport, among: number): string[] {
  if (!report.result || report.error || !isChanged(report)) return [];
  const where = among > 1 ? `${code(report.patchPath)}: ` : '';
  const changes = report.result.applied
    .filter((one) => one.safety !== 'safe')
    .map((one) => `- ${where}${code(one.transform)}${one.safety === 'risky' ? ' (**risky**)' : ''}: ${checkFor(one.transform)}`);
  const notes = [...report.result.notes, ...report.notes].map((note) => `- ${where}${prose(note.message)}${lineOf(note)}`);
  return [...changes, ...notes.slice(0, maxLines)];
}

const lineOf = ({ line }: Note): string => (line === undefined ? '' : ` (line ${line})`);

/** What was left as it was, with what would allow it; errors too. One list item each. */
export function leftLines(report: FileReport): string[] {
  const where = code(report.patchPath);
  if (report.error) return [`- ${where}: could not be read: ${prose(report.error.message)}`];
  return skipsOf(report)
    .slice(0, maxLines)
    .map((skip) => {
      const allow = skip.allow === undefined ? '' : ` To allow it: ${prose(skip.allow)}`;
      const message = prose(skip.message.replace(/[\s.]+$/, ''));
      return `- ${where}, line ${skip.line}: ${code(skip.transform)} (${code(skip.reason)}): ${message}.${allow}`;
    });
}

const skipsOf = (report: FileReport): Skipped[] => [...(report.result?.skipped ?? []), ...report.skipped];

/** A list that ends: the first `maxLines`, then how many there are more. */
function limited(lines: readonly string[]): string {
  const more = lines.length > maxLines ? [`- and ${lines.length - maxLines} more`] : [];
  return [...lines.slice(0, maxLines), ...more].join('\n');
}
