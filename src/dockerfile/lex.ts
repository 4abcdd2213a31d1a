// Room: dockerfile/. BuildKit's word lexer: quotes, escapes, `$name`, `${name…}`, heredoc operators. Source: BuildKit v0.34.2, frontend/dockerfile/shell/lex.go.
import { isSpace } from './lines.ts';
import type { Known } from './types.ts';

export interface LexOptions {
  escape: string;
  /** What a variable holds; undefined: it is not set. */
  lookup: (name: string) => Known | undefined;
  /** `keep`: a variable that is not set stays as written (`SkipUnsetEnv`). */
  unset: 'empty' | 'keep';
  /** `keep`: quotes stay in the result (`RawQuotes`). */
  quotes: 'remove' | 'keep';
  escapes: 'remove' | 'keep';
  /** `text`: the words are not asked for. */
  wants?: 'text';
}
/** `error` is BuildKit's refusal; `unknown` says which variable is not known. */
export interface LexResult {
  text: string;
  words: string[];
  unknown?: string;
  error?: string;
}

/** Nested `${a:-${b:-…}}` deeper than this are refused: no file that people write comes near, and the stack is finite. */
const deepest = 200;

interface Lexer {
  options: LexOptions;
  chars: string[];
  at: number;
  depth: number;
  rawEscapes: boolean;
  unknown: string | undefined;
  /** Shared by nested calls, as in BuildKit: an expansion inside a word empties what was collected of it. */
  buffer: string;
}
/** A refusal of BuildKit's lexer, carried up to `lex`. */
interface Refused {
  refused: string;
}
type Piece = string | Refused;
const isRefused = (piece: unknown): piece is Refused => typeof piece === 'object';

/** Lexes a text: the whole as one word (`text`) and split at unquoted white space (`words`). Never throws. */
export function lex(text: string, options: LexOptions): LexResult {
  const chars = [...text];
  const lexer: Lexer = {
    options,
    chars,
    at: chars[0] === '\uFEFF' ? 1 : 0,
    depth: 0,
    rawEscapes: options.escapes === 'keep',
    unknown: undefined,
    buffer: '',
  };
  const result = until(lexer, undefined, lexer.rawEscapes);
  if ('refused' in result) return { text: '', words: [], error: result.refused };
  return lexer.unknown === undefined ? result : { ...result, unknown: lexer.unknown };
}

function until(lexer: Lexer, stop: string | undefined, rawEscapes: boolean): { text: string; words: string[] } | Refused {
  if (lexer.depth > deepest) return { refused: 'expansions are nested too deeply' };
  const before = lexer.rawEscapes;
  lexer.rawEscapes = rawEscapes;
  lexer.depth += 1;
  const result = collect(lexer, stop);
  lexer.depth -= 1;
  lexer.rawEscapes = before;
  return result;
}

function collect(lexer: Lexer, stop: string | undefined): { text: string; words: string[] } | Refused {
  // Joined as it comes: what a variable holds is then not copied.
  let out = '';
  const words = { list: [] as string[], inWord: false };
  lexer.buffer = '';
  for (let ch = lexer.chars[lexer.at]; ch !== undefined; ch = lexer.chars[lexer.at]) {
    if (ch === stop) {
      lexer.at += 1;
      return { text: out, words: flush(lexer, words.list) };
    }
    if (ch === '$' || ch === '<' || ch === "'" || ch === '"') {
      const piece = special(lexer, ch);
      if (isRefused(piece)) return piece;
      out += piece;
      if (ch !== '$') addRaw(lexer, words, piece);
      else if (lexer.options.wants !== 'text') for (const c of piece) addChar(lexer, words, c);
      continue;
    }
    lexer.at += 1;
    if (ch !== lexer.options.escape) {
      out += ch;
      addChar(lexer, words, ch);
      continue;
    }
    if (lexer.rawEscapes) {
      out += ch;
      addRaw(lexer, words, ch);
    }
    const next = lexer.chars[lexer.at];
    if (next === undefined) break;
    lexer.at += 1;
    out += next;
    addRaw(lexer, words, next);
  }
  if (stop !== undefined) return { refused: `unexpected end of statement while looking for matching ${stop}` };
  return { text: out, words: flush(lexer, words.list) };
}

function addChar(lexer: Lexer, words: { list: string[]; inWord: boolean }, ch: string): void {
  if (!isSpace(ch.codePointAt(0) ?? 0)) addRaw(lexer, words, ch);
  else if (words.inWord && lexer.buffer !== '') {
    words.list.push(lexer.buffer);
    lexer.buffer = '';
    words.inWord = false;
  }
}
function addRaw(lexer: Lexer, words: { inWord: boolean }, text: string): void {
  if (lexer.options.wants === 'text') return;
  lexer.buffer += text;
  words.inWord = true;
}
function flush(lexer: Lexer, list: string[]): string[] {
  if (lexer.buffer !== '') list.push(lexer.buffer);
  lexer.buffer = '';
  return list;
}

function special(lexer: Lexer, ch: string): Piece {
  if (ch === '$') return dollar(lexer);
  if (ch === '<') return heredocOperator(lexer);
  return ch === "'" ? singleQuoted(lexer) : doubleQuoted(lexer);
}

function heredocOperator(lexer: Lexer): string {
  lexer.at += 1;
  if (lexer.chars[lexer.at] !== '<') return '<';
  lexer.at += 1;
  const from = lexer.at;
  while (lexer.chars[lexer.at] === ' ' || lexer.chars[lexer.at] === '\t' || lexer.chars[lexer.at] === '\r') lexer.at += 1;
  return '<<' + lexer.chars.slice(from, lexer.at).join('');
}

