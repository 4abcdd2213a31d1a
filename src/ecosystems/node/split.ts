// Room: ecosystems/node. multi-stage for Node: the build and all dependencies in one stage, the output and production dependencies in the other.
import { computedStart } from '../../runtime/spawned.ts';
import { hitEvidence } from '../../facts/project.ts';
import { seenLibraries } from './seen-packages.ts';
import { nodeRuntime, type NodeRuntime } from './runtime-image.ts';
import { systemCertificates } from './certificates.ts';
import { drawnText, ofGlobals } from './drawn-text.ts';
import { lackedPackageIn } from '../../base/lacked.ts';
import { assumption } from '../../base/doubts.ts';
import { imageQuestion } from '../../runtime/added-at-start.ts';
import { programInHome } from './home.ts';
import { refuseFullImageFile } from '../../base/full-image-files.ts';
import { loadedReason, loadsForeign } from '../../base/slim-needs.ts';
import { neededPrograms, spawnedPrograms } from '../../base/programs.ts';
import { asStarted, refuseManager } from './other-managers.ts';
import { committedPackages } from '../../facts/committed.ts';
import { compilerLibraries } from '../../knowledge/compiler-libraries.ts';
import { archivedSuites } from '../../knowledge/suites.ts';
import { refuse } from '../../refusal.ts';
import { workspaceProblem } from './workspace-case.ts';
import { splitHandedOut } from './handed-out.ts';
import { withFrontEnds } from './front-end-copies.ts';
import { wordsOf } from './kinds.ts';
import { withBuild, withoutBuild } from './split-copies.ts';
import { nodeCase } from './node-case.ts';
import { inImage, whyKept, type NodeCase } from './split-case.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';
import { leavesPackages, leavesTools, leftPackages, mayLose, noGain, refuseLeftPrograms } from '../../../transforms/multi-stage/gain.ts';
import type { Note } from '../../types.ts';
import type { Need } from '../../facts/types.ts';
import type { Evidence } from '../types.ts';
import { emptySplit, type Split } from '../../../transforms/multi-stage/split.ts';

/** The split of a Node image; refuses where a fact forbids it. */
export function splitNode(s: Situation): Split {
  if (s.handsOut) return splitHandedOut(s, s.handsOut);
  const c = nodeCase(s);
  refuseUnsupported(c);
  const packages = c.served?.modules !== false;
  const untold = packages ? (libraries(c) ?? archived(c)) : archived(c);
  const runtime = runtimeOf(c, untold?.image);
  const same = runtime.image === c.stays || runtime.image === c.reading.base.image.raw;
  const stays = same && packages;
  const leaves = leavesPackages(c) || c.frontEnds.length > 0;
  if (stays && untold && !leaves && ['keep-all', 'as-is'].includes(c.deps.strategy)) untold.refuse();
  if (stays && !leaves && !leavesTools(c) && ['keep-all', 'as-is'].includes(c.deps.strategy))
    noGain(c, `${c.builds.length > 0 ? ' but sources' : ''}${whyKept(c)}`);
  const told = asStarted(c);
  const split = {
    ...emptySplit(runtime.image),
    ...(told ? { setup: [[`ENV ${told.setting}=${told.value}`]], announces: { env: [told.setting] } } : {}),
    repeats: c.shared ? c.runs.again : c.runs.repeats,
    evidence: [
      ...c.runEvidence,
      ...(packages ? c.deps.evidence : []),
      ...(packages && c.project.untoldLibraries() ? (seenLibraries(c.subject.project.image?.facts)?.evidence ?? []) : []),
    ],
    notes: [...runtime.notes, ...(packages ? [...c.deps.notes, ...assumedLibraries(c)] : []), ...(untold ? [untold.note] : [])],
  };
  if (!same) {
    const { packages, evidence } = packagesFor(c, runtime);
    split.packages = packages;
    split.evidence = [...split.evidence, ...evidence];
  } else {
    refuseLeftPrograms(c, startedPrograms(c), (name) => providedIn(c, runtime, name));
    if (packages) split.packages = loadedWithCompilers(c);
  }
  split.manager = runtime.tools.variant === 'alpine' ? 'apk' : 'apt';
  if (!runtime.shell && (split.packages.length > 0 || split.repeats.size > 0))
    refuse(
      'runtime-command-unknown',
      `${runtime.image} has no package manager, and the container needs ${split.packages.join(', ') || 'what a RUN sets up'}`,
      c.run.at,
      { allow: 'Use --base slim.' },
    );
  const cmd = runtime.command(c.run);
  if (cmd) split.rewritten = new Map([[cmd.index, cmd.text]]);
  if (cmd) split.announces = { ...split.announces, keywords: ['CMD', 'ENTRYPOINT'] };
  if (c.frontEnds.length > 0 || (c.root !== c.workdir && !c.project.workspaces)) return withFrontEnds(c, split, runtime);
  return c.builds.length === 0 ? withoutBuild(c, split, runtime) : withBuild(c, split, runtime);
}

