// Room: layers/. Which instructions stay in the stage that both others stand on, and which build.
import type { Instruction } from '../dockerfile/types.ts';
import { isRoot, type RunReading, type StageReading } from '../facts/reading.ts';
import { seenInstructions } from '../facts/seen.ts';
import type { Subject } from '../facts/subject.ts';
import type { InstructionFacts } from '../image/types.ts';
import { apkClass } from '../knowledge/alpine-packages.ts';
import { aptClass } from '../knowledge/debian-packages.ts';
import { refuse } from '../refusal.ts';

/** The instructions of the stage with their facts. */
export interface Known {
  instruction: Instruction;
  /** Undefined: another transform wrote it, and what it does was not looked at. */
  facts: InstructionFacts | undefined;
}
export interface Parts {
  /** RUNs that stay in the stage that both stand on. */
  kept: Known[];
  build: Known[];
  /** Copies of the context behind the last RUN that builds: they stand in the last stage as they are. */
  moved: Known[];
  /** Of the instructions as they were given: those whose layers make up the build stage, and are neither kept nor moved. */
  layers: InstructionFacts[];
}

/** What stays behind of a RUN's own files at least, where it stands above the sources and builds: below, it stays where it is. */
const worthIt = 1_000_000;

/** The present instructions beside the facts of the original ones; undefined: they cannot be put side by side. */
export function withFacts({ dockerfile, final, project }: Subject): Known[] | undefined {
  const seen = seenInstructions(dockerfile, project.image?.facts);
  return seen && final.stage.instructions.map((instruction) => ({ instruction, facts: seen(instruction) }));
}

/**
 * Parts the stage. In: its instructions with their facts, all facts in the original's order, how much of a layer is left behind in a build stage,
 * and RUNs that bring packages and must be kept whatever the tables say.
 */
export function partsOf(
  subject: Subject,
  known: readonly Known[],
  all: readonly InstructionFacts[],
  asked: { left: (facts: InstructionFacts) => number; needed: ReadonlySet<number> },
): Parts {
  const { final } = subject;
  const content = known.filter(({ instruction: { keyword } }) => ['RUN', 'COPY', 'ADD'].includes(keyword));
  const first = content.findIndex(({ instruction }) => instruction.keyword !== 'RUN');
  const parts: Parts = { kept: [], build: [], moved: [], layers: [] };
  for (const [n, one] of content.entries()) {
    const above = first < 0 || n < first;
    const run = final.run(one.instruction.index);
    const place = run ? placeOf(run, one, { final, above, building: parts.build[0]?.instruction.index, ...asked }) : 'build';
    parts[place].push(one);
  }
  const last = parts.build.findLastIndex(({ instruction }) => instruction.keyword === 'RUN');
  parts.moved = parts.build.splice(last + 1).filter(({ instruction }) => final.copy(instruction.index)?.fromContext === true);
  const behind = content.slice(content.findIndex((one) => one === parts.build[last]) + 1).filter((one) => !parts.kept.includes(one));
  parts.build.push(...behind.filter((one) => !parts.moved.includes(one)));
  const elsewhere = new Set([...parts.kept, ...parts.moved].flatMap(({ facts }) => facts ?? []));
  const above = known.slice(
    0,
    known.findIndex((one) => one === parts.build[0]),
  );
  for (const { facts } of above) if (facts) elsewhere.add(facts);
  parts.layers = all.filter((facts) => !elsewhere.has(facts));
  return parts;
}

interface Where {
  final: StageReading;
  /** No COPY stands above it. */
  above: boolean;
  /** Index of the first instruction above it that builds. */
  building: number | undefined;
  left: (facts: InstructionFacts) => number;
  needed: ReadonlySet<number>;
}

function placeOf(run: RunReading, { instruction, facts }: Known, where: Where): 'kept' | 'build' {
  if (!facts) return 'build';
  if (!changesPackages(facts)) return where.building !== undefined || !where.above || where.left(facts) >= worthIt ? 'build' : 'kept';
  const forBuilds = facts.packagesRemoved.length === 0 && forBuild(run) && !where.needed.has(facts.line);
  if (forBuilds) return 'build';
  if (where.above && where.building === undefined) return 'kept';
  if (!isPlain(run) || !movesUp(where, instruction))
    refuse(
      'opaque-run',
      `RUN at line ${instruction.line} changes packages of the system behind what is built, which a copy of files does not bring`,
      instruction.start,
      { allow: 'Install packages of the system in a RUN of their own, above the first COPY.' },
    );
  return 'kept';
}

const changesPackages = ({ packagesAdded, packagesRemoved }: InstructionFacts): boolean =>
  packagesAdded.length + packagesRemoved.length > 0;

/** It does nothing but install packages of the system. */
const isPlain = ({ parts, opaque }: RunReading): boolean =>
  opaque === undefined && parts.every(({ manager, kind }) => manager?.ecosystem === 'system' || kind === 'quiet');

/** A plain install of packages that serve builds alone. */
function forBuild(run: RunReading): boolean {
  if (!isPlain(run)) return false;
  const names = run.parts
    .filter(({ kind, manager }) => manager?.ecosystem === 'system' && kind === 'install-named')
    .flatMap(({ command, manager }) =>
      command.words.slice(2).flatMap(({ value }) => (value?.startsWith('-') ? [] : [{ value, isApk: manager?.id === 'apk' }])),
    );
  return (
    names.length > 0 &&
    names.every(({ value, isApk }) => value !== undefined && (isApk ? apkClass(value).kind : aptClass(value)) !== 'both')
  );
}

/** Nothing stands between the first line that builds and this RUN that it would miss, or that would move up with it. */
function movesUp({ final, building }: Where, { index }: Instruction): boolean {
  const between = final.stage.instructions.filter((one) => one.index > (building ?? index) && one.index < index);
  return (
    !between.some(({ keyword }) => ['SHELL', 'USER', 'ENV', 'WORKDIR', 'ARG'].includes(keyword)) &&
    between.every((one) => isRoot(final.before(one)))
  );
}
