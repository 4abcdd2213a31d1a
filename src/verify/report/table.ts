// Room: verify/report/. What `verify` found, for a terminal: a block for each Dockerfile, 80 columns wide.
import type { Check, Difference, FileVerification, Outcome, RolledBack, VerifyResult } from '../types.ts';
import { coloured, plain, type Palette } from '../../report/colour.ts';
import { secondsText } from '../../report/quantity.ts';
import { checkTexts, outcomeTexts } from './checks.ts';
import { diffOfVerification, isKept } from './json.ts';
import { ladderTold } from './ladder.ts';
import { measureRows, type MeasureRow } from './measures.ts';
import { visible, visibleLines } from '../../report/visible.ts';
import { wrap } from '../../report/wrap.ts';

export interface VerifyTableOptions {
  colour: 'always' | 'never';
  /** Flags of this run that change what is rewritten (`--level max`): they belong to the command that shows it again. */
  flags?: readonly string[];
  /** `--verify`: whether what passed was written. With `dry-run` its patch is shown. */
  writing?: 'written' | 'dry-run';
}

type Paint = (text: string) => string;
const columns = 80;
/** Where text begins behind the mark and the id of a check: the longest id and two blanks. */
const gutter = 4 + Math.max(...Object.keys(checkTexts).map((id) => id.length)) + 2;
const logLines = 8;

/** The whole report; it ends with a line break. No control character of a repository, an image or a log is in it. */
export function verifyTable(result: VerifyResult, options: VerifyTableOptions): string {
  const palette = options.colour === 'always' ? coloured : plain;
  const blocks = result.files.map((file) =>
    block(file, options, palette)
      .map((line) => `${line.trimEnd()}\n`)
      .join(''),
  );
  return [...blocks, ...writingBlocks(result, options), `${palette.bold(summary(result))}\n`].join('\n');
}

/** What became of the files on the disk. */
function writingBlocks({ files }: VerifyResult, { writing }: VerifyTableOptions): string[] {
  if (writing === undefined) return [];
  const kept = files.filter(isKept).filter((file) => diffOfVerification(file) !== '');
  if (kept.length === 0) return ['Nothing was written: there is nothing that passed.\n'];
  if (writing === 'dry-run')
    return [...kept.map((file) => visibleLines(diffOfVerification(file))), 'This would be written; nothing was.\n'];
  const paths = kept.flatMap(({ path, before, after, report }) => [
    ...(before === after ? [] : [path]),
    ...(report?.files ?? []).filter((one) => one.before !== one.after).map((one) => one.path),
  ]);
  return [`${indented(`Written: ${visible(paths.join(', '))}`, 0, { hanging: 9 }).join('\n')}\n`];
}

