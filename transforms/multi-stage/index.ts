// multi-stage: a build stage, and a small runtime stage that has only what the container needs.
import { partsOf } from '../../src/dockerfile/image.ts';
import type { Ecosystem } from '../../src/ecosystems/door.ts';
import type { HandsOut } from '../../src/ecosystems/types.ts';
import { ecosystemOf } from '../../src/facts/project.ts';
import type { Subject } from '../../src/facts/subject.ts';
import { architectureOf } from '../../src/knowledge/images.ts';
import { levelOf } from '../../src/knowledge/programs.ts';
import { archivedSuites } from '../../src/knowledge/suites.ts';
import { looksSecret } from '../../src/knowledge/secrets.ts';
import { installAtStart } from '../../src/base/installs-at-start.ts';
import { companions } from '../../src/base/programs.ts';
import { assumedAtMax, assumption } from '../../src/base/doubts.ts';
import { imageRefusal } from '../../src/facts/eligible.ts';
import { isRefusal, refuse, type Change, type Refusal, type Transform } from '../../src/transform.ts';
import { everyCommand, isFollowed } from '../../src/runtime/other-commands.ts';
import { startsOwnProgram } from '../../src/runtime/own-program.ts';
import type { ServiceUse } from '../../src/uses/types.ts';
import { landingOf, type CopyReading } from '../../src/facts/copies.ts';
import { distribute, fromBuilder } from './distribute.ts';
import { byLayers } from '../../src/layers/by-layers.ts';
import { kitOf, notSplit } from './not-split.ts';
import { holds, withoutRemoved } from './removed.ts';
import { standsAlone } from './stands-alone.ts';
import { severalStages } from './several-stages.ts';
import { situation, type Situation } from './situation.ts';
import type { Split } from './split.ts';

/**
 * before: FROM node:22 / … / RUN npm run build / CMD …    after: FROM node:22 AS builder / … / FROM node:22-slim / COPY --from=builder … / CMD …
 * Safe because: every file that the run command, the sources and the packages are known to need is copied to the same path.
 * Skipped when: the run command, its files, programs or libraries cannot be told.
 * Untouched when: the file has several stages already (what is wrong between them is told), or nothing is built in it.
 */
export const multiStage: Transform = {
  id: 'multi-stage',
  title: 'Split into a build stage and a runtime stage',
  rationale:
    'Compilers, development dependencies and package caches are needed to build and never to run. With a stage of its own for running, the image is a fraction of the size and holds less that can be attacked.',
  structural: true,
  plan(subject, ecosystems): Change | Refusal | undefined {
    const image = subject.project.image?.facts;
    const outcome = image ? attempted(() => bySources(subject, ecosystems)) : bySources(subject, ecosystems);
    if (!image || subject.dockerfile.stages.length !== 1 || (outcome && !isRefusal(outcome))) return outcome;
    const barred = imageRefusal(subject, { base: 'any' });
    if ([outcome, barred].some((told) => told && ofPurpose.has(told.id))) return outcome ?? barred;
    const layered = attempted(() => byLayers(subject, image));
    if (!layered || !isRefusal(layered)) return layered ?? outcome;
    if (outcome === undefined) return undefined;
    // that a split by layers gains nothing says less than what keeps another one from being made
    return layered.id === 'no-gain' && !unread.has(outcome.id) ? outcome : layered;
  },
};

/** Refusals that say no more than that nobody reads the image, or the build. */
const unread: ReadonlySet<string> = new Set(['no-ecosystem', 'no-gain', 'unknown-base']);

/** Refusals by what the image is for, or by who builds it: nothing that is seen in it answers these. */
const ofPurpose: ReadonlySet<string> = new Set([
  'cargo-run',
  'context-ambiguous',
  'dev-dockerfile',
  'dev-server-cmd',
  'final-by-target',
  'image-used-as-toolbox',
  'no-cmd',
  'onbuild-present',
  'windows-base',
]);

/** A refusal is an outcome, returned or thrown. */
function attempted<T>(plan: () => T): T | Refusal {
  try {
    return plan();
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    return thrown;
  }
}

