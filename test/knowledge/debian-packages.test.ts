// Room: knowledge/. Debian's packages: what they are for, and the run-time ones of the -dev packages.
import { describe, expect, it } from 'vitest';
import { alpineRuntimePackages, aptClass, maxDrops, packageName, runtimePackages } from '../../src/knowledge/debian-packages.ts';

describe('runtimePackages', () => {
  it.each([
    ['libmagickwand-dev', 'libmagickwand-6.q16-6', 'libmagickwand-7.q16-10'],
    ['libicu-dev', 'libicu72', 'libicu76'],
    ['libzip-dev', 'libzip4', 'libzip5'],
    ['libtidy-dev', 'libtidy5deb1', 'libtidy58'],
    ['libldap-dev', 'libldap-2.5-0', 'libldap2'],
    ['libldap2-dev', 'libldap-2.5-0', 'libldap2'],
    ['libgdal-dev', 'libgdal32', 'libgdal36'],
    ['libspatialindex-dev', 'libspatialindex6', 'libspatialindex8'],
    ['libhdf5-dev', 'libhdf5-103-1', 'libhdf5-310'],
    ['libnetcdf-dev', 'libnetcdf19', 'libnetcdf22'],
    ['libavcodec-dev', 'libavcodec59', 'libavcodec61'],
    ['libavformat-dev', 'libavformat59', 'libavformat61'],
    ['libavutil-dev', 'libavutil57', 'libavutil59'],
    ['libswscale-dev', 'libswscale6', 'libswscale8'],
    ['libc-ares-dev', 'libc-ares2', 'libcares2'],
    ['libre2-dev', 'libre2-9', 'libre2-11'],
    ['libgit2-dev', 'libgit2-1.5', 'libgit2-1.9'],
    ['libleptonica-dev', 'liblept5', 'libleptonica6'],
    ['libpoppler-cpp-dev', 'libpoppler-cpp0v5', 'libpoppler-cpp2'],
    ['librocksdb-dev', 'librocksdb7.8', 'librocksdb9.10'],
  ])('%s', (name, bookworm, trixie) => {
    expect(runtimePackages(name, 'bookworm')).toContain(bookworm);
    expect(runtimePackages(name, 'trixie')).toContain(trixie);
    expect(runtimePackages(name, undefined)).toEqual({ skip: 'dev-package-suite-unknown' });
  });
});

describe('runtimePackages, the others', () => {
  it.each([
    ['libpq-dev', ['libpq5'], ['libpq5']],
    ['default-libmysqlclient-dev', ['libmariadb3'], ['libmariadb3']],
    ['libssl-dev', ['libssl3'], ['libssl3t64']],
    ['libffi-dev', ['libffi8'], ['libffi8']],
    ['libcurl4-openssl-dev', ['libcurl4'], ['libcurl4t64']],
    ['libpng-dev', ['libpng16-16'], ['libpng16-16t64']],
    ['libjpeg-dev', ['libjpeg62-turbo'], ['libjpeg62-turbo']],
    ['libgeos-dev', ['libgeos-c1v5'], ['libgeos-c1t64']],
    ['libreadline-dev', ['libreadline8'], ['libreadline8t64']],
    ['libncurses5-dev', ['libncurses6', 'libncursesw6', 'libtinfo6'], ['libncurses6', 'libncursesw6', 'libtinfo6']],
    ['unixodbc-dev', ['libodbc2', 'libodbcinst2', 'odbcinst'], ['libodbc2', 'libodbcinst2', 'odbcinst']],
    ['libxmlsec1-dev', ['libxmlsec1', 'libxmlsec1-openssl'], ['libxmlsec1t64', 'libxmlsec1t64-openssl']],
    ['gfortran', ['libgfortran5'], ['libgfortran5']],
    ['libmagic-dev=1:5.44-3', ['libmagic1'], ['libmagic1t64']],
    ['libpq-dev:amd64', ['libpq5'], ['libpq5']],
  ])('%s', (name, bookworm, trixie) => {
    expect(runtimePackages(name, 'bookworm')).toEqual(bookworm);
    expect(runtimePackages(name, 'trixie')).toEqual(trixie);
  });

  it.each([
    ['libpq-dev', ['libpq5']],
    ['libssl-dev', ['libssl3']],
    ['libgeos-dev', ['libgeos-c1v5']],
    ['libglib2.0-dev', ['libglib2.0-0']],
    ['libmemcached-dev', ['libmemcached11', 'libmemcachedutil2']],
  ])('%s without a suite has names for both releases', (name, packages) => expect(runtimePackages(name, undefined)).toEqual(packages));

  it.each([
    ['libssl-dev', 'libssl1.1'],
    ['libffi-dev', 'libffi7'],
    ['libwebp-dev', 'libwebp6'],
    ['libicu-dev', 'libicu67'],
    ['libpq-dev', 'libpq5'],
  ])('%s on bullseye is %s', (name, bullseye) => expect(runtimePackages(name, 'bullseye')).toContain(bullseye));

  it.each([
    ['libboost-all-dev', 'bookworm', 'dev-package-unmapped'],
    ['libopencv-dev', undefined, 'dev-package-unmapped'],
    ['libgstreamer1.0-dev', 'trixie', 'dev-package-unmapped'],
    ['libatlas-base-dev', 'trixie', 'dev-package-unmapped'],
    ['libpcre3-dev', 'trixie', 'dev-package-unmapped'],
    ['libpcre3-dev', undefined, 'dev-package-suite-unknown'],
    ['libaio-dev', undefined, 'dev-package-suite-unknown'],
    ['libpq-dev', 'buster', 'dev-package-suite-unknown'],
    ['libpq-dev', 'jammy', 'dev-package-suite-unknown'],
    ['libpq-dev', 'constructor', 'dev-package-suite-unknown'],
    ['__proto__', 'bookworm', 'dev-package-unmapped'],
  ])('%s on %s: %s', (name, suite, skip) => expect(runtimePackages(name, suite)).toEqual({ skip }));
});

