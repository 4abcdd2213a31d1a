// Room: ecosystems/java. The command line of `java`. Source: docs.oracle.com, "The java Command".
import type { Word } from '../../dockerfile/types.ts';
import { valueOf } from '../../effects/places.ts';
import type { Effects } from '../../effects/types.ts';

/** What a `java` starts. */
export interface JavaCommand {
  /** The word behind -jar, as written; a glob perhaps. Undefined: a class is started. */
  jar: { text: string; glob: boolean } | undefined;
  /** The entries of the class path, as written. */
  classPath: string[];
  /** A word that is computed where a jar or a class path stands. */
  computed: string | undefined;
  /** Every word whose value is known: options, and what the program is given. */
  words: string[];
}

/** Options that take a value of their own. */
const VALUED = new Set([
  '-p',
  '--module-path',
  '--upgrade-module-path',
  '--add-modules',
  '--enable-native-access',
  '--add-reads',
  '--add-exports',
  '--add-opens',
  '--limit-modules',
  '--patch-module',
  '-m',
  '--module',
  '-d',
]);
const CLASS_PATH = new Set(['-cp', '-classpath', '--class-path']);

/** Reads the words behind `java`. */
export function javaCommand({ command, before }: Effects): JavaCommand {
  const read: JavaCommand = { jar: undefined, classPath: [], computed: undefined, words: [] };
  const words = command.words.slice(1);
  const text = (word: Word | undefined): { text: string; glob: boolean } | undefined => {
    if (!word) return undefined;
    const known = valueOf(word, before);
    if (known !== undefined) return { text: known, glob: false };
    return /^["']?[\w./@+-]*[*?][\w./@+*?-]*$/.test(word.raw) ? { text: word.raw, glob: true } : undefined;
  };
  for (let n = 0; n < words.length; n += 1) {
    const word = words[n];
    const value = text(word)?.text ?? '';
    if (value === '-jar') {
      const next = text(words[n + 1]);
      if (!next) read.computed = words[n + 1]?.raw ?? '-jar';
      read.jar = next;
      read.words.push(...words.slice(n + 2).flatMap((one) => text(one)?.text ?? []));
      return read;
    }
    if (CLASS_PATH.has(value) || value.startsWith('--class-path=')) {
      const own = value.startsWith('--class-path=') ? { text: value.slice(13) } : text(words[(n += 1)]);
      if (!own) read.computed = words[n]?.raw;
      else read.classPath.push(...own.text.split(':').filter(Boolean));
    } else if (VALUED.has(value)) {
      const own = text(words[(n += 1)])?.text;
      if (own !== undefined) read.words.push(own);
    } else read.words.push(value);
  }
  return read;
}

/** The pieces of a word that may be paths: `-javaagent:/opt/agent.jar=a=b`, `--spring.config.location=file:./config/,classpath:/`. */
export const piecesOf = (word: string): string[] =>
  word
    .split(/[=,;:\s]+/)
    .map((piece) => piece.replace(/^@/, ''))
    .filter((piece) => piece.length > 1 && !piece.startsWith('-') && /[./]/.test(piece) && !/^[\d.]+$/.test(piece));
