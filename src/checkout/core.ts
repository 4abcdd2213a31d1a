// Room: checkout/. The library as the command line gets it; loaded when the first Dockerfile is to be read.
import { diskTree } from '../context/disk.ts';
import { ignoreFile } from '../context/ignore.ts';
import { withCacheIds } from '../dockerfile/cache-ids.ts';
import { externalImages } from '../dockerfile/external-images.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { settingsOf } from '../dockerfile/settings.ts';
import { listTransforms, memoryTree, refactor } from '../index.ts';
import { composeContexts } from '../uses/uses.ts';
import type { Core } from './types.ts';

export const core: Core = {
  refactor,
  listTransforms,
  composeContexts,
  copySources,
  ignoreFile,
  withCacheIds,
  externalImages(source, buildArgs) {
    const parsed = parseDockerfile(source);
    return parsed.ok ? externalImages(parsed.dockerfile, buildArgs) : [];
  },
  imageSettings(source, target) {
    const parsed = parseDockerfile(source);
    return parsed.ok ? settingsOf(parsed.dockerfile, target) : undefined;
  },
  diskTree,
  memoryTree,
};

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
