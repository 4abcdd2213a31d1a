// Room: ecosystems/rust. multi-stage for Rust: the release binary alone, on the smallest base that has its libraries (rule book §4.2.R).
import { rustLayout } from './layout.ts';
import { rustReader } from './facts.ts';
import { rustRuntime } from './runtime-image.ts';
import type { Edit, Piece } from '../../dockerfile/edits.ts';
import { copyText } from '../../dockerfile/write.ts';
import { cargoBuild } from './managers.ts';
import type { RustProject } from './types.ts';
import { isPlainName, landingOf, resolvePath } from '../../facts/copies.ts';
import type { RunPart, RunReading } from '../../facts/reading.ts';
import { execText } from '../../runtime/exec-form.ts';
import { contextDirectory } from '../../installs/sites.ts';
import { runtimeFiles, type RuntimeFiles } from '../../runtime/files.ts';
import { wholeDirectories } from '../../runtime/whole-directories.ts';
import { runFiles } from '../../runtime/run-files.ts';
import { refuse } from '../../refusal.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';
import { fileNotes, fromBuilder, fromContext, movedCopies } from '../../../transforms/multi-stage/distribute.ts';
import { emptySplit, type Split } from '../../../transforms/multi-stage/split.ts';

interface RustCase extends Situation {
  project: RustProject;
  build: { run: RunReading; part: RunPart; cwd: string };
  bin: string;
  /** Where cargo puts the binary, relative to the directory of the build. */
  made: string;
  /** Where the container finds it. */
  binary: string;
  files: RuntimeFiles;
  /** Context paths that the program reads, each once. */
  needed: string[];
  /** COPYs that move to the runtime stage. */
  moved: ReadonlySet<number>;
}

/** The split of a Rust image; refuses where a fact forbids it. */
export function splitRust(s: Situation): Split {
  const c = rustCase(s);
  const runtime = rustRuntime(c);
  const exec = runtime.shell ? undefined : execText(c.run, c.binary);
  if (exec === 'impossible') return refuse('scratch-needs-shell', 'The run command needs a shell', c.run.at);
  const rewritten = new Map<number, Piece[]>(exec ? [[exec.index, exec.text]] : []);
  const out = `/out/${c.bin}`;
  const installed = c.binary.startsWith('/usr/local/cargo/bin/');
  const source = installed ? c.binary : out;
  const target = installed ? `/usr/local/bin/${c.bin}` : c.binary;
  const { end } = c.build.part.command;
  const edits: Edit[] = [];
  if (!installed) edits.push({ start: end, end, text: [` \\\n && install -D ${c.made} ${out}`] });
  return {
    ...emptySplit(runtime.image),
    builderImage: runtime.builderImage,
    repeats: runtime.shell ? c.runs.repeats : new Map(),
    builderEdits: edits,
    moved: c.moved,
    artefacts: [...fileCopies(c), ...namedFiles(c), [copyText([`--from=${c.builder}`, ...c.owner], [source], target)]],
    workdir: c.workdir === '/' ? undefined : c.workdir,
    packages: runtime.packages,
    rewritten,
    buildEnv: cargoEnv(c),
    announces: { keywords: rewritten.size > 0 ? ['CMD', 'ENTRYPOINT'] : [], env: [...cargoEnv(c)] },
    notes: [...fileNotes(c.subject, c.files), ...runtime.notes],
    evidence: [...c.runEvidence, ...runtime.evidence],
    why: runtime.why,
  };
}

const cargoEnv = (c: RustCase): ReadonlySet<string> =>
  new Set(
    c.reading.stage.instructions.flatMap((i) =>
      i.keyword === 'ENV' ? i.pairs.map((p) => p.name).filter((n) => n.startsWith('CARGO_') || n === 'RUSTFLAGS') : [],
    ),
  );

