// multi-stage: what an ecosystem says of its split, as data. The text is written by distribute.ts, in one place for all.
import type { Edit, Piece } from '../../src/dockerfile/edits.ts';
import type { StageReading } from '../../src/facts/reading.ts';
import type { Evidence } from '../../src/facts/types.ts';
import type { Announced, Note } from '../../src/types.ts';

export interface Split {
  /** The builder's image where it changes (a release of Debian pinned). */
  builderImage: string | undefined;
  runtimeImage: string;
  /** RUNs (by index) that the runtime stage needs as well, with their text there: users, directories. */
  repeats: ReadonlyMap<number, Piece[]>;
  /** Edits inside the instructions that stay in the build stage. */
  builderEdits: Edit[];
  /** Lines of a further stage between the two, its FROM first. */
  stages: Piece[][];
  /** Lines at the end of the build stage. */
  builderTail: Piece[][];
  /** Lines of the runtime stage before the artefacts (ENV PATH of a virtual environment). */
  setup: Piece[][];
  /** Lines that bring what the build made: COPY --from=builder, the production install. */
  artefacts: Piece[][];
  /** Instructions (by index) that stand in the runtime stage instead of the build stage: COPYs of sources that no build step reads. */
  moved: ReadonlySet<number>;
  /** RUNs of `repeats` that the build stage has no use for. */
  alone: ReadonlySet<number>;
  /** Instructions that stand in both. */
  repeated: ReadonlySet<number>;
  /** COPYs (by index) whose files the artefacts bring. */
  brought: ReadonlySet<number>;
  /** Instructions that neither stage needs any more. */
  dropped: { index: number; reason: string }[];
  /** New text of an instruction in the runtime stage. */
  rewritten: ReadonlyMap<number, Piece[]>;
  /** The working directory of the original's base image, where the runtime's base has another and the file sets none. */
  workdir: string | undefined;
  /** Packages of the system that the runtime stage installs, and by what. */
  packages: string[];
  manager: 'apt' | 'apk';
  /** Environment variables that only the build needs. */
  buildEnv: ReadonlySet<string>;
  announces: Announced;
  why: string;
  evidence: Evidence[];
  notes: Omit<Note, 'transform'>[];
}

/** PATH, where the file adds to that of its image: the last stage adds the same to its own, which has no toolchain. */
export const addedPath = ({ stage }: StageReading): string[] =>
  stage.instructions.some((i) => i.keyword === 'ENV' && i.pairs.some(({ name }) => name === 'PATH')) ? ['PATH'] : [];

export const emptySplit = (runtimeImage: string): Split => ({
  builderImage: undefined,
  runtimeImage,
  repeats: new Map(),
  builderEdits: [],
  stages: [],
  builderTail: [],
  setup: [],
  artefacts: [],
  moved: new Set(),
  alone: new Set(),
  repeated: new Set(),
  brought: new Set(),
  dropped: [],
  rewritten: new Map(),
  workdir: undefined,
  packages: [],
  manager: 'apt',
  buildEnv: new Set(),
  announces: {},
  why: '',
  evidence: [],
  notes: [],
});
