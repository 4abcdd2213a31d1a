// Room: ecosystems/node. multi-stage for Node: what the runtime stage gets: the whole application, or the output and what is read beside it.
import { givesAway } from '../../base/run-plan.ts';
import { runtimeGitUser } from '../../facts/git.ts';
import type { Piece } from '../../dockerfile/edits.ts';
import { copyText } from '../../dockerfile/write.ts';
import type { NodeRuntime } from './runtime-image.ts';
import { nodeLayout } from './layout.ts';
import { manifestChanged, manifestsRemoved, modeChanged, modulesChanged, unbrought } from './app-writes.ts';
import { relativeTo } from './served.ts';
import { inRoot } from './in-root.ts';
import { sourcesBehind } from './sources-behind.ts';
import { outputsOf } from './split-outputs.ts';
import { behindOf, inImage, modulesOf, ofFrontEnds, whyKept, type NodeCase, type Served } from './split-case.ts';
import { isRoot, type RunReading } from '../../facts/reading.ts';
import type { Evidence } from '../types.ts';
import { readsItsInstall } from './other-managers.ts';
import { productionEdits, pruneText, wordsFor } from './production-edits.ts';
import { preloadReads } from './runtime-development.ts';
import { inside, landingIn, landingOf, resolvePath } from '../../facts/copies.ts';
import { runFiles } from '../../runtime/run-files.ts';
import { wholeDirectories } from '../../runtime/whole-directories.ts';
import { runtimeFiles, type RuntimeFiles } from '../../runtime/files.ts';
import { namedByVariables } from '../../runtime/named-by-variables.ts';
import { behindTheBuild } from '../../base/behind-the-build.ts';
import { slimNeeds } from '../../base/slim-needs.ts';
import { isRefusal, refuse } from '../../refusal.ts';
import { nodeManagers } from './managers.ts';
import { nodeOnSlim } from './on-slim.ts';
import { fromBuilder, fromContext } from '../../../transforms/multi-stage/distribute.ts';
import { fileNotes } from '../../runtime/file-notes.ts';
import { leavesPackages, leavesTools, leftBehind, noGain } from '../../../transforms/multi-stage/gain.ts';
import type { Split } from '../../../transforms/multi-stage/split.ts';

/** Nothing is built: the dependencies come from the builder, the sources from the context. */
export function withoutBuild(c: NodeCase, split: Split, runtime: NodeRuntime): Split {
  if (c.deps.strategy === 'as-is' && !nativeInstall(c) && !leavesPackages(c))
    refuse('no-gain', 'Splitting would not remove anything from the final image: only production dependencies are installed', c.run.at);
  const later = c.reading.copies.filter((copy) => copy.fromContext && copy.instruction.index > c.installRun.instruction.index);
  const modules = modulesOf(c.workdir);
  const hidden = c.subject.project.ignore.ignores([c.dir, 'node_modules'].filter(Boolean).join('/'));
  const left = unbrought(c, []) ?? readsItsInstall(c);
  if (c.deps.strategy === 'keep-all' && slimAlone(c, runtime)) noGain(c, whyKept(c));
  if (later.length === 0 || !hidden || c.runs.changesApp || left || c.project.workspaces)
    return wholeApplication(c, split, runtime, { left });
  const { edits, tail } = productionEdits(c);
  const manifest = c.reading.copies.filter(
    (copy) => copy.fromContext && copy.instruction.index < c.installRun.instruction.index && !copy.broad,
  );
  const covered = manifest.every((copy) =>
    copy.sources.every((source) => source.files.every((file) => later.some((l) => landingIn(l, file) === landingIn(copy, file)))),
  );
  const indexes = new Set(later.map(({ instruction }) => instruction.index));
  const alone = behindTheBuild(c.reading, c.runs, { repeats: split.repeats, leaves: (index) => indexes.has(index), brought: [modules] });
  // what a RUN of the build stage may read stays above it
  const read = later.filter((copy) => c.reading.runs.some((run) => staysBehind(c, run, copy.instruction.index, alone)));
  return {
    ...split,
    builderEdits: edits,
    builderTail: tail,
    moved: new Set(later.filter((copy) => !read.includes(copy)).map((copy) => copy.instruction.index)),
    repeated: new Set([...(covered ? [] : manifest), ...read].map((copy) => copy.instruction.index)),
    alone,
    artefacts: [fromBuilder(c.builder, modules, c.workdir, c.owner)],
    why: `the image needs ${c.deps.strategy === 'keep-all' ? 'its dependencies' : 'only the production dependencies'} and the sources; ${c.install.manager.id}'s caches and build tools stay in the build stage`,
  };
}
/** A RUN behind an instruction that the build stage keeps for itself. */
const staysBehind = ({ runs }: NodeCase, { instruction }: RunReading, index: number, alone: ReadonlySet<number>): boolean =>
  instruction.index > index &&
  !alone.has(instruction.index) &&
  runs.kept.get(instruction.index)?.whole !== true &&
  !givesAway(runs.owner, instruction.index);
