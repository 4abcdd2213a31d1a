// Room: ecosystems/node. bun.lock (text; bun.lockb is binary and not read). Source: https://bun.com/docs/pm/lockfile
import { buildsNative } from './known-packages.ts';
import { fields, parseJsonc, stringFields, strings, textOf } from './json.ts';
import { reached, type Lock, type LockedPackage } from './lock.ts';

interface Node {
  dependencies: string[];
  package: LockedPackage;
}

/** Reads the lock: `packages` maps a place (`a`, or `a/b` below a) to `[name@version, registry, info, integrity]`. */
export function readBunLock(path: string, text: string): Lock | { broken: string } {
  const parsed = parseJsonc(text);
  if ('broken' in parsed) return parsed;
  const lock = fields(parsed.value);
  const entries = new Map([...fields(lock.get('packages'))].filter((pair): pair is [string, unknown[]] => Array.isArray(pair[1])));
  const nodes = new Map<string, Node>();
  for (const [key, value] of entries) nodes.set(key, nodeOf(key, value, entries));
  const start = [...fields(lock.get('workspaces')).values()].flatMap((workspace) => {
    const manifest = fields(workspace);
    return [manifest.get('dependencies'), manifest.get('optionalDependencies')].flatMap((ranges) => [...stringFields(ranges).keys()]);
  });
  const production = reached({ nodes, start });
  for (const [key, node] of nodes) node.package.dev = !production.has(key);
  return { manager: 'bun', path, packages: [...nodes.values()].map((node) => node.package) };
}

function nodeOf(key: string, value: unknown[], entries: ReadonlyMap<string, unknown>): Node {
  const id = textOf(value[0]) ?? '';
  const at = id.indexOf('@', 1);
  const info = fields(value.find((part) => fields(part).size > 0));
  const names = [info.get('dependencies'), info.get('optionalDependencies')].flatMap((ranges) => [...stringFields(ranges).keys()]);
  const bin = info.get('bin');
  const name = at > 0 ? id.slice(0, at) : id;
  const locked: LockedPackage = {
    name,
    version: at > 0 ? id.slice(at + 1) : undefined,
    dev: undefined,
    installScript: undefined,
    ...(names.some(buildsNative) ? { compiled: true as const } : {}),
    os: listOf(info.get('os')),
    cpu: listOf(info.get('cpu')),
    libc: listOf(info.get('libc')),
    bins: typeof bin === 'string' ? [name.replace(/^.*\//, '')] : [...stringFields(bin).keys()],
    top: key === name,
  };
  return { package: locked, dependencies: names.map((dependency) => place(key, dependency, entries)) };
}

const listOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : strings(value));

/** Where a dependency of `key` lies: below it, below what it lies below, or at the top. */
function place(key: string, dependency: string, entries: ReadonlyMap<string, unknown>): string {
  const parts = key.split('/').slice(0, 20);
  for (let length = parts.length; length > 0; length -= 1) {
    const nested = `${parts.slice(0, length).join('/')}/${dependency}`;
    if (entries.has(nested)) return nested;
  }
  return dependency;
}
