// Room: knowledge/. Libraries that compilers bring to the system, and that what they compiled may load.

/**
 * By the package of the system. Sources: packages.debian.org, Depends of libgcc-12-dev and libgfortran-12-dev; pkgs.alpinelinux.org, gcc, g++ and
 * gfortran: what programs that they compile are linked with, where debian:slim and the images of Alpine lack it.
 */
const TABLE: Readonly<Record<'apt' | 'apk', readonly [RegExp, readonly string[]][]>> = {
  apt: [
    [/^(?:build-essential|(?:gcc|g\+\+|clang)(?:-\d+)?)$/, ['libgomp1']],
    // they depend on a compiler, or recommend one. Source: packages.debian.org, bookworm
    [/^(?:python3-pip|cython3|cmake|golang(?:-\d[\d.]*)?(?:-go|-any)?|cargo|rustc|libtool|r-base-dev)$/, ['libgomp1']],
    [/^gfortran(?:-\d+)?$/, ['libgfortran5', 'libgomp1']],
  ],
  apk: [
    [/^gcc$/, ['libgcc', 'libgomp']],
    [/^(?:g\+\+|build-base|alpine-sdk)$/, ['libgomp', 'libstdc++']],
    [/^gfortran$/, ['libgfortran', 'libgomp']],
  ],
};

/** In: the package manager, and the names of packages that only the build has. Out: the packages of those libraries, sorted. */
export function compilerLibraries(manager: 'apt' | 'apk', build: readonly string[]): string[] {
  const found = new Set(TABLE[manager].flatMap(([name, libraries]) => (build.some((one) => name.test(one)) ? libraries : [])));
  // libstdc++ of Alpine brings libgcc
  if (found.has('libstdc++')) found.delete('libgcc');
  return [...found].sort();
}
