// Room: checkout/. The library as the command line gets it; loaded when the first Dockerfile is to be read.
import { isForeign, readBase, type BaseReading } from '../base/base.ts';
import { diskTree } from '../context/disk.ts';
import { changedTree } from '../context/kept.ts';
import { ignoreFile } from '../context/ignore.ts';
import { cleanPath, parentOf } from '../context/paths.ts';
import { compilePattern } from '../context/pattern.ts';
import { withCacheIds } from '../dockerfile/cache-ids.ts';
import { externalImages } from '../dockerfile/external-images.ts';
import { fileSources } from '../dockerfile/heredoc.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { imageInstructions, settingsOf } from '../dockerfile/settings.ts';
import { stateAtEnd } from '../dockerfile/state.ts';
import { ecosystems } from '../ecosystems/index.ts';
import { digestOf } from '../image/digest.ts';
import { imagesOf } from '../facts/project.ts';
import { lockedDependencies } from '../ecosystems/locked.ts';
import { listTransforms, memoryTree, refactor } from '../index.ts';
import { apkClass } from '../knowledge/alpine-packages.ts';
import { aptClass } from '../knowledge/debian-packages.ts';
import { usualBytes } from '../knowledge/image-sizes.ts';
import { buildContexts } from '../uses/uses.ts';
import type { ProjectContext } from '../types.ts';
import { readConfig } from './config/read.ts';
import type { Core, LockedDependencies, Outline } from './types.ts';

export const core: Core = {
  refactor,
  listTransforms,
  digestOf,
  buildContexts,
  copySources,
  contextReads,
  ignoreFile,
  withCacheIds,
  externalImages(source, buildArgs) {
    const parsed = parseDockerfile(source);
    return parsed.ok ? externalImages(parsed.dockerfile, buildArgs) : [];
  },
  imageInstructions(source, target, buildArgs) {
    const parsed = parseDockerfile(source);
    return parsed.ok ? imageInstructions(parsed.dockerfile, target, buildArgs) : undefined;
  },
  isBuildPackage: (manager, name) => (manager === 'apt' ? aptClass(name) : apkClass(name).kind) !== 'both',
  imageSettings(source, target) {
    const parsed = parseDockerfile(source);
    return parsed.ok ? settingsOf(parsed.dockerfile, target) : undefined;
  },
  lockedDependencies: lockedFor,
  diskTree,
  changedTree,
  pathPattern,
  memoryTree,
  readConfig: (text, key) =>
    readConfig(
      text,
      listTransforms().map(({ id }) => id),
      key,
    ),
  outline,
};

function pathPattern(pattern: string): ReturnType<Core['pathPattern']> {
  const clean = cleanPath(pattern);
  if (clean === undefined || clean === '' || pattern.startsWith('!')) return { error: 'is no pattern of paths in a repository' };
  return compilePattern(clean);
}

/** What COPY and ADD read from the build context: not from stages, not from the network, not what variables name. */
function copySources(source: string): string[] | undefined {
  const parsed = parseDockerfile(source);
  if (!parsed.ok) return undefined;
  return parsed.dockerfile.instructions
    .flatMap((one) =>
      (one.keyword === 'COPY' || one.keyword === 'ADD') && one.from === undefined ? fileSources(one).map((word) => word.value) : [],
    )
    .filter((path) => !isRemote(path) && !path.includes('$'));
}

/** As `copySources`, with what bind mounts read; undefined also when a variable names something: it can be anything then. */
function contextReads(source: string): string[] | undefined {
  const parsed = parseDockerfile(source);
  if (!parsed.ok) return undefined;
  const reads = parsed.dockerfile.instructions.flatMap((one) => {
    if (one.keyword === 'RUN') {
      const binds = one.mounts.filter(({ type, from }) => type === 'bind' && from === undefined);
      return binds.map(({ options }) => options.get('source') ?? '.');
    }
    return (one.keyword === 'COPY' || one.keyword === 'ADD') && one.from === undefined ? fileSources(one).map((word) => word.value) : [];
  });
  return reads.some((path) => path.includes('$')) ? undefined : reads.filter((path) => !isRemote(path));
}

// Sources of ADD that are no files: URLs, and git repositories (git@host:path, …#ref, ….git). https://docs.docker.com/reference/dockerfile/#add
const isRemote = (path: string): boolean => path.includes('://') || path.startsWith('git@');

const images = imagesOf(ecosystems);
const maxProjects = 50;

/** The projects that a Dockerfile copies: directories of what COPY and ADD read, the context's root first. */
function lockedFor(source: string, { tree }: ProjectContext): LockedDependencies {
  const dirs = new Set(['']);
  for (const path of copySources(source) ?? []) {
    const clean = cleanPath(path.replace(/\/+$/, ''));
    if (clean === undefined || dirs.size >= maxProjects) continue;
    dirs.add(tree.stat(clean)?.kind === 'dir' ? clean : parentOf(clean));
  }
  const requirements = [...source.matchAll(/(?<![\w./-])[\w./-]*requirements[\w./-]*\.txt/gi)].map(([path]) => path.replace(/^\/+/, ''));
  return lockedDependencies(tree, [...dirs], [...new Set(requirements)].slice(0, maxProjects));
}

/** Stages, base image, user and cache mounts of the last stage of a text. */
function outline(source: string): Outline | undefined {
  const parsed = parseDockerfile(source);
  if (!parsed.ok) return undefined;
  const { dockerfile } = parsed;
  const bases = new Map<number, BaseReading>();
  for (const stage of dockerfile.stages) bases.set(stage.index, readBase(dockerfile, stage, bases, images));
  const last = dockerfile.stages[dockerfile.stages.length - 1];
  const base = last && bases.get(last.index);
  if (!last || !base) return undefined;
  const { user } = stateAtEnd(dockerfile, last, base.family?.state);
  const mounts = dockerfile.instructions.flatMap((one) => (one.keyword === 'RUN' ? one.mounts : []));
  return {
    stages: dockerfile.stages.length,
    base: base.image.raw,
    baseBytes: isForeign(base) ? undefined : usualBytes(base.family, base.tag),
    user: 'value' in user ? user.value : undefined,
    cacheMounts: mounts.filter((mount) => mount.type === 'cache').length,
  };
}
