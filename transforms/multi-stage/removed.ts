// multi-stage: what a RUN removes of the files that a COPY brought: the last stage must not have them again.
import { removalOf, type Removal } from '../../src/base/removed.ts';
import { landingIn, type CopyReading } from '../../src/facts/copies.ts';
import type { Piece } from '../../src/dockerfile/edits.ts';
import type { Span } from '../../src/dockerfile/types.ts';
import { refuse } from '../../src/refusal.ts';
import type { Situation } from './situation.ts';
import type { Split } from './split.ts';

/** COPYs that the last stage has again or alone, without those of which a RUN of the build removes all; refuses where it removes some. */
export function withoutRemoved({ reading }: Situation, split: Split): Split {
  const repeated = new Set(split.repeated);
  const moved = new Set(split.moved);
  for (const copy of reading.copies) {
    const { index, line, start } = copy.instruction;
    if (!copy.fromContext || !(repeated.has(index) || moved.has(index))) continue;
    for (const path of landings(copy)) {
      const removal = removalOf(reading, path, index);
      if (!removal || repeats(split, removal)) continue;
      if (!removal.whole || landings(copy).length > 1 || moved.has(index))
        refuse(
          'opaque-run',
          `RUN at line ${removal.run.instruction.line} removes files that line ${line} brings: a stage of its own for running would have them again`,
          start,
          { allow: 'List what is removed in .dockerignore, or copy only what the container needs.' },
        );
      repeated.delete(index);
    }
  }
  return { ...split, repeated };
}

/** Where a COPY puts its sources; a directory stands for all that lies in it. */
const landings = (copy: CopyReading): string[] => {
  const files = copy.sources.flatMap(({ kind, files: own, path }) => (kind === 'dir' ? [path] : own));
  const told = files.flatMap((path) => landingIn(copy, path) ?? []);
  return told.length > 0 ? [...new Set(told)] : copy.dest === undefined ? [] : [copy.dest];
};

/** The last stage has the command as well. */
const repeats = (split: Split, { run, part }: Removal): boolean => holds(split.repeats.get(run.instruction.index), part.command);

/** A text that is made of the original's has the command. */
export const holds = (text: readonly Piece[] | undefined, { start, end }: Span): boolean =>
  text?.some((piece) => typeof piece === 'object' && piece.start <= start && end <= piece.end) === true;
