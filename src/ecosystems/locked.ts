// Room: ecosystems/. Names of the packages that production installs, by language: what must be there at run time.
import { joinPath } from '../context/paths.ts';
import type { FileTree } from '../context/types.ts';
import { nodeProject } from './node/project.ts';
import { pythonProject } from './python/project.ts';
import { readPyproject, wantedDependencies } from './python/pyproject.ts';

/** Names of packages, sorted: declared production dependencies of Node.js; of Python what the lock or the requirements files name (PEP 503). */
export interface LockedDependencies {
  python: string[];
  node: string[];
}

const development = /(?:^|[/._-])(?:dev|develop|development|tests?|testing|lint|docs?|ci|local)(?:[/._-]|$)/i;

/**
 * Production dependencies of the projects in some directories of the context ('' is its root). `requirements`: requirements files, relative to the context or to
 * the directory; those that are not there, and those for development, are left out.
 */
export function lockedDependencies(tree: FileTree, dirs: readonly string[], requirements: readonly string[]): LockedDependencies {
  const node = dirs.flatMap((dir) => nodeNames(tree, dir));
  const python = dirs.flatMap((dir) => pythonNames(tree, dir, requirements));
  return { python: [...new Set(python)].sort(), node: [...new Set(node)].sort() };
}

function nodeNames(tree: FileTree, dir: string): string[] {
  const project = nodeProject(tree, dir);
  const members = (project?.members ?? []).flatMap((member) => [...(nodeProject(tree, member)?.dependencies.keys() ?? [])]);
  return project ? [...project.dependencies.keys(), ...members] : [];
}

function pythonNames(tree: FileTree, dir: string, requirements: readonly string[]): string[] {
  const project = pythonProject(tree, dir);
  if (!project) return [];
  const locked = project.packages({ lock: 'poetry' });
  if ('value' in locked) return locked.value.map((one) => one.name);
  const found: string[] = [];
  for (const file of requirements) {
    const paths = [joinPath('', file), joinPath(dir, file), joinPath(dir, file.slice(file.lastIndexOf('/') + 1))];
    const path = paths.find((candidate) => candidate !== undefined && tree.stat(candidate)?.kind === 'file');
    const closure = path === undefined || development.test(path) ? undefined : project.requirements(path);
    if (closure && 'value' in closure) found.push(...closure.value.packages.map((one) => one.name));
  }
  if (found.length > 0) return found;
  const pyproject = readPyproject(tree, joinPath(dir, 'pyproject.toml') ?? 'pyproject.toml', dir);
  return pyproject && 'file' in pyproject
    ? wantedDependencies(pyproject.file.table, []).flatMap((one) => (one.optional ? [] : [one.name]))
    : [];
}
