// Room: base/. What level max accepts although it is not known, as notes: an assumption is never silent.
import { computedStart } from '../runtime/spawned.ts';
import { hitsOf } from '../facts/applications.ts';
import type { Subject } from '../facts/subject.ts';
import type { Note } from '../types.ts';
import { swapProblem } from './base.ts';

/** The assumptions of a change of the base image at level max; empty at the other levels, which refuse instead. */
export function assumedAtMax(subject: Subject): Omit<Note, 'transform'>[] {
  if (subject.options.level !== 'max') return [];
  const spawn = computedStart(subject, hitsOf(subject));
  const swap = swapProblem(subject.final.base);
  const notes = [];
  if (spawn) notes.push(`${spawn.says}, and the last image has what it needs`);
  if (swap?.id === 'private-mirror-base') notes.push(`${swap.message}; it is taken to exist`);
  return notes.map(assumption);
}

/** An assumption as a note. */
export const assumption = (message: string): Omit<Note, 'transform'> => ({ id: 'assumed', message: `Assumed (level max): ${message}` });
