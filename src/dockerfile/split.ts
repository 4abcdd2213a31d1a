// Room: dockerfile/. Keyword, leading flags and the rest of a logical line. Source: BuildKit v0.34.2, frontend/dockerfile/parser/split_command.go.
import { isSeparator, isSpace, trim, utf8 } from './lines.ts';
import type { Span } from './types.ts';

/** A piece of a logical line with the value that BuildKit reads; offsets are those of the logical line. */
export interface Token extends Span {
  value: string;
}
export interface Split {
  keyword: Token;
  flags: Token[];
  rest: Span;
}

/** Cuts `start`…`end` of a logical line. `escape` is the escape character of the file. */
export function splitCommand(text: string, start: number, end: number, escape: string): Split {
  const line = trim(text, start, end);
  let at = line.start;
  while (at < line.end && !isSeparator(text.charCodeAt(at))) at += 1;
  const keyword = { value: text.slice(line.start, at), start: line.start, end: at };
  while (at < line.end && isSeparator(text.charCodeAt(at))) at += 1;
  if (!text.startsWith('--', at)) return { keyword, flags: [], rest: trim(text, at, line.end) };
  const { flags, next } = readFlags(text, at, line.end, escape);
  return { keyword, flags, rest: trim(text, next, line.end) };
}

/** The byte at an index and where its character stands; undefined behind the end. */
type Bytes = (index: number) => { code: number; at: number } | undefined;

/** BuildKit reads flags byte by byte: a character above ASCII is seen as its UTF-8 bytes, each taken for a character. Flags are the head of a line: what stands behind them is not asked for. */
function bytesOf(text: string, start: number, end: number): Bytes {
  const bytes: { code: number; at: number }[] = [];
  let at = start;
  return (index) => {
    for (; bytes.length <= index && at < end; at += 1) {
      const code = text.codePointAt(at) ?? 0;
      if (code < 0x80) bytes.push({ code, at });
      else for (const byte of utf8(code)) bytes.push({ code: byte, at });
      if (code > 0xffff) at += 1;
    }
    return bytes[index];
  };
}

function readFlags(text: string, start: number, end: number, escape: string): { flags: Token[]; next: number } {
  const bytes = bytesOf(text, start, end);
  const flags: Token[] = [];
  let i = 0;
  for (;;) {
    while (isSpace(bytes(i)?.code ?? 0)) i += 1;
    const at = bytes(i)?.at ?? end;
    if (bytes(i)?.code !== 0x2d || bytes(i + 1)?.code !== 0x2d) return { flags, next: at };
    const word = readFlag(bytes, i, escape);
    i = word.next;
    const behind = bytes(i)?.at ?? end;
    if (word.value === '--') return { flags, next: behind };
    if (word.value !== '' || word.quoted) flags.push({ value: word.value, start: at, end: behind });
  }
}

/** One flag: quotes and escapes inside are taken away. */
function readFlag(bytes: Bytes, from: number, escape: string): { value: string; quoted: boolean; next: number } {
  let value = '';
  let quote = 0;
  let quoted = false;
  let i = from;
  for (let byte = bytes(i); byte !== undefined; byte = bytes((i += 1))) {
    let { code } = byte;
    if (quote === 0 && isSpace(code)) break;
    if (quote === 0 && (code === 0x22 || code === 0x27)) {
      quote = code;
      quoted = true;
      continue;
    }
    if (quote !== 0 && code === quote) {
      quote = 0;
      continue;
    }
    if (code === escape.charCodeAt(0)) {
      const escaped = bytes(i + 1);
      if (escaped === undefined) continue;
      i += 1;
      ({ code } = escaped);
    }
    value += String.fromCharCode(code);
  }
  return { value, quoted, next: i };
}
