// Room: installs/. Where a stage installs its dependencies, and the COPY of the sources that stands before it.
import { namedIn } from './named-files.ts';
import type { Instruction } from '../dockerfile/types.ts';
import type { ManifestSet, PackageManager } from '../ecosystems/types.ts';
import { cleanPath, contextPath, inside, originAbove, resolvePath, type Above, type CopyReading } from '../facts/copies.ts';
import { walk } from '../context/walk.ts';
import { aboveRun } from '../facts/mounted.ts';
import { committedPackages } from '../facts/committed.ts';
import { gitReaderIn } from '../facts/git.ts';
import type { RunReading, StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { isRefusal, refusal, type Refusal } from '../refusal.ts';
import { cutOf } from './cut.ts';
import { addedDownload, downloadingBuild } from './download.ts';
import { isBlocked, manifestsOf, mergeSets, outside } from './manifests.ts';
import { inDirectory, isNamed, manifestDoubt } from './manifest-origin.ts';
import { inTheWay, readsBeside, type Sources } from './passing.ts';
import { firstOf, refused, takes, type Install, type InstallSite, type Obstacle } from './shapes.ts';

/** The installs of a RUN, each with the directory that it runs in (after the `cd`s before it); with `ordered`, those too whose packages are not read here. */
export function installsOf(reading: StageReading, run: RunReading, subject: Subject, which: 'read' | 'ordered' = 'read'): Install[] {
  const found: Install[] = [];
  for (const part of run.parts) {
    const { manager } = part;
    const { cwd } = part.effects.after;
    if (!manager?.readsManifests || !(part.kind === 'install' || part.kind === 'download')) continue;
    const ordered = which === 'ordered' && manager.ordered?.(part.command) === true;
    if (manager.readsManifests !== true && !manager.readsManifests(part.command) && !ordered) continue;
    const above = aboveRun(reading, run, subject.project.tree);
    const at = inDirectory(manager, part.command, cwd);
    const files = namedFiles(namedIn(reading, run, { manager, part }), at, above);
    found.push({
      part,
      manager,
      cwd: at,
      dir: contextDirectory(manager, at, above, files),
      changed: manifestDoubt(reading, run, { manager, cwd: at, part }, above),
      // a path of the image where the context has no such file: never another file of the same name
      files: files.map((f) => f.origin ?? resolvePath(at, f.written) ?? f.written),
    });
  }
  return found;
}

/** The files that a command names, and where they come from. */
function namedFiles(named: readonly string[], cwd: string | undefined, above: Above): { written: string; origin: string | undefined }[] {
  return named.map((written) => {
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
  const whole = cwd === undefined ? undefined : originAbove(above, cwd);
  if (whole !== undefined) return whole;
  for (const name of cwd === undefined ? [] : [...manager.manifests, ...manager.lockfiles]) {
    const origin = originAbove(above, cleanPath(`${cwd}/${name}`));
    if (origin !== undefined && isNamed(origin, name)) return origin.slice(0, Math.max(0, origin.length - name.length - 1));
  }
  const file = files.find((f) => f.origin !== undefined);
  if (file?.origin === undefined) return undefined;
  return file.origin.endsWith(file.written)
    ? contextPath(file.origin.slice(0, file.origin.length - file.written.length))
    : contextPath(`${file.origin}/..`);
}

/** Two COPYs of directories that bring some of the same files: moving one leaves the other where it was. */
const overlap = (a: CopyReading, b: CopyReading): boolean =>
  a.sources.some((x) => x.kind === 'dir' && b.sources.some((y) => y.kind === 'dir' && (inside(x.path, y.path) || inside(y.path, x.path))));

/** The second COPY brings all that the first does: it would be the next to move. */
const again = (first: CopyReading, second: CopyReading): boolean =>
  first.sources.every((x) => x.kind !== 'dir' || second.sources.some((y) => y.kind === 'dir' && inside(x.path, y.path)));

/** Finds, stage by stage, the installs that run behind a COPY of the sources: a site each, or why it stays. */
export function findInstallSites(subject: Subject): (InstallSite | Refusal)[] {
  return subject.stages.flatMap((reading) => sitesOfStage(subject, reading));
}

function sitesOfStage(subject: Subject, reading: StageReading): (InstallSite | Refusal)[] {
  const found: (InstallSite | Refusal)[] = [];
  let copy: CopyReading | undefined;
  let other: Obstacle | undefined;
  let passed: InstallSite[] = []; // the COPY goes behind them, unless the next install can be passed as well
  for (const i of reading.stage.instructions) {
    const own = reading.copy(i.index);
    const run = reading.run(i.index);
    const installs = copy && run ? installsOf(reading, run, subject, 'ordered') : [];
    if (passed.length > 0 && copy && run && installs.length > 0) {
      const next = siteAt(subject, reading, copy, run, installs, undefined);
      if (next && !isRefusal(next) && next.kind === 'move') {
        passed.push(next);
        if (next.cut === undefined) continue;
      }
    } else if (passed.length > 0 && copy && inTheWay({ subject, reading, copy }, i) === undefined) continue;
    if (passed.length > 0) {
      found.push(asOne(passed));
      passed = [];
      copy = undefined;
    }
    if (own?.fromContext && own.broad) {
      if (copy && overlap(copy, own))
        other ??= obstacle({ subject, reading, copy }, i) ?? (again(copy, own) ? { at: i, why: 'it copies the same files' } : undefined);
      else [copy, other] = [own, undefined];
    } else if (copy && run && (installs.length > 0 || downloadingBuild(run) !== undefined)) {
      const at = siteAt(subject, reading, copy, run, installs, other);
      if (at && !isRefusal(at) && at.kind === 'move' && at.cut === undefined) passed = [at];
      else copy = undefined;
      if (at && at !== passed[0]) found.push(at);
    } else if (copy) other ??= obstacle({ subject, reading, copy }, i);
  }
  return passed.length > 0 ? [...found, asOne(passed)] : found;
}
function obstacle(sources: Sources, at: Instruction): Obstacle | undefined {
  const why = inTheWay(sources, at);
  return why === undefined ? undefined : { at, why };
}
/** Installs that stand behind each other, as one: its last is the last of the last. */
const asOne = (sites: readonly InstallSite[]): InstallSite => ({
  ...(sites[sites.length - 1] as InstallSite),
  runs: sites.flatMap((site) => site.runs),
  set: mergeSets(sites.map((site) => site.set)),
});
function siteAt(
  subject: Subject,
  reading: StageReading,
  copy: CopyReading,
  run: RunReading,
  installs: readonly Install[],
  other: Obstacle | undefined,
): InstallSite | Refusal | undefined {
  if (installs.length === 0) return addedDownload({ subject, reading, copy }, run, other);
  const at = run.instruction.start;
  if (run.opaque !== undefined)
    return refusal('opaque-run', `RUN at line ${run.instruction.line} is more than a list of commands (${run.opaque})`, at, {
      allow: 'COPY what the install reads above it, and the sources below it.',
    });
  const needed = installs.filter((install) => takes(copy, install.dir));
  const last = needed[needed.length - 1];
  if (!last) return undefined;
  if (twoStep(subject, last) && early(reading, copy, last)) return undefined;
  if (other) return refused(other);
  const edited = needed.find((install) => install.changed !== undefined);
  if (edited)
    return refusal(
      'install-not-splittable',
      `${capital(edited.changed ?? '')}: the install cannot be moved above the COPY of the sources`,
      at,
      {
        allow: 'Let the install read the manifest of the repository, from the directory that it stands in.',
      },
    );
  const raises = needed.find(({ manager, part }) => manager.changesManifest?.(part.command) === true);
  if (raises)
    return refusal(
      'install-not-splittable',
      `\`${raises.part.command.words.map(({ raw }) => raw).join(' ')}\` changes the manifests or the lock, which the COPY of the sources would bring back`,
      at,
      { allow: 'Raise the versions in the repository, and install from its lock.' },
    );
  const { script } = run.instruction;
  if ((!script || script.heredoc) && run.parts[run.parts.length - 1] !== last.part)
    return refusal('install-not-splittable', 'The install stands in a heredoc or in exec form, with commands behind it', at);
  const cut = cutOf({ subject, reading, copy }, run, last.part, new Set(needed.map(({ part }) => part)), last.dir ?? '');
  if (isRefusal(cut)) return cut;
  const twice = twoStep(subject, last);
  const reader = gitReader(subject, needed);
  if (reader !== undefined)
    return refusal('install-reads-git', `The install asks git about the repository (${reader}), so its history stands before it`, at);
  const follows = run.parts.indexOf(last.part) + 1 < run.parts.length;
  if (twice && follows && (cut?.last !== last.part.command || cut.forward.length > 0))
    return refusal(
      'install-not-splittable',
      `What stands behind \`${last.part.name}\` in its RUN belongs to the install, which would run twice`,
      at,
    );
  const results = needed.map((install) => manifestsOf(subject.project, install));
  const blocked = results.find(isBlocked);
  if (blocked) return refusal(blocked.blocked.skip, blocked.blocked.message, at, { evidence: blocked.blocked.evidence });
  const set = mergeSets(results.map((r) => (r as { set: ManifestSet }).set));
  if (onlyManifests(subject, copy, set)) return undefined;
  for (const { part, files } of needed) {
    const beside = readsBeside({ subject, reading, copy }, run, part, { set, named: files });
    if (beside !== undefined)
      return refusal('install-not-splittable', `The install names ${beside}, which the COPY of the sources brings`, part.command.start, {
        allow: `COPY ${beside} in an instruction of its own, above the install.`,
      });
  }
  return (
    hostArtifacts(subject, needed, at) ??
    hostEnvironment({ subject, reading, copy }, run, last, at) ??
    outside(copy, set, at) ?? { reading, copy, runs: [run], last, kind: twice ? 'two-step' : 'move', set, cut }
  );
}

/** Everything that the COPY brings is read by the install: `COPY requirements/ requirements/`. */
const onlyManifests = ({ project: { tree, ignore } }: Subject, copy: CopyReading, set: ManifestSet): boolean =>
  copy.sources.every(
    ({ kind, path }) =>
      kind === 'dir' &&
      walk(tree, path).every((entry) => entry.kind === 'dir' || set.files.includes(entry.path) || ignore.ignores(entry.path)),
  );

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The file that says that an install of the project asks git. */
const gitReader = ({ project }: Subject, installs: readonly Install[]): string | undefined =>
  installs
    .filter(({ manager, part }) => manager.withoutProject !== undefined && manager.ordered?.(part.command) !== false)
    .map(({ manager, dir }) => gitReaderIn(project, manager.ecosystem, dir ?? ''))
    .find((path) => path !== undefined);

/** The project itself is installed as well: the dependencies go first, the project after the COPY. */
function twoStep(subject: Subject, install: Install): boolean {
  const { manager, dir, part } = install;
  if (manager.withoutProject === undefined) return false;
  return subject.project.of(manager.ecosystem, dir ?? '')?.installsItself?.(part.command) ?? true;
}

/** The dependencies are installed above the COPY already. */
const early = (reading: StageReading, copy: CopyReading, install: Install): boolean =>
  (firstOf(reading)(`${install.manager.id} install`) ?? Number.POSITIVE_INFINITY) < copy.instruction.index;

/** An environment that a command in front of the install makes, and a later COPY of the context would overwrite. */
function hostEnvironment({ subject, reading, copy }: Sources, run: RunReading, last: Install, at: number): Refusal | undefined {
  const { carries } = subject.project.ecosystems.find(({ id }) => id === last.manager.ecosystem) ?? {};
  const before = reading.runs.filter(
    ({ instruction }) => instruction.index > copy.instruction.index && instruction.index <= run.instruction.index,
  );
  const made = before.flatMap(({ parts }) => parts.flatMap(({ effects }) => carries?.(effects) ?? []));
  for (const place of made) {
    if (last.cwd === undefined || last.dir === undefined || !inside(place, last.cwd)) continue;
    const path = [last.dir, place.slice(last.cwd === '/' ? 1 : last.cwd.length + 1)].filter(Boolean).join('/');
    if (path !== '' && !subject.project.ignore.ignores(path))
      return refusal(
        'host-artifacts-in-context',
        `${path} is not ignored, and exists wherever the project is developed; moving COPY after the install would overwrite the installed packages`,
        at,
        { allow: `List ${path} in .dockerignore.` },
      );
  }
  return undefined;
}

/** What an install makes, and a later COPY of the context would overwrite. */
function hostArtifacts(subject: Subject, installs: readonly Install[], at: number): Refusal | undefined {
  const { tree, ignore } = subject.project;
  for (const install of installs) {
    const { installsInto, ordered } = install.manager;
    const everywhere = installsInto?.everywhere === true || ordered?.(install.part.command) === true;
    const path = installsInto && [install.dir, installsInto.name].filter(Boolean).join('/');
    const committed = path === undefined ? undefined : committedPackages(subject.project, path, at);
    if (committed) return committed;
    if (path === undefined || ignore.ignores(path) || (!everywhere && !tree.stat(path))) continue;
    const where = tree.stat(path)
      ? 'exists in the build context and is not ignored'
      : 'is not ignored, and exists wherever the project is developed';
    return refusal(
      'host-artifacts-in-context',
      `${path} ${where}; moving COPY after the install would overwrite the installed packages`,
      at,
      {
        allow: `List ${path} in .dockerignore.`,
      },
    );
  }
  return undefined;
}
