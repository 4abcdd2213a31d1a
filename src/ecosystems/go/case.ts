// Room: ecosystems/go. What a Go image is made of: the builds, the program that the container runs, and the files that it reads.
import { contextPath, inside, originAbove, resolvePath } from '../../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../../facts/reading.ts';
import { contextDirectory } from '../../installs/sites.ts';
import { isStandardDirectory } from '../../knowledge/directories.ts';
import { oncePer } from '../../once.ts';
import type { RuntimeFiles } from '../../runtime/files.ts';
import { programFiles } from '../../runtime/program-files.ts';
import { placeOfProgram, putsOnly } from '../../runtime/put-elsewhere.ts';
import { refuse } from '../../refusal.ts';
import { movedCopies } from '../../../transforms/multi-stage/distribute.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';
import { goBuild, tagsOf } from './build.ts';
import { goReader, looseReader } from './facts.ts';
import { goLayout } from './layout.ts';
import { outputsOf } from './outputs.ts';
import type { GoProject } from './types.ts';

export interface GoCase extends Situation {
  project: GoProject;
  /** The build of the program that the container runs. */
  build: { run: RunReading; part: RunPart };
  /** Image path of the binary that the container runs. */
  binary: string;
  /** Other programs that the file builds: somebody may start them. */
  others: string[];
  /** Programs that the file installs by name, and that the container starts. */
  tools: string[];
  /** Every build of the file. */
  builds: { run: RunReading; part: RunPart }[];
  files: RuntimeFiles;
  /** Context paths that the program reads, each once. */
  needed: string[];
  /** Image paths that RUNs made and the program reads. */
  made: string[];
  /** COPYs that move to the runtime stage. */
  moved: ReadonlySet<number>;
}

/** Reads the case; refuses where a fact of it is unknown. */
export function goCase(s: Situation): GoCase {
  const builds = s.reading.runs.flatMap((run) =>
    run.opened.filter((part) => part.manager?.id === 'go' && goBuild(part.command) && part.kind === 'build').map((part) => ({ run, part })),
  );
  if (s.run.program === 'go') refuse('go-run', 'CMD uses go run', s.run.at, { allow: 'Build the program in a RUN and start it in CMD.' });
  const atStart = s.run.started.some(({ effects }) => goBuild(effects.command) !== undefined);
  if (builds.length === 0 && atStart)
    return refuse('go-run', 'The program is built when the container starts', s.run.at, {
      allow: 'Build the program in a RUN and start it in CMD.',
    });
  if (builds.length === 0)
    return refuse('go-main-unknown', 'No `go build` in the file', s.run.at, { allow: 'Build the program in a RUN.' });
  const built = builds.map((b) => placed(s, b));
  const made = built.map((m) => ({ ...m, output: m.output?.map((path) => placeOfProgram(s.reading, path)) }));
  const programs = new Set(programPaths(s));
  const match = made.find((m) => m.output?.some((path) => programs.has(path)));
  const binary = match?.output?.find((path) => programs.has(path));
  if (!match || binary === undefined)
    return refuse('entry-not-in-output', `CMD runs ${s.run.program}, which no build step is known to produce`, s.run.at, {
      allow: 'Say where the program goes: go build -o /bin/NAME, and CMD ["/bin/NAME"].',
    });
  const vague = made.find((m) => m.output === undefined);
  if (vague)
    refuse(
      'multiple-artifacts',
      `Where the build at line ${vague.run.instruction.line} writes its binary cannot be told`,
      vague.run.instruction.start,
      {
        allow: 'Name its output: go build -o /bin/NAME.',
      },
    );
  const outputs = [...new Set(made.flatMap((m) => m.output ?? []))];
  const others = outputs.filter((path) => path !== binary);
  const { project, dir } = match;
  const puts = putsOnly(
    s.reading,
    built.flatMap(({ output }) => output ?? []),
  );
  const scoped = others.length > 0 ? project : scopedTo(project, dir, match.part);
  const found = programFiles({
    ...s,
    layout: goLayout,
    dirs: [...new Set([project.dir, dir])],
    hits: scoped.hits(),
    embedded: (path) => embedded(scoped, path),
    inMemory: (path) => scoped.inMemory(path),
    own: outputs,
    builds: (part) => (part.manager?.id === 'go' && (goBuild(part.command) !== undefined || part.kind !== 'build')) || puts(part),
  });
  const { unclear, files, needed } = found;
  if (unclear)
    refuse('opaque-run', unclear.says, unclear.run.instruction.start, {
      allow: unclear.allow ?? 'Write what it makes to a directory of its own, or embed it.',
    });
  return {
    ...s,
    runs: { ...s.runs, repeats: withoutDirectoriesOf(s, outputs) },
    project: scoped,
    build: { run: match.run, part: match.part },
    binary,
    others,
    tools: installedTools(s),
    builds,
    files,
    needed,
    made: found.made.filter((path) => !outputs.includes(path)),
    moved: movedCopies(s.reading, needed),
  };
}

