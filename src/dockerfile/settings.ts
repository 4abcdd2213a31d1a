// Room: dockerfile/. What a Dockerfile itself says of its image's configuration, apart from what its base brings.
import { expandWord } from './expand.ts';
import { lookupIn, stateBefore } from './state.ts';
import type { Dockerfile, Keyword, Plain, Stage } from './types.ts';

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
