// Room: installs/. The files that an install names (`-r ${APP_HOME}/requirements.txt`), with the variables that ENV sets put in.
import { expandWord } from '../dockerfile/expand.ts';
import type { PackageManager } from '../ecosystems/types.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';

/** As the shell sees them; as written where a variable is the caller's to set, or the shell's. */
export function namedIn(
  reading: StageReading,
  run: RunReading,
  { manager, part }: { manager: PackageManager; part: RunPart },
): readonly string[] {
  const { env, args } = reading.before(run.instruction);
  return (manager.filesOf?.(part.command) ?? []).map((written) => {
    if (!written.includes('$')) return written;
    const found = expandWord(
      written,
      (name) => {
        const [own, here] = [env.get(name), part.effects.before.lookup(name)];
        const same = own && 'value' in own && here && 'value' in here && own.value === here.value;
        return same && !args.has(name) ? own : { unknown: `${name} is not set by ENV` };
      },
      '\\',
    );
    return 'value' in found ? found.value : written;
  });
}
