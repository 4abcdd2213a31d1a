// multi-stage for Node: the build and all dependencies in one stage, the output and production dependencies in the other (rule book §4.2.N).
import type { Piece } from '../../src/dockerfile/edits.ts';
import { copyText } from '../../src/dockerfile/write.ts';
import { nodeRuntime, type NodeRuntime } from '../../src/base/node-runtime.ts';
import { neededPrograms } from '../../src/base/programs.ts';
import { production, type Production } from '../../src/ecosystems/node/production.ts';
import type { NodeProject } from '../../src/ecosystems/node/types.ts';
import { inside, landingOf, resolvePath } from '../../src/facts/copies.ts';
import type { RunPart, RunReading } from '../../src/facts/reading.ts';
import { installsOf, type Install } from '../../src/installs/sites.ts';
import { runtimeFiles, type RuntimeFiles } from '../../src/runtime/files.ts';
import { refuse } from '../../src/transform.ts';
import { fromBuilder } from './distribute.ts';
import type { Situation } from './situation.ts';
import { emptySplit, type Split } from './split.ts';

interface NodeCase extends Situation {
  install: Install;
  installRun: RunReading;
  project: NodeProject;
  dir: string;
  /** RUN parts behind the install that build something. */
  builds: { run: RunReading; part: RunPart }[];
  deps: Production;
}

/** The split of a Node image; refuses where a fact forbids it. */
export function splitNode(s: Situation): Split {
  const c = nodeCase(s);
  refuseUnsupported(c);
  const runtime = nodeRuntime(c.subject, c.run, c.project);
  if (runtime.image === c.reading.base.image.raw && c.apt.build.length + c.apt.libraries.length === 0 && ['keep-all', 'as-is'].includes(c.deps.strategy)) refuse('no-gain', 'Splitting would not remove anything from the final image', c.run.at);
  const split = { ...emptySplit(runtime.image), repeats: c.runs.repeats, evidence: [...c.runEvidence, ...c.deps.evidence], notes: [...runtime.notes, ...c.deps.notes] };
  split.packages = packagesFor(c, runtime);
  if (!runtime.shell && (split.packages.length > 0 || split.repeats.size > 0)) refuse('runtime-command-unknown', `${runtime.image} has no package manager, and the container needs ${split.packages.join(', ') || 'what a RUN sets up'}`, c.run.at, { allow: 'Use --base slim.' });
  const cmd = runtime.command(c.run);
  if (cmd) split.rewritten = new Map([[cmd.index, cmd.text]]);
  if (cmd) split.announces = { keywords: ['CMD', 'ENTRYPOINT'] };
  return c.builds.length === 0 ? withoutBuild(c, split) : withBuild(c, split, runtime);
}

function nodeCase(s: Situation): NodeCase {
  const sites = s.reading.runs.flatMap((run) => installsOf(s.reading, run, s.subject).filter((i) => i.manager.ecosystem === 'node').map((install) => ({ run, install })));
  const site = sites.find((x) => x.install.cwd === s.workdir) ?? sites[0];
  if (!site) return refuse('no-gain', 'Splitting would not remove anything from the final image: no dependencies are installed', s.run.at);
  if (site.install.cwd !== s.workdir || sites.length > 1) refuse('workspace-layout-unknown', 'Dependencies are installed in more than one directory, or not in the working directory', site.run.instruction.start);
  const dir = site.install.dir ?? '';
  const project = s.subject.project.node(dir);
  if (!project || site.install.dir === undefined) return refuse('manifest-missing', 'package.json of the installed dependencies is not in the build context', site.run.instruction.start);
  const builds = s.reading.runs.flatMap((run) => run.parts.filter((part) => part.kind === 'build' || part.kind === 'run' || part.kind === 'compile' || (part.manager?.ecosystem === 'node' && part.kind === 'other' && part.name === 'npx')).map((part) => ({ run, part })));
  return { ...s, install: site.install, installRun: site.run, project, dir, builds, deps: production(project, site.install.part.command, s.run, s.reading.before(site.run.instruction)) };
}