function singleQuoted(lexer: Lexer): Piece {
  const end = lexer.chars.indexOf("'", lexer.at + 1);
  if (end === -1) {
    lexer.at = lexer.chars.length;
    return { refused: 'unexpected end of statement while looking for matching single-quote' };
  }
  const text = lexer.chars.slice(lexer.at + 1, end).join('');
  lexer.at = end + 1;
  return lexer.options.quotes === 'keep' ? `'${text}'` : text;
}

function doubleQuoted(lexer: Lexer): Piece {
  const quote = lexer.options.quotes === 'keep' ? '"' : '';
  const escape = lexer.options.escape;
  let out = quote;
  lexer.at += 1;
  for (let ch = lexer.chars[lexer.at]; ch !== undefined; ch = lexer.chars[lexer.at]) {
    if (ch === '$') {
      const piece = dollar(lexer);
      if (isRefused(piece)) return piece;
      out += piece;
      continue;
    }
    lexer.at += 1;
    if (ch === '"') return out + quote;
    if (ch !== escape) {
      out += ch;
      continue;
    }
    const next = lexer.chars[lexer.at];
    if (next === undefined) continue;
    if (next === '"' || next === '$' || next === escape) {
      if (lexer.rawEscapes) out += ch;
      out += next;
      lexer.at += 1;
    } else {
      if (lexer.rawEscapes && lexer.options.quotes === 'remove') out += ch;
      out += ch;
    }
  }
  return { refused: 'unexpected end of statement while looking for matching double-quote' };
}

const isDigit = (ch: string): boolean => /^\p{Nd}$/u.test(ch);
const isNameChar = (ch: string): boolean => /^[\p{L}\p{Nd}_]$/u.test(ch);

function readName(lexer: Lexer): string {
  const first = lexer.chars[lexer.at];
  if (first === undefined) return '';
  const from = lexer.at;
  const digits = isDigit(first);
  if (!digits && '@*#?-$!'.includes(first)) {
    lexer.at += 1;
    return first;
  }
  for (let ch = lexer.chars[lexer.at]; ch !== undefined && (digits ? isDigit(ch) : isNameChar(ch)); ch = lexer.chars[lexer.at])
    lexer.at += 1;
  return lexer.chars.slice(from, lexer.at).join('');
}

function dollar(lexer: Lexer): Piece {
  lexer.at += 1;
  if (lexer.chars[lexer.at] !== '{') {
    const name = readName(lexer);
    if (name === '') return '$';
    const value = lexer.options.lookup(name);
    return value === undefined && lexer.options.unset === 'keep' ? `$${name}` : valueOf(lexer, value);
  }
  lexer.at += 1;
  const first = lexer.chars[lexer.at];
  if (first === undefined) return { refused: "syntax error: missing '}'" };
  if (first === '{' || first === '}' || first === ':') return { refused: 'syntax error: bad substitution' };
  return braced(lexer, readName(lexer));
}

/** Behind `${name`: the closing brace, or an operator and its word. */
function braced(lexer: Lexer, name: string): Piece {
  let operator = lexer.chars[lexer.at] ?? '';
  lexer.at += 1;
  const value = lexer.options.lookup(name);
  const keep = value === undefined && lexer.options.unset === 'keep';
  if (operator === '}') return keep ? `\${${name}}` : valueOf(lexer, value);
  if (operator === '/') return replaced(lexer, name, value);
  const colon = operator === ':';
  if (colon) {
    operator = lexer.chars[lexer.at] ?? '';
    lexer.at += 1;
  }
  const unsupported = { refused: `unsupported modifier (${colon ? ':' : ''}${operator}) in substitution` };
  const pattern = operator === '#' || operator === '%';
  if ((colon && pattern) || (!colon && !'+-?#%'.includes(operator || ' '))) return unsupported;
  const word = until(lexer, '}', pattern);
  if ('refused' in word) return lexer.at >= lexer.chars.length ? { refused: "syntax error: missing '}'" } : word;
  if (keep) return `\${${name}${colon ? ':' : ''}${operator}${word.text}}`;
  if (value && 'unknown' in value) return valueOf(lexer, value);
  const missing = value === undefined || (colon && value.value === '');
  if (operator === '-') return missing ? word.text : valueOf(lexer, value);
  if (operator === '+') return missing ? '' : word.text;
  if (operator === '?')
    return missing
      ? { refused: `${name}: ${word.text || (value ? 'is not allowed to be empty' : 'is not allowed to be unset')}` }
      : valueOf(lexer, value);
  return pattern ? matched(lexer, name, value) : unsupported;
}

function replaced(lexer: Lexer, name: string, value: Known | undefined): Piece {
  const all = lexer.chars[lexer.at] === '/' ? '/' : '';
  lexer.at += all.length;
  const pattern = until(lexer, '/', true);
  if ('refused' in pattern) return lexer.at >= lexer.chars.length ? { refused: "syntax error: missing '/' in ${}" } : pattern;
  const replacement = until(lexer, '}', true);
  if ('refused' in replacement) return lexer.at >= lexer.chars.length ? { refused: "syntax error: missing '}'" } : replacement;
  if (value === undefined && lexer.options.unset === 'keep') return `\${${name}/${all}${pattern.text}/${replacement.text}}`;
  return matched(lexer, name, value);
}

/** The pattern operators (`#`, `%`, `/`) are not evaluated: their result is unknown unless the variable is empty. */
function matched(lexer: Lexer, name: string, value: Known | undefined): string {
  if (value === undefined || ('value' in value && value.value === '')) return '';
  return valueOf(lexer, 'unknown' in value ? value : { unknown: `a pattern is applied to ${name}` });
}

function valueOf(lexer: Lexer, value: Known | undefined): string {
  if (value === undefined) return '';
  if ('value' in value) return value.value;
  lexer.unknown ??= value.unknown;
  return '';
}
