// Room: ecosystems/node. A Node project as facts: package.json, its lock, its sources, each read once and when asked.
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { unknown, type Fact } from '../../facts/types.ts';
import { once } from '../../once.ts';
import { cacheSetting, linkerOf, npmrc, yarnOf } from './config.ts';
import { devImports } from './dev-imports.ts';
import { toldBySources } from './drawn-text.ts';
import { envFileHits } from './env-file-scripts.ts';
import { fields, jsonIn, keyLines, stringFields, textOf } from './json.ts';
import { lifecycleNames } from './lifecycle.ts';
import { lockInSync } from './lock-sync.ts';
import { lockReader } from './lock-reader.ts';
import { manifestSet } from './manifests.ts';
import { scriptOutputs, textOutputs } from './outputs.ts';
import { binOf, installScriptPackages, nativePackages, systemNeeds, untoldLibraries } from './packages.ts';
import { scanSources } from './scan.ts';
import { readSources } from './sources.ts';
import type { NodeProject, NodeScript } from './types.ts';
import { memberDirs, workspaceGlobs } from './workspaces.ts';

/** Lock files by manager, the one that is read first. */
const lockNames: readonly (readonly [manager: string, name: string])[] = [
  ['npm', 'npm-shrinkwrap.json'],
  ['npm', 'package-lock.json'],
  ['yarn', 'yarn.lock'],
  ['pnpm', 'pnpm-lock.yaml'],
  ['bun', 'bun.lock'],
  ['bun', 'bun.lockb'],
];

/**
 * The project whose package.json stands in the context directory `dir` ('' for the root); undefined when there is none.
 * @param ignores what the ignore file hides: such files are not in the image, so that they are not listed and not scanned.
 */
export function nodeProject(tree: FileTree, dir: string, ignores: (path: string) => boolean = () => false): NodeProject | undefined {
  const manifestPath = joinPath(dir, 'package.json');
  if (manifestPath === undefined) return undefined;
  const read = tree.read(manifestPath);
  if (read.kind === 'absent') return undefined;
  const text = read.kind === 'text' ? read.text : '';
  const parsed = read.kind === 'text' ? jsonIn(read) : { broken: read.kind === 'unreadable' ? read.why : `is ${read.kind}` };
  const isObject = 'value' in parsed && typeof parsed.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value);
  const broken = 'broken' in parsed ? `${manifestPath}: ${parsed.broken}` : isObject ? undefined : `${manifestPath} is no JSON object`;
  return readProject({ tree, dir, ignores, manifestPath, text, manifest: fields('value' in parsed ? parsed.value : undefined), broken });
}

/** The sources of a directory without a package.json. */
export function bareNodeProject(tree: FileTree, dir: string, ignores: (path: string) => boolean = () => false): NodeProject | undefined {
  const manifestPath = joinPath(dir, 'package.json');
  if (manifestPath === undefined || tree.stat(manifestPath) !== undefined) return undefined;
  return readProject({ tree, dir, ignores, manifestPath, text: '', manifest: fields(undefined), broken: undefined });
}

interface Given {
  tree: FileTree;
  dir: string;
  ignores: (path: string) => boolean;
  manifestPath: string;
  text: string;
  manifest: ReadonlyMap<string, unknown>;
  broken: string | undefined;
}

function readProject(given: Given): NodeProject {
  const { tree, dir, ignores, manifest, manifestPath, broken } = given;
  const basics = readBasics(given);
  const globs = workspaceGlobs(tree, dir, manifest);
  const members = once(() => (globs === undefined ? [] : memberDirs(tree, dir, globs)));
  const locks = lockReader(tree, basics.lockfiles, () => wantedRanges(tree, manifest, members()));
  const sources = once(() => readSources(tree, dir, ignores));
  const yarn = yarnOf(tree, dir, basics.packageManager);
  const ask = <T>(answer: () => Fact<T>): Fact<T> => (broken === undefined ? answer() : unknown(broken));
  const at = { file: manifestPath };
  return {
    ...basics,
    ...(broken === undefined ? {} : { broken }),
    ...(yarn === undefined ? {} : { yarn }),
    ...optional('linker', linkerOf(tree, dir, yarn)),
    workspaces: globs,
    get members() {
      const dirs = members();
      return globs === undefined || 'unresolved' in dirs ? undefined : dirs;
    },
    lockInSync: () => ask(() => lockInSync(tree, manifest, manifestPath, basics.lockfiles)),
    nativePackages: () => ask(() => nativePackages(basics, locks)),
    installScriptPackages: () => ask(() => installScriptPackages(locks)),
    untoldLibraries: once(() => untoldLibraries(basics, locks)),
    systemNeeds: once(() => toldBySources(systemNeeds(tree, dir, basics, locks), sources().files)),
    bin: (name) => ask(() => binOf(name, basics, locks)),
    manifests: (manager, lifecycle = 'run') =>
      broken === undefined
        ? manifestSet({ tree, dir, manager, ignores, manifest, globs, yarn, lifecycle })
        : { blocked: { skip: 'manifest-missing', message: broken, evidence: [{ file: manifestPath, says: broken }] } },
    outputs: (script) =>
      ask(() =>
        scriptOutputs(tree, dir, script, {
          ...at,
          line: basics.lineOf('scripts', script),
          says: `${script}: ${basics.scripts.get(script)?.text.slice(0, 200) ?? 'is not there'}`,
        }),
      ),
    outputsOf: (shell) => ask(() => textOutputs(tree, dir, shell, { file: 'Dockerfile', says: `runs ${shell.slice(0, 200)}` })),
    devImports: once(() => (broken === undefined ? devImports({ ...basics, tree }, sources().files) : [])),
    sources: () => sources().files.map((file) => file.path),
    hits: once(() => [...scanSources(tree, dir, sources()), ...envFileHits(basics.scripts.values(), manifestPath)]),
    cacheSetting: (manager) => cacheSetting(tree, dir, manager),
  };
}