/** A package may compile when it is installed, so that the slim image, which has no compiler, cannot install: two stages can. */
const nativeInstall = (c: NodeCase): boolean => {
  const packages = c.project.installScriptPackages();
  return 'unknown' in packages || packages.value.length > 0;
};

export function withBuild(c: NodeCase, split: Split, runtime: NodeRuntime): Split {
  if (c.served) return servedCopies(c, split, { runtime, served: c.served });
  if (c.project.workspaces || c.app !== c.workdir) return wholeApplication(c, split, runtime, { left: undefined });
  const outputs = outputsOf(c);
  const files =
    outputs &&
    runtimeFiles(c.subject.project, {
      dir: c.dir,
      layout: nodeLayout,
      outputs: [...outputs, ...c.frontEnds.map(({ dir }) => dir)],
      hits: c.project.hits(),
      inImage: (path) => inImage(c, path),
      variables: namedByVariables(c.subject, c.reading, c.workdir),
    });
  const made = outputs?.map((path) => resolvePath(c.workdir, relativeTo(path, c.dir)) ?? path) ?? [];
  const entry = c.run.imagePath;
  const fromOutput = entry !== undefined && made.some((dir) => inside(entry, dir));
  const left =
    unbrought(c, [...made, ...c.frontEnds.map(({ place }) => place)]) ??
    repositoryRead(c) ??
    readsItsInstall(c) ??
    preloadReads({ project: c.project, tree: c.subject.project.tree, run: c.run, end: c.reading.end });
  const listed = files !== undefined && files.unknown.length === 0 && files.dynamic.length === 0;
  const behind = readsApplication(c, made);
  if (!listed || !fromOutput || left || behind)
    return wholeApplication(c, split, runtime, {
      files,
      left,
      sources: fromOutput && !left && !behind && files ? sourcesBehind(c, files) : [],
    });
  return selectiveCopies(c, split, {
    runtime,
    files,
    made: [...made, ...c.frontEnds.flatMap((one) => (inside(one.place, c.app) ? (one.made ?? []) : []))],
  });
}
/** The program asks git about the repository that the image has. */
const repositoryRead = ({ subject, reading }: NodeCase): Evidence | undefined =>
  subject.project.ignore.ignores('.git') || landingOf(reading.copies, '.git') === undefined ? undefined : runtimeGitUser(subject)?.evidence;

/** A command beside the program reads the sources, or what cannot be told. */
function readsApplication({ run, workdir }: NodeCase, made: readonly string[]): boolean {
  const { known, unknown } = run.besides;
  return (
    run.others.length > 0 ||
    unknown !== undefined ||
    known.some(({ path, below }) => below && inside(workdir, path) && !made.some((dir) => inside(path, dir)))
  );
}

