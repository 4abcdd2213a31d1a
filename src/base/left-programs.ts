// Room: base/. Programs that the container starts and that packages bring which only the build stage has.
import type { Evidence, Need } from '../facts/types.ts';
import { hasProgram, type ImageBase } from '../knowledge/programs.ts';
import { broughtWith } from '../knowledge/toolchain-programs.ts';

interface Left {
  name: string;
  /** The package that brings it. */
  by: string;
  evidence: Evidence;
}

/** In: what is started, the image, names of packages that stay behind, and whether the application or its packages bring a program. Out: the first one that would be lost. */
export function leftProgram(
  needs: readonly Need[],
  image: ImageBase,
  packages: readonly string[],
  provided: (name: string) => boolean,
): Left | undefined {
  if (packages.length === 0) return undefined;
  for (const { program, evidence } of needs) {
    const name = /^(?:\/(?:usr\/)?s?bin\/)?([^/]+)$/.exec(program)?.[1];
    if (name === undefined || provided(name) || hasProgram(image, name) === true) continue;
    const by = broughtWith(name, packages);
    if (by !== undefined) return { name, by, evidence };
  }
  return undefined;
}
