// Room: ecosystems/node. Questions to the lock: native packages, install scripts, system libraries, who brings a program.
import type { FileTree } from '../../context/types.ts';
import { joinPath } from '../../context/paths.ts';
import { known, unknown, type Evidence, type Fact } from '../../facts/types.ts';
import { isNativeByName, librariesTold, otherSystems, packagesOfBin, prismaNeed, scriptIsHarmless, systemNeed } from './known-packages.ts';
import type { Lock, LockedPackage } from './lock.ts';
import type { NodeProject } from './types.ts';

export interface Locks {
  /** The lock that is read, or why there is none. */
  lock(): Lock | { none: string };
  /** Line of a package in the lock, for evidence. */
  lineOf(name: string): number | undefined;
}
export type Ranges = Pick<NodeProject, 'dependencies' | 'devDependencies' | 'optionalDependencies' | 'manifestPath'>;

const isLock = (lock: Lock | { none: string }): lock is Lock => 'packages' in lock;
const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** What people know by name stands first. */
function declaredFirst(ranges: Ranges, names: readonly string[]): string[] {
  const declared = (name: string): boolean => ranges.dependencies.has(name) || ranges.optionalDependencies.has(name);
  const all = unique(names);
  return [...all.filter(declared), ...all.filter((name) => !declared(name))];
}

/** What is installed for production, on Linux. */
function production(lock: Lock): LockedPackage[] {
  return lock.packages.filter(
    (one) =>
      one.dev !== true &&
      !otherSystems.has(one.name) &&
      (one.os.length === 0 || one.os.includes('linux') || one.os.every((os) => os.startsWith('!') && os !== '!linux')),
  );
}

function evidenceOf(locks: Locks, lock: Lock, name: string, says: string): Evidence {
  const line = locks.lineOf(name);
  return { file: lock.path, ...(line === undefined ? {} : { line }), says: `${name} ${says}` };
}

/** Native packages: by install script or platform where the lock says so, else by name. */
export function nativePackages(ranges: Ranges, locks: Locks): Fact<string[]> {
  const lock = locks.lock();
  if (!isLock(lock)) return unknown(lock.none);
  const found = production(lock).filter((one) => isNative(one));
  const names = declaredFirst(
    ranges,
    found.map((one) => one.name),
  );
  const evidence = names.slice(0, 10).map((name) => evidenceOf(locks, lock, name, 'holds compiled code'));
  return known(names, ...(evidence.length > 0 ? evidence : [{ file: lock.path, says: 'locks no production package with compiled code' }]));
}

function isNative(one: LockedPackage): boolean {
  const script = one.installScript === true && !scriptIsHarmless.has(one.name);
  return script || one.cpu.length > 0 || one.libc.length > 0 || isNativeByName(one.name);
}

export function installScriptPackages(locks: Locks): Fact<string[]> {
  const lock = locks.lock();
  if (!isLock(lock)) return unknown(lock.none);
  const packages = production(lock);
  const names = unique(packages.filter((one) => one.installScript === true).map((one) => one.name));
  const silent = packages.some((one) => one.installScript === undefined);
  if (silent) return unknown(`${lock.path} does not say which packages have install scripts`);
  return known(names, ...names.slice(0, 10).map((name) => evidenceOf(locks, lock, name, 'has an install script')));
}

/** A production package that is compiled, or may be, against libraries that nothing tells. */
export function untoldLibraries(ranges: Ranges, locks: Locks): { package: string; evidence: Evidence } | undefined {
  const lock = locks.lock();
  if (!isLock(lock)) {
    const name = [...ranges.dependencies.keys(), ...ranges.optionalDependencies.keys()].find(
      (one) => isNativeByName(one) && !librariesTold(one),
    );
    return name === undefined ? undefined : { package: name, evidence: { file: ranges.manifestPath, says: `${name} holds compiled code` } };
  }
  const found = production(lock).filter(
    ({ name, installScript, compiled }) => (isNativeByName(name) || (installScript ?? compiled) === true) && !librariesTold(name),
  );
  const [name] = declaredFirst(
    ranges,
    found.map((one) => one.name),
  );
  return name === undefined ? undefined : { package: name, evidence: evidenceOf(locks, lock, name, 'may compile when it is installed') };
}

