// Room: cli/. Words among the paths that are none: a guess at the command line must not rewrite what stands beside it.
import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearest } from '../checkout/near.ts';
import { codeOf } from '../checkout/paths.ts';
import { visible } from '../report/visible.ts';
import type { UsageError } from './world.ts';

/** What people type for what is called otherwise here; each leads to what stands before the paths instead. */
const guesses: Readonly<Record<string, string>> = {
  check: '--check',
  lint: '--check',
  test: 'verify',
  diff: '--dry-run',
  'dry-run': '--dry-run',
  dryrun: '--dry-run',
  plan: '--dry-run',
  preview: '--dry-run',
  show: '--dry-run',
  analyze: '--dry-run --explain',
  analyse: '--dry-run --explain',
  explain: '--dry-run --explain',
  why: '--dry-run --explain',
  stdin: '-',
  apply: '',
  fix: '',
  fmt: '',
  format: '',
  migrate: '',
  optimise: '',
  optimize: '',
  refactor: '',
  rewrite: '',
  run: '',
  transform: '',
  update: '',
  upgrade: '',
  write: '',
};

/**
 * In: the paths as given, and the names of the commands. Out: what is wrong with them, or undefined. A path that does not exist ends the
 * run before anything is written. A first word that exists and could be a command as well is a path only when it stands alone.
 */
export function mistakenPath(paths: readonly string[], cwd: string, commands: readonly string[]): UsageError | undefined {
  const missing = paths.findIndex((path) => path !== '-' && !isThere(resolve(cwd, path)));
  if (missing >= 0) return { usage: absent(paths, missing, commands) };
  const [first, ...rest] = paths;
  if (first === undefined || rest.length === 0 || meant(first, commands) === undefined) return undefined;
  return {
    usage: `'${first}' is a path here, and could be meant as a command; nothing was written\n  For the path write ./${first}. Otherwise: ${lineOf(first, rest, commands)}`,
  };
}

function absent(paths: readonly string[], at: number, commands: readonly string[]): string {
  const path = paths[at] ?? '';
  const others = paths.filter((_, i) => i !== at);
  const says = isWord(path)
    ? `'${path}' is no file, no directory and no command; nothing was written`
    : `${visible(path)}: no such file or directory; nothing was written`;
  return meant(path, commands) === undefined ? `${says}\n  Check the path.` : `${says}\n  Did you mean: ${lineOf(path, others, commands)}`;
}

/** The command line that was probably meant. */
const lineOf = (word: string, others: readonly string[], commands: readonly string[]): string =>
  ['dockerfile-mod', meant(word, commands) ?? '', ...(others.length > 0 ? others : ['.'])]
    .filter((part) => part !== '')
    .map(visible)
    .join(' ');

const isWord = (path: string): boolean => /^[A-Za-z][A-Za-z-]*$/.test(path);

/** What a word was meant for: what stands in its place. Undefined: it looks like no command. */
function meant(path: string, commands: readonly string[]): string | undefined {
  const word = path.toLowerCase();
  if (!isWord(path)) return undefined;
  if (Object.hasOwn(guesses, word)) return guesses[word];
  const near = nearest(word, [...commands, ...Object.keys(guesses)]);
  return near !== undefined && Object.hasOwn(guesses, near) ? guesses[near] : near;
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    // What cannot be looked at is told where it is read.
    return !['ENOENT', 'ENOTDIR'].includes(codeOf(error));
  }
}
