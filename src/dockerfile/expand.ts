// Room: dockerfile/. Words with variables: their value, their literal text, the names they use.
import { lex } from './lex.ts';
import type { Known } from './types.ts';

/** No program can be started with a longer variable on Linux. Source: execve(2), MAX_ARG_STRLEN. */
const longest = 128 * 1024;

/**
 * The value of a word after BuildKit's own expansion (quotes and escapes removed, `$X`, `${X:-d}`, `${X:+d}`, …).
 * In: the word as written, what each variable holds (undefined: not set), the file's escape character.
 * Out: the value, or why it is not known. Source: Dockerfile reference, "Environment replacement".
 */
export function expandWord(text: string, lookup: (name: string) => Known | undefined, escape: string): Known {
  const result = lex(text, { escape, lookup, unset: 'empty', quotes: 'remove', escapes: 'remove', wants: 'text' });
  if (result.error !== undefined) return { unknown: result.error };
  if (result.text.length > longest) return { unknown: 'a value is longer than a variable can be' };
  return result.unknown === undefined ? { value: result.text } : { unknown: result.unknown };
}

/** The word without its quotes and escapes, variables left as written; the word itself when a quote is not closed. */
export function unquote(text: string, escape: string): string {
  if (!/["'$]/.test(text) && !text.includes(escape)) return text;
  const result = lex(text, { escape, lookup: () => undefined, unset: 'keep', quotes: 'remove', escapes: 'remove', wants: 'text' });
  return result.error === undefined ? result.text : text;
}

/** Names of the variables that a word uses, in the order of first use. */
export function variablesOf(text: string, escape: string): string[] {
  if (!text.includes('$')) return [];
  const names = new Set<string>();
  const note = (name: string): undefined => {
    names.add(name);
    return undefined;
  };
  lex(text, { escape, lookup: note, unset: 'keep', quotes: 'remove', escapes: 'remove', wants: 'text' });
  return [...names];
}