/** The table of native packages, for what is locked for production; without a readable lock, for the declared dependencies. */
export function systemNeeds(tree: FileTree, dir: string, ranges: Ranges, locks: Locks): ReturnType<NodeProject['systemNeeds']> {
  const lock = locks.lock();
  const locked = isLock(lock) ? production(lock).map((one) => ({ name: one.name, version: one.version })) : [];
  const declared = [...ranges.dependencies, ...ranges.optionalDependencies].map(([name, version]) => ({ name, version }));
  const all = new Map([...declared, ...locked].map((one) => [one.name, one.version]));
  return [...all.keys()].sort().flatMap((name) => {
    const need = name === '@prisma/client' ? (needsEngine(tree, dir, all.get(name)) ? prismaNeed : undefined) : systemNeed(name);
    if (need === undefined) return [];
    const line = isLock(lock) ? locks.lineOf(name) : undefined;
    const evidence: Evidence = {
      file: isLock(lock) ? lock.path : ranges.manifestPath,
      ...(line === undefined ? {} : { line }),
      says: `${name} ${need.says}`,
    };
    const version = all.get(name);
    return [{ package: name, version, debian: need.debian, ...(need.skip === undefined ? {} : { skip: need.skip }), evidence }];
  });
}

/** Prisma 7, and `engineType = "client"`, run without the native engine. https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/no-rust-engine */
function needsEngine(tree: FileTree, dir: string, version: string | undefined): boolean {
  const major = Number.parseInt((version ?? '').replace(/^[^\d]*/, ''), 10);
  if (major >= 7) return false;
  const read = tree.read(joinPath(dir, 'prisma/schema.prisma') ?? '');
  return !(read.kind === 'text' && /^\s{0,20}engineType\s{0,20}=\s{0,20}"client"/m.test(read.text));
}

/**
 * Who brings the program `name`. A production dependency wins over a development one. By the lock where it names programs, else by the
 * declared dependencies and the table of programs that are not called as their package.
 */
export function binOf(name: string, ranges: Ranges, locks: Locks): Fact<{ package: string; dev: boolean } | undefined> {
  const lock = locks.lock();
  if (isLock(lock)) {
    const named = lock.packages.filter((one) => one.bins?.includes(name) === true && (one.top || lock.manager !== 'npm'));
    const best =
      named.find((one) => ranges.dependencies.has(one.name)) ??
      named.find((one) => ranges.devDependencies.has(one.name)) ??
      named.find((one) => one.dev === false) ??
      named[0];
    // Several versions may be locked, below others too: what is declared is what lies in node_modules/.bin.
    const dev =
      best !== undefined && (ranges.dependencies.has(best.name) ? false : ranges.devDependencies.has(best.name) || best.dev === true);
    if (best !== undefined) return known({ package: best.name, dev }, evidenceOf(locks, lock, best.name, `brings the program ${name}`));
  }
  for (const candidate of packagesOfBin(name)) {
    const dev = !ranges.dependencies.has(candidate) && !ranges.optionalDependencies.has(candidate);
    if (dev && !ranges.devDependencies.has(candidate)) continue;
    return known(
      { package: candidate, dev },
      { file: ranges.manifestPath, says: `${candidate} is a ${dev ? 'development ' : ''}dependency` },
    );
  }
  if (isLock(lock) && lock.packages.length > 0 && lock.packages.every((one) => one.bins !== undefined))
    return known(undefined, { file: lock.path, says: `locks no package with a program ${name}` });
  return unknown(isLock(lock) ? `${lock.path} does not name the programs of packages` : lock.none);
}
