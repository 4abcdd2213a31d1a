// Room: installs/. Which manifest an install reads: the one of its directory in the context, or another that a COPY or a RUN put there.
import type { ShellCommand } from '../dockerfile/types.ts';
import { within } from '../effects/places.ts';
import type { Place } from '../effects/types.ts';
import type { PackageManager } from '../ecosystems/types.ts';
import { cleanPath, originAbove, resolvePath, type Above } from '../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';
import type { Install } from './shapes.ts';

/** Where an install works: an option may say so (`--prefix client`). */
export function inDirectory(manager: PackageManager, command: ShellCommand, cwd: string | undefined): string | undefined {
  const option = manager.directoryOption?.(command);
  if (option === undefined) return cwd;
  return option.includes('$') ? undefined : resolvePath(cwd, option);
}

/** The first command above an install that writes the manifest that it reads: then the context's is not what is installed. */
function manifestChange(
  reading: StageReading,
  { manager, cwd, part, run }: Pick<Install, 'manager' | 'cwd' | 'part'> & { run: RunReading },
): RunReading | undefined {
  const [name] = manager.manifests;
  if (name === undefined || cwd === undefined) return undefined;
  const path = cleanPath(`${cwd}/${name}`);
  const writes = ({ manager: own, command, effects }: RunPart): boolean =>
    effects.writes.known.some((place) => place.path === path && !place.below) ||
    (own?.changesManifest?.(command) === true && effects.before.cwd === cwd);
  return reading.runs.find(
    (other) =>
      other.instruction.index <= run.instruction.index &&
      (other === run ? other.parts.slice(0, Math.max(0, other.parts.indexOf(part))) : other.parts).some(writes),
  );
}

/** Why the manifest that an install reads is not the one of its directory of the context; undefined: it is, or it is not there. */
export function manifestDoubt(
  reading: StageReading,
  run: RunReading,
  install: Pick<Install, 'manager' | 'cwd' | 'part'>,
  above: Above,
): string | undefined {
  const { manager, cwd } = install;
  const [name] = manager.manifests;
  if (name === undefined || cwd === undefined) return undefined;
  const change = manifestChange(reading, { ...install, run });
  if (change) return `line ${change.instruction.line} changes ${name} before the install reads it`;
  const origin = originAbove(above, cleanPath(`${cwd}/${name}`));
  const whole = originAbove(above, cwd);
  const own = origin === undefined || (whole === undefined ? isNamed(origin, name) : origin === [whole, name].filter(Boolean).join('/'));
  return own ? undefined : `the install reads ${origin} of the build context as ${name}`;
}

export const isNamed = (path: string, name: string): boolean => path === name || path.endsWith(`/${name}`);

/** The command above an install that may change its manifest or its lockfile: an unknown one, or one that writes there. */
export function filesDoubt(reading: StageReading, run: RunReading, { cwd, manager, part }: Install): string | undefined {
  if (cwd === undefined) return undefined;
  const paths = [manager.manifests[0] ?? '', ...manager.lockfiles].map((name) => cleanPath(`${cwd}/${name}`));
  for (const earlier of reading.runs) {
    if (earlier.instruction.index > run.instruction.index) break;
    const parts = earlier === run ? run.parts.slice(0, run.parts.indexOf(part)) : earlier.parts;
    const found = parts.find((one) => mayChange(one, paths));
    const how = found?.effects.does.kind === 'unknown' ? 'may change them' : 'changes them';
    if (found) return `\`${found.name}\` at line ${earlier.instruction.line} ${how}`;
  }
  return undefined;
}

/** Installs and owners leave the files as they are. */
function mayChange({ effects: { does, writes, removes } }: RunPart, paths: readonly string[]): boolean {
  if (does.kind === 'package' || does.kind === 'own' || does.kind === 'clean') return false;
  const touches = ({ path, below }: Place): boolean => paths.some((one) => path === one || (below && within(one, path)));
  return (does.kind === 'unknown' && writes.unknown !== undefined) || [...writes.known, ...removes.known].some(touches);
}
