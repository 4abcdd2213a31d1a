// Room: runtime/. The stages whose RUNs and COPYs the image has.
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';

/** The final stage and the stages that it is built FROM, the final one first. */
export function chainOf({ stages, final }: Subject): StageReading[] {
  const chain: StageReading[] = [];
  for (let stage: StageReading | undefined = final; stage && chain.length < 20;) {
    chain.push(stage);
    stage = stage.base.ofStage === undefined ? undefined : stages[stage.base.ofStage];
  }
  return chain;
}
