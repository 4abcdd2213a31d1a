// Room: effects/make. Variables and functions of a makefile. Source: GNU make manual, "How to Use Variables", "Functions for Transforming Text".
import { cleaned } from '../places.ts';
import { topLevel } from './text.ts';

/** Stands in a text for what cannot be told. */
export const UNKNOWN = '\uE000';
/** Stands in a text for names of files that are there: what `$(wildcard …)` and `$(shell find …)` give. */
export const FILES = '\uE001';
const OPEN = /[\uE000\uE001]/;

/** Whether all of a text is known. */
export const isKnown = (text: string): boolean => !OPEN.test(text);

export interface Variable {
  text: string;
  /** Its text is the value; else it is expanded wherever it is used. */
  simple: boolean;
  /** An assignment of the file does not change it. */
  fixed?: true;
  /** The environment or the command line set it before the file did. */
  outside?: true;
}

/** What variables are looked up in, and what their expansion leaves behind. */
export interface Scope {
  /** Undefined: not set. */
  variable(name: string): Variable | undefined;
  cwd: string;
  /** Commands that `$(shell …)` runs. */
  ran: Set<string>;
  /** Why nothing of the file can be told: the end of a sentence. */
  problem: string | undefined;
  /** What may still be expanded, so that a text which doubles itself comes to an end. */
  budget: number;
  /** Whether it may be that this is not expanded at all: what ends make there does not. */
  guess?: boolean;
}

/** Expands what a condition decides that is not known. */
export function guessed(scope: Scope, guess: boolean, expands: () => string): string {
  const before = scope.guess ?? false;
  scope.guess = before || guess;
  const text = expands();
  scope.guess = before;
  return text;
}

const DEEPEST = 40;
const problem = (scope: Scope, why: string): string => {
  scope.problem ??= why;
  return UNKNOWN;
};

/** The text with its variables and functions put in. `own`: variables that count before all others (`$@`, `$(1)`). */
export function expand(text: string, scope: Scope, own: ReadonlyMap<string, string> = NONE, depth = 0): string {
  if (!text.includes('$')) return text;
  if (depth > DEEPEST || (scope.budget -= text.length + 1) < 0) return problem(scope, 'is too deep in its variables');
  let out = '';
  let from = 0;
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', from)) {
    out += text.slice(from, at);
    const next = text[at + 1];
    if (next === '(' || next === '{') {
      const end = closing(text, at + 1);
      if (end === -1) return problem(scope, 'has a reference without its end');
      out += reference(text.slice(at + 2, end), scope, own, depth + 1);
      from = end + 1;
    } else {
      out += next === '$' ? '$' : next === undefined ? '' : variable(next, scope, own, depth + 1);
      from = at + 2;
    }
    if (out.length > MOST) return problem(scope, 'is too long in its variables');
  }
  return out + text.slice(from);
}
const NONE: ReadonlyMap<string, string> = new Map();
const MOST = 200_000;

/** Where the parenthesis or brace at `at` is closed; -1: nowhere. Only those of its own kind count. */
function closing(text: string, at: number): number {
  const [open, close] = text[at] === '(' ? '()' : '{}';
  let depth = 0;
  for (let n = at; n < text.length; n += 1)
    if (text[n] === open) depth += 1;
    else if (text[n] === close && (depth -= 1) === 0) return n;
  return -1;
}

function variable(name: string, scope: Scope, own: ReadonlyMap<string, string>, depth: number): string {
  const given = own.get(name);
  if (given !== undefined) return given;
  const found = scope.variable(name);
  if (!found) return '';
  scope.budget -= found.text.length;
  return found.simple ? found.text : expand(found.text, scope, own, depth);
}