/** What a server of files hands out, and the server where it is a package of the project. */
function servedCopies(c: NodeCase, split: Split, { runtime, served }: { runtime: NodeRuntime; served: Served }): Split {
  const none: RuntimeFiles = { assets: [], named: [], unknown: [], dynamic: [], evidence: [], envFile: undefined };
  const why = `the container hands out ${served.dirs.join(', ')}, which the build makes; ${leftBehind(c, split.runtimeImage, 'sources', ...(served.modules ? [] : ['packages']))} stay in the build stage`;
  if (served.modules) return { ...selectiveCopies(c, split, { runtime, files: none, made: served.dirs }), why };
  const dirs = served.dirs.map((path) => fromBuilder(c.builder, path, c.workdir, c.owner));
  return { ...split, artefacts: [...(served.manifest ? [manifestText(c)] : []), ...dirs], why };
}

/** package.json, as the image has it when it is built. */
const manifestText = (c: NodeCase): Piece[] =>
  manifestChanged(c)
    ? fromBuilder(c.builder, `${c.workdir}/package.json`, c.workdir, c.owner)
    : [copyText(c.owner, [[c.dir, 'package.json'].filter(Boolean).join('/')], './')];

/** The whole application directory, development dependencies pruned. */
export function wholeApplication(
  c: NodeCase,
  split: Split,
  runtime: NodeRuntime,
  found: { files?: RuntimeFiles | undefined; left?: Evidence | undefined; sources?: readonly string[] },
): Split {
  const { files, left, sources = [] } = found;
  const { frontEnds } = c;
  const pruned = c.deps.strategy === 'omit' || c.deps.strategy === 'prune';
  const behind = [...sources, ...frontEnds.flatMap((one) => behindOf(c, one))];
  const removes = behind.length === 0 ? [] : [`rm -rf ${behind.join(' ')}`];
  const tail: Piece[][] = pruned
    ? [[...pruneText(c), ...removes.map((text) => ` \\\n && ${text}`)]]
    : removes.map((text) => [`RUN ${text}`]);
  if (!pruned && frontEnds.length === 0 && slimAlone(c, runtime)) noGain(c, whyKept(c));
  if (c.app === '/') return inRoot(c, split);
  const doubt =
    left ??
    files?.dynamic[0] ??
    (files?.unknown[0] === undefined
      ? undefined
      : { file: files.unknown[0], says: `its use at run time cannot be told, so all of ${c.workdir} comes along` });
  return {
    ...split,
    builderTail: tail,
    artefacts: [fromBuilder(c.builder, c.app, c.app === c.workdir ? c.workdir : undefined, c.owner)],
    why: `the image needs the ${c.project.workspaces ? 'workspace' : 'application'}${pruned ? ' and its production dependencies' : ''}; ${leftBehind(c, split.runtimeImage, ...(sources.length > 0 ? ['sources'] : []), ...ofFrontEnds(c), 'caches', ...(pruned ? ['development dependencies'] : []))} stay in the build stage`,
    evidence: doubt ? [...split.evidence, doubt] : split.evidence,
  };
}

/** Nothing would stay behind but the full image, and all that the build does works on the slim one. */
function slimAlone(c: NodeCase, runtime: NodeRuntime): boolean {
  if (runtime.tools.variant !== 'slim' || c.deps.strategy === 'pruned' || leavesPackages(c) || leavesTools(c)) return false;
  return !isRefusal(slimNeeds(c.subject, [{ managers: nodeManagers, onSlim: nodeOnSlim }]));
}

/** A stage of its own for the production dependencies, beside the build: it is kept when only sources change. */
function dependencyStage(c: NodeCase, production: Piece[][]): Piece[][] {
  const { from, instructions } = { from: c.reading.stage.from, instructions: c.reading.stage.instructions };
  const settings = instructions.filter(
    (i) => i.index < c.installRun.instruction.index && ['ARG', 'ENV', 'WORKDIR', 'SHELL'].includes(i.keyword),
  );
  const head: Piece[] = [
    { start: from.start, end: from.image.span.end },
    from.keywordRaw === 'from' ? ` as ${c.dependencies}` : ` AS ${c.dependencies}`,
  ];
  return [head, ...settings.map((i): Piece[] => [{ start: i.start, end: i.end }]), ...production];
}

