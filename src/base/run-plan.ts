// Room: base/. What a split does with the RUNs of a stage, as data.
import type { Edit, Piece } from '../dockerfile/edits.ts';
import type { Instruction } from '../dockerfile/types.ts';
import type { RunReading } from '../facts/reading.ts';
import type { Evidence, Need } from '../facts/types.ts';
import type { Asked } from './place-types.ts';

/** `chown -R OWNER PATH`: every COPY above it and below the path gets the owner, so that no layer holds the files twice. */
export interface Ownership {
  owner: string;
  path: string;
  /** The RUN, and whether it does nothing else. */
  at: number;
  alone: boolean;
}

/** The RUN at this index does nothing but that. */
export const givesAway = (owner: Ownership | undefined, index: number): boolean => owner?.alone === true && owner.at === index;

/** What of a RUN the last stage needs too. */
export interface Kept {
  /** Its text there. */
  text: Piece[];
  /** All of it: the build stage has it from the stage that both stand on. */
  whole: boolean;
  /** What goes from the RUN of the build stage, which has it already. */
  cut: Edit[];
}

/** What the RUNs of a stage mean for the runtime stage. */
export interface RunPlan {
  /** RUN index → its text in a runtime stage on another image of the same system. */
  repeats: Map<number, Piece[]>;
  /** RUNs (by index) of which the last stage repeats every command. */
  wholly: Set<number>;
  /** RUN index → what of it makes users that files are given to: it stands above the copies of a runtime stage on another image. */
  users: Map<number, Piece[]>;
  /** RUN index → its text behind the copies of a runtime stage that stands on the same stage as the build: it works in the application alone. */
  again: Map<number, Piece[]>;
  /** RUN index → what of it stands in the stage that both stages are built from. */
  kept: Map<number, Kept>;
  /** COPYs (by index) that a kept command reads. */
  keptCopies: Set<number>;
  /** COPYs (by index) that put files beside the application: settings of a program, certificates, a script. */
  besideCopies: Set<number>;
  /** Why the last stage must stand on the original's own image: a command whose effects are unknown, or that another image cannot repeat. */
  fixed: { instruction: Instruction; why: string } | undefined;
  /** Files that a RUN brought from the network, or printed to: the last stage copies them. */
  artefacts: string[];
  /** Packages of the system that these files need, as their ELF headers say. */
  libraries: string[];
  /** What was looked up in the image. */
  evidence: Evidence[];
  /** `chown -R` of the application: the owner for every COPY, and the directory. */
  owner: Ownership | undefined;
  /** The first RUN behind the sources whose effects cannot be told. */
  unknown: { run: RunReading; why: string } | undefined;
  /** At the level max: those that are taken for parts of the build although their effects cannot be told. */
  assumed: { run: RunReading; why: string }[];
  /** Programs that the repeated commands are. */
  programs: Need[];
  /** A RUN after the sources may have changed files of the application. */
  changesApp: boolean;
}

/** What is asked beside the stage itself. */
export interface Question extends Asked {
  /** At level max, unknown commands behind the sources are taken to be the build's. */
  assume: 'nothing' | 'build';
}

/** A plan that keeps nothing, to be filled. */
export const emptyPlan = (): RunPlan => ({
  repeats: new Map(),
  wholly: new Set(),
  users: new Map(),
  again: new Map(),
  kept: new Map(),
  keptCopies: new Set(),
  besideCopies: new Set(),
  fixed: undefined,
  artefacts: [],
  libraries: [],
  evidence: [],
  owner: undefined,
  unknown: undefined,
  assumed: [],
  programs: [],
  changesApp: false,
});
