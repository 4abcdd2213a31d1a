// Room: effects/. The words of a call: options, their values, and the rest.
import type { ShellCommand, Word } from '../dockerfile/types.ts';
import { onceEach } from '../once.ts';

export interface Options {
  /** Words that are no options. */
  rest: Word[];
  /** Options as written, without their separate values; bundled short ones are taken apart (`-rf` is `-r` and `-f`). */
  flags: Set<string>;
  /** The value of an option: the word behind it, or what follows `=`. */
  value(...names: string[]): Word | undefined;
}

const NONE: ReadonlySet<string> = new Set();
const textOf = (word: Word): string => word.value ?? word.raw;

/** Parts the arguments of a call. `valued`: the options that take the next word (`-o`, `--output`). */
export function options(args: readonly Word[], valued: ReadonlySet<string> = NONE): Options {
  const rest: Word[] = [];
  const flags = new Set<string>();
  const values = new Map<string, Word>();
  let open = true;
  for (let n = 0; n < args.length; n += 1) {
    const word = args[n] as Word;
    const text = textOf(word);
    if (!open || !text.startsWith('-') || text === '-') rest.push(word);
    else if (text === '--') open = false;
    else n += option(word, text, args[n + 1]);
  }
  return { rest, flags, value: (...names) => names.map((name) => values.get(name)).find((word) => word !== undefined) };

  function option(word: Word, text: string, next: Word | undefined): number {
    const equals = text.indexOf('=');
    const name = text.startsWith('--') && equals > 0 ? text.slice(0, equals) : text;
    flags.add(name);
    if (name !== text) values.set(name, { ...word, value: word.value?.slice(equals + 1), raw: word.raw.slice(equals + 1) });
    else if (valued.has(name)) {
      if (next) values.set(name, next);
      return 1;
    } else if (!name.startsWith('--')) return bundle(name, word, next);
    return 0;
  }
  /** `-fsSLo FILE`: each letter is an option; the first that takes a value takes the rest of the word, or the next one. */
  function bundle(name: string, word: Word, next: Word | undefined): number {
    for (let n = 1; n < name.length; n += 1) {
      const short = `-${name[n]}`;
      flags.add(short);
      if (!valued.has(short)) continue;
      const inline = name.slice(n + 1);
      if (inline !== '') values.set(short, { ...word, value: word.value === undefined ? undefined : inline, raw: inline });
      else if (next) values.set(short, next);
      return inline === '' ? 1 : 0;
    }
    return 0;
  }
}

/** Words as a command of their own. */
export function commandOf(words: readonly string[]): ShellCommand {
  return {
    start: 0,
    end: 0,
    assignments: [],
    words: words.map((text): Word => ({ start: 0, end: 0, raw: text, value: text, variables: [] })),
    redirects: [],
    before: undefined,
    negated: false,
  };
}

/** The program's name of a command, without its directory; '' for a bare assignment. */
export function programOf(command: ShellCommand): string {
  const word = command.words[0]?.value ?? '';
  return word.slice(word.lastIndexOf('/') + 1);
}

/** Names divided by spaces, as a set. Of texts of our own: each is kept. */
export const names = onceEach((text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean)));
