// Room: ecosystems/rust. multi-stage for Rust: the release binary alone, on the smallest base that has its libraries.
import { rustLayout } from './layout.ts';
import { rustReader } from './facts.ts';
import { startsBuilt } from './cargo-run.ts';
import { rustRuntime } from './runtime-image.ts';
import type { Edit, Piece } from '../../dockerfile/edits.ts';
import type { Span } from '../../dockerfile/types.ts';
import { namesSet } from '../../dockerfile/state.ts';
import { hitEvidence } from '../../facts/project.ts';
import { file, overlap } from '../../effects/places.ts';
import { copyText } from '../../dockerfile/write.ts';
import { cargoBuild } from './managers.ts';
import { OUT_DIR } from './build-paths.ts';
import type { RustProject } from './types.ts';
import { isPlainName, landingOf, resolvePath } from '../../facts/copies.ts';
import { isRoot, type RunPart, type RunReading } from '../../facts/reading.ts';
import { execText } from '../../runtime/exec-form.ts';
import { contextDirectory } from '../../installs/sites.ts';
import { spawnedPrograms } from '../../base/programs.ts';
import type { RuntimeFiles } from '../../runtime/files.ts';
import { programFiles } from '../../runtime/program-files.ts';
import { placeOfProgram, putsOnly } from '../../runtime/put-elsewhere.ts';
import { runCommand } from '../../runtime/run-command.ts';
import { runFiles } from '../../runtime/run-files.ts';
import { refuse } from '../../refusal.ts';
import { refuseRepository, type Situation } from '../../../transforms/multi-stage/situation.ts';
import { fromBuilder, fromContext, movedCopies } from '../../../transforms/multi-stage/distribute.ts';
import { fileNotes } from '../../runtime/file-notes.ts';
import { addedPath, emptySplit, type Split } from '../../../transforms/multi-stage/split.ts';

interface RustCase extends Situation {
  project: RustProject;
  build: { run: RunReading; part: RunPart; cwd: string };
  bin: string;
  /** Other programs of the build that the container starts. */
  others: { name: string; path: string; made: string | undefined }[];
  /** Where cargo puts the binary, as seen from the directory of the build; undefined: it stands at its place in the image already. */
  made: string | undefined;
  /** Where the container finds it. */
  binary: string;
  files: RuntimeFiles;
  /** Context paths that the program reads, each once. */
  needed: string[];
  /** Image paths that RUNs made and the program reads. */
  fromRuns: string[];
  /** COPYs that move to the runtime stage. */
  moved: ReadonlySet<number>;
}

/** The split of a Rust image; refuses where a fact forbids it. */
export function splitRust(s: Situation): Split {
  refuseRepository(s);
  const c = rustCase(s);
  const runtime = rustRuntime(c);
  const exec = runtime.shell ? undefined : execText(c.run, c.binary);
  if (exec === 'impossible') return refuse('scratch-needs-shell', 'The run command needs a shell', c.run.at);
  const rewritten = new Map<number, Piece[]>(exec ? [[exec.index, exec.text]] : []);
  // what cargo would have started
  if (s.run.cmd && asWritten(s.subject)?.program !== s.run.program) rewritten.set(s.run.cmd.index, startsBuilt(s.run));
  const out = `/out/${c.bin}`;
  const last = c.made === undefined ? undefined : lastChange(c);
  const source = last === undefined ? c.binary : out;
  // cargo's own directory is on no other image's PATH
  const target = c.run.imagePath === undefined && c.binary.startsWith('/usr/local/cargo/bin/') ? `/usr/local/bin/${c.bin}` : c.binary;
  const installed = [{ name: c.bin, made: c.made }, ...c.others.filter((one) => one.made !== undefined)];
  const others = c.others.map((one): Piece[] => [
    copyText([`--from=${c.builder}`, ...c.owner], [one.made === undefined || last === undefined ? one.path : `/out/${one.name}`], one.path),
  ]);
  const edits: Edit[] =
    last === undefined ? [] : [{ ...last, text: [...installed.map((one) => ` \\\n && install -D ${one.made} /out/${one.name}`)] }];
  return {
    ...emptySplit(runtime.image),
    builderImage: runtime.builderImage,
    repeats: runtime.shell ? c.runs.repeats : new Map(),
    builderEdits: edits,
    moved: c.moved,
    artefacts: [...fileCopies(c), ...namedFiles(c), [copyText([`--from=${c.builder}`, ...c.owner], [source], target)], ...others],
    workdir: c.workdir === '/' ? undefined : c.workdir,
    packages: runtime.packages,
    manager: runtime.manager,
    rewritten,
    buildEnv: cargoEnv(c),
    announces: { keywords: rewritten.size > 0 ? ['CMD', 'ENTRYPOINT'] : [], env: [...cargoEnv(c), ...addedPath(c.reading)] },
    notes: [...fileNotes(c.subject, c.files), ...runtime.notes],
    evidence: [...c.runEvidence, ...runtime.evidence],
    why: runtime.why,
  };
}

