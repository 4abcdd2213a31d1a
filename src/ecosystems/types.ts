// Room: ecosystems/. The one place for what a package manager is: every transform reads these rows.
import type { FileTree } from '../context/types.ts';
import type { Edit } from '../dockerfile/edits.ts';
import type { ShellCommand } from '../dockerfile/types.ts';
import type { Call, Effects, Row, ShellState, Told } from '../effects/types.ts';
import type { InstallerRow } from '../effects/rows/installers.ts';
import type { WrapperRow } from '../effects/wrappers.ts';
import type { ImageRow } from '../knowledge/types.ts';
import type { Evidence, Fact } from '../facts/types.ts';
import type { GitReader } from '../knowledge/git-readers.ts';

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

/** A cache directory that a command fills. */
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
  /** Id of its ecosystem; 'system' for those of a distribution. */
  ecosystem: string;
  manual: string;
  /** Names of the program, first the usual one. */
  programs: string[];
  manifests: string[];
  lockfiles: string[];
  /** What kind of command this is; undefined when it is none of this manager's. Sees through `python -m pip`, `npx`, assignments. */
  classify(command: ShellCommand): CommandKind | undefined;
  /** Directories that its installs write beside the working directory: absolute, or below `~`. Undefined: not known. */
  places?: readonly string[];
  /** Options whose value is a directory that an install fills (`pip install --prefix`). */
  into?: ReadonlySet<string>;
  /** Verbs that neither install nor build, and write the working directory, what they name, and these places alone (`go mod tidy`, `cargo update`); these places alone where `elsewhere` says so. */
  inPlace?: readonly string[];
  /** True for an install of packages by name that leaves the working directory alone (`npm i -g`, `pip install`). */
  elsewhere?(command: ShellCommand): boolean;
  /** True for a build whose result goes elsewhere than into its sources (`pip install .`): its ecosystem says what it leaves among them. */
  intoEnvironment?(command: ShellCommand): boolean;
  /** The directory that an option of an install names (`--prefix client`). */
  directoryOption?(command: ShellCommand): string | undefined;
  /** True for a command that writes the manifest of the working directory (`npm install left-pad`, `npm pkg set`). */
  changesManifest?(command: ShellCommand): boolean;
  /** What a command of it does, where its kind does not tell it. */
  effects?(call: Call, kind: CommandKind): Told | undefined;
  /** Packages installed by name that only a build uses (compilers, bundlers, the managers themselves). */
  buildTools?: ReadonlySet<string>;
  caches: CacheDir[];
  /** True when this command reads or fills the cache (and so wants the mount). */
  usesCache(command: ShellCommand): boolean;
  /** The caches that this command fills, where that is not all of them (`go mod download` compiles nothing). */
  cachesOf?(command: ShellCommand): CacheDir[];
  /** Variables that switch the cache off, and the values that do: a mount would be useless (PIP_NO_CACHE_DIR). */
  cacheOff: readonly { name: string; when(value: string): boolean }[];
  /** Files that settle where a cache lies or whether there is one, and the lines that do. */
  settings?: { files: RegExp; moves: RegExp };
  /** What it installs are links into the cache, where an option or a variable has this value. */
  linksIntoCache?: { option: string; env: string; value: string };
  /** Options of a command that switch the cache off and are dropped when a mount is added (--no-cache-dir). */
  cacheOffOptions: string[];
  /** True for a whole command that only empties the cache (npm cache clean --force, rm -rf ~/.npm). */
  clearsCache(command: ShellCommand): boolean;
  /** True for a command that puts the project itself into the cache, which other projects would find in a mount (`mvn install`). */
  keepsOwn?(command: ShellCommand): boolean;
  /** Its run command reads the cache: where the container starts with it, the cache is no mount (`go run`, `cargo run`). */
  runsFromCache?: true;
  /** Where the manager is told to install from what is there already: options, and variables of the environment (with the value that says so, where not all do). */
  offline?: { options?: readonly string[]; env?: readonly { name: string; value?: string }[] };
  /** Its install reads a set of files that can be copied ahead of the sources (`EcosystemProject.manifests`); a function: which of its installs do. */
  readsManifests?: true | ((command: ShellCommand) => boolean);
  /** An install whose packages are read elsewhere, and whose files can be copied ahead of the sources as well: `uv sync`. Where the project is developed, what it makes lies beside the manifest. */
  ordered?(command: ShellCommand): boolean;
  /** A command on packages that the install has brought, named one by one: `npm rebuild sharp`. It belongs to the install. */
  ofInstalled?(command: ShellCommand): boolean;
  /** Files that a command names and reads beside the manifests (`-r requirements.txt`), as written. */
  filesOf?(command: ShellCommand): string[];
  /** What an install makes beside the manifest and a later COPY of the context would overwrite; `everywhere`: also where this checkout has none. */
  installsInto?: { name: string; everywhere?: true };
  /** The option with which an install leaves the project itself out, for a first step without its sources. */
  withoutProject?: string;
  /** Where a build has all that it reads, and a download in front of it would bring what nobody uses. */
  brought?: PackageManager['offline'];
  /** Variables in front of a build that a download has no use for. */
  buildVariables?: RegExp;
  /** A command of its own that downloads what a build reads, where no install does. */
  downloadCommand?: string;
  /** The program, and its package, that a command brings into the home of who calls it where nothing else has it. */
  fetches?(command: ShellCommand): string[];
  /** Programs that an install by name brings, and that the same command brings to the runtime stage. */
  globals?(command: ShellCommand): string[];
  /** An install by name of nothing that is ever compiled. */
  ready?(command: ShellCommand): boolean;
  /** Programs that an install by name makes for the build. */
  tools?(command: ShellCommand): string[];
  /** Repositories of images that hold this program for a build to copy, and nothing else (`ghcr.io/astral-sh/uv`). */
  toolImages?: readonly string[];
  /** The target that a build names where it is not for the system that builds. */
  crossTarget?(command: ShellCommand): string | undefined;
  /** The edits that make an install take what is locked and nothing else; undefined: the command is no such install. */
  exactInstall?(command: ShellCommand): Edit[] | undefined;
  /** Where it keeps a virtual environment when nothing is set, and what says that every user shares another. */
  environment?: SharedEnvironment;
}

