// Room: ecosystems/python. The closed manifest set of a dependency install.
import type { FileTree } from '../../context/types.ts';
import { joinPath } from '../../context/paths.ts';
import type { Evidence, Manifests } from '../types.ts';
import { requirementsClosure } from './closure.ts';
import type { Pyproject } from './pyproject.ts';
import { at, entriesAt, readToml } from './toml.ts';
import { installsItself } from './uv-start.ts';

export interface ManifestPlace {
  tree: FileTree;
  dir: string;
  ignores: (path: string) => boolean;
  pyproject: Pyproject | undefined;
}

const blocked = (skip: string, message: string, ...evidence: Evidence[]): Manifests => ({ blocked: { skip, message, evidence } });

/** pip: the closure of the requirements files. None given: the project itself is installed, which needs its sources. */
export function pipManifests({ tree, pyproject, ignores }: ManifestPlace, requirements: readonly string[]): Manifests {
  if (requirements.length === 0) return projectInstall(pyproject);
  const files: string[] = [];
  const dirs: string[] = [];
  const evidence: Evidence[] = [];
  for (const file of requirements) {
    const closure = requirementsClosure(tree, file, ignores);
    if ('why' in closure) return blocked('manifest-missing', closure.why, ...closure.evidence);
    const local = closure.local[0];
    if (local)
      return blocked('local-dependency', `${local.text} is a local path`, { file: local.file, line: local.line, says: local.text });
    for (const path of closure.files) if (!files.includes(path)) files.push(path);
    for (const path of closure.findLinks) if (!dirs.includes(path)) dirs.push(path);
    evidence.push({ file, says: closure.files.length > 1 ? `reads ${closure.files.slice(1).join(', ')}` : 'names no other file' });
  }
  return { set: { files, dirs, evidence, scripts: false } };
}

function projectInstall(pyproject: Pyproject | undefined): Manifests {
  const dynamic = pyproject?.dynamic.find((field) => field === 'dependencies' || field === 'version');
  if (pyproject && dynamic)
    return blocked('dynamic-python-metadata', `${dynamic} is computed when the project is built`, {
      file: pyproject.path,
      says: `dynamic = [… "${dynamic}" …]`,
    });
  return blocked(
    'project-install',
    'The install builds the project itself',
    ...(pyproject ? [{ file: pyproject.path, says: 'the project' }] : []),
  );
}

/**
 * Poetry: manifest, lock and settings, and the directories of path dependencies. Without `--no-root` this is the set of the
 * first of two steps, `poetry install --no-root`; the second one installs the project when its sources are there.
 */
export function poetryManifests(place: ManifestPlace, noRoot: boolean): Manifests {
  const { pyproject } = place;
  if (pyproject === undefined)
    return blocked('manifest-missing', `${joinPath(place.dir, 'pyproject.toml') ?? ''} does not exist or cannot be read`);
  const files = present(place, ['pyproject.toml', 'poetry.lock', 'poetry.toml']);
  if (!files.includes(pyproject.path)) return blocked('manifest-missing', `${pyproject.path} is excluded by the ignore file`);
  const dirs: string[] = [];
  for (const path of pyproject.pathDependencies) {
    const dir = path.startsWith('/') ? undefined : joinPath(place.dir, path);
    const usable = dir !== undefined && dir !== '' && place.tree.stat(dir)?.kind === 'dir' && !place.ignores(dir);
    if (!usable) return blocked('local-dependency', `${path} is a local path`, { file: pyproject.path, says: `path = "${path}"` });
    if (!dirs.includes(dir)) dirs.push(dir);
  }
  const evidence: Evidence[] = [
    {
      file: pyproject.path,
      says: noRoot
        ? 'only the dependencies are installed'
        : pyproject.packageMode
          ? 'the project is a package: it is installed in a second step'
          : 'package-mode = false: there is no root package',
    },
  ];
  return { set: { files, dirs, evidence, scripts: false } };
}

