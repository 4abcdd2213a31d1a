// Room: dockerfile/. The arguments of each instruction as BuildKit's parser reads them. Source: BuildKit v0.34.2, frontend/dockerfile/parser/line_parsers.go.
import { readJson } from './json.ts';
import { isSeparator, isSpace, utf8 } from './lines.ts';
import { splitCommand, type Split, type Token } from './split.ts';

/** `NAME=value` or `NAME value`: the places of both in the logical line; `value` as written. */
export interface PairToken extends Token {
  name: Token;
  assigned: Token | undefined;
}
/** An instruction as BuildKit's parser sees it. */
export interface Node extends Split {
  args: string[];
  words: Token[];
  pairs: PairToken[];
  json: boolean;
  /** The instruction behind ONBUILD. */
  trigger: Node | undefined;
}
export interface NodeError {
  error: string;
}
type Read = Partial<Pick<Node, 'args' | 'words' | 'pairs' | 'json' | 'trigger'>> | NodeError;
type Reader = (text: string, start: number, end: number, escape: string) => Read;

const mixed = { error: 'when using JSON array syntax, arrays must be comprised of strings only' };

/** Parses `start`…`end` of a logical line; an unknown keyword is no error here (its arguments are not read). */
export function parseNode(text: string, start: number, end: number, escape: string): Node | NodeError {
  const { keyword, flags, rest } = splitCommand(text, start, end, escape);
  const read = readers.get(keyword.value.toLowerCase())?.(text, rest.start, rest.end, escape) ?? { args: [''] };
  if ('error' in read) return read;
  const words = read.words ?? [];
  return {
    keyword,
    flags,
    rest,
    words,
    args: read.args ?? words.map((word) => word.value),
    pairs: read.pairs ?? [],
    json: read.json ?? false,
    trigger: read.trigger,
  };
}

/** Words split at white space, quotes and escapes respected and kept. */
function quotedWords(text: string, start: number, end: number, escape: string): Token[] {
  const words: Token[] = [];
  let at = start;
  for (;;) {
    while (at < end && isSpace(text.charCodeAt(at))) at += 1;
    if (at >= end) return words;
    const word = quotedWord(text, at, end, escape);
    if (word.value !== '') words.push(word);
    at = word.end;
  }
}
function quotedWord(text: string, start: number, end: number, escape: string): Token {
  let quote = '';
  let at = start;
  let value = '';
  for (; at < end; at += 1) {
    const ch = text[at] ?? '';
    if (quote === '' && isSpace(text.charCodeAt(at))) break;
    if (ch === escape && quote !== "'") {
      if (at + 1 >= end) continue;
      at += 1;
      value += ch + (text[at] ?? '');
      continue;
    }
    if (quote === '' && (ch === '"' || ch === "'")) quote = ch;
    else if (ch === quote) quote = '';
    value += ch;
  }
  return { value, start, end: at };
}

function plainWords(text: string, start: number, end: number): Token[] {
  const words: Token[] = [];
  for (let at = start; at < end;) {
    const from = at;
    while (at < end && !isSeparator(text.charCodeAt(at))) at += 1;
    words.push({ value: text.slice(from, at), start: from, end: at });
    while (at < end && isSeparator(text.charCodeAt(at))) at += 1;
  }
  return words;
}

const whole: Reader = (text, start, end) => (start >= end ? {} : { words: [{ value: text.slice(start, end), start, end }] });
const delimited: Reader = (text, start, end) => ({ words: plainWords(text, start, end) });

const maybeJson =
  (otherwise: Reader): Reader =>
  (text, start, end, escape) => {
    const form = readJson(text, start, end);
    if (form === undefined) return otherwise(text, start, end, escape);
    return 'mixed' in form ? mixed : { words: form.strings, json: true };
  };

function pairOf(word: Token, text: string): PairToken {
  const equals = word.value.indexOf('=');
  const name = equals === -1 ? word.value : word.value.slice(0, equals);
  const split = Math.min(word.start + name.length, word.end);
  const assigned = equals === -1 ? undefined : { value: word.value.slice(equals + 1), start: Math.min(split + 1, word.end), end: word.end };
  return { ...word, value: text.slice(word.start, word.end), name: { value: name, start: word.start, end: split }, assigned };
}

