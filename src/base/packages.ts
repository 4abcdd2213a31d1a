// Room: base/. The Debian packages of the final image: what the Dockerfile installs, parted into build and run time (rule book §3.3).
import { runtimePackages, aptClass } from '../knowledge/debian-packages.ts';
import { aptInstall } from '../ecosystems/system/managers.ts';
import type { RunReading, StageReading } from '../facts/reading.ts';

export interface AptPlan {
  /** Programs and other packages that the container may use, version pins kept. */
  both: string[];
  /** Those of `both` that were installed with what Debian recommends beside them. */
  recommended: string[];
  /** Run-time libraries of the `-dev` packages. */
  libraries: string[];
  /** Packages that only the build uses. */
  build: string[];
  problem: { id: string; message: string; at: number } | undefined;
}

const FOREIGN = new Set(['add-apt-repository', 'apt-key', 'dpkg', 'gpg']);

/** True when a RUN brings packages from another repository or as files: a key, a source list, `dpkg -i`, a script from the network. */
function foreign(run: RunReading): boolean {
  const adds = run.parts.some(
    (p) =>
      FOREIGN.has(p.name) ||
      p.command.redirects.some((r) => r.target?.value?.includes('/etc/apt/')) ||
      p.command.words.some((w) => w.value?.includes('/etc/apt/sources.list') || w.value?.includes('nodesource')),
  );
  return adds || (run.parts.some((p) => p.kind === 'download') && run.parts.some((p) => p.name === 'bash' || p.name === 'sh'));
}

/** Parts the packages that a stage installs with apt-get. `suite`: the Debian release, when known. */
export function aptPlan(reading: StageReading, suite: string | undefined): AptPlan {
  const plan: AptPlan = { both: [], recommended: [], libraries: [], build: [], problem: undefined };
  for (const run of reading.runs) {
    for (const part of run.parts) {
      const install = part.manager?.id === 'apt' ? aptInstall(part.command) : undefined;
      if (!install) continue;
      if (run.opaque !== undefined)
        plan.problem ??= {
          id: 'opaque-run',
          message: `RUN at line ${run.instruction.line} is too dynamic to classify (${run.opaque})`,
          at: run.instruction.start,
        };
      const lean =
        part.command.words.some((w) => w.value === '--no-install-recommends') ||
        part.command.words.some((w) => w.value?.includes('APT::Install-Recommends') === true);
      for (const word of install.packages) place(plan, word.value, word.raw, suite, word.start);
      if (!lean)
        plan.recommended.push(...install.packages.flatMap((w) => (w.value !== undefined && plan.both.includes(w.value) ? [w.value] : [])));
    }
    if (foreign(run))
      plan.problem ??= {
        id: 'third-party-apt-repo',
        message: `RUN at line ${run.instruction.line} installs from a third-party repository; its packages cannot be split`,
        at: run.instruction.start,
      };
  }
  return plan;
}

function place(plan: AptPlan, value: string | undefined, raw: string, suite: string | undefined, at: number): void {
  if (value === undefined) {
    plan.problem ??= { id: 'opaque-run', message: `Package ${raw} is computed`, at };
    return;
  }
  const equals = value.indexOf('=');
  const name = equals === -1 ? value : value.slice(0, equals);
  const kind = aptClass(name);
  if (kind === 'both') plan.both.push(value);
  else if (kind === 'build') plan.build.push(name);
  else {
    const runtime = runtimePackages(name, suite);
    if ('skip' in runtime)
      plan.problem ??= {
        id: runtime.skip,
        message:
          runtime.skip === 'dev-package-unmapped'
            ? `No known run-time package for ${name}`
            : `The run-time package of ${name} differs between Debian releases, and this one is unknown`,
        at,
      };
    else plan.libraries.push(...runtime);
  }
}
