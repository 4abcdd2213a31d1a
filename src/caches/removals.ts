// Room: caches/. What a RUN removes of the directories that are mounted in it: a mount point is busy.
import type { ShellCommand, Word } from '../dockerfile/types.ts';
import type { PackageManager } from '../ecosystems/types.ts';
import type { Effects, Place } from '../effects/types.ts';
import type { RunReading } from '../facts/reading.ts';
import { refusal, type Refusal } from '../refusal.ts';

/**
 * Why a RUN cannot have a mount on one of these directories: a command that stays removes it or what it stands in, or makes it.
 * Sources: rmdir(2), EBUSY; mkdir(2), EEXIST.
 */
export function removedMount(run: RunReading, manager: PackageManager, targets: readonly string[]): Refusal | undefined {
  const { line, start } = run.instruction;
  for (const { command, effects, name } of run.parts) {
    // package managers empty their own directories and leave them
    if (effects.does.kind === 'unknown' || effects.does.kind === 'package' || manager.clearsCache(command)) continue;
    const { known, unknown } = effects.removes;
    const target = firstAt(targets, leftPlaces(command, known, manager));
    if (target !== undefined)
      return refusal('cache-removed', `\`${name}\` at line ${line} removes ${target}, which cannot be removed while it is mounted`, start);
    if (unknown !== undefined)
      return refusal(
        'cache-removed',
        `\`${name}\` at line ${line} removes what cannot be told: a mounted directory cannot be removed`,
        start,
      );
    const made = makesNew(effects, command) ? firstAt(targets, effects.writes.known) : undefined;
    if (made !== undefined)
      return refusal('cache-removed', `\`${name}\` at line ${line} makes ${made}, which is there while it is mounted`, start, {
        allow: 'Make it with `mkdir -p`.',
      });
  }
  return undefined;
}

/** The first directory that is one of the places, or lies below one. */
const firstAt = (targets: readonly string[], places: readonly Place[]): string | undefined =>
  targets.find((target) => places.some(({ path }) => path === '/' || target === path || target.startsWith(`${path}/`)));

/** `mkdir` without `-p` fails where the directory is there. */
const makesNew = ({ does }: Effects, { words }: ShellCommand): boolean =>
  does.kind === 'files' && does.makes === true && !words.some(({ value }) => /^(?:-\w*p|--parents)/.test(value ?? ''));

/** What a command removes apart from the operands that are taken out of it. */
function leftPlaces(command: ShellCommand, known: readonly Place[], manager: PackageManager): readonly Place[] {
  const { operands } = wordsOf(command);
  if (operands.length !== known.length) return known;
  const cleared = clearedOperands(command, manager);
  return known.filter((_, n) => !cleared.includes(operands[n] as Word));
}

function wordsOf({ words }: ShellCommand): { options: Word[]; operands: Word[] } {
  const rest = words.slice(1);
  const options = rest.filter((word) => (word.value ?? word.raw).startsWith('-'));
  return { options, operands: rest.filter((word) => !options.includes(word)) };
}

/** Of a command that removes several paths: those that would clear the cache if they stood alone. */
export function clearedOperands(command: ShellCommand, manager: PackageManager): Word[] {
  const { options, operands } = wordsOf(command);
  if (operands.length < 2) return [];
  return operands.filter((operand) => manager.clearsCache({ ...command, words: [...command.words.slice(0, 1), ...options, operand] }));
}
