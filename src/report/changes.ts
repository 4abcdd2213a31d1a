// Room: report/. The changed places of a text, as tools take them that show or apply a change: lines, columns, new text byte for byte.
import { hunksOf } from './diff.ts';
import { idsOf } from './explain.ts';
import type { FileReport } from './types.ts';

/** Lines of the old text, from `start`; `count` 0: something comes before that line. */
export interface Replacement {
  start: number;
  count: number;
  /** Where the replaced text ends: the beginning of the next line, or behind the last letter of the text. */
  end: { line: number; column: number };
  text: string;
}

/** One hunk of a Dockerfile with what made it. */
export interface ChangedPlace {
  /** Transforms, in the order of the lines. */
  ids: string[];
  /** Lines of the original that the hunk is about. */
  from: number;
  to: number;
  replacements: Replacement[];
}

/** The hunks of a Dockerfile; none where nothing changes. */
export function changedPlaces({ result }: FileReport): ChangedPlace[] {
  if (!result || result.source === result.output) return [];
  return hunksOf(result.source, result.output).map((hunk) => {
    const replacements = replacementsOf(hunk, result.source, result.output);
    const [first] = replacements;
    const last = replacements.at(-1);
    const from = first?.start ?? hunk.oldStart;
    const to = last ? Math.max(last.start, last.start + last.count - 1) : from;
    const lines = linesOf(result.source).length;
    return { ids: idsOf(hunk, result.provenance), from: within(from, lines), to: within(to, lines), replacements };
  });
}

/** A text that changes as a whole, such as an ignore file. */
export function replacementsBetween(before: string, after: string): Replacement[] {
  return before === after ? [] : hunksOf(before, after).flatMap((hunk) => replacementsOf(hunk, before, after));
}

const within = (line: number, lines: number): number => Math.min(Math.max(1, line), Math.max(1, lines));

type Hunk = ReturnType<typeof hunksOf>[number];

function replacementsOf(hunk: Hunk, before: string, after: string): Replacement[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const found: Replacement[] = [];
  let [oldLine, newLine] = [
    hunk.oldLines === 0 ? hunk.oldStart + 1 : hunk.oldStart,
    hunk.newLines === 0 ? hunk.newStart + 1 : hunk.newStart,
  ];
  let run: { old: number; now: number } | undefined;
  const close = (): void => {
    if (!run) return;
    const count = oldLine - run.old;
    found.push({ start: run.old, count, end: endOf(old, run.old, count), text: now.slice(run.now - 1, newLine - 1).join('') });
    run = undefined;
  };
  for (const line of hunk.lines) {
    if (line.startsWith('\\')) continue;
    if (line.startsWith(' ')) close();
    else run ??= { old: oldLine, now: newLine };
    if (!line.startsWith('+')) oldLine += 1;
    if (!line.startsWith('-')) newLine += 1;
  }
  close();
  return found;
}

function endOf(old: readonly string[], start: number, count: number): Replacement['end'] {
  const last = old[start + count - 2];
  const isCut = count > 0 && start + count - 1 === old.length && last !== undefined && !last.endsWith('\n');
  return isCut ? { line: start + count - 1, column: last.length + 1 } : { line: start + count, column: 1 };
}

/** Each with its line end. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
