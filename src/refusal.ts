// How a transform refuses, and what the level does with what is unknown.
import type { Evidence, Fact } from './facts/types.ts';
import type { Note, Options } from './types.ts';

/** It would help, but a fact forbids it: told to the user with what would allow it. */
export interface Refusal {
  refused: true;
  id: string;
  message: string;
  /** Offset in the current text that the line number is taken from. */
  at: number;
  allow?: string;
  evidence?: Evidence[];
}

/** Refuses: thrown so that a recipe reads from top to bottom; caught by the road alone. */
export function refuse(id: string, message: string, at: number, more: { allow?: string; evidence?: Evidence[] } = {}): never {
  throw refusal(id, message, at, more);
}
export const refusal = (id: string, message: string, at: number, more: { allow?: string; evidence?: Evidence[] } = {}): Refusal => ({
  refused: true,
  id,
  message,
  at,
  ...more,
});

export const isRefusal = (thrown: unknown): thrown is Refusal =>
  typeof thrown === 'object' && thrown !== null && (thrown as Refusal).refused === true;

/**
 * The value of a fact; where it is unknown, refuses at `safe` and `balanced`, and at `max` takes `assumed` and notes it.
 * The one place that knows what the level does with the unknown.
 */
export function requireFact<T>(
  { options }: { options: Options },
  fact: Fact<T>,
  skip: { id: string; message(why: string): string; at: number; allow?: string; assumed?: T },
): { value: T; evidence: Evidence[]; note?: Omit<Note, 'transform'> } {
  if ('value' in fact) return fact;
  if (options.level === 'max' && skip.assumed !== undefined)
    return {
      value: skip.assumed,
      evidence: fact.evidence ?? [],
      note: { id: 'assumed', message: `Assumed (level max): ${skip.message(fact.unknown)}` },
    };
  return refuse(fact.id ?? skip.id, skip.message(fact.unknown), skip.at, { allow: skip.allow, evidence: fact.evidence });
}
