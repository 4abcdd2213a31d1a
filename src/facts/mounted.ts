// Room: facts/. Files of the build context that a RUN has by a bind mount while it runs: `--mount=type=bind,source=package.json,target=package.json`.
// Source: docs.docker.com/reference/dockerfile, "RUN --mount=type=bind": the type, where none is given, and the whole context, where no source is.
import type { FileTree } from '../context/types.ts';
import { oncePer } from '../once.ts';
import { readSource, resolvePath, type Above, type Brought } from './copies.ts';
import type { RunReading, StageReading } from './reading.ts';

/** What stands in the image when a RUN begins: what the COPYs above it have brought, and what it mounts itself. */
export const aboveRun = ({ copies }: StageReading, run: RunReading, tree: FileTree): Above & { before: number } => ({
  copies: withMounts(copies)(run)(tree),
  before: run.instruction.index,
  tree,
});

const withMounts = oncePer((copies: readonly Brought[]) =>
  oncePer((run: RunReading) =>
    oncePer((tree: FileTree): readonly Brought[] => {
      const mounted = mountedBy(run, tree);
      return mounted.length === 0 ? copies : [...copies, ...mounted];
    }),
  ),
);

function mountedBy({ instruction, parts }: RunReading, tree: FileTree): Brought[] {
  const cwd = parts[0]?.effects.before.cwd;
  return instruction.mounts.flatMap(({ type, from, target, options }) => {
    const dest = target === undefined ? undefined : resolvePath(cwd, target);
    if (type !== 'bind' || from !== undefined || dest === undefined) return [];
    const source = readSource(tree, options.get('source') ?? options.get('src') ?? '.');
    // a mount lies over what the COPYs have brought
    return [{ instruction: { index: instruction.index - 0.5 }, fromContext: true, sources: [source], dest, intoDirectory: false }];
  });
}
