// multi-stage: RUNs that the last stage has and the build stage has no use for: they stand there alone.
import { allOf } from '../../src/effects/effects.ts';
import { behindTheBuild } from '../../src/base/behind-the-build.ts';
import { namesBelow } from '../../src/dockerfile/write.ts';
import type { RunPart, RunReading } from '../../src/facts/reading.ts';
import type { Situation } from './situation.ts';
import type { Split } from './split.ts';

/** RUNs (by index) of `repeats` that nothing of the build stage needs. */
export function standsAlone(s: Situation, split: Split): Set<number> {
  const alone = new Set([...split.alone, ...programsAlone(s, split)]);
  return new Set([...alone, ...tail(s, { ...split, alone })]);
}

/** RUNs behind the last work of the build stage: nothing there finds what they make, and no COPY brings it from there. */
function tail({ reading, runs, shared }: Situation, split: Split): Set<number> {
  const up = new Set(shared?.up.filter(({ index }) => runs.kept.get(index)?.whole !== false).map(({ index }) => index));
  return behindTheBuild(reading, runs, {
    repeats: split.repeats,
    leaves: (index) => split.alone.has(index) || split.moved.has(index) || up.has(index),
    brought: reading.runs.flatMap(({ parts }) => parts.flatMap((part) => writtenBy(part, split))),
  });
}
/** What a command writes and a line of the last stage copies out of the build stage by name. */
const writtenBy = ({ effects: { writes } }: RunPart, { artefacts }: Split): string[] =>
  writes.known.flatMap(({ path }) => (artefacts.some((line) => namesBelow(line, path)) ? [path] : []));

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
