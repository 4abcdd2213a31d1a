// Room: base/. Where a command of a RUN belongs once the stages are split, and what is asked for it.
import type { Places } from '../effects/types.ts';
import type { RunReading } from '../facts/reading.ts';
import type { Guest } from '../ecosystems/types.ts';
import type { Evidence } from '../facts/types.ts';
import type { ImageFacts } from '../image/types.ts';
import type { PackagePlan } from './packages.ts';

export interface Place {
  /**
   * `state`: the shell, for what stands behind it. `build`: the build's alone. `keep`: run time, and any image of the same system can repeat it.
   * `fixed`: run time, on the original's own image. `unknown`: it needs the sources, and what it leaves cannot be told.
   * `workdir`: makes the directory that WORKDIR makes. `owner`: gives the application to a user.
   */
  place: 'state' | 'build' | 'workdir' | 'owner' | 'keep' | 'fixed' | 'unknown';
  why?: string;
  owner?: { owner: string; path: string };
  /** Installs or readies packages of the system: another image gets them in one line. */
  packages?: true;
  /** Only some of the packages are for the run time: the build stage keeps the command, the other stages get those. */
  parted?: true;
}

/** What holds for every RUN of the stage. */
export interface Asked {
  /** The directory whose artefacts are copied. */
  app: string | undefined;
  /** Names of the programs that the container needs. */
  programs: ReadonlySet<string>;
  /** Programs that the project's own packages bring. */
  own(name: string): boolean;
  packages: PackagePlan;
  /** Directories that the split carries as a whole: what is written there is not lost. */
  carried: readonly string[];
  /** The ecosystem that splits: its installs and builds are its own matter. */
  ecosystem: string;
  /** It reads its builds inside of scripts and makefiles as well. */
  opens: boolean;
  /** Tools of other languages that nothing starts, and where their projects are built. */
  guests: readonly Guest[];
  builtBeside: readonly string[];
  /** The image, where it was looked into. */
  image?: ImageFacts | undefined;
  /** The program that the container runs, where the build makes it. */
  made?: { program: string; imagePath: string | undefined } | undefined;
}

/** What holds for the commands of one RUN. */
export interface Where extends Asked {
  run: RunReading;
  /** Root runs it. */
  byRoot: boolean;
  /** The packages of the project were installed before this RUN. */
  packagesAbove: boolean;
  /** Sources were copied before this RUN. */
  sourcesAbove: boolean;
  /** What the same RUN removes again. */
  removed: Places;
  /** Directories that COPYs fill from the context. */
  filled: readonly string[];
  /** Files that RUNs brought from the network or printed to, gathered on the way. */
  fetched: string[];
  /** Packages of the system that files need which RUNs wrote, as their ELF headers say, gathered on the way. */
  libraries: string[];
  /** What was looked up, gathered on the way. */
  evidence: Evidence[];
  /** Directories that kept commands and COPYs make, gathered on the way. */
  dirs: string[];
  /** Those of them that commands make, whose mode a copy of nothing brings. */
  fresh: Set<string>;
}
