// Room: ecosystems/node. What a lock file says of the packages, in one form for all managers.
import type { FileRead } from '../../context/types.ts';
import { buildsNative } from './known-packages.ts';
import { fields, jsonIn, member, stringFields, strings, textOf } from './json.ts';

export interface LockedPackage {
  name: string;
  version: string | undefined;
  /** Undefined: the lock does not say. */
  dev: boolean | undefined;
  /** It has preinstall, install or postinstall. Undefined: this lock does not say. */
  installScript: boolean | undefined;
  os: string[];
  cpu: string[];
  libc: string[];
  /** It depends on what only compiled packages use (`nan`, `node-gyp-build`); told where the lock names no install scripts. */
  compiled?: true;
  /** Names of its programs; undefined: this lock does not say. */
  bins: string[] | undefined;
  /** It lies where the project's own programs are found (node_modules/.bin). */
  top: boolean;
}
export interface Lock {
  manager: string;
  path: string;
  packages: LockedPackage[];
}
/** The ranges a project asks for, of all its manifests (workspace members too). */
export interface Wanted {
  production: ReadonlyMap<string, string>[];
}

/**
 * package-lock.json and npm-shrinkwrap.json, lockfileVersion 2 and 3. Version 1 has no install scripts and no platforms:
 * its packages are answered with `undefined` there. Source: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
 */
export function readNpmLock(path: string, read: FileRead & { kind: 'text' }): Lock | { broken: string } {
  const parsed = jsonIn(read);
  if ('broken' in parsed) return parsed;
  const lock = fields(parsed.value);
  if (lock.has('packages')) return { manager: 'npm', path, packages: [...fields(lock.get('packages'))].flatMap(npmPackage) };
  return { manager: 'npm', path, packages: versionOne(lock.get('dependencies')) };
}

/** True when npm 6 (Node 14 and older) cannot read the lock: `npm ci` fails there. Source: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#lockfileversion */
export function needsNpm7(read: FileRead & { kind: 'text' }): boolean {
  const parsed = jsonIn(read);
  return 'value' in parsed && fields(parsed.value).get('lockfileVersion') === 3;
}

function npmPackage([key, value]: [string, unknown]): LockedPackage[] {
  const at = key.lastIndexOf('node_modules/');
  // '' is the project itself, and paths without node_modules are workspace members: first-party.
  if (at < 0 || member(value, 'link') === true) return [];
  return [
    {
      name: textOf(member(value, 'name')) ?? key.slice(at + 'node_modules/'.length),
      version: textOf(member(value, 'version')),
      dev: member(value, 'dev') === true,
      installScript: member(value, 'hasInstallScript') === true,
      os: strings(member(value, 'os')),
      cpu: strings(member(value, 'cpu')),
      libc: strings(member(value, 'libc')),
      bins: [...stringFields(member(value, 'bin')).keys()],
      top: at === 0,
    },
  ];
}

/** Nested `dependencies`, walked with a list of its own: a lock of strangers may be nested deeper than the stack. */
function versionOne(dependencies: unknown): LockedPackage[] {
  const found: LockedPackage[] = [];
  const waiting: { value: unknown; top: boolean }[] = [{ value: dependencies, top: true }];
  for (let next = waiting.pop(); next !== undefined && found.length < 100_000; next = waiting.pop()) {
    for (const [name, value] of fields(next.value)) {
      const entry = fields(value);
      found.push({
        name,
        version: textOf(entry.get('version')),
        dev: entry.get('dev') === true,
        installScript: undefined,
        ...([...fields(entry.get('requires')).keys()].some(buildsNative) ? { compiled: true as const } : {}),
        os: [],
        cpu: [],
        libc: [],
        bins: undefined,
        top: next.top,
      });
      if (entry.has('dependencies')) waiting.push({ value: entry.get('dependencies'), top: false });
    }
  }
  return found;
}

/** A graph of packages by their key in the lock; from where production reaches is not `dev`. */
export interface LockGraph<Node extends { dependencies: Iterable<string> }> {
  nodes: ReadonlyMap<string, Node>;
  /** Where a wanted or depended-on thing is found. */
  start: Iterable<string>;
}

/** The keys that production reaches. */
export function reached<Node extends { dependencies: Iterable<string> }>(graph: LockGraph<Node>): Set<string> {
  const seen = new Set<string>();
  const waiting = [...graph.start];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const node = graph.nodes.get(key);
    if (node === undefined || seen.has(key)) continue;
    seen.add(key);
    waiting.push(...node.dependencies);
  }
  return seen;
}
