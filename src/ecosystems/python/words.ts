// Room: ecosystems/python. The words of a shell command: which Python program it starts, and its options.
import type { ShellCommand, Word } from '../../dockerfile/types.ts';
import { oncePer } from '../../once.ts';

/** A program with its arguments, after wrappers (`env`, `exec`, `sudo`) and `python -m`. */
export interface Invocation {
  program: string;
  args: string[];
}
export interface Option {
  name: string;
  value: string | undefined;
  /** The words as written. */
  written: string[];
}
export interface Arguments {
  options: Option[];
  positional: string[];
}

const wrappers = new Set(['exec', 'env', 'sudo', 'time', 'command', 'nice', 'nohup']);
const python = /^(?:python|pypy)[0-9.]*$/;
/** Options of the interpreter that take a value. Source: https://docs.python.org/3/using/cmdline.html */
const pythonValued = new Set(['-W', '-X', '--check-hash-based-pycs']);

/** A word's literal value, or its text as written without quotes when it holds an expansion. */
export function textOf(word: Word): string {
  return word.value ?? word.raw.replace(/["']/g, '');
}

/** The last part of a path; '' when that part is computed. */
function baseName(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  return /[$`*?]/.test(base) ? '' : base;
}

/** Which program a command starts; undefined for a bare assignment. Versions are cut (`pip3.12` is `pip`). Each of Python's managers asks. */
export const invocation = oncePer((command: ShellCommand): Readonly<Invocation> | undefined => {
  const words = command.words.map(textOf);
  let at = 0;
  while (at < words.length && wrappers.has(baseName(words[at] ?? ''))) {
    at += 1;
    while (at < words.length && /^(?:-|[A-Za-z_]\w*=)/.test(words[at] ?? '')) at += 1;
  }
  const first = words[at];
  if (first === undefined) return undefined;
  const program = baseName(first);
  const args = words.slice(at + 1);
  if (python.test(program)) return pythonModule(apartModule(command.words.slice(at + 1)).map(textOf)) ?? { program: 'python', args };
  return { program: unversioned(program), args };
});

const unversioned = (program: string): string => (/^pip[0-9.]+$/.test(program) ? 'pip' : program);

/** `-mvenv` as `-m venv`. Source: docs.python.org/3/using/cmdline.html */
export function apartModule(words: readonly Word[]): readonly Word[] {
  const [first, ...rest] = words;
  const name = /^-m([a-z]\w*)$/.exec(first?.value ?? '')?.[1];
  return first && name !== undefined ? [{ ...first, raw: '-m', value: '-m' }, { ...first, raw: name, value: name }, ...rest] : words;
}

/** `python -m pip install x` is pip; undefined when the interpreter runs a file or a text. */
function pythonModule(args: string[]): Invocation | undefined {
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (pythonValued.has(word)) at += 1;
    else if (word === '-m') return { program: args[at + 1] ?? '', args: args.slice(at + 2) };
    else if (/^-[A-Za-z]*m$/.test(word) && !word.includes('c')) return { program: args[at + 1] ?? '', args: args.slice(at + 2) };
    else if (!/^-[bBdEhiIOPqRsSuvVx]+$/.test(word)) return undefined;
  }
  return undefined;
}

/**
 * Splits arguments into options and positional words, as optparse and Python's argparse do: `--name=value`, `--name value` and `-n value`
 * or `-nvalue` for the names in `valued`, clusters of short flags (`-Ur file`), `--` ends the options.
 */
export function readArguments(args: readonly string[], valued: ReadonlySet<string>): Arguments {
  const found: Arguments = { options: [], positional: [] };
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--') {
      found.positional.push(...args.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') found.positional.push(word);
    else if (word.startsWith('--')) at += longOption(word, args[at + 1], valued, found.options);
    else at += shortOptions(word, args[at + 1], valued, found.options);
  }
  return found;
}

/** Returns how many further words it took. */
function longOption(word: string, next: string | undefined, valued: ReadonlySet<string>, into: Option[]): number {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  if (equals >= 0) {
    into.push({ name, value: word.slice(equals + 1), written: [word] });
    return 0;
  }
  const takes = valued.has(name) && next !== undefined;
  into.push({ name, value: takes ? next : undefined, written: takes ? [word, next] : [word] });
  return takes ? 1 : 0;
}

function shortOptions(word: string, next: string | undefined, valued: ReadonlySet<string>, into: Option[]): number {
  for (let at = 1; at < word.length; at += 1) {
    const name = `-${word[at]}`;
    if (!valued.has(name)) {
      into.push({ name, value: undefined, written: [name] });
      continue;
    }
    const rest = word.slice(at + 1).replace(/^=/, '');
    if (rest !== '') {
      into.push({ name, value: rest, written: [`${name}${rest}`] });
      return 0;
    }
    into.push({ name, value: next, written: next === undefined ? [name] : [name, next] });
    return next === undefined ? 0 : 1;
  }
  return 0;
}
