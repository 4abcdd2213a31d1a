// Room: dockerfile/. What is in force when an instruction starts: ENV, ARG, WORKDIR, USER, SHELL. Source: BuildKit v0.34.2, frontend/dockerfile/dockerfile2llb/convert.go.
import { oncePer } from '../once.ts';
import { expandWord } from './expand.ts';
import { cleaned } from './paths.ts';
import { openScope, setIn, viewAt, type Scope } from './scope.ts';
import { declared, globalDefaults } from './stages.ts';
import type { BaseState, Dockerfile, Instruction, Known, Stage, State } from './types.ts';

/** BuildKit's PATH when the base image sets none (util/system/path.go, DefaultPathEnvUnix). */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A stage walked through: scopes, and the other state as of each instruction that changes it. */
interface Walk {
  env: Scope;
  args: Scope;
  /** Names in `env` whose value an ARG says: `--build-arg` changes it. */
  argued: Scope;
  changes: { at: number; workdir: Known; user: Known; shell: string[] }[];
}
/** How the stages of a file stand on each other, whatever their images hold. */
interface Chains {
  globals: ReadonlyMap<string, Known>;
  parents: (number | undefined)[];
  /** Of the stages built FROM a stage, the one that most are built on in their turn: it goes on with its parent's table. */
  heirs: (number | undefined)[];
}
const noBase: BaseState = {};
const chainsOf = oncePer(readChains);
type Walks = Map<number, Walk>;
const walksOf: (dockerfile: Dockerfile) => (base: BaseState) => Walks = oncePer(() => oncePer(() => new Map()));

/**
 * The state that `instruction` of `stage` finds (its own effect is not in it).
 * `env.get` of a name that is not set is undefined only when the base image's ENV is known.
 * In: `base`, what the image at the root of the stage's chain of FROMs starts with; what it does not say is unknown. `scratch` needs none.
 * An ARG has its default here: `--build-arg` can change it, and without a default it is unknown.
 */
export function stateBefore(dockerfile: Dockerfile, stage: Stage, instruction: Instruction, base?: BaseState): State {
  return stateOf(walkOf(dockerfile, stage, base), instruction.index);
}

/** The state behind the last instruction of a stage: what a stage built FROM it starts with. */
export function stateAtEnd(dockerfile: Dockerfile, stage: Stage, base?: BaseState): State {
  return stateOf(walkOf(dockerfile, stage, base), endOf(stage));
}

/** From after a stage's last instruction on. */
const endOf = ({ from, instructions }: Stage): number => (instructions[instructions.length - 1] ?? from).index + 1;

/** What a variable holds: an ARG or an ENV, whichever was set last. Undefined: it is not set. */
export function lookupIn(state: State): (name: string) => Known | undefined {
  return (name) => state.args.get(name) ?? state.env.get(name);
}

function stateOf(walk: Walk, at: number): State {
  let low = 0;
  let high = walk.changes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((walk.changes[middle]?.at ?? at) < at) low = middle;
    else high = middle - 1;
  }
  const last = walk.changes[low];
  const unknown = { unknown: 'no state' };
  return {
    env: viewAt(walk.env, at),
    args: viewAt(walk.args, at),
    workdir: last?.workdir ?? unknown,
    user: last?.user ?? unknown,
    shell: last?.shell ?? [],
  };
}

function walkOf(dockerfile: Dockerfile, stage: Stage, base: BaseState = noBase): Walk {
  const walks = walksOf(dockerfile)(base);
  const known = walks.get(stage.index);
  if (known) return known;
  const { globals, parents, heirs } = chainsOf(dockerfile);
  const chain: Stage[] = [];
  for (let at: Stage | undefined = stage; at && !walks.has(at.index);) {
    chain.push(at);
    const parent: number | undefined = parents[at.index];
    at = parent === undefined ? undefined : dockerfile.stages[parent];
  }
  for (const next of chain.reverse()) {
    const parent = parents[next.index];
    const before = parent === undefined ? undefined : dockerfile.stages[parent];
    const ended = parent === undefined ? undefined : walks.get(parent);
    const walk = before && ended ? follow(ended, endOf(before), { heir: heirs[before.index] === next.index }) : start(next, base);
    for (const instruction of next.instructions) apply(walk, instruction, dockerfile.escape, globals);
    walks.set(next.index, walk);
  }
  return walks.get(stage.index) as Walk;
}

function readChains(dockerfile: Dockerfile): Chains {
  const names = new Map<string, number>();
  const parents = dockerfile.stages.map((stage) => {
    const parent = names.get(stage.from.image.resolved?.toLowerCase() ?? '');
    if (stage.name !== undefined) names.set(stage.name, stage.index);
    return parent;
  });
  return { globals: globalDefaults(dockerfile.globalArgs, dockerfile.escape), parents, heirs: heirsOf(parents) };
}

const ofBase = (what: string, value: string | undefined, image: string): Known =>
  value === undefined ? { unknown: `${what} of ${image} is not known` } : { value };

/** For each stage its heir: a chain of stages is one table, and no look-up goes through more tables than there are forks that halve what is built on them. */
function heirsOf(parents: readonly (number | undefined)[]): (number | undefined)[] {
  const sizes = parents.map(() => 1);
  const heirs: (number | undefined)[] = parents.map(() => undefined);
  for (let stage = parents.length - 1; stage >= 0; stage -= 1) {
    const parent = parents[stage];
    if (parent === undefined) continue;
    const size = sizes[stage] ?? 1;
    sizes[parent] = (sizes[parent] ?? 1) + size;
    const heir = heirs[parent];
    if (heir === undefined || (sizes[heir] ?? 1) <= size) heirs[parent] = stage;
  }
  return heirs;
}

