// Room: ecosystems/go. The lexical side of Go: where comments and strings are, so that nothing inside them is taken for code.
import { blank, lineCounter } from '../source-text.ts';

export interface GoString {
  start: number;
  /** Just behind the closing quote. */
  end: number;
  value: string;
}
export interface GoComment {
  start: number;
  end: number;
}
/** A Go file's text taken apart. */
export interface LexedGo {
  text: string;
  /** As long as `text`: comments and the contents of strings are spaces, line breaks and quotes stay. */
  code: string;
  /** By start offset. */
  strings: ReadonlyMap<number, GoString>;
  comments: GoComment[];
  /** Line (from 1) of an offset. */
  lineAt(offset: number): number;
}

const opener = /\/\/|\/\*|["'`]/g;
const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Takes a Go text apart. Never fails: what is not closed ends with its line (strings) or with the text (comments, raw strings). Source: Go specification, "Lexical elements". */
export function lexGo(text: string): LexedGo {
  const strings = new Map<number, GoString>();
  const comments: GoComment[] = [];
  const pieces: string[] = [];
  let at = 0;
  for (;;) {
    opener.lastIndex = at;
    const found = opener.exec(text);
    if (!found) break;
    const { index: start } = found;
    const mark = found[0];
    const end = endOf(text, start, mark);
    pieces.push(text.slice(at, start));
    if (mark === '//' || mark === '/*') {
      comments.push({ start, end });
      pieces.push(blank(text.slice(start, end)));
    } else {
      if (mark !== "'") strings.set(start, { start, end, value: valueOf(text.slice(start + 1, end - 1), mark) });
      pieces.push(mark, blank(text.slice(start + 1, end - 1)), end - 1 > start ? text.slice(end - 1, end) : '');
    }
    at = end;
  }
  pieces.push(text.slice(at));
  return { text, code: pieces.join(''), strings, comments, lineAt: lineCounter(text) };
}

function endOf(text: string, start: number, mark: string): number {
  if (mark === '//') return before(text.indexOf('\n', start), text.length);
  if (mark === '/*') return before(text.indexOf('*/', start + 2), text.length, 2);
  if (mark === '`') return before(text.indexOf('`', start + 1), text.length, 1);
  for (let i = start + 1; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (char === mark) return i + 1;
    else if (char === '\n') return i;
  }
  return text.length;
}
const before = (index: number, length: number, width = 0): number => (index < 0 ? length : index + width);

function valueOf(inner: string, mark: string): string {
  if (mark === '`') return inner.replaceAll('\r', '');
  if (!inner.includes('\\')) return inner;
  return inner.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{3})|(.))/g,
    (all, hex?: string, unicode?: string, octal?: string, other?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (other !== undefined) return simpleEscapes[other] ?? all;
      return String.fromCharCode(Number.parseInt(hex ?? unicode ?? '', 16));
    },
  );
}