function refuseUnsupported(c: NodeCase): void {
  const { manager } = c.install;
  const lock = c.project.lockfiles[0];
  if (lock && !c.project.lockfiles.some((l) => l.manager === manager.id)) refuse('pm-lock-mismatch', `RUN uses ${manager.id} but the lock file is ${lock.path}`, c.installRun.instruction.start);
  if (c.project.linker === 'pnp') refuse('pnp-global-cache', '.pnp.cjs points outside the project, into the package cache', c.installRun.instruction.start, { allow: 'Set nodeLinker: node-modules in .yarnrc.yml.' });
  if (manager.id !== 'npm') refuse('package-manager-unsupported', `Splitting is proven for npm; this file installs with ${manager.id}`, c.installRun.instruction.start);
  if (c.project.workspaces) refuse('workspace-layout-unknown', 'package.json declares workspaces; which of them the container needs is unknown', c.installRun.instruction.start);
  if (c.project.bindingGyp) refuse('native-custom-build', 'binding.gyp at the project root: the addon is built from sources', c.installRun.instruction.start);
  const needs = c.project.systemNeeds().find((n) => n.skip !== undefined);
  if (needs?.skip) refuse(needs.skip, `${needs.package} needs a browser and its libraries`, c.installRun.instruction.start, { evidence: [needs.evidence] });
  const spawn = c.project.hits().find((h) => h.kind === 'spawn' && h.literal === undefined);
  if (spawn && c.subject.options.level !== 'max') refuse('dynamic-subprocess', `${spawn.file}:${spawn.line} starts a program whose name is computed`, c.run.at, { evidence: [{ file: spawn.file, line: spawn.line, says: spawn.text }], allow: 'Run with --level max if the program is one that node itself has.' });
}

function packagesFor(c: NodeCase, runtime: NodeRuntime): string[] {
  const spawned = c.project.hits().flatMap((h) => (h.kind === 'spawn' && h.literal !== undefined ? [{ program: h.literal, evidence: { file: h.file, line: h.line, says: h.text } }] : []));
  const provided = (name: string): boolean => {
    if (runtime.image === c.reading.base.image.raw || (!runtime.shell && name === 'node')) return true;
    const bin = c.project.bin(name);
    return (runtime.shell && ('value' in bin ? bin.value !== undefined : false)) || c.apt.both.includes(name);
  };
  const programs = neededPrograms([...c.run.needs, ...c.runs.programs, ...spawned], runtime.tools, provided);
  const missing = programs.missing[0];
  if (missing) refuse('runtime-command-unknown', `Program \`${missing.program}\` is used at run time; its package is unknown`, c.run.at, { evidence: [missing.evidence] });
  const system = c.project.systemNeeds().flatMap((n) => n.debian);
  return [...new Set([...c.apt.both, ...c.apt.libraries, ...programs.packages, ...system])];
}

/** Nothing is built: the dependencies come from the builder, the sources from the context. */
function withoutBuild(c: NodeCase, split: Split): Split {
  if (c.deps.strategy === 'as-is' && !nativeInstall(c)) refuse('no-gain', 'Splitting would not remove anything from the final image: only production dependencies are installed', c.run.at);
  const later = c.reading.copies.filter((copy) => copy.fromContext && copy.instruction.index > c.installRun.instruction.index);
  const modules = `${c.workdir}/node_modules`;
  const hidden = c.subject.project.ignore.ignores([c.dir, 'node_modules'].filter(Boolean).join('/'));
  if (later.length === 0 || !hidden || c.runs.changesApp) return wholeApplication(c, split);
  const { edits, tail } = productionEdits(c);
  const manifest = c.reading.copies.filter((copy) => copy.fromContext && copy.instruction.index < c.installRun.instruction.index && !copy.broad);
  const covered = manifest.every((copy) => copy.sources.every((source) => source.files.every((file) => later.some((l) => landingOf([l], file) === landingOf([copy], file)))));
  return {
    ...split,
    builderEdits: edits,
    builderTail: tail,
    moved: new Set(later.map((copy) => copy.instruction.index)),
    repeated: covered ? new Set() : new Set(manifest.map((copy) => copy.instruction.index)),
    artefacts: [fromBuilder(c.builder, modules, c.workdir, c.owner)],
    why: `the image needs ${c.deps.strategy === 'keep-all' ? 'its dependencies' : 'only the production dependencies'} and the sources; npm's caches and build tools stay in the build stage`,
  };
}
const nativeInstall = (c: NodeCase): boolean => {
  const packages = c.project.installScriptPackages();
  return 'value' in packages && packages.value.length > 0;
};

/** Production dependencies alone: the install itself where nothing is built, `npm prune` behind the build otherwise. */
function productionEdits(c: NodeCase): { edits: Split['builderEdits']; tail: Piece[][] } {
  if (c.deps.strategy !== 'omit' && c.deps.strategy !== 'prune') return { edits: [], tail: [] };
  if (c.builds.length === 0 && c.deps.strategy === 'omit') return { edits: [{ start: c.install.part.command.end, end: c.install.part.command.end, text: [' --omit=dev'] }], tail: [] };
  return { edits: [], tail: [['RUN npm prune --omit=dev']] };
}