/** "2 Dockerfiles with Docker 28.2.2: 1 verified, 1 partly verified". */
function summary({ files, engine }: VerifyResult): string {
  const counts = Object.entries(outcomeTexts).flatMap(([outcome, { title }]) => {
    const count = files.filter((file) => file.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${title}`];
  });
  const by = engine === undefined ? '' : ` with ${visible(engine)}`;
  return `${files.length} Dockerfile${files.length === 1 ? '' : 's'}${by}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`;
}

function block(file: FileVerification, options: VerifyTableOptions, palette: Palette): string[] {
  const { title, means } = outcomeTexts[file.outcome];
  const context = file.context === undefined ? '' : palette.dim(` (context ${visible(file.context)})`);
  const parts: string[][] = [
    [
      `${palette.bold(visible(file.path))}${context}`,
      `  ${outcomePaint(file.outcome, palette)(title)}${palette.dim(`, in ${secondsText(file.seconds)}`)}`,
      ...indented(means, 2),
    ],
    leftAloneLines(file),
    problemLines(file, palette),
    file.checks.flatMap((check) => checkLines(check, palette)),
    isKept(file) ? measureLines(measureRows(file), palette) : [],
    file.applied.length > 0 ? indented(`kept: ${visible(file.applied.join(', '))}`, 2, { hanging: 8 }) : [],
    ladderLines(file, palette),
    file.rolledBack.flatMap((one) => rolledBackLines(one, file, options, palette)),
  ];
  return parts.filter((part) => part.length > 0).flatMap((part, i) => (i === 0 ? part : ['', ...part]));
}

function outcomePaint(outcome: Outcome, palette: Palette): Paint {
  if (outcome === 'verified') return palette.green;
  return outcome === 'unchanged' ? palette.dim : outcome === 'partly-verified' ? palette.yellow : palette.red;
}

function problemLines({ problem }: FileVerification, palette: Palette): string[] {
  if (!problem) return [];
  const hint = problem.hint === undefined ? [] : indented(visible(problem.hint), 2);
  return [...indented(visible(problem.message), 2, { paint: palette.red }), ...hint, ...logOf(problem.log, 2, palette)];
}

/** Why nothing was rewritten, where that is not the Dockerfile's: the repository's own file says so. */
const leftAloneLines = ({ outcome, report }: FileVerification): string[] =>
  outcome === 'unchanged' ? (report?.skipped ?? []).flatMap(({ message }) => indented(visible(message), 2)) : [];

const marks: Readonly<Record<Check['outcome'], string>> = { passed: '✓', failed: '✗', warned: '!', 'not-checked': '–' };
function markPaint(outcome: Check['outcome'], palette: Palette): Paint {
  return { passed: palette.green, failed: palette.red, warned: palette.yellow, 'not-checked': palette.dim }[outcome];
}

function checkLines(check: Check, palette: Palette): string[] {
  const paint = markPaint(check.outcome, palette);
  const head = `  ${paint(marks[check.outcome])} ${palette.bold(check.id.padEnd(gutter - 4))}`;
  const quiet = check.outcome === 'not-checked' ? palette.dim : (text: string): string => text;
  const [first = '', ...more] = wrap(visible(check.detail), columns - gutter);
  return [
    `${head}${quiet(first)}`,
    ...more.map((line) => `${' '.repeat(gutter)}${quiet(line)}`),
    ...differencesOf(check, palette),
    ...(check.outcome === 'failed' && check.log !== undefined ? logOf(check.log, gutter, palette) : []),
  ];
}

/** From so many expected differences with one reason on, they are told by their names alone. */
const many = 3;

function differencesOf({ differences }: Check, palette: Palette): string[] {
  const reasons = [...new Set(differences.map((one) => one.expected))];
  return reasons.flatMap((reason) => {
    const alike = differences.filter((one) => one.expected === reason);
    if (reason === undefined || alike.length < many) return alike.flatMap((one) => differenceLines(one, palette));
    const names = visible(alike.map((one) => one.what).join(', '));
    return indented(`${names} (expected: ${visible(reason)})`, gutter, { paint: palette.dim, hanging: gutter + 2 });
  });
}

function differenceLines({ what, before, after, expected }: Difference, palette: Palette): string[] {
  const paint = expected === undefined ? (text: string): string => text : palette.dim;
  const reason = expected === undefined ? '' : ` (expected: ${visible(expected)})`;
  return indented(`${visible(what)}: ${cut(before)} → ${cut(after)}${reason}`, gutter, { paint, hanging: gutter + 2 });
}

// A value of a configuration or a line of an answer may be as long as one likes.
const cut = (text: string): string => {
  const shown = [...visible(text)];
  return shown.length > 160 ? `${shown.slice(0, 160).join('')}…` : shown.join('');
};

function measureLines(rows: readonly MeasureRow[], palette: Palette): string[] {
  if (rows.length === 0) return [];
  const label = 2 + Math.max(...rows.map((row) => row.label.length)) + 2;
  const width = 13;
  const cells = (before: string, after: string, change: string): string => before.padEnd(width) + after.padEnd(width) + change;
  const lines = rows.flatMap((row) => [
    `  ${row.label.padEnd(label - 2)}${cells(row.before, row.after, row.change ?? '')}`,
    ...(row.note === undefined ? [] : indented(visible(row.note), label, { paint: palette.dim })),
  ]);
  return [palette.dim(' '.repeat(label) + cells('before', 'after', 'change')), ...lines];
}

/** What was tried, the smallest first. */
function ladderLines({ ladder }: FileVerification, palette: Palette): string[] {
  const told = ladderTold(ladder);
  if (told.length === 0) return [];
  const title = Math.max(...told.map((step) => step.title.length)) + 2;
  const lines = told.flatMap((step) => {
    const [mark, paint] = {
      stands: ['✓', palette.green],
      failed: ['✗', palette.red],
      larger: ['–', palette.dim],
      'not-possible': ['–', palette.dim],
    }[step.outcome] as [string, Paint];
    const [first = '', ...more] = wrap(visible(step.says), columns - 4 - title);
    return [`  ${paint(mark)} ${step.title.padEnd(title)}${first}`, ...more.map((line) => `${' '.repeat(4 + title)}${line}`)];
  });
  return [palette.dim('  tried, the smallest image first:'), ...lines];
}

function rolledBackLines(one: RolledBack, file: FileVerification, { flags = [] }: VerifyTableOptions, palette: Palette): string[] {
  const only = [...file.applied, one.transform].join(',');
  const again = ['dockerfile-mod', 'verify', quoted(file.path), '--only', quoted(only), ...flags].join(' ');
  return [
    `  ${palette.red('✗')} ${palette.bold(visible(one.transform))} was taken back: ${checkTexts[one.check].title}`,
    ...indented(visible(one.reason), 4),
    ...one.causes.flatMap((cause) => indented(`because of ${visible(cause)}`, 4, { hanging: 6 })),
    ...logOf(one.log, 4, palette),
    // Not wrapped: it is there to be copied.
    `    ${palette.dim('to see it again:')} ${visible(again)}`,
  ];
}

/** A word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function logOf(log: string, indent: number, palette: Palette): string[] {
  const lines = visibleLines(log)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.replaceAll('\t', '    '));
  const bar = `${' '.repeat(indent)}│ `;
  return lines.slice(-logLines).flatMap((line) => wrap(line, columns - indent - 2).map((part) => palette.dim(bar + part)));
}

function indented(text: string, indent: number, { paint, hanging = indent }: { paint?: Paint; hanging?: number } = {}): string[] {
  return wrap(text, columns - hanging).map((line, i) => ' '.repeat(i === 0 ? indent : hanging) + (paint ? paint(line) : line));
}
