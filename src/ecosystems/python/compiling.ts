// Room: ecosystems/python. P-WHEEL: does a distribution compile on install? Exact from a lock that names files, else from the dated tables.
import { compare, valid } from '@renovatebot/pep440';
import { known, unknown, type Evidence, type Fact } from '../../facts/types.ts';
import type { ClosurePackage } from './closure.ts';
import type { LockedPackage } from './locks.ts';
import { markerHolds } from './markers.ts';
import { needRow } from './system-needs.ts';
import { hasUniversalWheel, usualMachines, wheelFits, wheelTags } from './wheel-tags.ts';
import { seenNative, seenPure } from './seen-wheels.ts';
import { native, newestPython, pure, purePrefixes, type NativeRow } from './wheels.ts';

/** Where the image runs; missing fields take the usual: x86_64 and aarch64, glibc 2.31 (Debian 11) or newer. */
export interface BuildTarget {
  machines?: readonly string[];
  glibcMinor?: number;
}

/** 'X.Y' of a version of Python 3; undefined when it floats. */
export function pythonMinor(version: string | undefined): string | undefined {
  return /^(3\.\d+)(?:\.\d+)?(?:[a-z]+\d*)?$/.exec(version ?? '')?.[1];
}

/** From the files that a lock names. `entries` are all versions of one name. */
export function compilesByLock(
  name: string,
  entries: readonly LockedPackage[],
  lockPath: string,
  version: string | undefined,
  target: BuildTarget,
): Fact<boolean> {
  const python = pythonMinor(version);
  const evidenceOf = (one: LockedPackage, says: string): Evidence => ({
    file: lockPath,
    line: one.line,
    says: `${one.name} ${one.version ?? ''}: ${says}`,
  });
  const applying = entries.filter(
    (one) => one.markers.size === 0 || [...one.markers.values()].some((marker) => markerHolds(marker, python) !== false),
  );
  if (applying.length === 0) return known(false, ...entries.slice(0, 1).map((one) => evidenceOf(one, 'is not for Linux')));
  const elsewhere = applying.find((one) => one.source !== undefined);
  if (elsewhere) return unknown(`${name} comes from a ${elsewhere.source} source`, evidenceOf(elsewhere, `source ${elsewhere.source}`));
  const unnamed = applying.find((one) => one.files.length === 0);
  if (unnamed) return unknown(`${lockPath} names no files of ${name}`, evidenceOf(unnamed, 'no files'));
  if (applying.every((one) => isForeign(one.files)))
    return known(false, ...applying.slice(0, 1).map((one) => evidenceOf(one, 'has files for other systems only')));
  if (isPure(name)) return known(false, ...applying.slice(0, 1).map((one) => evidenceOf(one, 'pure Python')));
  if (applying.every((one) => hasUniversalWheel(one.files)))
    return known(false, ...applying.slice(0, 1).map((one) => evidenceOf(one, 'has a wheel for every platform')));
  if (applying.every((one) => !hasLinuxWheel(one.files)))
    return known(true, ...applying.map((one) => evidenceOf(one, 'has no wheel for Linux')));
  if (python === undefined)
    return unknown(
      `the version of Python is not known, and ${name} has wheels for some only`,
      ...applying.map((one) => evidenceOf(one, 'has wheels for some versions')),
    );
  const wheelTarget = { python, machines: target.machines ?? usualMachines, glibcMinor: target.glibcMinor ?? 31 };
  // Versions for other Pythons stand beside the one for this: one that fits is the one that is chosen.
  const fitting = applying.find((one) => wheelFits(one.files, wheelTarget));
  if (fitting) return known(false, evidenceOf(fitting, `has a wheel for Python ${python} on Linux`));
  return known(
    true,
    ...applying.map((one) => evidenceOf(one, `has no wheel for Python ${python} on Linux (${wheelTarget.machines.join(', ')})`)),
  );
}

const hasLinuxWheel = (files: readonly string[]): boolean =>
  files.some((file) => wheelTags(file)?.platforms.some((platform) => platform === 'any' || /^(?:many)?linux/.test(platform)));

/** Only wheels for Windows and macOS: nothing of it can be installed on Linux, so a marker keeps it out. */
const isForeign = (files: readonly string[]): boolean =>
  files.every((file) => (wheelTags(file)?.platforms ?? ['any']).every((platform) => /^(?:win|macosx)/.test(platform)));

export const isPure = (name: string): boolean => pure().has(name) || purePrefixes.some((prefix) => name.startsWith(prefix));

const table = (says: string): Evidence => ({ file: 'requirements', says });

