// Room: facts/. The subject: what a transform sees. The project lives as long as the run, the reading as long as this text.
import type { Dockerfile } from '../dockerfile/types.ts';
import type { FileTree, IgnoreFile } from '../context/types.ts';
import { gitIgnores } from '../context/git-ignore.ts';
import { ignoreFile } from '../context/ignore.ts';
import { overlayTree } from '../context/overlay.ts';
import { nodeProject } from '../ecosystems/node/project.ts';
import type { NodeProject } from '../ecosystems/node/types.ts';
import { pythonProject } from '../ecosystems/python/project.ts';
import type { PythonProject } from '../ecosystems/python/types.ts';
import { goProject } from '../ecosystems/go/project.ts';
import type { GoProject } from '../ecosystems/go/types.ts';
import { rustProject } from '../ecosystems/rust/project.ts';
import type { RustProject } from '../ecosystems/rust/types.ts';
import { uses } from '../uses/uses.ts';
import type { Uses } from '../uses/types.ts';
import type { Options, ProjectContext } from '../types.ts';
import { readStages, type StageReading } from './reading.ts';

/** The repository around the Dockerfile: read lazily, each part once. */
export interface Project {
  context: ProjectContext;
  /** The context with the changes made so far. */
  tree: FileTree;
  ignore: IgnoreFile;
  /** True for what git leaves out of a checkout: it may lie there or not, and the result must not depend on it. */
  gitIgnores(path: string): boolean;
  node(dir: string): NodeProject | undefined;
  python(dir: string): PythonProject | undefined;
  go(dir: string): GoProject | undefined;
  rust(dir: string): RustProject | undefined;
  uses(): Uses;
}

export interface Subject {
  dockerfile: Dockerfile;
  options: Options;
  project: Project;
  /** One reading per stage: base image, state, what each RUN does, where copied files land. */
  stages: StageReading[];
  /** Reading of the last stage: the one that the image is made of. */
  final: StageReading;
  /** `# dockerfile-mod: skip=…` comments: transform ids switched off, by instruction index, or for the file. */
  changes: ReadonlyMap<string, string>;
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};
const onceEach = <T>(make: (key: string) => T): ((key: string) => T) => {
  const made = new Map<string, T>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key) as T;
  };
};

/** The project as seen with `changes` (context path → new text) laid over the context. */
export function readProject(context: ProjectContext, changes: ReadonlyMap<string, string>): Project {
  const tree = changes.size > 0 ? overlayTree(context.tree, changes) : context.tree;
  const ignore = ignoreFile(tree, context.dockerfilePath);
  const gitIgnored = once(() => gitIgnores(tree));
  const hidden = (path: string): boolean => ignore.ignores(path);
  return {
    context,
    tree,
    ignore,
    gitIgnores: (path) => gitIgnored()(path),
    node: onceEach((dir) => nodeProject(tree, dir, hidden)),
    python: onceEach((dir) => pythonProject(tree, dir, hidden)),
    go: onceEach((dir) => goProject(tree, dir, hidden)),
    rust: onceEach((dir) => rustProject(tree, dir, hidden)),
    uses: once(() => {
      const repository = context.repository ?? { tree, contextPath: '' };
      const path =
        context.dockerfilePath === undefined ? undefined : [repository.contextPath, context.dockerfilePath].filter(Boolean).join('/');
      return uses(repository.tree, path, repository.contextPath);
    }),
  };
}

/** Reads the text: everything that depends on the Dockerfile as it is now. */
export function readSubject(dockerfile: Dockerfile, project: Project, options: Options, changes: ReadonlyMap<string, string>): Subject {
  const stages = readStages(dockerfile, project);
  return { dockerfile, options, project, stages, final: stages[stages.length - 1] as StageReading, changes };
}
