// Room: knowledge/. Debian and Ubuntu releases: their C library, their names, and how versions of images compare.
import type { TagRow } from './types.ts';

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

/** Debian's releases by number. */
export const debianReleases: Readonly<Record<string, string>> = {
  7: 'wheezy',
  8: 'jessie',
  9: 'stretch',
  10: 'buster',
  11: 'bullseye',
  12: 'bookworm',
  13: 'trixie',
  14: 'forky',
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

/** The suite that a version stood on at the date of the tables. Undefined: not in the table. */
export function suiteOfVersion(rows: TagRow['suites'], version: string): string | undefined {
  const numbers = numbersOf(version);
  return numbers && rows?.findLast(([from]) => compareTo(numbers, from) >= 0)?.[1];
}

/** Whether a version has a tag that names the suite. '' or a name stands for the newest version. */
export function hasSuiteTag(suites: TagRow['suiteTags'], version: string, suite: string): boolean {
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
