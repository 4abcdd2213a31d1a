// Room: knowledge/. Dated tables with sources. Nothing here reads a repository.
import type { BaseState } from '../dockerfile/types.ts';

/** A published base image family. `repository` as in ImageRef ('node', 'gcr.io/distroless/static-debian12' split into registry and repository). */
export interface ImageFamily {
  row: ImageRow;
  repository: string;
  registry: string;
  entrypoint: string[] | undefined;
  /** What the entry script makes of the words that it is given: it starts them, with `program` in front of a dash or of a file. */
  entry?: { program?: string; endings?: readonly string[] } | undefined;
  cmd: string[] | undefined;
  state: BaseState;
  /** Users the image makes: name, uid, gid, home. Root is not listed. */
  users: { name: string; uid: number; gid: number; home: string }[];
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
  /** What the image declares was looked up in the image itself: one that a row names, or one that none does. */
  lookedUp?: 'of a row' | 'of no row';
  /** The release of Debian, as it was looked up. */
  suite?: string;
}

/** What a tag of a family is: version, variant, suite. */
export interface TagFacts {
  version: string | undefined;
  variant: 'full' | 'slim' | 'alpine' | 'distroless' | 'other';
  /** bookworm, bullseye, trixie; undefined when the tag floats. */
  suite: string | undefined;
}

/** How much of Debian an image has. */
export type Level = 'debian' | 'curl' | 'scm' | 'full' | 'alpine' | 'none';

/** What a row may say of an image; what it leaves out is what `images.ts` takes for granted (user root, workdir /, nothing exposed). */
export interface ImageFacts {
  entrypoint?: string[];
  /** The entry script starts what it is given; with a program in front where that begins with a dash or is a file with such an ending. */
  entry?: ImageFamily['entry'];
  cmd?: string[];
  workdir?: string;
  user?: string;
  env?: Readonly<Record<string, string>>;
  /** Directories that the image puts before the ordinary PATH. */
  path?: string;
  /** Variables whose value depends on the tag. */
  unknownEnv?: string[];
  /** Too much of ENV (PATH) depends on the tag to say anything of it. */
  envUnknown?: boolean;
  /** The variable that holds the version, known when the tag has it in full. */
  versionEnv?: string;
  users?: ImageFamily['users'];
  volumes?: string[];
  exposes?: string[];
  stopSignal?: string;
  interactive?: boolean;
}
export interface ImageRow extends ImageFacts {
  /** '' for Docker Hub. */
  registry?: string;
  repository: string;
  /** The tags that the row is of; the others are another image. */
  tagged?: RegExp;
  service?: boolean;
  source: string;
  tags?: TagRow;
  /** Programs that it has besides its Debian level or its Alpine base. */
  programs?: readonly ImagePrograms[];
  /** Names of one and the same program, divided by spaces: links in its own directory. `from`: the first major version that has them. */
  twins?: readonly { names: string; from?: number }[];
  /** Names of programs that bear the version of the image, in one group: `python3.12`. */
  versioned?: RegExp;
  /** How much of Debian the full variant holds; the slim variants hold 'debian'. */
  level?: Level;
  /** The certificate bundle is at Debian's path: in every variant, or in the full one. */
  certificates?: 'all' | 'full';
  /**
   * Megabytes, unpacked, linux/amd64, rounded to what stays true from one version to the next: for estimates that say that they are such,
   * never for a decision.
   */
  megabytes?: Readonly<Partial<Record<TagFacts['variant'], number>>>;
  /** The user that the image has for running programs. `since`: from this version on; `name`: what USER is given instead of the numbers. */
  runAs?: { uid: number; alpineUid?: number; name: string; user?: string; since?: number };
  /** What is different under some tags; later rows win. */
  under?: (ImageFacts & { tag: RegExp })[];
}

/** Programs of an image. `until`: the last major version that has them. `variants`: only there; without: in every variant. */
export interface ImagePrograms {
  /** Names, divided by spaces. */
  names: string;
  variants?: readonly TagFacts['variant'][];
  until?: number;
}

/** Which tags an image has, and what they stood for. The suites are dated: read on 2026-08-21 in docker-library/official-images, every commit from 2017-06. */
export interface TagRow {
  /** Where `slim` stands: node:22-bookworm-slim, python:3.12-slim-bookworm. Without: there is no slim twin. */
  slim?: 'last' | 'before-suite';
  /** Tags that never had a slim twin: versions before `slimSince`, those on the suite and before the version of `slimNever`. */
  slimSince?: string;
  slimNever?: { suite: string; before: string };
  /** Parts of a tag that say neither version, suite nor size, and mean the ordinary image. */
  ordinary?: RegExp;
  /** What stands before the version: `python` of `python3.13-slim`. */
  led?: RegExp;
  /** Names that stand where the version stands. */
  heads?: RegExp;
  /** Names of versions; behind the word `under` they stand as well (`lts-jod`). */
  codenames?: { of: Readonly<Record<string, string>>; under: string };
  /** Tags without a number, and the version that they stood for. '' is no tag. */
  floating?: Readonly<Record<string, string>>;
  /** Tags without a number, and the suite that they stood on. */
  named?: Readonly<Record<string, string>>;
  /** Release number → suite, for a distribution's own image. */
  releases?: Readonly<Record<string, string>>;
  /**
   * The suite below a tag that names none: from this version on, up to the next row. A tag with all its numbers stays where it was when the next
   * one came out, so these rows hold for good up to the newest versions; shorter tags move.
   */
  suites?: readonly (readonly [from: string, suite: string])[];
  /**
   * Versions that have a tag with the suite's name (`golang:1.23-bookworm`): from … to, both included; `to` without its last numbers means all of
   * that series; no `to`: still made.
   */
  suiteTags?: Readonly<Record<string, readonly (readonly [from: string, to?: string])[]>>;
}
