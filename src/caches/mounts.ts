// Room: caches/. Which cache mounts a RUN wants, and what must go from it so that they are of use (rule book §4.6, T7).
import type { Edit } from '../dockerfile/edits.ts';
import type { Run, State } from '../dockerfile/types.ts';
import { commandRemoval } from '../dockerfile/write.ts';
import type { CacheDir, PackageManager } from '../ecosystems/types.ts';
import { cleanPath, resolvePath } from '../facts/copies.ts';
import { homeOf, isRoot, type RunPart, type RunReading, type StageReading } from '../facts/reading.ts';
import { isForeign } from '../base/base.ts';
import { refusal, type Refusal } from '../transform.ts';

export interface MountPlan {
  run: RunReading;
  manager: PackageManager;
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
): MountPlan | Refusal | undefined {
  const parts = run.parts.filter((p) => p.manager === manager && manager.usesCache(p.command));
  if (parts.length === 0) return undefined;
  const at = run.instruction.start;
  const state = reading.before(run.instruction);
  if (run.instruction.flags.some((f) => f.name === 'network' && f.value === 'none'))
    return refusal('offline-run', 'RUN has no network', at);
  const off = manager.cacheOffEnv.find((name) => switchedOn(state, name));
  if (off)
    return refusal(`${manager.id}-no-cache-env`, `${off} is set, so nothing would be kept`, at, { allow: `Remove ${off} from ENV.` });
  const home = homeOf(reading, state);
  const flags: string[] = [];
  for (const cache of new Set(parts.flatMap((p) => row.cachesOf?.(p.command) ?? row.caches))) {
    const target = targetOf(cache, state, home, parts);
    if ('refused' in target) return { ...target, at };
    const guessed = guessedVariable(cache, reading, state);
    if (guessed !== undefined)
      return refusal('cache-dir-unknown', `What ${reading.base.image.raw} sets ${guessed} to is unknown`, at, {
        allow: `Set ${guessed} in an ENV.`,
      });
    if (run.instruction.mounts.some((m) => m.target !== undefined && (m.target === target.path || target.path.startsWith(`${m.target}/`))))
      continue;
    const owner = ownerOf(reading, state, target.path, home);
    if ('refused' in owner) return { ...owner, at };
    flags.push(`--mount=type=cache,target=${target.path}${cache.sharing ? `,sharing=${cache.sharing}` : ''}${owner.options}`);
  }
  if (flags.length === 0) return undefined;
  const edits = dropEdits(run.instruction, run, parts, manager);
  return isRefused(edits) ? edits : { run, manager, flags, edits };
}
const isRefused = (edits: Edit[] | Refusal): edits is Refusal => 'refused' in edits;

function switchedOn(state: State, name: string): boolean {
  const value = state.env.get(name) ?? state.args.get(name);
  return value !== undefined && !('value' in value && ['', '0', 'false', 'off', 'no'].includes(value.value.toLowerCase()));
}

function targetOf(cache: CacheDir, state: State, home: string | undefined, parts: readonly RunPart[]): { path: string } | Refusal {
  const computed = (what: string): Refusal => refusal('cache-dir-unknown', `Cache directory is computed (${what})`, 0);
  for (const part of parts) {
    const option = cache.option === undefined ? undefined : optionValue(part, cache.option);
    if (option !== undefined) return option.startsWith('/') ? { path: option } : computed(`${cache.option} ${option}`);
    for (const moved of cache.movedBy) {
      const inline = part.command.assignments.find((a) => a.name === moved.env);
      if (inline) return inline.value?.startsWith('/') ? { path: cleanPath(inline.value + (moved.suffix ?? '')) } : computed(moved.env);
    }
  }
  for (const moved of cache.movedBy) {
    const value = state.env.get(moved.env);
    if (value === undefined) continue;
    if (!('value' in value) || !value.value.startsWith('/')) return computed(moved.env);
    return { path: cleanPath(value.value + (moved.suffix ?? '')) };
  }
  if (cache.rootTarget !== undefined && home === '/root') return { path: cache.rootTarget };
  if (cache.target.startsWith('~/'))
    return home === undefined
      ? refusal('cache-user-unknown', `The home directory of the user ${'value' in state.user ? state.user.value : ''} is unknown`, 0)
      : { path: home + cache.target.slice(1) };
  const path = resolvePath('/', cache.target);
  return cache.target.startsWith('$') || path === undefined ? computed(cache.target) : { path };
}

/** The variable that a directory is taken from, where only an image of the same name elsewhere says what it holds. */
function guessedVariable(cache: CacheDir, reading: StageReading, state: State): string | undefined {
  if (!isForeign(reading.base)) return undefined;
  const moved = cache.movedBy.find(({ env }) => state.env.has(env))?.env;
  const value = moved === undefined ? undefined : state.env.get(moved);
  const { env = {} } = reading.base.family?.state ?? {};
  return value && 'value' in value && moved !== undefined && env[moved] === value.value ? moved : undefined;
}

function optionValue(part: RunPart, option: string): string | undefined {
  const { words } = part.command;
  const at = words.findIndex((w) => w.value === option || w.value?.startsWith(`${option}=`));
  const word = words[at];
  if (!word) return undefined;
  return word.value === option ? (words[at + 1]?.value ?? '') : (word.value ?? '').slice(option.length + 1);
}

/** A mount belongs to root unless told; for another user its numbers must be known, and its parent must exist (it would be made by root). */
function ownerOf(reading: StageReading, state: State, path: string, home: string | undefined): { options: string } | Refusal {
  if (isRoot(state)) return { options: '' };
  const name = 'value' in state.user ? (state.user.value.split(':')[0] ?? '') : '';
  const user = reading.base.family?.users.find((u) => u.name === name || String(u.uid) === name);
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
