// Room: checkout/. What the edges need of the library, passed in, so that tests can run them without it.
import type { Disk } from '../context/disk.ts';
import type { FileTree } from '../context/types.ts';
import type { Options, ProjectContext, Result } from '../types.ts';

/** The library, as the edges see it. */
export interface Core {
  refactor(source: string, context: ProjectContext, options?: Partial<Options>): Result;
  listTransforms(): TransformInfo[];
  /** Services of compose files that build an image: context and Dockerfile, relative to the tree's root. */
  composeContexts(tree: FileTree): readonly { context: string; dockerfile: string }[];
  /** What COPY and ADD of a text read from the build context, as written; undefined when the text is no Dockerfile. */
  copySources(source: string): readonly string[] | undefined;
  /** The tree below a directory of this disk, or of what stands for one. */
  diskTree(root: string, disk?: Disk): FileTree;
  memoryTree(files: Readonly<Record<string, string>>): FileTree;
  /** What a person compares of a Dockerfile before and after; undefined when the text is no Dockerfile. */
  outline(source: string): Outline | undefined;
}

/** A Dockerfile in four facts. */
export interface Outline {
  stages: number;
  /** Image that the last stage stands on, as written; through the stages that it is built FROM. */
  base: string;
  /** User of the last stage; undefined when the base image's configuration is not known and no USER says it. */
  user: string | undefined;
  cacheMounts: number;
}

export interface TransformInfo {
  id: string;
  title: string;
  rationale: string;
  optIn: boolean;
}
