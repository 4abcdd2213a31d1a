// Room: ecosystems/python. What a project says that it needs: pyproject.toml, setup.cfg or setup.py, read as text; nothing of it is run.
import type { FileTree } from '../../context/types.ts';
import { joinPath } from '../../context/paths.ts';
import { known, unknown, type Fact } from '../../facts/types.ts';
import { normalName } from './names.ts';
import { wantedDependencies } from './pyproject.ts';
import { readRequirements } from './requirements.ts';
import { readCode } from './source-text.ts';
import { at, entriesAt, readToml, stringAt, stringsAt } from './toml.ts';

/** A requirement as it is written. */
export interface Declared {
  name: string;
  spec: string;
  marker: string | undefined;
  file: string;
}
interface Manifest {
  path: string;
  text: string;
}
interface Read {
  needs: Fact<Declared[]>;
  scripts: ReadonlySet<string>;
  /** Undefined: setuptools, which is taken where nothing is said. */
  backend: string | undefined;
}

/** The requirements of a project with some of its extras. Unknown: they are computed when it is built. */
export function declaredIn(tree: FileTree, dir: string, files: ReadonlyMap<string, Manifest>, extras: readonly string[]): Read {
  const toml = files.get('pyproject.toml');
  const read = toml && readToml(tree, toml.path);
  const table = read && 'table' in read ? read.table : {};
  const scripts = new Set(
    [...entriesAt(table, 'project', 'scripts'), ...entriesAt(table, 'tool', 'poetry', 'scripts')].map(([name]) => name),
  );
  const backend = stringAt(table, 'build-system', 'build-backend');
  if (read && 'why' in read) return { needs: unknown(read.why), scripts, backend };
  if (toml && at(table, 'project') !== undefined) return { needs: ofProject(tree, dir, toml.path, table, extras), scripts, backend };
  if (toml && at(table, 'tool', 'poetry', 'name') !== undefined) return { needs: ofPoetry(toml.path, table, extras), scripts, backend };
  const cfg = files.get('setup.cfg');
  const py = files.get('setup.py');
  const parts = [cfg && ofSetupCfg(tree, dir, cfg, extras), py && ofSetupPy(py, extras, cfg !== undefined)].filter(
    (one) => one !== undefined,
  );
  for (const text of [cfg?.text, py?.text]) for (const name of consoleScripts(text ?? '')) scripts.add(name);
  const open = parts.find((one) => 'unknown' in one);
  return { needs: open ?? known(parts.flatMap((one) => ('value' in one ? one.value : []))), scripts, backend };
}

/** Lines of a requirements file, or the strings of a list. */
function requirements(lines: readonly string[], file: string): Fact<Declared[]> {
  const found: Declared[] = [];
  for (const line of readRequirements(lines.join('\n')) ?? []) {
    if (line.kind !== 'package' || line.url !== undefined) return unknown(`${file} asks for \`${line.text}\``);
    found.push({ name: line.name, spec: line.spec, marker: line.marker, file });
  }
  return known(found);
}

const joinedFacts = (facts: readonly Fact<Declared[]>[]): Fact<Declared[]> =>
  facts.find((one) => 'unknown' in one) ?? known(facts.flatMap((one) => ('value' in one ? one.value : [])));

function fromFiles(tree: FileTree, dir: string, names: readonly string[], from: string): Fact<Declared[]> {
  return joinedFacts(
    names.map((name) => {
      const path = joinPath(dir, name.trim());
      const read = path === undefined ? undefined : tree.read(path);
      return read?.kind === 'text' ? requirements(read.text.split('\n'), path ?? '') : unknown(`${from} reads ${name}, which is not there`);
    }),
  );
}

/** Source: setuptools, "Configuring setuptools using pyproject.toml files", dynamic metadata. */
function ofProject(tree: FileTree, dir: string, file: string, table: object, extras: readonly string[]): Fact<Declared[]> {
  const dynamic = stringsAt(table, 'project', 'dynamic');
  const own = dynamic.includes('dependencies')
    ? dynamically(tree, dir, file, table, ['dependencies'])
    : requirements(stringsAt(table, 'project', 'dependencies'), file);
  const groups = extras.map((extra) => {
    if (dynamic.includes('optional-dependencies')) return dynamically(tree, dir, file, table, ['optional-dependencies', extra]);
    const found = entriesAt(table, 'project', 'optional-dependencies').find(([name]) => normalName(name) === normalName(extra))?.[1];
    return Array.isArray(found)
      ? requirements(
          found.filter((one): one is string => typeof one === 'string'),
          file,
        )
      : known([]);
  });
  return joinedFacts([own, ...groups]);
}

function dynamically(tree: FileTree, dir: string, file: string, table: object, keys: readonly string[]): Fact<Declared[]> {
  const given = at(table, 'tool', 'setuptools', 'dynamic', ...keys, 'file');
  const names =
    typeof given === 'string' ? [given] : Array.isArray(given) ? given.filter((one): one is string => typeof one === 'string') : [];
  return names.length > 0 ? fromFiles(tree, dir, names, file) : unknown(`${file} says that ${keys[0]} are dynamic`);
}

