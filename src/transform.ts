// What a transform is. Transforms see a Subject (the parsed Dockerfile and the facts) and return changes as data.
import type { Edit } from './dockerfile/edits.ts';
import type { Ecosystem } from './ecosystems/door.ts';
import type { Subject } from './facts/subject.ts';
import type { Evidence } from './facts/types.ts';
import type { Refusal } from './refusal.ts';
import type { Announced, Note, Safety } from './types.ts';

export { isRefusal, refusal, refuse, type Refusal } from './refusal.ts';
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

export interface Transform {
  /** kebab-case, the file's name, stable. */
  id: string;
  /** Imperative: "Copy the source after the dependency install". */
  title: string;
  /** Why, in two sentences. */
  rationale: string;
  optIn?: boolean;
  /** True when it changes places one by one, and leaves out what `leftOut` names (a comment above an instruction). Others are left out as a whole. */
  oneByOne?: boolean;
  /** True when stages, instructions or the base change: the frame invariants are asserted after it. */
  structural: boolean;
  /** The change; undefined when there is nothing to do here (silent); or a refusal, returned or thrown by `refuse`. */
  plan(subject: Subject, ecosystems: readonly Ecosystem[]): Change | Refusal | undefined;
}
