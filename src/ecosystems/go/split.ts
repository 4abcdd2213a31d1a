// Room: ecosystems/go. multi-stage for Go: one static binary on scratch, or on the smallest image that has what the facts ask for (rule book §4.2.G).
import { goLayout } from './layout.ts';
import { goReader } from './facts.ts';
import { goRuntime } from './runtime-image.ts';
import type { Edit, Piece } from '../../dockerfile/edits.ts';
import { cgoForced, goBuild, stripFlags, tagsOf } from './managers.ts';
import type { GoProject } from './types.ts';
import { contextPath, inside, landingOf, resolvePath } from '../../facts/copies.ts';
import type { RunPart, RunReading } from '../../facts/reading.ts';
import { contextDirectory } from '../../installs/sites.ts';
import { runtimeFiles, type RuntimeFiles } from '../../runtime/files.ts';
import { wholeDirectories } from '../../runtime/whole-directories.ts';
import { execText } from '../../runtime/exec-form.ts';
import { runFiles } from '../../runtime/run-files.ts';
import { refuse, requireFact } from '../../refusal.ts';
import { fileNotes, fromBuilder, fromContext, movedCopies } from '../../../transforms/multi-stage/distribute.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';
import { emptySplit, type Split } from '../../../transforms/multi-stage/split.ts';

export interface GoCase extends Situation {
  project: GoProject;
  build: { run: RunReading; part: RunPart; cwd: string };
  /** Image path of the binary that the container runs. */
  binary: string;
  /** Other programs that the file builds: somebody may start them. */
  others: string[];
  /** Every build of the file. */
  builds: { run: RunReading; part: RunPart }[];
  files: RuntimeFiles;
  /** Context paths that the program reads, each once. */
  needed: string[];
  /** COPYs that move to the runtime stage. */
  moved: ReadonlySet<number>;
}

/** The split of a Go image; refuses where a fact forbids it. */
export function splitGo(s: Situation): Split {
  const c = goCase(s);
  const cgo = requireFact(s.subject, c.project.cgo(), {
    id: 'cgo-unknown',
    message: (why) => `cgo use cannot be decided (${why})`,
    at: c.build.part.command.start,
    assumed: true,
  });
  const runtime = goRuntime(c, cgo.value || buildsDynamic(c));
  const exec = runtime.shell ? undefined : execText(c.run, c.binary);
  if (exec === 'impossible') return refuse('scratch-needs-shell', 'The run command needs a shell', c.run.at);
  const rewritten = new Map<number, Piece[]>(exec ? [[exec.index, exec.text]] : []);
  const edits = runtime.static ? c.builds.flatMap((build) => staticEdits(c, build)) : [];
  const stripped = edits.map((e) =>
    e.text.join('').includes('CGO_ENABLED') ? 'CGO_ENABLED=0 makes it so' : '-s -w leaves the symbol tables out',
  );
  return {
    ...emptySplit(runtime.image),
    builderImage: runtime.builderImage,
    repeats: runtime.shell ? c.runs.repeats : new Map(),
    builderEdits: edits,
    moved: c.moved,
    artefacts: [
      ...fileCopies(c),
      ...namedFiles(c),
      ...[c.binary, ...c.others].map((path) => fromBuilder(c.builder, path, undefined, c.owner)),
    ],
    workdir: c.workdir === '/' ? undefined : c.workdir,
    packages: runtime.packages,
    rewritten,
    announces: { keywords: rewritten.size > 0 ? ['CMD', 'ENTRYPOINT'] : [], env: [...runtime.lostEnv] },
    buildEnv: runtime.lostEnv,
    notes: [...fileNotes(c.subject, c.files), ...runtime.notes, ...(cgo.note ? [cgo.note] : [])],
    evidence: [...c.runEvidence, ...runtime.evidence, ...cgo.evidence, ...c.files.evidence],
    why: `${runtime.why}${stripped.length > 0 ? `; ${stripped.join(', ')}` : ''}${rewritten.size > 0 ? '; without a shell and a PATH the command is written in exec form, with its path' : ''}`,
  };
}

function goCase(s: Situation): GoCase {
  const builds = s.reading.runs.flatMap((run) =>
    run.parts.filter((part) => part.manager?.id === 'go' && part.kind === 'build').map((part) => ({ run, part })),
  );
  if (s.run.program === 'go') refuse('go-run', 'CMD uses go run', s.run.at, { allow: 'Build the program in a RUN and start it in CMD.' });
  const [build] = builds;
  if (!build) return refuse('go-main-unknown', 'No `go build` in the file', s.run.at);
  const state = s.reading.before(build.run.instruction);
  const cwd = 'value' in state.workdir ? directoryOf(build.run, build.part, state.workdir.value) : undefined;
  const dir = build.part.manager && contextDirectory(build.part.manager, cwd, { copies: s.reading.copies, tree: s.subject.project.tree });
  const project = dir === undefined ? undefined : s.subject.project.read(goReader, dir);
  const above = dir === undefined || project ? undefined : moduleAbove(s, dir);
  if (above !== undefined)
    refuse(
      'go-module-above',
      `${above} stands above ${dir}, where the program is built: which files it reads relative to which of the two cannot be told`,
      build.run.instruction.start,
      { allow: 'Build in the directory of go.mod: WORKDIR there, and the package as an argument of go build.' },
    );
  if (cwd === undefined || !project)
    return refuse('go-main-unknown', 'go.mod of the program is not in the build context', build.run.instruction.start);
  const made = builds.map((b) => ({ ...b, output: outputOf(b.part, cwd, project) }));
  const match = made.find((m) => m.output !== undefined && programPaths(s).includes(m.output));
  const binary = match?.output;
  if (!match || binary === undefined)
    return refuse('entry-not-in-output', `CMD runs ${s.run.program}, which no build step is known to produce`, s.run.at);
  if (made.some((m) => m.output === undefined))
    refuse('multiple-artifacts', 'Where one of the builds writes its binary cannot be told', s.run.at);
  const others = [...new Set(made.flatMap((m) => (m.output === undefined || m.output === binary ? [] : [m.output])))];
  const scoped = others.length > 0 ? project : scopedTo(project, match.part);
  const files = runtimeFiles(s.subject.project, { dir: dir ?? '', layout: goLayout, outputs: [], hits: scoped.hits() });
  const needed = neededFiles(s, scoped, dir ?? '', files);
  const moved = movedCopies(s.reading, needed);
  return { ...s, project: scoped, build: { run: match.run, part: match.part, cwd }, binary, others, builds, files, needed, moved };
}

