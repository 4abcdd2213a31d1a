// The road's types: what goes into a refactoring and what comes out. The edges (cli, report, verify) know these and nothing below.
import type { FileTree } from './context/types.ts';
import type { Evidence } from './facts/types.ts';
import type { ImageFacts } from './image/types.ts';

export type Safety = 'safe' | 'review' | 'risky';
export type LevelName = 'safe' | 'balanced' | 'max';
export type BaseChoice = 'slim' | 'distroless' | 'scratch' | 'alpine' | 'keep' | 'smallest';

export interface Options {
  /** `balanced` unless told. */
  level: LevelName;
  /** `slim` unless told: slim, and scratch for provably static binaries. */
  base: BaseChoice;
  /** Transform ids; undefined: all. */
  only: string[] | undefined;
  skip: string[];
  /** True: the result says what the text was behind each transform. */
  steps?: boolean;
}

/** The repository around a Dockerfile. */
export interface ProjectContext {
  /** The build context. */
  tree: FileTree;
  /** Path of the Dockerfile in the context (for the ignore file beside it, and its name); undefined for stdin. */
  dockerfilePath: string | undefined;
  /** The file tree in which compose and CI files are looked for, and the path of the context in it; the context itself when not given. */
  repository?: { tree: FileTree; contextPath: string };
  /** False when candidates for the build context disagree: copy sources decide nothing then (skip `context-ambiguous`). */
  contextCertain: boolean;
  /** A sentence for people that says why it is not certain. */
  contextDoubt?: string;
  /** What would make it certain, where naming it with --context would not. */
  contextAllow?: string;
  /** Registries that serve what others have: images below `from` are those below `of` (`registry.example.com/hub`, `docker.io`). */
  mirrors?: readonly { from: string; of: string }[];
  /** Images that the last stage is to stand on in place of others, where they hold the same (`node:*`, `registry.example.com/node:*`). */
  replacements?: readonly Replacement[];
  /** What is in the image that this Dockerfile builds as it stands (`dockerfile-mod observe`). */
  image?: ImageFacts;
}

/** An image by its name and tag; `*` in both tags stands for the same. The nearest to the Dockerfile comes last. */
export interface Replacement {
  of: string;
  by: string;
  /** Where it was said. */
  at?: { file: string; line: number };
}

export interface Applied {
  transform: string;
  title: string;
  safety: Safety;
  why: string;
  evidence: Evidence[];
  /** What it means to change of the image's configuration: a verification expects these differences. */
  announces?: Announced;
}
/** Keywords whose effective value may differ, and environment variables that may be gone or new. */
export interface Announced {
  keywords?: ('USER' | 'CMD' | 'ENTRYPOINT' | 'WORKDIR' | 'SHELL' | 'VOLUME')[];
  env?: string[];
}
export interface Skipped {
  transform: string;
  /** Id of the skip catalogue; stable API. */
  reason: string;
  message: string;
  /** Line of the original Dockerfile. */
  line: number;
  /** What would allow it. */
  allow?: string;
  evidence?: Evidence[];
}
export interface Note {
  transform: string;
  /** Stable id, e.g. 'env-file-in-image'. */
  id: string;
  message: string;
  line?: number;
}

/** A file of the context that a transform wrote. */
export interface FileChange {
  /** Path in the context. */
  path: string;
  /** Undefined: the file is new. */
  before: string | undefined;
  after: string;
}

/** Which transforms made a changed line, so that every hunk of the diff can be explained. */
export interface Provenance {
  /** For each line of `output` (index 0 is line 1): ids of the transforms that wrote something of it. */
  added: string[][];
  /** For each line of `source`: ids of the transforms that removed something of it. */
  removed: string[][];
}

/** The Dockerfile, and the files of the context that were written so far, behind one transform. */
export interface Step {
  transform: string;
  output: string;
  files: ReadonlyMap<string, string>;
}

export interface Refactored {
  ok: true;
  source: string;
  output: string;
  changed: boolean;
  files: FileChange[];
  applied: Applied[];
  skipped: Skipped[];
  notes: Note[];
  provenance: Provenance;
  /** Where they were asked for: of each transform that was applied, in their order. */
  steps?: Step[];
}
/** Bad input: not a Dockerfile that BuildKit would accept. */
export interface InputError {
  ok: false;
  error: { message: string; line: number; column: number; hint?: string };
}
export type Result = Refactored | InputError;
// The one door: `refactor(source: string, context: ProjectContext, options?: Partial<Options>): Result` in src/index.ts (pure, synchronous).
// Also exported there: `listTransforms(): { id, title, rationale, optIn }[]`.
