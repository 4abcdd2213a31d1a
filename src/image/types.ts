// Room: image/. Facts of the image that a Dockerfile builds, as data: `dockerfile-mod observe` makes the document, the core reads it.

/** Something that could not be looked up, and why. */
export interface NotSeen {
  unknown: string;
}

/** One image and what it did when it was run. Facts hold for one platform and one set of build arguments, which are named. */
export interface ImageFacts {
  schemaVersion: 1;
  of: ImageOf;
  image: ImageConfigFacts & { size: number; layers: number; files: number };
  base: BaseFacts | NotSeen;
  /** Of the image as it is built. */
  system: SystemFacts;
  /** One for each instruction of the last stage, in their order; FROM is not among them. */
  instructions: readonly InstructionFacts[] | NotSeen;
  osPackages: readonly OsPackageFacts[];
  languagePackages: readonly LanguagePackageFacts[];
  /** Programs and libraries that instructions brought; those of the base are the base's. */
  programs: readonly ProgramFacts[];
  /** What the running container did, when it was run. */
  running: RunningFacts | NotSeen;
  /** What a rewrite was seen to lack when it was run. `observe` runs none: it is in no published document. */
  needs?: ImageNeeds;
}

/** Kept, whatever the tables say. */
export interface ImageNeeds {
  /** Packages of the operating system. */
  packages: readonly Need[];
  /** Files and directories, absolute paths of the image. */
  files: readonly Need[];
}
export interface Need {
  name: string;
  /** What was seen, as evidence. */
  says: string;
}

/** What a document is of: with another Dockerfile it says nothing. */
export interface ImageOf {
  /** As it was given. */
  dockerfile: string;
  /** `sha256:…` of the Dockerfile's bytes. */
  digest: string;
  /** `sha256:…` of the names, modes and contents of the files of the build context. */
  context: string;
  /** `linux/amd64` */
  platform: string;
  /** Names of the build arguments given; their values are not told. */
  buildArgs: readonly string[];
  /** `Docker 28.2.2` */
  engine: string;
}

/** Source: https://github.com/opencontainers/image-spec/blob/main/config.md; values that look like secrets are left out of `env`. */
export interface ImageConfigFacts {
  user: string;
  env: Readonly<Record<string, string>>;
  entrypoint: readonly string[] | null;
  cmd: readonly string[] | null;
  workdir: string;
  ports: readonly string[];
  volumes: readonly string[];
  labels: readonly string[];
  shell: readonly string[] | null;
  healthcheck: boolean;
}

export interface BaseFacts extends ImageConfigFacts {
  /** As the build resolves it: `node:22`. */
  reference: string;
  size: number;
  layers: number;
  /** Triggers of ONBUILD, which run before the first instruction. */
  onBuild: readonly string[];
  system: SystemFacts;
}

export interface SystemFacts {
  /** ID, VERSION_ID and VERSION_CODENAME of /etc/os-release; null where there is none. */
  id: string | null;
  version: string | null;
  codename: string | null;
  libc: 'glibc' | 'musl' | null;
  packageManager: 'apt' | 'apk' | 'dnf' | 'microdnf' | 'yum' | 'zypper' | 'pacman' | null;
  users: readonly { name: string; uid: number; gid: number; home: string }[];
}

/** One instruction of the last stage: what its layer did. */
export interface InstructionFacts {
  /** 1-based, in the Dockerfile. */
  line: number;
  keyword: string;
  /** As written, on one line; what looks like a secret is left out. */
  text: string;
  /** Bytes that its layer adds; 0 for an instruction without one. */
  bytes: number;
  added: readonly FileFacts[];
  changed: readonly FileFacts[];
  removed: readonly string[];
  packagesAdded: readonly string[];
  packagesRemoved: readonly string[];
}

export interface FileFacts {
  path: string;
  kind: 'file' | 'dir' | 'link' | 'other';
  size: number;
  /** Octal: `0755`. */
  mode: string;
  uid: number;
  gid: number;
  /** Where a symbolic link leads. */
  link?: string;
  /** The package of the operating system that it belongs to. */
  owner?: string;
}

export interface OsPackageFacts {
  manager: 'dpkg' | 'apk';
  name: string;
  version: string;
  /** Bytes that it takes installed, as its maker says; null: it does not. */
  size: number | null;
  /** Asked for by name; false: it came with another; null: the database does not say. */
  manual: boolean | null;
  /** `base`, or the line of the instruction that brought it; null where instructions are not known. */
  from: 'base' | number | null;
  /** Packages of the image that it depends on, by its maker's word. */
  depends?: readonly string[];
}

export interface LanguagePackageFacts {
  /** As in package URLs (`npm`, `pypi`, `gem`, `maven`, `composer`): https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst */
  type: string;
  name: string;
  /** '' where it is not told by a name. */
  version: string;
  /** Where it is installed. */
  path: string;
  /** The platform that its files were made for, as a wheel says: `any`, `manylinux_2_17_x86_64`, `linux_x86_64` (compiled where it was installed). */
  platform?: string;
}

export interface ProgramFacts {
  path: string;
  /** Its interpreter is the dynamic linker; null: it has none (a library, or a static program). */
  interpreter: string | null;
  /** Statically linked: it needs no library. */
  static: boolean;
  needs: readonly { name: string; path: string | null; owner: string | null }[];
}

export interface RunningFacts {
  /** When, as an ISO date. */
  at: string;
  probes: readonly string[];
  kind: 'ends' | 'serves' | 'runs';
  exitCode: number | null;
  processes: readonly { uid: string; argv: string }[] | NotSeen;
  /** `0.0.0.0:3000` */
  ports: readonly string[] | NotSeen;
  written: readonly string[];
  /** Files mapped into its processes: programs and libraries. */
  mapped: readonly string[] | NotSeen;
}

/** Whether a fact was looked up. */
export const isSeen = <T extends object>(fact: T | NotSeen): fact is T => !('unknown' in fact);
