// multi-stage: a `chown -R` of the application, as the last stage does it.
import { inside } from '../../src/facts/copies.ts';
import { isRoot } from '../../src/facts/reading.ts';
import type { Subject } from '../../src/facts/subject.ts';
import { givesAway, type Ownership } from '../../src/base/run-plan.ts';
import type { Split } from './split.ts';

/** `chown -R` of the application, as `--chown` of every COPY below it and of the directory alone, which `runtimeStage` adds where the RUN does more. */
export function owned(subject: Subject, split: Split, owner: Ownership): Split {
  const { stage, copies, before } = subject.final;
  const rewritten = new Map(split.rewritten);
  for (const copy of copies) {
    const { index, chown, leadStart, start, bodyStart, end } = copy.instruction;
    const below = copy.dest !== undefined && inside(copy.dest, owner.path);
    const moves = split.moved.has(index);
    if (chown === undefined && below && index < owner.at && (moves || split.repeated.has(index)))
      rewritten.set(index, [{ start: moves ? leadStart : start, end: bodyStart }, `--chown=${owner.owner} `, { start: bodyStart, end }]);
  }
  const run = stage.instructions.find(({ index }) => givesAway(owner, index));
  if (!run) return { ...split, rewritten };
  // another user builds in what is given away
  const used = subject.final.runs.some(({ instruction: i }) => i.index > owner.at && !split.moved.has(i.index) && !isRoot(before(i)));
  rewritten.set(run.index, [{ start: used ? run.start : run.leadStart, end: run.bodyStart }, ownText(owner)]);
  const place = used ? 'repeated' : 'moved';
  return { ...split, rewritten, [place]: new Set([...split[place], run.index]) };
}
/** The command that gives the directory alone away. */
export const ownText = ({ owner, path }: Ownership): string => `chown ${owner} ${path}`;
