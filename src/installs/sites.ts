// Room: installs/. Where a stage installs its dependencies, and the COPY of the sources that stands before it.
import type { Instruction, Run, ShellCommand } from '../dockerfile/types.ts';
import type { ManifestSet, PackageManager } from '../ecosystems/types.ts';
import {
  cleanPath,
  contextPath,
  inside,
  landingIn,
  originAbove,
  originOf,
  resolvePath,
  type Above,
  type CopyReading,
} from '../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';
import { oncePer } from '../once.ts';
import type { Subject } from '../facts/subject.ts';
import { isRefusal, refusal, type Refusal } from '../transform.ts';
import { isBlocked, manifestCopies, manifestsOf, mergeSets } from './manifests.ts';

/** One install: the command, where it runs in the image and which directory of the context that is. */
export interface Install {
  part: RunPart;
  manager: PackageManager;
  /** Absolute directory in the image; undefined: unknown. */
  cwd: string | undefined;
  /** Directory of the context; undefined: not copied from the context. */
  dir: string | undefined;
  /** Requirements files of a pip command, as paths of the context. */
  files: string[];
}
/** A run of installs behind a COPY that brings the sources too early. */
export interface InstallSite {
  reading: StageReading;
  copy: CopyReading;
  runs: RunReading[];
  /** The last install of the last RUN: what follows it in that RUN needs the sources. */
  last: Install;
  /** `move`: COPY goes behind the installs. `two-step`: dependencies first, the whole install again behind COPY. `add-download`: a download of its own is put in front. */
  kind: 'move' | 'two-step' | 'add-download';
  set: ManifestSet;
}

/** The installs of a RUN, each with the directory that it runs in (after the `cd`s before it). */
export function installsOf(reading: StageReading, run: RunReading, subject: Subject): Install[] {
  const state = reading.before(run.instruction);
  let cwd = 'value' in state.workdir ? state.workdir.value : undefined;
  const found: Install[] = [];
  for (const part of run.parts) {
    if (part.name === 'cd') {
      const to = part.command.words[1]?.value;
      cwd = to === undefined ? undefined : resolvePath(cwd, to);
    }
    const { manager } = part;
    if (!manager?.readsManifests || !(part.kind === 'install' || part.kind === 'download')) continue;
    const above: Above = { copies: reading.copies, before: run.instruction.index, tree: subject.project.tree };
    const files = namedFiles(manager, part.command, cwd, above);
    found.push({
      part,
      manager,
      cwd,
      dir: contextDirectory(manager, cwd, above, files),
      files: files.map((f) => f.origin ?? f.written),
    });
  }
  return found;
}

/** The files that a command names, and where they come from. */
function namedFiles(
  manager: PackageManager,
  command: ShellCommand,
  cwd: string | undefined,
  above: Above,
): { written: string; origin: string | undefined }[] {
  return (manager.filesOf?.(command) ?? []).map((written) => {
    const path = resolvePath(cwd, written);
    return { written, origin: path === undefined ? undefined : originAbove(above, path) };
  });
}

/** The context's directory that stands at `cwd`: copied as a whole, or told by the manifest that was copied there. */
export function contextDirectory(
  manager: PackageManager,
  cwd: string | undefined,
  above: Above,
  files: readonly { written: string; origin: string | undefined }[] = [],
): string | undefined {
  if (cwd === undefined) return undefined;
  const whole = originAbove(above, cwd);
  if (whole !== undefined) return whole;
  for (const name of [...manager.manifests, ...manager.lockfiles]) {
    const origin = originAbove(above, cleanPath(`${cwd}/${name}`));
    if (origin !== undefined) return origin.slice(0, Math.max(0, origin.length - name.length - 1));
  }
  const file = files.find((f) => f.origin !== undefined);
  if (file?.origin === undefined) return undefined;
  return file.origin.endsWith(file.written)
    ? contextPath(file.origin.slice(0, file.origin.length - file.written.length))
    : contextPath(`${file.origin}/..`);
}

/** Instructions that may stand between the COPY and the install without reading what it brought. */
function harmless(reading: StageReading, i: Instruction): boolean {
  if (i.keyword === 'RUN') {
    const run = reading.run(i.index);
    return (
      run !== undefined &&
      run.opaque === undefined &&
      run.parts.every(
        (p) =>
          p.manager?.ecosystem === 'system' ||
          p.kind === 'install-named' ||
          p.kind === 'clean-cache' ||
          p.kind === 'users' ||
          (p.kind === 'quiet' && p.name !== 'cat') ||
          bootstrap(p) ||
          outsideFiles(p),
      )
    );
  }
  return [
    'ENV',
    'ARG',
    'LABEL',
    'EXPOSE',
    'WORKDIR',
    'USER',
    'VOLUME',
    'STOPSIGNAL',
    'SHELL',
    'MAINTAINER',
    'CMD',
    'ENTRYPOINT',
    'HEALTHCHECK',
  ].includes(i.keyword);
}
/** Two COPYs of directories that bring some of the same files: moving one leaves the other where it was. */
const overlap = (a: CopyReading, b: CopyReading): boolean =>
  a.sources.some((x) => x.kind === 'dir' && b.sources.some((y) => y.kind === 'dir' && (inside(x.path, y.path) || inside(y.path, x.path))));

