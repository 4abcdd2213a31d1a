// multi-stage: what every ecosystem's split asks first: the run command, the working directory, the packages, the RUNs.
import { packagePlan, type PackagePlan } from '../../src/base/packages.ts';
import { planRuns } from '../../src/base/placement.ts';
import { spawnedPrograms } from '../../src/base/programs.ts';
import { type RunPlan } from '../../src/base/run-plan.ts';
import { sharedStage, type SharedStage } from './shared-stage.ts';
import type { CopyLike } from '../../src/dockerfile/types.ts';
import { idleGuests } from '../../src/base/guests.ts';
import type { EcosystemFacts, FrontEnd, Guest, HandsOut } from '../../src/ecosystems/types.ts';
import { swapProblem } from '../../src/base/base.ts';
import { inside, landingOf } from '../../src/facts/copies.ts';
import { hitsOf, projectsOf } from '../../src/facts/applications.ts';
import { runtimeGitUser, startsGit } from '../../src/facts/git.ts';
import { standsOn } from '../../src/facts/project.ts';
import { isRoot, type StageReading } from '../../src/facts/reading.ts';
import type { Subject } from '../../src/facts/subject.ts';
import type { Evidence } from '../../src/facts/types.ts';
import { pinned, suiteOf } from '../../src/base/suite.ts';
import { buildsAtStart } from '../../src/effects/rows/development.ts';
import { asksFor } from '../../src/effects/rows/rights.ts';
import { isDataFile } from '../../src/knowledge/data-files.ts';
import { everyCommand } from '../../src/runtime/other-commands.ts';
import { commandStart, runCommand, serverCommand, type RunCommand } from '../../src/runtime/run-command.ts';
import { refuse, requireFact } from '../../src/refusal.ts';

export interface Situation {
  subject: Subject;
  reading: StageReading;
  run: RunCommand;
  runEvidence: Evidence[];
  /** The final working directory, absolute. */
  workdir: string;
  apt: PackagePlan;
  runs: RunPlan;
  /** Debian release of the base, when known or told by the dated table. */
  suite: string | undefined;
  /** Why the base image cannot be swapped for a variant; undefined: it can. */
  swap: { id: string; message: string; allow?: string } | undefined;
  /** The stage that both stages are built from, where the last one must stand on the original's own image. */
  shared: SharedStage | undefined;
  /** The image of the last stage where it is the original's own: the shared stage, or the image as written. Undefined: the ecosystem chooses. */
  stays: string | undefined;
  /** Why it stays, for the reader. */
  staysBecause: { id: string; message: string; at: number } | undefined;
  /** What the image's own server hands out, where the container does nothing else. */
  handsOut: HandsOut | undefined;
  /** Projects of other languages that are built here, and of which the container needs less than is there. */
  frontEnds: readonly FrontEnd[];
  /** Name of the build stage, and of one for dependencies. */
  builder: string;
  dependencies: string;
  /** `--chown=…` for what comes from the builder, as the original's files were owned. */
  owner: string[];
}

/** What only ecosystems answer. */
interface Asked {
  /** The directory of the application in the image, where that is not the working directory. */
  application(workdir: string): string | undefined;
  /** What is built here of other languages. `idle`: tools that nothing starts. */
  frontEnds(run: RunCommand, idle: readonly Guest[]): FrontEnd[];
  /** The front end that a server hands out. */
  handsOut: HandsOut | undefined;
  /** The program, where a RUN has built what the command would build. */
  builtBefore(run: RunCommand): RunCommand | undefined;
}

