// Room: base/. Whether the runtime image has the programs that the container needs, and which packages bring those that it lacks.
import { hitEvidence } from '../facts/project.ts';
import type { SourceHit } from '../ecosystems/types.ts';
import { companionRows, packageName } from '../knowledge/debian-packages.ts';
import { hasProgram, program, shellBuiltins, systemHas, type ImageBase } from '../knowledge/programs.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence, Need } from '../facts/types.ts';
import { lackedIn } from './lacked.ts';
import { isText, startedBehind } from '../runtime/spawned.ts';

export interface NeededPrograms {
  packages: string[];
  /** Why each package is there: who starts which of its programs. */
  evidence: Evidence[];
  /** Programs that neither the image nor a known package has. */
  missing: Need[];
}

/** Compilers, and make, whose recipes may start one. */
const COMPILES: ReadonlySet<string> = new Set(['gcc', 'cc', 'g++', 'c++', 'clang', 'clang++', 'ld', 'make', 'gmake', 'cmake']);

/**
 * Looks up each needed program in an image. `provided`: programs that the application or its packages bring. A path is the application's own,
 * unless it is a system directory's (`/usr/bin/python3`) and the tables know the program. `original`: the stage as it was, which may lack it too.
 */
export function neededPrograms(
  needs: readonly Need[],
  image: ImageBase,
  original: StageReading,
  provided: (name: string) => boolean,
): NeededPrograms {
  const lacked = lackedIn(original);
  const packages = new Map<string, Evidence>();
  const missing: Need[] = [];
  for (const need of needs) {
    const inSystem = /^\/(?:usr\/)?s?bin\/([^/]+)$/.exec(need.program)?.[1];
    const name = inSystem ?? need.program;
    if (name.startsWith('/') || name.startsWith('./') || shellBuiltins.has(need.program) || provided(name) || lacked(name)) continue;
    const known = program(name);
    if (inSystem === undefined ? hasProgram(image, name) === true : known === undefined || systemHas(image, name) !== false) continue;
    // what they compile with lies in the full image: headers, libraries
    if (COMPILES.has(name) && need.isRead !== true) {
      missing.push(need);
      continue;
    }
    const brings = image.variant === 'alpine' ? known?.alpine : known?.debian;
    if (!brings) missing.push(need);
    else if (!packages.has(brings))
      packages.set(brings, { ...need.evidence, says: `needs \`${name}\`, which ${brings} brings: ${need.evidence.says}` });
  }
  return { packages: [...packages.keys()].sort(), evidence: [...packages.values()], missing };
}

/**
 * What the original image had beside packages that now stand on a smaller one: Debian only recommends it to them.
 * `whole`: those that are installed with what is recommended, which bring it themselves. Alpine recommends nothing.
 */
export function companions(packages: readonly string[], original: ImageBase, whole: readonly string[] = []): string[] {
  if (original.variant === 'alpine') return [];
  const lean = new Set(packages.filter((name) => !whole.includes(name)).map(packageName));
  return companionRows.flatMap((row) => {
    const brings = typeof row.brings === 'string' ? row.brings : row.brings[original.suite ?? ''];
    const wanted = row.packages.split(' ').some((name) => lean.has(name)) && hasProgram(original, row.program) === true;
    return wanted && brings !== undefined ? [brings] : [];
  });
}

/** The programs that sources start: those that they name, and those that these start. */
export function spawnedPrograms(subject: Subject, hits: readonly SourceHit[]): Need[] {
  const behind = startedBehind(subject, hits);
  const read = new Set(behind.map(({ evidence }) => `${evidence.file}:${evidence.line}`));
  const named = hits.flatMap((hit) =>
    hit.kind === 'spawn' && hit.literal !== undefined && !(isText(hit) && read.has(`${hit.file}:${hit.line}`))
      ? [{ program: hit.literal, evidence: hitEvidence(hit) }]
      : [],
  );
  return [...named, ...behind];
}