/** A COPY that puts files where the broad COPY above put them already. */
function sameFiles(broad: CopyReading, own: CopyReading): boolean {
  return (
    own.fromContext &&
    !own.broad &&
    own.sources.every(
      (s) =>
        s.kind !== 'heredoc' &&
        s.files.every((file) => landingIn(own, file) !== undefined && landingIn(own, file) === landingIn(broad, file)),
    )
  );
}

/** `corepack enable`, `npm config set`, `poetry config …`: settings of a package manager. */
const bootstrap = (part: RunPart): boolean =>
  part.name === 'corepack' ||
  (part.manager !== undefined && part.kind === 'other' && part.command.words.some((w) => w.value === 'config' || w.value === '--version'));
/** mkdir and the like on absolute paths alone. */
const outsideFiles = (part: RunPart): boolean =>
  part.kind === 'files' &&
  part.name === 'mkdir' &&
  part.command.words.slice(1).every((w) => w.value !== undefined && (w.value.startsWith('/') || w.value.startsWith('-')));

/** Finds, stage by stage, the installs that run behind a COPY of the sources: a site each, or why it stays. */
export function findInstallSites(subject: Subject): (InstallSite | Refusal)[] {
  return subject.stages.flatMap((reading) => sitesOfStage(subject, reading));
}

function sitesOfStage(subject: Subject, reading: StageReading): (InstallSite | Refusal)[] {
  const found: (InstallSite | Refusal)[] = [];
  let copy: CopyReading | undefined;
  let other: Instruction | undefined;
  let passed: InstallSite[] = []; // the COPY goes behind them, unless the next install can be passed as well
  for (const i of reading.stage.instructions) {
    const own = reading.copy(i.index);
    const run = reading.run(i.index);
    const installs = copy && run ? installsOf(reading, run, subject) : [];
    if (passed.length > 0 && copy && run && installs.length > 0) {
      const next = siteAt(subject, reading, copy, run, installs, undefined);
      if (next && !isRefusal(next) && next.kind === 'move') {
        passed.push(next);
        if (endsWithInstall(next)) continue;
      }
    } else if (passed.length > 0 && harmless(reading, i)) continue;
    if (passed.length > 0) {
      found.push(asOne(passed));
      passed = [];
      copy = undefined;
    }
    if (own?.fromContext && own.broad) {
      if (copy && overlap(copy, own)) other ??= i;
      else [copy, other] = [own, undefined];
    } else if (copy && run && (installs.length > 0 || downloadingBuild(run) !== undefined)) {
      const at = siteAt(subject, reading, copy, run, installs, other);
      if (at && !isRefusal(at) && at.kind === 'move' && endsWithInstall(at)) passed = [at];
      else copy = undefined;
      if (at && at !== passed[0]) found.push(at);
    } else if (copy && !harmless(reading, i) && !(own && sameFiles(copy, own))) other ??= i;
  }
  return passed.length > 0 ? [...found, asOne(passed)] : found;
}
/** Installs that stand behind each other, as one: its last is the last of the last. */
const asOne = (sites: readonly InstallSite[]): InstallSite => ({
  ...(sites[sites.length - 1] as InstallSite),
  runs: sites.flatMap((site) => site.runs),
  set: mergeSets(sites.map((site) => site.set)),
});
/** Nothing of the RUN stands behind its last install. */
const endsWithInstall = (site: InstallSite): boolean => {
  const run = site.runs[site.runs.length - 1];
  return run !== undefined && run.parts[run.parts.length - 1] === site.last.part;
};
/** The build that downloads what it needs, where a command of its own could do that before. */
const downloadingBuild = (run: RunReading): RunPart | undefined =>
  run.opaque === undefined ? run.parts.find((p) => p.manager?.downloadCommand !== undefined && p.kind === 'build') : undefined;

function siteAt(
  subject: Subject,
  reading: StageReading,
  copy: CopyReading,
  run: RunReading,
  installs: readonly Install[],
  other: Instruction | undefined,
): InstallSite | Refusal | undefined {
  if (installs.length === 0) return addedDownload(subject, reading, copy, run);
  const at = run.instruction.start;
  if (run.opaque !== undefined)
    return refusal('opaque-run', `RUN at line ${run.instruction.line} is too dynamic to classify (${run.opaque})`, at);
  const needed = installs.filter((install) => takes(copy, install.dir));
  const last = needed[needed.length - 1];
  if (!last) return undefined;
  if (twoStep(subject, last) && early(reading, copy, last)) return undefined;
  if (other)
    return refusal(
      'copy-has-other-reader',
      `${other.keyword} at line ${other.line} stands between the COPY of the sources and the install, and may read them`,
      other.start,
    );
  const own = new Set(needed.map((install) => install.part));
  const reader = run.parts.slice(0, run.parts.indexOf(last.part)).find((p) => !own.has(p) && !quietPart(p));
  if (reader)
    return refusal(
      'install-not-splittable',
      `\`${reader.name}\` runs before the install in the same RUN and may read sources`,
      reader.command.start,
    );
  const results = needed.map((install) => manifestsOf(subject.project, install));
  const blocked = results.find(isBlocked);
  if (blocked) return refusal(blocked.blocked.skip, blocked.blocked.message, at, { evidence: blocked.blocked.evidence });
  const set = mergeSets(results.map((r) => (r as { set: ManifestSet }).set));
  return (
    hostArtifacts(subject, needed, at) ??
    outside(copy, set, at) ?? { reading, copy, runs: [run], last, kind: twoStep(subject, last) ? 'two-step' : 'move', set }
  );
}