/** Answers the common questions of the final stage, or refuses. */
export function situation(subject: Subject, ecosystem: EcosystemFacts, asked: Asked): Situation {
  const reading = subject.final;
  const { from } = reading.stage;
  const swap = swapProblem(reading.base);
  // programs of an interpreter run on its own image, which can stay; the others leave a compiler behind
  const interpreted = ecosystem.toolchain === undefined;
  if (swap && !interpreted && !['digest-base', 'arg-base', 'private-mirror-base'].includes(swap.id))
    refuse(swap.id, swap.message, from.image.span.start, { allow: swap.allow });
  const { handsOut } = asked;
  const command = handsOut ? serverCommand(subject) : interpreted ? everyCommand(subject) : runCommand(subject);
  const { value: asWritten, evidence } = requireFact(subject, command, {
    id: 'rc-unresolved',
    message: (why) => `Cannot determine what the container runs: ${why}`,
    at: commandStart(subject),
  });
  const run = asked.builtBefore(asWritten) ?? asWritten;
  const words = [run.program, ...run.args];
  for (const chain of [words, ...run.wrappers])
    if (buildsAtStart(chain, subject.project.knowledge.wrappers))
      refuse('dev-server-cmd', `\`${chain.join(' ')}\` is a development server or builds at start`, run.at);
  if (run.needs.some((n) => asksFor(n.program, 'several')))
    refuse('supervisor', `Several services are started (${words.join(' ')})`, run.at);
  const { workdir } = reading.end;
  if ('unknown' in workdir)
    refuse('rc-unresolved', `Cannot determine the working directory: ${workdir.unknown}`, run.at, {
      allow: 'Write WORKDIR without a build argument.',
    });
  // a binary goes to debian or distroless: both stages name one release; an interpreter keeps its repository, whose tags move together
  const suite = interpreted ? suiteOf(reading.base) : swap ? reading.base.tag.suite : pinned(reading.base)?.suite;
  const guests = handsOut && ecosystem.guest ? [ecosystem.guest] : idleGuests(subject, run, ecosystem);
  const frontEnds = asked.frontEnds(run, guests);
  const apt = packagePlan(reading, suite, subject.project.image?.facts, guests);
  const path = (workdir as { value: string }).value;
  // a library that works with repositories runs git
  const started = [...run.needs, ...spawnedPrograms(subject, hitsOf(subject))].map(({ program }) => program);
  const programs = new Set([...started, ...(startsGit(subject) ? ['git'] : [])]);
  const runs = planRuns(reading, {
    app: handsOut?.place ?? (path === '/' ? undefined : (asked.application(path) ?? path)),
    programs,
    own: ownPrograms(subject),
    packages: apt,
    carried: [...(handsOut?.dirs ?? []), ...reading.runs.flatMap((r) => r.parts.flatMap((p) => ecosystem.carries?.(p.effects) ?? []))],
    ecosystem: ecosystem.id,
    opens: ecosystem.opens === true,
    made: interpreted ? undefined : run,
    guests,
    builtBeside: frontEnds.map(({ place }) => place),
    image: subject.project.image?.facts,
    assume: subject.options.level === 'max' ? 'build' : 'nothing',
  });
  foreignCopies(subject, runs, programs, guests);
  if (runs.unknown)
    refuse('opaque-run', `RUN at line ${runs.unknown.run.instruction.line} ${runs.unknown.why}`, runs.unknown.run.instruction.start);
  const written = reading.copies.find(({ instruction }) => instruction.heredocs.length > 0);
  if (written)
    refuse(
      'heredoc-file',
      `Line ${written.instruction.line} writes a file from a here-document, which a split does not bring to another stage`,
      written.instruction.start,
      {
        allow: 'Make it a file of the build context.',
      },
    );
  const exec = reading.runs.find((r) => !r.instruction.script && r.parts.some((p) => p.manager));
  if (exec)
    refuse(
      'opaque-run',
      `RUN at line ${exec.instruction.line} is in exec form, which a split does not take apart`,
      exec.instruction.start,
      {
        allow: 'Write it in shell form, as in RUN npm install.',
      },
    );
  const stays = staying(subject, { runs, apt }, swap, ecosystem);
  return {
    subject,
    reading,
    run,
    runEvidence: evidence,
    workdir: path,
    apt,
    runs,
    suite,
    swap,
    ...stays,
    handsOut,
    frontEnds,
    builder: builderName(reading),
    dependencies: reading.stage.name === 'deps' ? 'dependencies' : 'deps',
    owner: ownerOf(reading, runs),
  };
}

/** Programs that packages of the project bring, or that a RUN installs by name for the build. */
function ownPrograms(subject: Subject): (name: string) => boolean {
  const installed = new Set(subject.final.runs.flatMap((r) => r.parts.flatMap((p) => p.manager?.tools?.(p.command) ?? [])));
  return (name) => installed.has(name) || projectsOf(subject).some(({ project }) => project.provides?.(name) ?? false);
}

