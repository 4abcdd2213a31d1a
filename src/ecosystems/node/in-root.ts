// Room: ecosystems/node. multi-stage for Node: what the runtime stage gets of an application in /.
import { landingOf, resolvePath, type CopyReading } from '../../facts/copies.ts';
import { coveredLater } from '../../facts/covered.ts';
import { refuse } from '../../refusal.ts';
import { fromBuilder } from '../../../transforms/multi-stage/distribute.ts';
import { leftBehind } from '../../../transforms/multi-stage/gain.ts';
import type { Split } from '../../../transforms/multi-stage/split.ts';
import { manifestChanged, modeChanged, unbrought } from './app-writes.ts';
import { readsItsInstall } from './other-managers.ts';
import { pruneText } from './production-edits.ts';
import { relativeTo } from './served.ts';
import { modulesOf, type NodeCase } from './split-case.ts';
import { outputsOf } from './split-outputs.ts';

/**
 * No directory holds an application in / alone, so that none can be copied as a whole: its COPYs stand in both stages, and the packages and what
 * the build makes come from the first one. Refuses where they do not add up to what the original has.
 */
export function inRoot(c: NodeCase, split: Split): Split {
  const { ignore } = c.subject.project;
  const outputs = c.builds.length === 0 ? [] : outputsOf(c);
  const made = outputs?.map((path) => resolvePath(c.workdir, relativeTo(path, c.dir)) ?? path) ?? [];
  const copies = c.reading.copies.filter(({ fromContext }) => fromContext);
  // what the context has of them would lie above what the build stage made
  const hidden = [...(outputs ?? []), [c.dir, 'node_modules'].filter(Boolean).join('/')].every(
    (path) => ignore.ignores(path) || landingOf(copies, path) === undefined,
  );
  const plain = c.workdir === '/' && c.root === '/' && !c.project.workspaces && c.frontEnds.length === 0 && copies.length > 0;
  const left = outputs === undefined || (c.builds.length === 0 && c.runs.changesApp) || manifestChanged(c) || modeChanged(c).length > 0;
  if (!plain || !hidden || left || unbrought(c, made) || readsItsInstall(c))
    refuse('entry-not-in-output', 'The application lies in /, which cannot be copied as a whole', c.run.at);
  const pruned = c.deps.strategy === 'omit' || c.deps.strategy === 'prune';
  return {
    ...split,
    builderTail: pruned ? [pruneText(c)] : [],
    repeated: new Set(copies.filter((copy) => !isCovered(copy, copies)).map(({ instruction }) => instruction.index)),
    artefacts: [modulesOf(c.workdir), ...made].map((path) => fromBuilder(c.builder, path, c.workdir, c.owner)),
    why: `the image needs the application${pruned ? ' and its production dependencies' : ''}; ${leftBehind(c, split.runtimeImage, 'caches', ...(pruned ? ['development dependencies'] : []))} stay in the build stage`,
  };
}

/** All that it brings, a later COPY brings again. */
const isCovered = ({ broad, sources, instruction }: CopyReading, copies: readonly CopyReading[]): boolean =>
  !broad &&
  sources.every(
    ({ kind, files }) => !['heredoc', 'missing'].includes(kind) && files.every((file) => coveredLater(copies, instruction.index, file)),
  );