/**
 * uv: as Poetry, first step `uv sync --no-install-project`. The members of a workspace are sources, and metadata that only a build of the project
 * tells needs them. Source: docs.astral.sh/uv/concepts/projects (workspaces, layout, sync)
 */
export function uvManifests(place: ManifestPlace): Manifests {
  const { pyproject, tree } = place;
  if (pyproject === undefined) return blocked('manifest-missing', 'pyproject.toml does not exist or cannot be read');
  const files = present(place, ['pyproject.toml', 'uv.lock', 'uv.toml', '.python-version']);
  if (!files.includes(pyproject.path)) return blocked('manifest-missing', `${pyproject.path} is excluded by the ignore file`);
  const read = readToml(tree, pyproject.path);
  const table = read && 'table' in read ? read.table : {};
  const sources = entriesAt(table, 'tool', 'uv', 'sources').flatMap(([, source]): unknown[] => (Array.isArray(source) ? source : [source]));
  if (at(table, 'tool', 'uv', 'workspace') !== undefined || sources.some((source) => at(source, 'workspace') === true))
    return blocked('local-dependency', 'The members of a workspace of uv are sources', { file: pyproject.path, says: 'is a workspace' });
  const local =
    pyproject.pathDependencies[0] ??
    files
      .map((file) =>
        LOCAL.exec(textOf(tree, file))?.[0]
          .replace(/[\s="']*$/, '')
          .trim(),
      )
      .find((text) => text !== undefined);
  if (local !== undefined) return blocked('local-dependency', `${local} is a local path`, { file: pyproject.path, says: local });
  const dynamic = pyproject.dynamic.find((field) => field === 'version' || field.endsWith('dependencies') || field === 'requires-python');
  if (dynamic !== undefined)
    return blocked('dynamic-python-metadata', `${dynamic} is computed when the project is built`, {
      file: pyproject.path,
      says: `dynamic = [… "${dynamic}" …]`,
    });
  const evidence: Evidence = {
    file: pyproject.path,
    says: installsItself(table) ? 'the project is a package: it is installed in a second step' : 'the project is no package of its own',
  };
  return { set: { files, dirs: [], evidence: [evidence], scripts: false } };
}
/** Directories of wheels and indexes on the disk. Source: docs.astral.sh/uv/reference/settings, find-links, index */
const LOCAL = /^\s*find-links\s*=|@\s*file:|(?:url|index-url)\s*=\s*["'](?:file:|\.{0,2}\/)/m;
const textOf = (tree: FileTree, path: string): string => {
  const read = path.endsWith('.toml') ? tree.read(path) : undefined;
  return read?.kind === 'text' ? read.text : '';
};

/** pipenv: Pipfile and its lock; path dependencies need sources. */
export function pipenvManifests(place: ManifestPlace): Manifests {
  const files = present(place, ['Pipfile', 'Pipfile.lock']);
  const pipfile = files[0];
  if (pipfile === undefined || !pipfile.endsWith('Pipfile')) return blocked('manifest-missing', 'Pipfile does not exist');
  const read = place.tree.read(pipfile);
  if (read.kind !== 'text') return blocked('manifest-missing', 'Pipfile cannot be read');
  const line = read.text
    .split('\n')
    .findIndex((text) => /\bpath\s*=\s*["']|\beditable\s*=\s*true|\bfile\s*=\s*["'](?!https?:)/.test(text.slice(0, 1000)));
  if (line >= 0) return blocked('local-dependency', 'Pipfile names a local path', { file: pipfile, line: line + 1, says: 'path' });
  return { set: { files, dirs: [], evidence: [{ file: pipfile, says: 'names no local path' }], scripts: false } };
}

/** Those of the names that are files of the directory and reach the build. */
function present({ tree, dir, ignores }: ManifestPlace, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const path = joinPath(dir, name);
    return path !== undefined && tree.stat(path)?.kind === 'file' && !ignores(path) ? [path] : [];
  });
}
