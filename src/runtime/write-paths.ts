// Room: runtime/. Where the running process writes: absolute places of the image that are its user's, or unknown.
import { parentOf } from '../effects/places.ts';
import { inside, isPlainName, landingOf, originThrough, resolvePath } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { closedModes } from './closed-modes.ts';
import { copiedModes } from './copied-modes.ts';
import { ofDatabases } from './database-writes.ts';
import { ofHome } from './home-caches.ts';
import { isOfRoot, namedElsewhere } from './named-elsewhere.ts';
import { broughtHits, projectsOf } from '../facts/applications.ts';
import { ofBuildRuns } from './ran-sources.ts';
import { containerShell } from './started.ts';
import type { RunCommand } from './run-command.ts';
import { ofPackages } from './package-caches.ts';
import { ofSpawned } from './spawned-writes.ts';
import { ofSeen } from './seen-writes.ts';
import { startWrites, type StartWrite } from './start-writes.ts';
import { unreadable } from './unreadable.ts';
import { keptDirectories, madeData, madeDirectories, maybeMade, namedPlaces } from './writable.ts';
import {
  ALLOW,
  applications,
  give,
  giveFor,
  isDirectory,
  isFree,
  isPlace,
  isSystem,
  isThere,
  originOf,
  placeOf,
  unknown,
  workdirOf,
  type Found,
  type WritePaths,
} from './write-found.ts';

export type { WritePaths };

/** The directories and files to give to the user, or why they cannot be listed. At `max`, what cannot be listed is a note. */
export function writePaths(subject: Subject, run: RunCommand): WritePaths | Refusal {
  const found: Found = {
    paths: new Set(),
    may: new Set(),
    deep: new Set(),
    files: new Set(),
    there: new Set(),
    unsure: new Set(),
    absent: new Set(),
    evidence: [],
    notes: [],
  };
  const started = startWrites(subject, run);
  return (
    ofCommands(subject, started, found) ??
    ofSources(subject, started, found) ??
    ofDatabases(subject, run, found) ??
    ofPackages(subject, found) ??
    ofDirectories(subject, started, found) ??
    ofSpawned(subject, found) ??
    ofNamed(subject, run, started, found) ??
    ofSeen(subject, found) ??
    ofHome(subject, found) ??
    ofBuildRuns(subject, found) ??
    refusedPlaces(subject, found) ??
    unreadable(subject) ??
    closedModes(subject, found) ??
    copiedModes(subject, found) ??
    ofConditions(subject, found) ?? {
      paths: [...found.paths].sort(),
      may: [...found.may].filter((path) => !found.paths.has(path)),
      deep: [...found.deep].sort(),
      missing: [...found.paths].filter((path) => found.unsure.has(path) || !isThere(subject, found, path)).sort(),
      files: filesOf(subject, found),
      evidence: found.evidence,
      notes: found.notes,
    }
  );
}

/** Files that are there already and become the user's: named ones, and data that a RUN made in a directory that is given. */
function filesOf(subject: Subject, { paths, deep, files, absent }: Found): string[] {
  const all = new Set([...files, ...madeData(subject).filter((path) => paths.has(parentOf(path)) && !isFree(path))]);
  return [...all].filter((file) => !absent.has(file) && ![...deep].some((dir) => inside(file, dir))).sort();
}

/** A file that is there in some builds alone: chown ends the others. */
function ofConditions(subject: Subject, found: Found): Refusal | undefined {
  const maybe = maybeMade(subject);
  for (const file of filesOf(subject, found)) {
    const line = maybe.get(file);
    if (line === undefined || originOf(subject, file) !== undefined) continue;
    const evidence: Evidence = { file: 'Dockerfile', line, says: `makes ${file} under a condition` };
    const told = `Line ${line} makes ${file} in some builds alone, and whether the program writes to it is unknown`;
    const refused = unknown(subject, found, told, [evidence], 'Make the file in each build.');
    if (refused) return refused;
    found.files.delete(file);
    found.absent.add(file);
  }
  return undefined;
}

function ofCommands(subject: Subject, started: readonly StartWrite[], found: Found): Refusal | undefined {
  for (const { evidence, effects, places, unknown: why } of started) {
    if (why?.always)
      return refusal('write-path-unknown', why.why, subject.final.stage.from.start, {
        evidence: [evidence],
        allow: why.allow ?? 'Build in a RUN, and start the finished program, or a server for production, in CMD.',
      });
    const refused = why && unknown(subject, found, `${placeOf(evidence)} ${why.why}`, [evidence]);
    if (refused) return refused;
    for (const place of places.known) {
      if (isFree(place.path)) continue;
      found.evidence.push(evidence);
      giveFor(subject, found, place, effects);
    }
  }
  return undefined;
}

