// multi-stage: which instruction goes to which stage, and the text of both.
import type { Edit, Piece } from '../../src/dockerfile/edits.ts';
import type { Dockerfile, EnvLike, Instruction, Span } from '../../src/dockerfile/types.ts';
import {
  alike,
  copiesToAbsolute,
  installText,
  blankAbove,
  copyText,
  optionalCopyText,
  removals,
  standing,
  whole,
} from '../../src/dockerfile/write.ts';
import { commentsAbove } from '../../src/facts/pragmas.ts';
import type { StageReading } from '../../src/facts/reading.ts';
import type { Subject } from '../../src/facts/subject.ts';
import { isCommitted } from '../../src/facts/committed.ts';
import { inside, landingIn, type CopyReading } from '../../src/facts/copies.ts';
import { isDirectoryLeftOut } from '../../src/runtime/left-out.ts';
import type { Ownership, RunPlan } from '../../src/base/run-plan.ts';
import { tailNeedsRoot } from '../../src/base/tail-user.ts';
import { sharedEdits, type SharedStage } from './shared-stage.ts';
import { usesVariable } from '../../src/facts/variables.ts';
import { removalOf } from '../../src/base/removed.ts';
import { putsAhead } from '../../src/base/own-path.ts';
import { owned, ownText } from './given-away.ts';
import type { Split } from './split.ts';

/** Where an instruction of the original goes. */
type Place = 'builder' | 'runtime' | 'both';

/** One instruction of the runtime stage: its text, and whether it leaves the build stage. */
interface Item {
  instruction: Instruction;
  text: Piece[];
  moves: boolean;
  /** It stands above the copies: a user that they are given to. */
  ahead?: true;
}

type Parted = Record<'before' | 'after', Item[]>;

