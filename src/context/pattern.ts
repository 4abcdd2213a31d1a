// Room: context/. One pattern of an ignore file, matched as moby/patternmatcher does, but in linear time per character.
// Source: https://github.com/moby/patternmatcher (patternmatcher.go, compile and match).
// Not @balena/dockerignore: it needs node:path, its regular expressions take exponential time on patterns such as
// `**/a**/a**/a…`, and it takes `constructor` for a path that it has already seen.

/** One step of a pattern: a character of a set, a run of such characters, or any number of whole directories (none as well). */
type Token = { kind: 'char'; is: (char: string) => boolean } | { kind: 'star'; is: (char: string) => boolean } | { kind: 'directories' };

/** Says whether a whole path matches; no parents are looked at here. */
export type PathTest = (path: string) => boolean;

const notSlash = (char: string): boolean => char !== '/';
const notNewline = (char: string): boolean => char !== '\n';
const malformed = 'syntax error in pattern';

/**
 * Compiles one cleaned pattern (without `!`).
 * @returns the test, or `error` with the words of Go's filepath.ErrBadPattern when Docker refuses the pattern.
 */
export function compilePattern(pattern: string): { test: PathTest } | { error: string } {
  const chars = [...pattern];
  if (chars.length > 4096) return { error: 'pattern is too long' };
  const literal = literalTest(pattern);
  if (literal !== undefined) return { test: literal };
  // Docker leaves these unescaped in its regular expression, so that they mean something else there than anybody intends.
  if (/[|]|\{\d+(,\d*)?\}/.test(pattern)) return { error: `pattern with an unclear meaning: ${pattern}` };
  const tokens = tokensOf(chars);
  return tokens === undefined ? { error: `${malformed}: ${pattern}` } : { test: (path) => run(tokens, [...path]) };
}

/** The forms that patternmatcher compares as plain text: exact, `prefix**`, `**suffix`. */
function literalTest(pattern: string): PathTest | undefined {
  const leading = pattern.startsWith('**');
  const rest = leading ? pattern.slice(2) : pattern;
  const special = /[*?[\]\\]/;
  if (!special.test(rest)) {
    if (!leading) return (path) => path === pattern;
    return (path) => path.endsWith(rest) || (rest.startsWith('/') && path === rest.slice(1));
  }
  const trailing = !leading && rest.endsWith('**') ? rest.slice(0, -2) : undefined;
  if (trailing === undefined || special.test(trailing)) return undefined;
  return (path) => path.startsWith(trailing);
}

function tokensOf(chars: string[]): Token[] | undefined {
  const tokens: Token[] = [];
  let at = chars[0] === '^' ? 1 : 0;
  while (at < chars.length) {
    const char = chars[at] as string;
    if (char === '*' && chars[at + 1] === '*') {
      at += chars[at + 2] === '/' ? 3 : 2;
      tokens.push(at >= chars.length ? { kind: 'star', is: notNewline } : { kind: 'directories' });
    } else if (char === '[') {
      const set = setAt(chars, at);
      if (set === undefined) return undefined;
      tokens.push({ kind: 'char', is: set.is });
      at = set.next;
    } else if (char === '\\') {
      const is = escaped(chars[at + 1]);
      if (is === undefined) return undefined;
      tokens.push({ kind: 'char', is });
      at += 2;
    } else {
      tokens.push(single(char));
      at += 1;
    }
  }
  return tokens;
}

function single(char: string): Token {
  if (char === '*') return { kind: 'star', is: notSlash };
  if (char === '?') return { kind: 'char', is: notSlash };
  // Docker forgets to escape it, so that it stands for the start of the text: nothing matches (at the very start it is no matter).
  if (char === '^') return { kind: 'char', is: () => false };
  return { kind: 'char', is: (other) => other === char };
}

/** A character behind a backslash. Letters and digits would be classes of Go's regular expressions: only punctuation is plain. */
function escaped(char: string | undefined): ((char: string) => boolean) | undefined {
  if (char === undefined || /[\p{L}\p{N}_]/u.test(char)) return undefined;
  return (other) => other === char;
}

/** `[abc]`, `[a-z]`, `[^a]`; undefined when it is malformed, or holds what Docker itself would translate wrongly (`*`, `?`, `[`). */
function setAt(chars: string[], start: number): { is: (char: string) => boolean; next: number } | undefined {
  let at = start + 1;
  const negated = chars[at] === '^';
  if (negated) at += 1;
  const ranges: [string, string][] = [];
  while (chars[at] !== ']' || ranges.length === 0) {
    const low = member(chars, at);
    if (low === undefined) return undefined;
    at = low.next;
    let high = low;
    if (chars[at] === '-') {
      const end = member(chars, at + 1);
      if (end === undefined || codeOf(end.char) < codeOf(low.char)) return undefined;
      high = end;
      at = end.next;
    }
    ranges.push([low.char, high.char]);
  }
  const is = (char: string): boolean =>
    ranges.some(([low, high]) => codeOf(low) <= codeOf(char) && codeOf(char) <= codeOf(high)) !== negated;
  return { is, next: at + 1 };
}

function member(chars: string[], at: number): { char: string; next: number } | undefined {
  const char = chars[at];
  if (char === undefined || char === ']' || char === '-' || char === '*' || char === '?' || char === '[') return undefined;
  if (char !== '\\') return { char, next: at + 1 };
  const next = chars[at + 1];
  return next === undefined || /[\p{L}\p{N}_]/u.test(next) ? undefined : { char: next, next: at + 2 };
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

/**
 * Runs all possible positions in the pattern side by side over the path: time grows with tokens × characters, whatever
 * the pattern. A `directories` token eats anything up to and with a slash, or nothing.
 */
function run(tokens: Token[], path: string[]): boolean {
  let now = new Set<number>();
  enter(tokens, 0, now);
  for (const char of path) {
    const next = new Set<number>();
    for (const at of now) {
      const token = tokens[at];
      if (token === undefined) continue;
      if (token.kind === 'char' && token.is(char)) enter(tokens, at + 1, next);
      if (token.kind === 'star' && token.is(char)) enter(tokens, at, next);
      if (token.kind === 'directories') {
        if (notNewline(char)) next.add(at);
        if (char === '/') enter(tokens, at + 1, next);
      }
    }
    now = next;
    if (now.size === 0) return false;
  }
  return now.has(tokens.length);
}

/** Adds a position, and those behind it that are reached without a character. */
function enter(tokens: Token[], from: number, into: Set<number>): void {
  for (let at = from; ; at += 1) {
    into.add(at);
    const token = tokens[at];
    if (token === undefined || token.kind === 'char') return;
  }
}
