// Room: knowledge/. Debian and Ubuntu releases: their C library, the suites that floating tags stood on, the tags that name a suite. Data first, three lookups behind it.

// These tables were read on 2026-08-21. Source: docker-library/official-images, `library/*`, every commit from 2017-06 to that day.

/** C library by suite, as [major, minor]. Sources: packages.debian.org/libc6, packages.ubuntu.com/libc6. */
export const glibc: Readonly<Record<string, readonly [number, number]>> = {
  stretch: [2, 24],
  buster: [2, 28],
  bullseye: [2, 31],
  bookworm: [2, 36],
  trixie: [2, 41],
  bionic: [2, 27],
  focal: [2, 31],
  jammy: [2, 35],
  noble: [2, 39],
};

/** Names that a tag may use for a release of its distribution. */
export const debianSuites: ReadonlySet<string> = new Set([
  'wheezy',
  'jessie',
  'stretch',
  'buster',
  'bullseye',
  'bookworm',
  'trixie',
  'forky',
  'sid',
]);
export const ubuntuSuites: ReadonlySet<string> = new Set([
  'trusty',
  'xenial',
  'bionic',
  'focal',
  'jammy',
  'noble',
  'plucky',
  'questing',
  'resolute',
  'stonking',
]);

/** Release number → suite, for the distributions' own images. */
export const releases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: { 7: 'wheezy', 8: 'jessie', 9: 'stretch', 10: 'buster', 11: 'bullseye', 12: 'bookworm', 13: 'trixie', 14: 'forky' },
  ubuntu: {
    '14.04': 'trusty',
    '16.04': 'xenial',
    '18.04': 'bionic',
    '20.04': 'focal',
    '22.04': 'jammy',
    '24.04': 'noble',
    '25.04': 'plucky',
    '25.10': 'questing',
    '26.04': 'resolute',
    '26.10': 'stonking',
  },
};

/** Tags without a number, and the version that they stood for at the date of these tables. '' is no tag. */
export const floating: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  node: { '': '26', latest: '26', current: '26', lts: '24' },
  nginx: { '': '1.31', latest: '1.31', mainline: '1.31', stable: '1.30' },
};

/** Node's release names. Source: https://github.com/nodejs/Release */
export const nodeCodenames: Readonly<Record<string, string>> = {
  argon: '4',
  boron: '6',
  carbon: '8',
  dubnium: '10',
  erbium: '12',
  fermium: '14',
  gallium: '16',
  hydrogen: '18',
  iron: '20',
  jod: '22',
  krypton: '24',
};

/**
 * The suite below a tag that names none: from this version on, up to the next row. A tag with all its numbers stays where it was when the next one came out,
 * so these rows hold for good up to the newest versions; shorter tags move.
 */
export const defaultSuites: Readonly<Record<string, readonly (readonly [from: string, suite: string])[]>> = {
  node: [
    ['11', 'stretch'],
    ['14.19.3', 'buster'],
    ['15', 'stretch'],
    ['16', 'buster'],
    ['17', 'bullseye'],
    ['18.16', 'bookworm'],
    ['19', 'bullseye'],
    ['20.3', 'bookworm'],
    ['26', 'trixie'],
  ],
  python: [
    ['3.6.9', 'buster'],
    ['3.6.14', 'bullseye'],
    ['3.7', 'stretch'],
    ['3.7.4', 'buster'],
    ['3.7.11', 'bullseye'],
    ['3.7.17', 'bookworm'],
    ['3.8', 'buster'],
    ['3.8.11', 'bullseye'],
    ['3.8.17', 'bookworm'],
    ['3.9', 'buster'],
    ['3.9.6', 'bullseye'],
    ['3.9.17', 'bookworm'],
    ['3.9.23', 'trixie'],
    ['3.10', 'bullseye'],
    ['3.10.12', 'bookworm'],
    ['3.10.18', 'trixie'],
    ['3.11', 'bullseye'],
    ['3.11.4', 'bookworm'],
    ['3.11.13', 'trixie'],
    ['3.12', 'bookworm'],
    ['3.12.11', 'trixie'],
    ['3.13', 'bookworm'],
    ['3.13.6', 'trixie'],
  ],
  golang: [
    ['1.13', 'buster'],
    ['1.16.7', 'bullseye'],
    ['1.19.10', 'bookworm'],
    ['1.20', 'bullseye'],
    ['1.20.5', 'bookworm'],
    ['1.24.6', 'trixie'],
  ],
  rust: [
    ['1.37', 'buster'],
    ['1.55', 'bullseye'],
    ['1.72', 'bookworm'],
    ['1.89', 'trixie'],
  ],
  ruby: [
    ['2.6.3', 'buster'],
    ['2.6.8', 'bullseye'],
    ['2.7', 'buster'],
    ['2.7.4', 'bullseye'],
    ['3.0', 'buster'],
    ['3.0.2', 'bullseye'],
    ['3.1.4', 'bookworm'],
    ['3.2', 'bullseye'],
    ['3.2.2', 'bookworm'],
    ['3.2.9', 'trixie'],
    ['3.3', 'bookworm'],
    ['3.3.9', 'trixie'],
    ['3.4', 'bookworm'],
    ['3.4.5', 'trixie'],
  ],
  // dotnet/dotnet-docker, README of each repository: Debian up to 9, Ubuntu from 10
  'dotnet/sdk': [
    ['6', 'bullseye'],
    ['8', 'bookworm'],
    ['10', 'noble'],
  ],
  'dotnet/aspnet': [
    ['6', 'bullseye'],
    ['8', 'bookworm'],
    ['10', 'noble'],
  ],
  'dotnet/runtime': [
    ['6', 'bullseye'],
    ['8', 'bookworm'],
    ['10', 'noble'],
  ],
  nginx: [['1.30', 'trixie']],
  httpd: [['2.4.68', 'trixie']],
};

