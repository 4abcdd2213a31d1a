// Room: ecosystems/. The door of an ecosystem: all that the transforms ask of it. A folder exports one such object, and index.ts lists them.
import type { Situation } from '../../transforms/multi-stage/situation.ts';
import type { Split } from '../../transforms/multi-stage/split.ts';
import type { Edit } from '../dockerfile/edits.ts';
import type { RunReading, StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Candidate } from '../ignore/candidates.ts';
import type { SlimNeeds } from '../base/slim-needs.ts';
import type { Refusal } from '../refusal.ts';
import type { RunCommand } from '../runtime/run-command.ts';
import type { EcosystemFacts, FrontEnd, HandsOut } from './types.ts';

/** An ecosystem. What it does not have to say is left out: a Dockerfile of it then gets what every Dockerfile gets. */
export interface Ecosystem extends EcosystemFacts {
  /** Patterns that a repository of this ecosystem may want hidden from the build. */
  ignored?(subject: Subject): Candidate[];
  /** A mount of a RUN beside the managers' download caches: a directory of build output. */
  outputMount?(subject: Subject, reading: StageReading, run: RunReading): { flag: string; edits: Edit[] } | undefined;
  /** The packages that the slim image needs for what the final stage installs, or why that cannot be told. */
  onSlim?(subject: Subject): SlimNeeds | Refusal;
  /** The directory of the image that holds the application, where that is not the working directory (the root of a workspace). */
  application?(subject: Subject, workdir: string): string | undefined;
  /** Projects of this ecosystem that are built in the image of another one, and of which the container needs less than is there. `idle`: nothing starts its tools there. */
  frontEnds?(subject: Subject, run: RunCommand, idle: boolean): FrontEnd[];
  /** The program, where the command asks a tool to build it and a RUN has done so: the tool would find nothing to build. */
  builtBefore?(subject: Subject, run: RunCommand): RunCommand | undefined;
  /** What is built here and handed out by a server that the image has, or why that cannot be told; undefined: the container does something else. */
  handsOut?(subject: Subject): HandsOut | { why: string } | undefined;
  /** The build stage and the runtime stage of an image of this ecosystem; refuses where a fact forbids it. */
  split?(situation: Situation): Split;
}
