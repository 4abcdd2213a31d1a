// Room: base/. The system packages of an image: what the Dockerfile installs, parted into build and run time, by the image's own package manager.
import { joined, valueOf } from '../effects/places.ts';
import { aptInstall } from '../ecosystems/system/apt.ts';
import { apkAdd } from '../ecosystems/system/apk.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';
import type { Evidence } from '../facts/types.ts';
import type { Guest } from '../ecosystems/types.ts';
import { bringsGuest, isOfGuest } from './guests.ts';
import { unitsOf } from './units.ts';
import { runtimeOf } from '../image/libraries.ts';
import type { ImageFacts } from '../image/types.ts';
import type { Word } from '../dockerfile/types.ts';
import { apkClass } from '../knowledge/alpine-packages.ts';
import { aptClass, packageName, runtimePackages } from '../knowledge/debian-packages.ts';

export interface Problem {
  id: string;
  message: string;
  at: number;
}

/** What one RUN installs: for the run time, for the build, or some of both. */
export interface RunPackages {
  /** Packages that the run time has too, as written, and the libraries of the `-dev` ones. */
  runtime: string[];
  /** Names that only the build uses, `-dev` ones among them. */
  build: string[];
  recommended: string[];
}

export interface PackagePlan {
  /** The package manager that installs; undefined: none does. */
  manager: 'apt' | 'apk' | undefined;
  /** Programs and other packages that the container may use, version pins kept. */
  both: string[];
  /** Those of both kinds that were installed with what Debian recommends beside them. */
  recommended: string[];
  /** Run-time libraries of the `-dev` packages. */
  libraries: string[];
  /** Packages that only the build uses. */
  build: string[];
  /** By the index of the RUN. */
  byRun: ReadonlyMap<number, RunPackages>;
  /** What was looked up in the image. */
  evidence: Evidence[];
  /** Why the packages cannot be parted: then every install stays as it is. */
  problem: Problem | undefined;
}

/** All that the file installs, for an image that shall lack none of it. */
export const allInstalled = ({ byRun }: PackagePlan): string[] =>
  [...byRun.values()].flatMap(({ runtime, build }) => [...runtime, ...build]);

/** True when a RUN brings packages from elsewhere: it changes the manager's sources, or installs files. */
function foreign(run: RunReading, guests: readonly Guest[]): boolean {
  const ofOthers = unitsOf(run.parts)
    .filter((unit) => !bringsGuest(guests, unit))
    .flat();
  const effects = ofOthers.filter(({ effects: { program } }) => guests.length === 0 || program !== 'mkdir').map((part) => part.effects);
  const sources = joined(...effects.map((e) => e.writes)).known.some(({ path }) =>
    /^\/etc\/(apt|apk)(\/|$)|^\/usr\/share\/keyrings(\/|$)/.test(path),
  );
  const files = effects.some((e) => e.does.kind === 'package' && e.does.manager === 'dpkg');
  const piped =
    effects.some((e) => e.does.kind === 'fetch') &&
    effects.some((e) => e.does.kind === 'unknown' && e.startsUnknown?.includes('given by another program'));
  return sources || files || piped;
}

/** Parts the packages that a stage installs. `suite`: the Debian release, when known; `image`: what the Dockerfile builds, where that was looked into; `guests`: tools that nothing starts. */
export function packagePlan(
  reading: StageReading,
  suite: string | undefined,
  image?: ImageFacts,
  guests: readonly Guest[] = [],
): PackagePlan {
  const byRun = new Map<number, RunPackages>();
  const plan: PackagePlan = {
    manager: undefined,
    both: [],
    recommended: [],
    libraries: [],
    build: [],
    byRun,
    evidence: [],
    problem: undefined,
  };
  const purged = new Set(reading.runs.flatMap((run) => run.parts.flatMap(purges)));
  for (const run of reading.runs) {
    const own: RunPackages = { runtime: [], build: [], recommended: [] };
    for (const part of run.parts) {
      const packages = installed(part);
      if (!packages) continue;
      plan.manager = part.manager?.id === 'apk' ? 'apk' : 'apt';
      byRun.set(run.instruction.index, own);
      if (run.opaque !== undefined)
        plan.problem ??= {
          id: 'opaque-run',
          message: `RUN at line ${run.instruction.line} is more than a list of commands (${run.opaque})`,
          at: run.instruction.start,
        };
      const given = reading.before(run.instruction).args;
      const before = own.runtime.length;
      for (const word of packages.words.flatMap((w) => spelled(w, part, given)))
        place(plan, own, word, part, {
          suite,
          image,
          line: run.instruction.line,
          removed: packages.removed || purged.has(packageName(word.value ?? '')) || isOfGuest(guests, word.value ?? ''),
        });
      if (!packages.lean) own.recommended.push(...own.runtime.slice(before));
    }
    plan.recommended.push(...own.recommended);
    if (foreign(run, guests))
      plan.problem ??= {
        id: 'third-party-apt-repo',
        message: `RUN at line ${run.instruction.line} installs from a third-party repository; its packages cannot be split`,
        at: run.instruction.start,
      };
  }
  return plan;
}

