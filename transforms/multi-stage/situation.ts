// multi-stage: what every ecosystem's split asks first: the run command, the working directory, the packages, the RUNs.
import { aptPlan, type AptPlan } from '../../src/base/packages.ts';
import { swapProblem } from '../../src/base/base.ts';
import { ecosystemOf } from '../../src/facts/project.ts';
import { isRoot, type StageReading } from '../../src/facts/reading.ts';
import { planRuns, type RunPlan } from '../../src/facts/run-parts.ts';
import type { Subject } from '../../src/facts/subject.ts';
import type { Evidence } from '../../src/facts/types.ts';
import { pinned, suiteOf } from '../../src/base/suite.ts';
import { devServer, supervisors } from '../../src/knowledge/dev-commands.ts';
import { commandStart, runCommand, type RunCommand } from '../../src/runtime/run-command.ts';
import { refuse, requireFact } from '../../src/transform.ts';

export interface Situation {
  subject: Subject;
  reading: StageReading;
  run: RunCommand;
  runEvidence: Evidence[];
  /** The final working directory, absolute. */
  workdir: string;
  apt: AptPlan;
  runs: RunPlan;
  /** Debian release of the base, when known or told by the dated table. */
  suite: string | undefined;
  /** Name of the build stage, and of one for dependencies. */
  builder: string;
  dependencies: string;
  /** `--chown=…` for what comes from the builder, as the original's files were owned. */
  owner: string[];
}

/** Answers the common questions of the final stage, or refuses. */
export function situation(subject: Subject): Situation {
  const reading = subject.final;
  const { from } = reading.stage;
  const swap = swapProblem(reading.base);
  if (swap && swap.id !== 'private-mirror-base') refuse(swap.id, swap.message, from.image.span.start, { allow: swap.allow });
  if (swap && subject.options.level !== 'max') refuse(swap.id, swap.message, from.image.span.start, { allow: swap.allow });
  const { value: run, evidence } = requireFact(subject, runCommand(subject), {
    id: 'rc-unresolved',
    message: (why) => `Cannot determine what the container runs: ${why}`,
    at: commandStart(subject),
  });
  const words = [run.program, ...run.args];
  for (const chain of [words, ...run.wrappers])
    if (devServer(chain)) refuse('dev-server-cmd', `\`${chain.join(' ')}\` is a development server or builds at start`, run.at);
  if (run.needs.some((n) => supervisors.has(n.program))) refuse('supervisor', `Several services are started (${words.join(' ')})`, run.at);
  const { workdir } = reading.end;
  if ('unknown' in workdir) refuse('rc-unresolved', `Cannot determine the working directory: ${workdir.unknown}`, run.at);
  // a binary goes to debian or distroless: both stages name one release; an interpreter keeps its repository, whose tags move together
  const crosses = ecosystemOf(subject.project.ecosystems, reading.base)?.toolchain !== undefined;
  const suite = crosses ? pinned(reading.base)?.suite : suiteOf(reading.base);
  const apt = aptPlan(reading, suite);
  if (apt.problem) refuse(apt.problem.id, apt.problem.message, apt.problem.at);
  const path = (workdir as { value: string }).value;
  const programs = new Set(run.needs.map((n) => n.program));
  const runs = planRuns(reading, path === '/' ? undefined : path, programs, ownPrograms(subject));
  if (runs.unknown)
    refuse('opaque-run', `RUN at line ${runs.unknown.run.instruction.line} ${runs.unknown.why}`, runs.unknown.run.instruction.start);
  foreignCopies(reading);
  const exec = reading.runs.find((r) => !r.instruction.script && r.parts.some((p) => p.manager));
  if (exec) refuse('opaque-run', `RUN at line ${exec.instruction.line} is in exec form, and is not edited`, exec.instruction.start);
  return {
    subject,
    reading,
    run,
    runEvidence: evidence,
    workdir: path,
    apt,
    runs,
    suite,
    builder: builderName(reading),
    dependencies: reading.stage.name === 'deps' ? 'dependencies' : 'deps',
    owner: ownerOf(reading, runs),
  };
}

/** Programs that packages of the project bring, or that a RUN installs by name for the build. */
function ownPrograms({ project, final }: Subject): (name: string) => boolean {
  const installed = new Set(final.runs.flatMap((r) => r.parts.flatMap((p) => p.manager?.tools?.(p.command) ?? [])));
  return (name) => installed.has(name) || project.all('').some((found) => found.provides?.(name) ?? false);
}

/** Files from other images: what they are for cannot be told. */
function foreignCopies(reading: StageReading): void {
  const foreign = reading.copies.find((c) => !c.fromContext);
  if (foreign)
    refuse(
      'opaque-run',
      `Line ${foreign.instruction.line} copies files from the image ${foreign.instruction.from}; whether the container needs them is unknown`,
      foreign.instruction.start,
    );
  const remote = reading.copies.find((c) => c.sources.some((s) => s.kind === 'remote' || s.kind === 'variable'));
  if (remote)
    refuse('opaque-run', `Line ${remote.instruction.line} adds a file whose source is remote or computed`, remote.instruction.start);
}

function builderName(reading: StageReading): string {
  return reading.stage.name === 'builder' ? 'build' : 'builder';
}

/** Who owned the application's files: a `chown -R`, the COPY's own `--chown`, or the user that installed. */
function ownerOf(reading: StageReading, runs: RunPlan): string[] {
  if (runs.owner) return [`--chown=${runs.owner.owner}`];
  const broad = reading.copies.filter((c) => c.fromContext);
  const flag = broad[broad.length - 1]?.instruction.flags.find((f) => f.name === 'chown');
  if (flag) return [flag.raw];
  const lastRun = reading.runs[reading.runs.length - 1];
  if (!lastRun) return [];
  const state = reading.before(lastRun.instruction);
  return isRoot(state) || 'unknown' in state.user ? [] : [`--chown=${state.user.value}`];
}
