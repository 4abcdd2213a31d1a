// Room: facts/. Which variables an instruction uses.
import type { Instruction } from '../dockerfile/types.ts';

/** True when the instruction's text names `$NAME` or `${NAME…}`. Shell forms count too: a build argument is in the environment of a RUN. */
export function usesVariable(i: Instruction, name: string): boolean {
  if (i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT' || i.keyword === 'HEALTHCHECK') return false; // expanded when the container runs: build arguments are gone by then
  const { text } = i.logical;
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', at + 1)) {
    const match = /^\$\{?([A-Za-z_]\w*)/.exec(text.slice(at, at + 200));
    if (match?.[1] === name) return true;
  }
  return false;
}
