// Room: ecosystems/python. pyproject.toml. Sources: https://packaging.python.org/en/latest/specifications/pyproject-toml/,
// https://python-poetry.org/docs/pyproject/, PEP 735 (dependency groups).
import type { FileTree } from '../../context/types.ts';
import { joinPath } from '../../context/paths.ts';
import { normalName } from './names.ts';
import { at, entriesAt, lineIndex, listAt, readToml, stringAt, stringsAt, type TomlFile } from './toml.ts';
import type { PythonProject } from './types.ts';

export type Pyproject = NonNullable<PythonProject['pyproject']>;
/** A dependency as the manifest writes it. */
export interface Wanted {
  name: string;
  extras: string[];
  optional: boolean;
}

/** Reads the manifest of a directory; undefined when there is none that can be read (`why` says so). */
export function readPyproject(
  tree: FileTree,
  path: string,
  dir: string,
): { pyproject: Pyproject; file: TomlFile } | { why: string } | undefined {
  const file = readToml(tree, path);
  if (file === undefined || 'why' in file) return file;
  const { table, text } = file;
  const buildBackend = stringAt(table, 'build-system', 'build-backend');
  const poetry = at(table, 'tool', 'poetry') !== undefined || (buildBackend ?? '').startsWith('poetry.');
  const name = stringAt(table, 'project', 'name') ?? stringAt(table, 'tool', 'poetry', 'name');
  const pyproject: Pyproject = {
    path,
    name,
    buildBackend,
    packageMode: at(table, 'tool', 'poetry', 'package-mode') !== false,
    poetry,
    groups: readGroups(table, text),
    scripts: readScripts(table),
    readme: readmeOf(table),
    packages: packageDirectories(tree, dir, table, name),
    pathDependencies: pathDependencies(table),
    dynamic: stringsAt(table, 'project', 'dynamic'),
  };
  return { pyproject, file };
}

function readGroups(table: object, text: string): Pyproject['groups'] {
  const groups = new Map<string, Pyproject['groups'][number]>();
  const lineOf = lineIndex(text);
  const add = (name: string, optional: boolean, line: number | undefined): void => {
    const known = groups.get(name);
    if (known === undefined) groups.set(name, { name, optional, line });
    else known.optional ||= optional;
  };
  for (const [name] of entriesAt(table, 'dependency-groups')) add(name, false, lineOf('dependency-groups', name));
  for (const [name, group] of entriesAt(table, 'tool', 'poetry', 'group')) {
    add(name, at(group, 'optional') === true, lineOf(`tool.poetry.group.${name}.dependencies`) ?? lineOf(`tool.poetry.group.${name}`));
  }
  if (at(table, 'tool', 'poetry', 'dev-dependencies') !== undefined) add('dev', false, lineOf('tool.poetry.dev-dependencies'));
  groups.delete('main');
  return [...groups.values()];
}

function readScripts(table: object): Map<string, string> {
  const scripts = new Map<string, string>();
  for (const [name, value] of [...entriesAt(table, 'tool', 'poetry', 'scripts'), ...entriesAt(table, 'project', 'scripts')]) {
    const target = typeof value === 'string' ? value : (stringAt(value, 'reference') ?? stringAt(value, 'callable'));
    if (target !== undefined) scripts.set(name, target);
  }
  return scripts;
}

function readmeOf(table: object): string | undefined {
  const given = at(table, 'project', 'readme') ?? at(table, 'tool', 'poetry', 'readme');
  if (typeof given === 'string') return given;
  return Array.isArray(given) ? given.find((item): item is string => typeof item === 'string') : stringAt(given, 'file');
}

/** Directories of the root package, relative to the project's directory: as declared, else found by the name. */
function packageDirectories(tree: FileTree, dir: string, table: object, name: string | undefined): string[] {
  const declared = listAt(table, 'tool', 'poetry', 'packages').flatMap((item) => {
    const include = stringAt(item, 'include');
    const from = stringAt(item, 'from');
    return include === undefined ? [] : [from === undefined ? include : `${from}/${include}`];
  });
  declared.push(...stringsAt(table, 'tool', 'hatch', 'build', 'targets', 'wheel', 'packages'));
  if (declared.length > 0) return declared;
  if (name === undefined) return [];
  const module = normalName(name).replaceAll('-', '_');
  return [`src/${module}`, module].filter((path) => tree.stat(joinPath(dir, path) ?? '\0')?.kind === 'dir');
}

function pathDependencies(table: object): string[] {
  const poetryTables = [
    ...entriesAt(table, 'tool', 'poetry', 'dependencies'),
    ...entriesAt(table, 'tool', 'poetry', 'dev-dependencies'),
    ...entriesAt(table, 'tool', 'poetry', 'group').flatMap(([, group]) => entriesAt(group, 'dependencies')),
    ...entriesAt(table, 'tool', 'uv', 'sources'),
  ];
  const paths = poetryTables
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .flatMap((value) => stringAt(value, 'path') ?? []);
  const direct = [
    ...stringsAt(table, 'project', 'dependencies'),
    ...entriesAt(table, 'dependency-groups').flatMap(([, group]) => (Array.isArray(group) ? group : [])),
  ];
  for (const requirement of direct) {
    const file = typeof requirement === 'string' ? /@\s*file:(?:\/\/)?(\S+)/.exec(requirement) : null;
    if (file?.[1] !== undefined) paths.push(file[1]);
  }
  return [...new Set(paths)];
}

/** The dependencies that belong to main, and to the groups named. */
export function wantedDependencies(table: object, groups: readonly string[]): Wanted[] {
  const found = stringsAt(table, 'project', 'dependencies').flatMap((text) => wantedOf(text, false));
  for (const [, extra] of entriesAt(table, 'project', 'optional-dependencies')) {
    if (Array.isArray(extra)) found.push(...extra.flatMap((text) => (typeof text === 'string' ? wantedOf(text, true) : [])));
  }
  found.push(...poetryWanted(entriesAt(table, 'tool', 'poetry', 'dependencies')));
  for (const group of groups) {
    found.push(...poetryWanted(entriesAt(table, 'tool', 'poetry', 'group', group, 'dependencies')));
    found.push(...stringsAt(table, 'dependency-groups', group).flatMap((text) => wantedOf(text, false)));
    if (group === 'dev') found.push(...poetryWanted(entriesAt(table, 'tool', 'poetry', 'dev-dependencies')));
  }
  return found;
}

function poetryWanted(entries: [string, unknown][]): Wanted[] {
  return entries
    .filter(([name]) => name !== 'python')
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => ({
        name: normalName(name),
        extras: stringsAt(one, 'extras').map(normalName),
        optional: at(one, 'optional') === true,
      })),
    );
}

/** Name and extras of a PEP 508 requirement. */
export function wantedOf(text: string, optional: boolean): Wanted[] {
  const match = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?/.exec(text);
  if (match?.[1] === undefined) return [];
  const extras = (match[2] ?? '')
    .split(',')
    .map((extra) => normalName(extra.trim()))
    .filter(Boolean);
  return [{ name: normalName(match[1]), extras, optional }];
}
