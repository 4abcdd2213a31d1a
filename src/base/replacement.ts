// Room: base/. The image that the configuration wants in place of a base, and whether both are known to hold the same.
import { partsOf } from '../dockerfile/image.ts';
import type { Images } from '../knowledge/images.ts';
import { originalName, patternParts } from '../knowledge/mirrors.ts';
import type { Replacement } from '../types.ts';
import type { BaseReading } from './base.ts';

export interface Wanted extends Replacement {
  image: string;
  /** Why it is not taken. */
  problem: { id: string; message: string; allow: string } | undefined;
}

/** What is wanted in place of a base: by the nearest replacement that names it. Undefined: none does, or the base is the wanted one. */
export function replacementFor(all: readonly Replacement[], { image }: BaseReading, images: Images): Wanted | undefined {
  for (const one of all.toReversed()) {
    const { image: named, tag: pattern } = patternParts(one.of);
    if (originalName(images, named) !== originalName(images, image)) continue;
    const tag = image.tag ?? 'latest';
    const star = starOf(pattern, tag);
    // Where the tag is an argument, nothing tells whether the pattern holds: it is told, as it might.
    if (star === undefined && image.variables.length === 0) continue;
    const by = wantedImage(one.by, star ?? '');
    if (by === image.raw) return undefined;
    return { ...one, image: by, problem: problemOf(by, image, images) };
  }
  return undefined;
}

/** What `*` of a pattern stands for in a tag; '' where it has none. Undefined: the tag is another. */
function starOf(pattern: string, tag: string): string | undefined {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === tag ? '' : undefined;
  const fits = tag.length > before.length + after.length && tag.startsWith(before) && tag.endsWith(after);
  return fits ? tag.slice(before.length, tag.length - after.length) : undefined;
}

/** The image by its pattern. An end that the tag has already, as `-slim`, is not written twice. */
function wantedImage(pattern: string, star: string): string {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern;
  return `${before}${after !== '' && star.endsWith(after) ? star : `${star}${after}`}`;
}

function problemOf(by: string, image: BaseReading['image'], images: Images): Wanted['problem'] {
  if (image.variables.length > 0)
    return {
      id: 'arg-base',
      message: `Base image depends on build argument ${image.variables.join(', ')}; which image is to stand in its place cannot be told`,
      allow: 'Write the tag into FROM.',
    };
  if (image.digest !== undefined)
    return {
      id: 'digest-base',
      message: `Base is pinned by digest; whether ${by} is the same image cannot be looked up offline`,
      allow: 'Write the other image into FROM, with its digest.',
    };
  const other = partsOf(by);
  const now = `${originalName(images, image)}:${image.tag ?? 'latest'}`;
  const then = `${originalName(images, other)}:${other.tag ?? 'latest'}`;
  if (now === then) return undefined;
  const isMirror = originalName(images, image) === originalName(images, other);
  return {
    id: 'replacement-unproven',
    message: isMirror
      ? `${by}, which the configuration wants here, is no copy of ${image.raw}: the tags differ`
      : `Nothing says that ${by}, which the configuration wants here, holds what ${image.raw} does`,
    allow: isMirror
      ? 'Let the replacement keep the tag (`node:*: registry.example.com/node:*`), and see why the tag itself is not changed.'
      : `Say in the configuration's \`mirrors\` of which image it is a mirror, where it is one.`,
  };
}
