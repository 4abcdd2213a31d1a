// Room: checkout/. Which directory is the build context of a Dockerfile, and what is known of the repository around it.
import { dirname, join, posix } from 'node:path';
import { localDisk, type Disk } from '../context/disk.ts';
import type { FileTree } from '../context/types.ts';
import type { ImageFacts } from '../image/types.ts';
import type { ProjectContext } from '../types.ts';
import type { Found } from './find.ts';
import { below, isWithin } from './paths.ts';
import { repositoryRoot } from './repository.ts';
import type { ConfigFile } from './config/files.ts';
import type { Core } from './types.ts';

/** Trees and compose files, read once for all Dockerfiles of a run. */
export interface Places {
  core: Core;
  disk: Disk;
  /** `--context`, real and absolute. */
  context: string | undefined;
  /** `--image-facts`: of one of the Dockerfiles. */
  image: ImageFacts | undefined;
  trees: Map<string, FileTree>;
  /** What compose files, CI and scripts name, by the repository. */
  builds: Map<string, readonly { context: string; dockerfile: string }[]>;
  /** Of directories; undefined: there is no file. */
  configs: Map<string, ConfigFile | undefined>;
}

export interface Located {
  /** The build context, real and absolute. */
  dir: string;
  /** Where a patch applies: the repository's root, or what stands for it. */
  root: string;
  project: ProjectContext;
}

export const places = (core: Core, context: string | undefined, disk: Disk = localDisk, image?: ImageFacts): Places => ({
  core,
  disk,
  context,
  image,
  trees: new Map(),
  builds: new Map(),
  configs: new Map(),
});

/**
 * The build context: --context, else what compose files, CI and scripts say, else what the layout says (the Dockerfile's directory,
 * or the nearest one above it that has everything that COPY names).
 */
export function locate(found: Found, source: string, all: Places): Located {
  const root = rootOf(found, all.disk);
  const { dir, doubt, allow }: Choice =
    all.context === undefined ? contextOf(found, root, source, all) : { dir: all.context, doubt: undefined };
  const contextPath = below(root, dir);
  const repository = contextPath === undefined ? undefined : { tree: treeOf(root, all), contextPath };
  return {
    dir,
    root,
    project: {
      tree: treeOf(dir, all),
      dockerfilePath: below(dir, found.real),
      contextCertain: doubt === undefined,
      ...(doubt === undefined ? {} : { contextDoubt: doubt }),
      ...(allow === undefined ? {} : { contextAllow: allow }),
      ...(repository ? { repository } : {}),
      ...imageOf(source, all),
    },
  };
}

/** The facts of the image, for the Dockerfile that they are of. */
export const imageOf = (source: string, { core, image }: Places): Pick<ProjectContext, 'image'> =>
  image && core.digestOf(source) === image.of.digest ? { image } : {};

export function treeOf(dir: string, { trees, core, disk }: Places): FileTree {
  const tree = trees.get(dir) ?? core.diskTree(dir, disk);
  trees.set(dir, tree);
  return tree;
}

/** Where the repository of a Dockerfile begins; without git, what was given. */
export const rootOf = (found: Found, disk: Disk): string => repositoryRoot(dirname(found.real), disk) ?? found.given;

interface Choice {
  dir: string;
  /** Why it is not certain, for people; undefined: it is. */
  doubt: string | undefined;
  /** What would make it certain, where --context would not. */
  allow?: string;
}

function contextOf(found: Found, root: string, source: string, all: Places): Choice {
  const own = dirname(found.real);
  const sources = (all.core.copySources(source) ?? []).map(inContext);
  const told = namedCandidates(found.real, root, all);
  const [first] = told.dirs;
  if (told.outside) return { dir: first ?? own, doubt: 'The repository names a build context for this Dockerfile that is outside of it' };
  if (first === undefined) return byLayout(own, root, sources, all.disk);
  if (told.dirs.length === 1) return { dir: first, doubt: undefined };
  const there = heldBy(told.dirs, sources, all.disk);
  const complete = told.dirs.filter((dir) => hasAll(dir, there, all.disk));
  const several = complete.length > 1 ? complete : told.dirs;
  return {
    dir: complete[0] ?? first,
    doubt:
      complete.length === 1
        ? undefined
        : `The repository names several build contexts for this Dockerfile: ${several.map((dir) => placeOf(root, dir)).join(', ')}`,
  };
}

