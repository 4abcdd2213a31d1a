// Room: ecosystems/node. Whether `npm ci` would take the lock: package.json and the lock's own copy of it agree.
import type { FileTree } from '../../context/types.ts';
import { known, unknown, type Fact } from '../../facts/types.ts';
import { fields, jsonIn, stringFields } from './json.ts';

const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Compares the ranges with `packages[""]`, and those of each workspace member with its own entry. Known for lockfileVersion 2 and 3. */
export function lockInSync(
  tree: FileTree,
  manifest: ReadonlyMap<string, unknown>,
  manifestPath: string,
  lockfiles: readonly { manager: string; path: string }[],
): Fact<boolean> {
  const file = lockfiles.find((one) => one.manager === 'npm');
  if (file === undefined) return unknown('there is no package-lock.json');
  const read = tree.read(file.path);
  if (read.kind !== 'text') return unknown(`${file.path} cannot be read`);
  const parsed = jsonIn(read);
  if ('broken' in parsed) return unknown(`${file.path}: ${parsed.broken}`);
  const packages = fields(fields(parsed.value).get('packages'));
  const root = file.path.includes('/') ? file.path.slice(0, file.path.lastIndexOf('/') + 1) : '';
  const own = manifestPath.startsWith(root) ? manifestPath.slice(root.length).replace(/\/?package\.json$/, '') : '';
  if (!packages.has(own)) return unknown(`${file.path} has lockfileVersion 1, or no entry for ${manifestPath}`);
  const all: [string, ReadonlyMap<string, unknown>][] = [[own, manifest]];
  for (const key of packages.keys()) {
    const member =
      key === '' || key === own || key.includes('node_modules/') || own !== '' ? undefined : tree.read(`${root}${key}/package.json`);
    const json = member?.kind === 'text' ? jsonIn(member) : undefined;
    if (json !== undefined && 'value' in json) all.push([key, fields(json.value)]);
  }
  const differing = all.map(([key, wanted]) => differenceOf(wanted, fields(packages.get(key)))).find((one) => one !== undefined);
  if (differing !== undefined) return known(false, { file: file.path, says: differing });
  return known(true, { file: file.path, says: 'has the ranges of package.json' });
}

/** The first dependency with another range; npm leaves optional dependencies out of `dependencies`. */
function differenceOf(manifest: ReadonlyMap<string, unknown>, locked: ReadonlyMap<string, unknown>): string | undefined {
  const optional = stringFields(manifest.get('optionalDependencies'));
  for (const section of sections) {
    const wanted = new Map([...stringFields(manifest.get(section))].filter(([name]) => section !== 'dependencies' || !optional.has(name)));
    const have = stringFields(locked.get(section));
    for (const name of new Set([...wanted.keys(), ...have.keys()])) {
      if (wanted.get(name) === have.get(name)) continue;
      const moved = wanted.has(name) && !have.has(name) ? sections.find((other) => stringFields(locked.get(other)).has(name)) : undefined;
      if (moved !== undefined) return `package.json has ${name} in ${section}, the lock in ${moved}`;
      return `package.json has ${name} ${wanted.get(name) ?? '(none)'}, the lock ${have.get(name) ?? '(none)'}`;
    }
  }
  return undefined;
}
