// Room: ecosystems/rust. `CMD ["cargo", "run"]` behind a RUN that builds the same: cargo finds nothing to build, and starts the program.
import { namesSet } from '../../dockerfile/state.ts';
import type { Piece } from '../../dockerfile/edits.ts';
import { inside, resolvePath } from '../../facts/copies.ts';
import type { Subject } from '../../facts/subject.ts';
import type { RunCommand } from '../../runtime/run-command.ts';
import { cargoBuild } from './build.ts';
import { rustReader } from './facts.ts';
import { contextDirectory } from '../../installs/sites.ts';
import type { RustProject } from './types.ts';

/** Variables that cargo sets for what it starts, where the program asks for them when it runs. Source: doc.rust-lang.org/cargo/reference/environment-variables.html */
const ASKS_CARGO = /\bvar(?:_os)?\s{0,9}\(\s{0,9}"(?:CARGO|OUT_DIR)/;

/**
 * What starts instead of `cargo run`: the program that a RUN above has built with the same profile, where nothing that it is made of changes
 * behind it and nothing is mounted over it. Undefined: cargo would build, or that cannot be told.
 */
export function builtBefore(subject: Subject, run: RunCommand): RunCommand | undefined {
  const asked = run.program === 'cargo' ? askedFor(run.args) : undefined;
  const { cmd, entrypoint, scripts, others, shellSyntax } = run;
  if (!asked || !cmd || entrypoint || scripts.length > 0 || others.length > 0 || shellSyntax) return undefined;
  const { final: reading } = subject;
  const last = reading.runs.at(-1);
  const part = last?.parts.at(-1);
  const build = part && cargoBuild(part.command);
  const cwd = part?.effects.before.cwd;
  if (!last || !part?.manager || !build || cwd === undefined || last.opaque !== undefined) return undefined;
  const { end, stage } = reading;
  if (
    !('value' in end.workdir) ||
    end.workdir.value !== cwd ||
    build.installPath !== undefined ||
    !sameBuild(part.command.words.length, build, asked.release)
  )
    return undefined;
  const behind = stage.instructions.filter((i) => i.index > last.instruction.index);
  const changed = behind.some((i) => ['COPY', 'ADD', 'WORKDIR', 'USER', 'SHELL'].includes(i.keyword)) || moved(behind);
  const mounted = subject.project
    .uses()
    .services.some(({ mounts }) =>
      mounts.map(({ target }) => target.replace(/(?<=.)\/$/, '')).some((at) => inside(at, cwd) || inside(cwd, at)),
    );
  if (changed || mounted || moved(stage.instructions, /^CARGO_(?:TARGET_DIR|BUILD_)/)) return undefined;
  const above = { copies: reading.copies, before: last.instruction.index, tree: subject.project.tree };
  const dir = contextDirectory(part.manager, cwd, above);
  const project = dir === undefined ? undefined : subject.project.read(rustReader, dir);
  const name = project && programOf(project, asked.bin);
  if (!project || name === undefined || project.targetDir !== undefined || project.buildTarget !== undefined) return undefined;
  if (project.sources().some((path) => asksCargo(subject, path))) return undefined;
  const program = `./target/${asked.release ? 'release' : 'debug'}/${name}`;
  return {
    ...run,
    program,
    args: asked.rest,
    imagePath: resolvePath(cwd, program),
    needs: run.needs.filter((need) => need.program !== 'cargo'),
    started: [],
  };
}

/** The new text of the command: the program by its path. */
export const startsBuilt = (run: RunCommand): Piece[] =>
  run.cmd
    ? [
        { start: run.cmd.leadStart, end: run.cmd.keywordSpan.end },
        ` [${[run.program, ...run.args].map((word) => JSON.stringify(word)).join(', ')}]`,
      ]
    : [];

interface Asked {
  release: boolean;
  bin: string | undefined;
  rest: string[];
}

/** `run`, with a profile and a name at most; what stands behind `--` is the program's. Source: doc.rust-lang.org/cargo/commands/cargo-run.html */
function askedFor([verb, ...words]: readonly string[]): Asked | undefined {
  if (verb !== 'run' && verb !== 'r') return undefined;
  const asked: Asked = { release: false, bin: undefined, rest: [] };
  for (let n = 0; n < words.length; n += 1) {
    const word = words[n] ?? '';
    if (word === '--') return { ...asked, rest: words.slice(n + 1) };
    if (word === '--release' || word === '-r') asked.release = true;
    else if (word === '--bin') asked.bin = words[(n += 1)];
    else if (word.startsWith('--bin=')) asked.bin = word.slice('--bin='.length);
    else if (!['-q', '--quiet', '--locked', '--offline', '--frozen'].includes(word)) return undefined;
  }
  return asked;
}

/** `cargo build` of the whole project, with nothing but the profile. */
function sameBuild(words: number, build: NonNullable<ReturnType<typeof cargoBuild>>, release: boolean): boolean {
  const plain =
    build.profile === undefined &&
    build.target === undefined &&
    build.targetDir === undefined &&
    build.manifestPath === undefined &&
    build.toolchain === undefined &&
    build.package === undefined &&
    build.bin === undefined &&
    build.features.length === 0 &&
    !build.allFeatures &&
    build.defaultFeatures &&
    build.computed.length === 0 &&
    Object.keys(build.env).length === 0;
  return plain && build.release === release && words <= (release ? 4 : 3);
}

/** A variable that moves or changes what cargo builds. */
const moved = (instructions: Subject['final']['stage']['instructions'], of = /^(?:CARGO|RUST)(?!_LOG$|_BACKTRACE$)/): boolean =>
  [...namesSet(instructions)].some((name) => of.test(name));

const programOf = ({ bins, defaultRun }: RustProject, asked: string | undefined): string | undefined => {
  const name = asked ?? defaultRun ?? (bins.length === 1 ? bins[0] : undefined);
  return name !== undefined && bins.includes(name) && /^[\w-]+$/.test(name) ? name : undefined;
};

function asksCargo({ project }: Subject, path: string): boolean {
  const read = project.tree.read(path);
  return read.kind !== 'text' || ASKS_CARGO.test(read.text);
}
