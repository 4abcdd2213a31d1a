// Room: checkout/. Finds the Dockerfiles of the given paths. Directories that are links are not followed; a search is bounded.
import { basename, dirname, join, resolve } from 'node:path';
import { localDisk, type Disk } from '../context/disk.ts';
import type { Problem } from '../report/types.ts';
import { enter, ignoresAbove, isIgnored, type GitIgnores } from './gitignore.ts';
import { isWithin, reasonOf, shown } from './paths.ts';
import { problemAt } from './read.ts';
import { exists, repositoryRoot } from './repository.ts';

/** A Dockerfile: where it was found, and the file that it is (a link is followed when it stays inside the given path). */
export interface Found {
  /** As shown to people. */
  path: string;
  /** Real and absolute: what is read and written. */
  real: string;
  /** The given directory, or the directory of the given file; real and absolute. */
  given: string;
}
export interface Finding {
  found: Found[];
  problems: Problem[];
  /** Said on the error stream; they do not make the run fail. */
  warnings: string[];
}

const maxEntries = 200_000;
const maxDepth = 64;
const unentered = new Set(['node_modules', '.git', 'bower_components', 'third_party', 'third-party', 'thirdparty']);
/** What tools write into a `vendor` directory: go mod vendor, Composer, Bundler. A `vendor` of the project's own is searched. */
const vendored = ['modules.txt', 'autoload.php', 'bundle'];
const plainNames = new Set(['Dockerfile', 'Containerfile']);
/** `Dockerfile.<this>` is not a Dockerfile yet (a template), no longer (a leftover), or about one. By name they are still read. */
const otherKinds = /\.(dockerignore|j2|jinja2?|tmpl|tpl|template|erb|mustache|hbs|m4|in|md|txt|orig|rej|bak|swp)$/i;

/** Where there is no `Dockerfile`, Docker takes this. https://github.com/moby/moby/issues/10858 */
const lowerName = 'dockerfile';

/** Dockerfile, Dockerfile.*, *.Dockerfile, *.dockerfile, Containerfile; dockerfile, where its directory has no Dockerfile. */
export function isDockerfileName(name: string): boolean {
  if (plainNames.has(name) || name === lowerName) return true;
  if (otherKinds.test(name)) return false;
  return (name.startsWith('Dockerfile.') && name.length > 11) || /.\.[Dd]ockerfile$/.test(name);
}

interface Search extends Finding {
  cwd: string;
  disk: Disk;
  seen: Set<string>;
  entries: number;
  /** Files that a path before had brought already. */
  again: number;
  stopped: boolean;
}

/** What came of the search so far: more of it means that a directory was not empty. */
const countOf = ({ found, problems, again }: Search): number => found.length + problems.length + again;

/** The Dockerfiles of files and directories, each once, in the order given and sorted by name below. */
export function findDockerfiles(paths: readonly string[], cwd: string, disk: Disk = localDisk): Finding {
  const search: Search = { cwd, disk, found: [], problems: [], warnings: [], seen: new Set(), entries: 0, again: 0, stopped: false };
  for (const path of paths) {
    const at = resolve(cwd, path);
    try {
      if (disk.stat(at).kind === 'dir') findInGiven(at, search);
      else findFile(at, disk.realpath(dirname(at)), search);
    } catch (error) {
      search.problems.push(problemAt(shown(cwd, at), reasonOf(error), 'Check the path.').problem);
    }
  }
  return search;
}

function findInGiven(dir: string, search: Search): void {
  const before = countOf(search);
  const { disk } = search;
  const given = disk.realpath(dir);
  walk(given, { given, prefix: dir, ignores: ignoresAbove(given, repositoryRoot(given, disk), disk), depth: 0 }, search);
  if (countOf(search) > before) return;
  const named = plainNames.has(basename(dir));
  const message = named ? 'is a directory, and there is no Dockerfile in it' : 'no Dockerfile found';
  const hint =
    'Searched for Dockerfile, dockerfile, Dockerfile.*, *.Dockerfile, *.dockerfile and Containerfile, leaving out what .gitignore does. Give the path of the file.';
  search.problems.push(problemAt(shown(search.cwd, dir), message, hint).problem);
}

interface Place {
  given: string;
  /** The given directory as written, for what is shown. */
  prefix: string;
  ignores: GitIgnores;
  depth: number;
}

function walk(dir: string, place: Place, search: Search): void {
  const entries = entriesOf(dir, search);
  const ignores = enter(place.ignores, dir, search.disk);
  const hides = entries.some(({ name }) => name === 'Dockerfile');
  for (const entry of entries) {
    if (search.stopped) return;
    if (hides && entry.name === lowerName && entry.kind !== 'dir') continue;
    const at = join(dir, entry.name);
    if (entry.kind === 'dir') walkInto(at, entry.name, { ...place, ignores, depth: place.depth + 1 }, search);
    else if (isDockerfileName(entry.name) && !isIgnored(ignores, at, 'file'))
      findFile(at, place.given, search, join(place.prefix, at.slice(place.given.length)));
  }
}

function walkInto(at: string, name: string, place: Place, search: Search): void {
  if (
    unentered.has(name) ||
    (name === 'vendor' && vendored.some((own) => exists(join(at, own), search.disk))) ||
    isIgnored(place.ignores, at, 'dir')
  )
    return;
  if (place.depth > maxDepth) {
    search.warnings.push(`${shown(search.cwd, at)}: not searched, more than ${maxDepth} directories deep`);
    return;
  }
  const before = countOf(search);
  walk(at, place, search);
  if (!plainNames.has(name) || countOf(search) > before) return;
  search.problems.push(
    problemAt(shown(search.cwd, at), 'is a directory, and there is no Dockerfile in it', 'Nothing was changed.').problem,
  );
}

function entriesOf(dir: string, search: Search): { name: string; kind: string }[] {
  try {
    const entries = search.disk.entries(dir, maxEntries);
    search.entries += entries?.length ?? maxEntries + 1;
    if (entries && search.entries <= maxEntries) return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    search.stopped = true;
    const message = `the search stopped after ${maxEntries} files`;
    search.problems.push(problemAt(shown(search.cwd, dir), message, 'Give the paths of the Dockerfiles, or smaller directories.').problem);
    return [];
  } catch (error) {
    search.warnings.push(`${shown(search.cwd, dir)}: not searched: ${reasonOf(error)}`);
    return [];
  }
}

/** One file by name. A link is followed to a file inside `given`, and refused when it leaves it. */
function findFile(at: string, given: string, search: Search, written = at): void {
  const path = shown(search.cwd, written);
  let real: string;
  try {
    real = search.disk.realpath(at);
    if (search.disk.stat(real).kind === 'dir') return;
  } catch (error) {
    const message = isLink(at, search.disk) ? `is a symbolic link that leads nowhere: ${reasonOf(error)}` : reasonOf(error);
    search.problems.push(problemAt(path, message, 'Nothing was changed.').problem);
    return;
  }
  if (!isWithin(given, real)) {
    const hint = `Nothing was read or changed. To refactor the file that it leads to, give that path: ${real}`;
    search.problems.push(problemAt(path, `is a symbolic link out of ${shown(search.cwd, given)}`, hint).problem);
    return;
  }
  if (search.seen.has(real)) {
    search.again += 1;
    return;
  }
  search.seen.add(real);
  search.found.push({ path, real, given });
}

function isLink(path: string, disk: Disk): boolean {
  try {
    return disk.lstat(path)?.kind === 'link';
  } catch {
    return false;
  }
}
