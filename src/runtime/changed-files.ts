// Room: runtime/. Files of the context that a RUN may have changed: the last stage takes them as the build stage has them.
import { holds } from '../effects/places.ts';
import type { Effects, Place } from '../effects/types.ts';
import { inside, landingOf } from '../facts/copies.ts';
import type { RunPart, StageReading } from '../facts/reading.ts';

interface Question {
  reading: StageReading;
  /** The working directory of the container: what RUNs do elsewhere is done again in the last stage. */
  workdir: string;
  /** Commands whose outputs are artefacts already. */
  builds(part: RunPart): boolean;
}

/** The image paths of those of `paths` (of the context) that may not be what the context has. */
export function changedFiles(q: Question, paths: readonly string[]): string[] {
  const parts = q.reading.runs.flatMap(({ opened }) => opened.filter((part) => part.manager?.ecosystem !== 'system' && !q.builds(part)));
  return paths.flatMap((path) => {
    const at = landingOf(q.reading.copies, path);
    if (at === undefined || at === q.workdir || !inside(at, q.workdir)) return [];
    const gone = parts.findLastIndex(({ effects: { removes } }) => removes.known.some((place) => holds(place, at)));
    const changed = parts.slice(gone + 1).some(({ effects }) => changes(effects, at));
    return changed ? [at] : [];
  });
}

const changes = (effects: Effects, at: string): boolean =>
  (!setsRights(effects) && effects.writes.known.some((place) => touches(place, at))) ||
  effects.removes.known.some(({ path }) => path !== at && inside(path, at));
const touches = (place: Place, at: string): boolean => holds(place, at) || inside(place.path, at);

/** Rights, owners and directories are given to what is copied. */
export const setsRights = ({ does, program }: Effects): boolean =>
  does.kind === 'own' || program === 'chmod' || (does.kind === 'files' && does.makes === true);