const MOVES = new Set(['LABEL', 'MAINTAINER', 'EXPOSE', 'VOLUME', 'STOPSIGNAL', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD']);

function placeOf(i: Instruction, split: Split): Place {
  if (split.moved.has(i.index) || split.alone.has(i.index)) return 'runtime';
  if (split.repeated.has(i.index)) return 'both';
  if (MOVES.has(i.keyword)) return 'runtime';
  if (i.keyword === 'WORKDIR' || i.keyword === 'USER' || i.keyword === 'SHELL') return 'both';
  if (i.keyword === 'ENV') return i.pairs.every((pair) => split.buildEnv.has(pair.name)) ? 'builder' : 'both';
  if (i.keyword === 'RUN') return split.repeats.has(i.index) ? 'both' : 'builder';
  return 'builder';
}

/** The edits that make a build stage of the original and write the runtime stage behind it. */
export function distribute(
  subject: Subject,
  given: Split,
  names: { builder: string; owner: Ownership | undefined; recommended: readonly string[]; shared: SharedStage | undefined; runs: RunPlan },
): Edit[] {
  const { dockerfile, final: reading } = subject;
  const plain = { ...given, rewritten: new Map([...absoluteWorkdirs(reading), ...given.rewritten]) };
  const split = names.owner ? owned(subject, plain, names.owner) : plain;
  const { stage } = reading;
  const gone = new Set(split.dropped.map((d) => d.index));
  const { shared } = names;
  const items = leaving(runtimeItems(reading, split, names), reading, split).filter((item) => !gone.has(item.instruction.index));
  const leaves = (i: Instruction): boolean => gone.has(i.index) || items.some((item) => item.moves && item.instruction === i);
  const kept = stage.instructions.filter(
    (i) => !leaves(i) && !(shared?.up.includes(i) === true && names.runs.kept.get(i.index)?.whole !== false),
  );
  const lastKept = kept[kept.length - 1] ?? stage.from;
  for (const item of items)
    if (item.moves && item.instruction.index > lastKept.index && !split.rewritten.has(item.instruction.index))
      item.text = stood(standing(dockerfile, stage, item.instruction), item.instruction, split);
  const edits: Edit[] = [
    ...fromEdits(subject, split, shared?.name ?? names.builder),
    ...(shared ? sharedEdits(subject, shared, names.runs, { name: names.builder, last: lastKept }) : []),
    ...split.builderEdits,
  ];
  edits.push(
    ...removals(
      dockerfile,
      stage.instructions.filter((i) => leaves(i) && i.index < lastKept.index),
    ),
  );
  const text: Piece[] = [];
  if (split.builderTail.length > 0 && tailNeedsRoot(reading, kept, names.owner)) text.push('\n', ...alike(lastKept, ['USER root']));
  for (const line of split.builderTail) text.push('\n', ...alike(lastKept, line));
  if (split.stages.length > 0) text.push('\n');
  for (const line of split.stages) text.push('\n', ...line);
  text.push('\n\n', ...runtimeStage(subject, split, items, names), ...trailing(dockerfile));
  edits.push({ start: lastKept.end, end: dockerfile.source.length, text });
  return edits;
}

/** An instruction as it stood, or what the last stage runs for it behind the same comments. */
const stood = (span: Span, { index, start }: Instruction, { repeats }: Split): Piece[] => {
  const again = repeats.get(index);
  return again ? [{ start: span.start, end: start }, ...again] : [span];
};

/** The directory is given away above the USER who could not do it any more; undefined: it can be done behind the copies. */
function ownedAhead(reading: StageReading, before: readonly Item[], owner: Ownership): { at: number; text: string } | undefined {
  const at = before.findIndex(({ instruction: i }) => i.keyword === 'USER' && !['root', '0'].includes(i.words[0]?.value ?? ''));
  if (at === -1) return undefined;
  const made = before.some(({ instruction: i }, n) => n < at && i.keyword === 'WORKDIR' && inside(leadsTo(reading, i) ?? '/', owner.path));
  return { at, text: `RUN ${made ? '' : `mkdir -p ${owner.path} && `}${ownText(owner)}` };
}

/** Comments behind the last instruction, and the last line break if there was one. */
function trailing(dockerfile: Dockerfile): Piece[] {
  const last = dockerfile.instructions[dockerfile.instructions.length - 1];
  return last ? [{ start: last.end, end: dockerfile.source.length }] : [];
}

function fromEdits(subject: Subject, split: Split, builder: string): Edit[] {
  const { from } = subject.final.stage;
  const edits: Edit[] = [];
  if (split.builderImage !== undefined) edits.push({ ...from.image.span, text: [split.builderImage] });
  const lower = from.keywordRaw === 'from';
  if (from.alias) edits.push({ start: from.alias.start, end: from.alias.end, text: [builder] });
  else edits.push({ start: from.end, end: from.end, text: [lower ? ` as ${builder}` : ` AS ${builder}`] });
  return edits;
}

function runtimeItems(reading: StageReading, split: Split, { shared, runs }: { shared: SharedStage | undefined; runs: RunPlan }): Item[] {
  const placed = reading.stage.instructions
    .map((instruction) => ({ instruction, place: placeOf(instruction, split) }))
    .filter(({ instruction: { index }, place }) => place !== 'builder' && (shared?.own.has(index) !== true || split.repeats.has(index)));
  const items: Item[] = reading.stage.instructions.flatMap((instruction) => {
    const text = shared ? undefined : runs.users.get(instruction.index);
    return text ? [{ instruction, text, moves: false, ahead: true as const }] : [];
  });
  for (const { instruction, place } of placed) {
    const again = split.repeats.get(instruction.index);
    const own = again && place === 'runtime' ? [{ start: instruction.leadStart, end: instruction.start }, ...again] : again;
    const text = split.rewritten.get(instruction.index) ??
      own ?? [place === 'runtime' ? whole(instruction) : { start: instruction.start, end: instruction.end }];
    items.push({ instruction, text, moves: place === 'runtime' });
  }
  return withArguments(reading, usedWorkdirs(reading, items));
}
/** WORKDIR, USER and ENV behind the last work of the build stage are of no use there. */
function leaving(items: readonly Item[], reading: StageReading, split: Split): Item[] {
  const work = reading.stage.instructions.findLast((i) => ['RUN', 'COPY', 'ADD'].includes(i.keyword) && placeOf(i, split) !== 'runtime');
  return items.map((item) =>
    item.instruction.index > (work?.index ?? -1) &&
    (['ENV', 'USER'].includes(item.instruction.keyword) || (item.instruction.keyword === 'WORKDIR' && split.builderTail.length === 0))
      ? { ...item, text: leavingText(item, split), moves: true }
      : item,
  );
}

function leavingText({ instruction: i, text, moves }: Item, split: Split): Piece[] {
  if (moves) return text;
  return split.rewritten.has(i.index) ? [{ start: i.leadStart, end: i.start }, ...text] : [whole(i)];
}

/** Where a WORKDIR leads to; undefined: that cannot be told. */
function leadsTo(reading: StageReading, { index }: Instruction): string | undefined {
  const next = reading.stage.instructions.find((i) => i.index > index);
  const { workdir } = next ? reading.before(next) : reading.end;
  return 'value' in workdir ? workdir.value : undefined;
}

/** `WORKDIR client`, `WORKDIR ..`: as the absolute path, since the last stage has not all that stands above them. */
const absoluteWorkdirs = (reading: StageReading): [number, Piece[]][] =>
  reading.stage.instructions.flatMap((i): [number, Piece[]][] => {
    const [word = { value: '/' }] = i.keyword === 'WORKDIR' ? i.words : [];
    const path = /^[/$]/.test(word.value) ? undefined : leadsTo(reading, i);
    return path === undefined ? [] : [[i.index, [{ start: i.start, end: i.bodyStart }, path]]];
  });

/** A WORKDIR that the next one replaces before anything stands in it is not repeated, unless it was written to make its directory. */
function usedWorkdirs(reading: StageReading, items: readonly Item[]): Item[] {
  const { stage } = reading;
  const stands = ({ keyword }: Instruction): boolean => ['WORKDIR', 'RUN', 'COPY', 'ADD'].includes(keyword);
  return items.filter(({ instruction, moves }, n) => {
    if (instruction.keyword !== 'WORKDIR' || moves) return true;
    const next = items.find((other, m) => m > n && stands(other.instruction))?.instruction;
    const to = next?.keyword === 'WORKDIR' && !next.words[0]?.value.startsWith('$') ? leadsTo(reading, next) : undefined;
    if (to === undefined) return true;
    // nothing of the original stands in it either
    const behind = stage.instructions.find((other) => other.index > instruction.index && stands(other));
    return behind === next && !`${to}/`.startsWith(`${leadsTo(reading, instruction)?.replace(/\/+$/, '')}/`);
  });
}

/** Declares the build arguments again that the runtime stage's instructions use, where they stood. */
function withArguments(reading: StageReading, items: readonly Item[]): Item[] {
  const declared = reading.stage.instructions.filter((i): i is EnvLike => i.keyword === 'ARG');
  const needed = declared.filter((arg) =>
    arg.pairs.some((pair) => items.some((item) => item.instruction.index > arg.index && usesVariable(item.instruction, pair.name))),
  );
  const args = needed.map((instruction): Item => ({
    instruction,
    text: [{ start: instruction.start, end: instruction.end }],
    moves: false,
  }));
  return [...args, ...items].sort((a, b) => a.instruction.index - b.instruction.index);
}

/**
 * Artefacts are written relative to the working directory of the container. Where the WORKDIR that sets it stands further down, it goes above them,
 * with the variables that it names; what stands between and is relative itself gets its own directory back.
 */
function atWorkdir(reading: StageReading, { before, after }: Parted, artefacts: Split['artefacts']): Parted {
  const at = after.findLastIndex((item) => item.instruction.keyword === 'WORKDIR');
  if (at === -1) return { before: [...before], after: [...after] };
  const ahead = after.filter((_, n) => n < at);
  const own = ahead.filter(
    ({ instruction: i }) =>
      i.keyword === 'RUN' || ((i.keyword === 'COPY' || i.keyword === 'ADD') && i.dest?.value?.startsWith('/') !== true),
  );
  const settings = ahead.filter(({ instruction: { keyword } }) => keyword === 'ENV' || keyword === 'ARG' || keyword === 'WORKDIR');
  const workdir = after[at] as Item;
  if (own.length === 0) {
    const names = settings.filter((item) => item.instruction.keyword !== 'WORKDIR').map((item) => item.instruction as EnvLike);
    const uses = names.some((i) => i.pairs.some((pair) => usesVariable(workdir.instruction, pair.name)));
    const up = [...settings.filter((item) => uses || item.instruction.keyword === 'WORKDIR'), workdir];
    return { before: [...before, ...up], after: after.filter((item) => !up.includes(item)) };
  }
  const line = (path: string): Item => ({ instruction: workdir.instruction, text: [`WORKDIR ${path}`], moves: false });
  const here = reading.before((own[0] as Item).instruction).workdir;
  const there = reading.end.workdir;
  if ('unknown' in here || 'unknown' in there || here.value === there.value || artefacts.every(copiesToAbsolute))
    return { before: [...before], after: [...after] };
  return { before: [...before, line(there.value)], after: [line(here.value), ...after] };
}

/** It stands above the copies, or sets what such a command names: `ARG UID` of `useradd -u $UID app`. */
function standsAhead(items: readonly Item[]): (item: Item) => boolean {
  const users = items.filter(({ ahead }) => ahead).map(({ instruction }) => instruction);
  return ({ ahead, instruction: i }) =>
    ahead === true ||
    ((i.keyword === 'ARG' || i.keyword === 'ENV') &&
      users.some((user) => user.index > i.index && i.pairs.some(({ name }) => usesVariable(user, name))));
}

/** The runtime stage: base, packages, what stood before the sources, the artefacts, the rest. */
function runtimeStage(
  subject: Subject,
  split: Split,
  items: readonly Item[],
  { owner, recommended }: { owner: Ownership | undefined; recommended: readonly string[] },
): Piece[] {
  const { dockerfile, final } = subject;
  const { from } = final.stage;
  const flags = from.flags.map((f) => `${f.raw} `).join('');
  const alias: Piece[] = from.alias ? [from.keywordRaw === 'from' ? ' as ' : ' AS ', { start: from.alias.start, end: from.alias.end }] : [];
  const lines: Piece[][] = [[`${from.keywordRaw} ${flags}${split.runtimeImage}`, ...alias]];
  if (split.packages.length > 0)
    lines.push(alike(final.stage.instructions[0] ?? from, [installText(split.manager, split.packages, recommended)]));
  const content = final.stage.instructions.filter((i) => ['COPY', 'ADD', 'RUN'].includes(i.keyword));
  const firstMoved = content.find((i) => split.moved.has(i.index) || split.repeated.has(i.index));
  const boundary = firstMoved?.index ?? content[content.length - 1]?.index ?? -1;
  const isAhead = standsAhead(items);
  const isBefore = (item: Item): boolean => isAhead(item) || item.instruction.index < boundary;
  const parted = { before: items.filter(isBefore), after: items.filter((item) => !isBefore(item)) };
  const { before, after } = atWorkdir(final, parted, split.artefacts);
  const [first = from] = final.stage.instructions;
  const own = ({ instruction, text }: Item): Piece[] => {
    const [head] = text;
    const bare = typeof head === 'object' && head.start === instruction.start && instruction.start > instruction.lineStart;
    return bare ? [{ start: instruction.lineStart, end: instruction.start }, ...text] : alike(first, text);
  };
  // What is made of an instruction again has the comments to this tool as well.
  const asked = (is: (i: Instruction) => boolean): Piece[][] => commentsAbove(dockerfile, is).map((line) => [line]);
  const again = ({ instruction, moves }: Item): Piece[][] => (moves ? [] : asked((i) => i === instruction));
  // a PATH of the original's own stays before that of the environment, as in the build stage
  const ahead = before.some(({ instruction }) => putsAhead(instruction)) ? split.setup : [];
  for (const line of ahead) lines.push(alike(first, line));
  const given = owner && !owner.alone ? (ownedAhead(final, before, owner) ?? { at: -1, text: `RUN ${ownText(owner)}` }) : undefined;
  for (const [n, item] of before.entries()) lines.push(...(given?.at === n ? [alike(first, [given.text])] : []), ...again(item), own(item));
  if (!items.some((item) => item.instruction.keyword === 'WORKDIR') && split.workdir !== undefined)
    lines.push([`WORKDIR ${split.workdir}`]);
  const ofInstalls = asked((i) => i.keyword === 'RUN');
  for (const line of [...(ahead.length > 0 ? [] : split.setup), ...split.artefacts, ...(given?.at === -1 ? [[given.text]] : [])])
    lines.push(...(isRun(line) ? ofInstalls : []), alike(first, line));
  for (const [n, item] of after.entries()) {
    if (n > 0 && item.moves && blankAbove(dockerfile, item.instruction)) lines.push([]);
    lines.push(...again(item), own(item));
  }
  return lines.flatMap((line, n): Piece[] => (n === 0 ? line : ['\n', ...line]));
}

const isRun = ([head]: readonly Piece[]): boolean => typeof head === 'string' && head.startsWith('RUN ');

/**
 * `COPY` of a path of the context to each place where the original had it; none when no COPY of the original takes it, or one that moves.
 * What git leaves out is copied where it is there. Where a RUN removes something of it, the build stage has what is left.
 */
export function fromContext(
  subject: Subject,
  path: string,
  to: { builder: string; workdir: string; owner: readonly string[]; moved?: ReadonlySet<number> },
): Piece[][] {
  const { tree, gitIgnores } = subject.project;
  const directory = tree.stat(path)?.kind === 'dir' || isDirectoryLeftOut(subject.project, path);
  const landings = (copies: readonly CopyReading[]): string[] => copies.flatMap((copy) => landingIn(copy, path) ?? []);
  const [moves, stays] = [true, false].map((moved) =>
    landings(subject.final.copies.filter((c) => (to.moved?.has(c.instruction.index) ?? false) === moved)),
  );
  return [...new Set(stays)]
    .filter((landing) => !moves?.includes(landing))
    .flatMap((landing) => {
      const at = subject.final.copies.findLast((copy) => landingIn(copy, path) === landing)?.instruction.index ?? -1;
      const removal = removalOf(subject.final, landing, at);
      if (removal) return removal.whole ? [] : [fromBuilder(to.builder, landing, to.workdir, to.owner)];
      const relative = inside(landing, to.workdir) && to.workdir !== '/' ? `./${landing.substring(to.workdir.length + 1)}` : landing;
      const above = relative.substring(0, relative.lastIndexOf('/') + 1);
      // git keeps no empty directory: a clone may not have it either
      // .git is in no context that git itself gives, and in a worktree it is a file
      const missing = gitIgnores(path) || !tree.stat(path) || inside(path, '.git') || (directory && !isCommitted(subject.project, path));
      const optional = missing ? optionalCopyText(to.owner, path, directory ? `${relative}/` : above) : undefined;
      return [[optional ?? copyText(to.owner, [path], directory ? `${relative}/` : relative)]];
    });
}

/** COPYs behind the last RUN that bring nothing but `needed` paths (read at run time): no build step can use them, so they move as they stand. */
export function movedCopies(reading: StageReading, needed: readonly string[]): Set<number> {
  const lastRun = reading.runs[reading.runs.length - 1]?.instruction.index ?? -1;
  const copies = reading.copies.filter(
    (copy) =>
      copy.fromContext &&
      copy.instruction.index > lastRun &&
      copy.sources.every((source) => (source.kind === 'file' || source.kind === 'dir') && needed.includes(source.path)),
  );
  return new Set(copies.map((copy) => copy.instruction.index));
}

/** `COPY --from=builder` of one path to the same path, written relative to the working directory where that is shorter. */
export function fromBuilder(builder: string, path: string, workdir: string | undefined, flags: readonly string[] = []): Piece[] {
  const relative =
    workdir !== undefined && workdir !== '/' && path.startsWith(`${workdir}/`) ? `./${path.substring(workdir.length + 1)}` : path;
  return [copyText([`--from=${builder}`, ...flags], [path], path === workdir ? './' : relative)];
}
