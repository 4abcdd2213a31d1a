// Room: ecosystems/go. A Go module (or workspace) of the context, read from its files; sources are read when they are first asked for.
import { unreadHits } from '../unread.ts';
import { gitIgnores } from '../../context/git-ignore.ts';
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import type { Evidence, Fact } from '../../facts/types.ts';
import { cgoFact, linksOnlyC, type CgoSources } from './cgo.ts';
import { namesLeftOut } from '../left-out.ts';
import { readInMemory } from './embedded.ts';
import { goHits } from './hits.ts';
import { goManifests } from './manifests.ts';
import { goAtLeast, readModFile, type ModFile } from './modfile.ts';
import { reachable, readMod, scanModules, type GoModule, type Modules } from './scan.ts';
import type { GoFile } from './source.ts';
import type { GoProject, GoScope } from './types.ts';

/**
 * The Go module in `dir` of the context ('' for the root); a directory with go.work alone counts too (then `modPath` is the go.work and `module` is '').
 * `ignores` tells which paths the build does not see. Undefined when there is neither file.
 */
export function goProject(tree: FileTree, dir: string, ignores: (path: string) => boolean = () => false): GoProject | undefined {
  return projectIn(tree, dir, ignores, undefined);
}

/** The Go files of a directory without go.mod: files named on the command line, or a package below GOPATH. Sources: `go help packages`, `go help gopath`. */
export function looseProject(tree: FileTree, dir: string, ignores: (path: string) => boolean = () => false): GoProject | undefined {
  const sources = (tree.list(dir) ?? []).some((entry) => entry.kind === 'file' && entry.name.endsWith('.go'));
  return sources || dir !== '' ? projectIn(tree, dir, ignores, readModFile('')) : undefined;
}

function projectIn(tree: FileTree, dir: string, ignores: (path: string) => boolean, loose: ModFile | undefined): GoProject | undefined {
  const visible = (path: string | undefined): path is string => path !== undefined && tree.stat(path)?.kind === 'file' && !ignores(path);
  const ownMod = joinPath(dir, 'go.mod');
  const workPath = workspaceFile(dir, visible);
  const work = workPath === undefined ? undefined : readMod(tree, workPath);
  const mod = visible(ownMod) ? readMod(tree, ownMod) : loose;
  if (!mod && !(work && workPath === joinPath(dir, 'go.work'))) return undefined;
  const modPath = loose && mod === loose ? dir : mod ? (ownMod as string) : (workPath as string);
  const modules = modulesOf(tree, dir, mod, work ? { path: workPath as string, file: work } : undefined);
  const vendor = vendorOf(tree, dir, mod, workPath, work, ignores);
  const scan = once(() => scanModules(tree, modules.found, ignores));
  const gaps = (): string[] => [...modules.gaps, ...scan().gaps, ...(loose ? unlisted(all()) : [])];
  const filesOf = (scope?: GoScope): readonly GoFile[] => {
    const tagged = scan().files.filter((file) => file.included(scope?.tags ?? []) !== false);
    return reachable(
      tagged,
      modules.found,
      scope?.mains?.flatMap((main) => joinPath(dir, main) ?? []),
    );
  };
  const all = once(() => filesOf());
  const cgoSources = (scope?: GoScope): CgoSources => ({ files: filesOf(scope), mod, modPath, vendored: vendor.packages, gaps: gaps() });
  const cgo = (scope?: GoScope): Fact<boolean> => cgoFact(cgoSources(scope));
  const everything = once(() => cgo());
  const ignored = gitIgnores(tree);
  const exists = (path: string): 'file' | 'dir' | undefined =>
    contextKind(tree, joinPath(dir, path)) ?? (namesLeftOut(path, (name) => ignored(joinPath(dir, name) ?? '')) ? 'file' : undefined);
  const unread = once(() => scan().gaps.flatMap((gap) => unreadHits({ file: dir, told: `${gap.charAt(0).toUpperCase()}${gap.slice(1)}` })));
  const allHits = once(() => [...goHits(all(), exists), ...unread()]);
  return {
    dir,
    modPath,
    module: mod?.module ?? '',
    goVersion: mod?.go ?? work?.go,
    hasSum: visible(joinPath(dir, mod ? 'go.sum' : 'go.work.sum')),
    vendored: vendor.used,
    workspace: work !== undefined,
    get mains() {
      return packagesOf(
        all().filter((file) => file.package === 'main'),
        dir,
      );
    },
    get packages() {
      return packagesOf(all(), dir);
    },
    localReplaces: modules.found.filter((m) => m.role === 'replaced').map((m) => m.dir),
    cgo: (scope) => (scope ? cgo(scope) : everything()),
    linksOnlyC: () => linksOnlyC(cgoSources()),
    get embeds() {
      return all().flatMap((file) =>
        file.embeds.map(({ pattern, line }) => ({ pattern, evidence: { file: file.path, line, says: `//go:embed ${pattern}` } })),
      );
    },
    get imports() {
      return importsOf(all());
    },
    inMemory: (path) => readInMemory(all(), path),
    sources: () => all().map((file) => file.path),
    hits: (scope) => (scope ? [...goHits(filesOf(scope), exists), ...unread()] : allHits()),
    buildInfo: (scope) => buildInfoOf(filesOf(scope)),
    manifests: () => goManifests({ tree, dir, mod, modPath, workPath, work, modules, vendor: vendor.used, visible }),
  };
}

