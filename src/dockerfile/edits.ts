// Room: dockerfile/. Edits: text replacements by offset, all applied together; and the history that tells where each character came from.
import { oncePer } from '../once.ts';
import type { Span } from './types.ts';

/** New text, written with '\n' (it takes the file's line end when applied), or a slice of the current text that moves or is repeated. */
export type Piece = string | Span;

/** Replace `start`…`end` (offsets into the current text) by `text`. An empty range inserts. */
export interface Edit extends Span {
  text: Piece[];
}

/** Where a run of characters of the current text came from. */
export interface Segment {
  length: number;
  /** Offset in the original text of its first character; undefined for text that a transform wrote. */
  origin: number | undefined;
  /** Ids of the transforms that wrote or moved it; empty for what was never touched. */
  by: string[];
}
/** The current text as segments, and what was taken out of the original text by whom. */
export interface History {
  segments: Segment[];
  removed: (Span & { by: string })[];
}

export const startHistory = (source: string): History => ({ segments: [{ length: source.length, origin: 0, by: [] }], removed: [] });

/** Two edits that touch the same text, or an edit outside it: an error of ours, the transform is taken back. */
export interface EditConflict {
  conflict: string;
}

const ordered = (edits: readonly Edit[]): Edit[] =>
  edits
    .map((edit, i) => ({ edit, i }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.i - b.i)
    .map(({ edit }) => edit);

/** The conflict among edits, if there is one. Insertions at one point keep the order in which they were given. */
export function conflictOf(edits: readonly Edit[], length: number): EditConflict | undefined {
  let last = 0;
  for (const edit of ordered(edits)) {
    if (edit.start > edit.end || edit.end > length) return { conflict: `edit ${edit.start}…${edit.end} lies outside the text (${length})` };
    if (edit.start < last) return { conflict: `edits overlap at offset ${edit.start}` };
    last = edit.end;
  }
  return undefined;
}

const render = (piece: Piece, source: string, eol: string): string =>
  typeof piece === 'string' ? piece.replaceAll('\n', eol) : source.slice(piece.start, piece.end);

/**
 * Applies edits to a text. In: the text, edits (not overlapping), the line end of the file, who makes them and the history so far.
 * Out: the new text and history, or the conflict (nothing applied). Outside the edits every character stays.
 */
export function applyEdits(
  source: string,
  edits: readonly Edit[],
  eol: string,
  by: string,
  history: History,
): { text: string; history: History } | EditConflict {
  const conflict = conflictOf(edits, source.length);
  if (conflict) return conflict;
  const texts: string[] = [];
  const segments: Segment[] = [];
  const removed = [...history.removed];
  let at = 0;
  for (const edit of ordered(edits)) {
    texts.push(source.slice(at, edit.start), ...edit.text.map((piece) => render(piece, source, eol)));
    segments.push(...cut(history.segments, at, edit.start));
    for (const piece of edit.text) segments.push(...written(piece, source, eol, by, history));
    for (const segment of cut(history.segments, edit.start, edit.end))
      if (segment.origin !== undefined) removed.push({ start: segment.origin, end: segment.origin + segment.length, by });
    at = edit.end;
  }
  segments.push(...cut(history.segments, at, source.length));
  texts.push(source.slice(at));
  return { text: texts.join(''), history: { segments: segments.filter((s) => s.length > 0), removed } };
}

/** The ranges of a text that edits leave in it, or bring to another place. In: edits without a conflict. */
export function rangesKept(edits: readonly Edit[], length: number): Span[] {
  const kept: Span[] = [];
  let at = 0;
  for (const { start, end, text } of ordered(edits)) {
    kept.push({ start: at, end: start }, ...text.filter((piece) => typeof piece !== 'string'));
    at = end;
  }
  return [...kept, { start: at, end: length }].filter(({ start, end }) => end > start);
}

function written(piece: Piece, source: string, eol: string, by: string, history: History): Segment[] {
  if (typeof piece === 'string') return [{ length: render(piece, source, eol).length, origin: undefined, by: [by] }];
  return cut(history.segments, piece.start, piece.end).map((segment) => ({ ...segment, by: [...new Set([...segment.by, by])] }));
}

function cut(segments: readonly Segment[], start: number, end: number): Segment[] {
  const starts = startsOf(segments);
  const out: Segment[] = [];
  for (let n = lastAtOrBelow(starts, start); n < segments.length; n += 1) {
    const segment = segments[n] as Segment;
    const at = starts[n] ?? 0;
    if (at >= end) break;
    const from = Math.max(start, at);
    const to = Math.min(end, at + segment.length);
    if (to > from)
      out.push({ length: to - from, origin: segment.origin === undefined ? undefined : segment.origin + from - at, by: segment.by });
  }
  return out;
}

/** Where each segment starts in the current text. */
const startsOf = oncePer((segments: readonly Segment[]): number[] => {
  let at = 0;
  return segments.map(({ length }) => (at += length) - length);
});

/** The index of the last of the rising numbers that is at most `value`; 0 when none is. */
function lastAtOrBelow(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Tells the original offset of an offset of the current text; for written text, that of the nearest original text before it (0 when none). */
export function originsOf({ segments }: History): (offset: number) => number {
  const starts = startsOf(segments);
  let last = -1;
  const withOrigin = segments.map(({ origin }, n) => (origin === undefined ? last : (last = n)));
  return (offset) => {
    const n = withOrigin[lastAtOrBelow(starts, offset)] ?? -1;
    const { origin, length } = segments[n] ?? { origin: undefined, length: 0 };
    return origin === undefined ? 0 : origin + Math.min(offset - (starts[n] ?? 0), Math.max(length - 1, 0));
  };
}

/** The lines of a text, each known by its number (from 1) and by its offsets. */
export interface Lines {
  lineAt(offset: number): number;
  startOf(line: number): number;
}
export function linesOf(text: string): Lines {
  const { starts } = lines(text);
  return {
    lineAt: (offset) => lastAtOrBelow(starts, offset) + 1,
    startOf: (line) => starts[Math.max(line - 1, 0) % starts.length] ?? 0,
  };
}

/** For each line of the text, the transforms that wrote something of it; for each line of the original, those that removed something of it. */
export function provenanceOf(original: string, text: string, history: History): { added: string[][]; removed: string[][] } {
  const added = lines(text);
  let at = 0;
  for (const segment of history.segments) {
    if (segment.by.length > 0) mark(added, at, at + segment.length, segment.by);
    at += segment.length;
  }
  const removed = lines(original);
  for (const span of history.removed) mark(removed, span.start, span.end, [span.by]);
  return { added: added.by, removed: removed.by };
}

function lines(text: string): { starts: number[]; by: string[][] } {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return { starts, by: starts.map(() => []) };
}
function mark(table: { starts: number[]; by: string[][] }, start: number, end: number, ids: readonly string[]): void {
  for (let i = lastAtOrBelow(table.starts, start); i < table.starts.length && (table.starts[i] ?? 0) < end; i += 1) {
    const line = table.by[i];
    for (const id of ids) if (line && !line.includes(id)) line.push(id);
  }
}