/** The go.mod that go finds upwards of a directory of the context. Source: https://go.dev/ref/mod#mod-commands, "main module". */
function moduleAbove({ subject: { project } }: Situation, dir: string): string | undefined {
  for (let at = contextPath(`${dir}/..`); ; at = contextPath(`${at}/..`)) {
    const found = project.read(goReader, at)?.modPath;
    if (found !== undefined || at === '') return found;
  }
}

/** The project as far as the program that is built goes: other commands of the module do not count. */
function scopedTo(project: GoProject, part: RunPart): GoProject {
  const build = goBuild(part.command);
  const target = contextPath(build?.packages[0] ?? '.');
  const main = target.endsWith('.go') ? contextPath(`${target}/..`) : target;
  if (!build || !project.mains.includes(main)) return project;
  const scope = { mains: [main], tags: tagsOf(build) };
  return { ...project, cgo: () => project.cgo(scope), hits: () => project.hits(scope) };
}

function directoryOf(run: RunReading, part: RunPart, workdir: string): string | undefined {
  let cwd: string | undefined = workdir;
  for (const other of run.parts) {
    if (other === part) return cwd;
    if (other.name === 'cd') cwd = other.command.words[1]?.value === undefined ? undefined : resolvePath(cwd, other.command.words[1].value);
  }
  return cwd;
}

/** Where `go build` writes: `-o`, or the last element of the package's or module's path. Source: `go help build`. */
function outputOf(part: RunPart, cwd: string, project: GoProject): string | undefined {
  const build = goBuild(part.command);
  if (!build) return undefined;
  const target = build.packages[0] ?? '.';
  const name = build.binaryName(project.module, target);
  if (build.install) return `/go/bin/${name}`;
  if (build.output === undefined) return build.outputWord ? undefined : resolvePath(cwd, name);
  return build.output.endsWith('/') || build.output === '.' ? resolvePath(cwd, `${build.output}/${name}`) : resolvePath(cwd, build.output);
}

/** Where the program of the run command may lie: its path, or its name in the directories of the image's PATH. */
function programPaths(s: Situation): string[] {
  if (s.run.imagePath !== undefined) return [s.run.imagePath];
  return ['/go/bin', '/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'].map((dir) => `${dir}/${s.run.program}`);
}

/** What the build line itself says for a dynamic binary: cgo switched on, plugins, the race detector. */
function buildsDynamic(c: GoCase): boolean {
  const build = goBuild(c.build.part.command);
  const state = c.reading.before(c.build.run.instruction);
  const env = Object.fromEntries([...state.env].map(([name, value]) => [name, 'value' in value ? value.value : undefined]));
  return build !== undefined && cgoForced(build, env) !== undefined;
}

/** `CGO_ENABLED=0` and `-ldflags='-s -w'` where the command does not say otherwise. Source: cmd/link, cmd/cgo. */
function staticEdits(c: GoCase, { run, part: { command } }: { run: RunReading; part: RunPart }): Edit[] {
  const build = goBuild(command);
  const state = c.reading.before(run.instruction);
  if (!build) return [];
  const edits: Edit[] = [];
  const set = build.env['CGO_ENABLED'] !== undefined || build.computedEnv.includes('CGO_ENABLED') || state.env.has('CGO_ENABLED');
  if (!set) edits.push({ start: command.start, end: command.start, text: ['CGO_ENABLED=0 '] });
  const strip = stripFlags(build);
  if (typeof strip === 'object') edits.push({ start: strip.start, end: strip.end, text: [strip.text] });
  return edits;
}

/** Files that the run command, its scripts or the health check name: from the builder, with the mode that a RUN gave them. */
function namedFiles(c: GoCase): Piece[][] {
  const copied = c.needed.flatMap((path) => landingOf(c.reading.copies, path) ?? []);
  return runFiles(c.subject, c.run, [c.binary, ...copied]).map((path) => fromBuilder(c.builder, path, c.workdir, c.owner));
}

/** Context paths that the program reads, each once. */
function neededFiles({ subject, reading }: Situation, project: GoProject, dir: string, files: RuntimeFiles): string[] {
  const embedded = (path: string): boolean => project.embeds.some((e) => inside(path, contextPath(`${e.evidence.file}/../${e.pattern}`)));
  const read = files.dynamic.length > 0 ? [...files.assets, ...files.unknown] : files.named.filter((path) => !embedded(path));
  return wholeDirectories({ project: subject.project, copies: reading.copies, layout: goLayout, dir }, read);
}

/** Files that the program reads, from the context, each to the path where the original had it. */
function fileCopies(c: GoCase): Piece[][] {
  // what no COPY of the original takes, the original image did not have either
  return c.needed.flatMap((path) => fromContext(c.subject, path, c));
}
