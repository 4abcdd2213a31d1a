// Room: ecosystems/python. A pattern of a source, and what a match of it means.
import type { SourceHit } from '../types.ts';

export interface Finding {
  kind: SourceHit['kind'];
  literal: string | undefined;
  /** What stands there where it is no literal. */
  expression?: string | undefined;
  /** The path goes away; one that cannot be told is no hit: most are temporary. */
  removes?: true;
  /** Code of Python that the sources compute, or are given. */
  code?: true;
}
/** What a match means; undefined: nothing. */
export type Meaning = (given: string[], match: RegExpExecArray) => Finding | undefined;
export interface Pattern {
  /** Global. With `call`, it ends at the `(`, and `means` is given the arguments. */
  find: RegExp;
  call?: true;
  means: Meaning;
}
