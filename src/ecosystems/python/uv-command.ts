// Room: ecosystems/python. `uv sync` and `uv run`, taken apart. Source: https://docs.astral.sh/uv/reference/cli/ (uv 0.9).
import type { ShellCommand } from '../../dockerfile/types.ts';
import { invocation, textOf } from './words.ts';

export interface UvSync {
  extras: string[] | 'all';
  /** Groups that are asked for by name, and those that are left out. */
  groups: string[];
  without: string[];
  allGroups: boolean;
  /** The groups that are installed unless told otherwise are (`tool.uv.default-groups`). */
  defaults: boolean;
  /** The project itself is installed, where it is a package. */
  project: boolean;
}

/** Options that change nothing of what is installed where. */
const PLAIN =
  /^(?:--frozen|--locked|--no-cache|--compile-bytecode|--quiet|-q|--verbose|-v+|--no-progress|--no-python-downloads|--inexact|--offline|-n)$/;
const VALUED: ReadonlySet<string> = new Set([
  '--extra',
  '--group',
  '--no-group',
  '--link-mode',
  '--color',
  '--cache-dir',
  '--index-url',
  '--default-index',
]);

/** Reads `uv sync …`; undefined: it is none, or has an option that is not known here. */
export function uvSync(command: ShellCommand): UvSync | undefined {
  const started = invocation(command);
  if (started?.program !== 'uv' || command.assignments.some((one) => one.name.startsWith('UV_'))) return undefined;
  const [verb, ...words] = started.args.filter((word, n) => n > 0 || !PLAIN.test(word));
  if (verb !== 'sync') return undefined;
  const sync: UvSync = { extras: [], groups: [], without: [], allGroups: false, defaults: true, project: true };
  for (let n = 0; n < words.length; n += 1) {
    const [name = '', inline] = (words[n] ?? '').split(/=(.*)/s);
    if (VALUED.has(name)) {
      const value = inline ?? words[(n += 1)] ?? '';
      if (value === '' || value.includes('$')) return undefined;
      if (name === '--extra' && sync.extras !== 'all') sync.extras.push(value);
      if (name === '--group') sync.groups.push(value);
      if (name === '--no-group') sync.without.push(value);
    } else if (name === '--all-extras') sync.extras = 'all';
    else if (name === '--all-groups') sync.allGroups = true;
    else if (name === '--dev') sync.groups.push('dev');
    else if (name === '--no-dev') sync.without.push('dev');
    else if (name === '--no-default-groups') sync.defaults = false;
    else if (name === '--no-install-project') sync.project = false;
    else if (!PLAIN.test(name) && name !== '--no-editable') return undefined;
  }
  return sync;
}

/** Options of `uv run` that are of no use where nothing is installed any more. */
const OF_RUN = /^(?:--frozen|--locked|--no-sync|--no-dev|--no-cache|--quiet|-q|--no-progress|--offline)$/;

/** How many words of a command are `uv run` and its options; undefined: it is none, or one that does more. */
export function uvRunWords(
  words: readonly { value?: string | undefined; raw?: string }[],
): { count: number; options: string[]; file: boolean } | undefined {
  const texts = words.map((word) => word.value ?? word.raw ?? '');
  if (texts[0] !== 'uv' || texts[1] !== 'run') return undefined;
  let count = 2;
  while (OF_RUN.test(texts[count] ?? '')) count += 1;
  const [program = ''] = texts.slice(count);
  if (program === '' || program.startsWith('-')) return undefined;
  return { count, options: texts.slice(2, count), file: program.endsWith('.py') };
}

/** Commands of uv that make or change an environment in another way, or bring a Python of their own. */
export function otherUv(command: ShellCommand): string | undefined {
  const started = invocation(command);
  if (started?.program !== 'uv' && started?.program !== 'uvx') return undefined;
  const verbs = started.args.filter((word) => !word.startsWith('-'));
  const harmless =
    started.program === 'uv' && (['sync', 'lock', 'export', 'version', 'cache', 'self'].includes(verbs[0] ?? '') || verbs.length === 0);
  return harmless ? undefined : command.words.map(textOf).slice(0, 3).join(' ');
}
