// Room: verify/. What is compared, how it is built and run, and what is said of it. One file for the whole room's shapes.
import type { Ran, RunOptions } from '../process/run.ts';
import type { Streamed } from '../process/stream.ts';
import type { Core } from '../checkout/types.ts';
import type { FileReport } from '../report/types.ts';
import type { ImageFacts } from '../image/types.ts';
import type { Options } from '../types.ts';

export type EngineName = 'docker' | 'podman' | 'nerdctl';
/** `before`: the Dockerfile as it was; `after`: rewritten. */
export type Side = 'before' | 'after';

// ---- what is asked for -----------------------------------------------------------------------------------------------------------

export interface VerifyOptions {
  /** Dockerfiles, or directories to search. */
  paths: readonly string[];
  /** Of what a search finds, only Dockerfiles whose path, relative to `cwd`, matches one of these patterns (those of an ignore file, without `!`). */
  wanted?: readonly string[];
  /** What relative paths start from; the process's by default. */
  cwd?: string;
  /** How the Dockerfiles are refactored, as for `refactor`. */
  refactor?: Partial<Options>;
  /** The build context; told by compose files and the layout by default. */
  context?: string;
  /** What is in the image of the one Dockerfile of these that it is of, as `observe` says it. */
  image?: ImageFacts;
  /** Where the ladder begins; `slim` by default. See src/verify/rungs.ts. */
  prove?: Prove;
  /** A git revision: what it has is `before`, what lies on the disk is `after`; nothing is refactored then, and nothing taken back. */
  since?: string;
  engine?: EngineName;
  build?: Partial<BuildSettings>;
  run?: Partial<RunPlan>;
  limits?: Partial<Limits>;
  /** `full` by default. */
  measure?: MeasureDepth;
  /** The source file that is edited to measure a rebuild, relative to the context; chosen by itself by default. */
  edit?: string;
  /** Images stay, for a closer look. */
  keep?: boolean;
  env?: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal;
  onProgress?: (event: ProgressEvent) => void;
  /** The library; another one in tests. */
  core?: Core;
}

/**
 * Where the ladder begins. `smallest`: at the smallest base, and unknowns are assumed where this verification would show it. `slim`: at the base that is
 * asked for. `same`: at a split on the original's own base.
 */
export type Prove = 'smallest' | 'slim' | 'same';

// ---- the engine ------------------------------------------------------------------------------------------------------------------

/** Why building or running is not possible, or did not end well; `kind` is stable, the message is for people. */
export type ProblemKind =
  | 'bad-input'
  | 'no-engine'
  | 'not-reachable'
  | 'no-buildkit'
  | 'no-space'
  | 'no-base-image'
  | 'rate-limited'
  | 'build-failed'
  | 'build-timeout'
  | 'never-answers'
  | 'interrupted'
  | 'engine-failed';
/** What would meet every Dockerfile alike, whatever stands in it. */
export const ofTheMachine: ReadonlySet<ProblemKind> = new Set(['no-engine', 'not-reachable', 'no-buildkit', 'no-space', 'rate-limited']);
export interface EngineProblem {
  kind: ProblemKind;
  message: string;
  /** What to do about it. */
  hint: string | undefined;
  /** The last lines of what the engine said. */
  log: string;
}
/** The one thing that is thrown inside this room; `verify` turns it into an outcome. */
export class EngineError extends Error {
  constructor(readonly problem: EngineProblem) {
    super(problem.message);
  }
}

/** A container engine's command line. */
export interface Engine {
  name: EngineName;
  /** `Docker 28.2.2` */
  version: string;
  /** Of the command line, without the engine's name: what flags it knows. */
  clientVersion: string;
  /** Runs `docker ARGS…` to its end; never throws. Without a signal in the options, that of `findEngine` aborts it. */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The trimmed standard output of `docker ARGS…`; throws an EngineError (`engine-failed`, `interrupted`, `no-space`, …) when it fails. */
  ask(args: readonly string[], options?: RunOptions): Promise<string>;
  /** Runs it with an output that is too large to be held. */
  stream(args: readonly string[], options: { signal: AbortSignal }): Streamed;
}

