// Room: base/. Who runs the commands that a split adds at the end of the build stage.
import type { Ownership } from './run-plan.ts';
import type { Instruction } from '../dockerfile/types.ts';
import { isRoot, type StageReading } from '../facts/reading.ts';

/**
 * True where a user stands at the end of the build stage who does not own all that was copied and installed there: what is added behind it
 * changes these files. `kept`: the instructions of the build stage; `given`: `chown -R` of the application.
 */
export function tailNeedsRoot(reading: StageReading, kept: readonly Instruction[], given: Ownership | undefined): boolean {
  const last = kept.findLast(({ keyword }) => keyword === 'USER');
  const next = last && reading.stage.instructions.find(({ index }) => index > last.index);
  if (!last || !next || isRoot(reading.before(next))) return false;
  const { user } = reading.before(next);
  if ('unknown' in user) return true;
  const [name = ''] = user.value.split(':');
  if (given?.owner.split(':')[0] === name && given.at < last.index) return false;
  const works = ({ instruction, parts }: StageReading['runs'][number]): boolean => {
    const by = reading.before(instruction).user;
    return (
      parts.every(({ manager }) => manager === undefined || manager.ecosystem === 'system') || ('value' in by && by.value === user.value)
    );
  };
  const owned = reading.copies.every(({ fromContext, instruction: { chown } }) => !fromContext || chown?.split(':')[0] === name);
  return !owned || !reading.runs.every(works);
}
