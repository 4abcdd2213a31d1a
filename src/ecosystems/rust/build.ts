// Room: ecosystems/rust. `cargo build` and `cargo install --path` on the command line.
import type { ShellCommand, Word } from '../../dockerfile/types.ts';

export interface CargoBuild {
  /** True for `--release` and for `cargo install` without `--debug`. */
  release: boolean;
  profile: string | undefined;
  bin: string | undefined;
  package: string | undefined;
  target: string | undefined;
  /** `cargo install --path X`. */
  installPath: string | undefined;
  /** `--root` of `cargo install`. */
  root: string | undefined;
  locked: boolean;
  features: string[];
  allFeatures: boolean;
  defaultFeatures: boolean;
  workspace: boolean;
  targetDir: string | undefined;
  manifestPath: string | undefined;
  /** `-Z`, `+toolchain`: e.g. 'nightly'. */
  toolchain: string | undefined;
  /** Literal assignments in front of the command. */
  env: Record<string, string>;
  /** Options whose value is computed (`--bin $NAME`), by name. */
  computed: string[];
  program: Word;
  verb: Word;
}

/** Source: `cargo help build`, `cargo help install`: options with a value. */
const withValue = new Set([
  '--profile',
  '--bin',
  '--package',
  '-p',
  '--target',
  '--target-dir',
  '--path',
  '--root',
  '--features',
  '-F',
  '--manifest-path',
  '--jobs',
  '-j',
  '--color',
  '--message-format',
  '--config',
  '-Z',
  '--example',
  '--test',
  '--bench',
  '--exclude',
  '--git',
  '--branch',
  '--tag',
  '--rev',
  '--version',
  '--vers',
  '--registry',
  '--index',
  '--lockfile-path',
  '--artifact-dir',
  '--out-dir',
  '-C',
  '--recipe-path',
]);

export interface CargoCommand {
  program: Word;
  toolchain: string | undefined;
  verb: Word | undefined;
  rest: Word[];
  env: Record<string, string>;
}
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A command of cargo, seen through `env A=b` in front and `+toolchain`; undefined when it is another program's. */
export function cargoCommand(command: ShellCommand): CargoCommand | undefined {
  const env: [string, string][] = command.assignments.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
  let words = command.words;
  if (words[0]?.value === 'env') {
    const start = words.findIndex((word, index) => index > 0 && !/^[A-Za-z_]\w*=/.test(word.raw));
    if (start < 0) return undefined;
    for (const { value } of words.slice(1, start))
      if (value !== undefined) env.push([value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]);
    words = words.slice(start);
  }
  const [program, ...rest] = words;
  if (!program || baseName(program.value ?? '') !== 'cargo') return undefined;
  const toolchain = rest[0]?.value?.startsWith('+') ? rest.shift()?.value?.slice(1) : undefined;
  while (rest[0]?.value?.startsWith('-') === true) if (withValue.has(rest.shift()?.value ?? '')) rest.shift();
  const [verb, ...others] = rest;
  return { program, toolchain, verb, rest: others, env: Object.fromEntries(env) };
}

/** What a `cargo build` (or `cargo install --path`) makes; undefined for every other command, `cargo install NAME` among them. */
export function cargoBuild(command: ShellCommand): CargoBuild | undefined {
  const found = cargoCommand(command);
  const verb = found?.verb?.value;
  if (!found?.verb || (verb !== 'build' && verb !== 'b' && verb !== 'install' && verb !== 'rustc')) return undefined;
  const options = readOptions(found.rest);
  const value = (...names: string[]): string | undefined => options.findLast((o) => names.includes(o.name))?.value;
  const on = (...names: string[]): boolean => options.some((o) => names.includes(o.name));
  const installs = verb === 'install';
  if (installs && !on('--path')) return undefined;
  const profile = value('--profile');
  return {
    release: installs ? !on('--debug') : on('--release', '-r') || profile === 'release',
    profile,
    bin: value('--bin'),
    package: value('--package', '-p'),
    target: value('--target'),
    installPath: installs ? value('--path') : undefined,
    root: value('--root'),
    locked: on('--locked', '--frozen'),
    features: options
      .flatMap((o) => (o.name === '--features' || o.name === '-F' ? (o.value ?? '').split(/[\s,]+/) : []))
      .filter((f) => f !== ''),
    allFeatures: on('--all-features'),
    defaultFeatures: !on('--no-default-features'),
    workspace: on('--workspace', '--all'),
    targetDir: value('--target-dir'),
    manifestPath: value('--manifest-path'),
    toolchain: found.toolchain,
    env: found.env,
    computed: options.flatMap((o) => (o.computed ? [o.name] : [])),
    program: found.program,
    verb: found.verb,
  };
}

interface Option {
  name: string;
  value: string | undefined;
  computed: boolean;
}
function readOptions(words: readonly Word[]): Option[] {
  const options: Option[] = [];
  for (let i = 0; i < words.length; i++) {
    const { raw, value: text } = words[i] as Word;
    const written = text ?? raw;
    if (written === '--') break;
    const equals = written.indexOf('=');
    if (written.startsWith('--') && equals > 0) {
      options.push({ name: written.slice(0, equals), value: text?.slice(equals + 1), computed: text === undefined });
    } else if (withValue.has(written)) {
      const next = words[++i];
      options.push({ name: written, value: next?.value, computed: next !== undefined && next.value === undefined });
    } else if (/^-[pjFZ]./.test(written)) options.push({ name: written.slice(0, 2), value: text?.slice(2), computed: text === undefined });
    else if (written.startsWith('-')) options.push({ name: written, value: undefined, computed: false });
  }
  return options;
}
