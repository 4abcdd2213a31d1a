// Room: facts/. The project: the repository around the Dockerfile, read lazily, each part once. It lives as long as the run.
import type { BaseReading } from '../base/base.ts';
import type { FileTree, IgnoreFile } from '../context/types.ts';
import { gitIgnores } from '../context/git-ignore.ts';
import { ignoreFile } from '../context/ignore.ts';
import { changedTree, keptTree, placedTree } from '../context/kept.ts';
import type { EcosystemFacts, EcosystemProject, PackageManager, ProjectReader, ProjectReads, SourceHit } from '../ecosystems/types.ts';
import type { Knowledge } from '../effects/effects.ts';
import { knowledgeWith, managersOf } from '../effects/managers.ts';
import { imagesWith, privateMirrorOf, type Images } from '../knowledge/images.ts';
import { withLookedUp, type LookedUp } from '../knowledge/looked-up.ts';
import { withMirrors } from '../knowledge/mirrors.ts';
import type { Evidence } from './types.ts';
import { once, onceEach, oncePer } from '../once.ts';
import type { ProjectContext } from '../types.ts';
import { uses } from '../uses/uses.ts';
import type { Uses } from '../uses/types.ts';

export interface Project extends ProjectReads {
  context: ProjectContext;
  /** The image that the Dockerfile builds as it was given, where it was looked into. */
  image?: LookedUp;
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
  /** The same of a directory that has none of its manifests: sources, or manifests of another name. */
  bare(ecosystem: string, dir: string): EcosystemProject | undefined;
  /** What all ecosystems find there. */
  all(dir: string): EcosystemProject[];
  uses(): Uses;
}

/** The project as seen with `changes` (context path → new text) laid over the context, and with what was looked up in the image. */
export function readProject(
  context: ProjectContext,
  changes: ReadonlyMap<string, string>,
  ecosystems: readonly EcosystemFacts[],
  image?: LookedUp,
): Project {
  const tree = changedTree(placedTree(context.tree, context.repository), changes);
  const ignore = ignoreFile(tree, context.dockerfilePath);
  return {
    ...found(ecosystems)(tree)(ignore),
    ...known(ecosystems),
    ...imagesFor(context, ecosystems, image),
    context,
    uses: once(() => {
      const repository = context.repository ?? { tree: context.tree, contextPath: '' };
      const path =
        context.dockerfilePath === undefined ? undefined : [repository.contextPath, context.dockerfilePath].filter(Boolean).join('/');
      return uses(keptTree(repository.tree), path, repository.contextPath);
    }),
  };
}

/** The images of these ecosystems and those of none. Made once for a list. */
export const imagesOf = oncePer((ecosystems: readonly EcosystemFacts[]): Images =>
  imagesWith(ecosystems.flatMap((ecosystem) => ecosystem.images)),
);

/** Whether a stage stands on one of these images. */
export const standsOn = (images: EcosystemFacts['images'], { family }: BaseReading): boolean => images.some((row) => row === family?.row);

/** The ecosystem whose image a stage stands on. */
export const ecosystemOf = <E extends EcosystemFacts>(ecosystems: readonly E[], base: BaseReading): E | undefined =>
  ecosystems.find(({ images }) => standsOn(images, base));

/** The images of a context that says more of them: what registries of its own serve, and what was looked up. */
function imagesFor(
  { mirrors = [] }: ProjectContext,
  ecosystems: readonly EcosystemFacts[],
  image: LookedUp | undefined,
): Partial<Pick<Project, 'image' | 'images'>> {
  const images = image ? lookedUp(ecosystems)(image) : imagesOf(ecosystems);
  return { ...(image ? { image } : {}), images: mirrors.length === 0 ? images : withMirrors(images, mirrors) };
}

/** The same with the image that was looked up: made once, so that what is read of it is the same for every text. */
const lookedUp = oncePer((ecosystems: readonly EcosystemFacts[]) => {
  const images = imagesOf(ecosystems);
  return oncePer((image: LookedUp) => withLookedUp(images, image, (one) => images.family(one) ?? privateMirrorOf(images, one)));
});

const known = oncePer((ecosystems: readonly EcosystemFacts[]) => ({
  ecosystems,
  managers: managersOf(ecosystems),
  images: imagesOf(ecosystems),
  knowledge: knowledgeWith(ecosystems),
}));

/** What lies in a tree, of which the ignore file hides a part: the same for every Dockerfile of a context, and after every change. */
const found = oncePer((ecosystems: readonly EcosystemFacts[]) =>
  oncePer((tree: FileTree) => oncePer((ignore: IgnoreFile) => findIn(ecosystems, tree, ignore))),
);

function findIn(
  ecosystems: readonly EcosystemFacts[],
  tree: FileTree,
  ignore: IgnoreFile,
): ProjectReads & Pick<Project, 'tree' | 'ignore' | 'gitIgnores' | 'of' | 'bare' | 'all'> {
  const gitIgnored = once(() => gitIgnores(tree));
  const reads: ProjectReads = { tree, read: readings(tree, (path) => ignore.ignores(path)) };
  const projects = new Map(ecosystems.map((one) => [one.id, onceEach((dir: string) => one.project?.(reads, dir))] as const));
  const bare = new Map(ecosystems.map((one) => [one.id, onceEach((dir: string) => one.bareProject?.(reads, dir))] as const));
  return {
    ...reads,
    ignore,
    gitIgnores: (path) => gitIgnored()(path),
    of: (ecosystem, dir) => projects.get(ecosystem)?.(dir),
    bare: (ecosystem, dir) => bare.get(ecosystem)?.(dir),
    all: onceEach((dir) => [...projects.values()].flatMap((project) => project(dir) ?? [])),
  };
}

/** Asks each reader once for each directory. */
function readings(tree: FileTree, hidden: (path: string) => boolean): ProjectReads['read'] {
  const kept = new Map<ProjectReader<unknown>, (dir: string) => unknown>();
  return <P>(reader: ProjectReader<P>, dir: string) => {
    const known = kept.get(reader) ?? onceEach((at) => reader.read(tree, at, hidden));
    kept.set(reader, known);
    return known(dir) as P | undefined;
  };
}

/** What a source says at a place, as evidence. */
export const hitEvidence = ({ file, line, text }: Pick<SourceHit, 'file' | 'line' | 'text'>): Evidence => ({ file, line, says: text });
