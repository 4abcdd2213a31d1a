// Room: dockerfile/. Physical lines as Go's scanner cuts them, Go's idea of white space, and logical lines that know where each character came from.
import type { LogicalText, Span } from './types.ts';

/** A physical line: `start`…`end` without its line break (all trailing CR and LF), `next` just behind the break. */
export interface Line extends Span {
  next: number;
  /** From 1. */
  number: number;
}

/** Go's `unicode.IsSpace` (https://pkg.go.dev/unicode#IsSpace). U+FEFF is none of them, U+0085 is. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** The white space between the keyword and its arguments, and between words: `[\t\v\f\r ]`. Source: BuildKit, parser.go, reWhitespace. */
export const isSeparator = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0b || code === 0x0c || code === 0x0d;

/** The span without the white space at both ends (`strings.TrimSpace`). */
export function trim(text: string, start: number, end: number): Span {
  let from = start;
  let to = end;
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return { start: from, end: to };
}

/** All physical lines of a text; the byte order mark belongs to none. A lone CR ends no line. */
export function physicalLines(source: string): Line[] {
  const lines: Line[] = [];
  let start = source.startsWith('\uFEFF') ? 1 : 0;
  if (start === source.length && start > 0) return [{ start, end: start, next: start, number: 1 }];
  while (start < source.length) {
    const feed = source.indexOf('\n', start);
    const next = feed === -1 ? source.length : feed + 1;
    let end = next;
    while (end > start && (source.charCodeAt(end - 1) === 10 || source.charCodeAt(end - 1) === 13)) end -= 1;
    lines.push({ start, end, next, number: lines.length + 1 });
    start = next;
  }
  return lines;
}

/** True when the line's first character behind white space is `#`. */
export function isComment(source: string, line: Line): boolean {
  const { start } = trim(source, line.start, line.end);
  return source[start] === '#' && start < line.end;
}

/** The bytes of a code point in UTF-8. */
export function utf8(code: number): number[] {
  if (code < 0x80) return [code];
  const last = 0x80 | (code & 0x3f);
  if (code < 0x800) return [0xc0 | (code >> 6), last];
  const middle = 0x80 | ((code >> 6) & 0x3f);
  if (code < 0x10000) return [0xe0 | (code >> 12), middle, last];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), middle, last];
}

/** Go's scanner refuses a line of 65536 bytes or more (bufio.MaxScanTokenSize; BuildKit does not raise it). */
export function isTooLong(source: string, line: Line): boolean {
  if (line.next - line.start < 0x10000 / 3) return false;
  let bytes = 0;
  for (const ch of source.slice(line.start, source[line.next - 1] === '\n' ? line.next - 1 : line.next))
    bytes += utf8(ch.codePointAt(0) ?? 0).length;
  return bytes >= 0x10000;
}

/** Joins pieces of a text; `origin` is where the joined text stands when there is no piece. */
export function joinPieces(source: string, pieces: readonly Span[], origin: number): LogicalText {
  const kept = pieces.filter((piece) => piece.end > piece.start);
  const [only] = kept;
  // Most lines are one piece.
  if (only && kept.length === 1) {
    const { start, end } = only;
    return { text: source.slice(start, end), toSource: (index) => (index < end - start ? start + Math.max(index, 0) : end) };
  }
  const starts: number[] = [];
  let length = 0;
  for (const piece of kept) {
    starts.push(length);
    length += piece.end - piece.start;
  }
  const toSource = (index: number): number => {
    if (kept.length === 0) return origin;
    if (index >= length) return (kept[kept.length - 1] as Span).end;
    let low = 0;
    let high = kept.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return (kept[low] as Span).start + Math.max(index, 0) - (starts[low] ?? 0);
  };
  return { text: kept.map((piece) => source.slice(piece.start, piece.end)).join(''), toSource };
}

/** The source span of `start`…`end` of a logical text: from its first character to just behind its last. */
export function spanIn(text: LogicalText, start: number, end: number): Span {
  const from = text.toSource(start);
  return { start: from, end: end > start ? text.toSource(end - 1) + 1 : from };
}

/** A part of a logical text as a logical text of its own. */
export function partOf(text: LogicalText, start: number, end: number): LogicalText {
  const whole = spanIn(text, start, end);
  return {
    text: text.text.slice(start, end),
    toSource: (index) => (index >= end - start ? whole.end : text.toSource(start + Math.max(index, 0))),
  };
}
