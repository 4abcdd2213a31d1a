// multi-stage, where nobody splits: why an image with a build in it stays one stage. An image that only sets up a service needs no sentence.
import { allOf } from '../../src/effects/effects.ts';
import { languageOf, toolchainOf } from '../../src/effects/rows/languages.ts';
import type { RunPart, StageReading } from '../../src/facts/reading.ts';
import type { Subject } from '../../src/facts/subject.ts';
import { packagePlan } from '../../src/base/packages.ts';
import { refusal, type Refusal } from '../../src/transform.ts';

const BY_HAND = 'Write two stages: the first one builds, and the last one gets what the container runs by COPY --from.';

/** A step that builds, as a sentence says it. */
interface BuildStep {
  line: number;
  at: number;
  program: string;
  /** Whose projects it builds; `ecosystem` where they are read, on images of their own. */
  language: string;
  ecosystem: string | undefined;
}

/** Why the one stage is not split: its build is of a language that is not read, or stands on an image that is not of its language. */
export function notSplit(subject: Subject): Refusal | undefined {
  const { final, project } = subject;
  const step = buildStep(final);
  const image = final.base.image.raw;
  const found = project.ecosystems.find(({ id }) => id === step?.ecosystem);
  const own = found?.images[0];
  const beside = found?.onOtherImages === true && final.base.problem === undefined;
  if (step && own)
    return refusal(
      'no-ecosystem',
      `The image stands on ${image}; what \`${step.program}\` makes (line ${step.line})${beside ? ', beside projects of other languages,' : ''} is split on images of ${own.repository} only`,
      step.at,
      {
        allow: `Stand on ${own.repository}, or write two stages: the last one gets what the container runs by COPY --from.`,
      },
    );
  if (step)
    return refusal(
      'no-ecosystem',
      `Line ${step.line} builds with \`${step.program}\`, and ${step.language} projects are not read: what the container needs of the build is unknown`,
      step.at,
      { allow: BY_HAND },
    );
  return compilers(final) ?? kit(final) ?? downloads(final);
}

/** The first command that compiles, or installs packages of a project. */
export function buildStep({ runs }: StageReading): BuildStep | undefined {
  for (const { instruction, parts } of runs)
    for (const part of parts) {
      const found = buildOf(part);
      if (found) return { ...found, line: instruction.line, at: instruction.start };
    }
  return undefined;
}

function buildOf({ manager, kind, effects }: RunPart): Omit<BuildStep, 'line' | 'at'> | undefined {
  if (manager && manager.ecosystem !== 'system' && (kind === 'install' || kind === 'build'))
    return { program: effects.program, language: languageOf(effects.program) ?? manager.id, ecosystem: manager.ecosystem };
  for (const { does } of allOf([effects]))
    if (does.kind === 'build') return { program: does.tool, language: languageOf(does.tool) ?? 'C and C++', ecosystem: undefined };
  return undefined;
}

/** An archive that a RUN unpacks: a stage of its own could, which is not this tool's to write. */
function downloads({ runs }: StageReading): Refusal | undefined {
  const found = runs.find(({ parts }) => allOf(parts.map(({ effects }) => effects)).some(({ does }) => does.kind === 'unpack'));
  const program = found && allOf(found.parts.map(({ effects }) => effects)).find(({ does }) => does.kind === 'unpack')?.program;
  if (!found || program === undefined) return undefined;
  const { line, start } = found.instruction;
  return refusal('no-gain', `Nothing is compiled in this file; what \`${program}\` unpacks (line ${line}) stays where it is`, start, {
    allow: 'Unpack it in a stage of its own, and bring what is needed by COPY --from.',
  });
}

/** Compilers that the file installs and no step is seen to use. */
function compilers(final: StageReading): Refusal | undefined {
  const { build } = packagePlan(final, final.base.tag.suite);
  const [first] = build;
  const run = final.runs.find((r) => r.parts.some((p) => p.kind === 'install-named' && p.manager?.ecosystem === 'system'));
  if (first === undefined || !run) return undefined;
  return refusal(
    'no-ecosystem',
    `The image installs ${first}${build.length > 1 ? ' and other packages for building' : ' for building'}, and what is built with it is unknown`,
    run.instruction.start,
    { allow: BY_HAND },
  );
}

/** A development kit below a program that is built elsewhere. */
function kit({ base, stage }: StageReading): Refusal | undefined {
  const found = kitOf(base);
  if (!found) return undefined;
  return refusal(
    'toolchain-in-runtime',
    `Nothing is built in this file, and ${base.image.raw} has the compilers of ${found.language}`,
    stage.from.image.span.start,
    {
      ...(found.runsOn === undefined ? {} : { allow: `Try FROM ${found.runsOn}, which has what ${found.language} programs run on.` }),
    },
  );
}

/** The development kit that a base is. */
export function kitOf({ image, hub }: StageReading['base']): ReturnType<typeof toolchainOf> {
  return toolchainOf(hub ?? image.repository, image.tag);
}