function reference(inner: string, scope: Scope, own: ReadonlyMap<string, string>, depth: number): string {
  const call = /^([a-z-]+)\s+(.*)$/s.exec(inner);
  if (call && FUNCTIONS.has(call[1] ?? '')) return called(call[1] ?? '', call[2] ?? '', { scope, own, depth });
  const colon = topLevel(inner, ':');
  const name = expand(colon === -1 ? inner : inner.slice(0, colon), scope, own, depth);
  if (!isKnown(name)) return UNKNOWN;
  const value = variable(name, scope, own, depth);
  if (colon === -1 || value === '') return value;
  const [before = '', after = ''] = expand(inner.slice(colon + 1), scope, own, depth).split('=', 2);
  return replaced(value, before.includes('%') ? before : `%${before}`, before.includes('%') ? after : `%${after}`);
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** `$(patsubst BEFORE,AFTER,TEXT)`. */
function replaced(text: string, before: string, after: string): string {
  if (!isKnown(text) || !isKnown(before) || !isKnown(after)) return UNKNOWN;
  const [head = '', tail] = before.split('%', 2);
  return words(text)
    .map((word) => {
      if (tail === undefined) return word === before ? after : word;
      const fits = word.length >= head.length + tail.length && word.startsWith(head) && word.endsWith(tail);
      return fits ? after.replace('%', () => word.slice(head.length, word.length - tail.length)) : word;
    })
    .join(' ');
}

interface Inside {
  scope: Scope;
  own: ReadonlyMap<string, string>;
  depth: number;
}

/** Functions of texts alone: given their arguments, all known. */
const TEXTS: Readonly<Record<string, (args: readonly string[], scope: Scope) => string>> = {
  strip: ([text = '']) => words(text).join(' '),
  subst: ([before = '', after = '', text = '']) => (before === '' ? text + after : text.replaceAll(before, () => after)),
  patsubst: ([before = '', after = '', text = '']) => replaced(text, before, after),
  findstring: ([part = '', text = '']) => (text.includes(part) ? part : ''),
  firstword: ([text = '']) => words(text)[0] ?? '',
  lastword: ([text = '']) => words(text).at(-1) ?? '',
  word: ([n = '', text = '']) => words(text)[Number(n) - 1] ?? '',
  words: ([text = '']) => String(words(text).length),
  sort: ([text = '']) => [...new Set(words(text))].sort().join(' '),
  notdir: ([text = '']) =>
    words(text)
      .map((word) => word.slice(word.lastIndexOf('/') + 1))
      .join(' '),
  dir: ([text = '']) =>
    words(text)
      .map((word) => (word.includes('/') ? word.slice(0, word.lastIndexOf('/') + 1) : './'))
      .join(' '),
  basename: ([text = '']) =>
    words(text)
      .map((word) => word.replace(/\.[^./]*$/, ''))
      .join(' '),
  addprefix: ([prefix = '', text = '']) =>
    words(text)
      .map((word) => prefix + word)
      .join(' '),
  addsuffix: ([suffix = '', text = '']) =>
    words(text)
      .map((word) => word + suffix)
      .join(' '),
  abspath: ([text = ''], { cwd }) =>
    words(text)
      .map((word) => cleaned(word.startsWith('/') ? word : `${cwd}/${word}`))
      .join(' '),
  filter: ([patterns = '', text = '']) =>
    words(text)
      .filter((word) => matchesAny(patterns, word))
      .join(' '),
  'filter-out': ([patterns = '', text = '']) =>
    words(text)
      .filter((word) => !matchesAny(patterns, word))
      .join(' '),
};
const matchesAny = (patterns: string, word: string): boolean =>
  words(patterns).some((pattern) => replaced(word, pattern, `${word}\n%`) !== word);

/** Functions that only say something, and give nothing. */
const SAYS: ReadonlySet<string> = new Set(['info', 'warning']);
/** Functions that may change anything that make knows, or write files. */
const CHANGES: ReadonlySet<string> = new Set(['eval', 'guile', 'file', 'error']);
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...Object.keys(TEXTS),
  ...SAYS,
  ...CHANGES,
  ...'shell wildcard if or and call foreach let value origin flavor realpath suffix join wordlist intcmp'.split(' '),
]);

function called(name: string, text: string, { scope, own, depth }: Inside): string {
  const whole = (): string => expand(text, scope, own, depth);
  if (name === 'error' && scope.guess === true) return '';
  if (CHANGES.has(name)) return problem(scope, `uses $(${name} …)`);
  if (name === 'shell') return shell(whole(), scope);
  if (name === 'if' || name === 'or' || name === 'and') return branch(name, text, { scope, own, depth });
  const given = parted(text);
  const inside =
    name === 'foreach' || name === 'let' ? new Map([...own, ...words(given[0] ?? '').map((one) => [one, UNKNOWN] as const)]) : own;
  const args = given.map((arg) => expand(arg, scope, inside, depth));
  if (SAYS.has(name)) return '';
  if (name === 'wildcard') return FILES;
  if (name === 'call') return callOf(args, { scope, own, depth });
  const told = TEXTS[name];
  if (told && args.every(isKnown)) return told(args, scope);
  return ['strip', 'sort', 'filter', 'filter-out'].includes(name) && !args.join('').includes(UNKNOWN) ? FILES : UNKNOWN;
}

/** The arguments of a function. */
function parted(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (let at = topLevel(text, ','); at !== -1; at = topLevel(text, ',', from)) {
    found.push(text.slice(from, at));
    from = at + 1;
  }
  return [...found, text.slice(from)].map((arg, n) => (n === 0 ? arg.trimStart() : arg));
}

/** A command whose output is the value. It runs, whatever that is. */
function shell(command: string, scope: Scope): string {
  scope.ran.add(command);
  if (/^\s*pwd\s*$/.test(command)) return scope.cwd;
  return /^\s*(?:find|git ls-files|ls)\s[^|&;`$]*$/.test(command) ? FILES : UNKNOWN;
}

function branch(name: string, text: string, { scope, own, depth }: Inside): string {
  const args = parted(text).map((arg) => arg.trim());
  if (name !== 'if') {
    let last = '';
    for (const arg of args) {
      last = expand(arg, scope, own, depth);
      if (!isKnown(last)) return UNKNOWN;
      if ((last === '') === (name === 'and')) return last;
    }
    return last;
  }
  const [condition = '', then = '', otherwise = ''] = args;
  const value = expand(condition, scope, own, depth);
  if (isKnown(value)) return expand(value === '' ? otherwise : then, scope, own, depth);
  const both = [then, otherwise].map((arg) => guessed(scope, true, () => expand(arg, scope, own, depth)));
  return both[0] === both[1] ? (both[0] ?? '') : UNKNOWN;
}

/** `$(call NAME,A,B)`: the variable's text with `$(1)`, `$(2)` put in. */
function callOf([name = '', ...args]: readonly string[], { scope, depth }: Inside): string {
  const found = isKnown(name) ? scope.variable(name.trim()) : undefined;
  if (!isKnown(name)) return problem(scope, 'uses $(call …) of a computed name');
  if (FUNCTIONS.has(name.trim())) return called(name.trim(), args.join(','), { scope, own: NONE, depth: depth + 1 });
  if (!found) return '';
  const own = new Map([name.trim(), ...args].map((arg, n) => [String(n), arg] as const));
  return expand(found.text, scope, own, depth + 1);
}
