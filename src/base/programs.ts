// Room: base/. Whether the runtime image has the programs that the container needs, and which packages bring those that it lacks (rule book §3.2).
import type { SourceHit } from '../ecosystems/types.ts';
import { hasProgram, program, shellBuiltins, type ImageBase } from '../knowledge/programs.ts';
import type { Need } from '../facts/types.ts';

export interface NeededPrograms {
  packages: string[];
  /** Programs that neither the image nor a known package has. */
  missing: Need[];
}

/** Looks up each needed program in an image. `provided`: programs that the application or its packages bring. Paths are the application's own. */
export function neededPrograms(needs: readonly Need[], image: ImageBase, provided: (name: string) => boolean): NeededPrograms {
  const found: NeededPrograms = { packages: [], missing: [] };
  for (const need of needs) {
    if (need.program.startsWith('/') || need.program.startsWith('./') || shellBuiltins.has(need.program) || provided(need.program))
      continue;
    if (hasProgram(image, need.program) === true) continue;
    const known = program(need.program);
    const name = image.variant === 'alpine' ? known?.alpine : known?.debian;
    if (!name) found.missing.push(need);
    else found.packages.push(name);
  }
  // curl and wget only recommend the certificates that HTTPS needs. Source: Debian packages curl, wget: Recommends
  if (found.packages.some((name) => ['curl', 'wget', 'git'].includes(name))) found.packages.push('ca-certificates');
  return { ...found, packages: [...new Set(found.packages)].sort() };
}

/** The programs that sources start by a literal name. */
export const spawnedPrograms = (hits: readonly SourceHit[]): Need[] =>
  hits.flatMap((h) =>
    h.kind === 'spawn' && h.literal !== undefined ? [{ program: h.literal, evidence: { file: h.file, line: h.line, says: h.text } }] : [],
  );
