// Room: runtime/. Programs that a RUN moves or copies to another place behind their build: `cp target/release/app /usr/local/bin/`.
import { inside } from '../facts/copies.ts';
import type { RunPart, StageReading } from '../facts/reading.ts';
import { isStandardDirectory } from '../knowledge/directories.ts';
import { oncePer } from '../once.ts';

/** The commands of a stage that may put a program elsewhere, in order. */
const puts = oncePer(({ runs }: StageReading) =>
  runs.flatMap(({ opened }) =>
    opened.flatMap(({ effects }) => {
      const { does, program, writes } = effects;
      const [target] = writes.known;
      return does.kind === 'files' && ['mv', 'cp', 'install', 'ln'].includes(program) && target && writes.known.length === 1
        ? [{ effects, target }]
        : [];
    }),
  ),
);

/** Where a program that a build makes at `path` ends up: the last place that a RUN puts it to. */
export const placeOfProgram = (reading: StageReading, path: string): string => placesOfProgram(reading, path).at(-1) ?? path;

/** Every place that it has had, the one where it was built first. */
function placesOfProgram(reading: StageReading, path: string): string[] {
  let at = path;
  const places = [path];
  for (const { effects, target } of puts(reading)) {
    const { reads, command } = effects;
    if (!reads.known.some((place) => place.path === at)) continue;
    const last = command.words.findLast((word) => word.value?.startsWith('-') !== true)?.raw ?? '';
    const directory = last.endsWith('/') || last === '.' || isStandardDirectory(target.path) || reads.known.length > 1;
    at = directory ? `${target.path === '/' ? '' : target.path}${at.slice(at.lastIndexOf('/'))}` : target.path;
    places.push(at);
  }
  return places;
}

/** Tells of a command whether all that it does is to put one of these programs elsewhere: it makes no other file. */
export function putsOnly(reading: StageReading, built: readonly string[]): (part: RunPart) => boolean {
  const places = new Set(built.flatMap((path) => placesOfProgram(reading, path)));
  return ({ effects: { does, program, reads } }) =>
    does.kind === 'files' &&
    ['mv', 'cp', 'install'].includes(program) &&
    reads.unknown === undefined &&
    reads.known.length > 0 &&
    reads.known.every(({ path }) => places.has(path));
}

/** True where all that a command writes is the program that the container runs. */
export const putsProgram = (paths: readonly string[], run: { program: string; imagePath: string | undefined }): boolean =>
  paths.length > 0 &&
  paths.every((path) =>
    run.imagePath === undefined
      ? path.endsWith(`/${run.program}`) || isStandardDirectory(path)
      : path === run.imagePath || inside(run.imagePath, path),
  );
