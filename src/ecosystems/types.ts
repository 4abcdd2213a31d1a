// Room: ecosystems/. The one place for what a package manager is: every transform reads these rows.
import type { ShellCommand } from '../dockerfile/types.ts';
import type { Call, Told } from '../effects/types.ts';
import type { Evidence, Fact } from '../facts/types.ts';

export type EcosystemId = 'node' | 'python' | 'go' | 'rust' | 'system';

/** What a command of a package manager does. */
export type CommandKind =
  | 'install' // installs the project's dependencies from its manifests
  | 'install-named' // installs packages named on the command line (npm i -g pm2, pip install poetry)
  | 'download' // only downloads (go mod download, cargo fetch)
  | 'build' // builds the project (needs its sources)
  | 'test'
  | 'run' // runs a program or script
  | 'prune'
  | 'clean-cache'
  | 'other';

/** A cache directory that a command fills (rule book T7). */
export interface CacheDir {
  /** Absolute, or '~/…' for the home directory of the user in force, or '$VAR/…' read from the environment in force. */
  target: string;
  /** Where it lies for the user root, when that is another place (yarn 1). */
  rootTarget?: string;
  /** Environment variables that move it, the strongest first: value is the directory itself, with an optional suffix appended. */
  movedBy: { env: string; suffix?: string }[];
  /** Command-line option that moves it (`--cache`, `--cache-dir`). */
  option?: string;
  sharing?: 'locked';
  /** The manual that says so. */
  source: string;
}

/** A package manager as data. */
export interface PackageManager {
  id: string;
  ecosystem: EcosystemId;
  manual: string;
  /** Names of the program, first the usual one. */
  programs: string[];
  manifests: string[];
  lockfiles: string[];
  /** What kind of command this is; undefined when it is none of this manager's. Sees through `python -m pip`, `npx`, assignments. */
  classify(command: ShellCommand): CommandKind | undefined;
  /** Directories that its installs write beside the working directory: absolute, or below `~`. Undefined: not known. */
  places?: readonly string[];
  /** What a command of it does, where its kind does not tell it. */
  effects?(call: Call, kind: CommandKind): Told | undefined;
  caches: CacheDir[];
  /** Where commands use different caches: those that this one fills. */
  cachesOf?(command: ShellCommand): CacheDir[];
  /** True when this command reads or fills the cache (and so wants the mount). */
  usesCache(command: ShellCommand): boolean;
  /** The caches that this command fills, where that is not all of them (`go mod download` compiles nothing). */
  cachesOf?(command: ShellCommand): CacheDir[];
  /** Environment settings that switch the cache off: a mount would be useless (PIP_NO_CACHE_DIR). */
  cacheOffEnv: string[];
  /** Options of a command that switch the cache off and are dropped when a mount is added (--no-cache-dir). */
  cacheOffOptions: string[];
  /** True for a whole command that only empties the cache (npm cache clean --force, rm -rf ~/.npm). */
  clearsCache(command: ShellCommand): boolean;
}

/** The files of the context that a dependency install reads (rule book T6). */
export interface ManifestSet {
  /** Files by exact name, manifest first, lockfile second, in the directory order they are copied. */
  files: string[];
  /** Directories that must be there as well (patches/, prisma/). */
  dirs: string[];
  evidence: Evidence[];
  /** True when a lifecycle script from the allow list runs during the install (tag: review). */
  scripts: boolean;
}
/** Why the set is not closed: id of the skip catalogue (§11) and its sentence. */
export interface Blocked {
  skip: string;
  message: string;
  evidence: Evidence[];
}
export type Manifests = { set: ManifestSet } | { blocked: Blocked };

/** One place in first-party source that touches the world at run time (rule book §3.1.2). */
export interface SourceHit {
  file: string;
  line: number;
  kind: 'read' | 'write' | 'spawn' | 'tls' | 'timezone' | 'temp' | 'user' | 'mime' | 'dlopen' | 'env-file' | 'template' | 'listen';
  /** The literal argument when there is one. */
  literal: string | undefined;
  text: string;
}
export type { Evidence, Fact };
