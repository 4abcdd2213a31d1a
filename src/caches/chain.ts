// Room: caches/. Stages that are built on one another.
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { oncePer } from '../once.ts';

/** The stage, and those that are built on it. */
export function below({ stages }: Subject, reading: StageReading): StageReading[] {
  const found = [reading];
  for (const one of found) found.push(...(builtOn(stages).get(one.stage.index) ?? []));
  return found;
}
/** The stages that are built on another one, by its index; a stage is built on one before it. */
const builtOn = oncePer((stages: readonly StageReading[]): ReadonlyMap<number, StageReading[]> => {
  const found = new Map<number, StageReading[]>();
  for (const stage of stages) {
    const { ofStage } = stage.base;
    if (ofStage === undefined) continue;
    const known = found.get(ofStage);
    if (known) known.push(stage);
    else found.set(ofStage, [stage]);
  }
  return found;
});
