// Room: report/. The output for people: the diff in colour, one line for each transform and each skip, a summary.
import { coloured, plain, type Palette } from './colour.ts';
import { explainedDiff, skipLines } from './explain.ts';
import { diffOfReport } from './json.ts';
import { paintPatch } from './paint.ts';
import { allSkips, sentenceOf, summaryOf, type Mode } from './summary.ts';
import { isChanged, type FileReport, type Problem } from './types.ts';
import { visible } from './visible.ts';

export interface PrettyOptions {
  colour: 'always' | 'never';
  mode: Mode;
  detail: 'short' | 'explain';
}

/** The whole report; it ends with a line break. No control character of a repository's content is in it. */
export function pretty(reports: readonly FileReport[], options: PrettyOptions): string {
  const palette = paletteOf(options.colour);
  const told = reports.map((report) => tell(report, options, palette)).filter((text) => text !== '');
  const summary = summaryOf(reports);
  const sentence = sentenceOf(summary, options.mode);
  return [...told, `${palette.bold(sentence)}\n`].join('\n');
}

/** `path:line:column: message` and what to do next, for the error stream. */
export function problemText(problem: Problem, colour: PrettyOptions['colour']): string {
  const palette = paletteOf(colour);
  const where = `${visible(problem.path)}:${problem.line}:${problem.column}:`;
  const hint = problem.hint === undefined ? '' : `  ${visible(problem.hint)}\n`;
  return `${palette.bold(where)} ${palette.red(visible(problem.message))}\n${hint}`;
}

const paletteOf = (colour: PrettyOptions['colour']): Palette => (colour === 'always' ? coloured : plain);

/** What is said of one Dockerfile; '' when there is nothing to say. Errors are told on the error stream. */
function tell(report: FileReport, { detail }: PrettyOptions, palette: Palette): string {
  if (!report.result || report.error) return '';
  const applied = report.result.applied.map((one) => `${palette.green('✓')} ${palette.bold(visible(one.transform))} — ${visible(one.why)}`);
  const skips = allSkips(report).flatMap((skip) => skipLines(skip, report, { detail, palette }));
  const notes = [...report.result.notes, ...report.notes].map(
    (note) => `${palette.cyan('note:')} ${visible(note.message)}${note.line === undefined ? '' : ` (line ${note.line})`}`,
  );
  const lines = [...(detail === 'explain' ? [] : applied), ...skips, ...notes];
  if (lines.length === 0 && !isChanged(report)) return '';
  const context = report.context === undefined ? '' : palette.dim(` (context ${visible(report.context)})`);
  const diff = detail === 'explain' ? explainedDiff(report, palette) : paintPatch(diffOfReport(report), palette);
  return `${palette.bold(visible(report.path))}${context}\n${diff}${lines.map((line) => `${line}\n`).join('')}`;
}