/** Root stands above the copies of the last stage, where it installs: a USER is written behind the last work. */
const byRoot = ({ reading }: NodeCase): boolean => {
  const work = reading.stage.instructions.findLast(({ keyword }) => ['RUN', 'COPY', 'ADD'].includes(keyword));
  return work === undefined || 'unknown' in reading.before(work).user || isRoot(reading.before(work));
};

/** package.json, production dependencies, the files read at run time, the output. */
function selectiveCopies(
  c: NodeCase,
  split: Split,
  { runtime, files, made }: { runtime: NodeRuntime; files: RuntimeFiles; made: string[] },
): Split {
  const at = (name: string): string => [c.dir, name].filter(Boolean).join('/');
  const lock = c.project.lockfiles.find((l) => l.manager === 'npm')?.path;
  const artefacts: Piece[][] = [];
  const tail: Piece[][] = [];
  const install = c.install.part.command;
  const stages: Piece[][] = [];
  const exact =
    c.deps.strategy === 'omit' &&
    lock !== undefined &&
    c.owner.length === 0 &&
    byRoot(c) &&
    repeatable(c) &&
    !modulesChanged(c) &&
    !manifestsRemoved(c, [lock, ...extraManifests(c)]);
  const manifest = manifestText(c);
  const production: Piece[][] = exact
    ? [
        [copyText([], [...new Set([at('package.json'), lock, ...extraManifests(c)])], './')],
        ['RUN ', { start: install.start, end: install.end }, ` ${wordsFor(c).install}`],
      ]
    : [];
  if (exact && runtime.shell) artefacts.push(...production);
  else if (exact) {
    stages.push(...dependencyStage(c, production));
    artefacts.push(manifest);
    artefacts.push(fromBuilder(c.dependencies, modulesOf(c.workdir), c.workdir, c.owner));
  } else {
    if (c.deps.strategy === 'omit' || c.deps.strategy === 'prune') tail.push(pruneText(c));
    artefacts.push(manifest);
    artefacts.push(fromBuilder(c.builder, modulesOf(c.workdir), c.workdir, c.owner));
  }
  const assets = wholeDirectories({ project: c.subject.project, copies: c.reading.copies, layout: nodeLayout, dir: c.dir }, files.assets);
  const covered = [
    ...made,
    modulesOf(c.workdir),
    `${c.workdir}/package.json`,
    ...assets.flatMap((path) => landingOf(c.reading.copies, path) ?? []),
  ];
  const modes = modeChanged(c);
  // a source that reads its version from package.json has it already
  const brought = new Set([at('package.json'), ...(exact && runtime.shell ? [lock] : [])]);
  for (const path of assets) if (!brought.has(path)) artefacts.push(...withModes(c, path, modes));
  for (const path of runFiles(c.subject, c.run, covered)) artefacts.push(fromBuilder(c.builder, path, c.workdir, c.owner));
  for (const path of made) artefacts.push(fromBuilder(c.builder, path, c.workdir, c.owner));
  const notes = fileNotes(c.subject, files);
  return {
    ...split,
    builderTail: tail,
    stages,
    artefacts,
    notes: [...split.notes, ...notes],
    evidence: [...split.evidence, ...files.evidence],
    why: `the container runs ${c.run.file ?? c.run.imagePath ?? c.run.program}, which the build makes; ${leftBehind(c, split.runtimeImage, 'sources', ...ofFrontEnds(c), ...(c.deps.strategy === 'keep-all' ? [] : ['development dependencies']))} stay in the build stage`,
  };
}
/** Files of the context; those whose mode the build changes come from there. */
function withModes(c: NodeCase, asset: string, modes: readonly string[]): Piece[][] {
  const place = landingOf(c.reading.copies, asset);
  if (place === undefined) return fromContext(c.subject, asset, c);
  if (modes.some((path) => inside(place, path))) return [fromBuilder(c.builder, place, c.workdir, c.owner)];
  const own = [...new Set(modes.filter((path) => inside(path, place)))].sort();
  return [...fromContext(c.subject, asset, c), ...own.map((path) => fromBuilder(c.builder, path, c.workdir, c.owner))];
}