/** A stage built FROM another, as that one ends. */
function follow(parent: Walk, end: number, { heir }: { heir: boolean }): Walk {
  const { workdir, user, shell } = stateOf(parent, end);
  const next = (scope: Scope): Scope => (heir ? scope : openScope({ scope, end }));
  return { env: next(parent.env), args: next(parent.args), argued: next(parent.argued), changes: [{ at: -1, workdir, user, shell }] };
}

function start(stage: Stage, base: BaseState): Walk {
  const { resolved, raw } = stage.from.image;
  const scratch = resolved === 'scratch';
  const image = resolved ?? raw;
  const known = base.env ?? (scratch ? {} : undefined);
  const env = openScope(undefined, known ? undefined : { unknown: `ENV of ${image} is not known` });
  for (const [name, value] of Object.entries(known ?? {})) setIn(env, name, { value }, -1);
  if (known && !Object.hasOwn(known, 'PATH')) setIn(env, 'PATH', { value: defaultPath }, -1);
  const workdir = ofBase('WORKDIR', (base.workdir === '' ? '/' : base.workdir) ?? (scratch ? '/' : undefined), image);
  const user = ofBase('USER', (base.user === '' ? 'root' : base.user) ?? (scratch ? 'root' : undefined), image);
  return {
    env,
    args: openScope(undefined),
    argued: openScope(undefined),
    changes: [{ at: -1, workdir, user, shell: base.shell ?? ['/bin/sh', '-c'] }],
  };
}

function apply(walk: Walk, instruction: Instruction, escape: string, globals: ReadonlyMap<string, Known>): void {
  const { index, keyword, args } = instruction;
  const last = walk.changes[walk.changes.length - 1];
  // One ENV sees the variables as they were before it; each word of an ARG sees the one before.
  const env = viewAt(walk.env, index);
  const lookup = (at: number) => {
    const declarations = viewAt(walk.args, at);
    return (name: string): Known | undefined => declarations.get(name) ?? env.get(name);
  };
  if (keyword === 'ENV') applyEnv(walk, instruction, escape, lookup(index));
  if (keyword === 'ARG')
    for (const word of args) applyArg(walk, word, index, globals, (value) => expandWord(value, lookup(index + 1), escape));
  if (!last) return;
  const text = args[0] ?? '';
  if (keyword === 'WORKDIR')
    walk.changes.push({
      ...last,
      at: index,
      workdir: workdirOf(last.workdir, expandWord(text, fixedIn(walk, index, lookup(index)), escape)),
    });
  if (keyword === 'USER') walk.changes.push({ ...last, at: index, user: expandWord(text, lookup(index), escape) });
  if (keyword === 'SHELL') walk.changes.push({ ...last, at: index, shell: args });
}

/** The values that no build argument changes: a directory by one is where its caller says, and its default would be one guess. */
function fixedIn({ args, argued }: Walk, at: number, lookup: (name: string) => Known | undefined): (name: string) => Known | undefined {
  const [given, passed] = [viewAt(args, at), viewAt(argued, at)];
  return (name) => (given.has(name) || passed.has(name) ? { unknown: `${name} is an argument of the build` } : lookup(name));
}

/** `args` of ENV are name, value and separator of each pair, as written. */
function applyEnv(walk: Walk, { index, args }: Instruction, escape: string, lookup: (name: string) => Known | undefined): void {
  for (let i = 0; i + 1 < args.length; i += 3) {
    const name = expandWord(args[i] ?? '', lookup, escape);
    if ('unknown' in name) continue;
    const text = args[i + 1] ?? '';
    setIn(walk.env, name.value, expandWord(text, lookup, escape), index);
    const passed = 'unknown' in expandWord(text, fixedIn(walk, index, lookup), escape);
    if (passed || viewAt(walk.argued, index + 1).has(name.value)) setIn(walk.argued, name.value, passed ? { value: '' } : undefined, index);
    // The later of ENV and ARG wins (convert.go, dispatchArg and dispatchEnv write into one environment).
    if (viewAt(walk.args, index + 1).has(name.value)) setIn(walk.args, name.value, undefined, index);
  }
}

function applyArg(walk: Walk, word: string, index: number, globals: ReadonlyMap<string, Known>, expand: (value: string) => Known): void {
  const { name, value } = declared(word);
  const known = value === undefined ? globals.get(name) : expand(value);
  setIn(walk.args, name, known ?? { unknown: `ARG ${name} has no default` }, index);
}

/** Source: path_resolution(7), PATH_MAX. */
const longestPath = 4096;

/** BuildKit's NormalizeWorkdir (util/system/path.go): relative to the one before, cleaned. */
function workdirOf(before: Known, requested: Known): Known {
  if ('unknown' in requested || requested.value.startsWith('/'))
    return 'unknown' in requested ? requested : { value: cleaned(requested.value) };
  if ('unknown' in before) return before;
  const value = cleaned(`${before.value}/${requested.value}`);
  return value.length > longestPath ? { unknown: 'WORKDIR is longer than a path can be' } : { value };
}

/** The names of the variables that ENV instructions set. */
export const namesSet = (instructions: readonly Instruction[]): ReadonlySet<string> =>
  new Set(instructions.flatMap((i) => (i.keyword === 'ENV' ? i.pairs.map(({ name }) => name) : [])));