/** Whether the last stage stands on the original's own image, and by way of which stage. */
function staying(
  { final, options }: Subject,
  plans: { runs: RunPlan; apt: PackagePlan },
  swap: Situation['swap'],
  { toolchain, kit, images }: EcosystemFacts,
): Pick<Situation, 'shared' | 'stays' | 'staysBecause'> {
  const interpreted = toolchain === undefined;
  const { from } = final.stage;
  const { runs, apt } = plans;
  const told = runs.fixed && {
    id: 'opaque-run',
    message: `${runs.fixed.instruction.keyword} at line ${runs.fixed.instruction.line} ${runs.fixed.why}`,
    at: runs.fixed.instruction.start,
  };
  const fixed = apt.problem && (!told || runs.fixed?.why === apt.problem.message) ? apt.problem : told;
  if (!interpreted) {
    if (fixed) refuse(fixed.id, fixed.message, fixed.at);
    return { shared: undefined, stays: undefined, staysBecause: undefined };
  }
  const bound =
    swap && !(swap.id === 'private-mirror-base' && options.level === 'max')
      ? { id: swap.id, message: swap.message, at: from.image.span.start }
      : undefined;
  // a kit has a smaller image in every variant; the image of another family is not this ecosystem's to change
  const small = (final.base.tag.variant !== 'full' && kit !== true) || options.base === 'keep' || !standsOn(images, final.base);
  const because = bound ?? fixed;
  if (!because && !(small && runs.kept.size > 0))
    return { shared: undefined, stays: small ? from.image.raw : undefined, staysBecause: undefined };
  const shared = sharedStage(final, runs);
  if (!shared)
    refuse(
      because?.id ?? 'no-gain',
      because?.message ?? 'Splitting would not remove anything from the final image',
      because?.at ?? from.start,
    );
  return { shared, stays: shared?.name, staysBecause: because };
}

/** Files from other images and from the network: they are kept, on the image that had them. */
function foreignCopies({ project, final: reading }: Subject, runs: RunPlan, programs: ReadonlySet<string>, guests: readonly Guest[]): void {
  for (const { fromContext, instruction, dest } of reading.copies) {
    if (fromContext || buildTool(project, instruction.from ?? '', programs) || putsGuest(guests, instruction, dest)) continue;
    runs.besideCopies.add(instruction.index);
    if (instruction.sources.every(({ value }) => isDataFile(value))) continue;
    runs.fixed ??= { instruction, why: `copies files from the image ${instruction.from}, which the container may need` };
  }
  const remote = reading.copies.find((c) => c.sources.some((s) => s.kind === 'remote' || s.kind === 'variable'));
  if (remote)
    refuse('opaque-run', `Line ${remote.instruction.line} adds a file whose source is remote or computed`, remote.instruction.start);
}

/** `COPY --from=node:22 /usr/local/bin/node /usr/local/bin/`: tools of another language that nothing starts. */
const putsGuest = (guests: readonly Guest[], { sources }: CopyLike, dest: string | undefined): boolean =>
  dest !== undefined &&
  sources.length > 0 &&
  guests.some(({ places }) =>
    sources.every(
      ({ value }) => places.test(value) && (places.test(dest) || places.test(`${dest}/${value.slice(value.lastIndexOf('/') + 1)}`)),
    ),
  );

/** An image that holds one program of the build, which the container does not need. Source of composer: docs.docker.com/reference. */
const buildTool = ({ managers }: Subject['project'], image: string, programs: ReadonlySet<string>): boolean =>
  [...managers, { toolImages: ['composer'], programs: ['composer'] }].some(
    (tool) =>
      !tool.programs.some((program) => programs.has(program)) &&
      tool.toolImages?.some((name) => image === name || image.includes(`${name}:`) || image.endsWith(`/${name}`)),
  );

function builderName(reading: StageReading): string {
  return reading.stage.name === 'builder' ? 'build' : 'builder';
}

/** Who owned the application's files: a `chown -R`, the COPY's own `--chown`, or the user that installed. */
function ownerOf(reading: StageReading, runs: RunPlan): string[] {
  if (runs.owner) return [`--chown=${runs.owner.owner}`];
  const brought = reading.copies.filter((c) => c.fromContext);
  const { workdir } = reading.end;
  // a file beside the application says nothing of it
  const whole = brought.findLast(({ broad, dest }) => broad && dest !== undefined && 'value' in workdir && inside(workdir.value, dest));
  const flag = (whole ?? brought.at(-1))?.instruction.flags.find((f) => f.name === 'chown');
  if (flag) return [flag.raw];
  // root may come back to remove packages of the system
  const lastRun = reading.runs.findLast(({ parts }) => !parts.every(({ manager }) => manager?.ecosystem === 'system'));
  if (!lastRun) return [];
  const state = reading.before(lastRun.instruction);
  return isRoot(state) || 'unknown' in state.user ? [] : [`--chown=${state.user.value}`];
}

/** Refuses where the program asks git about the repository that the image has: the last stage of a compiled program would not have it. */
export function refuseRepository({ subject, reading, run }: Situation): void {
  const git =
    subject.project.ignore.ignores('.git') || landingOf(reading.copies, '.git') === undefined ? undefined : runtimeGitUser(subject);
  if (git)
    refuse('git-is-read', `${git.who}, and the last stage would not have the repository that the image has`, run.at, {
      evidence: [git.evidence],
      allow: 'List .git in .dockerignore, where the program works with other repositories alone.',
    });
}
