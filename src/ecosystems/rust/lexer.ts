// Room: ecosystems/rust. The lexical side of Rust: where comments, strings and test modules are.
import { blank, lineCounter } from '../source-text.ts';

export interface RustString {
  start: number;
  end: number;
  value: string;
}
export interface LexedRust {
  text: string;
  /** As long as `text`: comments, contents of strings and `#[cfg(test)]` items are spaces. */
  code: string;
  /** By start offset (of the prefix `r`, `b` when there is one). */
  strings: ReadonlyMap<number, RustString>;
  lineAt(offset: number): number;
}

const opener = /\/\/|\/\*|(?<![A-Za-z0-9_])(?:b|c|br|cr|r)?#{0,255}"|"|'/g;

/** Takes a Rust text apart; never fails. Source: the Rust reference, "Comments" and "Tokens". */
export function lexRust(text: string): LexedRust {
  const strings = new Map<number, RustString>();
  const pieces: string[] = [];
  let at = 0;
  for (;;) {
    opener.lastIndex = at;
    const found = opener.exec(text);
    if (!found) break;
    const start = found.index;
    const mark = found[0];
    pieces.push(text.slice(at, start));
    if (mark.startsWith('/')) {
      at = mark === '//' ? lineEnd(text, start) : commentEnd(text, start);
      pieces.push(blank(text.slice(start, at)));
    } else if (mark === "'") {
      at = characterEnd(text, start);
      pieces.push(at === start + 1 ? "'" : `'${blank(text.slice(start + 1, at - 1))}'`);
    } else {
      const string = stringAt(text, start, mark);
      strings.set(start, string);
      at = string.end;
      pieces.push(masked(text.slice(start, at), mark));
    }
  }
  pieces.push(text.slice(at));
  return { text, code: withoutTests(pieces.join('')), strings, lineAt: lineCounter(text) };
}

const lineEnd = (text: string, start: number): number => {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
};

/** Block comments nest. */
function commentEnd(text: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return found.index + 2;
  }
  return text.length;
}

/** Behind a character literal, or just behind the quote of a lifetime. */
function characterEnd(text: string, start: number): number {
  const literal = /'(?:\\(?:u\{[0-9A-Fa-f_]{1,8}\}|x[0-9A-Fa-f]{2}|.)|[^'\\\n])'/uy;
  literal.lastIndex = start;
  return literal.test(text) ? literal.lastIndex : start + 1;
}

function stringAt(text: string, start: number, mark: string): RustString {
  const body = start + mark.length;
  if (mark.includes('r')) {
    const close = text.indexOf(`"${'#'.repeat(mark.length - 1 - mark.indexOf('r') - 1)}`, body);
    const hashes = mark.length - 2 - mark.indexOf('r');
    return { start, end: close < 0 ? text.length : close + 1 + hashes, value: text.slice(body, close < 0 ? text.length : close) };
  }
  for (let i = body; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return { start, end: i + 1, value: unescaped(text.slice(body, i)) };
  }
  return { start, end: text.length, value: '' };
}
const unescaped = (inner: string): string =>
  inner.includes('\\')
    ? inner.replace(/\\(?:\n\s{0,1000}|(.))/g, (_, char?: string) =>
        char === undefined ? '' : char === 'n' ? '\n' : char === 't' ? '\t' : char,
      )
    : inner;

/** Quotes stay, so that a masked string still looks like one; prefix and hashes become spaces behind it. */
const masked = (literal: string, mark: string): string => {
  if (literal.length < mark.length + 1) return blank(literal);
  // A string that is not closed ends with the text, perhaps with a line break.
  return `"${blank(literal.slice(1, -1))}${literal.endsWith('\n') ? '\n' : '"'}`;
};

/** Blanks the items under `#[cfg(test)]`: modules, functions, uses. */
function withoutTests(code: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (const attribute of code.matchAll(/#\[cfg\(test\)\]/g)) {
    if (attribute.index < at) continue;
    const end = itemEnd(code, attribute.index + attribute[0].length);
    pieces.push(code.slice(at, attribute.index), blank(code.slice(attribute.index, end)));
    at = end;
  }
  pieces.push(code.slice(at));
  return pieces.join('');
}
function itemEnd(code: string, from: number): number {
  const mark = /[{};]/g;
  mark.lastIndex = from;
  let depth = 0;
  for (let found = mark.exec(code); found; found = mark.exec(code)) {
    if (found[0] === '{') depth++;
    else if (found[0] === '}') depth--;
    if (depth <= 0) return found.index + 1;
  }
  return code.length;
}
