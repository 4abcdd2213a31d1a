// Room: caches/. Which cache mounts a RUN wants, and what must go from it so that they are of use.
import type { Edit } from '../dockerfile/edits.ts';
import type { Run, State } from '../dockerfile/types.ts';
import { commandRemoval } from '../dockerfile/write.ts';
import type { CacheDir, PackageManager } from '../ecosystems/types.ts';
import { isRoot, type RunPart, type RunReading, type StageReading } from '../facts/reading.ts';
import { isForeign } from '../base/base.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { clearedOperands, removedMount } from './removals.ts';
import { directoryOf, homeFor, mountedIn, movedElsewhere, nests, variableOf } from './directory.ts';

export interface MountPlan {
  run: RunReading;
  manager: PackageManager;
  /** The directories that are mounted. */
  targets: string[];
  /** `--mount=…` flags in order. */
  flags: string[];
  /** Takes out what would empty or bypass the cache. */
  edits: Edit[];
}

/** The mounts that one RUN wants for one package manager: a plan, a refusal, or nothing (no use of it, or mounted already). */
export function planMounts(
  reading: StageReading,
  run: RunReading,
  manager: PackageManager,
  row: PackageManager = manager,
  taken: readonly string[] = [],
): MountPlan | Refusal | undefined {
  const parts = run.parts.filter((p) => p.manager === manager && manager.usesCache(p.effects.command));
  if (parts.length === 0) return undefined;
  const at = run.instruction.start;
  const state = reading.before(run.instruction);
  if (run.instruction.flags.some((f) => f.name === 'network' && f.value === 'none'))
    return refusal('offline-run', 'RUN has no network', at);
  const off = switchedOff(parts, manager);
  // whoever wrote a mount knows that the cache is kept
  if (off?.known === false && hasMount(run, manager)) return undefined;
  if (off !== undefined)
    return off.known
      ? refusal(`${manager.id}-no-cache-env`, `${off.name} is set, so nothing would be kept`, at, { allow: `Take ${off.name} out.` })
      : refusal(`${manager.id}-no-cache-env`, `Whether ${off.name} is set, so that nothing would be kept, is not known`, at, {
          allow: 'Use a base image that is known, and no computed value.',
        });
  const moved = movedElsewhere(reading, run, manager);
  if (moved) return moved;
  const mounted = [...mountedIn(reading, run), ...taken];
  const targets: string[] = [];
  const flags: string[] = [];
  for (const part of parts)
    for (const cache of row.cachesOf?.(part.effects.command) ?? row.caches) {
      const found = directoryOf(cache, reading, run, part);
      if ('refused' in found) return { ...found, at };
      const guessed = guessedVariable(cache, reading, state);
      if (guessed !== undefined)
        return refusal('cache-dir-unknown', `What ${reading.base.image.raw} sets ${guessed} to is unknown`, at, {
          allow: `Set ${guessed} in an ENV.`,
        });
      if (mounted.includes(undefined)) return refusal('cache-dir-unknown', 'A mount of the RUN has a computed target', at);
      if ([...mounted, ...targets].some((target) => target !== undefined && nests(target, found.path))) continue;
      const owner = ownerOf(reading, state, found.path, homeFor(reading, state, part));
      if ('refused' in owner) return { ...owner, at };
      targets.push(found.path);
      flags.push(`--mount=type=cache,target=${found.path}${cache.sharing ? `,sharing=${cache.sharing}` : ''}${owner.options}`);
    }
  if (flags.length === 0) return undefined;
  const edits = dropEdits(run.instruction, run, parts, row);
  if (isRefused(edits)) return edits;
  return removedMount(run, manager, targets) ?? { run, manager, targets, flags, edits };
}
const isRefused = (edits: Edit[] | Refusal): edits is Refusal => 'refused' in edits;

