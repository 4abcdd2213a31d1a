// Room: ecosystems/rust. Cargo.lock: what is locked, and what of it the binaries are made of.
import type { FileTree } from '../../context/types.ts';
import { readToml, string, strings, tables } from './toml.ts';
import { dependenciesOf, type CargoPackage } from './workspace.ts';
import type { Table } from './toml.ts';

export interface LockedCrate {
  name: string;
  version: string;
  /** Undefined for packages of the workspace and path dependencies. */
  source: string | undefined;
  /** Names, or `name version`, as written. */
  dependencies: string[];
}
export interface CargoLock {
  path: string;
  crates: LockedCrate[];
  /** Line of a crate's name, for evidence. */
  lineOf(name: string): number | undefined;
}

/** Reads a Cargo.lock; undefined when it is not there or cannot be read. */
export function readLock(tree: FileTree, path: string): CargoLock | undefined {
  const document = readToml(tree, path);
  const read = tree.read(path);
  if (!document || read.kind !== 'text') return undefined;
  const crates = tables(document, 'package').flatMap((entry) => {
    const [name, version] = [string(entry, 'name'), string(entry, 'version')];
    return name === undefined
      ? []
      : [{ name, version: version ?? '', source: string(entry, 'source'), dependencies: strings(entry, 'dependencies') }];
  });
  const { text } = read;
  const lineOf = (name: string): number | undefined => {
    const at = text.indexOf(`\nname = "${name}"`);
    return at < 0 ? undefined : text.slice(0, at + 1).split('\n').length;
  };
  return { path, crates, lineOf };
}

/**
 * The locked crates that the packages' code is made of: from their normal dependencies onwards (not dev, not build).
 * The lock does not tell build dependencies of other crates apart, so theirs are in.
 */
export function linkedCrates(lock: CargoLock, packages: readonly CargoPackage[], root: Table): LockedCrate[] {
  const byName = new Map<string, LockedCrate[]>();
  for (const crate of lock.crates) byName.set(crate.name, [...(byName.get(crate.name) ?? []), crate]);
  const resolve = (dependency: string): LockedCrate[] => {
    const [name = '', version] = dependency.split(' ');
    const all = byName.get(name) ?? [];
    return version === undefined ? all : all.filter((crate) => crate.version === version);
  };
  const wanted = new Map(
    packages.flatMap((p) =>
      p.name === undefined
        ? []
        : [
            [
              p.name,
              new Set(
                dependenciesOf(p, root)
                  .filter((d) => d.kind === 'normal')
                  .map((d) => d.name),
              ),
            ] as const,
          ],
    ),
  );
  const seen = new Set<LockedCrate>();
  const queue = lock.crates.filter((crate) => crate.source === undefined && wanted.has(crate.name));
  for (let crate = queue.pop(); crate; crate = queue.pop()) {
    if (seen.has(crate)) continue;
    seen.add(crate);
    const only = crate.source === undefined ? wanted.get(crate.name) : undefined;
    for (const dependency of crate.dependencies) if (!only || only.has(dependency.split(' ')[0] ?? '')) queue.push(...resolve(dependency));
  }
  return [...seen];
}
