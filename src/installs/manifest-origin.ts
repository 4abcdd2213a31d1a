// Room: installs/. Which manifest an install reads: the one of its directory in the context, or another that a COPY or a RUN put there.
import { namedIn } from './named-files.ts';
import type { ShellCommand } from '../dockerfile/types.ts';
import type { FileTree } from '../context/types.ts';
import type { PackageManager } from '../ecosystems/types.ts';
import { aboveRun } from '../facts/mounted.ts';
import { broughtBy, cleanPath, originAbove, resolvePath, upwards, type Above } from '../facts/copies.ts';
import type { RunReading, StageReading } from '../facts/reading.ts';
import { oncePer } from '../once.ts';
import type { Install } from './shapes.ts';

/** Where an install works: an option may say so (`--prefix client`). */
export function inDirectory(manager: PackageManager, command: ShellCommand, cwd: string | undefined): string | undefined {
  const option = manager.directoryOption?.(command);
  if (option === undefined) return cwd;
  return option.includes('$') ? undefined : resolvePath(cwd, option);
}

/** Where a command stands in a stage: the index of its RUN, and its place in it. */
interface Position {
  run: RunReading;
  at: number;
}
const isBefore = (a: Position, b: Position): boolean =>
  a.run.instruction.index < b.run.instruction.index || (a.run === b.run && a.at < b.at);

/** The first of the positions, where it stands before another one. */
function firstBefore(positions: readonly (Position | undefined)[], end: Position): Position | undefined {
  let first = end;
  for (const one of positions) if (one && isBefore(one, first)) first = one;
  return first === end ? undefined : first;
}

/** The first command of a stage that writes a file, by its path; the first that changes the manifest of a directory, by the directory. */
const firstChanges = oncePer((reading: StageReading): { writes: Map<string, Position>; manifests: Map<string | undefined, Position> } => {
  const writes = new Map<string, Position>();
  const manifests = new Map<string | undefined, Position>();
  for (const run of reading.runs)
    for (const [at, { manager, command, effects }] of run.parts.entries()) {
      for (const { path, below } of effects.writes.known) if (!below && !writes.has(path)) writes.set(path, { run, at });
      const { cwd } = effects.before;
      if (!manifests.has(cwd) && manager?.changesManifest?.(command) === true) manifests.set(cwd, { run, at });
    }
  return { writes, manifests };
});

/** The first command above an install that writes the manifest that it reads: then the context's is not what is installed. */
function manifestChange(
  reading: StageReading,
  { manager, cwd, part, run }: Pick<Install, 'manager' | 'cwd' | 'part'> & { run: RunReading },
): RunReading | undefined {
  const [name] = manager.manifests;
  if (name === undefined || cwd === undefined) return undefined;
  const { writes, manifests } = firstChanges(reading);
  return firstBefore([writes.get(cleanPath(`${cwd}/${name}`)), manifests.get(cwd)], { run, at: run.parts.indexOf(part) })?.run;
}

/** The COPYs that put a file in its place of which the context has none: it is missing there, computed, remote, or written in the Dockerfile. By the path in the image. */
const foreignPuts = oncePer(({ copies }: StageReading): ReadonlyMap<string, number[]> => {
  const found = new Map<string, number[]>();
  for (const { instruction, sources, dest, intoDirectory } of copies) {
    if (instruction.from !== undefined || dest === undefined) continue;
    for (const { path } of sources.filter(({ kind }) => FOREIGN.has(kind))) {
      const target = intoDirectory ? cleanPath(`${dest}/${path.slice(path.lastIndexOf('/') + 1)}`) : dest;
      const known = found.get(target);
      if (known) known.push(instruction.index);
      else found.set(target, [instruction.index]);
    }
  }
  return found;
});
const FOREIGN: ReadonlySet<string> = new Set(['missing', 'variable', 'remote', 'heredoc']);