const quietPart = (p: RunPart): boolean =>
  p.manager?.ecosystem === 'system' ||
  p.kind === 'quiet' ||
  p.kind === 'install-named' ||
  p.kind === 'clean-cache' ||
  p.kind === 'users' ||
  bootstrap(p) ||
  outsideFiles(p);
const takes = (copy: CopyReading, dir: string | undefined): boolean =>
  dir !== undefined && copy.sources.some((s) => s.kind === 'dir' && (s.path === '' || dir === s.path || dir.startsWith(`${s.path}/`)));

function outside(copy: CopyReading, set: ManifestSet, at: number): Refusal | undefined {
  return manifestCopies(copy, set) ? undefined : refusal('manifest-missing', 'The install reads files that this COPY does not bring', at);
}

/** The project itself is installed as well: the dependencies go first, the project after the COPY. */
function twoStep(subject: Subject, install: Install): boolean {
  const { manager, dir, part } = install;
  if (manager.withoutProject === undefined) return false;
  return subject.project.of(manager.ecosystem, dir ?? '')?.installsItself?.(part.command) ?? true;
}

/** The dependencies are installed above the COPY already. */
const early = (reading: StageReading, copy: CopyReading, install: Install): boolean =>
  (firstOf(reading)(`${install.manager.id} install`) ?? Number.POSITIVE_INFINITY) < copy.instruction.index;

/** The index of the first RUN that has a command of a manager and kind (`npm install`). */
const firstOf = oncePer((reading: StageReading) => {
  const first = new Map<string, number>();
  for (const run of reading.runs)
    for (const { manager, kind } of run.parts) {
      const key = `${manager?.id} ${kind}`;
      if (!first.has(key)) first.set(key, run.instruction.index);
    }
  return (key: string): number | undefined => first.get(key);
});

/** What an install makes, and a later COPY of the context would overwrite. */
function hostArtifacts(subject: Subject, installs: readonly Install[], at: number): Refusal | undefined {
  const { tree, ignore } = subject.project;
  for (const install of installs) {
    const { installsInto } = install.manager;
    const path = installsInto && [install.dir, installsInto.name].filter(Boolean).join('/');
    if (path === undefined || ignore.ignores(path) || (!installsInto?.everywhere && !tree.stat(path))) continue;
    const where = tree.stat(path)
      ? 'exists in the build context and is not ignored'
      : 'is not ignored, and exists wherever the project is developed';
    return refusal(
      'host-artifacts-in-context',
      `${path} ${where}; moving COPY after the install would overwrite the installed packages`,
      at,
      {
        allow: `List ${path} in .dockerignore (the transform dockerignore does, at --level balanced).`,
      },
    );
  }
  return undefined;
}

/** Nothing to move: a download of what the build needs is put in front of the COPY. */
function addedDownload(subject: Subject, reading: StageReading, copy: CopyReading, run: RunReading): InstallSite | Refusal | undefined {
  const part = downloadingBuild(run);
  const manager = part?.manager;
  if (!part || !manager) return undefined;
  const downloaded = (firstOf(reading)(`${manager.id} download`) ?? Number.POSITIVE_INFINITY) < run.instruction.index;
  const state = reading.before(run.instruction);
  const cwd = 'value' in state.workdir ? state.workdir.value : undefined;
  const dir = cwd === undefined ? undefined : originOf(reading.copies, subject.project.tree, cwd);
  if (downloaded || !takes(copy, dir)) return undefined;
  const manifests = subject.project.of(manager.ecosystem, dir ?? '')?.downloads?.();
  if (!manifests) return undefined;
  if (isBlocked(manifests))
    return refusal(manifests.blocked.skip, manifests.blocked.message, run.instruction.start, { evidence: manifests.blocked.evidence });
  return (
    outside(copy, manifests.set, run.instruction.start) ?? {
      reading,
      copy,
      runs: [run],
      last: { part, manager, cwd, dir, files: [] },
      kind: 'add-download',
      set: manifests.set,
    }
  );
}

/** The command list of a RUN's script, for edits inside it. */
export const commandsOf = (run: Run): readonly ShellCommand[] => run.script?.commands ?? [];
