// multi-stage: programs that a RUN installs for the whole image and the container starts: the build stage has them only where it uses them.
import { allOf } from '../../src/effects/effects.ts';
import type { RunReading } from '../../src/facts/reading.ts';
import type { Situation } from './situation.ts';
import type { Split } from './split.ts';

/** RUNs (by index) that stand in the last stage alone: they install such programs and do nothing else, and no command of the build starts one. */
export function programsAlone({ reading, shared }: Situation, split: Split): Set<number> {
  if (shared) return new Set();
  const found = reading.runs.filter((run) => split.repeats.has(run.instruction.index) && installsAlone(run));
  return new Set(found.filter((run) => !isUsed(run, reading.runs)).map(({ instruction }) => instruction.index));
}

const broughtBy = ({ parts }: RunReading): string[] => parts.flatMap(({ manager, command }) => manager?.globals?.(command) ?? []);
const installsAlone = (run: RunReading): boolean =>
  run.opaque === undefined &&
  run.parts.length > 0 &&
  run.parts.every(({ manager, kind, command, effects: { redirected } }) =>
    kind === 'clean-cache'
      ? true
      : kind === 'install-named' && (manager?.globals?.(command) ?? []).length > 0 && redirected.known.length === 0,
  );

/** A command of another RUN is such a program, starts one, or is not known. */
function isUsed(run: RunReading, all: readonly RunReading[]): boolean {
  const names = new Set(broughtBy(run));
  const parts = all.filter((other) => other !== run).flatMap((other) => other.parts);
  return allOf(parts.map(({ effects }) => effects)).some(
    ({ program, wrappers, does, sources, startsUnknown }) =>
      names.has(program) ||
      wrappers.some((one) => names.has(one.program)) ||
      startsUnknown !== undefined ||
      (does.kind === 'unknown' && sources === undefined),
  );
}
