// Room: ecosystems/go. What is known of a Go module, read from its files.
import type { Evidence, Fact, Manifests, SourceHit } from '../types.ts';

/** Which sources a question is about. Without it: all packages of the module, and no build tags. */
export interface GoScope {
  /** Main packages (as in `GoProject.mains`): only they and what they import. */
  mains?: readonly string[];
  /** Build tags of `-tags`. */
  tags?: readonly string[];
}

export interface GoProject {
  dir: string;
  modPath: string;
  module: string;
  /** The `go` line, e.g. '1.23'. */
  goVersion: string | undefined;
  hasSum: boolean;
  vendored: boolean;
  workspace: boolean;
  /** Directories (relative to `dir`, './cmd/server' as 'cmd/server', '' for the module root) with `package main`, build-ignored files excluded. */
  mains: string[];
  /** Directories (as in `mains`) that hold a package of any kind. */
  packages: string[];
  /** Local `replace => ./x` directories (paths in the context). */
  localReplaces: string[];
  /** True with evidence when the code needs cgo (import "C", modules of the table imported, plugin); false when nothing says so. */
  cgo(scope?: GoScope): Fact<boolean>;
  /** What it has of C links the C library alone, and not that of C++. */
  linksOnlyC(): boolean;
  /** Patterns of //go:embed (relative to the directory of the file, `all:` removed) with the file that has them. */
  embeds: { pattern: string; evidence: Evidence }[];
  /** Imports of the main module's non-test files: path → first evidence. */
  imports: ReadonlyMap<string, Evidence>;
  /** True for a directory that is compiled in, and that the sources read from there alone. */
  inMemory(path: string): boolean;
  /** The files of its packages. */
  sources(): string[];
  hits(scope?: GoScope): SourceHit[];
  /** Calls of debug.ReadBuildInfo; ask through `usesBuildInfo`. */
  buildInfo?(scope?: GoScope): Evidence[];
  manifests(): Manifests;
}
