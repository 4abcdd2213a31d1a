// Room: ecosystems/python. multi-stage for Python: what its parts share.
import type { Instruction } from '../../dockerfile/types.ts';
import type { ProjectInstall } from './project-install.ts';
import type { UvInstall } from './uv-install.ts';
import type { PythonProject } from './types.ts';
import type { RunReading } from '../../facts/reading.ts';
import type { Install } from '../../installs/shapes.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';

export interface PythonCase extends Situation {
  project: PythonProject;
  installs: { run: RunReading; install: Install }[];
  /** Installs of projects of the context themselves. */
  projects: ProjectInstall[];
  /** `uv sync`s. */
  uv: UvInstall[];
  /** The first of all of them. */
  first: RunReading;
}

/** The first instruction of the COPYs that stand directly before an install: what is put there is cached with the installs. */
export function installHead(c: PythonCase, run: RunReading): Instruction {
  let head: Instruction = run.instruction;
  for (const i of [...c.reading.stage.instructions].reverse())
    if (i.index === head.index - 1 && (i.keyword === 'COPY' || i.keyword === 'ADD')) head = i;
  return head;
}