describe('aptClass', () => {
  it.each([
    ...[
      'build-essential',
      'gcc',
      'gcc-12',
      'g++',
      'g++-12',
      'clang-14',
      'make',
      'cmake',
      'pkg-config',
      'golang-1.19',
      'golang-go',
      'python3-dev',
      'python3-pip',
      'python3.11-dev',
      'libc6-dev',
      'linux-libc-dev',
      'dpkg-dev',
      'git-lfs',
      'rustc',
      'gcc=4:12.2.0-3',
      'libstdc++-12-dev',
    ].map((name) => [name, 'build']),
    ...['libpq-dev', 'zlib1g-dev', 'gfortran', 'unknown-dev', 'libssl-dev/bookworm', 'libpython3-dev'].map((name) => [name, 'dev']),
    ...[
      'curl',
      'git',
      'ffmpeg',
      'libx11-6',
      'locales',
      'tini',
      'postgresql-client',
      'nodejs',
      'python3',
      'openjdk-17-jdk',
      'golangci-lint',
      'makepasswd',
      '__proto__',
      'default-jdk',
      'default-jdk-headless',
    ].map((name) => [name, 'both']),
  ])('%s is %s', (name, kind) => expect(aptClass(String(name))).toBe(kind));

  it('names what max drops', () =>
    expect([...maxDrops].sort()).toEqual([
      'apt-transport-https',
      'ca-certificates',
      'curl',
      'git',
      'gnupg',
      'lsb-release',
      'software-properties-common',
      'unzip',
      'wget',
    ]));
  it.each([
    ['curl=7.88.*', 'curl'],
    ['libpq5:arm64', 'libpq5'],
    ['g++', 'g++'],
    ['vim/stable', 'vim'],
  ])('the name in %s is %s', (spec, name) => expect(packageName(spec)).toBe(name));
});

it.each([
  ['postgresql-dev', ['libpq']],
  ['openssl-dev', ['libssl3', 'libcrypto3']],
  ['build-base', []],
  ['ffmpeg', ['ffmpeg']],
  ['libpq-dev=16.1-r0', ['libpq']],
])('Alpine: %s needs %j', (name, packages) => expect(alpineRuntimePackages(name)).toEqual(packages));
it('Alpine: a -dev package outside of the table', () =>
  expect(alpineRuntimePackages('boost-dev')).toEqual({ skip: 'alpine-dev-unmapped' }));
