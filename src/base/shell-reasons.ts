// Room: base/. Why an image for a compiled program needs a shell or other programs beside it.
import { names } from '../effects/words.ts';
import type { SourceHit } from '../ecosystems/types.ts';
import type { RunPlan } from './run-plan.ts';
import type { Evidence } from '../facts/types.ts';
import type { RunCommand } from '../runtime/run-command.ts';

interface Question {
  run: RunCommand;
  runs: RunPlan;
  project: { hits(): readonly SourceHit[] };
}

/** The program that starts the container's own: `["sh", "-c", "./server"]`. The shell of the shell form is taken off where it can be. */
const startedByWords = ({ entrypoint, cmd, started }: RunCommand): string | undefined =>
  (entrypoint ?? cmd)?.form === 'exec' ? started.find((one) => one.starter)?.effects.program : undefined;

/** How the evidence of a source that starts a program begins. */
export const startsProgram = 'starts a program: ';

/** Places of programs, and those that link no library wherever they are fetched from. Sources: the releases of each project. */
const IN_PATH = /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/;
const STATIC = names('grpc_health_probe grpc-health-probe gosu dockerize migrate dbmate goose kubectl helm yq tini-static');

/** The reasons, each with its place; empty: scratch or distroless will do. */
export function shellReasons(q: Question): Evidence[] {
  const reasons: Evidence[] = [];
  if (q.run.shellSyntax || q.run.scripts.length > 0 || q.run.wrappers.length > 0)
    reasons.push({ file: 'Dockerfile', says: 'the run command needs a shell' });
  if (q.run.healthcheck && !q.run.healthcheck.none)
    reasons.push({ file: 'Dockerfile', line: q.run.healthcheck.line, says: 'HEALTHCHECK runs a program' });
  const started = startedByWords(q.run);
  if (started !== undefined) reasons.push({ file: 'Dockerfile', says: `the run command starts ${started}` });
  for (const other of q.run.outside) reasons.push(other.evidence);
  for (const hit of q.project.hits())
    if (hit.kind === 'spawn') reasons.push({ file: hit.file, line: hit.line, says: `${startsProgram}${hit.text}` });
  const fetched = q.runs.artefacts.find((path) => IN_PATH.test(path) && !STATIC.has(path.slice(path.lastIndexOf('/') + 1)));
  if (fetched !== undefined) reasons.push({ file: 'Dockerfile', says: `a RUN brings ${fetched}, whose libraries are not known` });
  if (q.runs.repeats.size > 0) reasons.push({ file: 'Dockerfile', says: 'a RUN sets up users or directories' });
  return reasons;
}
