// Room: checkout/. What the edges need of the library, passed in, so that tests can run them without it.
import type { Disk } from '../context/disk.ts';
import type { ConfigRead } from './config/read.ts';
import type { FileTree, IgnoreFile } from '../context/types.ts';
import type { Options, ProjectContext, Result } from '../types.ts';

/** The library, as the edges see it. */
export interface Core {
  refactor(source: string, context: ProjectContext, options?: Partial<Options>): Result;
  listTransforms(): TransformInfo[];
  /** `sha256:…` of a text, as UTF-8: what facts of an image are known by. */
  digestOf(text: string): string;
  /** Services of compose files that build an image: context and Dockerfile, relative to the tree's root. */
  buildContexts(tree: FileTree): readonly { context: string; dockerfile: string }[];
  /** What COPY and ADD of a text read from the build context, as written; undefined when the text is no Dockerfile. */
  copySources(source: string): readonly string[] | undefined;
  /** What a build of the text reads from its context: COPY, ADD and bind mounts, as written; undefined when that is not known. */
  contextReads(source: string): readonly string[] | undefined;
  /** The ignore file in force for a Dockerfile at a path of the tree (undefined: it lies outside of it). */
  ignoreFile(tree: FileTree, dockerfilePath: string | undefined): IgnoreFile;
  /** The text with ids of their own for its cache mounts; everything else byte for byte. See src/dockerfile/cache-ids.ts. */
  withCacheIds(source: string, suffix: string, mark?: 'id' | 'id-and-target'): string;
  /** Images that building the text brings from outside, its frontend included. In: values of `--build-arg`. Empty for what is no Dockerfile. */
  externalImages(source: string, buildArgs?: ReadonlyMap<string, string>): readonly string[];
  /** What makes the image of a text, instruction by instruction, and the image that it stands on. Undefined for what is no Dockerfile. */
  imageInstructions(source: string, target: string | undefined, buildArgs: ReadonlyMap<string, string>): ImageInstructions | undefined;
  /** Whether a package of Debian (`apt`) or Alpine (`apk`) serves builds alone, as far as the tables know. */
  isBuildPackage(manager: 'apt' | 'apk', name: string): boolean;
  /** What the text itself sets in the configuration of its image (`target`: a stage; by default the last). Undefined for what is no Dockerfile. */
  imageSettings(source: string, target?: string): ImageSettings | undefined;
  /** Names of the production packages of the projects that the text copies, as their locks and manifests say. */
  lockedDependencies(source: string, project: ProjectContext): LockedDependencies;
  /** The tree below a directory of this disk, or of what stands for one. */
  diskTree(root: string, disk?: Disk): FileTree;
  /** A tree with changed files (path → text) laid over it; what is not changed is read once for all such trees. */
  changedTree(tree: FileTree, changes: ReadonlyMap<string, string>): FileTree;
  /** A pattern of paths as in a .dockerignore file (`services/*.Dockerfile`), for whole paths; in linear time. `error`: it is none. */
  pathPattern(pattern: string): { test(path: string): boolean } | { error: string };
  memoryTree(files: Readonly<Record<string, string>>): FileTree;
  /** What the text of a configuration file says, and what is wrong in it; `key`: the configuration is the value of this name. */
  readConfig(text: string, key?: string): ConfigRead;
  /** What a person compares of a Dockerfile before and after; undefined when the text is no Dockerfile. */
  outline(source: string): Outline | undefined;
}

/** A Dockerfile in four facts. */
export interface Outline {
  stages: number;
  /** Image that the last stage stands on, as written; through the stages that it is built FROM. */
  base: string;
  /** Bytes that such an image usually has, unpacked; undefined when nothing is known. For estimates that say so. */
  baseBytes: number | undefined;
  /** User of the last stage; undefined when the base image's configuration is not known and no USER says it. */
  user: string | undefined;
  cacheMounts: number;
}

/** The same shape as in src/dockerfile/settings.ts. */
export interface ImageInstructions {
  /** Undefined: a variable in it has no value. */
  base: string | undefined;
  /** Without FROM; those of the stages that the last one is built FROM stand first. */
  instructions: readonly { line: number; keyword: string; text: string }[];
}

/** Set by the instructions of one stage and of those that it is built FROM. The same shape as in src/dockerfile/settings.ts. */
export interface ImageSettings {
  /** The image that it stands on; undefined when there is no such stage. */
  base: string | undefined;
  keywords: readonly string[];
  /** The last value of each name as written, quotes removed, variables kept. */
  env: Readonly<Record<string, string>>;
  labels: readonly string[];
  /** Words of EXPOSE and VOLUME; variables are expanded where they are known. */
  ports: readonly string[];
  volumes: readonly string[];
}

/** Names of packages, sorted. The same shape as in src/ecosystems/locked.ts. */
export interface LockedDependencies {
  python: string[];
  node: string[];
}

export interface TransformInfo {
  id: string;
  title: string;
  rationale: string;
  optIn: boolean;
}
