// Room: ecosystems/go. What a Go module may want hidden from the build: the binaries that it makes.
import type { RunPart, StageReading } from '../../facts/reading.ts';
import type { State } from '../../dockerfile/types.ts';
import { originOf, resolvePath } from '../../facts/copies.ts';
import type { Subject } from '../../facts/subject.ts';
import { candidate, type Candidate } from '../../ignore/candidates.ts';
import { goBuild } from './build.ts';

/** What `go build -o` writes into the working directory, by its name in the context. */
export const goIgnored = (subject: Subject): Candidate[] =>
  subject.stages.flatMap((reading) =>
    reading.runs.flatMap((run) => {
      const state = reading.before(run.instruction);
      return run.parts.flatMap((part) => {
        const path = outputOf(subject, reading, state, part);
        return path === undefined ? [] : [candidate(path, { review: true, made: true })];
      });
    }),
  );

function outputOf({ project: { tree } }: Subject, reading: StageReading, { workdir }: State, part: RunPart): string | undefined {
  const output = part.manager?.id === 'go' ? goBuild(part.command)?.output : undefined;
  if (output === undefined || !('value' in workdir)) return undefined;
  const path = resolvePath(workdir.value, output);
  const root = originOf(reading.copies, tree, workdir.value);
  if (path === undefined || root === undefined || !path.startsWith(workdir.value)) return undefined;
  const name = path.slice(workdir.value.length + (workdir.value === '/' ? 0 : 1));
  return name === '' || name.startsWith('..') || tree.stat(name) ? undefined : [root, name].filter(Boolean).join('/');
}
