// Room: checkout/. The library as the command line gets it; loaded when the first Dockerfile is to be read.
import { readBase, type BaseReading } from '../base/base.ts';
import { diskTree } from '../context/disk.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { stateAtEnd } from '../dockerfile/state.ts';
import { listTransforms, memoryTree, refactor } from '../index.ts';
import { composeContexts } from '../uses/uses.ts';
import type { Core, Outline } from './types.ts';

export const core: Core = { refactor, listTransforms, composeContexts, copySources, diskTree, memoryTree, outline };

/** What COPY and ADD read from the build context: not from stages, not from the network, not what variables name. */
function copySources(source: string): string[] | undefined {
  const parsed = parseDockerfile(source);
  if (!parsed.ok) return undefined;
  return parsed.dockerfile.instructions
    .flatMap((one) =>
      (one.keyword === 'COPY' || one.keyword === 'ADD') && one.from === undefined ? one.sources.map((word) => word.value) : [],
    )
    .filter((path) => !isRemote(path) && !path.includes('$'));
}

// Sources of ADD that are no files: URLs, and git repositories (git@host:path, …#ref, ….git). https://docs.docker.com/reference/dockerfile/#add
const isRemote = (path: string): boolean => path.includes('://') || path.startsWith('git@');

/** Stages, base image, user and cache mounts of the last stage of a text. */
function outline(source: string): Outline | undefined {
  const parsed = parseDockerfile(source);
  if (!parsed.ok) return undefined;
  const { dockerfile } = parsed;
  const bases = new Map<number, BaseReading>();
  for (const stage of dockerfile.stages) bases.set(stage.index, readBase(dockerfile, stage, bases));
  const last = dockerfile.stages[dockerfile.stages.length - 1];
  const base = last && bases.get(last.index);
  if (!last || !base) return undefined;
  const { user } = stateAtEnd(dockerfile, last, base.family?.state);
  const mounts = dockerfile.instructions.flatMap((one) => (one.keyword === 'RUN' ? one.mounts : []));
  return {
    stages: dockerfile.stages.length,
    base: base.image.raw,
    user: 'value' in user ? user.value : undefined,
    cacheMounts: mounts.filter((mount) => mount.type === 'cache').length,
  };
}
