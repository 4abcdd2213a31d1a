// Room: base/. Files that sources name by their place in the system, and that the full images have but the slim ones have not.
import { hitEvidence } from '../facts/project.ts';
import type { SourceHit } from '../ecosystems/types.ts';
import { originOf, type CopyReading } from '../facts/copies.ts';
import type { FileTree } from '../context/types.ts';
import { refuse } from '../refusal.ts';

/**
 * Places of packages that buildpack-deps brings (imagemagick, fontconfig, shared-mime-info, git, mercurial, subversion, perl, gcc), and slim has not.
 * Source: Dockerfiles of docker-library/buildpack-deps, bookworm and trixie; their packages' lists of files on packages.debian.org.
 */
const OF_FULL =
  /^\/(?:usr\/share\/(?:fonts|mime|X11|ghostscript|ImageMagick[\w.-]*|icons|fontconfig|mercurial|git-core|file|misc\/magic)|usr\/lib\/(?:git-core|gcc|\w+-linux-gnu)|usr\/include|etc\/(?:ImageMagick-\d|fonts|mime\.types|mercurial|subversion|X11))(?:\/|\.|$)/;
/** The fonts of fonts-dejavu-core, by the name that Pillow looks up in the system. Source: pillow.readthedocs.io, ImageFont.truetype. */
const FONT = /^DejaVu\w+(?:-\w+)?(?:\.ttf)?$/;

/** The first file of the full image that a source reads; files that a COPY brings are none of it. */
export function fullImageFile(hits: readonly SourceHit[], copies: readonly CopyReading[], tree: FileTree): SourceHit | undefined {
  return hits.find(
    ({ kind, literal }) =>
      ['read', 'template', 'mime'].includes(kind) &&
      literal !== undefined &&
      (OF_FULL.test(literal) ? originOf(copies, tree, literal) === undefined : FONT.test(literal) && tree.stat(literal) === undefined),
  );
}

/** Why the slim image will not do. */
export const fullImageReason = ({ file, line, literal = '' }: SourceHit): string =>
  `${file}:${line} reads ${literal}, which the full image has and the slim one has not`;

/** What a split asks of its case. */
interface Asked {
  stays: string | undefined;
  apt: { both: readonly string[] };
  reading: { base: { tag: { variant: string } }; copies: readonly CopyReading[] };
  run: { at: number };
  subject: { project: { tree: FileTree } };
}

/** Refuses a split to the slim image whose program reads a file of the full one. Packages that are kept may bring it. */
export function refuseFullImageFile(c: Asked, hits: readonly SourceHit[]): void {
  if (c.stays !== undefined || c.apt.both.length > 0 || c.reading.base.tag.variant !== 'full') return;
  const found = fullImageFile(hits, c.reading.copies, c.subject.project.tree);
  if (found)
    refuse('file-of-full-image', fullImageReason(found), c.run.at, {
      evidence: [hitEvidence(found)],
    });
}
