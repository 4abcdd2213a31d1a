// multi-stage: RUNs that the last stage has and the build stage has no use for: they stand there alone.
import { allOf } from '../../src/effects/effects.ts';
import { namesBelow } from '../../src/dockerfile/write.ts';
import { givesAway } from '../../src/base/run-plan.ts';
import type { Instruction } from '../../src/dockerfile/types.ts';
import type { RunReading } from '../../src/facts/reading.ts';
import type { Situation } from './situation.ts';
import type { Split } from './split.ts';

/** RUNs (by index) of `repeats` that nothing of the build stage needs. */
export function standsAlone(s: Situation, split: Split): Set<number> {
  const alone = new Set([...split.alone, ...programsAlone(s, split)]);
  return new Set([...alone, ...directoriesAlone(s, { ...split, alone })]);
}

/** RUNs that make directories behind the last work of the build stage: nothing there finds them, and no COPY brings them from there. */
function directoriesAlone({ reading, runs, shared }: Situation, split: Split): Set<number> {
  const found = new Set<number>();
  // a `chown -R` of the application is done by the COPYs of the last stage, and by the text of these RUNs there
  const elsewhere = (i: Instruction): boolean =>
    split.moved.has(i.index) ||
    split.alone.has(i.index) ||
    givesAway(runs.owner, i.index) ||
    (shared?.up.includes(i) === true && runs.kept.get(i.index)?.whole !== false);
  const work = reading.stage.instructions.filter((i) => ['RUN', 'COPY', 'ADD'].includes(i.keyword) && !elsewhere(i));
  for (const instruction of work.reverse()) {
    const run = reading.runs.find((one) => one.instruction === instruction);
    if (!run || !split.repeats.has(instruction.index) || !makesDirectories(run) || isBrought(run, split)) break;
    found.add(instruction.index);
  }
  return found;
}
const makesDirectories = ({ opaque, parts }: RunReading): boolean =>
  opaque === undefined && parts.length > 0 && parts.every(({ effects: { does } }) => does.kind === 'files' && does.makes === true);
/** A line of the last stage copies it, or what lies in it, out of the build stage by name. */
const isBrought = ({ parts }: RunReading, { artefacts }: Split): boolean =>
  parts.some(({ effects: { writes } }) => writes.known.some(({ path }) => artefacts.some((line) => namesBelow(line, path))));

/** RUNs that install programs for the whole image and do nothing else, where no command of the build starts one. */
function programsAlone({ reading, shared }: Situation, split: Split): Set<number> {
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
