// multi-stage: whether a split leaves anything behind.
import { hasProgram } from '../../src/knowledge/programs.ts';
import { removedAgain } from '../../src/base/packages.ts';
import { refuse } from '../../src/refusal.ts';
import type { Situation } from './situation.ts';

/** Compilers or development packages that only the build stage installs. */
export function leavesPackages({ apt, shared, runs, reading }: Situation): boolean {
  const own = [...apt.byRun].filter(
    ([index, packages]) =>
      packages.build.length > 0 &&
      !(shared && runs.kept.get(index)?.whole === true) &&
      !removedAgain(reading.run(index)?.parts ?? [], packages.build),
  );
  return apt.problem === undefined && own.length > 0;
}

/** Programs that a RUN installs for the whole image, and that no kept command needs: they stay in the build stage. */
export const leavesTools = ({ reading, runs }: Situation): boolean =>
  reading.runs.some(
    ({ instruction, parts }) =>
      !runs.kept.has(instruction.index) && parts.some(({ manager, command }) => (manager?.globals?.(command) ?? []).length > 0),
  );

/**
 * Refuses a split that would leave nothing behind, with what keeps the image as it is; a small one would not be swapped anyway.
 * `why`: the end of the sentence.
 */
export function noGain({ staysBecause, swap, run, reading }: Situation, why = ''): never {
  const { family, tag } = reading.base;
  const small = family !== undefined && tag.variant !== 'full' && staysBecause?.id === swap?.id;
  if (staysBecause && !small) return refuse(staysBecause.id, staysBecause.message, staysBecause.at);
  return refuse('no-gain', `Splitting would not remove anything from the final image${why}`, run.at);
}

/** What the last stage, which stands on `image`, leaves to the build stage, as words of a sentence; `more`: what the ecosystem leaves there. */
export function leftBehind(s: Situation, image: string, ...more: string[]): string {
  const { base } = s.reading;
  const compilers = image !== s.stays && image !== base.image.raw && hasProgram({ row: base.family?.row, ...base.tag }, 'gcc') === true;
  const words = [...(compilers ? ['compilers'] : leavesPackages(s) ? ['packages that only the build uses'] : []), ...more];
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
