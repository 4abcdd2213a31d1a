// Room: dockerfile/. The ARGs above the first FROM, which FROM lines and stages read.
import { expandWord } from './expand.ts';
import type { EnvLike, Known } from './types.ts';

/** Set by the builder for FROM lines, and for a stage that declares them. Source: Dockerfile reference, "Automatic platform ARGs in the global scope". */
const platformArgs: ReadonlyMap<string, Known> = new Map(
  [
    'BUILDPLATFORM',
    'BUILDOS',
    'BUILDOSVERSION',
    'BUILDARCH',
    'BUILDVARIANT',
    'TARGETPLATFORM',
    'TARGETOS',
    'TARGETOSVERSION',
    'TARGETARCH',
    'TARGETVARIANT',
    'TARGETSTAGE',
  ].map((name) => [name, { unknown: `${name} is set by the builder` }]),
);

/** What the ARGs above the first FROM hold by default; an ARG without default is unknown. In: those instructions and the escape character. */
export function globalDefaults(globalArgs: readonly EnvLike[], escape: string): ReadonlyMap<string, Known> {
  if (globalArgs.length === 0) return platformArgs;
  const defaults = new Map(platformArgs);
  for (const instruction of globalArgs) {
    for (const word of instruction.args) {
      const { name, value } = declared(word);
      if (value !== undefined)
        defaults.set(
          name,
          expandWord(value, (other) => defaults.get(other), escape),
        );
      else if (!defaults.has(name)) defaults.set(name, { unknown: `ARG ${name} has no default` });
    }
  }
  return defaults;
}

/** An argument of ARG, `NAME` or `NAME=value`, as written. */
export function declared(word: string): { name: string; value: string | undefined } {
  const equals = word.indexOf('=');
  return equals === -1 ? { name: word, value: undefined } : { name: word.slice(0, equals), value: word.slice(equals + 1) };
}
