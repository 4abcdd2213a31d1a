// Room: ecosystems/python. A project with the sources that the image has: requirements may stand in another directory than the program.
import { copiedDirectories, outermost } from '../../facts/applications.ts';
import type { Subject } from '../../facts/subject.ts';
import { once } from '../../once.ts';
import { bareReader } from './facts.ts';
import type { PythonProject } from './types.ts';

/** The project of a directory that an install reads, with the sources of all directories that COPYs bring. */
export function applicationAt(subject: Subject, dir: string): PythonProject | undefined {
  const project = subject.project.read(bareReader, dir);
  const dirs = outermost([dir, ...copiedDirectories(subject)]);
  if (!project || (dirs.length === 1 && dirs[0] === dir)) return project;
  const all = dirs.flatMap((one) => subject.project.read(bareReader, one) ?? []);
  return {
    ...project,
    sources: once(() => all.flatMap((one) => one.sources())),
    hits: once(() => all.flatMap((one) => one.hits())),
  };
}
