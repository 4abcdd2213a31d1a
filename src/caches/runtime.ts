// Room: caches/. Caches that the container reads when it runs: they must not be mounts.
import type { PackageManager } from '../ecosystems/types.ts';
import { goCaches, goModuleCache } from '../ecosystems/go/index.ts';
import { nodeManager } from '../ecosystems/node/index.ts';
import { installsOf } from '../installs/sites.ts';
import { isRoot, type RunReading, type StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { runCommand } from '../runtime/run-command.ts';
import { refusal, type Refusal } from '../transform.ts';

/** The final stage starts the package manager's own run command, which reads its cache (`go run`, `cargo run`, `npx -y`). */
export function readAtRuntime(subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): Refusal | undefined {
  if (reading !== subject.final || !['go', 'cargo'].includes(manager.id)) return undefined;
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
export function offlineInstall(reading: StageReading, manager: PackageManager): Refusal | undefined {
  const options = new Set(['--offline', '--no-index', ...(manager.id === 'cargo' ? ['--frozen'] : [])]);
  const env = OFFLINE_ENV.find((name) => reading.end.env.has(name));
  const goproxy = manager.id === 'go' ? reading.end.env.get('GOPROXY') : undefined;
  const run = reading.runs.find(
    (r) =>
      r.parts.some((p) => p.manager === manager) &&
      (r.instruction.flags.some((f) => f.name === 'network' && f.value === 'none') ||
        r.parts.some(
          (p) =>
            p.manager === manager &&
            (p.command.words.some((w) => options.has(w.value ?? '')) ||
              p.command.assignments.some((a) => a.name === 'GOPROXY' && a.value === 'off')),
        )),
  );
  const off = env !== undefined || (goproxy !== undefined && 'value' in goproxy && goproxy.value === 'off');
  if (!run && !off) return undefined;
  return refusal(
    'offline-run',
    `${run ? `Line ${run.instruction.line}` : `With ${env ?? 'GOPROXY'}, a RUN`} installs offline from what an earlier RUN downloaded, which a mount may no longer hold`,
    run?.instruction.start ?? reading.stage.from.start,
  );
}
const OFFLINE_ENV = ['CARGO_NET_OFFLINE', 'npm_config_offline', 'NPM_CONFIG_OFFLINE', 'PIP_NO_INDEX', 'UV_OFFLINE'];

/** Yarn's Plug'n'Play loads packages out of the cache itself. Source: yarnpkg.com, "Plug'n'Play"; `nodeLinker` in .yarnrc.yml. */
export function pnpRuntime(subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): Refusal | undefined {
  const project = manager.id === 'yarn' ? subject.project.node(installsOf(reading, run, subject)[0]?.dir ?? '') : undefined;
  return project?.linker === 'pnp'
    ? refusal('pnp-cache-is-runtime', "The package cache is read at run time (Yarn Plug'n'Play)", run.instruction.start, {
        allow: 'Set nodeLinker: node-modules in .yarnrc.yml.',
      })
    : undefined;
}

/** A configuration file of the project moves the cache: the mount would lie elsewhere. */
export function configuredCache(subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): Refusal | undefined {
  if (manager.ecosystem !== 'node') return undefined;
  const setting = subject.project.node(installsOf(reading, run, subject)[0]?.dir ?? '')?.cacheSetting?.(manager.id);
  return setting
    ? refusal('cache-dir-unknown', `Cache directory is set to ${setting.dir} by ${setting.evidence.file}`, run.instruction.start, {
        evidence: [setting.evidence],
      })
    : undefined;
}

/** The row of a manager as this project uses it: yarn 2 and newer keep their packages elsewhere than yarn 1; vendored Go modules are not downloaded. */
export function rowFor(subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): PackageManager {
  if (manager.id === 'go' && subject.project.go('')?.vendored)
    return { ...manager, cachesOf: (command) => goCaches(command).filter((cache) => cache !== goModuleCache) };
  const project = manager.id === 'yarn' ? subject.project.node(installsOf(reading, run, subject)[0]?.dir ?? '') : undefined;
  return (project && nodeManager(project, manager.id)) ?? manager;
}
