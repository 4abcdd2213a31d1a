// Room: report/. Two texts side by side: lines that stayed, changed, went and came, in rows.
import { diffArrays, diffWordsWithSpace } from 'diff';

/** A part of a line; `changed` parts are not in the other one. */
export interface Part {
  text: string;
  changed: boolean;
}
export interface Line {
  number: number;
  parts: readonly Part[];
}
export interface Row {
  kind: 'same' | 'changed' | 'removed' | 'added';
  /** Undefined: nothing stands there. */
  before: Line | undefined;
  after: Line | undefined;
}

/** Above so many edits the texts are told one after the other: Myers' algorithm costs lines × edits. */
const maxEdits = 2000;
/** Pairs of lines that are compared to find which became which, for one changed region. */
const maxPairs = 10_000;
/** Lines with less in common are two lines, not one that changed. */
const alike = 0.4;

/** Rows of both texts, every line of each exactly once and in its order. */
export function sideBySide(before: string, after: string): Row[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const regions = diffArrays(old, now, { maxEditLength: maxEdits }) ?? [
    { value: old, removed: true, added: false },
    { value: now, removed: false, added: true },
  ];
  const rows: Row[] = [];
  let at = { before: 1, after: 1 };
  for (let i = 0; i < regions.length; i++) {
    const region = regions[i];
    if (!region) continue;
    if (!region.removed && !region.added) {
      rows.push(...region.value.map((text, n) => same(text, at.before + n, at.after + n)));
      at = { before: at.before + region.value.length, after: at.after + region.value.length };
      continue;
    }
    const next = regions[i + 1];
    const [removed, added] = region.removed ? [region.value, next?.added ? next.value : []] : [[], region.value];
    if (region.removed && next?.added) i += 1;
    rows.push(...changedRows(removed, added, at));
    at = { before: at.before + removed.length, after: at.after + added.length };
  }
  return rows;
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

const whole = (text: string, number: number): Line => ({ number, parts: [{ text, changed: false }] });
const same = (text: string, before: number, after: number): Row => ({
  kind: 'same',
  before: whole(text, before),
  after: whole(text, after),
});

function changedRows(removed: readonly string[], added: readonly string[], at: { before: number; after: number }): Row[] {
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  const upTo = (endI: number, endJ: number): void => {
    for (; i < endI; i++) rows.push({ kind: 'removed', before: whole(removed[i] ?? '', at.before + i), after: undefined });
    for (; j < endJ; j++) rows.push({ kind: 'added', before: undefined, after: whole(added[j] ?? '', at.after + j) });
  };
  for (const [pairI, pairJ] of pairs(removed, added)) {
    upTo(pairI, pairJ);
    rows.push(changed(removed[i] ?? '', added[j] ?? '', at.before + i, at.after + j));
    i += 1;
    j += 1;
  }
  upTo(removed.length, added.length);
  return rows;
}

function changed(before: string, after: string, beforeLine: number, afterLine: number): Row {
  const parts = diffWordsWithSpace(before, after);
  const side = (other: 'added' | 'removed'): Part[] =>
    parts.filter((part) => !part[other]).map((part) => ({ text: part.value, changed: part.added || part.removed }));
  return { kind: 'changed', before: { number: beforeLine, parts: side('added') }, after: { number: afterLine, parts: side('removed') } };
}

/** Which removed line became which added line: in order, with the largest likeness in all (as edit distance is computed). */
function pairs(removed: readonly string[], added: readonly string[]): [number, number][] {
  if (removed.length * added.length > maxPairs) return [];
  const words = { removed: removed.map(wordsOf), added: added.map(wordsOf) };
  const likeness = (i: number, j: number): number => dice(words.removed[i] ?? new Set(), words.added[j] ?? new Set());
  const best = Array.from({ length: removed.length + 1 }, () => new Float64Array(added.length + 1));
  const value = (i: number, j: number): number => best[i]?.[j] ?? 0;
  const paired = (i: number, j: number): number => {
    const like = likeness(i, j);
    return like < alike ? -1 : like + value(i + 1, j + 1);
  };
  for (let i = removed.length - 1; i >= 0; i--) {
    for (let j = added.length - 1; j >= 0; j--) {
      const row = best[i];
      if (row) row[j] = Math.max(value(i + 1, j), value(i, j + 1), paired(i, j));
    }
  }
  const found: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < removed.length && j < added.length) {
    if (paired(i, j) >= Math.max(value(i + 1, j), value(i, j + 1)) && value(i, j) > 0) found.push([i++, j++]);
    else if (value(i + 1, j) >= value(i, j + 1)) i += 1;
    else j += 1;
  }
  return found;
}

const wordsOf = (line: string): Set<string> => new Set(line.split(/[^\w./-]+/).filter((word) => word !== ''));

/** Sørensen–Dice coefficient of two sets of words. */
function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 0;
  return (2 * [...a].filter((word) => b.has(word)).length) / (a.size + b.size);
}