function asWritten(subject: Situation['subject']): Situation['run'] | undefined {
  const run = runCommand(subject);
  return 'value' in run ? run.value : undefined;
}

/** Behind the build, and behind what its RUN changes of the program (strip, upx, setcap); undefined: a later RUN changes it where it lies. */
function lastChange({ reading, build, binary }: RustCase): Span | undefined {
  const changed = reading.runs.flatMap((run) =>
    run.instruction.index < build.run.instruction.index
      ? []
      : run.opened
          .filter(({ manager, effects }) => manager === undefined && overlap(effects.writes, { known: [file(binary)] }))
          .map((part) => ({ run, part })),
  );
  const { run, part } = changed.at(-1) ?? build;
  const { end } = part.command;
  return run === build.run ? { start: end, end } : undefined;
}

const cargoEnv = (c: RustCase): ReadonlySet<string> =>
  new Set([...namesSet(c.reading.stage.instructions)].filter((name) => name.startsWith('CARGO_') || name === 'RUSTFLAGS'));

function rustCase(s: Situation): RustCase {
  if (s.run.program === 'cargo')
    refuse('cargo-run', 'CMD uses cargo run', s.run.at, { allow: 'Build the program in a RUN and start the binary in CMD.' });
  const builds = s.reading.runs.flatMap((run) =>
    run.opened.filter((part) => part.manager?.id === 'cargo' && cargoBuild(part.command)).map((part) => ({ run, part })),
  );
  const build = builds[builds.length - 1];
  const cwd = build?.part.effects.before.cwd;
  if (!build || cwd === undefined || build.run.opaque !== undefined)
    return refuse('rust-bin-unknown', 'No `cargo build` that can be read in the file', s.run.at, {
      allow: 'Write cargo build as a command of its own in a RUN.',
    });
  const above = { copies: s.reading.copies, before: build.run.instruction.index, tree: s.subject.project.tree };
  const dir = build.part.manager && contextDirectory(build.part.manager, cwd, above);
  const project = dir === undefined ? undefined : s.subject.project.read(rustReader, dir);
  const read = cargoBuild(build.part.command);
  if (!project || !read)
    return refuse('rust-bin-unknown', 'Cargo.toml of the program is not in the build context', build.run.instruction.start);
  if (project.buildTarget?.startsWith('wasm') || read.target?.startsWith('wasm'))
    refuse('rust-wasm', 'Builds WebAssembly', build.run.instruction.start);
  const target = read.target ?? project.buildTarget;
  const set = (name: string): string | undefined => {
    const found = read.env[name] === undefined ? build.part.effects.before.lookup(name) : { value: read.env[name] };
    return found && 'value' in found ? found.value : undefined;
  };
  const profile = read.installPath !== undefined ? undefined : (read.profile ?? (read.release ? 'release' : 'debug'));
  const targetDir = read.targetDir ?? set('CARGO_TARGET_DIR') ?? set('CARGO_BUILD_TARGET_DIR') ?? project.targetDir ?? 'target';
  const root = read.root ?? set('CARGO_INSTALL_ROOT') ?? '/usr/local/cargo';
  const folder =
    profile === undefined ? `${root}/bin` : [targetDir, target, profile === 'dev' ? 'debug' : profile].filter(Boolean).join('/');
  // another user makes no directory beside those of the system
  const inPlace = build.part.inside || !isRoot(s.reading.before(build.run.instruction));
  const made = project.bins.map((name) => {
    const path = resolvePath(cwd, `${folder}/${name}`) ?? name;
    const at = placeOfProgram(s.reading, path);
    return {
      name,
      built: path,
      path: at,
      made: profile === undefined || at !== path || inPlace ? undefined : `${folder}/${name}`,
    };
  });
  const match = made.find(({ path }) => (s.run.imagePath === undefined ? path.endsWith(`/${s.run.program}`) : path === s.run.imagePath));
  const bin = match?.name;
  if (bin !== undefined && !isPlainName(bin))
    refuse('rust-bin-unknown', `The name of the binary (${bin}) cannot be written in a shell`, s.run.at);
  if (match === undefined || bin === undefined)
    return refuse(
      'entry-not-in-output',
      `CMD runs ${s.run.imagePath ?? s.run.program}, which no build step is known to produce`,
      s.run.at,
      {
        allow: 'Start the binary where cargo or a RUN puts it, as in target/release/NAME.',
        evidence: [{ file: project.manifestPath, says: `binaries: ${project.bins.join(', ') || 'none found'}` }],
      },
    );
  const started = [...s.run.needs, ...spawnedPrograms(s.subject, project.hits())].map(({ program }) => program);
  const ofBuild = project.hits().find(({ literal }) => literal === OUT_DIR);
  if (ofBuild)
    refuse(
      'rust-out-dir',
      `The program reads files of its build script when it runs (${ofBuild.file}:${ofBuild.line}), which lie where cargo builds`,
      s.run.at,
      { evidence: [hitEvidence(ofBuild)] },
    );
  const puts = putsOnly(
    s.reading,
    made.map(({ built }) => built),
  );
  const found = programFiles({
    ...s,
    layout: rustLayout,
    dirs: [project.dir],
    hits: project.hits(),
    embedded: () => false,
    own: project.bins,
    builds: (part) => part.manager?.id === 'cargo' || puts(part),
  });
  const { unclear, files, needed } = found;
  if (unclear)
    refuse('opaque-run', unclear.says, unclear.run.instruction.start, {
      allow: unclear.allow ?? 'Write what it makes to a directory of its own.',
    });
  return {
    ...s,
    project,
    build: { ...build, cwd },
    bin,
    others: made.filter(
      (one) => one !== match && started.some((program) => program === one.name || resolvePath(s.workdir, program) === one.path),
    ),
    made: match.made,
    binary: match.path,
    files,
    needed,
    fromRuns: found.made.filter((path) => !made.some((one) => one.path === path)),
    moved: movedCopies(s.reading, needed),
  };
}

/** Files that the run command, its scripts or the health check name: from the builder, with the mode that a RUN gave them. */
function namedFiles(c: RustCase): Piece[][] {
  const copied = c.needed.flatMap((path) => landingOf(c.reading.copies, path) ?? []);
  const named = runFiles(c.subject, c.run, [c.binary, ...c.others.map(({ path }) => path), ...copied, ...c.fromRuns]);
  return [...c.fromRuns, ...named].map((path) => fromBuilder(c.builder, path, c.workdir, c.owner));
}

/** Files that the program reads, from the context, each to the path where the original had it. */
function fileCopies(c: RustCase): Piece[][] {
  // what no COPY of the original takes, the original image did not have either
  return c.needed.flatMap((path) => fromContext(c.subject, path, c));
}
