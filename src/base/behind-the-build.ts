// Room: base/. RUNs behind the last work of the build that the last stage repeats word for word: the build stage has no use for them.
import { inside } from '../facts/copies.ts';
import type { RunReading, StageReading } from '../facts/reading.ts';
import { givesAway, type RunPlan } from './run-plan.ts';

interface Asked {
  /** What the last stage repeats, by RUN. */
  repeats: ReadonlyMap<number, unknown>;
  /** Instructions that leave the build stage in any case. */
  leaves?(index: number): boolean;
  /** Directories and files that the last stage gets from the build stage: what changes them stays there. */
  brought: readonly string[];
}

/** The RUNs (by index) that stand in the last stage alone. In: the stage, what a split does with its RUNs. */
export function behindTheBuild(reading: StageReading, plan: RunPlan, { repeats, leaves = () => false, brought }: Asked): Set<number> {
  const found = new Set<number>();
  for (const { index, keyword } of [...reading.stage.instructions].reverse()) {
    if (!['RUN', 'COPY', 'ADD'].includes(keyword) || leaves(index) || givesAway(plan.owner, index)) continue;
    const run = reading.run(index);
    if (!run || !repeats.has(index) || !plan.wholly.has(index) || changes(run, brought)) break;
    found.add(index);
  }
  return found;
}

const changes = ({ parts }: RunReading, brought: readonly string[]): boolean =>
  parts.some(({ effects: { writes, removes } }) =>
    [writes, removes].some(
      ({ known, unknown }) =>
        unknown !== undefined || known.some(({ path }) => brought.some((dir) => inside(path, dir) || inside(dir, path))),
    ),
  );