/** Why the manifest that an install reads is not the one of its directory of the context; undefined: it is, or it is not there. */
export function manifestDoubt(
  reading: StageReading,
  run: RunReading,
  install: Pick<Install, 'manager' | 'cwd' | 'part'>,
  above: Above,
): string | undefined {
  const { manager, cwd } = install;
  const [name] = manager.manifests;
  if (name === undefined || cwd === undefined) return undefined;
  const change = manifestChange(reading, { ...install, run });
  if (change) return `line ${change.instruction.line} changes ${name} before the install reads it`;
  const path = cleanPath(`${cwd}/${name}`);
  const other = foreignPuts(reading)
    .get(path)
    ?.findLast((index) => index < run.instruction.index);
  const brought = broughtBy(above.copies, above.tree, path, above.before);
  if (other !== undefined && other > (brought?.at ?? Number.NEGATIVE_INFINITY)) {
    const { line } = reading.copy(other)?.instruction ?? run.instruction;
    return `line ${line} puts a file there as ${name} that is not in the build context`;
  }
  const origin = brought?.origin;
  const whole = originAbove(above, cwd);
  const own = origin === undefined || (whole === undefined ? isNamed(origin, name) : origin === [whole, name].filter(Boolean).join('/'));
  if (own) return undefined;
  // several sources of one COPY in one directory: a file of its own name beside the contents of a directory
  return isNamed(origin, name)
    ? `where the install runs, ${origin} of the build context stands beside what ${whole || 'the context'} holds`
    : `the install reads ${origin} of the build context as ${name}`;
}

export const isNamed = (path: string, name: string): boolean => path === name || path.endsWith(`/${name}`);

/** The commands of a stage that may change files, in order: unknown ones, and by the place those that write or remove something there. */
const touchesOf = oncePer((reading: StageReading) => {
  const touches = { unknown: [] as Position[], at: new Map<string, Position[]>(), below: new Map<string, Position[]>() };
  for (const run of reading.runs)
    for (const [at, { effects }] of run.parts.entries()) {
      const { does, writes, removes } = effects;
      // installs and owners leave the files as they are
      if (does.kind === 'package' || does.kind === 'own' || does.kind === 'clean') continue;
      if (does.kind === 'unknown' && writes.unknown !== undefined) touches.unknown.push({ run, at });
      for (const { path, below } of [...writes.known, ...removes.known])
        for (const places of below ? [touches.at, touches.below] : [touches.at]) {
          const there = places.get(path);
          if (there) there.push({ run, at });
          else places.set(path, [{ run, at }]);
        }
    }
  return touches;
});

/** The last of the positions before another one. */
function lastBefore(positions: readonly Position[] | undefined, end: Position): Position | undefined {
  let [low, high] = [0, positions?.length ?? 0];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(positions?.[middle] as Position, end)) low = middle + 1;
    else high = middle;
  }
  return positions?.[low - 1];
}

/**
 * The command above an install that may change its manifest, its lockfile or a file that it names, where the image has that already: an unknown
 * one, or one that writes there.
 */
export function filesDoubt(reading: StageReading, run: RunReading, install: Install, tree: FileTree): string | undefined {
  const { cwd, manager, part } = install;
  if (cwd === undefined) return undefined;
  const { unknown, at, below } = touchesOf(reading);
  const end: Position = { run, at: run.parts.indexOf(part) };
  const named = namedIn(reading, run, install).flatMap((written) => resolvePath(cwd, written) ?? []);
  const paths = [...[manager.manifests[0] ?? '', ...manager.lockfiles].map((name) => cleanPath(`${cwd}/${name}`)), ...named];
  const { copies, before } = aboveRun(reading, run, tree);
  for (const path of paths) {
    const brought = broughtBy(copies, tree, path, before)?.at ?? Number.NEGATIVE_INFINITY;
    for (const places of [unknown, at.get(path), ...upwards(path, '/').map((dir) => below.get(dir))]) {
      const last = lastBefore(places, end);
      const found = last && last.run.instruction.index > brought ? last.run.parts[last.at] : undefined;
      if (!last || !found) continue;
      const how = found.effects.does.kind === 'unknown' ? 'may change what the install reads' : 'changes what the install reads';
      return `\`${found.name}\` at line ${last.run.instruction.line} ${how}`;
    }
  }
  return undefined;
}
