// Makes src/ecosystems/python/seen-wheels.ts: `tsx scripts/wheels.ts LOCKS DATE`. LOCKS is a directory of lock files (poetry.lock, uv.lock, under any
// name): each names the files that PyPI has of a release, and what the release brings. Nothing is asked of a registry.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, valid } from '@renovatebot/pep440';
import { parse } from 'smol-toml';
import { format, resolveConfig } from 'prettier';
import { markerHolds } from '../src/ecosystems/python/markers.ts';
import { normalName } from '../src/ecosystems/python/names.ts';
import { needRow } from '../src/ecosystems/python/system-needs.ts';
import { at, entriesAt, listAt, stringAt, stringsAt } from '../src/ecosystems/python/toml.ts';
import { hasUniversalWheel, usualMachines, wheelFits } from '../src/ecosystems/python/wheel-tags.ts';
import { bundled, native, pure, purePrefixes } from '../src/ecosystems/python/wheels.ts';

/** Pure Python that starts programs, or loads libraries, which python has and python:slim lacks. Source: the README of each. */
const starts = new Set(
  'gnupg python-gnupg pretty-bad-protocol python-hglib svn ansible ansible-core ansible-runner ansible-lint ansible-compat molecule cookiecutter copier pangocffi pangocairocffi mss xcffib pgmagick sshuttle pyvirtualdisplay xvfbwrapper easygui screeninfo wmctrl jinja2-git mkdocs-git-committers-plugin pre-commit-hooks pre-commit-uv ssh-agent-setup ansible-builder bindep pythonnet clr-loader libtmux hatch'.split(
    ' ',
  ),
);

interface Release {
  files: Set<string>;
  /** Names, and `name[extra]`. */
  brings: Set<string>;
}
const releases = new Map<string, Map<string, Release>>();
const extras = new Map<string, Set<string>>();

const gathered = <T>(map: Map<string, T>, key: string, made: () => T): T => {
  const found = map.get(key) ?? made();
  map.set(key, found);
  return found;
};
const nameOf = (url: string | undefined): string[] => (url === undefined ? [] : [url.slice(url.lastIndexOf('/') + 1)]);

/** `[package.dependencies]` of Poetry, `dependencies = […]` of uv. */
function dependencies(item: unknown): { name: string; extras: string[] }[] {
  const listed = at(item, 'dependencies');
  const pairs = Array.isArray(listed)
    ? listed.map((one): [string, unknown] => [stringAt(one, 'name') ?? '', one])
    : entriesAt(item, 'dependencies').flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).map((one): [string, unknown] => [name, one]),
      );
  return pairs.flatMap(([name, one]) => {
    const marker = stringAt(one, 'marker') ?? stringAt(one, 'markers');
    if (name === '' || at(one, 'optional') === true || (marker !== undefined && markerHolds(marker) === false)) return [];
    return [{ name: normalName(name), extras: [...stringsAt(one, 'extra'), ...stringsAt(one, 'extras')].map(normalName) }];
  });
}

function read(text: string): void {
  const table = parse(text);
  const old = new Map(entriesAt(table, 'metadata', 'files').map(([name, files]) => [normalName(name), files]));
  for (const item of listAt(table, 'package')) {
    const name = normalName(stringAt(item, 'name') ?? '');
    const version = stringAt(item, 'version');
    const elsewhere = stringAt(item, 'source', 'type') ?? entriesAt(item, 'source')[0]?.[0];
    if (name === '' || version === undefined || !valid(version) || !['legacy', 'registry', undefined].includes(elsewhere)) continue;
    const listed = [...listAt(item, 'files'), ...(Array.isArray(old.get(name)) ? (old.get(name) as unknown[]) : [])];
    const files = [
      ...listed.flatMap((one) => stringAt(one, 'file') ?? []),
      ...[...listAt(item, 'wheels'), at(item, 'sdist')].flatMap((one) => nameOf(stringAt(one, 'url'))),
    ];
    for (const [extra, body] of entriesAt(item, 'optional-dependencies'))
      for (const one of Array.isArray(body) ? body : [])
        gathered(extras, `${name}[${normalName(extra)}]`, () => new Set<string>()).add(normalName(stringAt(one, 'name') ?? ''));
    for (const [extra, body] of entriesAt(item, 'extras'))
      for (const one of Array.isArray(body) ? body : [])
        gathered(extras, `${name}[${normalName(extra)}]`, () => new Set<string>()).add(normalName(/^[\w.-]+/.exec(String(one))?.[0] ?? ''));
    if (files.length === 0) continue;
    const release = gathered(
      gathered(releases, name, () => new Map<string, Release>()),
      version,
      () => ({
        files: new Set<string>(),
        brings: new Set<string>(),
      }),
    );
    for (const file of files) release.files.add(file);
    for (const one of dependencies(item)) {
      release.brings.add(one.name);
      for (const extra of one.extras) release.brings.add(`${one.name}[${extra}]`);
    }
  }
}

