// Room: ecosystems/python. multi-stage for Python: packages are installed into a virtual environment by the full image and carried to the slim one.
import { computedStart } from '../../runtime/spawned.ts';
import type { ShellCommand } from '../../dockerfile/types.ts';
import { broughtHits } from '../../facts/applications.ts';
import { hitEvidence } from '../../facts/project.ts';
import { allOf } from '../../effects/effects.ts';
import { parentOf } from '../../effects/places.ts';
import { pythonManagers } from './managers.ts';
import { applicationAt } from './application.ts';
import { fromGuest } from '../../base/guests.ts';
import { neededPrograms, spawnedPrograms } from '../../base/programs.ts';
import { assumption } from '../../base/doubts.ts';
import { refuseFullImageFile } from '../../base/full-image-files.ts';
import { loadedReason } from '../../base/slim-needs.ts';
import { slimRuntime } from '../../base/slim-runtime.ts';
import { passedBy } from './passed-by.ts';
import { beyondPipenv } from './pipenv-split.ts';
import { anyPipInstall, STANDARD_INPUT } from './pip-command.ts';
import { beyondUvPip } from './uv-pip.ts';
import { isOfDistribution, ofDistribution, refuseUnknownImage } from './of-distribution.ts';
import { fromSource } from './from-source.ts';
import { leftCompilers } from './left-compilers.ts';
import { leftDownloads } from './left-downloads.ts';
import { mediaTypes } from './media-types.ts';
import { pythonPackages } from './runtime.ts';
import { cleanPath, inside, originAbove, upwards } from '../../facts/copies.ts';
import type { RunReading } from '../../facts/reading.ts';
import type { Install } from '../../installs/shapes.ts';
import { installsOf } from '../../installs/sites.ts';
import { filesDoubt } from '../../installs/manifest-origin.ts';
import { refuse } from '../../refusal.ts';
import type { Need } from '../../facts/types.ts';
import { fromBuilder } from '../../../transforms/multi-stage/distribute.ts';
import { carriedCopies } from './carried.ts';
import type { Declared } from './declared.ts';
import { projectInstall, type ProjectInstall } from './project-install.ts';
import type { PythonCase } from './split-case.ts';
import { INSTALLERS } from './names.ts';
import { poetryEnvironment } from './poetry-environment.ts';
import { uvEnvironment } from './uv-environment.ts';
import { uvInstall, type UvInstall } from './uv-install.ts';
import { known } from '../../facts/types.ts';
import { pipEnvironment, type Environment } from './split-environment.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';
import { leavesPackages, leftBehind, mayLose, noGain, refuseLeftPrograms } from '../../../transforms/multi-stage/gain.ts';
import { emptySplit, type Split } from '../../../transforms/multi-stage/split.ts';

/** The split of a Python image; refuses where a fact forbids it. */
export function splitPython(s: Situation): Split {
  const c = pythonCase(s);
  refuseUnsupported(c);
  const environment =
    c.uv.length > 0
      ? uvEnvironment(c)
      : c.installs.some((i) => i.install.manager.id === 'poetry')
        ? poetryEnvironment(c)
        : pipEnvironment(c);
  ofDistribution(c, environment);
  const hidden = environment.own ? undefined : passedBy(c);
  if (hidden) refuse('absolute-python-path', hidden.message, c.run.at, { evidence: [hidden.evidence], allow: hidden.allow });
  const chosen = slimRuntime(c.subject, 'the virtual environment needs the interpreter of the image that made it');
  const runtime = c.stays === undefined ? chosen : { ...chosen, image: c.stays };
  const same = runtime.image === c.stays || runtime.image === c.reading.base.image.raw;
  if (same && !leavesPackages(c) && !environment.installer && c.frontEnds.length === 0) noGain(c, leftDownloads(c));
  if (same) refuseLeftPrograms(c, startedPrograms(c), (name) => providedIn(c, environment, name));
  const left = same ? leftCompilers(c, environment) : undefined;
  const packages = left?.packages ?? packagesFor(c, environment, runtime);
  const carried = carriedCopies(c);
  const behind = c.frontEnds
    .flatMap((one) => (carried.whole.some((dir) => inside(one.place, dir)) ? [one.packages] : []))
    .map((path) => fromWorkdir(c, path));
  return {
    ...emptySplit(runtime.image),
    repeats: c.shared ? c.runs.again : c.runs.repeats,
    builderEdits: environment.edits,
    builderTail: behind.length === 0 ? [] : [[`RUN rm -rf ${behind.join(' ')}`]],
    dropped: environment.dropped,
    setup: environment.own ? [] : [[`ENV PATH="${environment.path}/bin:$PATH"`]],
    artefacts: carried.whole.some((path) => inside(environment.path, path))
      ? carried.artefacts
      : [fromBuilder(c.builder, environment.path, undefined, environment.owner), ...carried.artefacts],
    moved: carried.moved,
    alone: carried.alone,
    repeated: carried.repeated,
    rewritten: environment.rewritten,
    packages,
    manager: c.apt.manager ?? 'apt',
    buildEnv: environment.buildEnv,
    announces: environment.announces,
    notes: [...runtime.notes, ...environment.notes],
    evidence: [...c.runEvidence, ...environment.evidence, ...(left?.evidence ?? []), ...c.frontEnds.flatMap(({ evidence }) => evidence)],
    why: `the packages stand in ${environment.path}, which ${same ? `a second stage of ${c.reading.base.image.raw}` : 'the slim image'} runs; ${leftBehind(c, runtime.image, ...(environment.installer ? [environment.installer] : []), ...c.frontEnds.map(({ dir }) => `the packages of ${dir || 'package.json'}`), 'caches')} stay in the build stage`,
  };
}