function withBuild(c: NodeCase, split: Split, runtime: NodeRuntime): Split {
  const outputs = outputsOf(c);
  const files = outputs && runtimeFiles(c.subject.project, { dir: c.dir, language: 'node', outputs, hits: c.project.hits() });
  const made = outputs?.map((path) => resolvePath(c.workdir, relativeTo(path, c.dir)) ?? path) ?? [];
  const entry = c.run.imagePath;
  const fromOutput = entry !== undefined && made.some((dir) => inside(entry, dir));
  const selective = files !== undefined && fromOutput && files.unknown.length === 0 && files.dynamic.length === 0 && files.assets.every((path) => landingOf(c.reading.copies, path) !== undefined);
  if (!selective) return wholeApplication(c, split, files);
  return selectiveCopies(c, split, { runtime, files, made });
}
const relativeTo = (path: string, dir: string): string => (dir === '' ? path : path.substring(dir.length + 1));

/** What the build scripts write, as context paths; undefined when one of them cannot be told. */
function outputsOf(c: NodeCase): string[] | undefined {
  const all: string[] = [];
  for (const { part } of c.builds) {
    const script = part.command.words.map((w) => w.value).filter((w): w is string => w !== undefined && !w.startsWith('-') && w !== 'run' && w !== 'run-script')[1];
    const outputs = script === undefined ? undefined : c.project.outputs(script);
    if (!outputs || 'unknown' in outputs) return undefined;
    all.push(...outputs.value.map((o) => [c.dir, o].filter(Boolean).join('/')));
  }
  return all.length > 0 ? all : undefined;
}

/** The whole application directory, development dependencies pruned. */
function wholeApplication(c: NodeCase, split: Split, files?: RuntimeFiles): Split {
  if (c.workdir === '/') refuse('entry-not-in-output', 'The application lies in /, which cannot be copied as a whole', c.run.at);
  const tail: Piece[][] = c.deps.strategy === 'omit' || c.deps.strategy === 'prune' ? [['RUN npm prune --omit=dev']] : [];
  const doubt = files?.dynamic[0] ?? (files?.unknown[0] === undefined ? undefined : { file: files.unknown[0], says: 'its use at run time cannot be told' });
  return {
    ...split,
    builderTail: tail,
    artefacts: [fromBuilder(c.builder, c.workdir, c.workdir, c.owner)],
    why: `the image needs the application${tail.length > 0 ? ' and its production dependencies' : ''}; compilers, caches and development dependencies stay in the build stage`,
    evidence: doubt ? [...split.evidence, doubt] : split.evidence,
  };
}

/** package.json, production dependencies, the files read at run time, the output. */
function selectiveCopies(c: NodeCase, split: Split, { runtime, files, made }: { runtime: NodeRuntime; files: RuntimeFiles; made: string[] }): Split {
  const at = (name: string): string => [c.dir, name].filter(Boolean).join('/');
  const lock = c.project.lockfiles.find((l) => l.manager === 'npm')?.path;
  const artefacts: Piece[][] = [];
  const tail: Piece[][] = [];
  const install = c.install.part.command;
  if (c.deps.strategy === 'omit' && lock !== undefined && runtime.shell && c.owner.length === 0) {
    artefacts.push([copyText([], [...new Set([at('package.json'), lock, ...extraManifests(c)])], './')]);
    artefacts.push(['RUN ', { start: install.start, end: install.end }, ' --omit=dev']);
  } else {
    if (c.deps.strategy === 'omit' || c.deps.strategy === 'prune') tail.push(['RUN npm prune --omit=dev']);
    artefacts.push([copyText(c.owner, [at('package.json')], './')]);
    artefacts.push(fromBuilder(c.builder, `${c.workdir}/node_modules`, c.workdir, c.owner));
  }
  for (const path of files.assets) {
    const landing = landingOf(c.reading.copies, path) ?? path;
    const relative = inside(landing, c.workdir) ? `./${landing.substring(c.workdir.length + 1)}` : landing;
    const directory = c.subject.project.tree.stat(path)?.kind === 'dir';
    artefacts.push([copyText(c.owner, [path], directory ? `${relative}/` : relative)]);
  }
  for (const path of made) artefacts.push(fromBuilder(c.builder, path, c.workdir, c.owner));
  const notes = files.envFile === undefined ? [] : [{ id: 'env-file-in-image', message: `${files.envFile} is read at run time and stays in the image; whoever has the image has what it holds` }];
  return {
    ...split,
    builderTail: tail,
    artefacts,
    notes: [...split.notes, ...notes],
    evidence: [...split.evidence, ...files.evidence],
    why: `the container runs ${c.run.file ?? c.run.imagePath ?? c.run.program}, which the build makes; compilers, sources and development dependencies stay in the build stage`,
  };
}
const extraManifests = (c: NodeCase): string[] => {
  const manifests = c.project.manifests('npm');
  return 'set' in manifests ? manifests.set.files : [];
};
