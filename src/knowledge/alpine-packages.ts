// Room: knowledge/. What an Alpine package is for, and the run-time packages of the `-dev` ones. Source: pkgs.alpinelinux.org, v3.18 to v3.22 (2026-11): the
// libraries that each -dev package depends on; where a soname is part of a package's name, the package that brings it in every release.

/** Packages that only a build uses. */
const buildOnly: ReadonlySet<string> = new Set(
  'build-base gcc g++ make musl-dev libc-dev linux-headers cmake ninja ninja-build samurai meson autoconf automake libtool m4 bison flex patch nasm yasm swig binutils pkgconf pkgconfig cargo rust go python3-dev py3-pip py3-setuptools py3-wheel nodejs-dev ruby-dev php-dev file-dev alpine-sdk abuild fakeroot clang llvm gfortran-dev maven gradle git-lfs-dev libgcc-dev'.split(
    ' ',
  ),
);

/** `-dev` packages, and the packages that programs linked with them need. */
const runtime: Readonly<Record<string, string>> = {
  'libpq-dev': 'libpq',
  'postgresql-dev': 'libpq',
  'mariadb-dev': 'mariadb-connector-c',
  'mariadb-connector-c-dev': 'mariadb-connector-c',
  'mysql-dev': 'mariadb-connector-c',
  'sqlite-dev': 'sqlite-libs',
  'openssl-dev': 'openssl',
  'libressl-dev': 'openssl',
  'libffi-dev': 'libffi',
  'zlib-dev': 'zlib',
  'jpeg-dev': 'libjpeg-turbo',
  'libjpeg-turbo-dev': 'libjpeg-turbo',
  'libpng-dev': 'libpng',
  'giflib-dev': 'giflib',
  'tiff-dev': 'tiff',
  'libwebp-dev': 'libwebp',
  'lcms2-dev': 'lcms2',
  'openjpeg-dev': 'openjpeg',
  'freetype-dev': 'freetype',
  'fontconfig-dev': 'fontconfig',
  'harfbuzz-dev': 'harfbuzz',
  'fribidi-dev': 'fribidi',
  'cairo-dev': 'cairo',
  'pango-dev': 'pango',
  'pixman-dev': 'pixman',
  'gdk-pixbuf-dev': 'gdk-pixbuf',
  'librsvg-dev': 'librsvg',
  'glib-dev': 'glib',
  'vips-dev': 'vips',
  'libxml2-dev': 'libxml2',
  'libxslt-dev': 'libxslt',
  'xmlsec-dev': 'xmlsec',
  'yaml-dev': 'yaml',
  'gmp-dev': 'gmp',
  'readline-dev': 'readline',
  'ncurses-dev': 'ncurses-libs',
  'bzip2-dev': 'libbz2',
  'xz-dev': 'xz-libs',
  'zstd-dev': 'zstd-libs',
  'lz4-dev': 'lz4-libs',
  'snappy-dev': 'snappy',
  'brotli-dev': 'brotli-libs',
  'curl-dev': 'libcurl',
  'libsodium-dev': 'libsodium',
  'zeromq-dev': 'libzmq',
  'librdkafka-dev': 'librdkafka',
  'openldap-dev': 'libldap',
  'cyrus-sasl-dev': 'libsasl',
  'krb5-dev': 'krb5-libs',
  'unixodbc-dev': 'unixodbc',
  'freetds-dev': 'freetds',
  'icu-dev': 'icu-libs',
  'pcre-dev': 'pcre',
  'pcre2-dev': 'pcre2',
  'libevent-dev': 'libevent',
  'libev-dev': 'libev',
  'libuv-dev': 'libuv',
  'hiredis-dev': 'hiredis',
  'libzip-dev': 'libzip',
  'oniguruma-dev': 'oniguruma',
  'imagemagick-dev': 'imagemagick',
  'geos-dev': 'geos',
  'proj-dev': 'proj',
  'gdal-dev': 'gdal',
  'libusb-dev': 'libusb',
  'eudev-dev': 'eudev-libs',
  'bluez-dev': 'bluez-libs',
  'alsa-lib-dev': 'alsa-lib',
  'opus-dev': 'opus',
  'libvpx-dev': 'libvpx',
  'ffmpeg-dev': 'ffmpeg',
  'libmagic-dev': 'libmagic',
  'libstdc++-dev': 'libstdc++',
  'portaudio-dev': 'portaudio',
  'hdf5-dev': 'hdf5',
  'openblas-dev': 'openblas',
};

/** The package's name in an argument of `apk add`: without `=1.2`, `~3`, `>1`, `@edge`. Source: apk-add(8), apk-world(5). */
export const apkName = (spec: string): string => spec.slice(0, 256).replace(/[=<>~@].*$/s, '');

/** What a package of Alpine is for; a `-dev` one with the packages that its programs need (undefined: not known). */
export function apkClass(spec: string): { kind: 'build' | 'both' } | { kind: 'dev'; runtime: readonly string[] | undefined } {
  const name = apkName(spec);
  if (buildOnly.has(name) || /^(gcc|g\+\+|clang|llvm)\d*(-dev)?$/.test(name)) return { kind: 'build' };
  if (!name.endsWith('-dev')) return { kind: 'both' };
  return { kind: 'dev', runtime: Object.hasOwn(runtime, name) ? [runtime[name] as string] : undefined };
}
