// Room: knowledge/. Dated tables with sources. Nothing here reads a repository.
import type { BaseState } from '../dockerfile/types.ts';

/** A published base image family (rule book T1, T2). `repository` as in ImageRef ('node', 'gcr.io/distroless/static-debian12' split into registry and repository). */
export interface ImageFamily {
  repository: string;
  registry: string;
  entrypoint: string[] | undefined;
  cmd: string[] | undefined;
  state: BaseState;
  /** Users the image makes: name, uid, gid, home. Root is not listed. */
  users: { name: string; uid: number; gid: number; home: string }[];
  /** What slim leaves out, in T3's words. */
  volumes: string[];
  exposes: string[];
  stopSignal: string | undefined;
  /** CMD of the image is a REPL or shell: an image without a command of its own is a base or tool image. */
  interactive: boolean;
  /** ENV names that the image sets to values that depend on its tag (NODE_VERSION): set, but not in `state.env`. */
  unknownEnv?: string[];
  /** True for database/proxy images that drop privileges themselves. */
  service: boolean;
  source: string;
}

/** What a tag of a family is: version, variant, suite. */
export interface TagFacts {
  version: string | undefined;
  variant: 'full' | 'slim' | 'alpine' | 'distroless' | 'other';
  /** bookworm, bullseye, trixie; undefined when the tag floats. */
  suite: string | undefined;
}

/** How much of Debian an image has: T3's levels. */
export type Level = 'debian' | 'curl' | 'scm' | 'full' | 'alpine' | 'none';
