// Room: runtime/. Files that a RUN or a COPY closes to everybody but their owner.
import { allOf } from '../effects/effects.ts';
import { within } from '../effects/places.ts';
import type { Effects, Place } from '../effects/types.ts';
import { options } from '../effects/words.ts';
import { resolvePath, takenBy, stageNamed, type CopyReading } from '../facts/copies.ts';
import type { RunReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { once } from '../once.ts';
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
  return runs.flatMap(({ instruction, parts }, at) => {
    const all = allOf(parts.map((part) => part.effects));
    const gone = (path: string): boolean => all.some(({ removes }) => removes.known.some((place) => within(path, place.path)));
    let umask: string | undefined;
    // Asked where something is closed: for each RUN, time would grow with their square.
    const later = once(() => runs.slice(at + 1).flatMap((run) => allOf(run.parts.map((part) => part.effects))));
    return all.flatMap((effects, n) => {
      if (effects.program === 'umask') umask = effects.command.words[1]?.value;
      return closing(effects, umask)
        .filter(({ place }) => !gone(place.path) && ![...all.slice(n + 1), ...later()].some((one) => opens(one, place.path)))
        .map((one) => ({ ...one, line: instruction.line }));
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

/** The places to which a command gives a mode with which others may not read them. */
function closing({ program, command, own, before, does }: Effects, umask: string | undefined): Omit<Closed, 'line'>[] {
  const words = command.words.slice(1);
  const valued = (...names: string[]): string | undefined => options(words, new Set([...names, ...VALUED])).value(...names)?.value;
  const key = KEYS[program]?.(
    words.map(({ value }) => value ?? ''),
    valued,
  );
  if (key !== undefined) {
    const path = resolvePath(before.cwd, key);
    return path === undefined ? [] : [{ place: { path, below: false }, mode: '600' }];
  }
  const masked = umask !== undefined && ['files', 'fetch', 'unpack', 'nothing'].includes(does.kind) ? withMask(umask) : undefined;
  const mode =
    program === 'chmod'
      ? words.map(({ value }) => value ?? '').find((word) => !/^-(?:[Rvcf]+|-.*)$/.test(word))
      : ((MAKERS.has(program) ? valued('-m', '--mode') : undefined) ?? masked);
  return mode !== undefined && closes(mode) ? own.known.map((place) => ({ place, mode })) : [];
}

const MAKERS: ReadonlySet<string> = new Set(['install', 'mkdir']);
const VALUED = ['-m', '--mode', '-o', '-g', '-t', '-out', '-keyout', '-f', '-b', '-C', '-N'];
/** What a mask leaves of the mode of a directory. Source: umask(2). */
const withMask = (umask: string): string | undefined =>
  /^0?[0-7]{3}$/.test(umask) ? [...umask.slice(-3)].map((digit) => String(7 & ~Number(digit))).join('') : undefined;

type Read = (words: readonly string[], valued: (...names: string[]) => string | undefined) => string | undefined;
/** The private key that a command makes, with the mode 600. Sources: openssl-req(1), openssl-genpkey(1); ssh-keygen(1). */
const KEYS: Readonly<Record<string, Read>> = {
  openssl: (words, valued) =>
    valued('-keyout') ?? (/^(?:genrsa|genpkey|gendsa|ecparam|pkcs12|pkcs8|rsa|pkey|ec)$/.test(words[0] ?? '') ? valued('-out') : undefined),
  'ssh-keygen': (words, valued) => (words.includes('-y') || words.includes('-l') ? undefined : valued('-f')),
};

/** Source: chmod(1). */
export const closes = (mode: string): boolean =>
  /^[0-7]{3,4}$/.test(mode)
    ? (Number(mode.at(-1)) & 4) === 0
    : mode.split(',').some((part) => /^(?:[ug]*[oa][ugoa]*)?-[wxXst]*r/.test(part) || /^(?:[ug]*[oa][ugoa]*)?=(?![wxXst]*r)/.test(part));

/** `chmod 755`, `chmod a+r`, `chmod +r`. Source: chmod(1). */
export const opens = ({ program, command, own }: Effects, path: string): boolean =>
  program === 'chmod' &&
  own.known.some((place) => place.path === path || (place.below && within(path, place.path))) &&
  command.words.some(({ value = '' }) =>
    /^[0-7]{3,4}$/.test(value)
      ? (Number(value.at(-1)) & 4) !== 0
      : value.split(',').some((part) => /^(?:[ug]*[oa][ugoa]*)?[+=][wxXst]*r/.test(part)),
  );