const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]: V });

type Basics = Pick<
  NodeProject,
  | 'dir'
  | 'manifestPath'
  | 'name'
  | 'type'
  | 'main'
  | 'scripts'
  | 'dependencies'
  | 'devDependencies'
  | 'optionalDependencies'
  | 'packageManager'
  | 'lockfiles'
  | 'lifecycle'
  | 'lineOf'
  | 'bindingGyp'
>;

function readBasics({ tree, dir, manifestPath, text, manifest, ignores }: Given): Basics {
  const lines = once(() => keyLines(text));
  const lineOf = (section: string, key?: string): number | undefined => lines().get(key === undefined ? section : `${section}\0${key}`);
  const scripts = new Map<string, NodeScript>(
    [...stringFields(manifest.get('scripts'))].map(([name, script]) => [name, { name, text: script, line: lineOf('scripts', name) ?? 1 }]),
  );
  const silent = npmrc(tree, dir).get('ignore-scripts')?.value === 'true';
  const gyp = joinPath(dir, 'binding.gyp') ?? '';
  return {
    dir,
    manifestPath,
    name: textOf(manifest.get('name')),
    type: manifest.get('type') === 'module' ? 'module' : 'commonjs',
    main: textOf(manifest.get('main')),
    scripts,
    dependencies: stringFields(manifest.get('dependencies')),
    devDependencies: stringFields(manifest.get('devDependencies')),
    optionalDependencies: stringFields(manifest.get('optionalDependencies')),
    packageManager: textOf(manifest.get('packageManager')),
    lockfiles: lockfilesOf(tree, dir),
    lifecycle: silent ? [] : lifecycleNames.flatMap((name) => scripts.get(name) ?? []),
    lineOf,
    bindingGyp: tree.stat(gyp)?.kind === 'file' && !ignores(gyp),
  };
}

/** Locks beside package.json; for a member of a workspace, else those of the workspace's root. */
function lockfilesOf(tree: FileTree, dir: string): { manager: string; path: string }[] {
  for (let at = dir; ; at = parentOf(at)) {
    const found = lockNames
      .map(([manager, name]) => ({ manager, path: joinPath(at, name) ?? name }))
      .filter(({ path }) => tree.stat(path)?.kind === 'file');
    if (at === dir ? found.length > 0 : isWorkspaceRoot(tree, at, dir)) return found;
    if (at === '') return [];
  }
}

function isWorkspaceRoot(tree: FileTree, root: string, member: string): boolean {
  const read = tree.read(joinPath(root, 'package.json') ?? '');
  const parsed = read.kind === 'text' ? jsonIn(read) : { broken: '' };
  const globs = 'value' in parsed ? workspaceGlobs(tree, root, fields(parsed.value)) : undefined;
  const dirs = globs === undefined ? [] : memberDirs(tree, root, globs);
  return Array.isArray(dirs) && dirs.includes(member);
}

/** Production ranges of the project and of its workspace's packages. */
function wantedRanges(
  tree: FileTree,
  manifest: ReadonlyMap<string, unknown>,
  members: string[] | { unresolved: string },
): ReadonlyMap<string, string>[] {
  const manifests = [manifest];
  for (const member of Array.isArray(members) ? members : []) {
    const read = tree.read(`${member}/package.json`);
    const parsed = read.kind === 'text' ? jsonIn(read) : { broken: '' };
    if ('value' in parsed) manifests.push(fields(parsed.value));
  }
  return manifests.flatMap((one) => [stringFields(one.get('dependencies')), stringFields(one.get('optionalDependencies'))]);
}
