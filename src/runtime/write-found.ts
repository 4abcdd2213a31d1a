// Room: runtime/. What the process writes, as it is gathered: directories and files that become its user's, or why they cannot be told.
import { parentOf } from '../effects/places.ts';
import type { Effects, Place } from '../effects/types.ts';
import { inside, originThrough, resolvePath } from '../facts/copies.ts';
import type { SourceHit } from '../ecosystems/types.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { oncePer } from '../once.ts';
import { refusal, type Refusal } from '../refusal.ts';
import type { Note } from '../types.ts';
import { isFilled, isMadeFile, liesInBuilt, liesInFilled } from './filled.ts';

export interface WritePaths {
  /** Directories, made where they are not there. */
  paths: string[];
  /** The directory that a compiled program runs in: no call that is known writes there, and no list of calls is complete. */
  may: string[];
  /** Of these: with all that lies in them. */
  deep: string[];
  /** Of these: not there yet. */
  missing: string[];
  /** Files that the original has and the process writes. */
  files: string[];
  evidence: Evidence[];
  notes: Omit<Note, 'transform'>[];
}
export interface Found {
  paths: Set<string>;
  may: Set<string>;
  deep: Set<string>;
  files: Set<string>;
  /** Directories that the image has. */
  there: Set<string>;
  /** Directories that it may have or not. */
  unsure: Set<string>;
  /** Files that it may be without, which nobody gives then. */
  absent: Set<string>;
  evidence: Evidence[];
  notes: WritePaths['notes'];
}

/** Directories that every user may write to. Source: FHS 3.0; proc(5). */
const FREE = ['/tmp', '/var/tmp', '/dev', '/proc/self', '/proc/1/fd'];
const SYSTEM = ['/etc', '/usr', '/bin', '/sbin', '/lib', '/lib64', '/root', '/opt', '/boot', '/sys', '/proc'];
/** Directories of the system that programs have directories of their own in: these may be made and given, they themselves are root's. */
const SHARED: ReadonlySet<string> = new Set([
  '/',
  '/run',
  '/var/run',
  '/run/lock',
  '/var/lock',
  '/var',
  '/var/log',
  '/var/lib',
  '/var/cache',
  '/var/spool',
  '/home',
]);
/** A directory of the system that programs have their own in. */
export const isShared = (path: string): boolean => SHARED.has(path) || EVERYWHERE.includes(path);
/** Directories of every image. Source: FHS 3.0. */
const EVERYWHERE = ['/home', '/media', '/mnt', '/srv', '/var/cache', '/var/lib', '/var/log'];
/** Said of a file of a database that no source names. */
export const MAY_BE_DATA = 'may be data of the program';
export const ALLOW = 'Use --level max and check what it writes.';
export const isFree = (path: string): boolean => FREE.some((dir) => inside(path, dir));

/** Refuses below the level max; there it is a note. */
export function unknown(subject: Subject, found: Found, message: string, evidence: Evidence[], allow = ALLOW): Refusal | undefined {
  if (subject.options.level !== 'max') return refusal('write-path-unknown', message, subject.final.stage.from.start, { evidence, allow });
  found.notes.push({ id: 'assumed', message: `Assumed (level max): ${message}` });
  return undefined;
}

/** A place that is written: its directory, and the file itself where the original has it. What a RUN filled may have the file: all of it, then. */
export function give(subject: Subject, found: Found, path: string): void {
  const origin = originOf(subject, path);
  const kind = origin === undefined ? undefined : subject.project.tree.stat(origin)?.kind;
  // `mkdirSync('/data')`: no file of the root directory has a name without an ending
  if (kind === 'dir' || (kind === undefined && parentOf(path) === '/' && !path.includes('.'))) {
    found.paths.add(path);
    return;
  }
  const dir = parentOf(path);
  found.paths.add(dir);
  if (kind === 'file' || isMadeFile(subject, path)) found.files.add(path);
  else if (liesInFilled(subject, dir)) found.deep.add(dir);
}

/** They put a new file in the place of another one, or take names alone: the directory is enough. Sources: POSIX; install(1), rsync(1), GNU tar and unzip. */
const REPLACES: ReadonlySet<string> = new Set(['mv', 'ln', 'install', 'rm', 'rmdir', 'unlink', 'rsync', 'mkdir']);