const [directory = '', date = ''] = process.argv.slice(2);
const locks = readdirSync(directory).filter((file) => file.endsWith('.lock'));
let whole = 0;
for (const file of locks)
  try {
    read(readFileSync(join(directory, file), 'utf8'));
    whole += 1;
  } catch {
    // a lock with marks of a merge in it
  }

const tabled = (name: string): boolean =>
  pure().has(name) || purePrefixes.some((prefix) => name.startsWith(prefix)) || native().has(name) || bundled().has(name);
const isUniversal = ({ files }: Release): boolean => hasUniversalWheel([...files]);
/** The oldest release from which on each one that was seen has a wheel for every platform. */
function oldestPure(seen: ReadonlyMap<string, Release>): string | undefined {
  const order = [...seen.keys()].sort(compare);
  const last = order.findLastIndex((version) => !isUniversal(seen.get(version) as Release));
  return order[last + 1];
}
const candidates = new Map<string, { oldest: string; brings: Set<string> }>();
for (const [name, seen] of releases) {
  const oldest = oldestPure(seen);
  if (oldest === undefined || needRow(name) !== undefined || starts.has(name) || tabled(name)) continue;
  const from = [...seen].filter(([version]) => compare(version, oldest) >= 0);
  candidates.set(name, { oldest, brings: new Set(from.flatMap(([, release]) => [...release.brings])) });
}
const bringsKnown = (one: string): boolean => {
  if (one.includes('[')) return [...(extras.get(one) ?? [''])].every(bringsKnown);
  return (needRow(one) === undefined && tabled(one)) || candidates.has(one);
};
for (let before = -1; before !== candidates.size;) {
  before = candidates.size;
  for (const [name, { brings }] of candidates) if (![...brings].every(bringsKnown)) candidates.delete(name);
}

/** Python X.Y → the oldest release that was seen with wheels for it on both machines. */
function wheelsOf(seen: ReadonlyMap<string, Release>, pythons: readonly string[]): [string, string][] {
  const order = [...seen.keys()].sort(compare);
  return pythons.flatMap((python): [string, string][] => {
    const target = { python, machines: usualMachines, glibcMinor: 31 };
    const oldest = order.find((version) => wheelFits([...(seen.get(version)?.files ?? [])], target));
    return oldest === undefined ? [] : [[python, oldest]];
  });
}
const older = [...native().keys(), ...bundled()].sort().flatMap((name) => {
  const pythons = ['3.8', '3.9', ...(bundled().has(name) ? ['3.10', '3.11', '3.12', '3.13', '3.14'] : [])];
  const found = wheelsOf(releases.get(name) ?? new Map<string, Release>(), pythons);
  return found.length === 0 ? [] : [`${name} ${found.map(([python, since]) => `${python}=${since}`).join(' ')}`];
});

const lines = [...candidates].map(([name, { oldest }]) => `${name} ${oldest}`).sort();
/** Lines that a person can scroll over. */
function wrapped(rows: readonly string[]): string {
  const filled: string[] = [''];
  for (const row of rows) {
    const last = filled.length - 1;
    const line = filled[last] ?? '';
    if (line.length + row.length > 140) filled.push(`${row},`);
    else filled[last] = `${line} ${row},`.trimStart();
  }
  return filled.join('\n');
}
const text = `// Room: ecosystems/python. Which distributions were seen with wheels. Made by scripts/wheels.ts; not written by hand.
// Source: the names of files in ${whole} lock files (poetry.lock, uv.lock) of public repositories, now and as they once were; read ${date}.

/**
 * \`name release\`: from this release on, every one that was seen has a wheel for all platforms (\`py3-none-any\`); what it brings by default has one too,
 * or stands in wheels.ts.
 */
export const seenPure = \`
${wrapped(lines)}
\`;

/** \`name 3.8=release\`: this release has wheels for that Python on Linux, x86_64 and aarch64: of rows of wheels.ts on older Pythons, and of what is bundled. */
export const seenNative = \`
${wrapped(older)}
\`;
`;
const target = 'src/ecosystems/python/seen-wheels.ts';
writeFileSync(target, await format(text, { ...(await resolveConfig(target)), parser: 'typescript' }));
console.log(`${whole} locks, ${releases.size} distributions, ${lines.length} pure, ${older.length} with wheels for Linux`);
