// Room: ecosystems/python. What a poetry command does. Source: https://python-poetry.org/docs/cli/ (Poetry 1.8 and 2).
import type { ShellCommand } from '../../dockerfile/types.ts';
import { invocation, readArguments, type Arguments } from './words.ts';

export interface PoetryInstall {
  noRoot: boolean;
  /** `--only main` (and nothing else). */
  onlyMain: boolean;
  /** `--no-dev` (deprecated in 1.2, gone in 2). */
  noDev: boolean;
  without: string[];
  with: string[];
  /** All values of --only; it silently switches off --with and --without. */
  only: string[];
  /** `--sync`, or `poetry sync` (2.0). */
  sync: boolean;
  /** -E/--extras, or 'all' for --all-extras. */
  extras: string[] | 'all';
  allGroups: boolean;
  noDirectory: boolean;
  /** -C/--directory or -P/--project, as written. */
  directory: string | undefined;
  /** All other options as written, a separate value behind its option. */
  options: string[];
}

const poetryValued = new Set([
  '-C',
  '--directory',
  '-P',
  '--project',
  '--without',
  '--with',
  '--only',
  '-E',
  '--extras',
  '-f',
  '--format',
  '-o',
  '--output',
  '-G',
  '--group',
  '--source',
  '--python',
  '--path',
]);

/** The subcommand of a poetry command (`cache clear`, `self add` in two words) and its arguments; undefined when it is not poetry's. */
export function poetryArguments(command: ShellCommand): { subcommand: string; given: Arguments } | undefined {
  const started = invocation(command);
  if (started?.program !== 'poetry') return undefined;
  const given = readArguments(started.args, poetryValued);
  const [first = '', second = ''] = given.positional;
  const two = first === 'cache' || first === 'self' || first === 'env' || first === 'debug' || first === 'source' || first === 'python';
  return {
    subcommand: two ? `${first} ${second}` : first,
    given: { options: given.options, positional: given.positional.slice(two ? 2 : 1) },
  };
}

/** Reads `poetry install …` and `poetry sync …`. Undefined when the command is neither. */
export function poetryInstall(command: ShellCommand): PoetryInstall | undefined {
  const read = poetryArguments(command);
  if (read?.subcommand !== 'install' && read?.subcommand !== 'sync') return undefined;
  const { options } = read.given;
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const values = (...names: string[]): string[] =>
    options.filter((option) => names.includes(option.name)).flatMap((option) => (option.value ?? '').split(/[\s,]+/).filter(Boolean));
  const only = values('--only');
  return {
    noRoot: has('--no-root'),
    onlyMain: only.length > 0 && only.every((group) => group === 'main'),
    noDev: has('--no-dev'),
    without: values('--without'),
    with: values('--with'),
    only,
    sync: read.subcommand === 'sync' || has('--sync') || has('--remove-untracked'),
    extras: has('--all-extras') ? 'all' : values('-E', '--extras'),
    allGroups: has('--all-groups'),
    noDirectory: has('--no-directory'),
    directory: options.find((option) => ['-C', '--directory', '-P', '--project'].includes(option.name))?.value,
    options: options.filter((option) => !readHere.has(option.name)).flatMap((option) => option.written),
  };
}

const readHere = new Set([
  '--no-root',
  '--no-dev',
  '--without',
  '--with',
  '--only',
  '--sync',
  '--remove-untracked',
  '-E',
  '--extras',
  '--all-extras',
  '--all-groups',
  '--no-directory',
  '-C',
  '--directory',
  '-P',
  '--project',
]);