/** On the same image: what packages load, and the compilers brought that stay behind. */
function loadedWithCompilers(c: NodeCase): string[] {
  const { apt, project } = c;
  const brought = apt.manager === undefined ? [] : compilerLibraries(apt.manager, leftPackages(c));
  const loaded = new Set(project.systemNeeds().flatMap(({ debian }) => debian));
  return brought.filter((name) => loaded.has(name) && !apt.both.includes(name));
}

const runtimeOf = (c: NodeCase, image: string | undefined): NodeRuntime =>
  nodeRuntime(c.subject, c.run, c.project, { stays: image ?? c.stays, debian: ofDebian(c) });

/** The original's own image as the last one, and why. */
interface Kept {
  image: string;
  note: Omit<Note, 'transform'>;
  refuse: () => never;
}

/** Where the release has left the mirrors, the slim image cannot get what the full one has already. */
function archived(c: NodeCase): Kept | undefined {
  const { raw, span } = c.reading.base.image;
  if (c.suite === undefined || !archivedSuites.has(c.suite) || c.stays !== undefined || c.apt.both.length + c.apt.libraries.length > 0)
    return undefined;
  const runtime = runtimeOf(c, undefined);
  const packages = runtime.tools.variant === 'slim' ? packagesFor(c, runtime).packages : [];
  if (packages.length === 0) return undefined;
  const said = `Debian ${c.suite} is archived: ${packages.join(', ')} can no longer be installed on ${runtime.image}`;
  return {
    image: raw,
    note: { id: 'base-not-possible', message: `${said}; the last stage stays on ${raw}` },
    refuse: () => refuse('suite-archived', said, span.start, { allow: 'Move to a release of Debian that is maintained.' }),
  };
}

/** Where a package may be compiled against libraries that nothing tells, the last stage stays on the image that had them; refuses where it cannot. */
function libraries(c: NodeCase): Kept | undefined {
  const { raw } = c.reading.base.image;
  const found = c.reading.base.tag.variant === 'full' && c.stays === undefined ? c.project.untoldLibraries() : undefined;
  if (!found || seenLibraries(c.subject.project.image?.facts)) return undefined;
  const said = `${found.package} may be compiled when it is installed, against libraries that are not known`;
  const refused = (): never =>
    refuse('native-custom-build', `${said}; the slim image may lack them`, c.installRun.instruction.start, {
      evidence: [found.evidence],
      allow: `Write FROM ${raw.replace(/(:[^:/]+)?$/, (tag) => `${tag || ':latest'}-slim`)} and install the libraries in a RUN, or use --level max.`,
    });
  if (c.subject.options.level === 'max') return undefined; // noted by assumedLibraries
  if (c.runs.kept.size > 0) refused();
  return {
    image: raw,
    note: { id: 'base-not-possible', message: `${said}: the last stage stays on ${raw}, which has them` },
    refuse: refused,
  };
}

/** What the level max takes for granted where `libraries` would keep the image. */
function assumedLibraries(c: NodeCase): Split['notes'] {
  const found = c.subject.options.level === 'max' && c.reading.base.tag.variant === 'full' ? c.project.untoldLibraries() : undefined;
  if (!found || c.stays !== undefined || seenLibraries(c.subject.project.image?.facts)) return [];
  return [assumption(`${found.package} is not compiled against libraries that the smaller image lacks`)];
}

