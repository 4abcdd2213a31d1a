// multi-stage: whether a split leaves anything behind.
import { packageName } from '../../src/knowledge/debian-packages.ts';
import { hasProgram } from '../../src/knowledge/programs.ts';
import type { Need } from '../../src/facts/types.ts';
import { leftProgram, mayStartLeft } from '../../src/base/left-programs.ts';
import { removedAgain } from '../../src/base/packages.ts';
import { refuse } from '../../src/refusal.ts';
import type { Situation } from './situation.ts';

/** Names of compilers and development packages that only the build stage installs. */
export function leftPackages({ apt, shared, runs, reading }: Situation): string[] {
  if (apt.problem !== undefined) return [];
  return [...apt.byRun].flatMap(([index, { build }]) =>
    build.length > 0 && !(shared && runs.kept.get(index)?.whole === true) && !removedAgain(reading.run(index)?.parts ?? [], build)
      ? build.map(packageName)
      : [],
  );
}
export const leavesPackages = (s: Situation): boolean => leftPackages(s).length > 0;

/** Refuses where the container starts a program that would stay behind with the packages of the build. `provided`: those that the application or its packages bring. */
export function refuseLeftPrograms(s: Situation, needs: readonly Need[], provided: (name: string) => boolean): void {
  const { reading, run } = s;
  const lost = leftProgram(needs, { row: reading.base.family?.row, ...reading.base.tag }, leftPackages(s), provided);
  if (lost)
    refuse(
      'runtime-command-unknown',
      `\`${lost.name}\` is used at run time, and would stay in the build stage${lost.by === lost.name ? '' : ` with ${lost.by}`}`,
      run.at,
      {
        evidence: [lost.evidence],
      },
    );
}

/** Programs that a RUN installs for the whole image, and that no kept command needs: they stay in the build stage. */
export const leavesTools = (s: Situation): boolean => leftTools(s).length > 0;
const leftTools = ({ reading, runs }: Situation): string[] =>
  reading.runs.flatMap(({ instruction, parts }) =>
    runs.kept.has(instruction.index) ? [] : parts.flatMap(({ manager, command }) => manager?.globals?.(command) ?? []),
  );

/** A program whose name is computed may be one that the last stage, which stands on the original's own image, lacks. */
export const mayLose = (s: Situation): boolean => mayStartLeft(s.subject, leftPackages(s), leftTools(s));

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
