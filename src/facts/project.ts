// Room: facts/. The project: the repository around the Dockerfile, read lazily, each part once. It lives as long as the run.
import type { BaseReading } from '../base/base.ts';
import type { FileTree, IgnoreFile } from '../context/types.ts';
import { gitIgnores } from '../context/git-ignore.ts';
import { ignoreFile } from '../context/ignore.ts';
import { overlayTree } from '../context/overlay.ts';
import type { EcosystemFacts, EcosystemProject, PackageManager, ProjectReader, ProjectReads, SourceHit } from '../ecosystems/types.ts';
import type { Knowledge } from '../effects/effects.ts';
import { knowledgeWith } from '../effects/managers.ts';
import { once, onceEach } from '../once.ts';
import { imagesWith, type Images } from '../knowledge/images.ts';
import type { ProjectContext } from '../types.ts';
import { uses } from '../uses/uses.ts';
import type { Uses } from '../uses/types.ts';

export interface Project extends ProjectReads {
  context: ProjectContext;
  /** The context with the changes made so far. */
  tree: FileTree;
  ignore: IgnoreFile;
  /** True for what git leaves out of a checkout: it may lie there or not, and the result must not depend on it. */
  gitIgnores(path: string): boolean;
  ecosystems: readonly EcosystemFacts[];
  /** The rows of every ecosystem's package managers, in the order in which a command is tried against them. */
  managers: readonly PackageManager[];
  /** The published images that are known: those of every ecosystem, and those of none. */
  images: Images;
  /** What programs do: the rows of the system and those of every ecosystem. */
  knowledge: Knowledge;
  /** What an ecosystem, by its id, finds in a directory of the context. */
  of(ecosystem: string, dir: string): EcosystemProject | undefined;
  /** What all ecosystems find there. */
  all(dir: string): EcosystemProject[];
  uses(): Uses;
}

/** The project as seen with `changes` (context path → new text) laid over the context. */
export function readProject(context: ProjectContext, changes: ReadonlyMap<string, string>, ecosystems: readonly EcosystemFacts[]): Project {
  const tree = changes.size > 0 ? overlayTree(context.tree, changes) : context.tree;
  const ignore = ignoreFile(tree, context.dockerfilePath);
  const gitIgnored = once(() => gitIgnores(tree));
  const reads: ProjectReads = { tree, read: readings(tree, (path) => ignore.ignores(path)) };
  const found = new Map(ecosystems.map((ecosystem) => [ecosystem.id, onceEach((dir: string) => ecosystem.project?.(reads, dir))] as const));
  return {
    ...reads,
    context,
    ignore,
    ecosystems,
    managers: ecosystems.flatMap((ecosystem) => ecosystem.managers),
    images: imagesOf(ecosystems),
    knowledge: knowledgeWith(ecosystems),
    gitIgnores: (path) => gitIgnored()(path),
    of: (ecosystem, dir) => found.get(ecosystem)?.(dir),
    all: (dir) => [...found.values()].flatMap((project) => project(dir) ?? []),
    uses: once(() => {
      const repository = context.repository ?? { tree, contextPath: '' };
      const path =
        context.dockerfilePath === undefined ? undefined : [repository.contextPath, context.dockerfilePath].filter(Boolean).join('/');
      return uses(repository.tree, path, repository.contextPath);
    }),
  };
}

const tables = new WeakMap<readonly EcosystemFacts[], Images>();
/** The images of these ecosystems and those of none. Made once for a list. */
export function imagesOf(ecosystems: readonly EcosystemFacts[]): Images {
  const made = tables.get(ecosystems) ?? imagesWith(ecosystems.flatMap((ecosystem) => ecosystem.images));
  tables.set(ecosystems, made);
  return made;
}

/** The ecosystem whose image a stage stands on. */
export const ecosystemOf = <E extends EcosystemFacts>(ecosystems: readonly E[], { family }: BaseReading): E | undefined =>
  ecosystems.find((ecosystem) => ecosystem.images.some((row) => row === family?.row));

/** Asks each reader once for each directory. */
function readings(tree: FileTree, hidden: (path: string) => boolean): ProjectReads['read'] {
  const kept = new Map<ProjectReader<unknown>, (dir: string) => unknown>();
  return <P>(reader: ProjectReader<P>, dir: string) => {
    const known = kept.get(reader) ?? onceEach((at) => reader.read(tree, at, hidden));
    kept.set(reader, known);
    return known(dir) as P | undefined;
  };
}

/** Where first-party sources touch the world at run time, of every ecosystem's project at the root of the context. */
export const hitsOf = (project: Project): SourceHit[] => project.all('').flatMap((found) => found.hits());
