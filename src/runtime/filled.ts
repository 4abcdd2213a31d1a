// Room: runtime/. What RUNs put into the image beside packages: the container finds it there, and it belongs to root.
import { allOf } from '../effects/effects.ts';
import { within } from '../effects/places.ts';
import type { Action, Place } from '../effects/types.ts';
import { takenBy, stageNamed } from '../facts/copies.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { oncePer } from '../once.ts';

interface Made extends Place {
  kind: Action['kind'];
}

/** What fills directories with files that are not listed anywhere. */
const FILLS: ReadonlySet<Action['kind']> = new Set(['files', 'fetch', 'unpack']);
/** What puts files of the image to another place. */
const PUTS: ReadonlySet<Action['kind']> = new Set(['files']);
/** What makes its output somewhere in its working directory. */
const BUILDS: ReadonlySet<Action['kind']> = new Set(['build']);
/** What fills the application as a whole. */
const WHOLE: ReadonlySet<Action['kind']> = new Set(['fetch', 'unpack']);

/** A RUN puts something into the directory, or makes it as a whole: `git clone`, an archive, `cp -r`. */
export const isFilled = (subject: Subject, path: string): boolean =>
  madeByRuns(subject).some((made) => made.below && within(made.path, path));

/**
 * The directory lies in what a RUN filled, so that any file of it may be there already. The application as a whole counts where it was fetched or
 * unpacked, not where something was copied beside it.
 */
export const liesInFilled = (subject: Subject, dir: string): boolean => covers(subject, dir, FILLS);

/** A RUN brings the path from elsewhere: a clone, an archive, a file of the network. */
export const isFetched = (subject: Subject, path: string): boolean =>
  madeByRuns(subject).some((made) => WHOLE.has(made.kind) && (made.path === path || (made.below && within(path, made.path))));

/** The path lies where a RUN copies or moves something to. */
export const liesInPut = (subject: Subject, path: string): boolean => covers(subject, path, PUTS);

/** The directory lies where a RUN builds. */
export const liesInBuilt = (subject: Subject, dir: string): boolean => covers(subject, dir, BUILDS);

function covers(subject: Subject, dir: string, kinds: ReadonlySet<Action['kind']>): boolean {
  const { workdir } = subject.final.end;
  const whole = 'value' in workdir && within(workdir.value, dir);
  return madeByRuns(subject).some(({ path, below, kind }) => below && within(dir, path) && (whole ? WHOLE : kinds).has(kind));
}

/** A RUN makes this very file. */
export const isMadeFile = (subject: Subject, path: string): boolean =>
  madeByRuns(subject).some((made) => made.path === path && made.kind !== 'own');

/** Places of the final image that RUNs write, directories that are only made aside; what a RUN removes again is not there. */
const madeByRuns = oncePer((subject: Subject): Made[] =>
  subject.stages.flatMap((stage) => {
    const all = stage.runs.flatMap(({ parts }) => allOf(parts.map(({ effects }) => effects)));
    const gone = all.flatMap(({ removes }) => removes.known);
    return all
      .filter(({ does }) => !('makes' in does))
      .flatMap(({ does, own }) => own.known.map((place): Made => ({ ...place, kind: kindOf(does) })))
      .filter(({ path }) => !gone.some((place) => within(path, place.path)))
      .flatMap((made) => landings(subject, stage, made).map((place) => ({ ...made, ...place })));
  }),
);

/** `npm run build` builds; what installs packages does not fill the application. */
const kindOf = (does: Action): Action['kind'] => (does.kind === 'package' && ['build', 'run'].includes(does.what) ? 'build' : does.kind);

/** Where a place of a stage lies in the final image: as it stands where that is built on the stage, and as COPY --from brings it. */
function landings({ stages, final }: Subject, from: StageReading, given: Place): Place[] {
  const search = (stage: StageReading, place: Place, depth: number): Place[] => {
    if (stage === final) return [place];
    if (depth > 8) return [];
    return stages.flatMap((next) => [
      ...(next.base.ofStage === stage.stage.index ? search(next, place, depth + 1) : []),
      ...next.copies
        .filter(({ instruction }) => stageNamed(stages, instruction.from) === stage)
        .flatMap((copy) => takenBy(copy, place).flatMap((one) => search(next, one, depth + 1))),
    ]);
  };
  return search(from, given, 0);
}
