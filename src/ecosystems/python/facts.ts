// Room: ecosystems/python. A Python project as every room may ask it.
import type { EcosystemProject, Manifests, ProjectReader, ProjectReads, Store } from '../types.ts';
import type { ShellCommand } from '../../dockerfile/types.ts';
import { walk } from '../../context/walk.ts';
import { once } from '../../once.ts';
import { literalPaths } from '../literal-paths.ts';
import { userSite, uvPython } from './home.ts';
import { poetryInstall } from './poetry-command.ts';
import { barePythonProject, pythonProject } from './project.ts';
import type { PythonProject } from './types.ts';
import { uvPipInstall } from './pip-command.ts';
import { readToml } from './toml.ts';
import { uvSync } from './uv-command.ts';
import { addedAtStart, installsItself } from './uv-start.ts';

/** Reads the manifests of a directory and what stands around them. */
export const pythonReader: ProjectReader<PythonProject> = { read: pythonProject };
/** The same of a directory without manifests. */
export const bareReader: ProjectReader<PythonProject> = { read: barePythonProject };

export function pythonFacts(reads: ProjectReads, dir: string): EcosystemProject | undefined {
  const project = reads.read(pythonReader, dir);
  return project && factsOf(reads, project);
}

/** The same of a directory that has no manifest of a usual name. */
export function barePython(reads: ProjectReads, dir: string): EcosystemProject | undefined {
  const project = reads.read(bareReader, dir);
  return project && factsOf(reads, project);
}

function factsOf(reads: ProjectReads, project: PythonProject): EcosystemProject {
  return {
    hits: () => project.hits(),
    manifests: (install) => manifestsOf(project, install),
    installsItself: (command) => uvInstallsItself(reads.tree, project, command) ?? poetryInstallsItself(project, command),
    provides: (program) => project.consoleScript(program) !== undefined,
    own: (program) => project.pyproject?.scripts.has(program) ?? false,
    sources: () => project.sources(),
    literals: once(() => literalPaths(reads.tree, project.sources())),
    inHome: (image) => uvPython(reads.tree, project, image) ?? userSite(image),
    addsAtStart: (words, image) => {
      const added = addedAtStart(reads.tree, project, words, image);
      return added === undefined ? undefined : { added, compiles: true };
    },
    store: () => storeOf(project),
    uses: (name) => name === 'nodejs' && startsNode(reads.tree, project.dir),
    // what a program loads cannot be told from its dependencies alone
    envFileReader: () => 'the program, as far as can be told',
  };
}

const poetryInstallsItself = ({ pyproject }: PythonProject, command: ShellCommand): boolean =>
  !(poetryInstall(command)?.noRoot ?? false) && (pyproject?.packageMode ?? true);

/** `uv sync` of a project that is a package; `uv pip install -r` installs what the list says. Undefined: a command of another manager. */
function uvInstallsItself(tree: ProjectReads['tree'], { pyproject }: PythonProject, command: ShellCommand): boolean | undefined {
  const sync = uvSync(command);
  if (sync === undefined) return uvPipInstall(command) === undefined ? undefined : false;
  const read = pyproject && readToml(tree, pyproject.path);
  return sync.project && read !== undefined && 'table' in read && installsItself(read.table);
}

function manifestsOf(
  project: PythonProject,
  { manager, command, files }: Parameters<NonNullable<EcosystemProject['manifests']>>[0],
): Manifests {
  if (manager === 'poetry') return project.manifests('poetry', { requirements: [], noRoot: poetryInstall(command)?.noRoot ?? false });
  if (manager === 'uv' && uvSync(command) !== undefined) return project.manifests('uv', { requirements: [], noRoot: false });
  if (manager === 'pipenv') return project.manifests('pipenv', { requirements: [], noRoot: false });
  return project.manifests('pip', { requirements: [...files], noRoot: false });
}

/**
 * Packages that start Node.js when the program runs. Sources: the READMEs of PyExecJS, cfscrape, django-compressor, webassets, django-pipeline,
 * django-tailwind, Reflex, Gradio (server-side rendering), JupyterLab (`labextension build`), yt-dlp (JavaScript of pages), calmjs, nodeenv.
 */
const NODE_STARTERS =
  /(?<![\w.-])(?:py-?execjs\w*|js2py|cfscrape|cloudscraper|django[_-]compressor|webassets|flask[_-]assets|django[_-](?:pipeline|tailwind|webpacker|node-assets|npm|react|hulk|ssr)|python-react|dukpy|reflex|gradio|jupyterlab|yt-dlp|youtube-dl|calmjs\w*|nodeenv|nodejs\w*|node-?edge|javascript|jsii|aws-cdk\w*|pyright|mermaid\w*|pulumi|nikola|zeppelin)(?![\w-])/i;
const LISTS =
  /^(?:.*requirements.*\.(?:txt|in)|constraints.*\.txt|pyproject\.toml|(?:poetry|uv|pdm)\.lock|Pipfile(?:\.lock)?|setup\.(?:py|cfg)|environment\.ya?ml)$/;

/** A list of the project's dependencies names one of them. */
const startsNode = (tree: ProjectReads['tree'], dir: string): boolean =>
  walk(tree, dir).some(({ kind, name, path }) => {
    const read =
      kind === 'file' && (LISTS.test(name) || /(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/.test(path)) ? tree.read(path) : undefined;
    return read?.kind === 'text' && NODE_STARTERS.test(read.text);
  });

/** Packages that keep data in files whose path is seldom a literal in the sources. */
const STORES: Readonly<Record<string, string>> = {
  tinydb: 'a JSON file',
  diskcache: 'files',
  aiosqlite: 'SQLite',
  sqlitedict: 'SQLite',
  chromadb: 'files',
};

function storeOf(project: PythonProject): Store | undefined {
  const listed = project.poetryLock ? project.packages({ lock: 'poetry' }) : undefined;
  const found = listed && 'value' in listed ? listed.value.find((p) => Object.hasOwn(STORES, p.name)) : undefined;
  return found && { package: found.name, what: STORES[found.name] ?? 'files', evidence: found.evidence };
}