const fromWorkdir = ({ workdir }: PythonCase, path: string): string =>
  path.startsWith(`${workdir}/`) ? path.slice(workdir.length + 1) : path;

function pythonCase(s: Situation): PythonCase {
  const installs = s.reading.runs.flatMap((run) =>
    installsOf(s.reading, run, s.subject)
      .filter((i) => i.manager.ecosystem === 'python')
      .map((install) => ({ run, install })),
  );
  const projects: ProjectInstall[] = [];
  const uv: UvInstall[] = [];
  for (const run of s.reading.runs)
    for (const part of run.parts) {
      const { manager, kind, command } = part;
      if (manager?.ecosystem !== 'python' || !['install', 'build'].includes(kind)) continue;
      if (installs.some((i) => i.install.part.command === command)) continue;
      const synced = manager.id === 'uv' ? uvInstall(s.reading, run, part, s.subject) : undefined;
      if (synced) {
        uv.push(synced);
        if (synced.project) projects.push({ ...synced.project, needs: known([]) });
        continue;
      }
      const own = manager.id === 'pip' || anyPipInstall(command) ? projectInstall(s.reading, run, part, s.subject.project.tree) : undefined;
      if (own) projects.push(own);
      else unreadInstall(manager.id, command, run.instruction.start);
    }
  refuseInScripts(s);
  for (const { run, install } of installs) {
    const doubt = filesDoubt(s.reading, run, install, s.subject.project.tree);
    if (doubt !== undefined)
      refuse('manifest-missing', `What is installed cannot be told: ${doubt}`, run.instruction.start, {
        allow: 'Let the image install from the manifest of the repository as it is.',
      });
  }
  const all = [
    ...installs.map(({ run, install }) => ({ run, dir: install.dir })),
    ...[...projects, ...uv].map(({ run, dir }) => ({ run, dir })),
  ];
  const first = all[0] ?? namedInstall(s);
  const unread = s.reading.runs.find(({ parts }) => parts.some(({ name }) => UNREAD.has(name)));
  if (!first && unread)
    return refuse(
      'package-manager-unsupported',
      `Splitting is proven for ${PROVEN}; line ${unread.instruction.line} works with ${unread.parts.find(({ name }) => UNREAD.has(name))?.name}`,
      unread.instruction.start,
    );
  const stays = namedRun(s)
    ? 'nothing stands beside the packages that pip is given by name'
    : 'no Python packages of the project are installed';
  if (!first) return refuse('no-gain', `Splitting would not remove anything from the final image: ${stays}`, s.run.at);
  const project = first.dir === undefined ? undefined : applicationAt(s.subject, first.dir);
  if (!project) {
    const higher = installs.flatMap(({ run, install }) => higherManifest(s, run, install)).find(Boolean);
    const at = first.run.instruction.start;
    return higher === undefined
      ? refuse('manifest-missing', 'The manifest of the installed dependencies is not in the build context', at)
      : refuse('manifest-missing', `${higher} stands above the directory of the install, which is not followed there`, at, {
          allow: 'COPY it into the directory that the install runs in.',
        });
  }
  return { ...s, project, installs, projects, uv, first: first.run };
}

