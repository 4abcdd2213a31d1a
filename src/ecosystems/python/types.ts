// Room: ecosystems/python. What is known of a Python project, read from its files.
import type { Evidence, Fact, Manifests, SourceHit } from '../types.ts';

export interface PythonProject {
  dir: string;
  /** pyproject.toml, when there is one. */
  pyproject:
    | {
        path: string;
        name: string | undefined;
        buildBackend: string | undefined;
        /** False for poetry's package-mode = false: no root package. */
        packageMode: boolean;
        poetry: boolean;
        /** Non-optional and optional groups, main excluded. */
        groups: { name: string; optional: boolean; line: number | undefined }[];
        /** Console scripts: [project.scripts] and [tool.poetry.scripts]. */
        scripts: ReadonlyMap<string, string>;
        readme: string | undefined;
        /** `src/<pkg>` or `<pkg>` directories of the root package, when known. */
        packages: string[];
        pathDependencies: string[];
        dynamic: string[];
      }
    | undefined;
  /** poetry.lock, when there is one: the version of Poetry that wrote it, and its main packages. */
  poetryLock: { path: string; writtenBy: string | undefined } | undefined;
  /**
   * The closure of a requirements file over -r and -c (paths relative to the context).
   * `local` names lines that are local paths or editable installs.
   */
  requirements(file: string): Fact<{
    files: string[];
    packages: { name: string; spec: string; file: string; line: number; extras?: string[]; url?: string }[];
    local: { text: string; file: string; line: number }[];
    /** URLs that do not name their package. */
    unnamed?: { text: string; file: string; line: number }[];
    /** Directories of the context given by --find-links. */
    findLinks?: string[];
    /** Options of the files, such as --extra-index-url. */
    options?: { name: string; value: string | undefined; file: string; line: number }[];
  }>;
  /** Locked production packages: names normalised (PEP 503). From poetry.lock's main group (and the groups and extras named), or from requirements files given (what they name; they may bring more). Unknown when the list is not closed. */
  packages(
    source: { lock: 'poetry' | 'uv'; groups?: string[]; extras?: string[] | 'all' } | { requirements: string[] },
  ): Fact<{ name: string; version: string | undefined; evidence: Evidence }[]>;
  /** True when a package compiles from source for Python `version` ('3.12') on glibc Linux (no wheel fits; without a lock that names files, the table of names). `asked`: what somebody else than a requirements file asks for. Without a target, the wheel must fit x86_64 and aarch64 and glibc 2.31. */
  compiles(
    name: string,
    version: string | undefined,
    target?: { machines?: readonly string[]; glibcMinor?: number },
    asked?: { spec: string; file: string },
  ): Fact<boolean>;
  /**
   * Debian packages that a Python package needs at run time, for a suite (none given: names that fit bookworm and trixie); `skip` for
   * those that cannot be handled. An empty list: known to need none, even when it is compiled. Undefined: not known (no matter when a wheel is installed).
   */
  systemNeeds(name: string, suite?: string): { debian: string[]; skip?: string } | undefined;
  /** The console scripts known to be provided by locked packages (gunicorn, uvicorn, …): script → package. Table plus [project.scripts]. */
  consoleScript(name: string): string | undefined;
  /**
   * The closed manifest set (4.1). pip without requirements files: the project itself is installed. Poetry and uv without `noRoot`: the set of the
   * first of two steps (`--no-root`, `--no-install-project`).
   */
  manifests(manager: 'pip' | 'poetry' | 'uv' | 'pipenv', command: { requirements: string[]; noRoot: boolean }): Manifests;
  /** First-party sources that run. */
  sources(): string[];
  hits(): SourceHit[];
}