/** A cache mount whose last directory is the manager's: `target=/home/app/.cache/uv`. */
const hasMount = ({ instruction }: RunReading, { caches }: PackageManager): boolean =>
  instruction.mounts.some(
    ({ type, target = '' }) =>
      type === 'cache' &&
      caches.some((cache) =>
        [cache.target, cache.rootTarget ?? []].flat().some((path) => path.endsWith(target.slice(target.lastIndexOf('/')))),
      ),
  );

/** The variable that switches the cache off for one of the commands. */
function switchedOff(parts: readonly RunPart[], manager: PackageManager): { name: string; known: boolean } | undefined {
  for (const part of parts)
    for (const { name, when } of manager.cacheOff) {
      const value = variableOf(part, name);
      if (value && (!('value' in value) || when(value.value))) return { name, known: 'value' in value };
    }
  return undefined;
}

/** The variable that a directory is taken from, where only an image of the same name elsewhere says what it holds. */
function guessedVariable(cache: CacheDir, reading: StageReading, state: State): string | undefined {
  if (!isForeign(reading.base) || reading.base.family?.lookedUp) return undefined;
  const moved = cache.movedBy.find(({ env }) => state.env.has(env))?.env;
  const value = moved === undefined ? undefined : state.env.get(moved);
  const { env = {} } = reading.base.family?.state ?? {};
  return value && 'value' in value && moved !== undefined && env[moved] === value.value ? moved : undefined;
}

/** A mount belongs to root unless told; for another user its numbers must be known, and its parent must exist (it would be made by root). */
function ownerOf(reading: StageReading, state: State, path: string, home: string | undefined): { options: string } | Refusal {
  if (isRoot(state)) return { options: '' };
  const name = 'value' in state.user ? (state.user.value.split(':')[0] ?? '') : '';
  const user = reading.base.family?.users.find((u) => u.name === name || String(u.uid) === name);
  if (name === '') return refusal('cache-user-unknown', `The user that ${reading.base.image.raw} runs as is unknown`, 0);
  if (!user || home === undefined) return refusal('cache-user-unknown', `User ${name} has an unknown uid or home`, 0);
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (parent !== home) return refusal('cache-user-unknown', `${parent} would be made by root, and ${name} could not write there`, 0);
  return { options: `,uid=${user.uid},gid=${user.gid}` };
}

function dropEdits(instruction: Run, run: RunReading, parts: readonly RunPart[], manager: PackageManager): Edit[] | Refusal {
  const options = parts.flatMap((p) =>
    p.command.words
      .filter((w, n) => n > 0 && w.value !== undefined && manager.cacheOffOptions.includes(w.value))
      .map((word) => ({ word, command: p.command })),
  );
  const clears = run.parts.filter((p) => manager.clearsCache(p.command));
  const operands = run.parts.flatMap((p) =>
    clears.includes(p) ? [] : clearedOperands(p.command, manager).map((word) => ({ word, command: p.command })),
  );
  options.push(...operands);
  if (options.length + clears.length === 0) return [];
  if (run.opaque !== undefined || !instruction.script)
    return refusal(
      'opaque-run',
      `RUN at line ${instruction.line} is too dynamic to take \`${options[0]?.word.value ?? clears[0]?.name}\` out (${run.opaque ?? 'exec form'})`,
      instruction.start,
    );
  const edits: Edit[] = [];
  for (const { word, command } of options) {
    const before = command.words[command.words.indexOf(word) - 1];
    edits.push({ start: before?.end ?? word.start, end: word.end, text: [] });
  }
  for (const part of clears) {
    const edit = part.command.before?.operator === '||' ? undefined : commandRemoval(instruction.script.commands, part.command);
    if (edit) edits.push(edit);
  }
  return mergeRemovals(edits);
}

/** Neighbouring removals may touch: they become one. */
function mergeRemovals(edits: Edit[]): Edit[] {
  const merged: Edit[] = [];
  for (const edit of edits.sort((a, b) => a.start - b.start)) {
    const last = merged[merged.length - 1];
    if (last && edit.start <= last.end) last.end = Math.max(last.end, edit.end);
    else merged.push({ ...edit });
  }
  return merged;
}
