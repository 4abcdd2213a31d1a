// Room: ecosystems/go. Packages of the system that the running program alone starts: they are installed in the last stage, and the build does without them.
import type { PackagePlan } from '../../base/packages.ts';
import { spawnedPrograms } from '../../base/programs.ts';
import type { Run } from '../../dockerfile/types.ts';
import { allOf } from '../../effects/effects.ts';
import type { Need } from '../../facts/types.ts';
import type { RunPart, RunReading, StageReading } from '../../facts/reading.ts';
import { packageName } from '../../knowledge/debian-packages.ts';
import { program } from '../../knowledge/programs.ts';
import type { Subject } from '../../facts/subject.ts';
import type { GoProject } from './types.ts';

interface Question {
  subject: Subject;
  reading: StageReading;
  apt: PackagePlan;
  project: GoProject;
  run: { needs: readonly Need[] };
}

/** What go itself may start to fetch modules. Source: `go help vcs`. */
const OF_GO: ReadonlySet<string> = new Set(['git', 'hg', 'svn', 'bzr', 'fossil', 'ssh']);
/** Commands of a build that start no program of the system: all that they do is told. */
const PLAIN: ReadonlySet<string> = new Set(['nothing', 'state', 'files', 'own', 'users', 'clean', 'configure']);

/** The RUNs that install nothing else, where every other command of the build is known to do without: all of them, or none. */
export function onlyAtRunTime({ subject, reading, apt, project, run }: Question): Run[] {
  const started = [...run.needs, ...spawnedPrograms(subject, project.hits())]
    .map(({ program: path }) => path.slice(path.lastIndexOf('/') + 1))
    .filter((name) => !OF_GO.has(name))
    .flatMap((name) => (apt.manager === 'apk' ? program(name)?.alpine : program(name)?.debian) ?? []);
  const system = reading.runs.filter(({ parts }) => parts.some(ofSystem));
  const all = system.every((one) => {
    const packages = apt.byRun.get(one.instruction.index);
    return (
      one.opaque === undefined &&
      one.parts.every((part) => ofSystem(part) || part.kind === 'clean-cache') &&
      (packages === undefined || (packages.build.length === 0 && packages.runtime.every((name) => started.includes(packageName(name)))))
    );
  });
  const others = reading.runs.filter((one) => !system.includes(one));
  return all && others.every(startsNothing) ? system.map(({ instruction }) => instruction) : [];
}

const ofSystem = ({ manager }: RunPart): boolean => manager?.ecosystem === 'system';

/** go builds and downloads; the rest moves files about. */
const startsNothing = ({ parts, opaque }: RunReading): boolean =>
  opaque === undefined &&
  parts.every(({ manager, kind, effects }) =>
    manager?.id === 'go'
      ? ['build', 'download'].includes(kind)
      : manager === undefined && allOf([effects]).every(({ does, startsUnknown }) => PLAIN.has(does.kind) && startsUnknown === undefined),
  );
