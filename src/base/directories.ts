// Room: base/. Whether a smaller image has the directories that a command writes to.
import { within } from '../effects/places.ts';
import type { Place } from '../effects/types.ts';
import type { RunPart, StageReading } from '../facts/reading.ts';
import { hasDirectory } from '../knowledge/directories.ts';

const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

/** The directories that the COPYs and WORKDIRs of a stage make. */
export const madeByCopies = ({ copies, stage, before }: StageReading): string[] => [
  ...copies.flatMap(({ dest, intoDirectory }) => (dest === undefined ? [] : [intoDirectory ? dest : parentOf(dest)])),
  ...stage.instructions.flatMap((i, n) => {
    const next = i.keyword === 'WORKDIR' ? stage.instructions[n + 1] : undefined;
    const { workdir } = next ? before(next) : { workdir: { unknown: '' } };
    return 'value' in workdir ? [workdir.value] : [];
  }),
];

/** The first of the places whose directory neither a small image has nor one of `dirs` brings. `parts`: what runs in the same RUN. */
export function lackingDirectory(places: readonly Place[], dirs: readonly string[], parts: readonly RunPart[]): string | undefined {
  const runs = (name: string): boolean => parts.some((part) => part.name === name);
  const there = (dir: string): boolean => hasDirectory(dir, runs) || dirs.some((made) => within(made, dir));
  return places.find(({ path, below }) => !there(parentOf(path)) && !(below && there(path)))?.path;
}