/** One run of verify: whatever it makes carries its label and lies in its directory, so that all of it can be found and removed. */
export interface Session {
  id: string;
  engine: Engine;
  /** A temporary directory of this run alone; removed at its end. */
  directory: string;
  /** `['--label', 'dockerfile-mod.verify=ID', …]`: for `build`, `create` and `run`. */
  labels: readonly string[];
  limits: Limits;
  signal: AbortSignal;
  /** Tells a person what is going on: a step begins, or a line of a build. */
  say(event: ProgressEvent): void;
}
/** Caps of every container that is run. Docker's own notation: https://docs.docker.com/engine/containers/resource_constraints/ */
export interface Limits {
  memory: string;
  cpus: string;
  pids: number;
}
export type ProgressEvent = { kind: 'step'; text: string } | { kind: 'done'; text: string } | { kind: 'line'; text: string };

// ---- building --------------------------------------------------------------------------------------------------------------------

/** What one side is built from. */
export interface Recipe {
  dockerfile: string;
  /** Text of the ignore file in force; '' when there is none. */
  ignore: string;
}
export interface BuildSettings {
  /** `NAME=value`, or `NAME` for the value of the environment. */
  buildArgs: readonly string[];
  target: string | undefined;
  platform: string | undefined;
  /** Seconds for one build. */
  timeout: number;
}
export interface BuiltImage {
  side: Side;
  /** The tag that it has for the time of this run. */
  image: string;
  config: ImageConfig;
  /** Bytes, unpacked, as `image inspect` says. */
  size: number;
  /** Seconds that this build took. */
  seconds: number;
}
/** The image's configuration (https://github.com/opencontainers/image-spec/blob/main/config.md); empty where it says nothing. */
export interface ImageConfig {
  user: string;
  env: Readonly<Record<string, string>>;
  entrypoint: readonly string[] | undefined;
  cmd: readonly string[] | undefined;
  workdir: string;
  exposedPorts: readonly string[];
  volumes: readonly string[];
  labels: Readonly<Record<string, string>>;
  /** `Healthcheck` as the engine prints it. */
  healthcheck: Readonly<Record<string, unknown>> | undefined;
  stopSignal: string | undefined;
  shell: readonly string[] | undefined;
  os: string;
  architecture: string;
}

// ---- contents --------------------------------------------------------------------------------------------------------------------

/** An image's file system, read from the image without running it. Paths are absolute and POSIX. */
export interface ImageContents {
  layers: readonly Layer[];
  files: ReadonlyMap<string, ImageFile>;
  packages: readonly OsPackage[];
  /** ELF programs and libraries, by path. */
  elf: ReadonlyMap<string, Elf>;
  /** Text of the few files that a check reads (ld.so.conf, passwd, group, credentials files, …), by path. */
  texts: ReadonlyMap<string, string>;
}
export interface Layer {
  digest: string;
  /** Bytes of the tar archive. */
  bytes: number;
  /** Bytes as a registry stores it (gzip); undefined when not asked for. */
  compressed: number | undefined;
}
export interface ImageFile {
  kind: 'file' | 'dir' | 'link' | 'other';
  size: number;
  mode: number;
  uid: number;
  gid: number;
  /** Where a symbolic link leads, as written. */
  link?: string;
  /** The first name of a file that has several; `size` is 0 then, so that sums are right. */
  hardLink?: string;
}
export interface OsPackage {
  manager: 'dpkg' | 'apk';
  name: string;
  version: string;
  /** Bytes that it takes installed, as its maker says. */
  size?: number;
}
/** What the dynamic linker reads: https://man7.org/linux/man-pages/man5/elf.5.html */
export interface Elf {
  machine: number;
  class: 32 | 64;
  interpreter: string | undefined;
  needed: readonly string[];
  soname: string | undefined;
  rpath: readonly string[];
  runpath: readonly string[];
}

// ---- running ---------------------------------------------------------------------------------------------------------------------