/** Packages that are named on the command line alone, where compilers stand beside them that would stay behind: the sources are those of the context. */
function namedInstall(s: Situation): { run: RunReading; dir: string } | undefined {
  const run = namedRun(s);
  return run && leavesPackages(s) ? { run, dir: '' } : undefined;
}

/** The first RUN that gives pip packages by name. */
const namedRun = ({ reading }: Situation): RunReading | undefined =>
  reading.runs.find(({ parts }) =>
    parts.some(({ command }) => anyPipInstall(command)?.named.some((name) => !INSTALLERS.test(name.replace(/[^\w.-].*$/, ''))) === true),
  );

/** poetry and uv look for their manifest in the directories above as well. Sources: python-poetry.org/docs/cli; docs.astral.sh/uv/concepts/projects. */
function higherManifest(s: Situation, { instruction }: RunReading, { manager, cwd }: Install): string[] {
  const above = { copies: s.reading.copies, before: instruction.index, tree: s.subject.project.tree };
  return upwards(parentOf(cwd ?? '/'), '/')
    .map((dir) => cleanPath(`${dir}/${manager.manifests[0] ?? ''}`))
    .filter((path) => originAbove(above, path) !== undefined);
}

/** `./install.sh`, `bash -c "pip install …"`: an install inside of a script is not taken apart. */
function refuseInScripts(s: Situation): void {
  for (const { instruction, parts } of s.reading.runs) {
    const inner = allOf(parts.flatMap((p) => p.effects.starts)).find((e) => e.does.kind === 'package' && MANAGERS.has(e.does.manager));
    if (inner)
      refuse(
        'opaque-run',
        `RUN at line ${instruction.line} installs with \`${inner.command.words.map((w) => w.raw).join(' ')}\` inside of a script, which is not taken apart`,
        instruction.start,
        { allow: 'Write the install as a RUN of its own.' },
      );
  }
}
const MANAGERS: ReadonlySet<string> = new Set(pythonManagers.map(({ id }) => id));

/** An install whose packages are not read: the project's own, or of a package manager that is not split. */
function unreadInstall(manager: string, { words }: ShellCommand, at: number): never {
  const command = words.map((word) => word.raw).join(' ');
  if (words.some(({ value }) => STANDARD_INPUT.test(value ?? '')))
    refuse('manifest-missing', `What is installed cannot be told: \`${command}\` reads a list that another command writes`, at, {
      allow: 'Let the image install from the manifest of the repository as it is.',
    });
  const archive = words.some(({ value = '' }) => /^[^-].*\.(?:whl|zip|tar\.\w+|tgz)$/.test(value));
  if (['pip', 'poetry'].includes(manager))
    refuse(
      'project-install',
      `\`${command}\` installs ${archive ? 'an archive' : 'the project itself'}, whose dependencies are not read`,
      at,
    );
  return refuse(
    'package-manager-unsupported',
    manager === 'uv'
      ? `Splitting is proven for uv pip install, and uv sync in a project of its own; what \`${command}\` installs is not read`
      : `Splitting is proven for ${PROVEN}; this file installs with ${manager}`,
    at,
  );
}
/** Installers whose lists are not read here. */
const UNREAD: ReadonlySet<string> = new Set(['pdm', 'hatch', 'rye', 'pixi', 'pip-sync']);
const PROVEN = 'pip, poetry, uv sync, uv pip install and pipenv install --system';

