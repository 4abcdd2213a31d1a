// Room: ecosystems/node. What is known of a Node project, read from its files.
import type { Evidence, Fact, Manifests, SourceHit } from '../types.ts';

export interface NodeScript {
  name: string;
  text: string;
  line: number;
}
export interface NodeProject {
  /** Directory of package.json in the context ('' for the root). */
  dir: string;
  manifestPath: string;
  name: string | undefined;
  type: 'module' | 'commonjs';
  main: string | undefined;
  scripts: ReadonlyMap<string, NodeScript>;
  dependencies: ReadonlyMap<string, string>;
  devDependencies: ReadonlyMap<string, string>;
  optionalDependencies: ReadonlyMap<string, string>;
  packageManager: string | undefined;
  workspaces: string[] | undefined;
  /** Lockfiles found, by manager id ('npm', 'yarn', 'pnpm', 'bun') and path. */
  lockfiles: { manager: string; path: string }[];
  /** Root lifecycle scripts that run on install: preinstall, install, postinstall, prepublish, preprepare, prepare, postprepare. */
  lifecycle: NodeScript[];
  /** Line of a key in package.json, for evidence. */
  lineOf(section: string, key?: string): number | undefined;
  /** True when package.json's ranges are those of the lock's root entry (npm lock v2/v3). Unknown: no npm lock, or lock v1. */
  lockInSync(): Fact<boolean>;
  /** Production packages that are native (install script, os/cpu/libc in the lock, or the table of names). */
  nativePackages(): Fact<string[]>;
  /** Production packages with an install script. */
  installScriptPackages(): Fact<string[]>;
  /** A production package that may be compiled against libraries of the system that nothing tells. */
  untoldLibraries(): { package: string; evidence: Evidence } | undefined;
  /** Packages needing Debian packages or programs at run time: package → packages of Debian. `skip` names a skip id such as browser-automation. */
  systemNeeds(): { package: string; version?: string | undefined; debian: string[]; skip?: string; evidence: Evidence }[];
  /** Who provides the command `bin`: a production or a development dependency. Unknown when the lock does not say. */
  bin(name: string): Fact<{ package: string; dev: boolean } | undefined>;
  /** The set of files that `install` of this manager reads; manifests.ts says when it is closed. */
  manifests(manager: string, lifecycle?: 'run' | 'none'): Manifests;
  /** Where scripts with this name write their output: tsconfig outDir, --outDir, framework tables. Paths relative to `dir`. Unknown when computed. */
  outputs(script: string): Fact<string[]>;
  /** Development dependencies that non-test sources import as values at run time (bundled outputs exempt): package with evidence. */
  devImports(): { package: string; evidence: Evidence }[];
  /** The scan of first-party, non-test sources for things that touch files, programs and the network. */
  /** First-party sources that run. */
  sources(): string[];
  hits(): SourceHit[];
  /** binding.gyp at the root. */
  bindingGyp: boolean;
  /** Why package.json cannot be read (no JSON, too large): every question is then answered with "unknown". */
  broken?: string;
  /** Which yarn this project is made for, when it has anything of yarn. */
  yarn?: 'classic' | 'berry';
  /** How yarn 2 and newer, and pnpm, lay out the packages; `pnp`: there is no node_modules, the cache is read at run time. */
  linker?: 'node-modules' | 'pnp' | 'pnpm';
  /** Directories of the workspace's packages, when the globs can be resolved. */
  members?: string[];
  /** Where a shell text (a RUN, not a script of package.json) writes its output; as `outputs`. */
  outputsOf?(text: string): Fact<string[]>;
  /** The cache directory that the project's own configuration sets (.npmrc, .yarnrc, .yarnrc.yml, bunfig.toml, pnpm-workspace.yaml); undefined: none. */
  cacheSetting?(manager: string): { dir: string; evidence: Evidence } | undefined;
}
