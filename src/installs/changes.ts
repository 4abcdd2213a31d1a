// Room: installs/. Whether the manifest and the lockfile that an install finds in the image are those of the repository.
import { within } from '../effects/places.ts';
import type { Place } from '../effects/types.ts';
import { originAbove } from '../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Install } from './shapes.ts';

/** Who put another manifest or lockfile in front of an install, or changed it, as a sentence; undefined: nobody is seen to. */
export function manifestChanges(subject: Subject, reading: StageReading, run: RunReading, install: Install): string | undefined {
  const { cwd, dir, manager } = install;
  if (cwd === undefined || dir === undefined) return undefined;
  const files = [manager.manifests[0] ?? '', ...manager.lockfiles].map((name) => ({ name, path: `${cwd === '/' ? '' : cwd}/${name}` }));
  const above = { copies: reading.copies, before: run.instruction.index, tree: subject.project.tree };
  for (const { name, path } of files) {
    const origin = originAbove(above, path);
    if (origin !== undefined && origin !== [dir, name].filter(Boolean).join('/')) return `${origin} is copied to ${path}`;
  }
  const paths = files.map(({ path }) => path);
  for (const earlier of reading.runs) {
    if (earlier.instruction.index > run.instruction.index) break;
    const parts = earlier === run ? run.parts.slice(0, run.parts.indexOf(install.part)) : earlier.parts;
    const part = parts.find((one) => mayChange(one, paths));
    if (part)
      return `\`${part.name}\` at line ${earlier.instruction.line} ${part.effects.does.kind === 'unknown' ? 'may change' : 'changes'} it`;
  }
  return undefined;
}

/** Installs and owners leave the manifest as it is. */
function mayChange({ effects: { does, writes, removes } }: RunPart, paths: readonly string[]): boolean {
  if (does.kind === 'package' || does.kind === 'own' || does.kind === 'clean') return false;
  const touches = ({ path, below }: Place): boolean => paths.some((one) => path === one || (below && within(one, path)));
  return (does.kind === 'unknown' && writes.unknown !== undefined) || [...writes.known, ...removes.known].some(touches);
}