function refuseUnsupported(c: PythonCase): void {
  const at = c.first.instruction.start;
  const names = new Set(c.reading.runs.flatMap((r) => r.parts.map((p) => p.name)));
  for (const name of ['conda', 'mamba', 'micromamba']) if (names.has(name)) refuse('conda', 'conda environments are not handled', at);
  refuseUnknownImage(c);
  const { fixed } = c.runs;
  if (fixed && !c.apt.problem && c.runs.kept.has(fixed.instruction.index))
    refuse(
      'opaque-run',
      `RUN at line ${fixed.instruction.line} ${fixed.why}; what it installs for Python, a virtual environment would hide`,
      fixed.instruction.start,
    );
  const other = names.has('uv') && c.uv.length === 0 ? beyondUvPip(c) : undefined;
  const others = { pdm: 'pdm', pipenv: beyondPipenv(c), uv: other };
  for (const [name, told] of Object.entries(others))
    if (names.has(name) && told !== undefined)
      refuse('package-manager-unsupported', `Splitting is proven for ${PROVEN}; this file installs with \`${told}\``, at);
  const system = c.apt.both.find(
    (name) => name.startsWith('python3-') && !['python3-venv', 'python3-pip', 'python3-wheel', 'python3-setuptools'].includes(name),
  );
  if (system && !isOfDistribution(c))
    refuse('system-python', `apt installs ${system} for Debian's own python3: whether the program needs it there is not known`, at);
  const hits = broughtHits(c.subject, c.project);
  const dlopen = hits.find((h) => h.kind === 'dlopen');
  if (dlopen && (c.stays === undefined || leavesPackages(c)))
    refuse('ctypes-dlopen', loadedReason(dlopen), c.run.at, {
      evidence: [hitEvidence(dlopen)],
    });
  refuseFullImageFile(c, hits);
  const spawn = computedStart(c.subject, hits);
  if (spawn && (c.stays === undefined || mayLose(c)) && c.subject.options.level !== 'max')
    refuse('dynamic-subprocess', spawn.says, c.run.at, {
      evidence: [hitEvidence(spawn.hit)],
      allow: 'Run with --level max if the program is in the slim image.',
    });
}

function packagesFor(c: PythonCase, environment: Environment, { tools, image: runtimeImage }: ReturnType<typeof slimRuntime>): string[] {
  const libraries = pythonPackages(c.project, environment.packages, c.reading.base.tag.version, {
    named: [...environment.named],
    declared: declaredBy(c),
    suite: c.suite,
    built: fromSource(c.reading),
    image: c.subject.project.image?.facts,
  });
  if (libraries.evidence && !('skip' in libraries)) environment.evidence.push(...libraries.evidence);
  if ('skip' in libraries) {
    if (libraries.unknown && c.subject.options.level === 'max') environment.notes.push(assumption(libraries.message));
    else
      refuse(libraries.skip, libraries.message, c.first.instruction.start, {
        evidence: libraries.evidence,
        allow: libraries.unknown ? 'Lock the dependencies with their files (poetry.lock), or use --level max.' : libraries.allow,
      });
  }
  const same = c.reading.base.image.raw === runtimeImage;
  const programs = neededPrograms(startedPrograms(c), tools, c.reading, (name) => same || providedIn(c, environment, name));
  const missing = programs.missing[0];
  if (missing)
    refuse('runtime-command-unknown', `Program \`${missing.program}\` is used at run time; its package is unknown`, c.run.at, {
      evidence: [missing.evidence],
    });
  const types = c.reading.base.tag.variant === 'full' ? mediaTypes(c.project, c.subject.project.tree, c.suite) : undefined;
  environment.evidence.push(...(types?.evidence ?? []));
  return [...new Set([...c.apt.both, ...c.apt.libraries, ...programs.packages, ...(libraries.debian ?? []), ...(types?.packages ?? [])])];
}

const startedPrograms = (c: PythonCase): Need[] => [
  ...c.run.needs,
  ...c.runs.programs,
  ...spawnedPrograms(c.subject, broughtHits(c.subject, c.project)),
];

/** The project, its packages, or what the last stage installs bring the program. */
const providedIn = (c: PythonCase, { named }: Environment, name: string): boolean =>
  c.project.consoleScript(name) !== undefined ||
  c.projects.some(({ scripts }) => scripts.has(name)) ||
  c.apt.both.includes(name) ||
  fromGuest(c.subject.project.ecosystems, c.apt.both, name) ||
  named.has(name);

/** What projects that are installed themselves bring; refuses where that cannot be told, or where they compile. */
function declaredBy(c: PythonCase): Declared[] {
  return c.projects.flatMap(({ needs, compiles, part, run }) => {
    const told = part.command.words.map((word) => word.raw).join(' ');
    if (compiles)
      refuse(
        'sdist-libs-unknown',
        `\`${told}\` builds ${compiles.file.replace(/^.*\//, '')}'s extension; which shared libraries it links is unknown`,
        run.instruction.start,
        {
          evidence: [compiles],
        },
      );
    if ('value' in needs) return needs.value;
    if (c.subject.options.level === 'max') return [];
    return refuse(
      'project-install',
      `\`${told}\` installs the project itself, and what that brings is not known: ${needs.unknown}`,
      run.instruction.start,
    );
  });
}
