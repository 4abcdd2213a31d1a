// Room: ecosystems/node. The form of the rows that the scan looks for, and what they are made of.
import type { SourceHit } from '../types.ts';
import type { Argument } from './arguments.ts';
import type { Names } from './renamed.ts';

export interface Pattern {
  kind: SourceHit['kind'];
  /** Global; what is looked at as an argument stands behind the match. */
  form: RegExp;
  /** Functions that the form calls by these names: a source may import them under others. */
  calls?: readonly string[];
  /** The form for other names of them, where it is more than their call. */
  again?(names: string): RegExp;
  /** A text without this word is not searched. */
  hint?: string;
  /** Only in files that import one of these. */
  imports?: string[];
  /** No argument is read: the hit has no literal, or `literal` makes it. */
  argument?: false;
  /** The literal, when it is no path; null: no hit. */
  literal?: (match: RegExpExecArray, argument: Argument) => string | undefined | null;
  /** What the literal names is a directory (`directory`), or goes away (`removes`). */
  place?: 'directory' | 'removes';
  /** Lines that are not meant. */
  unless?: RegExp;
  /** A text with this says that it is not done. */
  without?: RegExp;
}

export const group =
  (index: number) =>
  (match: RegExpExecArray): string | undefined =>
    match[index];
export const constant = (value: string | undefined) => (): string | undefined => value;
export const given =
  (fallback: string | undefined) =>
  (_: RegExpExecArray, argument: Argument): string | undefined =>
    argument.literal ?? fallback;
/** What is computed, or a pattern, is no hit: too many functions have the name. */
export const literalOnly = (_: RegExpExecArray, { literal }: Argument): string | null =>
  literal === undefined || literal.includes('*') ? null : literal;

export const call = (names: string): Pick<Pattern, 'form' | 'calls'> => ({
  form: new RegExp(`(?<![\\w$])(?:${names})\\s{0,20}\\(`, 'g'),
  calls: names.split('|'),
});
export const option = (names: string): RegExp => new RegExp(`(?<![\\w$.])['"]?(?:${names})['"]?\\s{0,20}:`, 'g');

/** The same rows for functions of them that a source has under other names, and for modules that are such a function themselves (`const unpack = require('decompress')`). */
export function renamedPatterns(rows: readonly Pattern[], { functions, modules }: Names): Pattern[] {
  if (functions.size + modules.size === 0) return [];
  return rows.flatMap((row) => {
    const calls = row.calls ?? [];
    const names = calls.flatMap((name) => [...(functions.get(name) ?? []), ...(modules.get(name) ?? [])]);
    const others = names.filter((name) => !calls.includes(name)).join('|');
    return others === '' ? [] : [{ ...row, form: row.again?.(others) ?? call(others).form }];
  });
}