/** The split by what sources, manifests and tables say. */
function bySources(subject: Subject, ecosystems: readonly Ecosystem[]): Change | Refusal | undefined {
  const own = splitterFor(subject, ecosystems);
  const ecosystem = own?.kit === true && !builds(subject, own) ? undefined : own;
  if (subject.dockerfile.stages.length !== 1) return severalStages(subject);
  // sources that an interpreter runs are all there, whatever starts them; of what is compiled, the program is
  const follows = (service: ServiceUse): boolean =>
    ecosystem?.interpreted === true ? isFollowed(subject, service) : startsOwnProgram(subject, service);
  const missing = ecosystem?.keepsCopies ? (['settings'] as const) : [];
  const barred = imageRefusal(subject, { base: ecosystem?.split ? 'any' : 'known', follows, missing });
  // that nobody reads what is built tells more than that an image is not known, or what else it is used for: no stage of its own would help that
  const built = ecosystem?.split || !['unknown-base', 'image-used-as-toolbox'].includes(barred?.id ?? '') ? undefined : notSplit(subject);
  if (built) return built;
  if (barred) throw barred;
  if (!ecosystem?.split) return notSplit(subject);
  const handsOut = ecosystem.handsOut?.(subject);
  if (handsOut && 'why' in handsOut) refuse('workspace-layout-unknown', handsOut.why, subject.final.stage.from.start);
  const starts = subject.final.stage.instructions.some((i) => i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT');
  if (!starts && !handsOut && !(ecosystem.interpreted && 'value' in everyCommand(subject)))
    refuse('no-cmd', 'The Dockerfile has neither CMD nor ENTRYPOINT: what the container needs is not told', subject.final.stage.from.start);
  return changeOf(subject, { ecosystem, split: ecosystem.split, ecosystems, handsOut });
}

/** A RUN of the last stage builds a project of the ecosystem. */
const builds = ({ final }: Subject, { id }: Ecosystem): boolean =>
  final.runs.some(({ opened }) => opened.some(({ manager, kind }) => manager?.ecosystem === id && kind === 'build'));

/**
 * Who splits this image: the ecosystem whose image it stands on; on an image that is not known, the one whose project a RUN installs; so on one of
 * no ecosystem, where the interpreter comes from the packages of the distribution, or with a RUN.
 */
function splitterFor({ final, project }: Subject, ecosystems: readonly Ecosystem[]): Ecosystem | undefined {
  const own = ecosystemOf(ecosystems, final.base);
  if (own?.split) return own;
  const { family, problem } = final.base;
  const known = family !== undefined && problem === undefined && family.lookedUp !== 'of no row';
  const kits = new Set(ecosystems.flatMap((e) => (e.kit ? [e.id] : [])));
  const installing = new Set(
    final.runs.flatMap((r) =>
      r.parts.flatMap((p) =>
        p.manager && (p.kind === 'install' || (p.kind === 'build' && (known || kits.has(p.manager.ecosystem))))
          ? [p.manager.ecosystem]
          : [],
      ),
    ),
  );
  const found = ecosystems.filter(
    (e) => installing.has(e.id) && (known || (e.toolchain === undefined && e.project?.(project, '') !== undefined)),
  );
  // beside a program that is compiled, the others are built for it
  const compiled = found.filter((e) => e.toolchain !== undefined);
  const [only, ...others] = compiled.length > 0 ? compiled : found;
  return others.length === 0 && (!known || only?.onOtherImages) ? only : undefined;
}

/** COPYs of files beside the application stand in the last stage too, unless the split brings them otherwise; so do files that a RUN brought from the network. */
function withBeside(s: Situation, split: Split): Split {
  const later = s.reading.copies.filter((copy) => split.moved.has(copy.instruction.index) || split.repeated.has(copy.instruction.index));
  const again = (copy: CopyReading): boolean =>
    copy.fromContext &&
    copy.sources.every(({ kind }) => kind !== 'missing') &&
    copy.sources.every((source) =>
      [...source.files, ...(source.kind === 'dir' ? [source.path] : [])].every(
        (file) => landingOf(later, file) !== undefined && landingOf(later, file) === landingOf([copy], file),
      ),
    );
  const beside = s.reading.copies.filter(
    (copy) =>
      s.runs.besideCopies.has(copy.instruction.index) &&
      !later.includes(copy) &&
      s.shared?.own.has(copy.instruction.index) !== true &&
      !split.brought.has(copy.instruction.index) &&
      !again(copy),
  );
  const fetched = s.runs.artefacts.filter((path) => !madeBelow(s, path)).map((path) => fromBuilder(s.builder, path, undefined));
  const { family, tag } = s.reading.base;
  const { packages, files } = s.subject.project.image?.facts.needs ?? { packages: [], files: [] };
  const recommended = companions(split.packages, { row: family?.row, ...tag, suite: s.suite ?? tag.suite }, s.apt.recommended);
  return {
    ...split,
    packages: [
      ...new Set([
        ...split.packages,
        ...packages.map(({ name }) => name),
        ...s.runs.libraries.filter((name) => s.stays === undefined || !ofBase(s, name)),
        ...recommended,
      ]),
    ],
    repeated: new Set([...split.repeated, ...beside.map((copy) => copy.instruction.index)]),
    artefacts: [...split.artefacts, ...fetched, ...files.map(({ name }) => fromBuilder(s.builder, name, undefined))],
    evidence: [
      ...split.evidence,
      ...[...packages, ...files].map(({ says }) => ({ file: 'Dockerfile', says })),
      ...whyInstalled(s, split.packages),
      ...recommended.map((name) => ({
        file: 'Dockerfile',
        says: `the original image has ${name}, which Debian recommends beside what is installed`,
      })),
    ],
  };
}

/** At the level max: RUNs that are taken for parts of the build. */
const assumedRuns = ({ runs }: Situation): Split['notes'] =>
  runs.assumed.map(({ run, why }) => assumption(`RUN at line ${run.instruction.line} ${why}, and is taken for a part of the build`));

/** The RUNs whose packages the last stage has too. */
const whyInstalled = ({ apt: { byRun }, reading }: Situation, packages: readonly string[]): Split['evidence'] =>
  [...byRun].flatMap(([index, { runtime }]) => {
    const kept = runtime.filter((name) => packages.includes(name));
    const line = reading.run(index)?.instruction.line;
    return kept.length === 0 ? [] : [{ file: 'Dockerfile', line, says: `installs ${kept.join(', ')}, which the container may use` }];
  });

/**
 * Another image comes from the registry that serves the base, where that one was told to serve it as well; beside an image of one architecture
 * stands one of the same.
 */
function fromMirror({ reading, subject, stays }: Situation, split: Split): Split {
  const base = reading.base.image;
  const image = partsOf(split.runtimeImage);
  if (stays !== undefined || split.runtimeImage === base.raw) return split;
  const name = image.repository === 'scratch' ? undefined : subject.project.images.onMirrorOf(base, image);
  if (name === undefined && image.repository !== base.repository && architectureOf(base) !== undefined)
    refuse(
      'one-architecture',
      `${base.raw} is of one architecture; ${split.runtimeImage} takes that of the machine that builds`,
      base.span.start,
    );
  return name === undefined ? split : { ...split, runtimeImage: image.tag === undefined ? name : `${name}:${image.tag}` };
}

/** What installs the packages is the build's own: in the stage that both stand on, it would fill no environment. */
function notBelow({ reading, shared, runs }: Situation, ecosystem: Ecosystem): void {
  const below = reading.runs.find(
    ({ instruction: { index }, parts }) =>
      shared?.own.has(index) === true &&
      parts.some(
        (part) => part.manager?.ecosystem === ecosystem.id && part.kind === 'install' && holds(runs.kept.get(index)?.text, part.command),
      ),
  );
  if (below)
    refuse(
      'opaque-run',
      `RUN at line ${below.instruction.line} installs the packages, and a command that the container needs reads what it leaves`,
      below.instruction.start,
    );
}

/** A RUN of the stage that both stand on was seen to write it. */
const madeBelow = ({ shared, runs, reading }: Situation, path: string): boolean =>
  shared !== undefined &&
  reading.runs.some(
    ({ instruction, seen }) =>
      shared.own.has(instruction.index) &&
      runs.kept.get(instruction.index)?.whole === true &&
      seen?.added.some((one) => one.path === path) === true,
  );

/** The image below has it already. */
const ofBase = ({ subject }: Situation, name: string): boolean =>
  subject.project.image?.facts.osPackages.some((one) => one.name === name && one.from === 'base') === true;

/** A last stage on the original's own full image keeps what that image brings; small images have nothing to speak of. */
function sameBaseNotes({ shared, reading: { base } }: Situation): Change['notes'] & object {
  const level = levelOf({ row: base.family?.row, variant: base.tag.variant });
  if (!shared || level === 'alpine' || (level === 'debian' && (base.tag.variant === 'slim' || !kitOf(base)))) return [];
  return [
    {
      id: 'same-base',
      message: `The last stage stands on ${base.image.raw} as before: compilers and tools of that image itself stay in it`,
    },
  ];
}

/** Secrets in ARG and ENV stay readable in the image or its history. Source: BuildKit's check SecretsUsedInArgOrEnv. */
function secretNotes(subject: Subject): Change['notes'] & object {
  const names = subject.final.stage.instructions.flatMap((i) =>
    i.keyword === 'ARG' || i.keyword === 'ENV'
      ? i.pairs.filter(({ name, value = '' }) => looksSecret(name, value)).map(({ name }) => name)
      : [],
  );
  return [...new Set(names)].map((name) => ({
    id: 'secret-in-arg-or-env',
    message: `${name} looks like a secret: ARG and ENV can be read by whoever has the image or its build cache; a secret mount cannot`,
  }));
}

interface Splitting {
  ecosystem: Ecosystem;
  split: (s: Situation) => Split;
  ecosystems: readonly Ecosystem[];
  handsOut: HandsOut | undefined;
}
function changeOf(subject: Subject, { ecosystem, split, ecosystems, handsOut }: Splitting): Change {
  const s = situation(subject, ecosystem, {
    application: (workdir) => ecosystem.application?.(subject, workdir),
    handsOut,
    builtBefore: (run) => ecosystem.builtBefore?.(subject, run),
    frontEnds: (run, idle) =>
      ecosystems.flatMap((other) =>
        other === ecosystem ? [] : (other.frontEnds?.(subject, run, other.guest !== undefined && idle.includes(other.guest)) ?? []),
      ),
  });
  const done = fromMirror(s, withoutRemoved(s, withBeside(s, split(s))));
  notBelow(s, ecosystem);
  const atStart = s.stays === undefined && done.runtimeImage !== s.reading.base.image.raw ? installAtStart(subject, s.run) : undefined;
  if (atStart) throw atStart;
  if (done.packages.length > 0 && done.manager === 'apt' && s.suite !== undefined && archivedSuites.has(s.suite))
    refuse(
      'suite-archived',
      `Debian ${s.suite} is archived: ${done.packages.join(', ')} can no longer be installed`,
      subject.final.stage.from.image.span.start,
      { allow: 'Move to a release of Debian that is maintained.' },
    );
  return {
    edits: distribute(
      subject,
      { ...done, alone: standsAlone(s, done) },
      {
        builder: s.builder,
        owner: s.runs.owner,
        recommended: s.apt.recommended,
        shared: s.shared,
        runs: s.runs,
      },
    ),
    safety: 'review',
    why: done.why,
    evidence: [...done.evidence, ...s.apt.evidence, ...s.runs.evidence],
    notes: [...done.notes, ...sameBaseNotes(s), ...secretNotes(subject), ...assumedAtMax(subject), ...assumedRuns(s)],
    dropped: done.dropped,
    announces: done.announces,
  };
}
