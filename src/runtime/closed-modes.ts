// Room: runtime/. Files that a RUN or a COPY closes to everybody but their owner.
import { allOf } from '../effects/effects.ts';
import { within } from '../effects/places.ts';
import type { Effects, Place } from '../effects/types.ts';
import { options } from '../effects/words.ts';
import { takenBy, stageNamed, type CopyReading } from '../facts/copies.ts';
import type { RunReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { chainOf } from './chain.ts';

/** What becomes the user's own: directories, directories with all that lies in them, files. */
interface Given {
  paths: ReadonlySet<string>;
  deep: ReadonlySet<string>;
  files: ReadonlySet<string>;
}

/** Places of root that no program of the application reads. Source: FHS 3.0; sudoers(5), shadow(5), sshd(8). */
export const OF_ROOT = [
  '/root',
  '/tmp',
  '/var/tmp',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/shadow',
  '/etc/ssh',
  '/etc/ssl/private',
  '/etc/cron.d',
  '/var/lib/apt',
  '/etc/apt',
];

/** The first file that the user could not read, or directory that it could not enter. */
export function closedModes(subject: Subject, given: Given): Refusal | undefined {
  const open = ({ path, below }: Place): boolean =>
    OF_ROOT.some((dir) => within(path, dir)) ||
    [...given.deep].some((dir) => within(path, dir)) ||
    given.files.has(path) ||
    (!below && given.paths.has(path));
  for (const { runs, copies } of chainOf(subject)) {
    const own = closedBy(runs).find(({ place }) => !open(place));
    if (own) return closedRefusal(subject, own.line, own.place.path, own.mode);
    const brought = copies.flatMap((copy) => closedIn(subject, copy)).find(({ place }) => !open(place));
    if (brought) return closedRefusal(subject, brought.line, brought.place.path, brought.mode);
  }
  return undefined;
}

/** A place that a RUN closes. */
interface Closed {
  place: Place;
  mode: string;
  line: number;
}
function closedBy(runs: readonly RunReading[]): Closed[] {
  return runs.flatMap(({ instruction, parts }) => {
    const all = allOf(parts.map((part) => part.effects));
    const gone = (path: string): boolean => all.some(({ removes }) => removes.known.some((place) => within(path, place.path)));
    return all.flatMap((effects) => {
      const mode = closing(effects);
      if (mode === undefined) return [];
      return effects.own.known.filter((place) => !gone(place.path)).map((place) => ({ place, mode, line: instruction.line }));
    });
  });
}

/** What a COPY brings from another stage keeps the mode that it has there. Source: docs.docker.com/reference/dockerfile, COPY --from. */
function closedIn({ stages }: Subject, copy: CopyReading): Closed[] {
  const { from, chown, chmod } = copy.instruction;
  const source = chown === undefined && chmod === undefined ? stageNamed(stages, from) : undefined;
  return closedBy(source?.runs ?? []).flatMap((closed) => takenBy(copy, closed.place).map((place) => ({ ...closed, place })));
}

/** It is said of what a RUN closes, and of what a COPY does. */
export function closedRefusal({ final }: Subject, line: number, path: string, mode: string): Refusal {
  return refusal('unreadable-mode', `Line ${line} gives ${path} the mode ${mode}; the user could not read it`, final.stage.from.start, {
    evidence: [{ file: 'Dockerfile', line, says: `gives ${path} the mode ${mode}` }],
  });
}

/** The mode that a command gives, where others may not read then. */
function closing({ program, command, own }: Effects): string | undefined {
  if (own.known.length === 0) return undefined;
  const words = command.words.slice(1);
  const mode =
    program === 'chmod'
      ? words.map(({ value }) => value ?? '').find((word) => !/^-(?:[Rvcf]+|-.*)$/.test(word))
      : program === 'install'
        ? options(words, new Set(['-m', '--mode', '-o', '-g', '-t'])).value('-m', '--mode')?.value
        : undefined;
  return mode !== undefined && closes(mode) ? mode : undefined;
}

/** Source: chmod(1). */
export const closes = (mode: string): boolean =>
  /^[0-7]{3,4}$/.test(mode)
    ? (Number(mode.at(-1)) & 4) === 0
    : mode.split(',').some((part) => /^(?:[ug]*[oa][ugoa]*)?-[wxXst]*r/.test(part) || /^(?:[ug]*[oa][ugoa]*)?=(?![wxXst]*r)/.test(part));