/** What first-party sources write by calls that are known. */
function ofSources(subject: Subject, started: readonly StartWrite[], found: Found): Refusal | undefined {
  const changed = [...new Set(started.flatMap(({ sources }) => (sources === undefined ? [] : [sources.cwd])))];
  const workdir = (changed.length === 1 ? changed[0] : undefined) ?? workdirOf(subject);
  for (const { project } of projectsOf(subject)) {
    const server = project.developmentServer?.(containerShell(subject, subject.final));
    const refused = server && unknown(subject, found, server.message, server.evidence ?? [], server.allow);
    if (refused) return refused;
  }
  const applied = projectsOf(subject).flatMap(({ project, dir }) => {
    const place = dir === '' ? undefined : landingOf(subject.final.copies, dir);
    const apart = place !== undefined && place !== workdir;
    return broughtHits(subject, project).map((hit) => ({ hit, apart }));
  });
  for (const { hit, apart } of applied) {
    if (hit.kind !== 'write') continue;
    const evidence: Evidence = { file: hit.file, line: hit.line, says: `writes: ${hit.text}` };
    const moved = hit.moved !== undefined && subject.final.end.env.has(hit.moved);
    const base = hit.beside ? directoryOf(subject, hit.file) : workdir;
    // sources that lie elsewhere than where the program runs name what they see from either
    const seen = hit.ofContext === undefined || moved ? undefined : besideOf(subject, hit.file, hit.ofContext);
    const told = hit.literal !== undefined && !moved && !(apart && !hit.beside && !hit.literal.startsWith('/'));
    const path = seen ?? (told ? resolvePath(base, hit.literal === '' ? '.' : (hit.literal ?? '')) : undefined);
    if (path === undefined) {
      const refused = unknown(subject, found, `${hit.file}:${hit.line} writes to a computed path`, [evidence]);
      if (refused) return refused;
      continue;
    }
    if (isFree(path)) continue;
    found.evidence.push(evidence);
    if (hit.removes) {
      found.paths.add(parentOf(path));
      if (isDirectory(subject, path)) found.deep.add(path);
    } else if (!hit.directory && !isPlace(hit)) give(subject, found, path);
    else {
      found.paths.add(path);
      if (path !== workdir && isDirectory(subject, path)) found.deep.add(path);
    }
  }
  return undefined;
}

