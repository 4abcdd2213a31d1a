// Room: facts/. F9: what a RUN of a split names, it finds: the files of the context that the original had there.
import { once } from '../once.ts';
import { inside, originAbove, originThrough, resolvePath } from './copies.ts';
import type { RunPart, StageReading } from './reading.ts';
import type { Subject } from './subject.ts';

/**
 * The first RUN of any stage that names a file or directory which the original's RUN had above it (from the context, or made by a RUN), and which this stage has not: the
 * build would fail there, or do something else. Undefined: there is none, or no stage was added to a single one. Out: a sentence.
 */
export function lackingFile(original: Subject, now: Subject): string | undefined {
  if (original.stages.length !== 1 || now.stages.length === 1) return undefined;
  const { tree } = original.project;
  const before = partsByText(original.final);
  for (const stage of now.stages)
    for (const { instruction, parts } of stage.runs) {
      const above = once(() => ({ ...stage, copies: stage.copies.filter((copy) => copy.instruction.index < instruction.index) }));
      for (const [n, part] of parts.entries()) {
        if (makes(part)) continue;
        const was = before.get(textOf(part));
        if (was === undefined) continue;
        const lost = part.effects.reads.known
          .map(({ path }) => path.replace(/[^/]*[*?[].*$/, '').replace(/(?<=.)\/$/, ''))
          .find(
            (path) =>
              !OF_THE_SYSTEM.test(path) &&
              !changed(part, path) &&
              // WORKDIR has made it
              !(part.effects.before.cwd !== undefined && inside(part.effects.before.cwd, path)) &&
              madeAbove(original.stages, original.final, was, path) &&
              !madeAbove(now.stages, stage, { index: instruction.index, part: n }, path),
          );
        if (lost !== undefined) return lacking(part, lost, instruction.line);
        for (const path of pathsOf(part)) {
          // WORKDIR has made it
          if (part.effects.before.cwd !== undefined && inside(part.effects.before.cwd, path)) continue;
          const origin = originAbove({ copies: original.final.copies, tree, before: was.index }, path);
          if (origin === undefined || origin === '' || originThrough(now.stages, above(), tree, path) !== undefined) continue;
          return lacking(part, path, instruction.line);
        }
      }
    }
  return undefined;
}

const lacking = ({ effects }: RunPart, path: string, line: number): string =>
  `\`${effects.program}\` needs ${path}, and line ${line} of the new file would not have it`;

/** A command of a RUN: by the index of its instruction, and its place in it. */
interface At {
  index: number;
  part: number;
}

/** Where the original has a command, by the text of the command; the first one where several have it. */
function partsByText({ runs }: StageReading): Map<string, At> {
  const found = new Map<string, At>();
  for (const { instruction, parts } of runs)
    for (const [n, part] of parts.entries()) if (!found.has(textOf(part))) found.set(textOf(part), { index: instruction.index, part: n });
  return found;
}

/** Directories that any image has. Source: FHS 3.0, chapter 3 */
const OF_THE_SYSTEM = /^\/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(?:\/|$)/;

/** The command itself makes or changes it. */
const changed = ({ effects: { does, own } }: RunPart, path: string): boolean =>
  does.kind !== 'own' && own.known.some((place) => inside(path, place.path) || inside(place.path, path));

/** A RUN or a COPY above a command brings a path, or something below it; also in the stage that this one goes on from. */
function madeAbove(stages: readonly StageReading[], stage: StageReading, at: At | undefined, path: string): boolean {
  const meets = (one: string): boolean => inside(one, path) || inside(path, one);
  const made = stage.runs.some(({ instruction: { index }, parts }) =>
    parts.some(
      ({ effects: { own } }, n) =>
        (at === undefined || index < at.index || (index === at.index && n < at.part)) && own.known.some((place) => meets(place.path)),
    ),
  );
  if (made) return true;
  if (
    stage.copies.some(({ instruction, dest }) => (at === undefined || instruction.index < at.index) && (dest === undefined || meets(dest)))
  )
    return true;
  const from = stages.find((one) => one.stage.index === stage.base.ofStage);
  return from !== undefined && madeAbove(stages, from, undefined, path);
}
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
