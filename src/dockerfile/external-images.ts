// Room: dockerfile/. Images that a build brings from outside. Source: Dockerfile reference, FROM, COPY --from, RUN --mount, "syntax" directive.
import { expandWord } from './expand.ts';
import { declared, globalDefaults } from './stages.ts';
import type { Dockerfile, From, Known } from './types.ts';

/**
 * The images that a Dockerfile is built on or copies from, its frontend (`# syntax=`) first; each once, in the order of the text.
 * In: values given for its ARGs (`--build-arg`). Left out: stages, `scratch`, and names with a variable that has no value.
 */
export function externalImages(dockerfile: Dockerfile, given: ReadonlyMap<string, string> = new Map()): string[] {
  const named = argsOf(dockerfile, given);
  const stages = new Set(dockerfile.stages.flatMap(({ name }) => name ?? []));
  const found = new Set(dockerfile.directives.flatMap(({ name, value }) => (name === 'syntax' ? (value.split(/\s/)[0] ?? []) : [])));
  for (const one of dockerfile.instructions) {
    const names = one.keyword === 'FROM' ? [expanded(dockerfile, one, named)] : one.keyword === 'COPY' ? [one.from] : [];
    if (one.keyword === 'RUN') names.push(...one.mounts.map(({ from }) => from));
    for (const name of names) if (isOutside(name, stages)) found.add(name);
  }
  return [...found];
}

/** The image that a FROM names, with values given for its ARGs; undefined when a variable has none. */
export function baseImage(dockerfile: Dockerfile, from: From, given: ReadonlyMap<string, string>): string | undefined {
  return expanded(dockerfile, from, argsOf(dockerfile, given));
}

function expanded({ escape }: Dockerfile, from: From, named: ReadonlyMap<string, Known>): string | undefined {
  const known = expandWord(from.image.raw, (name) => named.get(name), escape);
  return 'value' in known ? known.value : undefined;
}

function argsOf(dockerfile: Dockerfile, given: ReadonlyMap<string, string>): ReadonlyMap<string, Known> {
  const names = new Map(globalDefaults(dockerfile.globalArgs, dockerfile.escape));
  for (const { args } of dockerfile.globalArgs)
    for (const word of args) {
      const { name, value } = declared(word);
      const told = given.get(name);
      // As BuildKit does it: one ARG after the other, what is given in the place of the default.
      if (told !== undefined) names.set(name, { value: told });
      else if (value !== undefined)
        names.set(
          name,
          expandWord(value, (other) => names.get(other), dockerfile.escape),
        );
    }
  return names;
}

const isOutside = (name: string | undefined, stages: ReadonlySet<string>): name is string =>
  name !== undefined && name !== '' && name !== 'scratch' && !stages.has(name.toLowerCase()) && !/^\d+$/.test(name) && !name.includes('$');
