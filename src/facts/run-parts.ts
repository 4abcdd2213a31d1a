// Room: facts/. What of a RUN the runtime stage needs too: users, directories and owners outside of the artefacts (rule book §3.4).
import type { Piece } from '../dockerfile/edits.ts';
import type { Word } from '../dockerfile/types.ts';
import type { Need } from '../runtime/run-command.ts';
import { inside, isPlainName, resolvePath } from './copies.ts';
import type { RunPart, RunReading, StageReading } from './reading.ts';

/** Where a part of a RUN belongs once the stages are split. */
type PartPlace =
  | { place: 'builder' }
  | { place: 'both' }
  | { place: 'workdir' } // makes the directory that WORKDIR makes anyway; needed where the same RUN gives it to someone
  | { place: 'owner'; owner: string; path: string } // chown -R of the application: becomes COPY --chown
  | { place: 'unknown'; why: string };

const flagsOf = (part: RunPart): string[] => part.command.words.slice(1).flatMap((w) => (w.value?.startsWith('-') ? [w.value] : []));
const pathsOf = (part: RunPart): (string | undefined)[] =>
  part.command.words.slice(1).flatMap((w) => (w.value?.startsWith('-') ? [] : [w.value ?? globDirectory(w)]));
/** The directory that a glob without variables lies in: all that it matches is there. */
function globDirectory(word: Word): string | undefined {
  const at = word.raw.search(/[*?[]/);
  return at === -1 || word.variables.length > 0 || /[$`"'\\{~]/.test(word.raw)
    ? undefined
    : word.raw.slice(0, word.raw.lastIndexOf('/', at) + 1) || '.';
}
const SCRATCH_DIRS = [
  '/tmp',
  '/var/cache',
  '/var/lib/apt',
  '/root',
  '/var/log',
  '/var/tmp',
  '/usr/share/doc',
  '/usr/share/man',
  '/usr/share/info',
  '/usr/share/locale',
];

interface Where {
  /** The directory whose artefacts are copied. */
  app: string | undefined;
  /** Sources were copied before this RUN. */
  sourcesAbove: boolean;
  /** Names of the programs that the container needs. */
  programs: ReadonlySet<string>;
  /** Programs that the project's own packages bring. */
  own(name: string): boolean;
}

function partPlace(part: RunPart, cwd: string | undefined, where: Where): PartPlace {
  const { app, programs } = where;
  if (part.kind === 'users') return { place: 'both' };
  if (part.manager) return managedPlace(part, programs);
  if (['quiet', 'compile', 'configure', 'script'].includes(part.kind)) return { place: 'builder' };
  if (part.kind === 'download') return downloadPlace(part, cwd, app);
  if (part.kind === 'files') return filesPlace(part, cwd, app, where.sourcesAbove);
  if (where.own(part.name)) return { place: 'builder' };
  // what a program that we do not know leaves outside of the application cannot be told
  return part.command.words[0]?.value?.startsWith('./') || part.name.endsWith('.sh')
    ? { place: 'builder' }
    : { place: 'unknown', why: `runs \`${part.name || part.command.words[0]?.raw}\`, which is not known` };
}

function managedPlace(part: RunPart, programs: ReadonlySet<string>): PartPlace {
  const named = part.kind === 'install-named' ? (part.manager?.globals?.(part.command) ?? []) : [];
  return named.some((name) => programs.has(name)) ? { place: 'both' } : { place: 'builder' };
}

function downloadPlace(part: RunPart, cwd: string | undefined, app: string | undefined): PartPlace {
  const words = part.command.words.map((w) => w.value);
  const flag = words.findIndex((w) => w === '-o' || w === '-O' || w === '--output' || w === '--output-document');
  const target = part.name === 'wget' && words[flag] === '-O' ? words[flag + 1] : words[flag] === '-O' ? '.' : words[flag + 1];
  const path = flag === -1 || target === undefined ? undefined : resolvePath(cwd, target);
  if (path !== undefined && app !== undefined && inside(path, app)) return { place: 'builder' };
  if (path !== undefined && SCRATCH_DIRS.some((dir) => inside(path, dir))) return { place: 'builder' };
  return { place: 'unknown', why: `downloads a file (\`${part.name}\`) that the container may need` };
}

function filesPlace(part: RunPart, cwd: string | undefined, app: string | undefined, sourcesAbove: boolean): PartPlace {
  const words = pathsOf(part);
  const skip = ['chown', 'chmod', 'chgrp', 'sed'].includes(part.name) ? 1 : 0;
  const owner = words[0];
  const paths = words.slice(skip).map((p) => (p === undefined ? undefined : resolvePath(cwd, p)));
  if (paths.some((p) => p === undefined)) return { place: 'unknown', why: `\`${part.name}\` works on a computed path` };
  const all = paths as string[];
  const inApp = (p: string): boolean => app !== undefined && inside(p, app);
  const recursive = flagsOf(part).some((f) => f === '--recursive' || (/^-[A-Za-z]*R/.test(f) && !f.startsWith('--')));
  if (
    part.name === 'chown' &&
    recursive &&
    sourcesAbove &&
    app !== undefined &&
    owner !== undefined &&
    isPlainName(owner) &&
    isPlainName(all[0] ?? '') &&
    all.length === 1 &&
    all[0] !== undefined &&
    inside(app, all[0]) &&
    all[0] !== '/'
  )
    return { place: 'owner', owner, path: all[0] };
  if (part.name === 'mkdir' && !sourcesAbove && all.every((p) => app !== undefined && inside(app, p))) return { place: 'workdir' };
  if (part.name === 'mkdir' || part.name === 'chown' || part.name === 'chgrp' || part.name === 'touch') return { place: 'both' };
  if (all.every(inApp)) return { place: 'builder' };
  if (part.name === 'chmod') return { place: all.some(inApp) ? 'builder' : 'both' };
  if (part.name === 'rm' && all.every((p) => SCRATCH_DIRS.some((dir) => inside(p, dir)) || inApp(p))) return { place: 'builder' };
  if (all.every((p) => inApp(p) || SCRATCH_DIRS.some((dir) => inside(p, dir)))) return { place: 'builder' };
  return { place: 'unknown', why: `\`${part.name}\` changes ${all.find((p) => !inApp(p)) ?? 'files'} outside of the application` };
}

/** The parts of a RUN with the directory that each runs in. */
function partsWithDirectory(reading: StageReading, run: RunReading): { part: RunPart; cwd: string | undefined }[] {
  const state = reading.before(run.instruction);
  let cwd = 'value' in state.workdir ? state.workdir.value : undefined;
  return run.parts.map((part) => {
    const here = cwd;
    if (part.name === 'cd') {
      const to = part.command.words[1]?.value;
      cwd = to === undefined ? undefined : resolvePath(cwd, to);
    }
    return { part, cwd: here };
  });
}

/** `chown -R OWNER PATH`: every COPY below the path gets the owner, so that no layer holds the files twice. */
export interface Ownership {
  owner: string;
  path: string;
  /** The RUN, where it does nothing else. */
  alone: number | undefined;
}

/** What the RUNs of a stage mean for the runtime stage. */
export interface RunPlan {
  /** RUN index → its text in the runtime stage. */
  repeats: Map<number, Piece[]>;
  /** `chown -R` of the application: the owner for every COPY, and the directory. */
  owner: Ownership | undefined;
  /** The first RUN whose effects cannot be told. */
  unknown: { run: RunReading; why: string } | undefined;
  /** Programs that the repeated commands are. */
  programs: Need[];
  /** A RUN after the sources may have changed files of the application. */
  changesApp: boolean;
}

/** Plans the RUNs of a stage. `app`: the directory whose artefacts are copied; `programs`: names that the container needs at run time; `own`: programs of the project's packages. */
export function planRuns(
  reading: StageReading,
  app: string | undefined,
  programs: ReadonlySet<string>,
  own: (name: string) => boolean,
): RunPlan {
  const plan: RunPlan = { repeats: new Map(), owner: undefined, unknown: undefined, programs: [], changesApp: false };
  const firstCopy = reading.copies.find((c) => c.fromContext)?.instruction.index ?? Number.POSITIVE_INFINITY;
  for (const run of reading.runs) {
    const where: Where = { app, programs, own, sourcesAbove: run.instruction.index > firstCopy };
    if (run.opaque !== undefined && !harmlessOpaque(run)) {
      plan.unknown ??= { run, why: `is too dynamic to classify (${run.opaque})` };
      continue;
    }
    const again: RunPart[] = [];
    const made: RunPart[] = [];
    for (const { part, cwd } of partsWithDirectory(reading, run)) {
      const place = partPlace(part, cwd, where);
      if (place.place === 'both') again.push(part);
      else if (place.place === 'workdir') made.push(part);
      else if (place.place === 'owner')
        plan.owner = { owner: place.owner, path: place.path, alone: run.parts.length === 1 ? run.instruction.index : undefined };
      else if (place.place === 'unknown') plan.unknown ??= { run, why: place.why };
      else if (where.sourcesAbove && changes(part)) plan.changesApp = true;
    }
    if (again.length > 0) again.unshift(...made);
    for (const part of again)
      plan.programs.push({ program: part.name, evidence: { file: 'Dockerfile', line: run.instruction.line, says: `runs ${part.name}` } });
    if (again.length > 0) plan.repeats.set(run.instruction.index, runOf(run, again));
  }
  return plan;
}

/** An opaque RUN is still the build's own when every command seen in it belongs to a package manager or leaves nothing behind. */
const harmlessOpaque = (run: RunReading): boolean =>
  run.parts.length > 0 &&
  run.parts.every(
    (p) =>
      p.kind === 'quiet' || p.kind === 'compile' || p.kind === 'configure' || (p.manager !== undefined && p.manager.ecosystem !== 'system'),
  );
const changes = (part: RunPart): boolean =>
  part.kind === 'files' ||
  part.kind === 'compile' ||
  part.kind === 'build' ||
  part.kind === 'run' ||
  part.kind === 'download' ||
  part.kind === 'unknown';

/** The text of a RUN that holds only some of its commands; the instruction itself when it holds them all. */
function runOf(run: RunReading, parts: readonly RunPart[]): Piece[] {
  const count = (list: readonly RunPart[]): number => list.filter((p) => p.command.words.length > 0).length;
  if (run.opaque === undefined && count(parts) === count(run.parts)) return [{ start: run.instruction.start, end: run.instruction.end }];
  return parts.flatMap((part, n): Piece[] => [n === 0 ? 'RUN ' : ' \\\n && ', { start: part.command.start, end: part.command.end }]);
}