/** Options of an install that name no file and no account. Source: docs.npmjs.com/cli/v11/using-npm/config */
const PLAIN_OPTION =
  /^(?:ci|clean-install|--(?:no-)?(?:audit|fund|progress|update-notifier|optional|save|bin-links|color)(?:=\w+)?|--(?:legacy-peer-deps|force|ignore-scripts|prefer-offline|silent|quiet|verbose|production|unsafe-perm)(?:=\w+)?|-[sqdfd]|--(?:loglevel|fetch-\w+|maxsockets|network-timeout)(?:=\w+)?|\w+|--(?:omit|include|only)=\w+)$/;

/** Why a second install elsewhere may not find what the first one found: it needs more than the manifests and the registry. */
function repeatable(c: NodeCase): boolean {
  const { instruction } = c.installRun;
  const above = c.reading.runs.filter((r) => r.instruction.index <= instruction.index);
  const settings = above.some((r) =>
    r.parts.some(
      ({ command }) =>
        command.words.some((w) => w.value === 'config' || w.raw.includes('.npmrc')) ||
        command.redirects.some((r) => r.target?.raw.includes('.npmrc')),
    ),
  );
  const args = c.reading.stage.instructions.some(
    (i) => i.keyword === 'ARG' && i.pairs.some((p) => p.name.toLowerCase().startsWith('npm_config_')),
  );
  const npmrc = extraManifests(c).some((path) => {
    const text = textOf(c, path);
    return path.endsWith('.npmrc') && (text.includes('${') || /^\s*(?:ca|cafile|cert\w*|key\w*|globalconfig|userconfig)\s*=/m.test(text));
  });
  const ownNpm = c.reading.runs.some((r) => r.parts.some((p) => p.manager?.globals?.(p.command).includes('npm') === true));
  const shell = c.installRun.parts
    .slice(0, c.installRun.parts.indexOf(c.install.part))
    .some((p) => p.effects.does.kind === 'state' && !['cd', 'set'].includes(p.name));
  const plain = c.install.part.command.words.slice(1).every((word) => PLAIN_OPTION.test(word.value ?? ''));
  return (
    !settings &&
    !args &&
    !npmrc &&
    !ownNpm &&
    !shell &&
    plain &&
    !certificates(c) &&
    !elsewhere(c) &&
    instruction.mounts.every((m) => m.type === 'cache')
  );
}
/** A certificate of the file's own, which the last stage may not have where it installs. Sources: nodejs.org/api/cli.html; openssl-env(7); npm docs, cafile */
const certificates = ({ reading, installRun }: NodeCase): boolean =>
  [...reading.before(installRun.instruction).env.keys()].some((name) =>
    /^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|npm_config_(?:ca|cafile|cert|key|userconfig|globalconfig|prefix))$/i.test(name),
  );
/** The lock takes packages from elsewhere than a registry: git, ssh, a file. Source: docs.npmjs.com/cli/v11/configuring-npm/package-lock-json, resolved */
const elsewhere = (c: NodeCase): boolean =>
  c.project.lockfiles.some(({ path }) => /"(?:resolved|version|from)":\s{0,5}"(?:git|ssh|github|file)\b[+:]/.test(textOf(c, path)));
const textOf = (c: NodeCase, path: string): string => {
  const read = c.subject.project.tree.read(path);
  return read.kind === 'text' ? read.text : '';
};
const extraManifests = (c: NodeCase): string[] => {
  const manifests = c.project.manifests('npm');
  return 'set' in manifests ? manifests.set.files : [];
};