const placeOf = (root: string, dir: string): string => below(root, dir) || "the repository's root";

/** The contexts that compose files, CI and scripts of the repository name for this Dockerfile; `outside`: one is not within reach. */
function namedCandidates(dockerfile: string, root: string, all: Places): { dirs: string[]; outside: boolean } {
  const known = all.builds.get(root) ?? all.core.buildContexts(treeOf(root, all));
  all.builds.set(root, known);
  const path = below(root, dockerfile);
  const contexts = new Set(known.filter((one) => posix.normalize(one.dockerfile) === path).map((one) => posix.normalize(one.context)));
  const dirs: string[] = [];
  let outside = false;
  for (const context of contexts) {
    const dir = realDirectory(join(root, context), all.disk);
    if (dir === undefined || !isWithin(root, dir)) outside = true;
    else if (!dirs.includes(dir)) dirs.push(dir);
  }
  return { dirs, outside };
}

/** What one of the directories has at least: what none has is missing wherever the build is started, and decides nothing. */
const heldBy = (dirs: readonly string[], sources: readonly string[], disk: Disk): string[] =>
  sources.filter((source) => dirs.some((dir) => hasAll(dir, [source], disk)));

function byLayout(own: string, root: string, sources: readonly string[], disk: Disk): Choice {
  const above: string[] = [];
  for (let dir = own; dir !== root && isWithin(root, dir) && dir !== dirname(dir);) {
    dir = dirname(dir);
    above.push(dir);
  }
  const there = heldBy([own, ...above], sources, disk);
  if (there.length === 0 && sources.length > 0 && above.length > 0)
    return {
      dir: own,
      doubt: `Nothing of what it copies (${named(sources)}) is in ${placeOf(root, own)}, or in a directory above`,
      allow: 'Run it where the files are that it copies: something makes them first.',
    };
  if (hasAll(own, there, disk)) {
    const isElsewhere = there.length > 0 && there.every(isWhole) && isOnlyDocker(own, root, disk);
    const says = `${placeOf(root, own)} holds Docker's files alone, and this Dockerfile copies its whole build context: that is probably another directory`;
    return { dir: own, doubt: isElsewhere ? says : undefined };
  }
  const complete = above.filter((dir) => hasAll(dir, there, disk));
  if (complete.length === 1) return { dir: complete[0] ?? own, doubt: undefined };
  const doubt =
    complete.length === 0
      ? `No directory has all of what it copies (${named(there)})`
      : `Several directories have what it copies (${named(there)}): ${complete.map((dir) => placeOf(root, dir)).join(', ')}`;
  return { dir: complete[0] ?? own, doubt };
}

const named = (sources: readonly string[]): string => `${sources.slice(0, 3).join(', ')}${sources.length > 3 ? ', …' : ''}`;

/** A directory of Docker's files has some dozen entries. */
const maxNames = 1000;

/** What climbs out of the context starts at its top. Source: BuildKit, client/llb and cache/contenthash, where a source is joined to `/`. */
const inContext = (source: string): string => posix.normalize(`/${source}`).slice(1) || '.';

const isWhole = (source: string): boolean => posix.normalize(`/${source}/`) === '/';

/** A directory inside a repository that holds Docker's files alone (`docker/`, `.docker/`): the build is then usually started above it. */
function isOnlyDocker(dir: string, root: string, disk: Disk): boolean {
  if (dir === root) return false;
  try {
    const entries = disk.entries(dir, maxNames);
    return entries?.every(({ name }) => /dockerfile|containerfile|dockerignore|compose|^README|\.(sh|conf|env)$/i.test(name)) ?? false;
  } catch {
    return false;
  }
}

/** True when everything that COPY and ADD read is there; of a pattern, the part before its first wildcard. */
function hasAll(dir: string, sources: readonly string[], disk: Disk): boolean {
  return sources.every((source) => {
    const names = source.split('/');
    const wild = names.findIndex((name) => /[*?[\\$]/.test(name));
    const path = join(dir, ...(wild < 0 ? names : names.slice(0, wild)));
    return isWithin(dir, path) && exists(path, disk);
  });
}

function exists(path: string, disk: Disk): boolean {
  try {
    disk.stat(path);
    return true;
  } catch {
    return false;
  }
}

function realDirectory(path: string, disk: Disk): string | undefined {
  try {
    return disk.realpath(path);
  } catch {
    return undefined;
  }
}