/** A place that a command writes: what it copies, moves or removes may be a file, so that it needs the directory above; others write below what they name. */
export function giveFor(subject: Subject, found: Found, { path, below }: Place, effects: Effects): void {
  const { does, command, before, removes, program } = effects;
  const named = (text: string | undefined): boolean => text !== undefined && resolvePath(before.cwd, text) === path;
  if (removes.known.some((place) => place.path === path) && command.words.some(({ value }) => named(value)))
    found.paths.add(parentOf(path));
  const replaces = REPLACES.has(program);
  const makes = 'makes' in does;
  // `find dist -exec sed -i … {} +`: it changes the files that lie there, whoever made them
  const searched = program === 'find' && does.kind === 'files';
  if (below && (searched || isDirectory(subject, path) || isFilled(subject, path))) {
    found.paths.add(path);
    found.deep.add(path);
    return;
  }
  const file = !below || (does.kind === 'files' && !command.words.some(({ value }) => value?.endsWith('/') && named(value)));
  const dir = file ? parentOf(path) : path;
  if (!makes && !replaces && mayBeThere(subject, dir)) found.deep.add(dir);
  if (!below) give(subject, found, path);
  else {
    found.paths.add(dir);
    if (file && !replaces && fileOf(subject, path)) found.files.add(path);
  }
}

/** The image has the directory from a RUN: what lies in it belongs to root. */
const mayBeThere = (subject: Subject, dir: string): boolean =>
  liesInFilled(subject, dir) || (originOf(subject, dir) === undefined && liesInBuilt(subject, dir));

const fileOf = (subject: Subject, path: string): boolean => {
  const origin = originOf(subject, path);
  return origin !== undefined && subject.project.tree.stat(origin)?.kind === 'file';
};

export function originOf({ stages, final, project }: Subject, path: string): string | undefined {
  const origin = originThrough(stages, final, project.tree, path);
  return origin !== undefined && origin !== '' && !project.ignore.ignores(origin) ? origin : undefined;
}
export function isDirectory(subject: Subject, path: string): boolean {
  const origin = originThrough(subject.stages, subject.final, subject.project.tree, path);
  return (
    origin === '' || (origin !== undefined && !subject.project.ignore.ignores(origin) && subject.project.tree.stat(origin)?.kind === 'dir')
  );
}
export function isThere(subject: Subject, found: Found, path: string): boolean {
  // WORKDIR makes its directory and those above it
  if (found.there.has(path) || EVERYWHERE.includes(path) || inside(workdirOf(subject) ?? '', path) || isFilled(subject, path)) return true;
  const origin = originThrough(subject.stages, subject.final, subject.project.tree, path);
  return origin !== undefined && subject.project.tree.stat(origin)?.kind === 'dir' && (subject.project.tree.list(origin) ?? []).length > 0;
}

export const workdirOf = ({ final }: Subject): string | undefined => ('value' in final.end.workdir ? final.end.workdir.value : undefined);

/** The directories that WORKDIR makes, those of the system aside. */
const ownDirectories = oncePer((subject: Subject): string[] => {
  const made = subject.final.stage.instructions.flatMap((i) =>
    i.keyword === 'WORKDIR' ? (resolvePath(workdirOf(subject), i.words[0]?.value ?? '/') ?? []) : [],
  );
  return [...new Set([...made, workdirOf(subject) ?? '/'])].filter(
    (dir) => dir !== '/' && !SYSTEM.includes(dir) && dir !== '/usr/local' && dir !== '/usr/src',
  );
});

/** A directory of the system; what a WORKDIR made below one is the application's. */
export function isSystem(subject: Subject, path: string): boolean {
  if (SHARED.has(path)) return true;
  if (!SYSTEM.some((dir) => inside(path, dir))) return false;
  return inside(path, '/root') || !ownDirectories(subject).some((dir) => inside(path, dir));
}

/** Where the image has the application: its working directories, and where the sources are copied to. */
export const applications = (subject: Subject): string[] =>
  [
    workdirOf(subject),
    ...subject.final.copies.flatMap((copy) => (copy.broad && copy.sources.some(({ path }) => path === '') ? copy.dest : [])),
  ].filter((dir): dir is string => dir !== undefined && dir !== '/');

/** For a sentence. */
export const placeOf = ({ file, line }: Evidence): string => `${file}:${line ?? 1}`;

/** Calls that make a directory, or change all that lies in one. */
const MAKES =
  /\b(?:mkdir\w*|makedirs|create_dir\w*|MkdirAll|Mkdir|ensureDir\w*|emptyDir\w*|rmtree|copytree|extractall|extractAllTo|unpack_archive|Memory)!?\(/;
/** Names of settings that hold one. */
const NAMED = /(?:root|dir\w*|folder)["']?\]?\s*[:=]\s*(?:\w+\(\s*)?["'`]$/i;

/** The call, or the name that the literal is given to, says that it is a directory. */
export function isPlace({ literal = '', text }: SourceHit): boolean {
  const at = text.indexOf(literal);
  return MAKES.test(text) || (literal.startsWith('/') && at > 0 && NAMED.test(text.slice(Math.max(0, at - 60), at)));
}