/** From the tables; `asked` are the requirement lines that name the distribution. */
export function compilesByTable(name: string, asked: readonly ClosurePackage[], version: string | undefined): Fact<boolean> {
  const evidence = asked.slice(0, 3).map((one): Evidence => ({ file: one.file, line: one.line, says: `${name} ${one.spec}`.trim() }));
  const url = asked.find((one) => one.url !== undefined);
  if (url) return unknown(`${name} is installed from ${/^\w+\+/.test(url.url ?? '') ? 'a repository' : 'a URL'}`, ...evidence);
  if (asked.some((one) => one.extras.includes('c')) && name === 'psycopg') return known(true, ...evidence);
  if (needRow(name)?.compiles) return known(true, ...evidence, table(`${name} has no wheel for Linux`));
  if (isPure(name)) return known(false, ...evidence, table(`${name} is pure Python`));
  const specs = asked.length === 0 ? [''] : asked.map((one) => one.spec);
  if (specs.every((spec) => wasSeen(name, spec, pythonMinor(version))))
    return known(false, ...evidence, table(`${name} has wheels, as lock files name them`));
  const row = native().get(name);
  if (row === undefined)
    return needRow(name) === undefined ? unknown(`whether ${name} has wheels is not known`, ...evidence) : known(false, ...evidence);
  const answers = specs.map((spec) => rowCompiles(row, spec, pythonMinor(version)));
  if (answers.includes(true))
    return known(true, ...evidence, table(`no release of ${name} that is asked for has a wheel for Python ${version ?? ''}`));
  if (answers.includes(undefined))
    return unknown(`whether this release of ${name} has a wheel for Python ${version ?? '(version unknown)'} is not known`, ...evidence);
  return known(false, ...evidence, table(`${name} has wheels`));
}

const rowsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(',').map((row) => {
      const [name = '', ...rest] = row.trim().split(' ');
      return [name, rest.join(' ')];
    }),
  );
let seen: { pure: ReadonlyMap<string, string>; native: ReadonlyMap<string, string> } | undefined;

/** What is asked for reaches a release whose wheels were seen. What was not seen is no answer. */
function wasSeen(name: string, spec: string, python: string | undefined): boolean {
  seen ??= { pure: rowsOf(seenPure), native: rowsOf(seenNative) };
  const oldest = seen.pure.get(name);
  const since =
    python === undefined
      ? undefined
      : seen.native
          .get(name)
          ?.split(' ')
          .find((one) => one.startsWith(`${python}=`));
  if (oldest !== undefined) return rowCompiles({ pureFrom: oldest }, spec, python) === false;
  return (
    since !== undefined &&
    python !== undefined &&
    rowCompiles({ since: { [python]: since.slice(python.length + 1) } }, spec, python) === false
  );
}

function rowCompiles(row: NativeRow, spec: string, python: string | undefined): boolean | undefined {
  const ceiling = ceilingOf(spec);
  if (ceiling === undefined) return undefined;
  const reaches = (release: string | undefined): boolean => release !== undefined && ceiling.every((limit) => limit.reaches(release));
  if (row.pureBelow !== undefined && !reaches(row.pureBelow)) return false;
  if (reaches(row.pureFrom) || reaches(row.anyPython)) return false;
  if (row.since === undefined) return row.anyPython === undefined && row.pureFrom === undefined ? true : undefined;
  if (python === undefined) return undefined;
  const since = row.since[python];
  if (since !== undefined) return !reaches(since);
  const minor = Number(python.slice(2));
  if (minor > Number((row.upTo ?? newestPython).slice(2))) return undefined;
  // The newest release has a wheel for all Pythons that it supports; for older Pythons pip takes an older release.
  if (ceiling.length === 0) return false;
  return minor < 10 && reaches(row.since['3.10']) ? false : undefined;
}

interface Limit {
  /** Whether a release at or above `release` can satisfy the clause. */
  reaches(release: string): boolean;
}

/** The upper limits of a version specifier (PEP 440); undefined when a clause cannot be read. */
function ceilingOf(spec: string): Limit[] | undefined {
  const limits: Limit[] = [];
  for (const clause of spec
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .slice(0, 20)) {
    const match = /^(===|==|~=|<=|>=|!=|<|>)\s*([\w.+!*-]{1,60})$/.exec(clause);
    if (match === null) return undefined;
    const [, operator = '', text = ''] = match;
    if (operator === '>=' || operator === '>' || operator === '!=') continue;
    const open = operator === '~=' ? text.split('.').slice(0, -1) : text.endsWith('.*') ? text.split('.').slice(0, -1) : undefined;
    const version = open === undefined ? text : nextOf(open);
    if (version === undefined || !valid(version)) return undefined;
    const exclusive = open !== undefined || operator === '<';
    limits.push({ reaches: (release) => (exclusive ? compare(version, release) > 0 : compare(version, release) >= 0) });
  }
  return limits;
}

/** `['1', '4']` → '1.5'. */
function nextOf(parts: string[]): string | undefined {
  const last = parts.at(-1);
  return last === undefined || !/^\d+$/.test(last) ? undefined : [...parts.slice(0, -1), String(Number(last) + 1)].join('.');
}
