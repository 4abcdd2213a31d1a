// Room: facts/. The subject: what a transform sees. The project lives as long as the run, the reading as long as this text.
import type { Dockerfile } from '../dockerfile/types.ts';
import { once } from '../once.ts';
import type { Options } from '../types.ts';
import type { Project } from './project.ts';
import { readStages, type StageReading } from './reading.ts';

export interface Subject {
  dockerfile: Dockerfile;
  options: Options;
  project: Project;
  /** One reading per stage: base image, state, what each RUN does, where copied files land. */
  stages: StageReading[];
  /** Reading of the last stage: the one that the image is made of. */
  final: StageReading;
}

/** Reads the text: everything that depends on the Dockerfile as it is now, when it is first asked for. */
export function readSubject(dockerfile: Dockerfile, project: Project, options: Options): Subject {
  const stages = once(() => readStages(dockerfile, project));
  return {
    dockerfile,
    options,
    project,
    get stages() {
      return stages();
    },
    get final() {
      return stages()[dockerfile.stages.length - 1] as StageReading;
    },
  };
}
