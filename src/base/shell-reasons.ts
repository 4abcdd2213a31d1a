// Room: base/. Why an image for a compiled program needs a shell or other programs beside it.
import type { SourceHit } from '../ecosystems/types.ts';
import type { RunPlan } from './placement.ts';
import type { Evidence } from '../facts/types.ts';
import type { RunCommand } from '../runtime/run-command.ts';

interface Question {
  run: RunCommand;
  runs: RunPlan;
  project: { hits(): readonly SourceHit[] };
}

/** How the evidence of a source that starts a program begins. */
export const startsProgram = 'starts a program: ';

/** The reasons, each with its place; empty: scratch or distroless will do. */
export function shellReasons(q: Question): Evidence[] {
  const reasons: Evidence[] = [];
  if (q.run.shellSyntax || q.run.scripts.length > 0 || q.run.wrappers.length > 0)
    reasons.push({ file: 'Dockerfile', says: 'the run command needs a shell' });
  if (q.run.healthcheck && !q.run.healthcheck.none)
    reasons.push({ file: 'Dockerfile', line: q.run.healthcheck.line, says: 'HEALTHCHECK runs a program' });
  for (const other of q.run.outside) reasons.push(other.evidence);
  for (const hit of q.project.hits())
    if (hit.kind === 'spawn') reasons.push({ file: hit.file, line: hit.line, says: `${startsProgram}${hit.text}` });
  if (q.runs.repeats.size > 0) reasons.push({ file: 'Dockerfile', says: 'a RUN sets up users or directories' });
  return reasons;
}
