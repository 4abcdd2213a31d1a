// Room: runtime/. Where the running process writes: absolute places of the image that are its user's, or unknown.
import { walk } from '../context/walk.ts';
import { allOf } from '../effects/effects.ts';
import { joined, parentOf } from '../effects/places.ts';
import { inside, isPlainName, landingOf, originThrough, resolvePath } from '../facts/copies.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { closedModes } from './closed-modes.ts';
import { copiedModes } from './copied-modes.ts';
import { ofHome } from './home-caches.ts';
import { namedElsewhere } from './named-elsewhere.ts';
import { projectsOf } from './own-sources.ts';
import { ofBuildRuns } from './ran-sources.ts';
import type { RunCommand } from './run-command.ts';
import { opensNone } from './files.ts';
import { ofSpawned } from './spawned-writes.ts';
import { containerShell } from './started.ts';
import { ofSeen } from './seen-writes.ts';
import { startWrites, type StartWrite } from './start-writes.ts';
import { unreadable } from './unreadable.ts';
import { keptDirectories, madeData, madeDirectories, namedPlaces } from './writable.ts';
import {
  ALLOW,
  MAY_BE_DATA,
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
    evidence: [],
    notes: [],
  };
  const started = startWrites(subject, run);
  return (
    ofCommands(subject, started, found) ??
    ofSources(subject, found) ??
    ofDatabases(subject, run, found) ??
    ofDirectories(subject, started, found) ??
    ofSpawned(subject, found) ??
    ofNamed(subject, run, started, found) ??
    ofSeen(subject, found) ??
    ofHome(subject, found) ??
    ofBuildRuns(subject, found) ??
    refusedPlaces(subject, found) ??
    unreadable(subject) ??
    closedModes(subject, found) ??
    copiedModes(subject, found) ?? {
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
function filesOf(subject: Subject, { paths, deep, files }: Found): string[] {
  const all = new Set([...files, ...madeData(subject).filter((path) => paths.has(parentOf(path)) && !isFree(path))]);
  return [...all].filter((file) => ![...deep].some((dir) => inside(file, dir))).sort();
}

function ofCommands(subject: Subject, started: readonly StartWrite[], found: Found): Refusal | undefined {
  for (const { evidence, effects, places, unknown: why } of started) {
    if (why?.always)
      return refusal('write-path-unknown', why.why, subject.final.stage.from.start, {
        evidence: [evidence],
        allow: 'Build in a RUN, and start the finished program, or a server for production, in CMD.',
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
function ofSources(subject: Subject, found: Found): Refusal | undefined {
  const workdir = workdirOf(subject);
  for (const { hit } of projectsOf(subject).flatMap(({ project }) => project.hits().map((one) => ({ hit: one })))) {
    if (hit.kind !== 'write') continue;
    const evidence: Evidence = { file: hit.file, line: hit.line, says: `writes: ${hit.text}` };
    const moved = hit.moved !== undefined && subject.final.end.env.has(hit.moved);
    const base = hit.beside ? directoryOf(subject, hit.file) : workdir;
    const path = hit.literal === undefined || moved ? undefined : resolvePath(base, hit.literal === '' ? '.' : hit.literal);
    if (path === undefined) {
      const refused = unknown(subject, found, `${hit.file}:${hit.line} writes to a computed path`, [evidence]);
      if (refused) return refused;
      continue;
    }
    if (isFree(path)) continue;
    found.evidence.push(evidence);
    if (!hit.directory && !isPlace(hit)) give(subject, found, path);
    else {
      found.paths.add(path);
      if (path !== workdir && isDirectory(subject, path)) found.deep.add(path);
    }
  }
  return undefined;
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

function ofDatabases(subject: Subject, run: RunCommand, found: Found): Refusal | undefined {
  for (const { instruction, parts } of stagesOf(subject).flatMap((stage) => stage.runs)) {
    const made = allOf(parts.map((part) => part.effects)).filter(({ does }) => does.kind === 'database');
    const evidence: Evidence = { file: 'Dockerfile', line: instruction.line, says: 'fills a database' };
    if (made.length === 0) continue;
    const places = joined(...made.map((one) => one.own));
    if (places.unknown !== undefined || places.known.length === 0) {
      const message = `line ${instruction.line} fills a database while building, so the program may write to a file of the image`;
      const refused = unknown(subject, found, message, [evidence]);
      if (refused) return refused;
    }
    for (const { path } of places.known) {
      found.evidence.push(evidence);
      found.paths.add(parentOf(path));
      found.deep.add(parentOf(path));
      found.there.add(parentOf(path));
    }
  }
  if (subject.options.level === 'max') assumedVolumes(subject, found);
  for (const { path, origin } of databases(subject)) {
    found.evidence.push({ file: origin, says: MAY_BE_DATA });
    found.files.add(path);
    found.paths.add(parentOf(path));
  }
  for (const store of projectsOf(subject).flatMap(({ project }) => project.store?.(containerShell(subject, subject.final)) ?? [])) {
    const at = store.at === undefined ? undefined : resolvePath(workdirOf(subject), store.at);
    if (at !== undefined) {
      found.evidence.push(store.evidence);
      found.paths.add(at);
      if (isDirectory(subject, at)) found.deep.add(at);
    } else if (found.paths.size === 0 && !namedElsewhere(subject, run).some(({ path }) => !isSystem(subject, path)))
      return unknown(subject, found, `${store.package} keeps ${store.what}, whose path cannot be told`, [store.evidence]);
  }
  return undefined;
}
/** Database files of the context that the image has: whoever opens one writes to it, and to its directory. */
function databases(subject: Subject): { path: string; origin: string }[] {
  const { final, project } = subject;
  if (opensNone(projectsOf(subject).map((one) => one.project))) return [];
  return walk(project.tree, '')
    .filter(
      ({ kind, name, path }) =>
        kind === 'file' &&
        /\.(db|db3|sqlite|sqlite3|s3db|bolt|mdb|duckdb)$/i.test(name) &&
        !project.ignore.ignores(path) &&
        !project.gitIgnores(path),
    )
    .flatMap(({ path: origin }) => {
      const path = landingOf(final.copies, origin);
      return path === undefined ? [] : [{ path, origin }];
    });
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
    found.paths.add(dir);
    found.there.add(dir);
    if (told) found.evidence.push({ ...told, says: `${told.says}, which may write where it runs` });
  }
  for (const { path, evidence } of [...madeDirectories(subject), ...(dirs.size + assumed.length > 0 ? keptDirectories(subject) : [])]) {
    if (isFree(path) || isSystem(subject, path)) continue;
    found.paths.add(path);
    found.there.add(path);
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
        `${placeOf(evidence)} ${evidence.says}, ${inside(path, '/root') ? 'which only root may enter' : 'and the program may write there'}`,
        [evidence],
        isSystem(subject, dir)
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

/** The final stage, and those that it copies files from. */
function stagesOf({ stages, final }: Subject): StageReading[] {
  const from = new Set(final.copies.flatMap((copy) => copy.instruction.from?.toLowerCase() ?? []));
  return stages.filter(
    (one) => one === final || from.has(String(one.stage.index)) || (one.stage.name !== undefined && from.has(one.stage.name)),
  );
}

/** Level max: volumes are taken to be new, so that Docker gives them the owner of the image's directory. What compose mounts is noted. */
function assumedVolumes(subject: Subject, found: Found): void {
  for (const i of subject.final.stage.instructions) {
    if (i.keyword !== 'VOLUME') continue;
    const paths = (i.json ?? i.words).map((word) => word.value).filter((path) => path.startsWith('/'));
    for (const path of paths) found.paths.add(path);
    found.notes.push({ id: 'assumed', message: `Assumed (level max): no volume on ${paths.join(', ')} holds data of root` });
  }
  for (const service of subject.project.uses().services)
    for (const mount of service.mounts)
      found.notes.push({
        id: 'assumed',
        message: `Assumed (level max): the user may write to ${mount.target}, which ${service.file} mounts`,
      });
}