/** How both images are started and what they are asked. */
export interface RunPlan {
  /** Paths, such as `/health`, optionally with a method: `POST /items`. */
  probes: readonly string[];
  /** Commands whose output is compared. */
  commands: readonly string[];
  /** A program of the user's on this machine; it gets $IMAGE. */
  smoke: string | undefined;
  /** `NAME=value` for the containers. */
  env: readonly string[];
  /** Seconds until a started image must listen, end, or be called a worker. */
  startTimeout: number;
  /** `once`: it is compared with no other image, so what varies from one start to the next is not asked for. */
  starts?: 'once';
}
export interface Reply {
  /** Undefined: no answer, `error` says why. */
  status: number | undefined;
  type: string;
  /** As received, up to 256 KiB; size and digest when it is no text. */
  body: string;
  error: string | undefined;
}
export interface Answer extends Reply {
  /** `GET /health` */
  probe: string;
  /** The port in the container that was asked. */
  port?: number;
  /** What it answered a moment later and, the original, after a fresh start: what differs among them is no difference between the images. */
  again?: readonly Reply[];
}
export interface Output {
  /** Undefined: it did not end in time. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}
export interface CommandOutput extends Output {
  command: string;
  /** Of a second run of the original: what differs is no difference between the images. */
  again?: Output;
}
/** What an image did when it was run. */
export interface Observation {
  /** The image that was run. */
  image?: string;
  /** When, as an ISO date: dates near it are taken for the clock's when answers and logs are compared. */
  at?: string;
  /** Seconds until it listened on what it listens on, ended, or was not waited for any longer. */
  seconds?: number;
  /** A second run of an original that ends: what differs is no difference between the images. */
  again?: Output;
  /** `ends`: it ended by itself; `serves`: it listens on a port; `runs`: neither, within the time. */
  kind: 'ends' | 'serves' | 'runs';
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** Listening TCP ports, sorted; undefined when they could not be seen. `0.0.0.0:3000`: to be reached from outside, by whichever protocol; `127.0.0.1:3000`: only from inside the container. */
  ports: readonly string[] | undefined;
  answers: readonly Answer[];
  /** Undefined: no HEALTHCHECK. */
  health: 'healthy' | 'unhealthy' | 'starting' | undefined;
  /** Last output of the health check, when unhealthy. */
  healthLog: string;
  /** User ids of its processes. */
  uids: readonly string[];
  /** Its processes after it was asked, and the files mapped into them; undefined: it had ended, or they could not be seen. */
  processes?: readonly { uid: string; argv: string }[] | undefined;
  mapped?: readonly string[] | undefined;
  /** Of the original: what both of its starts had. */
  steady?: { processes: readonly { argv: string }[]; mapped: readonly string[]; written: readonly string[] };
  /** Files that it wrote or changed, absolute paths in the image (`docker diff`), without directories. */
  written: readonly string[];
  /** `no`: the engine does not tell what was written. */
  writtenSeen?: 'no';
  commands: readonly CommandOutput[];
  smoke: CommandOutput | undefined;
}

// ---- measuring -------------------------------------------------------------------------------------------------------------------

export interface Measures {
  /** Bytes, unpacked and as a registry stores it. */
  size: number;
  compressed: number | undefined;
  layers: number;
  files: number;
  packages: number;
  /** Bytes that the build sends to the engine. */
  contextBytes: number;
  /** Seconds: without any cache; after one source file was edited; after a manifest was edited. */
  coldSeconds: number | undefined;
  sourceEditSeconds: number | undefined;
  dependencyEditSeconds: number | undefined;
  vulnerabilities: Vulnerabilities;
}
export type Vulnerabilities =
  { scanner: string; critical: number; high: number; medium: number; low: number; other: number } | { notMeasured: string };
/**
 * `none`: what the engine tells and the images' files say. `sizes`: also the compressed sizes, about a minute for each GB.
 * `full`: also the times, which takes cold builds and rebuilds.
 */
export type MeasureDepth = 'none' | 'sizes' | 'full';

// ---- what is said ----------------------------------------------------------------------------------------------------------------

