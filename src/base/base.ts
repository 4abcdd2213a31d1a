// Room: base/. The image that a stage stands on: its family, what its tag says, and why it cannot be reasoned about.
import type { Dockerfile, ImageRef, Stage } from '../dockerfile/types.ts';
import { privateMirrorOf, type Images } from '../knowledge/images.ts';
import { tagFacts } from '../knowledge/tags.ts';
import { oncePer } from '../once.ts';
import type { ImageFamily, TagFacts } from '../knowledge/types.ts';

export interface BaseReading {
  image: ImageRef;
  family: ImageFamily | undefined;
  tag: TagFacts;
  /** Index of the stage that this one is built FROM. */
  ofStage: number | undefined;
  /** The repository on Docker Hub that it is, also by a mirror; undefined on any other registry. */
  hub: string | undefined;
  /** See `isForeign`. */
  foreign: boolean;
  /** Why the base cannot be modelled or swapped. */
  problem: { id: string; message: string } | undefined;
}

/** For each stage the index of the stage above it that its FROM names. */
const parentsOf = oncePer((dockerfile: Dockerfile): (number | undefined)[] => {
  const named = new Map<string, number>();
  return dockerfile.stages.map(({ from, name, index }) => {
    const parent = named.get(from.image.raw.toLowerCase());
    if (name !== undefined) named.set(name, index);
    return parent;
  });
});

/** Reads the base of a stage; `earlier` holds the readings of the stages above it. */
export function readBase(dockerfile: Dockerfile, stage: Stage, earlier: ReadonlyMap<number, BaseReading>, images: Images): BaseReading {
  const { image } = stage.from;
  const parent = parentsOf(dockerfile)[stage.index];
  const inherited = parent === undefined ? undefined : earlier.get(parent);
  if (parent !== undefined && inherited) return { ...inherited, ofStage: parent };
  const found = images.family(image) ?? privateMirrorOf(images, image);
  const isNamed = found && found.lookedUp !== 'of no row';
  const tag: TagFacts = isNamed ? tagFacts(found.row, image.tag) : { version: undefined, variant: 'other', suite: undefined };
  const hub = images.hub(image);
  const foreign = found !== undefined && image.registry !== '' && hub === undefined && found.registry !== images.original(image).registry;
  return { image, family: found, tag, ofStage: undefined, hub, foreign, problem: problemOf(image, found) };
}

function problemOf(image: ImageRef, found: ImageFamily | undefined): { id: string; message: string } | undefined {
  const text = image.resolved ?? image.raw;
  if (image.resolved === undefined && !found)
    return { id: 'arg-base', message: `Base image depends on build argument ${image.variables.join(', ')} without usable default` };
  if (/windows|nanoserver|servercore/i.test(text)) return { id: 'windows-base', message: 'Windows containers are not supported' };
  if (/onbuild/i.test(image.tag ?? ''))
    return { id: 'onbuild-present', message: 'ONBUILD triggers belong to downstream builds; splitting would move them' };
  if (!found)
    return { id: 'unknown-base', message: `Base image ${text} is not known to this tool: its ENTRYPOINT, ENV and USER cannot be told` };
  return undefined;
}

/** The base bears the name of an official image on a registry that is no mirror of it: what it holds is anybody's guess. */
export const isForeign = ({ foreign }: Pick<BaseReading, 'foreign'>): boolean => foreign;

/** Why the variant of a base cannot be swapped (digest, private mirror, argument in the tag), or undefined. */
export function swapProblem(base: BaseReading): { id: string; message: string; allow?: string } | undefined {
  const { image } = base;
  if (base.problem) return base.problem;
  if (image.digest !== undefined)
    return { id: 'digest-base', message: 'Base is pinned by digest; a variant swap needs a new digest, which cannot be looked up offline' };
  if (image.variables.length > 0)
    return {
      id: 'arg-base',
      message: `Base image depends on build argument ${image.variables.join(', ')}; callers may pass another variant`,
      allow: 'Write the tag into FROM.',
    };
  if (isForeign(base))
    return {
      id: 'private-mirror-base',
      message: `Variant ${base.family?.repository ?? image.repository}-slim may not exist on ${image.registry}`,
      allow: 'Use the official image, or --level max.',
    };
  return undefined;
}

/** The image text with another tag, registry and repository kept as written. */
export function withTag(image: ImageRef, tag: string): string {
  const at = image.raw.lastIndexOf(':');
  const name = at > image.raw.lastIndexOf('/') ? image.raw.slice(0, at) : image.raw;
  return `${name}:${tag}`;
}
