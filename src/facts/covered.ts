// Room: facts/. Files that a later COPY brings to the same place again.
import { landingOf, type CopyReading } from './copies.ts';

/** A COPY behind the one at `index` brings the file (context path) to where that one brings it. */
export function coveredLater(copies: readonly CopyReading[], index: number, file: string): boolean {
  const own = landingOf(
    copies.filter(({ instruction }) => instruction.index === index),
    file,
  );
  const later = copies.filter(({ instruction }) => instruction.index > index);
  return own !== undefined && landingOf(later, file) === own;
}
