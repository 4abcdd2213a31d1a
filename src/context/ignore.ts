// Room: context/. The ignore file in force, and what it hides from COPY.
// Source: https://docs.docker.com/build/concepts/context/#dockerignore-files; https://github.com/moby/patternmatcher (ignorefile, MatchesOrParentMatches).
import { onceEach, oncePer } from '../once.ts';
import { maxPatterns } from './limits.ts';
import { cleanPath } from './paths.ts';
import { compilePattern, type PathTest } from './pattern.ts';
import type { FileRead, FileTree, IgnoreFile } from './types.ts';

/** One pattern line of an ignore file, cleaned as Docker cleans it. */
export interface IgnorePattern {
  /** Without `!`, rooted at the context. */
  pattern: string;
  /** `!pattern`: brings back what an earlier line hid. */
  exception: boolean;
  line: number;
}
interface Rule extends IgnorePattern {
  test: PathTest;
}
interface Rules {
  rules: Rule[];
  error: string | undefined;
}

/**
 * The ignore file in force: `<Dockerfile>.dockerignore` beside the Dockerfile, read instead of `.dockerignore`; else `.dockerignore`.
 * @param dockerfilePath the Dockerfile's path in the context; undefined when it lies outside or comes from stdin.
 */
export function ignoreFile(tree: FileTree, dockerfilePath: string | undefined): IgnoreFile {
  const own = dockerfilePath === undefined ? [] : [`${dockerfilePath}.dockerignore`];
  for (const path of [...own, '.dockerignore']) {
    const read = tree.read(path);
    if (read.kind === 'absent') continue;
    if (read.kind === 'text') return fileOf(read)(path);
    const why = read.kind === 'unreadable' ? read.why : `is ${read.kind}`;
    return { path, source: '', ignores: () => false, allowList: false, error: `${path} ${why}` };
  }
  return noFile;
}

/** What a file hides is worked out once, for all who ask. */
const fileOf = oncePer((read: FileRead & { kind: 'text' }) => onceEach((path: string) => fromSource(path, read.text)));

/**
 * Whether a text of an ignore file hides a path (or a parent of it). A text that Docker refuses hides nothing.
 * For trying out patterns before they are proposed.
 */
export function matcher(source: string): (path: string) => boolean {
  return testOf(rulesOf(source));
}

/** The pattern lines of an ignore file, in order, cleaned. */
export function ignorePatterns(source: string): IgnorePattern[] {
  const lines = source.replace(/^\uFEFF/, '').split('\n');
  return lines.flatMap((raw, index) => {
    const text = trim(raw.replace(/\r$/, ''));
    if (raw.startsWith('#') || text === '') return [];
    const bang = text.startsWith('!');
    const first = cleanPattern(bang ? trim(text.slice(1)) : text);
    // Docker cleans twice, the second time with the `!` back in its place and without asking what it means.
    const twice = trim(bang ? `!${first}` : first);
    if (twice === '') return [];
    const second = cleanSlashes(twice);
    const exception = second.startsWith('!');
    return [{ pattern: exception ? second.slice(1) : second, exception, line: index + 1 }];
  });
}

const noFile = fromSource(undefined, '');

function fromSource(path: string | undefined, source: string): IgnoreFile {
  const rules = rulesOf(source);
  const file: IgnoreFile = { path, source, ignores: testOf(rules), allowList: isAllowList(rules.rules) };
  if (rules.error !== undefined) file.error = rules.error;
  return file;
}

/** `*` or `**` before any other line hides all; the exceptions behind it list what is sent. */
function isAllowList(rules: Rule[]): boolean {
  const first = rules[0];
  const all = first !== undefined && !first.exception && ['*', '**', '**/*', '*/**'].includes(first.pattern);
  return all && rules.some((rule) => rule.exception);
}

function rulesOf(source: string): Rules {
  const rules: Rule[] = [];
  for (const given of ignorePatterns(source)) {
    if (rules.length >= maxPatterns) return { rules: [], error: `more than ${maxPatterns} patterns` };
    if (given.pattern === '') return { rules: [], error: 'illegal exclusion pattern: "!"' };
    const compiled = compilePattern(given.pattern);
    if ('error' in compiled) return { rules: [], error: `line ${given.line}: ${compiled.error}` };
    rules.push({ ...given, test: compiled.test });
  }
  return { rules, error: undefined };
}

function testOf({ rules }: Rules): (path: string) => boolean {
  const answers = new Map<string, boolean>();
  return (path) => {
    const clean = cleanPath(path);
    if (clean === undefined || clean === '' || rules.length === 0) return false;
    const known = answers.get(clean);
    if (known !== undefined) return known;
    const answer = hides(rules, prefixes(clean));
    answers.set(clean, answer);
    return answer;
  };
}

/** The last line that matches the path or a parent decides. */
function hides(rules: Rule[], paths: string[]): boolean {
  let hidden = false;
  for (const rule of rules) {
    if (rule.exception === hidden && paths.some((path) => rule.test(path))) hidden = !rule.exception;
  }
  return hidden;
}

/** The path itself, then its parents from the root on. */
function prefixes(path: string): string[] {
  const parts = path.split('/');
  return [path, ...parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'))];
}

function cleanPattern(pattern: string): string {
  const clean = pattern === '' ? '' : cleanSlashes(pattern);
  return clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean;
}

/** Go's path.Clean. */
function cleanSlashes(pattern: string): string {
  const rooted = pattern.startsWith('/');
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  if (rooted) return `/${parts.join('/')}`;
  return parts.length === 0 ? '.' : parts.join('/');
}

/** Go's strings.TrimSpace: other characters than String.prototype.trim (a BOM stays, U+0085 goes). */
function trim(text: string): string {
  const space =
    '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';
  let start = 0;
  let end = text.length;
  while (start < end && space.includes(text[start] as string)) start += 1;
  while (end > start && space.includes(text[end - 1] as string)) end -= 1;
  return text.slice(start, end);
}
