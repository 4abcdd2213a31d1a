// Room: ecosystems/python. Which packages of uv.lock an install brings. Source: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
import { markerHolds } from './markers.ts';
import { normalName } from './names.ts';
import { at, entriesAt, listAt, stringAt, stringsAt } from './toml.ts';

export interface UvSelection {
  groups: readonly string[];
  extras: readonly string[] | 'all';
}

/** Steps at most: a lock of 1,000 packages has some 5,000. */
const MOST = 300_000;

/** Names of all packages that the project of the lock's directory needs; undefined: the lock has no such project, or is larger than any real one. */
export function neededByUv(table: object, { groups, extras }: UvSelection): Set<string> | undefined {
  const packages = new Map<string, unknown[]>();
  for (const one of listAt(table, 'package')) {
    const name = normalName(stringAt(one, 'name') ?? '');
    packages.set(name, [...(packages.get(name) ?? []), one]);
  }
  const root = listAt(table, 'package').find((one) => ['virtual', 'editable'].some((kind) => stringAt(one, 'source', kind) === '.'));
  if (root === undefined) return undefined;
  const found = new Set<string>();
  const seen = new Set<string>();
  const queue: unknown[][] = [listAt(root, 'dependencies')];
  for (const [extra, list] of entriesAt(root, 'optional-dependencies'))
    if (extras === 'all' || extras.map(normalName).includes(normalName(extra))) queue.push(Array.isArray(list) ? list : []);
  for (const group of groups) queue.push(listAt(root, 'dev-dependencies', group));
  let steps = 0;
  for (let next = queue.pop(); next !== undefined; next = queue.pop())
    for (const dependency of next) {
      if ((steps += 1) > MOST) return undefined;
      const name = normalName(stringAt(dependency, 'name') ?? '');
      const marker = stringAt(dependency, 'marker');
      if (name === '' || (marker !== undefined && markerHolds(marker) === false)) continue;
      found.add(name);
      for (const extra of ['', ...stringsAt(dependency, 'extra')]) {
        const key = `${name}[${extra}]`;
        if (seen.has(key)) continue;
        seen.add(key);
        for (const one of packages.get(name) ?? [])
          queue.push(extra === '' ? listAt(one, 'dependencies') : listAt(one, 'optional-dependencies', extra));
      }
    }
  return found;
}

/** The groups that are installed where nothing is said. Source: docs.astral.sh/uv/concepts/projects/dependencies, "Default groups". */
export function defaultGroups(manifest: object): string[] | 'all' {
  const given = at(manifest, 'tool', 'uv', 'default-groups');
  return given === 'all' ? 'all' : Array.isArray(given) ? stringsAt(manifest, 'tool', 'uv', 'default-groups') : ['dev'];
}
