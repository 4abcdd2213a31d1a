// Room: checkout/. Which directory is the build context of a Dockerfile, and what is known of the repository around it.
import { dirname, join, posix } from 'node:path';
import { localDisk, type Disk } from '../context/disk.ts';
import type { FileTree } from '../context/types.ts';
import type { ProjectContext } from '../types.ts';
import type { Found } from './find.ts';
import { below, isWithin } from './paths.ts';
import { repositoryRoot } from './repository.ts';
import type { OwnSettings } from './settings.ts';
import type { Core } from './types.ts';

/** Trees and compose files, read once for all Dockerfiles of a run. */
export interface Places {
  core: Core;
  disk: Disk;
  /** `--context`, real and absolute. */
  context: string | undefined;
  trees: Map<string, FileTree>;
  composes: Map<string, readonly { context: string; dockerfile: string }[]>;
  /** Of directories; undefined: there is no file. */
  settings: Map<string, OwnSettings | undefined>;
}

export interface Located {
  /** The build context, real and absolute. */
  dir: string;
  /** Where a patch applies: the repository's root, or what stands for it. */
  root: string;
  project: ProjectContext;
}

export const places = (core: Core, context: string | undefined, disk: Disk = localDisk): Places => ({
  core,
  disk,
  context,
  trees: new Map(),
  composes: new Map(),
  settings: new Map(),
});

/**
 * The build context: --context, else what compose files say, else what the layout says (the Dockerfile's directory,
 * or the nearest one above it that has everything that COPY names). Source of the order: rule book §1.1.
 */
export function locate(found: Found, source: string, all: Places): Located {
  const root = repositoryRoot(dirname(found.real), all.disk) ?? found.given;
  const { dir, certain } = all.context === undefined ? contextOf(found, root, source, all) : { dir: all.context, certain: true };
  const contextPath = below(root, dir);
  const repository = contextPath === undefined ? undefined : { tree: treeOf(root, all), contextPath };
  return {
    dir,
    root,
    project: {
      tree: treeOf(dir, all),
      dockerfilePath: below(dir, found.real),
      contextCertain: certain,
      ...(repository ? { repository } : {}),
    },
  };
}

export function treeOf(dir: string, { trees, core, disk }: Places): FileTree {
  const tree = trees.get(dir) ?? core.diskTree(dir, disk);
  trees.set(dir, tree);
  return tree;
}

interface Choice {
  dir: string;
  certain: boolean;
}

function contextOf(found: Found, root: string, source: string, all: Places): Choice {
  const own = dirname(found.real);
  const sources = all.core.copySources(source) ?? [];
  const told = composeCandidates(found.real, root, all);
  const [first] = told.dirs;
  if (first === undefined) return told.outside ? { dir: own, certain: false } : byLayout(own, root, sources, all.disk);
  if (told.dirs.length === 1 && !told.outside) return { dir: first, certain: true };
  const complete = told.dirs.filter((dir) => hasAll(dir, sources, all.disk));
  return { dir: complete[0] ?? first, certain: complete.length === 1 && !told.outside };
}

/** The contexts that compose files of the repository name for this Dockerfile; `outside`: one is not within reach. */
function composeCandidates(dockerfile: string, root: string, all: Places): { dirs: string[]; outside: boolean } {
  const known = all.composes.get(root) ?? all.core.composeContexts(treeOf(root, all));
  all.composes.set(root, known);
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

function byLayout(own: string, root: string, sources: readonly string[], disk: Disk): Choice {
  if (hasAll(own, sources, disk))
    return { dir: own, certain: !(sources.length > 0 && sources.every(isWhole) && isOnlyDocker(own, root, disk)) };
  const above: string[] = [];
  for (let dir = own; dir !== root && isWithin(root, dir) && dir !== dirname(dir);) {
    dir = dirname(dir);
    if (hasAll(dir, sources, disk)) above.push(dir);
  }
  return above.length === 0 ? { dir: own, certain: false } : { dir: above[0] ?? own, certain: above.length === 1 };
}

/** A directory of Docker's files has some dozen entries. */
const maxNames = 1000;

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
