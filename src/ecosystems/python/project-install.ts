// Room: ecosystems/python. `pip install .`: the project itself goes into the environment. What it brings, and whether its sources stay as they were.
// Sources: https://packaging.python.org/en/latest/specifications/pyproject-toml/ · https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
import type { Evidence, Fact } from '../../facts/types.ts';
import { originAbove, resolvePath } from '../../facts/copies.ts';
import { aboveRun } from '../../facts/mounted.ts';
import type { RunPart, RunReading, StageReading } from '../../facts/reading.ts';
import type { FileTree } from '../../context/types.ts';
import { markerHolds } from './markers.ts';
import { anyPipInstall, MANIFEST_LIST, type PipInstall } from './pip-command.ts';
import { declaredIn, type Declared } from './declared.ts';
import { invocation } from './words.ts';

/** One install of a project of the context. */
export interface ProjectInstall {
  run: RunReading;
  part: RunPart;
  /** Its directory in the image. */
  path: string;
  /** Its directory of the context, or that of its manifest. */
  dir: string;
  /** The environment holds a link to the sources. */
  editable: boolean;
  /** The build writes files among its sources, or may: `setuptools_scm`, hooks, a build script with commands of its own. */
  writes: boolean;
  /** Its build compiles, or may. */
  compiles: Evidence | undefined;
  /** Requirements of the project with the extras that are asked for; what markers leave out on Linux is not among them. */
  needs: Fact<Declared[]>;
  /** Its console scripts, where its manifest names them. */
  scripts: ReadonlySet<string>;
}

/** Reads an install of one project of the context; undefined: it is none, or several, or its manifest is not in the image. */
export function projectInstall(reading: StageReading, run: RunReading, part: RunPart, tree: FileTree): ProjectInstall | undefined {
  const asked = askedFor(part);
  const path = asked && resolvePath(part.effects.before.cwd, asked.path === '.' ? './' : asked.path);
  return asked && path !== undefined ? projectAt(reading, run, part, tree, { ...asked, path }) : undefined;
}

/** The project in a directory of the image that a command installs; undefined: its manifest is not there. */
export function projectAt(reading: StageReading, run: RunReading, part: RunPart, tree: FileTree, asked: Asked): ProjectInstall | undefined {
  const { path } = asked;
  const at = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const found = MANIFESTS.flatMap((name) => {
    const origin = originAbove(aboveRun(reading, run, tree), `${at === '/' ? '' : at}/${name}`);
    const read = origin === undefined ? undefined : tree.read(origin);
    return origin !== undefined && read?.kind === 'text' ? [{ name, path: origin, text: read.text }] : [];
  });
  const [first] = found;
  if (!first) return undefined;
  // where uv takes a dependency from a path, it needs that
  if (asked.without && found.some(({ text }) => /^\[tool\.uv\.sources\b/m.test(text))) return undefined;
  const dir = first.path.slice(0, Math.max(0, first.path.length - first.name.length - 1));
  const { needs, scripts, backend } = declaredIn(tree, dir, new Map(found.map((one) => [one.name, one])), asked.extras);
  const written = found.find(({ text }) => WRITES.test(text));
  return {
    run,
    part,
    path: at,
    dir,
    editable: asked.editable,
    writes: written !== undefined && !asked.without,
    compiles: asked.without ? undefined : compiled(found, backend),
    needs:
      'value' in needs
        ? { ...needs, value: needs.value.filter(({ marker }) => marker === undefined || markerHolds(marker) !== false) }
        : needs,
    scripts: asked.without ? new Set() : scripts,
  };
}

interface Asked {
  path: string;
  extras: string[];
  editable: boolean;
  /** Its dependencies are installed, and the project itself is not. */
  without?: true;
}

const MANIFESTS = ['pyproject.toml', 'setup.cfg', 'setup.py'];

/** Extensions that write a file of their own among the sources, and hooks that may. Sources: the README of each. */
const WRITES =
  /write_to|version[-_]?file|versioneer|cmdclass|build[-_]hook|\.hooks|entry_points_file|setuptools[-_](?:git|rust|protobuf)|\bpbr\b|subprocess|os\.system|open\([^)]*["'][wa]/;

/** Backends that build Python alone unless told otherwise. Source: the manual of each. */
const PURE = /^(?:setuptools|flit_core|flit|hatchling|poetry\.core|poetry\.masonry|pdm\.(?:backend|pep517)|uv_build)\b/;
const EXTENSIONS =
  /ext[-_]modules|\bExtension\(|cffi_modules|cythonize|rust_extensions|RustExtension|\bCMake|build\.py|\[tool\.poetry\.build\]/;

function compiled(files: readonly { path: string; text: string }[], backend: string | undefined): Evidence | undefined {
  const own = files.find(({ text }) => EXTENSIONS.test(text));
  if (own) return { file: own.path, says: 'builds an extension' };
  return backend === undefined || PURE.test(backend) ? undefined : { file: files[0]?.path ?? '', says: `is built by ${backend}` };
}

/** `pip install .[web]`, `pip install -e ./lib`, `python setup.py install`. */
function askedFor({ command, kind }: RunPart): Asked | undefined {
  const read = anyPipInstall(command);
  if (!read) {
    const started = invocation(command);
    const words = started?.program === 'python' ? started.args.filter((word) => !word.startsWith('-')) : [];
    const [named, verb] = words;
    const script = named?.replace(/^\.\//, '');
    if (kind !== 'build' || script !== 'setup.py' || (verb !== 'install' && verb !== 'develop')) return undefined;
    return { path: '.', extras: [], editable: verb === 'develop' };
  }
  const list = read.requirements.find((file) => MANIFEST_LIST.test(file));
  if (list !== undefined) return dependenciesOf(read, list);
  const positional = read.local.map((text) => ({ text, editable: false }));
  const all = [...positional, ...read.editable.map((text) => ({ text, editable: true }))];
  const [only, ...others] = all;
  if (!only || others.length > 0) return undefined;
  const [, path = '', extras = ''] = /^([^[\]@:]*?)(?:\[([\w\s,.-]*)\])?$/.exec(only.text) ?? [];
  if (path === '' || /\.(?:whl|zip|gz|bz2|tar|tgz)$/.test(path) || /[*?$~]/.test(path)) return undefined;
  return { path, extras: extras.split(',').flatMap((name) => name.trim() || []), editable: only.editable };
}

/** `uv pip install -r pyproject.toml --extra web`. Source: docs.astral.sh/uv/reference/cli/#uv-pip-install, --extra. */
function dependenciesOf({ requirements, named, project, options, groups }: PipInstall, list: string): Asked | undefined {
  if (requirements.length > 1 || named.length > 0 || project || groups.length > 0 || options.includes('--all-extras')) return undefined;
  const extras = options.flatMap((word, n) => (options[n - 1] === '--extra' ? word : /^--extra=(.*)$/.exec(word)?.[1]) ?? []);
  return { path: list.replace(/[^/]*$/, '') || '.', extras, editable: false, without: true };
}
