// Room: ecosystems/python. What `uv run` brings into the environment before the program starts: it makes it as the lock and its own options say.
// Source: https://docs.astral.sh/uv/concepts/projects/sync/ ("Locking and syncing are automatic in uv")
import type { FileTree } from '../../context/types.ts';
import type { HomeQuestion } from '../types.ts';
import { at, readToml } from './toml.ts';
import type { PythonProject } from './types.ts';
import { uvSync, type UvSync } from './uv-command.ts';
import { defaultGroups } from './uv-lock.ts';

/** A project that is a package of its own: uv installs it as a link to its sources. Source: docs.astral.sh/uv/concepts/projects/config, "Project packaging" */
export function installsItself(manifest: object): boolean {
  const own = at(manifest, 'tool', 'uv', 'package');
  return own === undefined ? at(manifest, 'build-system') !== undefined : own === true;
}

interface Project {
  manifest: object;
  groups: readonly string[];
}
/** An environment that `uv sync` made, and a `uv run`: its options, and whether a variable is set. */
interface Start {
  syncs: readonly UvSync[];
  options: readonly string[];
  isSet(variable: string): boolean;
}

/** What a `uv run` adds to the environment, as words of a sentence; undefined: nothing. */
export function addedByRun({ manifest, groups }: Project, { syncs, options, isSet }: Start): string | undefined {
  if (isSet('UV_NO_SYNC') || ['--no-sync', '--no-project', '--isolated', '--script'].some((one) => options.includes(one))) return undefined;
  const valuesOf = (name: string): string[] =>
    options.flatMap((option, n) =>
      option === name ? [options[n + 1] ?? ''] : option.startsWith(`${name}=`) ? [option.slice(name.length + 1)] : [],
    );
  const given = defaultGroups(manifest);
  const defaults = given === 'all' ? groups : given;
  const synced = (name: string): boolean =>
    syncs.some(
      (one) => (one.allGroups || (one.defaults && defaults.includes(name)) || one.groups.includes(name)) && !one.without.includes(name),
    );
  const without = [...valuesOf('--no-group'), ...(options.includes('--no-dev') || isSet('UV_NO_DEV') ? ['dev'] : [])];
  const wanted = [
    ...(options.includes('--all-groups') ? groups : options.includes('--no-default-groups') ? [] : defaults),
    ...valuesOf('--group'),
    ...(options.includes('--dev') ? ['dev'] : []),
  ].filter((name) => groups.includes(name) && !without.includes(name));
  const group = wanted.find((name) => !synced(name));
  if (group !== undefined) return group === 'dev' ? 'the packages of development' : `the packages of the group ${group}`;
  const extra = valuesOf('--extra').find((name) => !syncs.some(({ extras }) => extras === 'all' || extras.includes(name)));
  if (extra !== undefined) return `the packages of the extra ${extra}`;
  const itself = installsItself(manifest) && !isSet('UV_NO_INSTALL_PROJECT') && !syncs.some((one) => one.project);
  return itself ? 'the project itself' : undefined;
}

/** The same of a `uv run` of the container, with what the RUNs of its image synced; without one it brings all packages. */
export function addedAtStart(tree: FileTree, project: PythonProject, words: readonly string[], image: HomeQuestion): string | undefined {
  const [program, verb, ...options] = words;
  if (program !== 'uv' || verb !== 'run') return undefined;
  const read = readToml(tree, [project.dir, 'pyproject.toml'].filter(Boolean).join('/'));
  const manifest = read && 'table' in read ? read.table : undefined;
  if (manifest === undefined || at(manifest, 'project') === undefined || at(manifest, 'tool', 'uv', 'workspace') !== undefined)
    return undefined;
  const all = image.commands.filter(({ manager, command }) => manager === 'uv' && command.words.some(({ value }) => value === 'sync'));
  const syncs = all.flatMap(({ command }) => uvSync(command) ?? []);
  // one that is not read may have brought anything
  if (syncs.length < all.length) return undefined;
  const isSet = (name: string): boolean => image.lookup(name) !== undefined;
  if (syncs.length === 0 && !options.includes('--no-sync') && !options.includes('--no-project') && !isSet('UV_NO_SYNC'))
    return 'the packages of the project';
  const groups = project.pyproject?.groups.map(({ name }) => name) ?? [];
  return addedByRun({ manifest, groups }, { syncs, options, isSet });
}
