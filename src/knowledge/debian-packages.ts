// Room: knowledge/. What a Debian (or Alpine) package is for: the build, the run time, or both, and the run-time packages of the `-dev` ones.
import { devRows } from './dev-package-rows.ts';

/** Packages that only a build uses. */
const buildOnly: ReadonlySet<string> = new Set([
  'build-essential',
  'gcc',
  'g++',
  'cpp',
  'clang',
  'llvm',
  'make',
  'cmake',
  'ninja-build',
  'meson',
  'autoconf',
  'automake',
  'autotools-dev',
  'libtool',
  'libtool-bin',
  'pkg-config',
  'pkgconf',
  'm4',
  'bison',
  'flex',
  'patch',
  'nasm',
  'yasm',
  'swig',
  'cargo',
  'rustc',
  'maven',
  'gradle',
  'python3-dev',
  'python-dev',
  'python3-pip',
  'python3-setuptools',
  'python3-wheel',
  'python-is-python3',
  'node-gyp',
  'dpkg-dev',
  'debhelper',
  'git-lfs',
  'gcc-multilib',
  'g++-multilib',
  'libc6-dev',
  'libc-dev',
  'linux-libc-dev',
  'linux-headers-generic',
  'musl-dev',
  'musl-tools',
  'ruby-dev',
]);
/** The same by form: compilers with a version, and headers that no program links at run time. */
const buildForms: readonly RegExp[] = [
  /^(gcc|g\+\+|cpp|clang|llvm|make|cmake|autoconf|automake)-\d[\w.+-]*$/,
  /^golang(-\d[\d.]*)?(-go|-src|-any)?$/,
  /^linux-headers-[\w.+-]+$/,
  /^(libstdc\+\+|libgcc|libgfortran|ruby|python)[\d.-]*-dev$/,
  /^(crossbuild-essential|gcc|g\+\+|binutils)-[a-z0-9-]*(linux-gnu[a-z]*|arm64|amd64|armhf)$/,
];

/** Tools of the build that `max` drops from the run time when no command there needs them. ca-certificates stays unless the program brings its own roots. */
export const maxDrops: ReadonlySet<string> = new Set([
  'git',
  'curl',
  'wget',
  'unzip',
  'gnupg',
  'ca-certificates',
  'lsb-release',
  'apt-transport-https',
  'software-properties-common',
]);

/**
 * What Debian recommends beside packages and the full images have (`program` tells whether an image has it): where such a package moves to a
 * smaller image without what is recommended, it would do less. `brings` by release where the name differs.
 * Source: Recommends of each, `apt-cache show`, bookworm and trixie; buildpack-deps, Dockerfiles (libmagickcore-dev brings the coders).
 */
export const companionRows: readonly { packages: string; brings: string | Readonly<Record<string, string>>; program: string }[] = [
  {
    packages: 'git curl wget aria2 yt-dlp youtube-dl nodejs mercurial subversion libcurl4 libcurl4t64 libcurl3-gnutls libcurl3t64-gnutls',
    brings: 'ca-certificates',
    program: 'update-ca-certificates',
  },
  { packages: 'git mercurial', brings: 'openssh-client', program: 'ssh' },
  {
    packages: 'imagemagick',
    brings: {
      bullseye: 'libmagickcore-6.q16-6-extra',
      bookworm: 'libmagickcore-6.q16-6-extra',
      trixie: 'libmagickcore-7.q16-10-extra',
    },
    program: 'convert',
  },
];

/** The package's name in an argument of apt-get install: without `=version`, `/release`, `:architecture`. */
export function packageName(spec: string): string {
  return spec.slice(0, 256).replace(/[=/:].*$/s, '');
}

/** What an apt package is for. `dev` ones are replaced at run time by `runtimePackages`; a package that nobody knows is `both`. */
export function aptClass(spec: string): 'build' | 'dev' | 'both' {
  const name = packageName(spec);
  if (name === 'gfortran') return 'dev'; // a compiler whose programs need libgfortran
  if (buildOnly.has(name) || buildForms.some((form) => form.test(name))) return 'build';
  return name.endsWith('-dev') ? 'dev' : 'both';
}