/** Ranges of Poetry have an upper end that PEP 440 does not write so: they stand as they are, and are read by nobody. */
function ofPoetry(file: string, table: object, extras: readonly string[]): Fact<Declared[]> {
  const entries = new Map(entriesAt(table, 'tool', 'poetry', 'dependencies').map(([name, value]) => [normalName(name), value]));
  const chosen = new Set(extras.flatMap((extra) => stringsAt(table, 'tool', 'poetry', 'extras', extra).map(normalName)));
  return known(
    wantedDependencies(table, []).flatMap(({ name, optional }) => {
      const value = entries.get(name);
      const spec = typeof value === 'string' ? value : (stringAt(value, 'version') ?? '');
      return optional && !chosen.has(name) ? [] : [{ name, spec: spec === '*' ? '' : spec, marker: undefined, file }];
    }),
  );
}

/** Source: setuptools, "Configuring setup() using setup.cfg files". */
function ofSetupCfg(tree: FileTree, dir: string, { path, text }: Manifest, extras: readonly string[]): Fact<Declared[]> {
  const sections = iniSections(text);
  const wanted = [
    sections.get('options')?.get('install_requires') ?? [],
    ...extras.map((extra) => sections.get('options.extras_require')?.get(extra) ?? []),
  ];
  return joinedFacts(
    wanted.map((lines) => {
      const [first = ''] = lines;
      const files = /^file:\s*(.+)$/.exec(first)?.[1];
      return files === undefined ? requirements(lines, path) : fromFiles(tree, dir, files.split(','), path);
    }),
  );
}

/** Keys of each section with their lines; a value goes on in lines that are indented. Source: docs.python.org/3/library/configparser.html */
function iniSections(text: string): Map<string, Map<string, string[]>> {
  const sections = new Map<string, Map<string, string[]>>();
  let section = new Map<string, string[]>();
  let key: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) sections.set(header, (section = new Map()));
    else if (/^\s/.test(line)) key?.push(trimmed);
    else {
      const [, name = '', value = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
      section.set(name, (key = value === '' ? [] : [value]));
    }
  }
  return sections;
}

/** Lists of literals alone; what a name or a call holds is not read. */
function ofSetupPy({ path, text }: Manifest, extras: readonly string[], besideCfg: boolean): Fact<Declared[]> {
  const code = readCode(text).text;
  if (/\binstall_requires\s*(?:\+=|\.(?:append|extend|insert)\b)/.test(code)) return unknown(`${path} computes what it needs`);
  const own = /\binstall_requires\s*=\s*/.exec(code);
  if (!own && !/\bsetup\s*\(/.test(code)) return unknown(`${path} calls no setup()`);
  const lists = own ? [listBehind(code, own.index + own[0].length)] : [];
  if (!own && !besideCfg && /\*\*\w/.test(code)) return unknown(`${path} computes what it needs`);
  for (const extra of extras) {
    const found = new RegExp(`["']${extra.replace(/[^\w-]/g, '\\$&')}["']\\s*:\\s*`).exec(code);
    if (found) lists.push(listBehind(code, found.index + found[0].length));
    else if (!besideCfg) return unknown(`${path} computes its extra ${extra}`);
  }
  if (lists.includes(undefined)) return unknown(`${path} computes what it needs`);
  return requirements(
    lists.flatMap((list) => list ?? []),
    path,
  );
}

function listBehind(code: string, from: number): string[] | undefined {
  const end = code[from] === '[' ? bracketEnd(code, from) : code.length;
  const inner = /^\]\s*(?:[,)}\n]|$)/.test(code.slice(end, end + 200)) ? code.slice(from + 1, end) : undefined;
  const items =
    inner
      ?.split(/\n|,(?=\s*(?:["'\]]|$))/)
      .map((item) => item.trim().replace(/,$/, '').trim())
      .filter(Boolean) ?? [];
  const literals = items.map((item) => /^(["'])([^"']*(?:(?!\1)["'][^"']*)*)\1$/.exec(item)?.[2]);
  return inner === undefined || literals.includes(undefined) ? undefined : (literals as string[]);
}

/** The offset from which the list's own bracket is the next one: those of extras (`uvicorn[standard]`) stand in quotes. */
function bracketEnd(code: string, from: number): number {
  let quote = '';
  for (let at = from + 1; at < code.length && at < from + 20_000; at += 1) {
    const char = code[at] ?? '';
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === ']') return at;
  }
  return code.length;
}

/** Names of `console_scripts`, in setup.cfg and setup.py alike. */
function consoleScripts(text: string): string[] {
  const at = text.indexOf('console_scripts');
  if (at === -1) return [];
  const names: string[] = [];
  for (const line of text
    .slice(at, at + 5000)
    .split('\n')
    .slice(0, 100)) {
    if (names.length > 0 && !/[\w.-]+\s*=\s*[\w.]+\s*:/.test(line)) break;
    for (const found of line.matchAll(/([\w.-]+)\s*=\s*[\w.]+\s*:\s*\w/g)) names.push(found[1] ?? '');
  }
  return names.filter((name) => name !== 'console_scripts');
}