/** Where a path of the context is in the image, as a source sees it from its own directory. */
function besideOf(subject: Subject, file: string, path: string): string | undefined {
  const dir = directoryOf(subject, file);
  const from = file.split('/').slice(0, -1);
  const to = path.split('/');
  const same = from.findIndex((part, n) => part !== to[n]);
  const shared = same < 0 ? Math.min(from.length, to.length) : same;
  const way = [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
  return dir === undefined ? undefined : resolvePath(dir, way === '' ? '.' : way);
}

/** The directory of the image that has a source. */
function directoryOf(subject: Subject, file: string): string | undefined {
  const landing = landingOf(subject.final.copies, file);
  if (landing !== undefined) return parentOf(landing);
  const workdir = workdirOf(subject);
  const origin = workdir === undefined ? undefined : originThrough(subject.stages, subject.final, subject.project.tree, workdir);
  return origin !== undefined && inside(file, origin)
    ? resolvePath(workdir, parentOf(`/${file.slice(origin.length)}`).slice(1) || '.')
    : undefined;
}

/** Where sources may write what no list of calls holds: their working directory, and directories that are there to be written to. */
function ofDirectories(subject: Subject, started: readonly StartWrite[], found: Found): Refusal | undefined {
  const interpreted = (id: string): boolean => subject.project.ecosystems.some((one) => one.id === id && one.interpreted);
  const free = started.filter(({ sources }) => sources !== undefined && interpreted(sources.ecosystem));
  for (const { sources } of started)
    if (sources !== undefined && !interpreted(sources.ecosystem) && isOwn(subject, sources.cwd)) found.may.add(sources.cwd);
  // at the level max, what is not read is taken to write where it runs
  const assumed = started.filter(({ unknown: why, effects: { before } }) => why !== undefined && isOwn(subject, before.cwd));
  for (const { effects } of assumed) found.may.add(effects.before.cwd ?? '');
  const dirs = new Set(free.map(({ sources }) => sources?.cwd));
  for (const dir of dirs) {
    const told = free.find(({ sources }) => sources?.cwd === dir)?.evidence;
    if (dir === undefined || dir === '/' || isSystem(subject, dir)) {
      const where = dir === undefined ? 'a directory that cannot be told' : dir;
      const refused = unknown(
        subject,
        found,
        `The program runs in ${where}, and what it may write there cannot be told`,
        told ? [told] : [],
        dir === undefined ? ALLOW : 'Set a WORKDIR of its own (WORKDIR /app).',
      );
      if (refused) return refused;
      continue;
    }
    for (const one of [dir, ...belowOf(subject, dir)]) {
      found.paths.add(one);
      found.there.add(one);
    }
    if (told) found.evidence.push({ ...told, says: `${told.says}, which may write where it runs` });
  }
  for (const { path, unsure, evidence } of [
    ...madeDirectories(subject),
    ...(dirs.size + assumed.length > 0 ? keptDirectories(subject) : []),
  ]) {
    if (isFree(path) || isSystem(subject, path)) continue;
    found.paths.add(path);
    (unsure ? found.unsure : found.there).add(path);
    found.evidence.push(evidence);
  }
  if (dirs.size > 0)
    for (const { path, file, certain, evidence } of namedPlaces(subject)) {
      if (isFree(path) || (!certain && isSystem(subject, path))) continue;
      found.evidence.push(evidence);
      if (file) found.files.add(path);
      else found.paths.add(path);
    }
  return undefined;
}

/** A directory that a WORKDIR of the file makes for the application. */
const isOwn = (subject: Subject, dir: string | undefined): dir is string =>
  dir !== undefined &&
  !/(?:^\/|\/s?bin)$/.test(dir) &&
  !isSystem(subject, dir) &&
  subject.final.stage.instructions.some(({ keyword }) => keyword === 'WORKDIR');

/** A WORKDIR below: npm runs a script there where the build has put a package.json. */
function belowOf(subject: Subject, dir: string): string[] {
  const workdir = workdirOf(subject);
  return workdir !== dir && isOwn(subject, workdir) && inside(workdir, dir) ? [workdir] : [];
}

/** Places outside of the application that a text names: given where it is clear what they are. */
function ofNamed(subject: Subject, run: RunCommand, started: readonly StartWrite[], found: Found): Refusal | undefined {
  if (!started.some(({ sources }) => sources !== undefined)) return undefined;
  const own = applications(subject);
  for (const { path, kind, evidence } of namedElsewhere(subject, run)) {
    const dir = kind === 'file' ? parentOf(path) : path;
    if (isFree(path) || own.some((one) => inside(path, one))) continue;
    if (originOf(subject, path) !== undefined) {
      give(subject, found, path);
      continue;
    }
    if ([dir, parentOf(path)].some((one) => found.paths.has(one))) continue;
    if (isSystem(subject, dir) || kind === 'either') {
      const refused = unknown(
        subject,
        found,
        `${placeOf(evidence)} ${evidence.says}, ${isOfRoot(path) ? 'which only root may enter' : 'and the program may write there'}`,
        [evidence],
        isOfRoot(path)
          ? 'Keep it where the user may read it, for example below its WORKDIR.'
          : isSystem(subject, dir)
            ? 'Let it write to a directory of its own, for example below its WORKDIR.'
            : `Make its directory in a RUN (mkdir -p ${isSystem(subject, parentOf(path)) ? path : parentOf(path)}): it is given to the user then.`,
      );
      if (refused) return refused;
      continue;
    }
    found.evidence.push(evidence);
    found.paths.add(dir);
  }
  return undefined;
}

function refusedPlaces(subject: Subject, found: Found): Refusal | undefined {
  const at = subject.final.stage.from.start;
  const { evidence } = found;
  const system = [...found.paths, ...found.files].find((path) => isSystem(subject, path));
  if (system)
    return refusal(
      'write-path-unknown',
      `The program ${inside(system, '/root') ? `uses ${system}, which only root may enter` : `writes to ${system}, which belongs to the system`}`,
      at,
      {
        evidence,
        allow: 'Let it write to a directory of its own, for example below its WORKDIR.',
      },
    );
  const odd = [...found.paths, ...found.files].find((path) => !isPlainName(path));
  return odd === undefined
    ? undefined
    : refusal('write-path-unknown', `The program writes to ${JSON.stringify(odd)}, which cannot be written in a RUN as it stands`, at, {
        evidence,
        allow: 'Give it a name without blanks and signs of the shell.',
      });
}
