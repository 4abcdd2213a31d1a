// Room: dockerfile/. Images that a build brings from outside. Source: Dockerfile reference, FROM, COPY --from, RUN --mount, "syntax" directive.
import { expandWord } from './expand.ts';
import { declared, globalDefaults } from './stages.ts';
import type { Dockerfile, Known } from './types.ts';

/**
 * The images that a Dockerfile is built on or copies from, its frontend (`# syntax=`) first; each once, in the order of the text.
 * In: values given for its ARGs (`--build-arg`). Left out: stages, `scratch`, and names with a variable that has no value.
 */
export function externalImages(dockerfile: Dockerfile, given: ReadonlyMap<string, string> = new Map()): string[] {
  const named = argsOf(dockerfile, given);
  const resolve = (raw: string): string[] => {
    const known = expandWord(raw, (name) => named.get(name), dockerfile.escape);
    return 'value' in known ? [known.value] : [];
  };
  const stages = new Set(dockerfile.stages.flatMap(({ name }) => name ?? []));
  const found = new Set(dockerfile.directives.flatMap(({ name, value }) => (name === 'syntax' ? (value.split(/\s/)[0] ?? []) : [])));
  for (const one of dockerfile.instructions) {
    const names = one.keyword === 'FROM' ? resolve(one.image.raw) : one.keyword === 'COPY' ? [one.from] : [];
    if (one.keyword === 'RUN') names.push(...one.mounts.map(({ from }) => from));
    for (const name of names) if (isOutside(name, stages)) found.add(name);
  }
  return [...found];
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
