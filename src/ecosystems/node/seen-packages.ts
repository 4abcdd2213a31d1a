// Room: ecosystems/node. What installed packages need of the system, where the image was looked into: by the ELF headers of addons and programs.
import { libraryNeeds } from '../../image/libraries.ts';
import { isSeen, type ImageFacts } from '../../image/types.ts';
import type { Evidence } from '../types.ts';

const installed = (path: string): boolean => path.includes('/node_modules/');

/** The packages of Debian with the libraries that installed packages are linked with; undefined: it was not looked at, or a library is nobody's. */
export function seenLibraries(image: ImageFacts | undefined): { debian: string[]; evidence: Evidence[] } | undefined {
  if (!image || !isSeen(image.instructions) || !image.languagePackages.some(({ type }) => type === 'npm')) return undefined;
  const { packages, loose } = libraryNeeds(image, installed);
  if (loose.length > 0) return undefined;
  return {
    debian: packages.map(({ name }) => name),
    evidence: packages.map(({ name, library, program }) => ({ file: 'Dockerfile', says: `image: ${program} needs ${library} of ${name}` })),
  };
}

/**
 * Whether nothing was compiled when packages were installed: all their programs and libraries lie where packages are published with them, in
 * `prebuilds` (https://github.com/prebuild/node-gyp-build#readme) or in a package for one platform
 * (https://docs.npmjs.com/cli/v11/configuring-npm/package-json#os). What node-gyp makes, and what an install script fetches, lies elsewhere.
 */
export const seenUncompiled = (image: ImageFacts | undefined): boolean =>
  image !== undefined &&
  isSeen(image.instructions) &&
  image.languagePackages.some(({ type }) => type === 'npm') &&
  image.programs.every(({ path }) => !installed(path) || /\/prebuilds\/|\/node_modules\/(?:@[^/]+\/)?[^/]*linux[^/]*\//.test(path));
