// multi-stage: the stage that both stages are built from, where the last one must stand on the original's own image.
import type { Edit, Piece } from '../../src/dockerfile/edits.ts';
import type { EnvLike, Instruction } from '../../src/dockerfile/types.ts';
import { blankAbove, removals, whole } from '../../src/dockerfile/write.ts';
import type { RunPlan } from '../../src/base/run-plan.ts';
import type { RunPart, StageReading } from '../../src/facts/reading.ts';
import type { Subject } from '../../src/facts/subject.ts';
import { usesVariable } from '../../src/facts/variables.ts';
import { refuse } from '../../src/refusal.ts';

/** What stands in the shared stage. */
export interface SharedStage {
  name: string;
  /** Indices of its instructions. */
  own: ReadonlySet<number>;
  /** The first instruction of the build stage. */
  first: Instruction;
  /** Of `own`: those that stand behind `first` in the original, and move up. */
  up: readonly Instruction[];
}

const STATE: ReadonlySet<string> = new Set(['ENV', 'ARG', 'WORKDIR', 'USER', 'SHELL']);
const RUNTIME: ReadonlySet<string> = new Set([
  'LABEL',
  'MAINTAINER',
  'EXPOSE',
  'VOLUME',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'ENTRYPOINT',
  'CMD',
  'ONBUILD',
]);

/** Lays out the shared stage: the settings at the head, and everything up to the last kept RUN that is not the build's alone. Undefined: nothing is left to build. */
export function sharedStage(reading: StageReading, runs: RunPlan): SharedStage | undefined {
  const { instructions } = reading.stage;
  const kept = (i: Instruction): boolean => runs.kept.has(i.index) || runs.keptCopies.has(i.index);
  const head = instructions.findIndex(
    (i) => !STATE.has(i.keyword) && !RUNTIME.has(i.keyword) && !runs.besideCopies.has(i.index) && !kept(i),
  );
  const last = Math.max(instructions.findLastIndex(kept), head - 1);
  const inside = instructions.filter(
    (i, n) => n <= last && !RUNTIME.has(i.keyword) && (STATE.has(i.keyword) || kept(i) || (n < head && runs.besideCopies.has(i.index))),
  );
  const first = instructions.find((i, n) => !RUNTIME.has(i.keyword) && (n > last || !inside.includes(i) || partly(runs, i)));
  if (!first) return undefined;
  return {
    name: reading.stage.name === 'base' ? 'common' : 'base',
    own: new Set(inside.map((i) => i.index)),
    first,
    up: inside.filter((i) => i.index >= first.index),
  };
}

const partly = (runs: RunPlan, i: Instruction): boolean => runs.kept.get(i.index)?.whole === false;

/** The edits that end the shared stage and begin the build stage: what moves up, the second FROM, and what the build stage then has already. */
export function sharedEdits(subject: Subject, shared: SharedStage, runs: RunPlan, builder: { name: string; last: Instruction }): Edit[] {
  const { dockerfile, final } = subject;
  const { from } = final.stage;
  const lines = shared.up.map((i): Piece[] => {
    const run = runs.kept.get(i.index);
    return run && !run.whole ? run.text : [whole(i)];
  });
  const left = displaced(subject, shared, runs, builder.last);
  const gone = shared.up.filter((i) => !partly(runs, i) && i.index < builder.last.index && !left.has(i.keyword));
  const blank = blankAbove(dockerfile, shared.first);
  const as = from.keywordRaw === 'from' ? 'as' : 'AS';
  const second = `${from.keywordRaw} ${shared.name} ${as} ${builder.name}`;
  // what a stage inherits of build arguments differs between builders: what the build stage names is declared there again
  const build = final.stage.instructions.filter((i) => !shared.own.has(i.index));
  const args = final.stage.instructions.filter(
    (i): i is EnvLike =>
      i.keyword === 'ARG' && shared.own.has(i.index) && i.pairs.some(({ name }) => build.some((other) => usesVariable(other, name))),
  );
  const text = [
    ...lines.flatMap((line): Piece[] => [...line, '\n']),
    ...(blank && lines.length === 0 ? [] : ['\n']),
    `${second}\n`,
    ...args.flatMap(({ start, end }): Piece[] => [{ start, end }, '\n']),
    ...[...left].map(([keyword, value]) => `${keyword} ${value}\n`),
  ];
  return [
    { start: shared.first.leadStart, end: shared.first.leadStart, text },
    ...removals(dockerfile, gone),
    ...[...runs.kept.values()].flatMap((kept) => kept.cut),
  ];
}

/**
 * USER and WORKDIR that move up, while the build stage keeps commands that stood above them: what was in force there, to be said again at its head.
 * They keep their own places in it as well.
 */
function displaced({ final }: Subject, { own, first, up }: SharedStage, runs: RunPlan, last: Instruction): ReadonlyMap<string, string> {
  const built = final.stage.instructions.filter(
    (i) =>
      i.index >= first.index &&
      i.index < last.index &&
      (!own.has(i.index) || partly(runs, i)) &&
      ['RUN', 'COPY', 'ADD'].includes(i.keyword),
  );
  const before = final.before(first);
  const found = new Map<string, string>();
  for (const [keyword, set] of [
    ['USER', before.user],
    ['WORKDIR', before.workdir],
  ] as const) {
    const moved = up.findLast((i) => i.keyword === keyword);
    const told = (i: Instruction): boolean => keyword === 'USER' || final.run(i.index)?.parts.every(anywhere) !== true;
    const above = moved && built.find((i) => i.index < moved.index && told(i));
    if (!above) continue;
    if ('unknown' in set)
      refuse(
        'opaque-run',
        `Line ${above.line} stands above the ${keyword} of line ${moved.line}, and what is in force there is unknown`,
        above.start,
      );
    found.set(keyword, set.value);
  }
  return found;
}

/** Packages of the system are installed, and users are made, in whatever directory. */
const anywhere = ({ manager, effects }: RunPart): boolean => manager?.ecosystem === 'system' || effects.does.kind === 'users';