/** `$RUN_DEPS` whose value stands in the file is the packages that it names; what a caller may pass as a build argument stays computed. */
function spelled(word: Word, { effects }: RunPart, args: ReadonlyMap<string, unknown>): Word[] {
  if (word.value !== undefined || word.variables.length === 0 || word.variables.some((name) => args.has(name))) return [word];
  const text = valueOf(word, effects.before);
  return text === undefined
    ? [word]
    : text
        .split(/\s+/)
        .filter(Boolean)
        .map((value) => ({ ...word, value }));
}

/** The packages that a command removes again (`apt-get purge gcc`, `apk del curl`): what only one step used. */
function purges({ manager, kind, effects: { command } }: RunPart): string[] {
  if (manager?.ecosystem !== 'system' || kind !== 'prune') return [];
  return command.words
    .slice(2)
    .flatMap((word) => (word.value === undefined || word.value.startsWith('-') ? [] : [packageName(word.value)]));
}

/** What one RUN installs and removes is in no layer: by the names of the packages, or by that of Alpine's virtual one. */
export function removedAgain(parts: readonly RunPart[], build: readonly string[]): boolean {
  const wordsOf = ({ effects: { command } }: RunPart): string[] => command.words.map((word) => word.value ?? word.raw);
  const system = parts.filter(({ manager }) => manager?.ecosystem === 'system');
  const removed = new Set(system.filter(({ kind }) => kind === 'prune').flatMap(wordsOf));
  // apt-get purge leaves what was installed beside them. Source: apt-get(8), autoremove
  if (!['--auto-remove', '--autoremove', 'autoremove', 'del'].some((word) => removed.has(word))) return false;
  return system
    .filter(({ kind }) => kind !== 'prune')
    .every((part) => {
      const virtual = part.manager?.id === 'apk' ? apkAdd(part.effects.command)?.virtual : undefined;
      return (virtual !== undefined && removed.has(virtual)) || wordsOf(part).every((word) => !build.includes(word) || removed.has(word));
    });
}

interface Installed {
  words: Word[];
  /** Without what Debian recommends. */
  lean: boolean;
  /** A group that the file removes again (`apk add --virtual`): for the build alone. */
  removed: boolean;
}

function installed({ manager, effects: { command } }: RunPart): Installed | undefined {
  if (manager?.id === 'apt') {
    const install = aptInstall(command);
    const lean = command.words.some((w) => w.value === '--no-install-recommends' || w.value?.includes('APT::Install-Recommends') === true);
    return install && { words: install.packages, lean, removed: false };
  }
  const add = manager?.id === 'apk' ? apkAdd(command) : undefined;
  return add && { words: add.packages, lean: true, removed: add.virtual !== undefined };
}

function place(plan: PackagePlan, own: RunPackages, word: Word, part: RunPart, how: How): void {
  const { value, raw, start: at } = word;
  if (value === undefined) {
    if (how.removed) return void own.build.push(raw);
    plan.problem ??= { id: 'opaque-run', message: `Package ${raw} is computed`, at };
    return;
  }
  const read: Class = seenClass(plan, word, part, how) ?? (part.manager?.id === 'apk' ? apkClass(value) : debianClass(value, how.suite));
  if (how.removed || read.kind === 'build') {
    plan.build.push(packageName(value));
    own.build.push(value);
  } else if (read.kind === 'both') {
    plan.both.push(value);
    own.runtime.push(value);
  } else if (read.runtime === undefined) {
    const release = read.unknownRelease === true;
    plan.problem ??= {
      id: release ? 'dev-package-suite-unknown' : 'dev-package-unmapped',
      message: release
        ? `The run-time package of ${packageName(value)} differs between Debian releases, and this one is unknown`
        : `No known run-time package for ${packageName(value)}`,
      at,
    };
  } else {
    plan.libraries.push(...read.runtime);
    own.runtime.push(...read.runtime);
    own.build.push(value);
  }
}

interface How {
  line: number;
  suite: string | undefined;
  image: ImageFacts | undefined;
  removed: boolean;
}

/** A development package that no table has, or not of this release: what it depends on in the image has its libraries. */
function seenClass(plan: PackagePlan, { value = '' }: Word, { manager }: RunPart, { suite, image, line }: How): Class | undefined {
  const isApk = manager?.id === 'apk';
  const kindOf = (name: string): 'build' | 'dev' | 'both' => (isApk ? apkClass(name).kind : aptClass(name));
  const known: Class = isApk ? apkClass(value) : debianClass(value, suite);
  if (!image || known.kind !== 'dev' || known.runtime !== undefined) return undefined;
  const name = packageName(value);
  const runtime = runtimeOf(name, image, kindOf);
  if (!runtime) return undefined;
  plan.evidence.push({ file: 'Dockerfile', line, says: `image: ${name} depends on ${runtime.join(', ') || 'no library'}` });
  return { kind: 'dev', runtime };
}

interface Class {
  kind: 'build' | 'both' | 'dev';
  runtime?: readonly string[] | undefined;
  unknownRelease?: boolean;
}
function debianClass(value: string, suite: string | undefined): Class {
  const kind = aptClass(value);
  if (kind !== 'dev') return { kind };
  const found = runtimePackages(packageName(value), suite);
  return 'skip' in found ? { kind, unknownRelease: found.skip === 'dev-package-suite-unknown' } : { kind, runtime: found };
}
