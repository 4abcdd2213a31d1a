// Room: ecosystems/rust. Locked crates that this project does not compile: Cargo.lock names what any feature of a dependency could bring.
import type { CargoLock } from './lock.ts';
import type { Workspace } from './workspace.ts';

/** Crates for SQL databases that bring SQLite by a feature alone. Sources: Cargo.toml of sqlx, sea-orm, diesel (feature `sqlite`). */
const bySqliteFeature = /^(?:sqlx|sqlx-(?:core|macros|macros-core|sqlite)|sea-(?:orm|query|schema)(?:-[a-z]+)*|diesel(?:_[a-z]+)*)$/;

/**
 * The lock without SQLite where nobody can have asked for it: no manifest of the workspace speaks of it, and between these manifests and
 * libsqlite3-sys stand only crates that bring it by a feature.
 */
export function withoutUnasked(lock: CargoLock, workspace: Workspace): CargoLock {
  const manifests = [workspace.rootManifest, ...workspace.packages.map((p) => p.manifest)];
  if (manifests.some((manifest) => JSON.stringify(manifest).includes('sqlite'))) return lock;
  const over = new Set(['libsqlite3-sys']);
  for (let size = 0; size !== over.size;) {
    size = over.size;
    for (const crate of lock.crates)
      if (crate.dependencies.some((dependency) => over.has(dependency.split(' ')[0] ?? ''))) over.add(crate.name);
  }
  const optional = lock.crates.every(
    (crate) => !over.has(crate.name) || crate.source === undefined || crate.name === 'libsqlite3-sys' || bySqliteFeature.test(crate.name),
  );
  return optional
    ? { ...lock, crates: lock.crates.filter((crate) => crate.name !== 'libsqlite3-sys' && crate.name !== 'sqlx-sqlite') }
    : lock;
}