/** Stable ids; what each looks at stands in `src/verify/report/checks.ts`. */
export type CheckId =
  | 'build'
  | 'config'
  | 'end'
  | 'output'
  | 'ports'
  | 'http'
  | 'health'
  | 'log'
  | 'command'
  | 'smoke'
  | 'programs'
  | 'loaded'
  | 'libraries'
  | 'imports'
  | 'contents'
  | 'secrets'
  | 'user'
  | 'writes'
  | 'written';
export interface Check {
  id: CheckId;
  /** `warned`: nothing that the rewrite did, but worth knowing; it does not make the verification fail. */
  outcome: 'passed' | 'failed' | 'warned' | 'not-checked';
  /** One sentence: what was looked at and found, or why it was not looked at. */
  detail: string;
  differences: readonly Difference[];
  /** The end of a log that shows it. */
  log?: string;
  /** Paths in the image or the repository that the failure is about: for the report's "caused by". */
  about?: readonly string[];
}
export interface Difference {
  what: string;
  before: string;
  after: string;
  /** Why the difference is meant: it does not fail. */
  expected?: string;
}

/** A transform that was taken back. */
export interface RolledBack {
  transform: string;
  /** The check that failed with it. */
  check: CheckId;
  reason: string;
  log: string;
  /** What in the repository is behind it: sentences with file and line. */
  causes: readonly string[];
}

/** A candidate of the ladder; what each is stands in `src/verify/report/checks.ts`. */
export type RungId = 'smallest' | 'distroless' | 'proven' | 'same' | 'assumed' | 'in-place' | 'original';
/** What came of one candidate, the smallest first. */
export interface LadderStep {
  rung: RungId;
  /** `stands`: it is proven, and what is kept. `larger`: it is proven, and what stands is smaller. `not-possible`: the facts allow no such plan, or none that was not tried before. */
  outcome: 'stands' | 'failed' | 'larger' | 'not-possible';
  /** Image of its last stage; undefined when there is no plan. */
  base: string | undefined;
  /** Bytes of its image, unpacked; undefined when it was not built. */
  size: number | undefined;
  /** The check that failed, and what it says; for a plan that is not possible why it is not. */
  check: CheckId | undefined;
  reason: string | undefined;
  /** What a failure of it named as missing, and its next round kept: `libpq5: …`. */
  mended: readonly string[];
  /** What was taken for true although it is not known, and the checks that would have shown it to be wrong. */
  assumed: readonly string[];
  against: readonly CheckId[];
}

export type Outcome =
  /** The rewrite builds and behaves as the original. */
  | 'verified'
  /** A part of it does; the rest was taken back. */
  | 'partly-verified'
  /** Nothing of it could be kept. */
  | 'rejected'
  /** There was nothing to rewrite. */
  | 'unchanged'
  /** The original does not build or start: nothing can be said. */
  | 'baseline-broken'
  /** The engine, or the input: see `problem`. */
  | 'error';

/** What became of one Dockerfile. */
export interface FileVerification {
  path: string;
  context: string | undefined;
  outcome: Outcome;
  /** Of the rewrite that passed, to be written; of one that changes nothing; undefined when there is none. */
  report: FileReport | undefined;
  /** The original text, and the text that was verified (the same when nothing could be kept). */
  before: string;
  after: string;
  /** Transforms of the verified text. */
  applied: readonly string[];
  rolledBack: readonly RolledBack[];
  /** What was tried, the smallest first; the last one stands. Empty when nothing was built. */
  ladder: readonly LadderStep[];
  /** Of the verified rewrite; of the full one when nothing was kept. */
  checks: readonly Check[];
  observed: { before: Observation; after: Observation } | undefined;
  config: { before: ImageConfig; after: ImageConfig } | undefined;
  layers: { before: readonly Layer[]; after: readonly Layer[] } | undefined;
  measures: { before: Measures; after: Measures } | undefined;
  /** Which file was edited for each rebuild time, or why it was not measured. */
  edited?: { source: string; dependency: string };
  problem: EngineProblem | undefined;
  seconds: number;
}
export interface VerifyResult {
  version: string;
  engine: string | undefined;
  files: readonly FileVerification[];
  /** Everything matched: outcome `verified` or `unchanged` for every file. */
  ok: boolean;
}
