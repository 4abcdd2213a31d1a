// Room: verify/measure/. What is measured by building again: bytes of the context, seconds after an edit of a source and of a manifest.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileTree } from '../../context/types.ts';
import { isCopied, type Edit, type FileEdit } from './edits.ts';
import { EngineError, type Side } from '../types.ts';

/** What one side's ignore file and Dockerfile let through. */
export interface Sent {
  ignore: { source: string; ignores(path: string): boolean };
  /** What COPY and ADD read, as written; undefined: everything that is not hidden. */
  copies: readonly string[] | undefined;
}

// As deep as a path can be (PATH_MAX is 4096, two characters a level): a bound, not a limit that is met.
const maxDepth = 2048;

/**
 * Bytes of the files that a build sends to the engine: BuildKit asks for what COPY and ADD read and the ignore file does not hide
 * (https://docs.docker.com/build/buildkit/: unused files are not transferred). Links count nothing; what cannot be listed neither.
 */
export function contextBytes(tree: FileTree, { ignore, copies }: Sent): number {
  const exceptions = /^\s*!/m.test(ignore.source);
  let bytes = 0;
  const walk = (dir: string, depth: number): void => {
    if (depth > maxDepth) return;
    for (const entry of tree.list(dir) ?? []) {
      if (entry.link === true) continue;
      const hidden = ignore.ignores(entry.path);
      // Below a hidden directory only an exception can bring something back.
      if (entry.kind === 'dir' && (!hidden || exceptions)) walk(entry.path, depth + 1);
      if (entry.kind === 'file' && !hidden && isCopied(entry.path, copies)) bytes += entry.size;
    }
  };
  walk('', 0);
  return bytes;
}

export interface RebuildPlan {
  /** The copy of the build context on disk; edits are undone at the end. */
  directory: string;
  source: Edit;
  dependency: Edit;
  /** Builds one side with the cache of the layers and returns the seconds that it took. Throws an EngineError. */
  rebuild(side: Side): Promise<number>;
  say(text: string): void;
}
export interface RebuildTimes {
  sourceEditSeconds: Record<Side, number | undefined>;
  dependencyEditSeconds: Record<Side, number | undefined>;
  /** Which file was edited, or why a time was not measured. */
  edited: { source: string; dependency: string };
}

const rounds = 3;
/** Seconds; a rebuild that takes longer is measured once: it says enough, and noise is small beside it. */
const short = 20;

/**
 * Rebuild times of both sides. They are taken in turn, so that a machine that becomes busier slows both; the first turn of a round
 * changes sides. A build that fails after an edit is a time that was not measured, with its reason; an interruption is thrown.
 */
export async function measureRebuilds(plan: RebuildPlan): Promise<RebuildTimes> {
  // Once without an edit: what the cold build left half done (a cache export, an image list) is not measured.
  const ready = await guarded(async () => {
    await plan.rebuild('before');
    await plan.rebuild('after');
  });
  const none = { before: undefined, after: undefined };
  if (ready.failed !== undefined) {
    return { sourceEditSeconds: none, dependencyEditSeconds: none, edited: { source: ready.failed, dependency: ready.failed } };
  }
  const source = await timed(plan, plan.source, { upTo: rounds, what: 'source edit' });
  const dependency = await timed(plan, plan.dependency, { upTo: 1, what: 'dependency edit' });
  return {
    sourceEditSeconds: source.seconds,
    dependencyEditSeconds: dependency.seconds,
    edited: { source: source.edited, dependency: dependency.edited },
  };
}

interface Timed {
  seconds: Record<Side, number | undefined>;
  edited: string;
}

async function timed(plan: RebuildPlan, edit: Edit, { upTo, what }: { upTo: number; what: string }): Promise<Timed> {
  const none = { before: undefined, after: undefined };
  if ('none' in edit) return { seconds: none, edited: `not measured: ${edit.none}` };
  const at = join(plan.directory, ...edit.path.split('/'));
  const original = await readFile(at);
  const taken: Record<Side, number[]> = { before: [], after: [] };
  try {
    const ran = await guarded(() => inRounds(plan, { edit, at, original }, { upTo, what, taken }));
    if (ran.failed !== undefined) return { seconds: none, edited: ran.failed };
  } finally {
    await writeFile(at, original);
  }
  return { seconds: { before: median(taken.before), after: median(taken.after) }, edited: edit.path };
}

interface Edited {
  edit: FileEdit;
  at: string;
  original: Buffer;
}

async function inRounds(
  plan: RebuildPlan,
  { edit, at, original }: Edited,
  { upTo, what, taken }: { upTo: number; what: string; taken: Record<Side, number[]> },
): Promise<void> {
  let content = original;
  for (let round = 1; round <= upTo; round++) {
    content = Buffer.concat([content, Buffer.from(edit.append(round))]);
    await writeFile(at, content);
    const sides: Side[] = round % 2 === 1 ? ['before', 'after'] : ['after', 'before'];
    for (const side of sides) {
      plan.say(
        `Rebuilding ${side === 'before' ? 'the original' : 'the rewrite'} after a ${what}${upTo > 1 ? ` (${round} of up to ${upTo})` : ''}`,
      );
      taken[side].push(await plan.rebuild(side));
    }
    if (Math.max(...taken.before, ...taken.after) >= short) return;
  }
}

/** The median; of an even number the lower of the two in the middle. */
export function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

async function guarded(work: () => Promise<void>): Promise<{ failed: string | undefined }> {
  try {
    await work();
    return { failed: undefined };
  } catch (error) {
    if (!(error instanceof EngineError) || error.problem.kind === 'interrupted') throw error;
    return { failed: `not measured: ${error.problem.message}` };
  }
}
