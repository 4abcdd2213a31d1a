// Room: ecosystems/python. A Python project of the build context: its manifests, locks and sources, read lazily and each once.
import type { FileTree } from '../../context/types.ts';
import { unreadHits } from '../unread.ts';
import { joinPath } from '../../context/paths.ts';
import { walk } from '../../context/walk.ts';
import { known, unknown, type Fact } from '../../facts/types.ts';
import { instanceWrites } from './flask-instance.ts';
import { requirementsClosure, type ClosurePackage } from './closure.ts';
import { compilesByLock, compilesByTable, isPure } from './compiling.ts';
import { consoleScripts } from './console-scripts.ts';
import { readLock, type Lock, type LockedPackage } from './locks.ts';
import { pipenvManifests, pipManifests, poetryManifests, uvManifests } from './manifests.ts';
import { lockedByPipenv, PIPFILE_LOCK } from './pipenv.ts';
import { markerHolds } from './markers.ts';
import { normalName } from './names.ts';
import { productionPackages } from './production.ts';
import { readPyproject, wantedDependencies } from './pyproject.ts';
import { readRequirements } from './requirements.ts';
import { runtimeSources, scanSources } from './scan.ts';
import { readToml } from './toml.ts';
import { neededByUv } from './uv-lock.ts';
import { needRow, packagesFor } from './system-needs.ts';
import { native } from './wheels.ts';
import type { PythonProject } from './types.ts';

/** What the readers below share. */
interface Readings {
  tree: FileTree;
  dir: string;
  ignores: (path: string) => boolean;
  pyproject: ReturnType<typeof readPyproject>;
  poetryLock: Lock | { why: string } | undefined;
  /** All locks that name files, most telling first. */
  locks: () => Lock[];
  /** Requirement lines by name, over the requirements files found by name; '--no-binary' holds the names given to that option. */
  asked: () => ReadonlyMap<string, ClosurePackage[]>;
}

/**
 * The Python project in a directory of the context ('' is the root). Undefined when it has no pyproject.toml, requirements*.txt,
 * requirements/*.txt, setup.py, Pipfile or *.py at its top. `ignores` says which paths never reach the build.
 */
export function pythonProject(tree: FileTree, dir: string, ignores: (path: string) => boolean = () => false): PythonProject | undefined {
  const isTop = (name: string): boolean =>
    name === 'pyproject.toml' || name === 'Pipfile' || name === 'setup.py' || name.endsWith('.py') || /^requirements.*\.txt$/.test(name);
  const top = tree.list(dir) ?? [];
  const listed = top.some(({ kind, name }) => kind === 'dir' && name === 'requirements')
    ? (tree.list(joinPath(dir, 'requirements') ?? '') ?? [])
    : [];
  return top.some((entry) => entry.kind === 'file' && isTop(entry.name)) || listed.some(({ name }) => name.endsWith('.txt'))
    ? barePythonProject(tree, dir, ignores)
    : undefined;
}

