// Room: ecosystems/node. multi-stage for Node: how the build stage comes to have production dependencies alone.
import type { Piece } from '../../dockerfile/edits.ts';
import type { RunPart } from '../../facts/reading.ts';
import type { Split } from '../../../transforms/multi-stage/split.ts';
import { keptOptions, npmWords, type NpmWords } from './npm.ts';
import { pruneOf } from './other-managers.ts';
import type { NodeCase } from './split-case.ts';

/** Production dependencies alone: the install itself where nothing is built, `npm prune` behind the build otherwise. */
export function productionEdits(c: NodeCase): { edits: Split['builderEdits']; tail: Piece[][] } {
  if (c.deps.strategy !== 'omit' && c.deps.strategy !== 'prune') return { edits: [], tail: [] };
  if (c.builds.length === 0 && c.deps.strategy === 'omit')
    return { edits: [c.install.part, ...installedBehind(c)].map((part) => omitting(c, part)), tail: [] };
  return { edits: [], tail: [pruneText(c)] };
}

const omitting = (c: NodeCase, { command: { end } }: RunPart): Split['builderEdits'][number] => ({
  start: end,
  end,
  text: [` ${wordsFor(c).install}`],
});
/** `npm install x` behind the install brings the development dependencies back, unless it is told to leave them out as well. */
const installedBehind = ({ reading, install, installRun }: NodeCase): RunPart[] =>
  reading.runs
    .filter(({ instruction }) => instruction.index >= installRun.instruction.index)
    .flatMap(({ parts }) => parts.slice(parts.indexOf(install.part) + 1))
    .filter(
      ({ manager, kind, command, effects }) =>
        manager === install.manager &&
        (kind === 'install-named' || kind === 'install') &&
        manager.elsewhere?.(command) !== true &&
        effects.before.cwd === install.cwd &&
        !command.words.some(({ value }) => /^--(?:omit|only|production)/.test(value ?? '')),
    );

export const wordsFor = (c: NodeCase): NpmWords => npmWords(c.reading, c.installRun.instruction.index);
/** `npm prune`, with the options that the install has; what other managers do instead. */
export function pruneText(c: NodeCase): Piece[] {
  const { manager, part } = c.install;
  // in a package of a workspace, npm would take that package alone; an option that names the directory is kept
  const { cwd = c.root } = part.effects.before;
  const cd = cwd === c.workdir ? '' : `cd ${cwd} && `;
  if (manager.id !== 'npm') return pruneOf(manager.id, c.install.part.command, cd, c.project.yarn);
  const { before, behind } = keptOptions(c.install.part.command);
  return [`RUN ${cd}${before}npm prune ${wordsFor(c).prune}${behind}`];
}
