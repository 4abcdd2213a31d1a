// Room: caches/. Caches that the container reads when it runs: they must not be mounts.
import type { EcosystemProject, PackageManager } from '../ecosystems/types.ts';
import { installsOf } from '../installs/sites.ts';
import { onceEach, oncePer } from '../once.ts';
import { isRoot, type RunReading, type StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { runCommand } from '../runtime/run-command.ts';
import { refusal, type Refusal } from '../transform.ts';

/** The final stage starts the package manager's own run command, which reads its cache (`go run`, `cargo run`, `npx -y`). */
export function readAtRuntime(subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): Refusal | undefined {
  if (reading !== subject.final || !manager.runsFromCache) return undefined;
  const command = runCommand(subject);
  const starts = 'value' in command && command.value.program === manager.programs[0];
  return starts
    ? refusal(
        'cache-read-at-runtime',
        `The package cache is read at run time (\`${manager.programs[0]} ${'value' in command ? (command.value.args[0] ?? '') : ''}\`)`,
        run.instruction.start,
      )
    : undefined;
}

/** BuildKit before 0.11 leaves the mount point behind, as root's: the user who runs the container could no longer write to its cache. */
export function ownedMountPoint(subject: Subject, reading: StageReading, run: RunReading): Refusal | undefined {
  const state = reading.before(run.instruction);
  if (reading !== subject.final || isRoot(state) || 'unknown' in state.user) return undefined;
  return refusal(
    'cache-user-unknown',
    'In the final stage a mount may leave its directory to root, and the user of this RUN could not write there',
    run.instruction.start,
  );
}

/**
 * Some RUN installs offline from what an earlier one downloaded: with the download in a mount, its layer is kept where the mount is gone
 * (another machine, a cleaned builder), and nothing is left to install from.
 */
export const offlineInstall = (reading: StageReading, manager: PackageManager): Refusal | undefined => offlineOf(reading)(manager);

const offlineOf = oncePer((reading: StageReading) => onceEach((manager: PackageManager) => offlineRefusal(reading, manager)));
function offlineRefusal(reading: StageReading, manager: PackageManager): Refusal | undefined {
  const options = new Set(manager.offline?.options);
  const settings = manager.offline?.env ?? [];
  const env = settings.find(({ name, value }) => {
    const set = reading.end.env.get(name);
    return set !== undefined && (value === undefined || ('value' in set && set.value === value));
  });
  const run = reading.runs.find(
    (r) =>
      r.parts.some((p) => p.manager === manager) &&
      (r.instruction.flags.some((f) => f.name === 'network' && f.value === 'none') ||
        r.parts.some(
          (p) =>
            p.manager === manager &&
            (p.command.words.some((w) => options.has(w.value ?? '')) ||
              p.command.assignments.some((a) => settings.some((s) => s.name === a.name && s.value !== undefined && s.value === a.value))),
        )),
  );
  if (!run && !env) return undefined;
  return refusal(
    'offline-run',
    `${run ? `Line ${run.instruction.line}` : `With ${env?.name}, a RUN`} installs offline from what an earlier RUN downloaded, which a mount may no longer hold`,
    run?.instruction.start ?? reading.stage.from.start,
  );
}

/** The project whose packages a RUN installs. */
const projectOf = (subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): EcosystemProject | undefined =>
  subject.project.of(manager.ecosystem, installsOf(reading, run, subject)[0]?.dir ?? '');

/** The project itself forbids the mount: packages are loaded out of the cache, or its configuration moves it. */
export function projectObjection(subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): Refusal | undefined {
  const found = projectOf(subject, reading, run, manager)?.cacheObjection?.(manager);
  return found && refusal(found.id, found.message, run.instruction.start, { allow: found.allow, evidence: found.evidence });
}

/** The row of a manager as this project uses it: yarn 2 and newer keep their packages elsewhere than yarn 1; vendored Go modules are not downloaded. */
export const rowFor = (subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): PackageManager =>
  projectOf(subject, reading, run, manager)?.row?.(manager) ?? manager;