interface Placed {
  run: RunReading;
  part: RunPart;
  project: GoProject;
  /** The context's directory that the build runs in. */
  dir: string;
  output: string[] | undefined;
}

/** A build with its module, and what it makes. */
function placed(s: Situation, build: { run: RunReading; part: RunPart }): Placed {
  const { cwd } = build.part.effects.before;
  const above = { copies: s.reading.copies, before: build.run.instruction.index, tree: s.subject.project.tree };
  const dir = build.part.manager && contextDirectory(build.part.manager, cwd, above, namedSources(build.part, cwd, above));
  const project = dir === undefined ? undefined : moduleOf(s, dir, withoutModule(s, build));
  const { line, start } = build.run.instruction;
  if (cwd === undefined || dir === undefined)
    return refuse('go-main-unknown', `The Go sources that line ${line} builds are not in the build context`, start);
  if (!project)
    return refuse('go-main-unknown', `There is no go.mod in the directory that line ${line} builds, nor above it`, start, {
      allow: 'Commit go.mod.',
    });
  return { ...build, project, dir, output: outputsOf(build.part, { cwd, dir, isDirectory: directoriesAt(s, build) }, project) };
}

interface Made {
  path: string;
  run: RunReading;
  part: RunPart;
}
/** Directories that the commands of a stage make. */
const madeDirectories = oncePer(({ runs }: StageReading): Made[] =>
  runs.flatMap((run) =>
    run.opened.flatMap((part) => {
      const { does, own } = part.effects;
      return does.kind === 'files' && does.makes === true ? own.known.map(({ path }) => ({ path, run, part })) : [];
    }),
  ),
);

/** What is a directory where a build runs: of the system, where it runs, what the context has, what a `mkdir` above it made. */
function directoriesAt({ subject, reading }: Situation, { run, part }: { run: RunReading; part: RunPart }): (path: string) => boolean {
  const { tree, ignore } = subject.project;
  const above = { copies: reading.copies, before: run.instruction.index, tree };
  const isAbove = (made: Made): boolean =>
    made.run === run ? run.opened.indexOf(made.part) < run.opened.indexOf(part) : made.run.instruction.index < run.instruction.index;
  const { cwd = '/' } = part.effects.before;
  return (path) => {
    if (isStandardDirectory(path) || inside(cwd, path)) return true;
    if (madeDirectories(reading).some((made) => inside(made.path, path) && isAbove(made))) return true;
    const origin = originAbove(above, path);
    return origin !== undefined && !ignore.ignores(origin) && tree.stat(origin)?.kind === 'dir';
  };
}

/** `go build main.go` where the file was copied by its name. */
function namedSources(
  part: RunPart,
  cwd: string | undefined,
  above: Parameters<typeof originAbove>[0],
): { written: string; origin: string | undefined }[] {
  return (goBuild(part.command)?.packages ?? [])
    .filter((word) => word.endsWith('.go'))
    .map((written) => {
      const path = resolvePath(cwd, written);
      return { written, origin: path === undefined ? undefined : originAbove(above, path) };
    });
}

