// Room: base/. What a RUN removes of the files that a COPY brought.
import { holds, overlap, tree, within } from '../effects/places.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';

/** A command behind a COPY that removes something at a place of the image, or below it. */
export interface Removal {
  run: RunReading;
  part: RunPart;
  /** The place itself is gone; else something below it, or what cannot be told. */
  whole: boolean;
}

/** The first command behind the instruction `index` that removes, or may remove, what lies at a path of the image or below it. */
export function removalOf(reading: StageReading, path: string, index: number): Removal | undefined {
  let found: Removal | undefined;
  for (const run of reading.runs) {
    if (run.instruction.index < index) continue;
    for (const part of run.parts) {
      const { effects, manager, kind } = part;
      // package managers remove what is theirs
      if (manager !== undefined || kind === 'clean-cache') continue;
      const { removes, writes, command } = effects;
      const globs = command.words.some(({ raw }) => /[*?[{]/.test(raw));
      const whole = removes.known.some((place) =>
        place.names === undefined ? !globs && place.below && within(path, place.path) : holds(place, path),
      );
      if (whole) found = { run, part, whole };
      else if (found?.whole === true && overlap(writes, { known: [tree(path)] })) found = { ...found, whole: false };
      else if (removes.known.length > 0 && overlap({ known: removes.known }, { known: [tree(path)] })) found ??= { run, part, whole };
    }
  }
  return found;
}
