// Room: ecosystems/python. Services of compose whose start needs what the run command of the last stage does without: uv, Poetry.
import type { Evidence } from '../types.ts';
import { inside } from '../../facts/copies.ts';
import type { PythonCase } from './split-case.ts';

/** The first service that calls the program, also where it only repeats the command of the Dockerfile (`command: uv run app`). */
export function serviceThatCalls(c: PythonCase, isProgram: (word: string) => boolean): Evidence | undefined {
  for (const { command, entrypoint, healthcheck, evidence } of c.subject.project.uses().services) {
    const words = [entrypoint, command, healthcheck].flatMap((given) => [given ?? []].flat().flatMap((text) => text.split(/[\s"'();|&]+/)));
    if (words.some(isProgram)) return evidence;
  }
  return undefined;
}

/** The first service that mounts a directory of the host over this one: what the image has there is not seen. */
export function serviceThatHides(c: PythonCase, path: string): { evidence: Evidence; target: string } | undefined {
  for (const { mounts, evidence } of c.subject.project.uses().services) {
    const over = mounts.find(({ kind, target }) => kind === 'bind' && inside(path, target));
    // an empty volume on the directory itself gets what the image has
    const kept = mounts.some(
      ({ kind, target }) => kind === 'volume' && inside(path, target) && over !== undefined && target.length > over.target.length,
    );
    if (over && !kept) return { evidence, target: over.target };
  }
  return undefined;
}
