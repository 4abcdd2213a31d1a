// Room: ecosystems/python. RUNs behind a COPY that the last stage has alone: which of them need its files in the build stage, and which only work on them.
import { behindTheBuild } from '../../base/behind-the-build.ts';
import type { Effects, Places } from '../../effects/types.ts';
import { inside, landingIn, type CopyReading } from '../../facts/copies.ts';
import type { RunReading } from '../../facts/reading.ts';
import type { PythonCase } from './split-case.ts';

/** COPYs and RUNs (by index) that leave the build stage. */
interface Leaving {
  moved: Set<number>;
  alone: Set<number>;
}

/**
 * Of COPYs behind the installs those that no build step needs, with the RUNs that do nothing but change their files
 * (`COPY entrypoint.sh /` and `RUN chmod +x /entrypoint.sh`): in the build stage the file would not be there.
 */
export function leavingCopies(c: PythonCase, later: readonly CopyReading[], brought: readonly string[]): Leaving {
  const indexesOfLater = indexes(later);
  const { repeats } = c.runs;
  const tail = behindTheBuild(c.reading, c.runs, { repeats, leaves: (index) => indexesOfLater.has(index), brought });
  const ofTail = (run: RunReading): boolean => tail.has(run.instruction.index);
  let alone = c.reading.runs.filter((run) => ofTail(run) || (repeats.has(run.instruction.index) && changesOnly(run, later)));
  for (;;) {
    const gone = alone;
    const moved = later.filter((copy) => !neededBehind(c, copy, gone));
    alone = gone.filter((run) => ofTail(run) || changesOnly(run, moved));
    if (alone.length === gone.length) return { moved: indexes(moved), alone: indexes(alone) };
  }
}

const indexes = (all: readonly (CopyReading | RunReading)[]): Set<number> => new Set(all.map(({ instruction }) => instruction.index));

/** Each command of the RUN changes files that one of these COPYs above it brings, and nothing else. */
const changesOnly = (run: RunReading, copies: readonly CopyReading[]): boolean =>
  run.opaque === undefined &&
  run.parts.length > 0 &&
  run.parts.every(
    ({ manager, effects: { does, starts, sources, startsUnknown, reads, writes, removes } }) =>
      manager === undefined &&
      ['files', 'own'].includes(does.kind) &&
      starts.length === 0 &&
      sources === undefined &&
      startsUnknown === undefined &&
      writes.known.length > 0 &&
      [reads, writes, removes].every((places) => ofFiles(places, run, copies)),
  );

const ofFiles = ({ known, unknown }: Places, run: RunReading, copies: readonly CopyReading[]): boolean =>
  unknown === undefined &&
  known.every(({ path }) => copies.some((copy) => copy.instruction.index < run.instruction.index && brings(copy, path)));

const brings = (copy: CopyReading, path: string): boolean =>
  copy.sources.some(({ kind, files }) => kind !== 'variable' && files.some((file) => landingIn(copy, file) === path));

/** A command of the build behind a COPY that may read what it brings, or changes it: the build stage needs it as well. */
function neededBehind(c: PythonCase, copy: CopyReading, alone: readonly RunReading[]): boolean {
  const { dest } = copy;
  const needs = ({ does, reads, writes, removes, sources, starts }: Effects): boolean =>
    sources !== undefined ||
    starts.length > 0 ||
    reads.unknown !== undefined ||
    dest === undefined ||
    reads.known.some(({ path, below }) => inside(path, dest) || (below && inside(dest, path))) ||
    (does.kind === 'nothing' && reads.known.length === 0) ||
    (changesWhatIsThere(does) && [...writes.known, ...removes.known].some(({ path }) => inside(path, dest) && !inside(c.workdir, path)));
  return c.reading.runs.some(
    (run) =>
      run.instruction.index > copy.instruction.index &&
      !alone.includes(run) &&
      run.parts.some((part) => part.manager === undefined && part.effects.program !== '' && needs(part.effects)),
  );
}

/** `chmod`, `chown`, `mv`, `rm`: what they name must be there; `mkdir` makes it. */
const changesWhatIsThere = (does: Effects['does']): boolean => does.kind === 'own' || (does.kind === 'files' && does.makes !== true);
