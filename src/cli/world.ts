// Room: cli/. What the command line needs of the outside, passed in, so that tests can run it without a process.
import type { FileTree } from '../context/types.ts';
import type { Options, ProjectContext, Result } from '../types.ts';

/** The library, as the command line sees it. */
export interface Core {
  refactor(source: string, context: ProjectContext, options?: Partial<Options>): Result;
  listTransforms(): TransformInfo[];
  /** Services of compose files that build an image: context and Dockerfile, relative to the tree's root. */
  composeContexts(tree: FileTree): readonly { context: string; dockerfile: string }[];
  /** What COPY and ADD of a text read from the build context, as written; undefined when the text is no Dockerfile. */
  copySources(source: string): readonly string[] | undefined;
  diskTree(root: string): FileTree;
  memoryTree(files: Readonly<Record<string, string>>): FileTree;
}

export interface TransformInfo {
  id: string;
  title: string;
  rationale: string;
  optIn: boolean;
}

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
}

export interface World {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  stdin: AsyncIterable<Uint8Array | string>;
  stdout: Output;
  stderr: Output;
  version: string;
  /** Loaded when it is needed, so that --help and --version start fast. */
  core(): Promise<Core>;
}

/** 0: done, 1: --check found changes, 2: bad usage or bad input. */
export type ExitCode = 0 | 1 | 2;

/** Wrong use of the command line; its message is for people. */
export interface UsageError {
  usage: string;
}

export const isUsageError = (value: unknown): value is UsageError => typeof value === 'object' && value !== null && 'usage' in value;
