// Room: caches/. Where a command keeps its cache: by its options, the variables in force for it, and the settings that were made before it.
import { expandWord } from '../dockerfile/expand.ts';
import { lookupIn } from '../dockerfile/state.ts';
import type { Known, State } from '../dockerfile/types.ts';
import { cleaned, within } from '../effects/places.ts';
import type { CacheDir, PackageManager } from '../ecosystems/types.ts';
import { homeOf, type RunPart, type RunReading, type StageReading } from '../facts/reading.ts';
import { onceEach, oncePer } from '../once.ts';
import { refusal, type Refusal } from '../refusal.ts';

/** A command's variable: as it stands in front of it, as its RUN exports it, or as the file sets it. */
export function variableOf(part: RunPart, name: string): Known | undefined {
  const computed = { unknown: `${name} is computed` };
  const own = part.command.assignments.findLast((a) => a.name === name);
  if (own) return own.value === undefined ? computed : { value: own.value };
  for (const word of part.effects.wrappers.flatMap(({ words }) => words)) {
    if (!word.raw.startsWith(`${name}=`)) continue;
    return word.value === undefined ? computed : { value: word.value.slice(name.length + 1) };
  }
  return part.effects.after.lookup(name);
}

/** The home directory of a command. */
export function homeFor(reading: StageReading, state: State, part: RunPart): string | undefined {
  const set = variableOf(part, 'HOME');
  if (set && 'value' in set) return set.value.startsWith('/') ? set.value : undefined;
  if (set && lookupIn(state)('HOME') === undefined) return undefined;
  return part.effects.wrappers.some(({ user }) => user !== undefined) ? undefined : homeOf(reading, state);
}

const computed = (what: string, allow?: string): Refusal =>
  refusal('cache-dir-unknown', `Cache directory is computed (${what})`, 0, allow === undefined ? {} : { allow });

/** Nothing in the file sets it where the image is not known: the image may. */
function notTold({ stage, base }: StageReading, env: string): Refusal {
  if (base.family !== undefined || stage.instructions.some(({ logical }) => logical.text.includes(env))) return computed(env);
  return refusal('cache-dir-unknown', `Whether ${base.image.raw} sets ${env}, which moves the cache, is not known`, 0, {
    allow: `Set ${env} in an ENV.`,
  });
}

/** The directory of a cache for one command. */
export function directoryOf(cache: CacheDir, reading: StageReading, run: RunReading, part: RunPart): { path: string } | Refusal {
  const state = reading.before(run.instruction);
  const option = cache.option === undefined ? undefined : optionValue(part, cache.option);
  if (option !== undefined) return option.startsWith('/') ? { path: cleaned(option) } : computed(`${cache.option} ${option}`);
  for (const { env, suffix = '' } of cache.movedBy) {
    const value = variableOf(part, env);
    if (value === undefined) continue;
    if (!('value' in value)) return notTold(reading, env);
    if (!value.value.startsWith('/')) return computed(env);
    const given = state.args.get(env);
    if (given && 'value' in given && given.value === value.value)
      return computed(`the build may be given another ${env}`, `Set ${env} in an ENV.`);
    return { path: cleaned(value.value + suffix) };
  }
  const home = homeFor(reading, state, part);
  if (cache.rootTarget !== undefined && home === '/root') return { path: cache.rootTarget };
  if (cache.target.startsWith('~/'))
    return home === undefined
      ? refusal('cache-user-unknown', `The home directory of the user ${userOf(state, part)} is unknown`, 0)
      : { path: cleaned(home + cache.target.slice(1)) };
  return cache.target.startsWith('$') ? computed(cache.target) : { path: cleaned(cache.target) };
}
const userOf = (state: State, part: RunPart): string =>
  part.effects.wrappers.findLast(({ user }) => user !== undefined)?.user ?? ('value' in state.user ? state.user.value : '');

function optionValue(part: RunPart, option: string): string | undefined {
  const { words } = part.command;
  const at = words.findIndex((w) => w.value === option || w.raw.startsWith(`${option}=`));
  const word = words[at];
  if (!word) return undefined;
  return word.value === option ? (words[at + 1]?.value ?? words[at + 1]?.raw ?? '') : (word.value ?? word.raw).slice(option.length + 1);
}

/** Why a cache may lie elsewhere than its variables tell: a branch of the RUN sets one, or an earlier command settled it. */
export function movedElsewhere(reading: StageReading, run: RunReading, manager: PackageManager): Refusal | undefined {
  const at = run.instruction.start;
  const variables = variablesOf(manager);
  const sets = ({ command }: RunPart): string | undefined =>
    variables.find(
      (name) =>
        command.words.some(({ raw }) => raw.startsWith(`${name}=`)) ||
        (command.words.length === 0 && command.assignments.some((a) => a.name === name)),
    );
  const branch = run.opaque === undefined ? undefined : run.parts.map(sets).find((name) => name !== undefined);
  if (branch !== undefined) return refusal('cache-dir-unknown', `Cache directory is computed (a part of the RUN sets ${branch})`, at);
  const settled = settledIn(reading)(manager);
  if (!settled || settled.run.instruction.index > run.instruction.index) return undefined;
  return refusal(
    'cache-dir-unknown',
    `\`${settled.part.name}\` at line ${settled.run.instruction.line} settles where or whether ${manager.id} keeps its cache`,
    at,
  );
}

const variablesOf = oncePer((manager: PackageManager): string[] => [
  ...manager.caches.flatMap(({ movedBy }) => movedBy.map(({ env }) => env)),
  ...manager.cacheOff.map(({ name }) => name),
  'HOME',
]);

/** The first command of a stage that settles the cache of a package manager. */
const settledIn = oncePer((reading: StageReading) =>
  onceEach((manager: PackageManager): { run: RunReading; part: RunPart } | undefined => {
    for (const run of reading.runs) {
      const part = run.parts.find((one) => settles(one, manager, variablesOf(manager)));
      if (part) return { run, part };
    }
    return undefined;
  }),
);

/** `npm config set cache /x`, `go env -w GOMODCACHE=/x`, `echo 'no-cache-dir = true' > /etc/pip.conf`. */
function settles({ manager: own, effects, command }: RunPart, manager: PackageManager, variables: readonly string[]): boolean {
  const names = ({ raw }: { raw: string }): boolean => /cache|store/i.test(raw) || variables.some((name) => raw.includes(name));
  if (effects.does.kind === 'configure') return own === manager && command.words.some(names);
  const files = effects.writes.known.some(({ path }) => manager.settings?.files.test(path));
  return files && command.words.some(names);
}

/** The targets of the mounts that a RUN has; undefined among them: one that is computed. */
export function mountedIn(reading: StageReading, { instruction }: RunReading): (string | undefined)[] {
  const state = reading.before(instruction);
  return instruction.mounts.flatMap(({ target, type }) => {
    if (target === undefined || type === 'ssh') return [];
    const value = target.includes('$') ? expandWord(target, lookupIn(state), '\\') : { value: target };
    if (!('value' in value)) return [undefined];
    if (value.value.startsWith('/')) return [cleaned(value.value)];
    return 'value' in state.workdir ? [cleaned(`${state.workdir.value}/${value.value}`)] : [undefined];
  });
}

/** One of two directories lies in the other. */
export const nests = (a: string, b: string): boolean => within(a, b) || within(b, a);
