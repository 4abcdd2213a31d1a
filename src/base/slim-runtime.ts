// Room: base/. The slim twin of an interpreter's image.
import type { Subject } from '../facts/subject.ts';
import { slimTag } from '../knowledge/tags.ts';
import type { ImageBase } from '../knowledge/programs.ts';
import type { Note } from '../types.ts';
import { withTag, type BaseReading } from './base.ts';

export interface SlimRuntime {
  image: string;
  tools: ImageBase;
  notes: Omit<Note, 'transform'>[];
}

/** What stands in for a base that is not possible: the slim image, or the one that is there where that is small already. */
export const fallbackOf = ({ image, tag }: BaseReading): string => (tag.variant === 'full' ? 'slim is used' : `${image.raw} is kept`);

/** The slim tag of the final stage's image; the image itself where it is small already or `--base keep`. `elsewhere`: why other bases are not possible. */
export function slimRuntime(subject: Subject, elsewhere: string): SlimRuntime {
  const { image, family, tag } = subject.final.base;
  const row = family?.row;
  const { base } = subject.options;
  const notes: SlimRuntime['notes'] = ['distroless', 'scratch', 'alpine'].filter((name) => name !== tag.variant).includes(base)
    ? [{ id: 'base-not-possible', message: `${base} is not possible here: ${elsewhere}; ${fallbackOf(subject.final.base)}` }]
    : [];
  if (base === 'keep' || !row || tag.variant !== 'full') return { image: image.raw, tools: { row, ...tag }, notes };
  const slim = slimTag(row, image.tag);
  return typeof slim === 'string'
    ? { image: withTag(image, slim), tools: { row, ...tag, variant: 'slim' }, notes }
    : { image: image.raw, tools: { row, ...tag }, notes };
}
