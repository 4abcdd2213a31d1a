// Room: dockerfile/. What a Dockerfile itself says of its image's configuration, apart from what its base brings.
import { expandWord } from './expand.ts';
import { baseImage } from './external-images.ts';
import { lookupIn, stateBefore } from './state.ts';
import type { Dockerfile, Keyword, Plain, Span, Stage } from './types.ts';

/** Set by the instructions of one stage and of the stages that it is built FROM. */
export interface ImageSettings {
  /** The image that it all stands on, as written; undefined when there is no such stage. */
  base: string | undefined;
  /** Keywords that occur. */
  keywords: readonly Keyword[];
  /** The last value of each name as written, quotes removed, variables kept. */
  env: Readonly<Record<string, string>>;
  labels: readonly string[];
  /** Words of EXPOSE and VOLUME, with their variables expanded where they are known. */
  ports: readonly string[];
  volumes: readonly string[];
}

/** What is set in the image of `target` (a stage's name or number); of the last stage unless told. */
export function settingsOf(dockerfile: Dockerfile, target?: string): ImageSettings {
  const chain = chainTo(dockerfile, stageOf(dockerfile, target));
  const env: Record<string, string> = Object.create(null) as Record<string, string>;
  const labels = new Set<string>();
  const settings = { keywords: new Set<Keyword>(), ports: new Set<string>(), volumes: new Set<string>() };
  for (const stage of chain)
    for (const one of stage.instructions) {
      settings.keywords.add(one.keyword);
      if (one.keyword === 'ENV') for (const { name, value } of one.pairs) env[name] = value ?? '';
      if (one.keyword === 'LABEL') for (const { name } of one.pairs) labels.add(name);
      if (one.keyword === 'EXPOSE') for (const word of words(dockerfile, stage, one)) settings.ports.add(word);
      if (one.keyword === 'VOLUME') for (const word of words(dockerfile, stage, one)) settings.volumes.add(word);
    }
  return {
    base: chain[0]?.from.image.resolved ?? chain[0]?.from.image.raw,
    keywords: [...settings.keywords],
    env,
    labels: [...labels],
    ports: [...settings.ports],
    volumes: [...settings.volumes],
  };
}

function stageOf({ stages }: Dockerfile, target: string | undefined): Stage | undefined {
  if (target === undefined) return stages[stages.length - 1];
  return stages.findLast(({ name }) => name === target.toLowerCase()) ?? (/^\d+$/.test(target) ? stages[Number(target)] : undefined);
}

/** One instruction of the stages that make an image, and where it stands: what a built image's history is put beside. */
export interface ImageInstruction {
  /** 1-based. */
  line: number;
  keyword: Keyword;
  /** As written; continued lines are joined, comments between them left out. */
  text: string;
}

/**
 * The instructions that make the image of `target` (the last stage unless told), in order, FROM left out; and the image that it all stands on, with
 * values given for ARGs (`--build-arg`). `base` undefined: a variable in it has no value.
 */
export function imageInstructions(
  dockerfile: Dockerfile,
  target: string | undefined,
  given: ReadonlyMap<string, string>,
): { base: string | undefined; instructions: ImageInstruction[] } {
  const chain = chainTo(dockerfile, stageOf(dockerfile, target));
  const first = chain[0];
  return {
    base: first && baseImage(dockerfile, first.from, given),
    instructions: chain.flatMap(({ instructions }) =>
      instructions.map((one) => ({ line: one.line, keyword: one.keyword, text: oneLine(dockerfile, one) })),
    ),
  };
}

/** Longer instructions are told by their beginning. */
const maxText = 2000;

function oneLine({ source, escape }: Dockerfile, { start, end }: Span): string {
  const lines = source
    .slice(start, end)
    .split(/\r?\n/)
    .filter((line, i) => i === 0 || !/^\s*(?:#|$)/.test(line))
    .map((line) => line.trim())
    .map((line) => (line.endsWith(escape) ? line.slice(0, -1).trimEnd() : line));
  return lines.join(' ').slice(0, maxText);
}

/** The stage that stands on an image from outside, below the last one. */
export const rootOf = (dockerfile: Dockerfile): Stage | undefined => chainTo(dockerfile, stageOf(dockerfile, undefined))[0];

/** A stage and those that it is built FROM, the root first. */
function chainTo({ stages }: Dockerfile, last: Stage | undefined): Stage[] {
  const chain: Stage[] = [];
  for (let at = last; at;) {
    chain.unshift(at);
    const { index, from } = at;
    const wanted = from.image.resolved?.toLowerCase();
    at = stages.slice(0, index).findLast(({ name }) => name !== undefined && name === wanted);
  }
  return chain;
}

function words(dockerfile: Dockerfile, stage: Stage, one: Plain): string[] {
  const lookup = lookupIn(stateBefore(dockerfile, stage, one));
  return one.words.map(({ value }) => {
    const known = expandWord(value, lookup, dockerfile.escape);
    return 'value' in known ? known.value : value;
  });
}
