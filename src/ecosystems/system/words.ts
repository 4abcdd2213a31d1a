// Room: ecosystems/system. The words of a command of apt or apk: options, packages, paths.
import type { ShellCommand, Word } from '../../dockerfile/types.ts';
import { oncePer } from '../../once.ts';

/**
 * Where packages of a distribution put their files: not /usr/local and /opt (Debian policy 9.1), not /usr/src and /srv, which are the
 * administrator's (FHS 3.0, 4.12 and 3.17).
 */
export const systemPlaces: readonly string[] = [
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib',
  '/usr/lib32',
  '/usr/lib64',
  '/usr/libexec',
  '/usr/include',
  '/usr/share',
  '/usr/games',
  '/etc',
  '/var',
  '/lib',
  '/lib64',
  '/bin',
  '/sbin',
  '/run',
];

/** A program with its arguments, behind `sudo`, `env`, `exec` and their like. */
export interface Called {
  program: string;
  args: Word[];
  /** The `xargs` in front of it: more arguments come from its input. */
  xargs: Word | undefined;
}

const passing = new Set(['sudo', 'env', 'exec', 'command', 'time', 'nice', 'nohup', 'eatmydata', 'xargs']);

/** The literal value of a word, or its text as written without quotes (globs and variables stay). */
export const textOf = (word: Word): string => word.value ?? word.raw.replace(/["']/g, '');

/** Which program a command starts. Undefined: a bare assignment, or a computed program. */
export const called = oncePer((command: ShellCommand): Readonly<Called> | undefined => {
  let at = 0;
  let xargs: Word | undefined;
  for (; at < command.words.length; at += 1) {
    const word = command.words[at] as Word;
    const name = nameOf(word);
    const text = textOf(word);
    if (passing.has(name)) xargs = name === 'xargs' ? word : xargs;
    else if (at === 0 || !/^(?:-|[A-Za-z_]\w*=)/.test(text))
      return name === '' ? undefined : { program: name, args: command.words.slice(at + 1), xargs };
  }
  return undefined;
});

function nameOf(word: Word): string {
  const text = word.value ?? '';
  return text.slice(text.lastIndexOf('/') + 1);
}

export interface Arguments {
  /** Arguments that are no options, as written. */
  words: Word[];
  /** Options as written, a separate value joined by a space. */
  flags: string[];
}

/** Parts arguments; `valued` are the options whose value is the next word. */
export function parted(args: readonly Word[], valued: ReadonlySet<string>): Arguments {
  const found: Arguments = { words: [], flags: [] };
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] as Word;
    const text = textOf(word);
    if (text === '--') return { ...found, words: [...found.words, ...args.slice(at + 1)] };
    if (!text.startsWith('-') || text === '-') found.words.push(word);
    else if (valued.has(text)) {
      const value = args[at + 1];
      found.flags.push(value ? `${text} ${textOf(value)}` : text);
      at += 1;
    } else found.flags.push(text);
  }
  return found;
}

/** Whether a command is `rm` (or `find … -delete`) of nothing but what lies in `dirs`. */
export function removesOnly(command: ShellCommand, dirs: readonly string[]): boolean {
  const start = called(command);
  if (!start || start.xargs || (start.program !== 'rm' && start.program !== 'find')) return false;
  const { words, flags } = parted(start.args, new Set());
  const find = start.program === 'find';
  if (find && !flags.includes('-delete')) return false;
  const paths = find
    ? words.slice(
        0,
        Math.max(
          0,
          start.args.findIndex((word) => textOf(word).startsWith('-')),
        ),
      )
    : words;
  return paths.length > 0 && paths.every((word) => word.variables.length === 0 && within(textOf(word), dirs));
}

const within = (path: string, dirs: readonly string[]): boolean =>
  !path.split('/').includes('..') && !/[$`]/.test(path) && dirs.some((dir) => path === dir || path.startsWith(`${dir}/`));
