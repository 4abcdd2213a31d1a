// Room: knowledge/. About how large published base images are, unpacked: for estimates that say that they are such, never for a decision.
import type { ImageFamily, TagFacts } from './types.ts';

// The rows' megabytes. Sources: orders of magnitude (Node.js 1.2 GB, Go 800 MB, Python 900 MB, Rust 1.5 GB), and what people report of
// `docker images`: node:20 1.1 GB, -slim 250 MB, -alpine 180 MB (atharvaunde.com, base images); python 1.0 GB, -slim 150 MB (ametric.sh, slimming
// images); debian:12-slim 75 MB, ubuntu 80 MB, alpine 7 MB, golang:1.22 over 900 MB (besterry.com, container image size); distroless static 2 MB,
// base 20 MB (goelacademy.com, image optimization).

/** By the last part of the name, without the release: gcr.io/distroless/nodejs22-debian13. */
const distrolessSizes: readonly [RegExp, number][] = [
  [/^static/, 2],
  [/^base/, 20],
  [/^cc/, 25],
  [/^nodejs/, 150],
  [/^python3/, 55],
];

/** In: a published family, and what the tag says. Out: bytes, or undefined where nothing is known. */
export function usualBytes(family: ImageFamily | undefined, { variant }: TagFacts): number | undefined {
  if (!family) return undefined;
  const { row, registry, repository } = family;
  const known = registry === 'gcr.io' ? distroless(repository) : row.megabytes?.[variant];
  return known === undefined ? undefined : known * 1e6;
}

function distroless(repository: string): number | undefined {
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  return distrolessSizes.find(([shape]) => shape.test(name))?.[1];
}
