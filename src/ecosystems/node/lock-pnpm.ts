// Room: ecosystems/node. pnpm-lock.yaml: lockfileVersion 5 and 6 (flags stand in it) and 9 (production is what the importers reach).
// Source: https://github.com/pnpm/spec/tree/master/lockfile
import { buildsNative } from './known-packages.ts';
import { flowList, indentedLines, type IndentedLine } from './indented.ts';
import { reached, type Lock, type LockedPackage } from './lock.ts';

interface Node {
  dependencies: Set<string>;
  native?: true;
}

/** Reads the lock. Names of programs are not in it (`hasBin` only). */
export function readPnpmLock(path: string, text: string): Lock | { broken: string } {
  const lines = indentedLines(text);
  const version = lines.find((line) => line.path.length === 1 && line.path[0] === 'lockfileVersion')?.value;
  if (version === undefined) return { broken: 'has no lockfileVersion' };
  const major = Number.parseInt(version, 10);
  if (!(major >= 5 && major <= 9)) return { broken: `has lockfileVersion ${version.slice(0, 20)}` };
  const packages = new Map<string, LockedPackage>();
  const inPackages = lines.filter((line) => line.path[0] === 'packages' && line.path.length >= 2);
  for (const line of inPackages) takeLine(packages, line, major);
  if (major >= 9) markDevelopment(packages, lines);
  // pnpm up to 8 says it of every optional package that it has not fetched: one that is published for each processor holds a binary.
  // Source: pnpm 8, pkg-manager/resolve-dependencies, requiresBuild
  for (const one of packages.values()) if (one.installScript === true && one.cpu.length > 0) one.installScript = false;
  return { manager: 'pnpm', path, packages: [...packages.values()] };
}

function takeLine(packages: Map<string, LockedPackage>, line: IndentedLine, major: number): void {
  const key = line.path[1] ?? '';
  const known = packages.get(key) ?? packageOf(key, major);
  packages.set(key, known);
  const field = line.path.length === 3 || (line.item && line.path.length === 2) ? line.path[2] : undefined;
  if (field === 'dev') known.dev = line.value === 'true';
  else if (field === 'requiresBuild') known.installScript = line.value === 'true';
  else if (field === 'os' || field === 'cpu' || field === 'libc') known[field].push(...(line.item ? [line.value] : flowList(line.value)));
}

/** `/name/1.0.0_peer` (5), `/name@1.0.0(peer)` (6), `name@1.0.0` (9). */
function packageOf(key: string, major: number): LockedPackage {
  const bare = key.replace(/^\//, '').replace(/\(.*$/s, '');
  const at = major === 5 && key.startsWith('/') ? bare.lastIndexOf('/') : bare.indexOf('@', 1);
  const name = at > 0 ? bare.slice(0, at) : bare;
  const version = at > 0 ? bare.slice(at + 1) : undefined;
  // Up to version 6 an absent flag is a "no"; version 9 does not record scripts at all.
  return {
    name,
    version,
    dev: undefined,
    installScript: major >= 9 ? undefined : false,
    os: [],
    cpu: [],
    libc: [],
    bins: undefined,
    top: false,
  };
}

function markDevelopment(packages: ReadonlyMap<string, LockedPackage>, lines: readonly IndentedLine[]): void {
  const nodes = new Map<string, Node>();
  const start = new Set<string>();
  for (const line of lines) {
    const [section, key = '', kind = '', name = ''] = line.path;
    if (section === 'snapshots') {
      const node: Node = nodes.get(key) ?? { dependencies: new Set() };
      nodes.set(key, node);
      if (line.path.length === 4 && (kind === 'dependencies' || kind === 'optionalDependencies')) {
        node.dependencies.add(keyOf(name, line.value));
        if (buildsNative(name)) node.native = true;
      }
    }
    const wanted = section === 'importers' && (kind === 'dependencies' || kind === 'optionalDependencies') && line.path[4] === 'version';
    if (wanted) start.add(keyOf(name, line.value));
  }
  const production = new Set([...reached({ nodes, start })].map((key) => key.replace(/\(.*$/s, '')));
  const compiled = new Set([...nodes].flatMap(([key, { native }]) => (native ? [key.replace(/\(.*$/s, '')] : [])));
  for (const [key, known] of packages) {
    known.dev = !production.has(key);
    if (compiled.has(key)) known.compiled = true;
  }
}

/** The snapshot that `name: version` means; an alias says the real name in the version (`real@1.0.0`). */
function keyOf(name: string, version: string): string {
  const aliased = /^@?[^@(]+@\d/.test(version);
  return aliased ? version : `${name}@${version}`;
}
