// What a transform is, and how it refuses. Transforms see a Subject (the parsed Dockerfile and the facts) and return changes as data.
import type { Edit } from './dockerfile/edits.ts';
import type { Ecosystem } from './ecosystems/door.ts';
import type { Subject } from './facts/subject.ts';
import type { Evidence, Fact } from './facts/types.ts';
import type { Announced, Note, Safety } from './types.ts';

export type { Announced };

/** What a transform does to the Dockerfile (and to files of the context), all or nothing. */
export interface Change {
  edits: Edit[];
  /** Files of the context to write. */
  files?: { path: string; text: string }[];
  safety: Safety;
  why: string;
  evidence: Evidence[];
  notes?: Omit<Note, 'transform'>[];
  /** Instructions of the old text (by index) that the new text no longer has, with the reason (frame invariant F8). */
  dropped?: { index: number; reason: string }[];
  /** What this transform announces to change of the image's configuration, so that the frame invariants expect it. */
  announces?: Announced;
  /** Sites that could not be changed although another one was. */
  skips?: Refusal[];
}

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

export interface Transform {
  /** kebab-case, the file's name, stable. */
  id: string;
  /** Imperative: "Copy the source after the dependency install". */
  title: string;
  /** Why, in two sentences. */
  rationale: string;
  optIn?: boolean;
  /** True when stages, instructions or the base change: the frame invariants are asserted after it. */
  structural: boolean;
  /** The change; undefined when there is nothing to do here (silent); or a refusal, returned or thrown by `refuse`. */
  plan(subject: Subject, ecosystems: readonly Ecosystem[]): Change | Refusal | undefined;
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
 * The one place that knows what the level does with the unknown (rule book §0.3).
 */
export function requireFact<T>(
  subject: Subject,
  fact: Fact<T>,
  skip: { id: string; message(why: string): string; at: number; allow?: string; assumed?: T },
): { value: T; evidence: Evidence[]; note?: Omit<Note, 'transform'> } {
  if ('value' in fact) return fact;
  if (subject.options.level === 'max' && skip.assumed !== undefined)
    return {
      value: skip.assumed,
      evidence: fact.evidence ?? [],
      note: { id: 'assumed', message: `Assumed (level max): ${skip.message(fact.unknown)}` },
    };
  return refuse(skip.id, skip.message(fact.unknown), skip.at, { allow: skip.allow, evidence: fact.evidence });
}