/** The same of a directory whose manifests stand elsewhere, or which has none. */
export function barePythonProject(tree: FileTree, dir: string, ignores: (path: string) => boolean = () => false): PythonProject {
  const pathOf = (name: string): string => joinPath(dir, name) ?? name;
  const poetryLock = readLock(tree, pathOf('poetry.lock'));
  const readings: Readings = {
    tree,
    dir,
    ignores,
    poetryLock,
    pyproject: readPyproject(tree, pathOf('pyproject.toml'), dir),
    locks: once(() =>
      [poetryLock, readLock(tree, pathOf('uv.lock')), readLock(tree, pathOf('pdm.lock'))].filter(
        (lock): lock is Lock => lock !== undefined && !('why' in lock),
      ),
    ),
    asked: once(() => askedFor(tree, dir)),
  };
  const manifest = readings.pyproject && 'pyproject' in readings.pyproject ? readings.pyproject.pyproject : undefined;
  const place = { tree, dir, ignores, pyproject: manifest };
  const scan = once(() => scanSources(tree, dir, ignores));
  const sources = once(() => runtimeSources(tree, dir, ignores).files.map((file) => file.path));
  return {
    dir,
    pyproject: manifest,
    poetryLock: poetryLock && { path: pathOf('poetry.lock'), writtenBy: 'why' in poetryLock ? undefined : poetryLock.writtenBy },
    requirements: (file) => readClosure(readings, file),
    packages(source) {
      if (!('lock' in source)) return requiredPackages(readings, source.requirements);
      return source.lock === 'uv' ? lockedByUv(tree, pathOf('uv.lock'), source) : lockedPackages(readings, source);
    },
    compiles: (name, version, target, asked) => compiles(readings, normalName(name), version, target ?? {}, asked),
    systemNeeds: (name, suite) => systemNeeds(readings, normalName(name), suite),
    consoleScript: (name) => (manifest?.scripts.has(name) ? normalName(manifest.name ?? '') : consoleScripts.get(name)),
    manifests(manager, command) {
      if (manager === 'pip') return pipManifests(place, command.requirements);
      if (manager === 'poetry') return poetryManifests(place, command.noRoot);
      return manager === 'uv' ? uvManifests(place) : pipenvManifests(place);
    },
    sources,
    hits: once(() => {
      const { hits, cut } = scan();
      return [...hits, ...instanceWrites(tree, dir, sources(), hits), ...(cut ? unreadHits(cut) : [])];
    }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function readClosure({ tree, ignores }: Readings, file: string): ReturnType<PythonProject['requirements']> {
  const closure = requirementsClosure(tree, file, ignores);
  if ('why' in closure) return unknown(closure.why, ...closure.evidence);
  return known(closure, ...closure.files.map((path) => ({ file: path, says: 'requirements' })));
}

type Packages = ReturnType<PythonProject['packages']>;

function lockedPackages({ poetryLock, pyproject }: Readings, source: { groups?: string[]; extras?: string[] | 'all' }): Packages {
  if (poetryLock === undefined) return unknown('there is no poetry.lock');
  if ('why' in poetryLock) return unknown(poetryLock.why);
  const groups = source.groups ?? [];
  const wanted = pyproject && 'file' in pyproject ? wantedDependencies(pyproject.file.table, groups) : undefined;
  const found = productionPackages(poetryLock, wanted, {
    groups,
    extras: source.extras === 'all' ? 'all' : (source.extras ?? []).map(normalName),
  });
  if (found === undefined)
    return unknown(`${poetryLock.path} does not say which packages are for production, and pyproject.toml cannot be read`);
  const evidence = (one: LockedPackage): { file: string; line: number | undefined; says: string } => ({
    file: poetryLock.path,
    line: one.line,
    says: `${one.name} ${one.version ?? ''}`.trim(),
  });
  return known(
    found.map((one) => ({ name: one.name, version: one.version, evidence: evidence(one) })),
    { file: poetryLock.path, says: `${found.length} packages for production` },
  );
}

function lockedByUv(tree: FileTree, path: string, source: { groups?: string[]; extras?: string[] | 'all' }): Packages {
  const file = readToml(tree, path);
  if (file === undefined || 'why' in file) return unknown(file?.why ?? `there is no ${path}`);
  const found = neededByUv(file.table, { groups: source.groups ?? [], extras: source.extras ?? [] });
  if (found === undefined) return unknown(`${path} does not say what the project itself needs`);
  const evidence = (name: string): { file: string; says: string } => ({ file: path, says: `locks ${name}` });
  return known(
    [...found].map((name) => ({ name, version: undefined, evidence: evidence(name) })),
    { file: path, says: `${found.size} packages` },
  );
}

function requiredPackages({ tree, ignores }: Readings, files: readonly string[]): Packages {
  const found = new Map<string, { name: string; version: string | undefined; evidence: { file: string; line: number; says: string } }>();
  for (const file of files) {
    if (PIPFILE_LOCK.test(file)) {
      const locked = lockedByPipenv(tree, file);
      const open = locked?.find(({ local }) => local);
      if (!locked || open) return unknown(open ? `${file} takes ${open.name} from elsewhere than an index` : `${file} cannot be read`);
      for (const { name, version } of locked) found.set(name, { name, version, evidence: { file, line: 1, says: `locks ${name}` } });
      continue;
    }
    const closure = requirementsClosure(tree, file, ignores);
    if ('why' in closure) return unknown(closure.why, ...closure.evidence);
    const open = closure.local[0] ?? closure.unnamed[0];
    if (open) return unknown(`${open.text} does not say what it brings`, { file: open.file, line: open.line, says: open.text });
    const pins = new Map(closure.constraints.map((one) => [one.name, pinOf(one.spec)]));
    for (const one of closure.packages) {
      if (!found.has(one.name))
        found.set(one.name, {
          name: one.name,
          version: pinOf(one.spec) ?? pins.get(one.name),
          evidence: { file: one.file, line: one.line, says: `${one.name} ${one.spec}`.trim() },
        });
    }
  }
  return known([...found.values()], ...files.map((file) => ({ file, says: `${found.size} packages` })));
}

const pinOf = (spec: string): string | undefined => /^={2,3}\s*([\w.+!-]+)$/.exec(spec)?.[1];

/** A file for development or tests says little about production. */
const development = /(?:^|[/._-])(?:dev|develop|development|tests?|testing|lint|docs?|ci|local)(?:[/._-]|$)/i;
const maxRequirementsFiles = 60;

/** Requirement lines of the files named requirements*.txt or constraints*.txt, and of those in a directory requirements/. */
function askedFor(tree: FileTree, dir: string): ReadonlyMap<string, ClosurePackage[]> {
  const named = walk(tree, dir).filter(
    (entry) =>
      entry.kind === 'file' &&
      entry.name.endsWith('.txt') &&
      (/requirements|constraints/i.test(entry.name) || /(?:^|\/)requirements\/[^/]+$/i.test(entry.path)),
  );
  const production = new Map<string, ClosurePackage[]>();
  const others = new Map<string, ClosurePackage[]>();
  for (const entry of named.slice(0, maxRequirementsFiles)) {
    const read = tree.read(entry.path);
    const into = development.test(entry.path) ? others : production;
    for (const line of read.kind === 'text' ? (readRequirements(read.text) ?? []) : []) {
      if (line.kind === 'option' && line.name === '--no-binary') {
        const names = (line.value ?? '').split(',', 50).map((name) => ({
          name: name.trim() === ':all:' ? ':all:' : normalName(name.trim()),
          spec: '',
          extras: [],
          url: undefined,
          file: entry.path,
          line: line.line,
        }));
        into.set('--no-binary', [...(into.get('--no-binary') ?? []), ...names].slice(0, 500));
      }
      if (line.kind !== 'package' || (line.marker !== undefined && markerHolds(line.marker) === false)) continue;
      const same = into.get(line.name) ?? [];
      if (same.length < 20)
        same.push({ name: line.name, spec: line.spec, extras: line.extras, url: line.url, file: entry.path, line: line.line });
      into.set(line.name, same);
    }
  }
  return new Map([...others, ...production]);
}

function compiles(
  readings: Readings,
  name: string,
  version: string | undefined,
  target: { machines?: readonly string[]; glibcMinor?: number },
  also: { spec: string; file: string } | undefined,
): Fact<boolean> {
  const listed = readings.asked().get(name) ?? [];
  // what is asked for twice is what the narrower one says, and a file that nobody installs from says nothing against it
  const asked = also === undefined ? listed : [...listed, { name, extras: [], url: undefined, line: 1, ...also }];
  const forced = forcedBuild(readings, name);
  if (forced && !isPure(name)) return known(true, { file: forced.file, line: forced.line, says: `--no-binary ${forced.name}` });
  for (const lock of readings.locks()) {
    const entries = lock.byName.get(name);
    // A requirements file that pins another version is not made from this lock.
    const agrees = asked.every((one) => pinOf(one.spec) === undefined || entries?.some((entry) => entry.version === pinOf(one.spec)));
    if (entries !== undefined && agrees) return compilesByLock(name, entries, lock.path, version, target);
  }
  return compilesByTable(name, asked, version);
}

/** `--no-binary` of a requirements file that takes in a package. */
const forcedBuild = ({ asked }: Readings, name: string): ClosurePackage | undefined =>
  asked()
    .get('--no-binary')
    ?.find((one) => one.name === name || one.name === ':all:');

function systemNeeds(readings: Readings, name: string, suite: string | undefined): ReturnType<PythonProject['systemNeeds']> {
  if (name === 'psycopg' && bringsBinaryPsycopg(readings)) return { debian: [] };
  const row = needRow(name);
  if (row && (row.compiles || !forcedBuild(readings, name))) return packagesFor(row, suite);
  if (!isPure(name) && forcedBuild(readings, name)) return undefined;
  return isPure(name) || native().get(name)?.selfContained ? { debian: [] } : undefined;
}

/** psycopg[binary] carries its own libpq. */
function bringsBinaryPsycopg({ asked, locks }: Readings): boolean {
  return (
    locks().some((lock) => lock.byName.has('psycopg-binary')) ||
    asked().has('psycopg-binary') ||
    (asked().get('psycopg') ?? []).some((one) => one.extras.includes('binary'))
  );
}
