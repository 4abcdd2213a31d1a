// Room: dockerfile/. Heredocs that an instruction's line announces. Source: BuildKit v0.34.2, frontend/dockerfile/parser/parser.go.
import { lex, type LexOptions } from './lex.ts';
import type { Arg, CopyLike } from './types.ts';

export interface HeredocStart {
  name: string;
  fd: number;
  expand: boolean;
  chomp: boolean;
}

const options: LexOptions = { escape: '\\', lookup: () => undefined, unset: 'keep', quotes: 'keep', escapes: 'keep' };
const quotesIn = (word: string): number => word.split(/["']/).length - 1;

/** A word that is a heredoc operator (`<<EOF`, `3<<-"EOF"`), or undefined. `error`: BuildKit refuses the word. */
export function heredocOf(word: string): HeredocStart | { error: string } | undefined {
  const operator = /^(\d*)<<(-?)[\t\n\f\r ]*/.exec(word);
  if (!operator) return undefined;
  const rest = word.slice(operator[0].length);
  if (rest === '' || rest.includes('<')) return undefined;
  const plain = lex(rest, { ...options, quotes: 'remove', escapes: 'remove' });
  if (plain.error !== undefined) return { error: plain.error };
  const name = plain.words[0];
  if (name === undefined || plain.words.length !== 1) return undefined;
  const raw = lex(rest, { ...options, escapes: 'remove' });
  if (raw.error !== undefined) return { error: raw.error };
  if (raw.words.length !== 1) return { error: `internal lexing of heredoc produced inconsistent results: ${rest}` };
  return { name, fd: Number(operator[1] || '0'), chomp: operator[2] === '-', expand: quotesIn(name) === quotesIn(raw.words[0] ?? '') };
}

/** The heredocs of a logical line, in order. */
export function heredocsOf(line: string): HeredocStart[] | { error: string } {
  if (!line.includes('<<')) return [];
  const found: HeredocStart[] = [];
  for (const word of lex(line, options).words) {
    const heredoc = heredocOf(word);
    if (heredoc === undefined) continue;
    if ('error' in heredoc) return heredoc;
    found.push(heredoc);
  }
  return found;
}

/** The sources of a COPY or ADD that are files: its heredocs stand among its words, and are none. */
export function fileSources({ sources, heredocs }: Pick<CopyLike, 'sources' | 'heredocs'>): Arg[] {
  return heredocs.length === 0 ? sources : sources.filter(({ raw }) => heredocOf(raw) === undefined);
}
