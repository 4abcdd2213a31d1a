// Room: installs/. What an install and its site are, and the questions that every part of this room asks of them.
import type { Instruction } from '../dockerfile/types.ts';
import type { ManifestSet, PackageManager } from '../ecosystems/types.ts';
import type { CopyReading } from '../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';
import { oncePer } from '../once.ts';
import { refusal, type Refusal } from '../refusal.ts';
import type { Cut } from './cut.ts';

/** One install: the command, where it runs in the image and which directory of the context that is. */
export interface Install {
  part: RunPart;
  manager: PackageManager;
  /** Absolute directory in the image; undefined: unknown. */
  cwd: string | undefined;
  /** Directory of the context; undefined: not copied from the context. */
  dir: string | undefined;
  /** Why the manifest at `cwd` is not the one of `dir`; undefined: it is. */
  changed: string | undefined;
  /** Requirements files of a pip command, as paths of the context. */
  files: string[];
}
/** A run of installs behind a COPY that brings the sources too early. */
export interface InstallSite {
  reading: StageReading;
  copy: CopyReading;
  runs: RunReading[];
  /** The last install of the last RUN: what follows it in that RUN needs the sources. */
  last: Install;
  /** `move`: COPY goes behind the installs. `two-step`: dependencies first, the whole install again behind COPY. `add-download`: a download of its own is put in front. */
  kind: 'move' | 'two-step' | 'add-download';
  set: ManifestSet;
  /** Where the last RUN is cut; undefined: the whole of it stands before the COPY. */
  cut: Cut | undefined;
  /** `add-download`: the COPY goes behind what stands between it and the build. */
  behind?: true;
}

/** An instruction that keeps the COPY where it is. */
export interface Obstacle {
  at: Instruction;
  why: string;
}

export function refused({ at, why }: Obstacle): Refusal {
  const allow =
    at.keyword === 'RUN' && why.includes(' reads ') ? { allow: 'Put the COPY of the sources behind it, where it does not need them.' } : {};
  return refusal('copy-has-other-reader', `COPY of the sources stays above the install: ${why}`, at.start, allow);
}

/** The COPY brings a directory of the context. */
export const takes = (copy: CopyReading, dir: string | undefined): boolean =>
  dir !== undefined && copy.sources.some((s) => s.kind === 'dir' && (s.path === '' || dir === s.path || dir.startsWith(`${s.path}/`)));

/** The index of the first RUN that has a command of a manager and kind (`npm install`). */
export const firstOf = oncePer((reading: StageReading) => {
  const first = new Map<string, number>();
  for (const run of reading.runs)
    for (const { manager, kind } of run.parts) {
      const key = `${manager?.id} ${kind}`;
      if (!first.has(key)) first.set(key, run.instruction.index);
    }
  return (key: string): number | undefined => first.get(key);
});