/** Where a manager keeps a virtual environment, seen by a user who is not the one that made it. */
export interface SharedEnvironment {
  /** The place when nothing is set, for root. */
  dir: string;
  /** The beginning of the variables that set another. */
  variables: string;
  /** A file or directory of the project that does. */
  file: string;
  /** The command that sets one for the user who runs it. */
  setting?: {
    /** The beginning of the setting's name among the command's words. */
    name: string;
    /** Where the setting stands, for root. */
    dir: string;
    /** The settings that put the environment beside the sources, where each user's manager finds it without the setting. */
    inProject: string;
    /** The option that writes into `file` instead. */
    local: string;
  };
}

/** The files of the context that a dependency install reads. */
export interface ManifestSet {
  /** Files by exact name, manifest first, lockfile second, in the directory order they are copied. */
  files: string[];
  /** Directories that must be there as well (patches/, prisma/). */
  dirs: string[];
  evidence: Evidence[];
  /** True when a lifecycle script from the allow list runs during the install (tag: review). */
  scripts: boolean;
}
/** Why the set is not closed: id of the skip and its sentence. */
export interface Blocked {
  skip: string;
  message: string;
  evidence: Evidence[];
}
export type Manifests = { set: ManifestSet } | { blocked: Blocked };

/** One place in first-party source that touches the world at run time. */
export interface SourceHit {
  file: string;
  line: number;
  kind: 'read' | 'write' | 'spawn' | 'tls' | 'timezone' | 'temp' | 'user' | 'mime' | 'dlopen' | 'env-file' | 'template' | 'listen';
  /** The literal argument when there is one. */
  literal: string | undefined;
  /** The literal is a directory, in which the name of the file is computed. */
  directory?: true;
  /** The path of the context that the literal is, where it is seen from the directory of the file. */
  ofContext?: string;
  /** What the literal names goes away. */
  removes?: true;
  /** No program is started: code of the same language runs that the sources compute, or are given. */
  code?: true;
  /** No such place was seen: the source is not read, and `text` is the sentence that says why. */
  unread?: true;
  /** The literal is relative to the directory of the file that names it, not to the working directory. */
  beside?: true;
  /** A variable of the environment that names another path where it is set. */
  moved?: string;
  text: string;
}
/** What lies in the home directory of root, as the beginning of a sentence. */
export interface HomeFile {
  what: string;
  evidence: Evidence;
  allow?: string;
}
/** An image as far as its own tools and its RUNs go. */
export interface HomeQuestion {
  repository: string;
  version: string | undefined;
  commands: readonly { manager: string | undefined; command: ShellCommand }[];
  lookup: ShellState['lookup'];
}
/** As words of a sentence; `allow`: what would help, where an install in a RUN would not. */
export interface AddedAtStart {
  added: string;
  /** It may be made from sources then. */
  compiles?: true;
  allow?: string;
}
/** A path that stands in a source. */
export interface NamedPath {
  file: string;
  line: number;
  text: string;
  /** What it is given to: a name that says that it is a place for files (`cache_dir`), or a call that writes there (`imwrite`). */
  given?: 'place' | 'write';
  /** What stands before it on its line. */
  before: string;
}
/** Data in files whose path is seldom a literal in the sources. */
export interface Store {
  package: string;
  what: string;
  /** The directory that it keeps them in unless told: absolute, or below the working directory. */
  at?: string;
  /** The install puts them there already. */
  filled?: boolean;
  evidence: Evidence;
}
/** What is known of a lockfile. */
export interface Locked {
  /** The manager's own, and the first of any manager. */
  path: string | undefined;
  other: string | undefined;
  /** Manifest and lock agree. */
  inSync(): Fact<boolean>;
  /** Why the tools of a base image cannot read it. */
  tooNewFor(image: { repository: string; version: string | undefined }): string | undefined;
}
/** Why something is not done: an id of the skip catalogue and its sentence. */
export interface Objection {
  id: string;
  message: string;
  allow?: string;
  evidence?: Evidence[];
}