/** Where the program reads its own build information (`vcs.revision` and others), which the absence of .git would empty. */
export function usesBuildInfo(project: GoProject, scope?: GoScope): Evidence[] {
  return project.buildInfo?.(scope) ?? [];
}

/** Without go.mod, what packages of others need in their turn is not written down. The standard library's paths have no dot in the first part. */
function unlisted(files: readonly GoFile[]): string[] {
  const other = files.flatMap((file) => file.imports).find(({ path }) => path.split('/')[0]?.includes('.') === true);
  return other ? [`there is no go.mod that lists what ${other.path} needs`] : [];
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

/** go.work in the directory or above it. Source: https://go.dev/ref/mod#workspaces. */
function workspaceFile(dir: string, visible: (path: string | undefined) => path is string): string | undefined {
  for (let at = dir; ; at = parentOf(at)) {
    const path = joinPath(at, 'go.work');
    if (visible(path)) return path;
    if (at === '') return undefined;
  }
}

function modulesOf(tree: FileTree, dir: string, mod: ModFile | undefined, work: { path: string; file: ModFile } | undefined): Modules {
  const modules: Modules = { found: mod ? [{ dir, mod, role: 'main' }] : [], missing: [], gaps: [] };
  const add = (base: string, written: string, role: GoModule['role'], evidence: Evidence): void => {
    const target = written.startsWith('/') ? undefined : joinPath(base, written);
    const read = target === undefined ? undefined : readMod(tree, joinPath(target, 'go.mod') ?? '');
    if (target === undefined || !read) {
      modules.missing.push({ name: written, evidence });
      modules.gaps.push(`the module directory ${written} is not in the build context`);
    } else if (!modules.found.some((m) => m.dir === target)) modules.found.push({ dir: target, mod: read, role });
  };
  const base = work ? parentOf(work.path) : '';
  for (const use of work?.file.uses ?? [])
    add(base, use.dir, 'workspace', { file: work?.path ?? '', line: use.line, says: `use ${use.dir}` });
  // A workspace applies the replacements of every module that it uses.
  const owners = [
    ...modules.found.map((m) => ({ dir: m.dir, mod: m.mod, path: joinPath(m.dir, 'go.mod') ?? '' })),
    ...(work ? [{ dir: base, mod: work.file, path: work.path }] : []),
  ];
  for (const owner of owners)
    for (const { new: target, old, local, line } of owner.mod.replaces)
      if (local) add(owner.dir, target, 'replaced', { file: owner.path, line, says: `replace ${old} => ${target}` });
  return modules;
}

interface Vendor {
  used: boolean;
  packages: { path: string; package: string; line: number }[] | undefined;
}

/** Source: https://go.dev/ref/mod#vendoring: used by default when vendor/ is there and go.mod says go 1.14 or later (go.work: 1.22). */
function vendorOf(
  tree: FileTree,
  dir: string,
  mod: ModFile | undefined,
  workPath: string | undefined,
  work: ModFile | undefined,
  ignores: (path: string) => boolean,
): Vendor {
  const none: Vendor = { used: false, packages: undefined };
  const directory = joinPath(workPath === undefined ? dir : parentOf(workPath), 'vendor');
  const list = joinPath(directory ?? '', 'modules.txt');
  const version = work ? (work.go ?? '') : (mod?.go ?? '');
  if (directory === undefined || list === undefined || tree.stat(directory)?.kind !== 'dir' || ignores(list)) return none;
  if (!(work ? goAtLeast(version, 1, 22) : goAtLeast(version, 1, 14))) return none;
  const read = tree.read(list);
  if (read.kind !== 'text') return { used: read.kind !== 'absent', packages: undefined };
  const packages = read.text.split('\n').map((line, index) => ({ path: list, package: line.trim(), line: index + 1 }));
  return { used: true, packages: packages.filter((p) => p.package !== '' && !p.package.startsWith('#')) };
}

/** Directories of packages, as seen from the module. */
function packagesOf(files: readonly GoFile[], dir: string): string[] {
  const prefix = dir === '' ? '' : `${dir}/`;
  const dirs = files.filter((f) => f.dir === dir || f.dir.startsWith(prefix)).map((f) => (f.dir === dir ? '' : f.dir.slice(prefix.length)));
  return [...new Set(dirs)].sort();
}

function importsOf(files: readonly GoFile[]): Map<string, Evidence> {
  const imports = new Map<string, Evidence>();
  for (const file of files)
    for (const { path, line } of file.imports)
      if (!imports.has(path)) imports.set(path, { file: file.path, line, says: `imports ${path}` });
  return imports;
}

function buildInfoOf(files: readonly GoFile[]): Evidence[] {
  return files.flatMap((file) => {
    const { code, lineAt } = file.lexed;
    if (!file.imports.some((i) => i.path === 'runtime/debug')) return [];
    return [...code.matchAll(/\.ReadBuildInfo(?=\s{0,8}\()/g)].map((found) => ({
      file: file.path,
      line: lineAt(found.index),
      says: 'debug.ReadBuildInfo',
    }));
  });
}

function contextKind(tree: FileTree, path: string | undefined): 'file' | 'dir' | undefined {
  const kind = path === undefined || path === '' ? undefined : tree.stat(path)?.kind;
  return kind === 'file' || kind === 'dir' ? kind : undefined;
}
