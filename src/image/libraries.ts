// Room: image/. Whose libraries the programs of an image need, by their ELF headers.
import { isSeen, type ImageFacts, type InstructionFacts, type OsPackageFacts } from './types.ts';

/** What programs need of the system. */
export interface LibraryNeeds {
  /** Packages that own a library they are linked with, sorted; those that every Debian image has are left out. */
  packages: { name: string; library: string; program: string }[];
  /** Libraries that a line wrote and that do not come along. Those of the base that are nobody's lie in its smaller twins, too. */
  loose: { library: string; program: string }[];
}

/**
 * Packages that apt itself, or what is essential, stands on: in every image of Debian with apt, slim ones too.
 * Source: Depends of apt and dpkg, https://packages.debian.org/bookworm/apt, https://packages.debian.org/trixie/apt
 */
const always: ReadonlySet<string> = new Set(
  'libc6 libgcc-s1 libstdc++6 zlib1g libcrypt1 libacl1 libattr1 liblzma5 libbz2-1.0 libzstd1 libselinux1 liblz4-1 libtinfo6 libblkid1 libmount1 libuuid1'.split(
    ' ',
  ),
);

/**
 * The needs of the programs and libraries that are taken along. In: whether a path is. Every library that a line wrote is looked at itself; what
 * libraries of packages need, their packages bring. Libraries that programs open by name while they run are not in their headers.
 */
export function libraryNeeds({ programs, base }: ImageFacts, comes: (path: string) => boolean): LibraryNeeds {
  const found = new Map<string, LibraryNeeds['packages'][number]>();
  const loose: LibraryNeeds['loose'] = [];
  const written = new Set(programs.map(({ path }) => path));
  const libc = isSeen(base) ? base.system.libc : null;
  for (const { path: program, needs } of programs) {
    if (!comes(program)) continue;
    for (const { name: library, path, owner } of needs) {
      if (owner !== null) {
        const isThere = always.has(owner) || (libc === 'musl' && owner === 'musl');
        if (!isThere && !found.has(owner)) found.set(owner, { name: owner, library, program });
      } else if (path !== null && !comes(path) && written.has(path)) loose.push({ library: path, program });
    }
  }
  return { packages: [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), loose };
}

const ownersOfLibraries = (instructions: readonly InstructionFacts[]): Set<string> =>
  new Set(
    instructions.flatMap(({ added }) =>
      added.flatMap(({ path, owner }) => (owner !== undefined && /\.so\.[\d.]+$/.test(path) ? owner : [])),
    ),
  );

/** Packages that a development package stands for at run time: the libraries that it depends on, through other development packages. Undefined: it was not looked up. */
export function runtimeOf(
  name: string,
  { osPackages, instructions }: ImageFacts,
  kindOf: (name: string) => 'dev' | 'build' | 'both',
): string[] | undefined {
  const byName = new Map(osPackages.map((one): [string, OsPackageFacts] => [one.name, one]));
  if (byName.get(name)?.depends === undefined) return undefined;
  const libraries = isSeen(instructions) ? ownersOfLibraries(instructions) : undefined;
  if (!libraries) return undefined;
  const isLibrary = ({ name: one, from }: OsPackageFacts): boolean => (from === 'base' ? one.startsWith('lib') : libraries.has(one));
  const found = new Set<string>();
  const seen = new Set([name]);
  const follow = (of: string): void => {
    for (const one of byName.get(of)?.depends ?? []) {
      if (seen.has(one) || always.has(one)) continue;
      seen.add(one);
      const kind = kindOf(one);
      if (kind === 'dev') follow(one);
      const there = byName.get(one);
      if (kind === 'both' && there && isLibrary(there)) found.add(one);
    }
  };
  follow(name);
  return [...found].sort();
}