/** Reads a project of one ecosystem from the files of a directory; the object is its key: what it read is kept for the run. */
export interface ProjectReader<P> {
  read(tree: FileTree, dir: string, hidden: (path: string) => boolean): P | undefined;
}
/** How a reader is asked: once for each directory. */
export interface ProjectReads {
  tree: FileTree;
  read<P>(reader: ProjectReader<P>, dir: string): P | undefined;
}

/** A project as every room may ask it, whatever its ecosystem. */
export interface EcosystemProject {
  /** Where first-party sources touch the world at run time. */
  hits(): SourceHit[];
  /** The files that an install reads. `files`: what its command names, as paths of the context. */
  manifests?(install: { manager: string; command: ShellCommand; files: readonly string[] }): Manifests;
  /** The install would build the project itself as well, which needs its sources. */
  installsItself?(command: ShellCommand): boolean;
  /** The manifests of `PackageManager.downloadCommand`; undefined: there is nothing to download. */
  downloads?(): Manifests | undefined;
  /** One of its packages, or the project itself, brings a program of this name. */
  provides?(program: string): boolean;
  /** The lockfile of a manager, and whether it can be installed from. */
  locked?(manager: string): Locked;
  /** The files of its sources that run. */
  sources?(): string[];
  /** Paths that its sources name in a literal. */
  literals?(): NamedPath[];
  /** The project itself brings, or its build makes, a program of this name. */
  own?(program: string): boolean;
  /** Its dependencies use this package of the system (Debian's name) when the program runs. */
  uses?(name: string): boolean;
  /** What its installs put into the home directory of root for the program to read there. */
  inHome?(image: HomeQuestion): HomeFile | undefined;
  /** What a command puts among the installed packages when it starts, before it starts another (`uv run`) or by itself. */
  addsAtStart?(words: readonly string[], image: HomeQuestion): AddedAtStart | undefined;
  /** A package that keeps data in files whose path cannot be told. */
  store?(state: ShellState): Store | undefined;
  /** A development server that its sources start by themselves, where the environment does not switch it off: why what it writes is unknown. */
  developmentServer?(state: ShellState): Objection | undefined;
  /** What its packages keep in directories of their own, below the directory of the install, as they lie below the working directory. */
  keptInPackages?(): Store[];
  /** False where nothing in it opens files of an embedded database: no driver, and no call whose file is computed. */
  opensDatabases?(): boolean;
  /** Who reads the repository's history while it is built, in words; `changes`: asks which files are tracked or changed. */
  historyReader?(): { who: string; changes: boolean } | undefined;
  /** Who reads `.env`, in words. */
  envFileReader?(): string | undefined;
  /** The row of a manager as this project uses it. */
  row?(manager: PackageManager): PackageManager;
  /** Why a manager's cache is no mount in this project. */
  cacheObjection?(manager: PackageManager): Objection | undefined;
  /** The standard library knows the types of files by itself: /etc/mime.types adds nothing. */
  knowsMimeTypes?(): boolean;
}

