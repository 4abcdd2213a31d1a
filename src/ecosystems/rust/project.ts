// Room: ecosystems/rust. A Cargo package (or workspace) of the context, read from its files; sources are read when they are first asked for.
import { gitIgnores } from '../../context/git-ignore.ts';
import { joinPath, parentOf } from '../../context/paths.ts';
import type { Entry, FileRead, FileTree } from '../../context/types.ts';
import { walk } from '../../context/walk.ts';
import { known, unknown, type Fact } from '../../facts/types.ts';
import { oncePer } from '../../once.ts';
import { namesLeftOut } from '../left-out.ts';
import type { Manifests, SourceHit } from '../types.ts';
import { unreadFile, unreadHits, type Unread } from '../unread.ts';
import { pathsOfScript } from './build-paths.ts';
import { rustHits, type RustFile } from './hits.ts';
import { lexRust } from './lexer.ts';
import { certificateReaders, systemLibraries } from './libraries.ts';
import { linkedCrates, readLock, type CargoLock, type LockedCrate } from './lock.ts';
import { withoutUnasked } from './optional.ts';
import { readToml, string, strings, table } from './toml.ts';
import type { RustProject } from './types.ts';
import { binsOf, dependenciesOf, readWorkspace, type Workspace } from './workspace.ts';