/** The same where the version does not matter: distributions by name, and images that stand on one release. */
export const namedDefaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: {
    '': 'trixie',
    latest: 'trixie',
    stable: 'trixie',
    oldstable: 'bookworm',
    oldoldstable: 'bullseye',
    testing: 'forky',
    unstable: 'sid',
  },
  'buildpack-deps': { '': 'trixie', latest: 'trixie', curl: 'trixie', scm: 'trixie', stable: 'trixie', oldstable: 'bookworm' },
  ubuntu: { '': 'resolute', latest: 'resolute', rolling: 'resolute' },
};

/**
 * Versions that have a tag with the suite's name (`golang:1.23-bookworm`): from … to, both included; `to` without its last numbers means all of that series; no `to`: still made.
 * Rust 1.72.0 had a trixie tag for some days; it is left out.
 */
export const suiteTags: Readonly<Record<string, Readonly<Record<string, readonly (readonly [from: string, to?: string])[]>>>> = {
  golang: {
    bullseye: [
      ['1.16.7', '1.23'],
      ['1.24', '1.24.6'],
    ],
    bookworm: [['1.19.10', '1.19'], ['1.20.5']],
    trixie: [['1.24.6']],
  },
  rust: { bullseye: [['1.51']], bookworm: [['1.67']], trixie: [['1.88']] },
  python: {
    bullseye: [
      ['3.6.14', '3.6'],
      ['3.7.11', '3.7'],
      ['3.8.11', '3.8'],
      ['3.9.6', '3.9.23'],
      ['3.10', '3.10.18'],
      ['3.11', '3.11.13'],
      ['3.12', '3.12.11'],
      ['3.13', '3.13.6'],
    ],
    bookworm: [['3.7.17', '3.7'], ['3.8.17', '3.8'], ['3.9.17', '3.9'], ['3.10.12', '3.10'], ['3.11.4']],
    trixie: [['3.9.23', '3.9'], ['3.10.18', '3.10'], ['3.11.13', '3.11'], ['3.12.11', '3.12'], ['3.13.6']],
  },
  ruby: {
    bullseye: [
      ['2.6.8', '2.6'],
      ['2.7.4', '2.7'],
      ['3.0.2', '3.1'],
      ['3.2', '3.2.9'],
      ['3.3', '3.3.9'],
      ['3.4', '3.4.5'],
    ],
    bookworm: [['3.1.4', '3.1'], ['3.2.2']],
    trixie: [['3.2.9', '3.2'], ['3.3.9', '3.3'], ['3.4.5']],
  },
  node: {
    bullseye: [['12.22.5', '12'], ['14.17.5', '14'], ['16.6.2']],
    bookworm: [['16.20', '16'], ['18.16', '18'], ['20.3']],
    trixie: [['20.19.4', '20'], ['22.18', '22'], ['24.5']],
  },
};

/** The numbers of a version; what is missing is infinite, because a shorter tag stands for the newest of its series. Undefined: no version. */
export function numbersOf(version: string): number[] | undefined {
  if (version.length > 32 || !/^\d+(?:\.\d+)*$/.test(version)) return undefined;
  const numbers = version.split('.').map(Number);
  return [...numbers, Infinity, Infinity, Infinity].slice(0, Math.max(3, numbers.length));
}

/** Compares two versions; `shorter` parts of `b` are not compared. */
function compareTo(a: readonly number[], b: string): number {
  const limits = b.split('.').map(Number);
  for (const [i, limit] of limits.entries()) {
    const own = a[i] ?? 0;
    if (own !== limit) return own < limit ? -1 : 1;
  }
  return 0;
}

/** Whether a version is older than another. What is no version, and a short one that moves on ('1'), is not. */
export function isBefore(version: string, than: string): boolean {
  const numbers = numbersOf(version);
  return numbers !== undefined && compareTo(numbers, than) < 0;
}

/** The suite that `version` of a repository stood on at the date of these tables, by `defaultSuites`. Undefined: not in the table. */
export function suiteOfVersion(repository: string, version: string): string | undefined {
  const numbers = numbersOf(version);
  const rows = Object.hasOwn(defaultSuites, repository) ? defaultSuites[repository] : undefined;
  return numbers && rows?.findLast(([from]) => compareTo(numbers, from) >= 0)?.[1];
}

/** Whether `version` of a repository has a tag that names the suite. '' or a name stands for the newest version. Unknown repositories: false. */
export function hasSuiteTag(repository: string, version: string, suite: string): boolean {
  const suites = Object.hasOwn(suiteTags, repository) ? suiteTags[repository] : undefined;
  const rows = suites && Object.hasOwn(suites, suite) ? suites[suite] : undefined;
  const numbers = numbersOf(version) ?? (/^[a-z]*$/.test(version) ? [Infinity, Infinity, Infinity] : undefined);
  if (!rows || !numbers) return false;
  return rows.some(([from, to]) => compareTo(numbers, from) >= 0 && (to === undefined || compareTo(numbers, to) <= 0));
}

/** Whether a program linked on one suite finds a C library that is new enough on another. Undefined: a suite is not in the table. */
export function runsOn(built: string, runtime: string): boolean | undefined {
  const a = Object.hasOwn(glibc, built) ? glibc[built] : undefined;
  const b = Object.hasOwn(glibc, runtime) ? glibc[runtime] : undefined;
  return a && b && (b[0] > a[0] || (b[0] === a[0] && b[1] >= a[1]));
}

/** Releases whose packages have left the mirrors. Source: Debian wiki, DebianReleases (2026-08). */
export const archivedSuites: ReadonlySet<string> = new Set(['wheezy', 'jessie', 'stretch', 'buster']);
