// Room: facts/. F9: what a RUN of a split names, it finds: the files of the context that the original had there.
import { once } from '../once.ts';
import { inside, originAbove, originThrough, resolvePath } from './copies.ts';
import type { RunPart, StageReading } from './reading.ts';
import type { Subject } from './subject.ts';

/**
 * The first RUN of any stage that names a file or directory of the context which the original's RUN had above it, and which this stage has not: the
 * build would fail there, or do something else. Undefined: there is none, or no stage was added to a single one. Out: a sentence.
 */
export function lackingFile(original: Subject, now: Subject): string | undefined {
  if (original.stages.length !== 1 || now.stages.length === 1) return undefined;
  const { tree } = original.project;
  const before = partsByText(original.final);
  for (const stage of now.stages)
    for (const { instruction, parts } of stage.runs) {
      const above = once(() => ({ ...stage, copies: stage.copies.filter((copy) => copy.instruction.index < instruction.index) }));
      for (const part of parts) {
        if (makes(part)) continue;
        const was = before.get(textOf(part));
        if (was === undefined) continue;
        for (const path of pathsOf(part)) {
          // WORKDIR has made it
          if (part.effects.before.cwd !== undefined && inside(part.effects.before.cwd, path)) continue;
          const origin = originAbove({ copies: original.final.copies, tree, before: was }, path);
          if (origin === undefined || origin === '' || originThrough(now.stages, above(), tree, path) !== undefined) continue;
          return `\`${part.effects.program}\` needs ${path}, and line ${instruction.line} of the new file would not have it`;
        }
      }
    }
  return undefined;
}

/** The RUN (by index) of the original that has a command, by the text of the command; the first one where several have it. */
function partsByText({ runs }: StageReading): Map<string, number> {
  const found = new Map<string, number>();
  for (const { instruction, parts } of runs)
    for (const part of parts) if (!found.has(textOf(part))) found.set(textOf(part), instruction.index);
  return found;
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
    return resolvePath(before.cwd, value) ?? [];
  });