const assignments =
  (keyword: string): Reader =>
  (text, start, end, escape) => {
    const words = quotedWords(text, start, end, escape);
    const first = words[0];
    if (!first) return {};
    if (!first.value.includes('=')) return legacyPair(keyword, text, start, end);
    const wrong = words.find((word) => !word.value.includes('='));
    if (wrong) return { error: `Syntax error - can't find = in "${wrong.value}". Must be of the form: name=value` };
    const pairs = words.map((word) => pairOf(word, text));
    return { words, pairs, args: pairs.flatMap((pair) => [pair.name.value, pair.assigned?.value ?? '', '=']) };
  };

/** `ENV name the rest`: the old form, one pair. */
function legacyPair(keyword: string, text: string, start: number, end: number): Read {
  let at = start;
  while (at < end && !isSeparator(text.charCodeAt(at))) at += 1;
  if (at >= end) return { error: `${keyword} must have two arguments` };
  const name = { value: text.slice(start, at), start, end: at };
  while (at < end && isSeparator(text.charCodeAt(at))) at += 1;
  const assigned = { value: text.slice(at, end), start: at, end };
  return {
    words: [name, assigned],
    pairs: [{ value: text.slice(start, end), start, end, name, assigned }],
    args: [name.value, assigned.value, ''],
  };
}

const declarations: Reader = (text, start, end, escape) => {
  const words = quotedWords(text, start, end, escape);
  return { words, pairs: words.map((word) => pairOf(word, text)) };
};

/** BuildKit looks for white space byte by byte: 0x85 and 0xA0 are some, and end a word in the middle of a character. */
const endsWord = (text: string, at: number): boolean =>
  text.charCodeAt(at) >= 0x80 && utf8(text.codePointAt(at) ?? 0).some((byte) => byte === 0x85 || byte === 0xa0);
const isAsciiSpace = (code: number): boolean => code < 0x80 && isSpace(code);

const health: Reader = (text, start, end, escape) => {
  let at = start;
  while (at < end && !isAsciiSpace(text.charCodeAt(at)) && !endsWord(text, at)) at += 1;
  if (at === start && at === end) return {};
  const broken = at < end && !isAsciiSpace(text.charCodeAt(at));
  const type = { value: text.slice(start, at) + (broken ? '\uFFFD' : ''), start, end: at };
  let body = broken ? at + 1 : at;
  while (body < end && isAsciiSpace(text.charCodeAt(body))) body += 1;
  const read = maybeJson(whole)(text, body, end, escape);
  return 'error' in read ? read : { ...read, words: [type, ...(read.words ?? [])] };
};

const trigger: Reader = (text, start, end, escape) => {
  if (start >= end) return {};
  // `ONBUILD ONBUILD …` is refused later; what stands behind it does not matter (and can be nested without end).
  const inner = splitCommand(text, start, end, escape);
  if (inner.keyword.value.toLowerCase() === 'onbuild')
    return { trigger: { ...inner, args: [], words: [], pairs: [], json: false, trigger: undefined } };
  const node = parseNode(text, start, end, escape);
  return 'error' in node ? node : { trigger: node };
};

const readers = new Map<string, Reader>([
  ['add', maybeJson(delimited)],
  ['arg', declarations],
  ['cmd', maybeJson(whole)],
  ['copy', maybeJson(delimited)],
  ['entrypoint', maybeJson(whole)],
  ['env', assignments('ENV')],
  ['expose', delimited],
  ['from', delimited],
  ['healthcheck', health],
  ['label', assignments('LABEL')],
  ['maintainer', whole],
  ['onbuild', trigger],
  ['run', maybeJson(whole)],
  ['shell', maybeJson(whole)],
  ['stopsignal', whole],
  ['user', whole],
  ['volume', maybeJson(delimited)],
  ['workdir', whole],
]);

/** True for a keyword that BuildKit knows, in any case. */
export const isKeyword = (keyword: string): boolean => readers.has(keyword.toLowerCase());
