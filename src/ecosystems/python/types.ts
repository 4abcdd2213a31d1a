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
  requirements(file: string): Fact<{ files: string[]; packages: { name: string; spec: string; file: string; line: number }[]; local: { text: string; file: string; line: number }[] }>;
  /** Locked production packages: names normalised (PEP 503). From poetry.lock's main group, or from requirements files given. Unknown when the list is not closed. */
  packages(source: { lock: 'poetry' } | { requirements: string[] }): Fact<{ name: string; version: string | undefined; evidence: Evidence }[]>;
  /** True when a package compiles from source for Python `version` ('3.12') on glibc Linux (P-WHEEL; without a lock that names files, table T5). */
  compiles(name: string, version: string | undefined): Fact<boolean>;
  /** Debian packages that a Python package needs at run time (T5), for a suite; `skip` for those that cannot be handled. */
  systemNeeds(name: string): { debian: string[]; skip?: string } | undefined;
  /** The console scripts known to be provided by locked packages (gunicorn, uvicorn, …): script → package. Table plus [project.scripts]. */
  consoleScript(name: string): string | undefined;
  manifests(manager: 'pip' | 'poetry', command: { requirements: string[]; noRoot: boolean }): Manifests;
  hits(): SourceHit[];
}