const columns: Readonly<Record<string, 1 | 2 | 3>> = { bullseye: 1, bookworm: 2, trixie: 3 };
const byName = new Map(devRows.flatMap((row) => row[0].split(' ').map((name) => [name, row] as const)));

/** Packages that trixie's `t64` twin does not provide under the old name. Of all others in the table the twin's Provides has it (trixie's index, 2026-11-24). */
const notProvided: ReadonlySet<string> = new Set(['libaio1']);

export interface NoRuntimePackages {
  skip: 'dev-package-unmapped' | 'dev-package-suite-unknown';
}

/**
 * The packages that programs linked against a `-dev` package need at run time. `suite`: the Debian release by name.
 * Without a suite: only where bookworm's names also install on trixie (the same name, or a `t64` package that provides it).
 */
export function runtimePackages(devPackage: string, suite: string | undefined): string[] | NoRuntimePackages {
  const row = byName.get(packageName(devPackage));
  if (!row) return { skip: 'dev-package-unmapped' };
  const column = suite === undefined ? undefined : Object.hasOwn(columns, suite) ? columns[suite] : undefined;
  if (suite !== undefined && column === undefined) return { skip: 'dev-package-suite-unknown' };
  if (column !== undefined) {
    const names = row[column] === '=' ? row[2] : row[column];
    return names === '' ? { skip: 'dev-package-unmapped' } : names.split(' ');
  }
  const bookworm = row[2].split(' ');
  const trixie = row[3] === '=' ? bookworm : row[3].split(' ');
  return bookworm.every(
    (name) =>
      trixie.includes(name) ||
      (!notProvided.has(name) && trixie.some((other) => [other.replace('t64', ''), other.replace('t64', 'v5')].includes(name))),
  )
    ? bookworm
    : { skip: 'dev-package-suite-unknown' };
}

/** Alpine: the run-time packages of `-dev` packages; an empty list: nothing at run time. Source: pkgs.alpinelinux.org, v3.22, 2026-08. */
const alpineRows: Readonly<Record<string, string>> = {
  'libpq-dev': 'libpq',
  'postgresql-dev': 'libpq',
  'mariadb-dev': 'mariadb-connector-c',
  'mariadb-connector-c-dev': 'mariadb-connector-c',
  'libffi-dev': 'libffi',
  'openssl-dev': 'libssl3 libcrypto3',
  'libxml2-dev': 'libxml2',
  'libxslt-dev': 'libxslt',
  'jpeg-dev': 'libjpeg-turbo',
  'libjpeg-turbo-dev': 'libjpeg-turbo',
  'zlib-dev': 'zlib',
  'freetype-dev': 'freetype',
  'sqlite-dev': 'sqlite-libs',
  'icu-dev': 'icu-libs',
  'vips-dev': 'vips',
  'imagemagick-dev': 'imagemagick',
  'libzip-dev': 'libzip',
  'oniguruma-dev': 'oniguruma',
  'gmp-dev': 'gmp',
  'yaml-dev': 'yaml',
  'musl-dev': '',
  'linux-headers': '',
  'build-base': '',
  gcc: '',
  'g++': '',
  make: '',
  python3: '',
  cmake: '',
  autoconf: '',
  automake: '',
  libtool: '',
  pkgconf: '',
  pkgconfig: '',
  'python3-dev': '',
  cargo: '',
  rust: '',
  go: '',
};

/** The run-time packages of an Alpine package that a build used: nothing for compilers, the library for `-dev` packages in the table, the package itself for anything else. */
export function alpineRuntimePackages(name: string): string[] | { skip: 'alpine-dev-unmapped' } {
  const bare = name.slice(0, 256).replace(/[=<>~@].*$/s, '');
  if (Object.hasOwn(alpineRows, bare)) return (alpineRows[bare] ?? '').split(' ').filter((part) => part !== '');
  return bare.endsWith('-dev') ? { skip: 'alpine-dev-unmapped' } : [bare];
}