function refuseUnsupported(c: NodeCase): void {
  const { manager, part } = c.install;
  // no package of the project comes along
  if (c.served?.modules === false) return;
  const lock = c.project.lockfiles[0];
  // `npm install` works without a lock of its own, and what it installs is copied
  const resolves = manager.id === 'npm' && !wordsOf(part.command).includes('ci');
  if (lock && !resolves && !c.project.lockfiles.some((l) => l.manager === manager.id))
    refuse('pm-lock-mismatch', `RUN uses ${manager.id} but the lock file is ${lock.path}`, c.installRun.instruction.start);
  if (c.project.linker === 'pnp')
    refuse('pnp-global-cache', '.pnp.cjs points outside the project, into the package cache', c.installRun.instruction.start, {
      allow: 'Set nodeLinker: node-modules in .yarnrc.yml.',
    });
  refuseManager(c);
  const committed = committedPackages(c.subject.project, [c.dir, 'node_modules'].filter(Boolean).join('/'), c.installRun.instruction.start);
  if (committed) throw committed;
  const whole = c.project.workspaces && workspaceProblem(c, c.project, c.install);
  if (whole) refuse('workspace-layout-unknown', whole.message, c.installRun.instruction.start, { evidence: whole.evidence });
  if (c.project.bindingGyp)
    refuse('native-custom-build', 'binding.gyp at the project root: the addon is built from sources', c.installRun.instruction.start);
  const needs = c.project.systemNeeds().find((n) => n.skip !== undefined);
  if (needs?.skip)
    refuse(needs.skip, `${needs.package} needs a browser and its libraries`, c.installRun.instruction.start, {
      evidence: [needs.evidence],
    });
  // its sources run in browsers
  if (c.served) return;
  const home = programInHome(c.subject.project.tree, c.project, imageQuestion(c.subject));
  if (home)
    refuse('home-of-root', `${home.what}, which a stage of its own for running would lack`, c.installRun.instruction.start, {
      evidence: [home.evidence],
      ...(home.allow === undefined ? {} : { allow: home.allow }),
    });
  const loaded = c.project.hits().find((hit) => loadsForeign(hit) && inImage(c, hit.file));
  if (loaded && c.stays === undefined && c.reading.base.tag.variant === 'full')
    refuse('ctypes-dlopen', loadedReason(loaded), c.run.at, {
      evidence: [hitEvidence(loaded)],
    });
  refuseFullImageFile(
    c,
    c.project.hits().filter((hit) => inImage(c, hit.file)),
  );
  const spawn = computedStart(
    c.subject,
    c.project.hits().filter((hit) => inImage(c, hit.file)),
  );
  if (spawn && (c.stays === undefined || mayLose(c)) && c.subject.options.level !== 'max')
    refuse('dynamic-subprocess', spawn.says, c.run.at, {
      evidence: [hitEvidence(spawn.hit)],
      allow: 'Run with --level max if the program is one that node itself has.',
    });
}

/** What the last stage has of Debian beside programs that other systems have too, as sentences. */
function ofDebian(c: NodeCase): string[] {
  const lines = new Map(c.reading.stage.instructions.map(({ index, line }) => [index, line]));
  return [
    ...[...c.apt.both, ...c.apt.libraries, ...c.project.systemNeeds().flatMap((need) => need.debian)].map(
      (name) => `${name} is installed from Debian`,
    ),
    ...[...c.runs.repeats.keys()].map((index) => `what line ${lines.get(index)} sets up is made for Debian`),
  ];
}

/** Packages that RUNs install for the whole image. */
const globalPackages = ({ reading }: NodeCase): ReadonlySet<string> =>
  new Set(
    reading.runs
      .flatMap((run) => run.parts)
      .flatMap(({ manager, command, effects: { does } }) => [
        ...(manager?.globals?.(command) ?? []),
        ...((does.kind === 'configure' ? does.brings : undefined) ?? []),
      ]),
  );

const startedPrograms = ({ served, subject, project, run, runs, reading }: NodeCase): Need[] => {
  const hits = served ? [] : project.hits().filter((hit) => inImage({ reading }, hit.file));
  return [...run.needs, ...runs.programs, ...spawnedPrograms(subject, hits)];
};

/** The project's packages, or what the last stage has, bring the program. */
function providedIn(c: NodeCase, { shell }: NodeRuntime, name: string): boolean {
  if (globalPackages(c).has(name)) return true;
  if (!shell && name === 'node') return true;
  const bin = c.project.bin(name);
  return (shell && 'value' in bin && bin.value !== undefined) || c.apt.both.includes(name);
}

/** The packages that the last stage gets, and why those are among them that the file does not name. */
function packagesFor(c: NodeCase, runtime: NodeRuntime): { packages: string[]; evidence: Evidence[] } {
  const globals = globalPackages(c);
  const programs = neededPrograms(startedPrograms(c), runtime.tools, c.reading, (name) => providedIn(c, runtime, name));
  const missing = programs.missing[0];
  if (missing)
    refuse('runtime-command-unknown', `Program \`${missing.program}\` is used at run time; its package is unknown`, c.run.at, {
      evidence: [missing.evidence],
    });
  const needs = c.served?.modules === false ? [] : c.project.systemNeeds();
  const lacked = lackedPackageIn(c.reading);
  const system = [
    ...needs.flatMap((n) => n.debian).filter((name) => !lacked(name)),
    ...ofGlobals([...globals]),
    ...(c.served ? [] : drawnText(c.project, c.subject.project.tree)),
  ];
  const certificates = systemCertificates(c.subject, c.project);
  const linked = c.project.untoldLibraries() ? (seenLibraries(c.subject.project.image?.facts)?.debian ?? []) : [];
  return {
    packages: [...new Set([...c.apt.both, ...c.apt.libraries, ...programs.packages, ...system, ...certificates.packages, ...linked])],
    evidence: [
      ...programs.evidence,
      ...c.project.systemNeeds().flatMap(({ debian, evidence }) => (debian.some((name) => !lacked(name)) ? [evidence] : [])),
      ...certificates.evidence,
    ],
  };
}