/** How images of another language get its tools, for their build alone or to start them when the container runs. */
export interface Guest {
  /** Packages of the system that bring them, the one that runs programs first. */
  packages: readonly string[];
  /** The programs that they bring. */
  programs: readonly string[];
  /** A repository of packages that has nothing else: as its address, and the files that name it, have it. */
  repository: RegExp;
  /** Places of the image where copies and links put them. */
  places: RegExp;
}
/** A project that is built beside the one that the container runs, of which the container reads less. */
export interface FrontEnd {
  /** Its directory in the image, and in the context. */
  place: string;
  dir: string;
  /** Where its packages lie in the image, which the container does not need. */
  packages: string;
  /** What its builds make below it, as image paths; undefined: that cannot be told. */
  made: string[] | undefined;
  /** Nothing but that is named of it. */
  alone: boolean;
  evidence: Evidence[];
}
/** A front end that the image's own server hands out. */
export interface HandsOut {
  /** The directory of the image that holds its sources and packages, which nothing reads when the container runs. */
  place: string;
  /** Directories of the image that commands fill from it, and those of them of which something is removed. */
  dirs: readonly string[];
  cleared: readonly string[];
}

/**
 * What is known of an ecosystem before a Dockerfile is read: what the facts ask. What it makes of a Dockerfile (its split, its mounts, its
 * patterns) is asked by the transforms: `Ecosystem` in door.ts.
 */
export interface EcosystemFacts {
  id: string;
  /** The rows of its package managers, in the order in which a command is tried against them. */
  managers: readonly PackageManager[];
  /** What its programs do, and those that start another. */
  rows?: readonly Row[];
  wrappers?: readonly WrapperRow[];
  /** Installers of its package managers that are fetched for a shell. */
  installers?: readonly InstallerRow[];
  /** The official images that bring its tools. */
  images: readonly ImageRow[];
  /** Where its programs are binaries: the programs that make them, which are of no use at run time. */
  toolchain?: readonly string[];
  /** Its programs are sources that an interpreter runs: no list of calls is complete, and they may write where they run. */
  interpreted?: true;
  /** Its split leaves no COPY behind but manifests: also one whose file is not there stays where it was. */
  keepsCopies?: true;
  /** Its split reads builds inside of scripts and makefiles as well, and edits none of those. */
  opens?: true;
  /** Its images hold what builds, whatever their size, and also run what was built elsewhere: one without a build of its own is not split. */
  kit?: true;
  /** Its split holds on images of other families as well, which get its tools from the packages of the distribution: the last stage keeps the image. */
  onOtherImages?: true;
  /** Its binaries link the C library of the image that makes them. */
  linksLibc?: true;
  guest?: Guest;
  /** Directories that a command makes and that a split carries as a whole (a virtual environment). */
  carries?(effects: Effects): readonly string[];
  /** Files whose text says that a build or the program asks git about its own repository. */
  history?: readonly GitReader[];
  /** Time zones that its image has as one archive: where, where to put it, and the variable that names it to the program. */
  zones?: { from: string; to: string; variable: string };
  /** The project in a directory of the context; undefined: there is none. */
  project?(reads: ProjectReads, dir: string): EcosystemProject | undefined;
  /** The same of a directory without its usual manifests: sources alone (`COPY src/ .`), or manifests of another name. */
  bareProject?(reads: ProjectReads, dir: string): EcosystemProject | undefined;
}
export type { Evidence, Fact };
