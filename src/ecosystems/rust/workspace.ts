// Room: ecosystems/rust. Which packages a Cargo.toml stands for: the package itself, the workspace's members, and the root above.
// Source: https://doc.rust-lang.org/cargo/reference/workspaces.html.
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { has, isTable, readToml, string, strings, table, tables, flag, type Table } from './toml.ts';

export interface CargoPackage {
  /** Directory in the context. */
  dir: string;
  manifest: Table;
  name: string | undefined;
}
export interface Workspace {
  /** Directory of the workspace's root manifest (of the package itself when there is no workspace). */
  root: string;
  rootManifest: Table;
  /** The package asked for, when the manifest has one. */
  own: CargoPackage | undefined;
  /** All packages, the own one first. */
  packages: CargoPackage[];
  /** Of [workspace] members, resolved; undefined without a workspace. */
  members: string[] | undefined;
}

const maxMembers = 500;

/** Reads the workspace that the manifest in `dir` belongs to; undefined when there is no readable Cargo.toml. */
export function readWorkspace(tree: FileTree, dir: string): Workspace | undefined {
  const manifest = readToml(tree, joinPath(dir, 'Cargo.toml') ?? '');
  if (!manifest) return undefined;
  const own = has(manifest, 'package') ? { dir, manifest, name: string(table(manifest, 'package'), 'name') } : undefined;
  const above = has(manifest, 'workspace')
    ? { root: dir, manifest }
    : rootAbove(tree, dir, string(table(manifest, 'package'), 'workspace'));
  const members = above && memberDirs(tree, above.root, table(above.manifest, 'workspace'));
  const packages: CargoPackage[] = own ? [own] : [];
  for (const member of [...(above ? [above.root] : []), ...(members ?? [])]) {
    const found = member === dir ? undefined : readToml(tree, joinPath(member, 'Cargo.toml') ?? '');
    if (found && has(found, 'package')) packages.push({ dir: member, manifest: found, name: string(table(found, 'package'), 'name') });
  }
  return { root: above?.root ?? dir, rootManifest: above?.manifest ?? manifest, own, packages, members };
}

/** The nearest workspace above that has `dir` among its members. */
function rootAbove(tree: FileTree, dir: string, named: string | undefined): { root: string; manifest: Table } | undefined {
  const candidates: string[] = [];
  const given = named === undefined ? undefined : joinPath(dir, named);
  if (given !== undefined) candidates.push(given);
  for (let at = dir; at !== ''; at = parentOf(at)) candidates.push(parentOf(at));
  for (const root of candidates) {
    const manifest = root === dir ? undefined : readToml(tree, joinPath(root, 'Cargo.toml') ?? '');
    if (manifest && has(manifest, 'workspace') && memberDirs(tree, root, table(manifest, 'workspace')).includes(dir))
      return { root, manifest };
  }
  return undefined;
}

function memberDirs(tree: FileTree, root: string, workspace: Table): string[] {
  const excluded = strings(workspace, 'exclude').flatMap((path) => joinPath(root, path) ?? []);
  const found = new Set<string>();
  for (const pattern of strings(workspace, 'members').slice(0, maxMembers))
    for (const dir of matching(tree, root, pattern)) {
      if (found.size >= maxMembers) break;
      if (tree.stat(joinPath(dir, 'Cargo.toml') ?? '')?.kind === 'file' && !excluded.some((e) => dir === e || dir.startsWith(`${e}/`)))
        found.add(dir);
    }
  return [...found].sort();
}

/** Directories that match a member pattern; `*` and `?` within one path element, as people write them. */
function matching(tree: FileTree, root: string, pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return [joinPath(root, pattern) ?? []].flat();
  let dirs = [root];
  for (const part of pattern.split('/').filter((p) => p !== '' && p !== '.')) {
    if (/[*?]/.test(part)) {
      const matches = globPart(part);
      dirs = dirs
        .flatMap((dir) => (tree.list(dir) ?? []).filter((e) => e.kind === 'dir' && matches(e.name)).map((e) => e.path))
        .slice(0, maxMembers);
    } else dirs = dirs.flatMap((dir) => joinPath(dir, part) ?? []);
  }
  return dirs;
}