function rustCase(s: Situation): RustCase {
  if (s.run.program === 'cargo')
    refuse('cargo-run', 'CMD uses cargo run', s.run.at, { allow: 'Build the program in a RUN and start the binary in CMD.' });
  const builds = s.reading.runs.flatMap((run) =>
    run.parts.filter((part) => part.manager?.id === 'cargo' && cargoBuild(part.command)).map((part) => ({ run, part })),
  );
  const build = builds[builds.length - 1];
  const state = build && s.reading.before(build.run.instruction);
  const cwd = state && 'value' in state.workdir ? state.workdir.value : undefined;
  if (!build || cwd === undefined || build.run.opaque !== undefined)
    return refuse('rust-bin-unknown', 'No `cargo build` that can be read in the file', s.run.at);
  if (build.run.parts.some((p) => p.name === 'cd'))
    refuse('rust-bin-unknown', 'cargo runs in another directory than the working directory', build.run.instruction.start);
  const dir = build.part.manager && contextDirectory(build.part.manager, cwd, { copies: s.reading.copies, tree: s.subject.project.tree });
  const project = dir === undefined ? undefined : s.subject.project.read(rustReader, dir);
  const read = cargoBuild(build.part.command);
  if (!project || !read)
    return refuse('rust-bin-unknown', 'Cargo.toml of the program is not in the build context', build.run.instruction.start);
  if (project.buildTarget?.startsWith('wasm') || read.target?.startsWith('wasm'))
    refuse('rust-wasm', 'Builds WebAssembly', build.run.instruction.start);
  const target = read.target ?? project.buildTarget;
  const profile = read.installPath !== undefined ? undefined : (read.profile ?? (read.release ? 'release' : 'debug'));
  const targetDir = project.targetDir ?? 'target';
  const folder = [targetDir, target, profile === 'dev' ? 'debug' : profile].filter(Boolean).join('/');
  const binary = s.run.imagePath ?? `/usr/local/cargo/bin/${s.run.program}`;
  const bin = project.bins.find(
    (name) => binary === (profile === undefined ? `/usr/local/cargo/bin/${name}` : resolvePath(cwd, `${folder}/${name}`)),
  );
  if (bin !== undefined && !isPlainName(bin))
    refuse('rust-bin-unknown', `The name of the binary (${bin}) cannot be written in a shell`, s.run.at);
  if (bin === undefined)
    return refuse('entry-not-in-output', `CMD runs ${binary}, which no build step is known to produce`, s.run.at, {
      evidence: [{ file: project.manifestPath, says: `binaries: ${project.bins.join(', ') || 'none found'}` }],
    });
  const files = runtimeFiles(s.subject.project, { dir: project.dir, layout: rustLayout, outputs: [], hits: project.hits() });
  const question = { project: s.subject.project, copies: s.reading.copies, layout: rustLayout, dir: project.dir };
  const needed = wholeDirectories(question, files.dynamic.length > 0 ? files.assets : files.named);
  const moved = movedCopies(s.reading, needed);
  return { ...s, project, build: { ...build, cwd }, bin, made: `${folder}/${bin}`, binary, files, needed, moved };
}

/** Files that the run command, its scripts or the health check name: from the builder, with the mode that a RUN gave them. */
function namedFiles(c: RustCase): Piece[][] {
  const copied = c.needed.flatMap((path) => landingOf(c.reading.copies, path) ?? []);
  return runFiles(c.subject, c.run, [c.binary, ...copied]).map((path) => fromBuilder(c.builder, path, c.workdir, c.owner));
}

/** Files that the program reads, from the context, each to the path where the original had it. */
function fileCopies(c: RustCase): Piece[][] {
  const { files } = c;
  if (files.dynamic.length > 0 && files.unknown.length > 0 && c.subject.options.level !== 'max') {
    const [first] = files.dynamic;
    if (first)
      refuse(
        'rc-unresolved',
        `${first.file}:${first.line ?? 1} reads a computed path, and what ${files.unknown[0]} is for cannot be told`,
        c.run.at,
        { evidence: [first] },
      );
  }
  // what no COPY of the original takes, the original image did not have either
  return c.needed.flatMap((path) => fromContext(c.subject, path, c));
}