/** The package or workspace whose Cargo.toml is in `dir` ('' for the root). `ignores` tells which paths the build does not see. Undefined when there is no readable manifest. */
export function rustProject(tree: FileTree, dir: string, ignores: (path: string) => boolean = () => false): RustProject | undefined {
  const manifestPath = joinPath(dir, 'Cargo.toml');
  if (manifestPath === undefined || ignores(manifestPath)) return undefined;
  const workspace = readWorkspace(tree, dir);
  if (!workspace) return undefined;
  const visible = (path: string | undefined): path is string => path !== undefined && tree.stat(path)?.kind === 'file' && !ignores(path);
  const lockPath = joinPath(workspace.root, 'Cargo.lock');
  const lock = once(() => {
    const read = visible(lockPath) ? readLock(tree, lockPath) : undefined;
    return read && withoutUnasked(read, workspace);
  });
  const linked = once(() => linkedOf(lock(), workspace));
  const config = configOf(tree, dir, workspace.root, visible);
  const read = once(() => filesOf(tree, workspace, ignores));
  const hits = once(() => [...hitsOf(tree, workspace, read().files), ...read().unread.flatMap(unreadHits)]);
  const own = workspace.own;
  return {
    dir,
    manifestPath,
    package: own?.name,
    workspaceMembers: workspace.members,
    hasLock: visible(lockPath),
    get bins() {
      return [...new Set(workspace.packages.flatMap((p) => binsOf(tree, p)))];
    },
    get binPackages() {
      return new Map(workspace.packages.toReversed().flatMap((p) => binsOf(tree, p).map((bin) => [bin, p.name ?? ''] as const)));
    },
    defaultRun: string(table(own?.manifest, 'package'), 'default-run'),
    targetDir: config.targetDir,
    buildTarget: config.target,
    crates: () => cratesOf(lock()),
    systemLibraries() {
      const locked = lock();
      const dependencies = workspace.packages.flatMap((p) => dependenciesOf(p, workspace.rootManifest));
      if (locked) return systemLibraries(linked(), locked, dependencies);
      const first = dependencies.find((d) => d.kind === 'normal' && d.path === undefined);
      return first
        ? [
            {
              crate: 'A crate that no Cargo.lock names',
              debian: [],
              skip: 'rust-sys-dynamic',
              evidence: { file: manifestPath, says: `depends on ${first.name}, and there is no Cargo.lock` },
            },
          ]
        : [];
    },
    systemCertificates: () => certificatesOf(lock(), linked(), workspace, manifestPath),
    hits,
    sources: () => read().files.map(({ path }) => path),
    manifests: () => manifestsOf(tree, workspace, visible),
  };
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

/** What the binaries are made of; the whole lock where the packages cannot be found in it. */
function linkedOf(lock: CargoLock | undefined, workspace: Workspace): LockedCrate[] {
  if (!lock) return [];
  const found = linkedCrates(lock, workspace.packages, workspace.rootManifest);
  return found.length > 0 ? found : lock.crates;
}

function cratesOf(lock: CargoLock | undefined): Fact<ReadonlyMap<string, string>> {
  if (!lock) return unknown('there is no Cargo.lock that can be read');
  return known(new Map(lock.crates.map((crate) => [crate.name, crate.version])), {
    file: lock.path,
    says: `${lock.crates.length} locked crates`,
  });
}

function certificatesOf(
  lock: CargoLock | undefined,
  linked: readonly LockedCrate[],
  workspace: Workspace,
  manifest: string,
): Fact<boolean> {
  // std speaks no TLS
  const alone = workspace.packages.every((p) => dependenciesOf(p, workspace.rootManifest).every((d) => d.kind !== 'normal'));
  if (!lock && workspace.packages.length > 0 && alone) return known(false, { file: manifest, says: 'no dependencies' });
  if (!lock) return unknown('there is no Cargo.lock that can be read', { file: manifest, says: 'a Cargo package' });
  const reader = certificateReaders.find((name) => linked.some((crate) => crate.name === name));
  if (reader === undefined) return known(false, { file: lock.path, says: 'no locked crate reads the system certificates' });
  return known(true, { file: lock.path, line: lock.lineOf(reader), says: `${reader} reads the system certificates` });
}

/**
 * Settings of .cargo/config.toml, from the directory upwards; the nearest wins.
 * Source: https://doc.rust-lang.org/cargo/reference/config.html: relative paths count from the directory that holds `.cargo`.
 */
function configOf(
  tree: FileTree,
  dir: string,
  root: string,
  visible: (path: string | undefined) => path is string,
): { targetDir: string | undefined; target: string | undefined } {
  let [targetDir, target]: (string | undefined)[] = [];
  for (let at = dir; ; at = parentOf(at)) {
    const path = [joinPath(at, '.cargo/config.toml'), joinPath(at, '.cargo/config')].find(visible);
    const build = path === undefined ? undefined : table(readToml(tree, path), 'build');
    const written = string(build, 'target-dir');
    targetDir ??= written === undefined ? undefined : written.startsWith('/') ? written : relative(dir, joinPath(at, written));
    target ??= string(build, 'target') ?? (strings(build, 'target').length === 1 ? strings(build, 'target')[0] : undefined);
    if (at === '') break;
  }
  // Output of a workspace lies below its root, also when cargo runs in a member.
  if (targetDir === undefined && root !== dir) targetDir = relative(dir, joinPath(root, 'target'));
  return { targetDir, target };
}

/** The path of `to` as seen from `from` (both in the context). */
function relative(from: string, to: string | undefined): string | undefined {
  if (to === undefined) return undefined;
  const [a, b] = [from === '' ? [] : from.split('/'), to === '' ? [] : to.split('/')];
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('/') || '.';
}

/** Bytes of sources that are read at most. */
const maxBytes = 64 * 1024 * 1024;

/** A file is lexed once, whoever asks. */
const lexedIn = oncePer(({ text }: FileRead & { kind: 'text' }) => lexRust(text));

function filesOf(tree: FileTree, workspace: Workspace, ignores: (path: string) => boolean): { files: RustFile[]; unread: Unread[] } {
  const unread: Unread[] = [];
  const files = new Map<string, RustFile>();
  let bytes = 0;
  // a package may lie in another one, whose walk comes by
  const roots = new Set(workspace.packages.map(({ dir }) => dir));
  for (const dir of roots)
    for (const entry of walk(tree, dir, { skip: noSources(roots) })) {
      if (
        entry.kind !== 'file' ||
        !entry.name.endsWith('.rs') ||
        (entry.name === 'build.rs' && roots.has(parentOf(entry.path))) ||
        files.has(entry.path) ||
        ignores(entry.path)
      )
        continue;
      bytes += entry.size;
      const read = bytes > maxBytes ? undefined : tree.read(entry.path);
      if (read?.kind === 'text') files.set(entry.path, { path: entry.path, lexed: lexedIn(read) });
      else unread.push(unreadFile(entry.path, read?.kind ?? 'one of too many'));
    }
  return { files: [...files.values()], unread };
}

function hitsOf(tree: FileTree, workspace: Workspace, files: readonly RustFile[]): SourceHit[] {
  const base = workspace.own?.dir ?? workspace.root;
  const ignored = gitIgnores(tree);
  const exists = (path: string): 'file' | 'dir' | undefined => {
    const at = joinPath(base, path);
    const kind = at === undefined || at === '' ? undefined : tree.stat(at)?.kind;
    if (kind === 'file' || kind === 'dir') return kind;
    return namesLeftOut(path, (name) => ignored(joinPath(base, name) ?? '')) ? 'file' : undefined;
  };
  const seen = (path: string): string => relative(base, path)?.replace(/^\.$/, '') ?? '';
  const crates = workspace.packages
    .map(({ dir, manifest }) => {
      const script = tree.read(joinPath(dir, string(table(manifest, 'package'), 'build') ?? 'build.rs') ?? '');
      return { dir, paths: pathsOfScript(script.kind === 'text' ? script.text : '') };
    })
    .sort((a, b) => b.dir.length - a.dir.length);
  return rustHits(files, exists, (path) => {
    const own = crates.find(({ dir }) => dir === '' || path.startsWith(`${dir}/`)) ?? { dir: base, paths: pathsOfScript('') };
    return { crate: seen(own.dir), directory: seen(parentOf(path)), paths: own.paths };
  });
}

/** Tests, benchmarks and examples of a package are no part of its binaries. Source: https://doc.rust-lang.org/cargo/guide/project-layout.html. */
const noSources =
  (roots: ReadonlySet<string>) =>
  (entry: Entry): boolean => {
    if (entry.name.startsWith('.') || entry.name === 'target' || entry.name === 'node_modules' || entry.name === 'vendor') return true;
    return roots.has(parentOf(entry.path)) ? ['tests', 'benches', 'examples'].includes(entry.name) : false;
  };

/** Manifests of all packages, the lock, build scripts, configuration and toolchain; directories of path dependencies outside the workspace. */
function manifestsOf(tree: FileTree, workspace: Workspace, visible: (path: string | undefined) => path is string): Manifests {
  const files: string[] = [];
  const take = (base: string, names: string[]): void => {
    for (const name of names) {
      const path = joinPath(base, name);
      if (visible(path) && !files.includes(path)) files.push(path);
    }
  };
  take(workspace.root, ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', 'rust-toolchain', '.cargo/config.toml', '.cargo/config']);
  for (const { dir, manifest } of workspace.packages) take(dir, ['Cargo.toml', string(table(manifest, 'package'), 'build') ?? 'build.rs']);
  const dirs = new Set<string>();
  for (const owner of workspace.packages)
    for (const { name, path } of dependenciesOf(owner, workspace.rootManifest)) {
      if (path === undefined) continue;
      const target = path.startsWith('/') ? undefined : joinPath(owner.dir, path);
      if (target === undefined || tree.stat(target)?.kind !== 'dir')
        return {
          blocked: {
            skip: 'local-dependency',
            message: `${name} is a local path outside the build context`,
            evidence: [{ file: joinPath(owner.dir, 'Cargo.toml') ?? '', says: `path = "${path}"` }],
          },
        };
      if (!workspace.packages.some((p) => p.dir === target)) dirs.add(target);
    }
  return { set: { files, dirs: [...dirs].sort(), evidence: files.map((file) => ({ file, says: 'read by cargo fetch' })), scripts: false } };
}