/** One path element with `*` and `?`, matched without backtracking. */
function globPart(pattern: string): (name: string) => boolean {
  return (name) => {
    let [p, n, star, mark] = [0, 0, -1, 0];
    while (n < name.length) {
      if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n]) && pattern[p] !== '*') [p, n] = [p + 1, n + 1];
      else if (pattern[p] === '*') [star, mark, p] = [p, n, p + 1];
      else if (star >= 0) [p, mark, n] = [star + 1, mark + 1, mark + 1];
      else return false;
    }
    while (pattern[p] === '*') p++;
    return p === pattern.length;
  };
}

/**
 * Names of the binaries that a package makes.
 * Source: https://doc.rust-lang.org/cargo/reference/cargo-targets.html#binaries: listed ones, and found ones unless `autobins = false`.
 */
export function binsOf(tree: FileTree, { dir, manifest, name }: CargoPackage): string[] {
  const listed = tables(manifest, 'bin').map((bin) => ({ name: string(bin, 'name'), path: string(bin, 'path') }));
  const names = listed.flatMap((bin) => bin.name ?? []);
  const paths = new Set(listed.flatMap((bin) => (bin.path === undefined ? [] : (joinPath(dir, bin.path) ?? []))));
  if (flag(table(manifest, 'package'), 'autobins') === false) return names;
  const add = (found: string, path: string): void => {
    if (!names.includes(found) && !paths.has(path) && tree.stat(path)?.kind === 'file') names.push(found);
  };
  if (name !== undefined) add(name, joinPath(dir, 'src/main.rs') ?? '');
  for (const entry of tree.list(joinPath(dir, 'src/bin') ?? '') ?? []) {
    if (entry.kind === 'file' && entry.name.endsWith('.rs')) add(entry.name.slice(0, -3), entry.path);
    else if (entry.kind === 'dir') add(entry.name, `${entry.path}/main.rs`);
  }
  return names;
}

export interface Dependency {
  /** The package's name (`package = "…"` resolved). */
  name: string;
  kind: 'normal' | 'build' | 'dev';
  features: string[];
  path: string | undefined;
}

/** Dependencies of a package, those for other systems than Linux left out. `root`: the workspace's manifest, for `workspace = true`. */
export function dependenciesOf({ manifest }: CargoPackage, root: Table): Dependency[] {
  const targets = Object.entries(table(manifest, 'target'))
    .filter(([name]) => !otherSystem(name))
    .map(([, value]) => value);
  return [manifest, ...targets].flatMap((part) =>
    (['dependencies', 'build-dependencies', 'dev-dependencies'] as const).flatMap((section) =>
      Object.entries(table(part, section)).map(([key, value]) => {
        const inherited = isTable(value) && flag(value, 'workspace') === true ? table(root, 'workspace', 'dependencies')[key] : undefined;
        const kind = section === 'dependencies' ? 'normal' : section === 'build-dependencies' ? 'build' : 'dev';
        return {
          name: string(value, 'package') ?? string(inherited, 'package') ?? key,
          kind,
          features: [...strings(value, 'features'), ...strings(inherited, 'features')],
          path: string(value, 'path'),
        } as const;
      }),
    ),
  );
}
const otherSystem = (target: string): boolean =>
  /^(?:cfg\(\s*(?:windows|target_os\s*=\s*"(?:windows|macos|ios|android|freebsd|openbsd|netbsd)"|target_vendor\s*=\s*"apple"|target_(?:arch|family)\s*=\s*"wasm(?:32)?")\s*\)|[\w.-]*-(?:windows|apple)-[\w.-]*|wasm32-[\w.-]*)$/.test(
    target,
  );
