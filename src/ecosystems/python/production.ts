// Room: ecosystems/python. Which packages of poetry.lock a production install brings.
import { markerHolds } from './markers.ts';
import type { Lock, LockedPackage } from './locks.ts';
import { wantedOf, type Wanted } from './pyproject.ts';

export interface Selection {
  /** Groups besides main. */
  groups: readonly string[];
  extras: readonly string[] | 'all';
}

/**
 * The packages of main (and of the groups and extras selected) on Linux. Locks before 2.1 keep markers on the dependencies, and those of
 * Poetry 1.5 to 1.8 do not say to which group a package belongs: there the dependencies are followed from the manifest's.
 * Undefined when that is needed and there is no manifest, or when the lock is larger than any real one.
 */
export function productionPackages(lock: Lock, wanted: readonly Wanted[] | undefined, selection: Selection): LockedPackage[] | undefined {
  const bySaying = (): LockedPackage[] => lock.packages.filter((one) => isSelected(one, lock, selection));
  if (lock.grouped) return bySaying();
  if (wanted !== undefined) return reachable(lock, wanted, selection);
  return lock.packages.every((one) => one.groups !== undefined) ? bySaying() : undefined;
}

function isSelected(one: LockedPackage, lock: Lock, { groups, extras }: Selection): boolean {
  const inGroups = (one.groups ?? []).filter((group) => group === 'main' || groups.includes(group));
  if (inGroups.length === 0) return false;
  if (inGroups.every((group) => excluded(one.markers.get(group) ?? one.markers.get('')))) return false;
  if (!one.optional || extras === 'all') return true;
  if (extras.length === 0) return false;
  // 2.1 writes `extra == "x"` into the markers of what only extras bring; older locks name the extra's own dependencies alone.
  const marker = [...one.markers.values()].join(' ');
  return (
    !/\bextra\s*==/.test(marker) ||
    extras.some((extra) => marker.includes(`"${extra}"`)) ||
    extras.some((extra) => lock.extras.get(extra)?.includes(one.name))
  );
}

const excluded = (marker: string | undefined): boolean => marker !== undefined && markerHolds(marker) === false;

/** Edges followed at most; a lock of 1,000 packages has some 5,000. */
const maxEdges = 300_000;

function reachable(lock: Lock, wanted: readonly Wanted[], { extras }: Selection): LockedPackage[] | undefined {
  let edges = 0;
  const own = extras === 'all' ? undefined : new Set(extras.flatMap((extra) => lock.extras.get(extra) ?? []));
  const visited = new Set<string>();
  const queue: { name: string; extra: string }[] = [];
  const visit = (name: string, itsExtras: readonly string[]): void => {
    for (const extra of ['', ...itsExtras]) {
      const key = `${name}[${extra}]`;
      if (visited.has(key)) continue;
      visited.add(key);
      queue.push({ name, extra });
    }
  };
  for (const one of wanted) if (!one.optional || own === undefined || own.has(one.name)) visit(one.name, one.extras);
  const found = new Set<LockedPackage>();
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const one of lock.byName.get(next.name) ?? []) {
      edges += 1 + one.dependencies.length;
      if (edges > maxEdges) return undefined;
      if (excluded(one.markers.get('main') ?? one.markers.get(''))) continue;
      found.add(one);
      const ofExtra =
        next.extra === ''
          ? []
          : (one.extras.get(next.extra) ?? []).flatMap((text) => (excluded(text.split(';')[1]) ? [] : wantedOf(text, false)));
      const names = new Set(ofExtra.map((dependency) => dependency.name));
      for (const dependency of ofExtra) visit(dependency.name, dependency.extras);
      for (const dependency of one.dependencies) {
        if (dependency.optional && !names.has(dependency.name)) continue;
        if (!excluded(dependency.marker)) visit(dependency.name, dependency.extras);
      }
    }
  }
  return lock.packages.filter((one) => found.has(one));
}