/** The module that go finds upwards of a directory of the context; else the files of the directory alone. Source: https://go.dev/ref/mod#mod-commands. */
function moduleOf({ subject: { project } }: Situation, dir: string, loose: typeof looseReader | undefined): GoProject | undefined {
  for (let at = dir; ; at = contextPath(`${at}/..`)) {
    const found = project.read(goReader, at);
    if (found) return found;
    if (at === '') return loose && project.read(loose, dir);
  }
}

/** Go builds without go.mod what is named by files, what lies below GOPATH, and where a RUN makes the go.mod. Source: https://go.dev/ref/mod#mod-commands. */
function withoutModule({ reading }: Situation, { part }: { part: RunPart }): typeof looseReader | undefined {
  const build = goBuild(part.command);
  const below = part.effects.before.cwd?.includes('/src/') === true;
  return build?.packages.some((word) => word.endsWith('.go')) || below || initialised(reading) ? looseReader : undefined;
}

/** `go mod init` makes a module of a directory without one. */
const initialised = oncePer(({ runs }: StageReading): boolean =>
  runs.some(({ parts }) =>
    parts.some((p) => p.manager?.id === 'go' && p.command.words[1]?.value === 'mod' && p.command.words[2]?.value === 'init'),
  ),
);

/** The project as far as the program that is built goes: other commands of the module do not count. */
function scopedTo(project: GoProject, dir: string, part: RunPart): GoProject {
  const build = goBuild(part.command);
  const base = dir.slice(project.dir === '' ? 0 : project.dir.length + 1);
  const target = contextPath(`${base}/${build?.directory ?? '.'}/${build?.packages[0] ?? '.'}`);
  const main = target.endsWith('.go') ? contextPath(`${target}/..`) : target;
  if (!build || project.module === '' || !project.mains.includes(main)) return project;
  const scope = { mains: [main], tags: tagsOf(build) };
  return { ...project, cgo: () => project.cgo(scope), hits: () => project.hits(scope) };
}

const embedded = (project: GoProject, path: string): boolean =>
  path !== '' && project.embeds.some((e) => inside(path, contextPath(`${e.evidence.file}/../${e.pattern}`)));

/** Where the program of the run command may lie: its path, or its name in the directories of the image's PATH. */
function programPaths(s: Situation): string[] {
  if (s.run.imagePath !== undefined) return [s.run.imagePath];
  const { env } = s.reading.end;
  const path = env.get('PATH');
  const dirs = path && 'value' in path ? path.value.split(':') : [];
  return [...dirs, '/go/bin', '/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'].map(
    (dir) => `${dir}/${s.run.program}`,
  );
}

/** Programs of `go install NAME@VERSION` that the container starts beside its own. */
function installedTools(s: Situation): string[] {
  const names = s.reading.runs.flatMap((run) =>
    run.parts.flatMap((p) => (p.manager?.id === 'go' ? (p.manager.tools?.(p.command) ?? []) : [])),
  );
  return [...new Set(names)].filter((name) => s.run.needs.some((need) => need.program === name));
}

/** RUNs that only make the directory of a program: COPY makes it as well. */
function withoutDirectoriesOf({ reading, runs }: Situation, outputs: readonly string[]): Situation['runs']['repeats'] {
  const only = (run: RunReading): boolean =>
    run.parts.every(
      ({ effects, kind, manager }) =>
        kind === 'quiet' ||
        manager?.id === 'go' ||
        (effects.program === 'mkdir' &&
          effects.writes.unknown === undefined &&
          effects.writes.known.every(({ path }) => outputs.some((o) => o !== path && inside(o, path)))),
    );
  return new Map(
    [...runs.repeats].filter(
      ([index]) => !reading.runs.some((run) => run.instruction.index === index && run.opaque === undefined && only(run)),
    ),
  );
}
