// multi-stage, where the stages are there already: what is wrong with the runtime stage, told and not mended.
import { suiteOf } from '../../src/base/suite.ts';
import type { EcosystemFacts } from '../../src/ecosystems/types.ts';
import { inside, type CopyReading } from '../../src/facts/copies.ts';
import { ecosystemOf } from '../../src/facts/project.ts';
import type { StageReading } from '../../src/facts/reading.ts';
import type { Subject } from '../../src/facts/subject.ts';
import { runsOn } from '../../src/knowledge/tags.ts';
import { runCommand, type RunCommand } from '../../src/runtime/run-command.ts';
import { refusal, type Refusal } from '../../src/transform.ts';
import { buildStep, kitOf } from './not-split.ts';

/** A toolchain under a copied binary, or a C library that is older than the one it was linked with; undefined: nothing to say. */
export function severalStages(subject: Subject): Refusal | undefined {
  const { final, stages } = subject;
  const run = runCommand(subject);
  if ('unknown' in run) return buildsInLast(subject);
  const copy = final.copies.find((c) => c.instruction.from !== undefined && brings(c, run.value));
  const from = copy?.instruction.from?.toLowerCase();
  const builder = stages.find((s) => s.stage.index < final.stage.index && nameOf(s) === from);
  return (
    (builder && (toolchainBelow(subject, builder, run.value) ?? olderLibrary(subject, builder))) ??
    buildsInLast(subject) ??
    kitBelow(subject)
  );
}

/** A last stage that compiles keeps its compilers, whatever stands in the stages above it. */
function buildsInLast({ final, project }: Subject): Refusal | undefined {
  const step = buildStep(final);
  const compiles = step && (step.ecosystem === undefined || project.ecosystems.some((e) => e.toolchain && e.id === step.ecosystem));
  if (!step || !compiles) return undefined;
  return refusal(
    'toolchain-in-runtime',
    `The last stage builds with \`${step.program}\` (line ${step.line}), and what builds stays in the image; a file with several stages is not split again`,
    step.at,
    { allow: 'Make it a build stage, and add a last stage that gets what the container runs by COPY --from.' },
  );
}

/** A development kit of a language that is not read, below what another stage builds. */
function kitBelow({ final }: Subject): Refusal | undefined {
  const { base, stage } = final;
  const kit = kitOf(base);
  if (!kit || base.ofStage !== undefined) return undefined;
  return refusal(
    'toolchain-in-runtime',
    `The last stage stands on ${base.image.raw}, which has the compilers of ${kit.language}; a file with several stages is not split again`,
    stage.from.start,
    kit.runsOn === undefined ? {} : { allow: `Try FROM ${kit.runsOn}, which has what ${kit.language} programs run on.` },
  );
}

/** The program of the run command is what this COPY puts there. */
function brings({ dest }: CopyReading, { imagePath, program }: RunCommand): boolean {
  if (dest === undefined) return false;
  return imagePath === undefined ? dest.endsWith(`/${program}`) || BIN.includes(dest) : inside(imagePath, dest);
}
const BIN = ['/usr/local/bin', '/usr/bin', '/bin'];

const nameOf = ({ stage }: StageReading): string => stage.name ?? String(stage.index);
/** The ecosystem whose image a stage stands on. */
const ecosystemBelow = ({ project }: Subject, { base }: StageReading): EcosystemFacts | undefined => ecosystemOf(project.ecosystems, base);

function toolchainBelow(subject: Subject, builder: StageReading, run: RunCommand): Refusal | undefined {
  const { final, project } = subject;
  const { base, stage } = final;
  const compilers = project.ecosystems.filter((e) => e.toolchain);
  const uses = final.runs.some((r) => r.opaque !== undefined || r.opened.some((p) => compilers.some((e) => e.id === p.manager?.ecosystem)));
  const starts = run.needs.some((need) => compilers.some((e) => e.toolchain?.includes(need.program)));
  if (!ecosystemBelow(subject, final)?.toolchain || base.ofStage !== undefined || base.tag.variant === 'alpine' || uses || starts)
    return undefined;
  const suite = suiteOf(base);
  return refusal(
    'toolchain-in-runtime',
    `The final stage runs what stage ${nameOf(builder)} builds, and stands on ${base.image.raw}, a whole toolchain; a file with several stages is not split again`,
    stage.from.start,
    suite === undefined ? {} : { allow: `Try FROM debian:${suite}-slim, the same release, with the libraries that it links.` },
  );
}

/** A binary asks for the C library that it was linked with. */
function olderLibrary(subject: Subject, builder: StageReading): Refusal | undefined {
  const { final } = subject;
  const [built, runs] = [suiteOf(builder.base), final.base.tag.suite];
  const targets = final.copies.some((c) => c.instruction.sources.some((source) => source.value.includes('musl')));
  const other =
    targets || builder.runs.some((r) => r.opaque !== undefined || r.opened.some((p) => p.manager?.crossTarget?.(p.command) !== undefined));
  const glibc =
    final.base.family?.repository === 'debian' && ecosystemBelow(subject, builder)?.linksLibc && builder.base.tag.variant !== 'alpine';
  if (!glibc || other || built === undefined || runs === undefined || runsOn(built, runs) !== false) return undefined;
  return refusal(
    'older-c-library',
    `${builder.base.image.raw} stands on Debian ${built}, and what it builds runs on ${runs}, whose C library is older: it may not start`,
    final.stage.from.start,
    { allow: `Build on the tag of ${builder.base.family?.repository} that names ${runs}, or run on debian:${built}-slim.` },
  );
}
