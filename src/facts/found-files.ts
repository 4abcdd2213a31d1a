// Room: facts/. F9: what a RUN of a split names, it finds: the files of the context that the original had there.
import { anywhere, gathered, tree as treeAt, type Gathered } from '../effects/places.ts';
import type { Places } from '../effects/types.ts';
import { once } from '../once.ts';
import { inside, originAbove, originThrough, resolvePath, type CopyReading } from './copies.ts';
import type { RunPart, RunReading, StageReading } from './reading.ts';
import type { Subject } from './subject.ts';

/**
 * The first RUN of any stage that names a file or directory which the original's RUN had above it (from the context, or made by a RUN), and which
 * this stage has not: the build would fail there, or do something else. Undefined: there is none, or no stage was added to a single one. Out: a
 * sentence.
 */
export function lackingFile(original: Subject, now: Subject): string | undefined {
  if (original.stages.length !== 1 || now.stages.length === 1) return undefined;
  const { tree } = original.project;
  const before = partsByText(original);
  for (const stage of now.stages) {
    for (const { part, run, above } of commandsOf(now.stages, stage)) {
      if (makes(part)) continue;
      const was = before.get(textOf(part));
      if (was === undefined) continue;
      const lost = was.made.find((path) => !isIn(above, path));
      if (lost !== undefined) return lacking(part, lost, run.line);
      const copied = once(() => ({ ...stage, copies: stage.copies.filter((copy) => copy.instruction.index < run.index) }));
      for (const path of pathsOf(part)) {
        if (isWorkdir(part, path)) continue;
        const origin = originAbove({ copies: original.final.copies, tree, before: was.index }, path);
        if (origin === undefined || origin === '' || originThrough(now.stages, copied(), tree, path) !== undefined) continue;
        return lacking(part, path, run.line);
      }
    }
  }
  return undefined;
}

const lacking = ({ effects }: RunPart, path: string, line: number): string =>
  `\`${effects.program}\` needs ${path}, and line ${line} of the new file would not have it`;

/** WORKDIR has made it. */
const isWorkdir = ({ effects: { before } }: RunPart, path: string): boolean => before.cwd !== undefined && inside(before.cwd, path);

/** Where the original has a command, by the text of the command, and what that reads of what RUNs and COPYs above it made; the first one where several have it. */
function partsByText({ stages, final }: Subject): Map<string, { index: number; made: string[] }> {
  const found = new Map<string, { index: number; made: string[] }>();
  for (const { part, run, above } of commandsOf(stages, final))
    if (!found.has(textOf(part))) found.set(textOf(part), { index: run.index, made: readsOf(part).filter((path) => isIn(above, path)) });
  return found;
}

/** Directories that any image has. Source: FHS 3.0, chapter 3 */
const OF_THE_SYSTEM = /^\/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(?:\/|$)/;

/** What a command reads that no image has, and that it does not make or change itself. */
function readsOf(part: RunPart): string[] {
  const { does, own, reads } = part.effects;
  const changes = (path: string): boolean =>
    does.kind !== 'own' && own.known.some((place) => inside(path, place.path) || inside(place.path, path));
  return reads.known.flatMap(({ path }) => (OF_THE_SYSTEM.test(path) || changes(path) || isWorkdir(part, path) ? [] : [path]));
}

/** A path, something below it or a directory above it is among what was gathered. */
const isIn = (above: Gathered, path: string): boolean => above.meets({ known: [treeAt(path)] });

/** The commands of a stage, each with what RUNs and COPYs above it bring, those of the stage that this one goes on from too. Each is gathered once. */
function* commandsOf(
  stages: readonly StageReading[],
  stage: StageReading,
): Generator<{ part: RunPart; run: RunReading['instruction']; above: Gathered }> {
  const above = gathered();
  for (let from = parentOf(stages, stage); from !== undefined; from = parentOf(stages, from)) {
    for (const copy of from.copies) above.add(broughtBy(copy));
    for (const { parts } of from.runs) for (const part of parts) above.add(madeBy(part));
  }
  let next = 0;
  for (const { instruction: run, parts } of stage.runs) {
    for (; (stage.copies[next]?.instruction.index ?? Infinity) < run.index; next += 1)
      above.add(broughtBy(stage.copies[next] as CopyReading));
    for (const part of parts) {
      yield { part, run, above };
      above.add(madeBy(part));
    }
  }
}
const parentOf = (stages: readonly StageReading[], { base }: StageReading): StageReading | undefined =>
  stages.find((one) => one.stage.index === base.ofStage);
const broughtBy = ({ dest }: CopyReading): Places => (dest === undefined ? anywhere('to a computed path') : { known: [treeAt(dest)] });
const madeBy = ({ effects: { own } }: RunPart): Places => ({ known: own.known.map(({ path }) => treeAt(path)) });

const textOf = ({ command }: RunPart): string => command.words.map(({ raw }) => raw).join(' ');

/** What it names need not be there: directories that it makes, users, a text that is printed. */
const makes = ({ effects: { does, program } }: RunPart): boolean =>
  does.kind === 'users' || (does.kind === 'files' && does.makes === true) || ['touch', 'echo', 'printf', 'rm', 'cd'].includes(program);

const pathsOf = ({ command, effects: { before } }: RunPart): string[] =>
  command.words.flatMap(({ value }, n) => {
    // a bare name at the head is looked up on PATH
    if (value === undefined || (n === 0 && !value.includes('/')) || value.startsWith('-') || value.includes('://') || /^[./]*$/.test(value))
      return [];
    // of a pattern, the directory that it looks into
    return resolvePath(before.cwd, value.replace(/[^/]*[*?[].*$/, '')) ?? [];
  });
