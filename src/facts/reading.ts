// Room: facts/. The reading of one text: per stage its base image, the state at each instruction, what each RUN does, where copied files land.
import type { Dockerfile, Instruction, Run, ShellCommand, Stage, State } from '../dockerfile/types.ts';
import { lookupIn, stateAtEnd, stateBefore } from '../dockerfile/state.ts';
import { effectsOf, effectsOfScript } from '../effects/effects.ts';
import { managedBy } from '../effects/managers.ts';
import { joined } from '../effects/places.ts';
import type { Effects, ShellState } from '../effects/types.ts';
import type { CommandKind, PackageManager } from '../ecosystems/types.ts';
import { readBase, type BaseReading } from '../base/base.ts';
import { originAbove, readCopy, resolvePath, upwards, writtenText, type Above, type CopyReading } from './copies.ts';
import type { InstructionFacts } from '../image/types.ts';
import type { Project } from './project.ts';
import { once } from '../once.ts';
import { seenInstructions, seenPlaces } from './seen.ts';

/** One simple command of a RUN, classified by the package manager rows, else by its name. */
export interface RunPart {
  command: ShellCommand;
  /** The program's name without its directory; '' for a bare assignment. */
  name: string;
  manager: PackageManager | undefined;
  kind: CommandKind | PlainKind;
  /** All that it does, wrappers taken off. */
  effects: Effects;
  /** Of a script or a makefile that is read: the commands in it, those of scripts in it opened in turn. Their words stand in another text: nothing in them is edited. */
  opened?: readonly RunPart[];
  /** It stands in such a text. */
  inside?: true;
}
export interface RunReading {
  instruction: Run;
  /** In order; of an opaque RUN: every command seen at any depth. */
  parts: RunPart[];
  /** The same, with the commands of scripts and makefiles in their place. */
  opened: RunPart[];
  /** Why the RUN cannot be taken apart (then nothing inside it is edited). */
  opaque: string | undefined;
  /** What its layer did, where the image was looked into. */
  seen: InstructionFacts | undefined;
}
export interface StageReading {
  stage: Stage;
  base: BaseReading;
  /** The state in force where an instruction starts. */
  before(instruction: Instruction): State;
  end: State;
  /** The shell that a command of an instruction finds. */
  shell(instruction: Instruction): ShellState;
  runs: RunReading[];
  copies: CopyReading[];
  run(index: number): RunReading | undefined;
  copy(index: number): CopyReading | undefined;
}

/** The program's name of a command, without its directory. */
export function programOf(command: ShellCommand): string {
  const word = command.words[0]?.value ?? '';
  return word.slice(word.lastIndexOf('/') + 1);
}

/** Kinds of a command that belongs to no package manager, by what the rows say that it does. */
export type PlainKind =
  | 'files' // makes, moves, removes files or changes their owner or mode
  | 'users' // makes users and groups
  | 'download' // brings a file from the network
  | 'quiet' // leaves nothing behind (echo, cd, set, test, …), redirections aside
  | 'configure' // settings of a tool or of the system
  | 'compile' // a compiler or build tool, or a program of the repository, in the working tree
  | 'script' // starts other commands, which are read
  | 'unknown';

const PLAIN: Readonly<Record<Effects['does']['kind'], PlainKind>> = {
  nothing: 'quiet',
  state: 'quiet',
  files: 'files',
  own: 'files',
  unpack: 'files',
  users: 'users',
  fetch: 'download',
  build: 'compile',
  configure: 'configure',
  clean: 'files',
  serve: 'unknown',
  database: 'unknown',
  package: 'unknown',
  unknown: 'unknown',
};

function partOf(effects: Effects, managers: readonly PackageManager[]): RunPart {
  const { command, given, program } = effects;
  const managed = managedBy(managers)(command);
  if (managed) return { command: given, name: program, manager: managed.manager, kind: managed.kind, effects };
  // `rm -rf /var/lib/apt/lists/*` belongs to apt, although the program is rm
  const cleaned = effects.removes.known.length > 0 ? managers.find((manager) => manager.clearsCache(command)) : undefined;
  if (cleaned) return { command: given, name: program, manager: cleaned, kind: 'clean-cache', effects };
  const kind = effects.starts.length > 0 ? 'script' : PLAIN[effects.does.kind];
  const opened = openedIn(effects, managers, given);
  return { command: given, name: program, manager: undefined, kind, effects, ...(opened ? { opened } : {}) };
}

/** The commands of a text that a shell or make runs, where it is a list, or has branches that build nothing; its places are those of the call. */
function openedIn(effects: Effects, managers: readonly PackageManager[], { start, end, optional }: ShellCommand): RunPart[] | undefined {
  const { does, starts, within, own, inner } = effects;
  if (!['nothing', 'build'].includes(does.kind) || starts.length === 0 || !within || (within.opaque !== undefined && !within.certain))
    return undefined;
  if (own.known.length > 0 || own.unknown !== undefined || inner.length > 0) return undefined;
  const parts = starts.flatMap((one) => {
    const command = { ...one.given, start, end, ...(optional === undefined ? {} : { optional }) };
    const part: RunPart = { ...partOf({ ...one, given: command }, managers), inside: true };
    return part.opened ?? [part];
  });
  const decided = parts.some(({ manager, kind, command }) => manager !== undefined && kind !== 'other' && command.optional === 'not-run');
  return decided ? undefined : parts;
}

const withOpened = (parts: readonly RunPart[]): RunPart[] => parts.flatMap((part): readonly RunPart[] => part.opened ?? [part]);

/** Where rows do not tell all that it writes, what its layer holds does: of a program without a row alone, of others beside what they say. */
function withSeen(effects: Effects, seen: () => ReturnType<typeof seenPlaces>): Effects {
  const { does, writes, removes } = effects;
  if (does.kind !== 'unknown' && writes.unknown === undefined && removes.unknown === undefined) return effects;
  const places = seen();
  if (!places) return effects;
  if (does.kind === 'unknown') return { ...effects, ...places };
  return { ...effects, writes: joined(writes, places.writes), removes: joined(removes, places.removes) };
}

function readRun(instruction: Run, shell: ShellState, { knowledge, managers }: Project, seen: RunReading['seen']): RunReading {
  const places = once(() => seen && seenPlaces(seen));
  const read = (effects: Effects): RunPart => partOf(withSeen(effects, places), managers);
  const { script } = instruction;
  if (script) {
    const parts = effectsOfScript(script, shell, knowledge).map(read);
    return { instruction, parts, opened: script.opaque === undefined ? withOpened(parts) : parts, opaque: script.opaque, seen };
  }
  // exec form: one command, its words are the JSON strings
  const words = (instruction.json ?? []).map(({ start, end, raw, value }) => ({ start, end, raw, value, variables: [] }));
  const command: ShellCommand = {
    start: instruction.bodyStart,
    end: instruction.end,
    assignments: [],
    words,
    redirects: [],
    before: undefined,
    negated: false,
  };
  const parts = words.length > 0 ? [read(effectsOf(command, shell, knowledge))] : [];
  return { instruction, parts, opened: withOpened(parts), opaque: undefined, seen };
}

/** The shell as the first command of a RUN finds it. Files that a COPY brought are read from the context. */
function shellFor(state: State, home: string | undefined, above: Above<CopyReading>): ShellState {
  return {
    cwd: 'value' in state.workdir ? state.workdir.value : undefined,
    home,
    lookup: lookupIn(state),
    read: (path) => {
      const written = writtenText(above.copies, path, above.before);
      if (written !== undefined) return written;
      const origin = originAbove(above, path);
      const read = origin === undefined || origin === '' ? undefined : above.tree.read(origin);
      return read?.kind === 'text' ? read.text : undefined;
    },
  };
}

/** The COPYs and ADDs of a stage; what WORKDIR, `mkdir` and COPYs above one have made as directories is one for it. */
function copiesOf({ instructions }: Stage, before: (i: Instruction) => State, { tree }: Project): CopyReading[] {
  const directories = new Set<string>();
  const copies: CopyReading[] = [];
  const workdirOf = (i: Instruction): string | undefined => {
    const { workdir } = before(i);
    return 'value' in workdir ? workdir.value : undefined;
  };
  for (const i of instructions) {
    if (i.keyword === 'COPY' || i.keyword === 'ADD') {
      const copy = readCopy(i, before(i), tree, directories);
      copies.push(copy);
      if (copy.dest !== undefined && (copy.intoDirectory || copy.broad)) directories.add(copy.dest);
      // a COPY makes the directories above what it puts there
      if (copy.dest !== undefined) for (const dir of upwards(copy.dest, '/').slice(1, -1)) directories.add(dir);
    } else if (i.keyword === 'WORKDIR') directories.add(workdirOf(i) ?? '/');
    else if (i.keyword === 'RUN')
      for (const { words } of i.script?.commands ?? [])
        if (words[0]?.value === 'mkdir')
          for (const { value } of words.slice(1)) {
            const path = value === undefined || value.startsWith('-') ? undefined : resolvePath(workdirOf(i), value);
            if (
              path !== undefined &&
              (value?.startsWith('/') === true || !i.script?.commands.some(({ words: [first] }) => first?.value === 'cd'))
            )
              directories.add(path);
          }
  }
  return copies;
}

/** Reads every stage of a Dockerfile. */
export function readStages(dockerfile: Dockerfile, project: Project): StageReading[] {
  const bases = new Map<number, BaseReading>();
  for (const stage of dockerfile.stages) bases.set(stage.index, readBase(dockerfile, stage, bases, project.images));
  const seenOf = seenInstructions(dockerfile, project.image?.facts);
  return dockerfile.stages.map((stage) => {
    const base = bases.get(stage.index) as BaseReading;
    const start = base.family?.state;
    const before = (instruction: Instruction): State => stateBefore(dockerfile, stage, instruction, start);
    const copies = copiesOf(stage, before, project);
    const shell = (i: Instruction): ShellState => {
      const state = before(i);
      return shellFor(state, homeIn(base, state), { copies, before: i.index, tree: project.tree });
    };
    const runs = stage.instructions.filter((i): i is Run => i.keyword === 'RUN').map((i) => readRun(i, shell(i), project, seenOf?.(i)));
    const runAt = new Map(runs.map((run) => [run.instruction.index, run]));
    const copyAt = new Map(copies.map((copy) => [copy.instruction.index, copy]));
    return {
      stage,
      base,
      before,
      shell,
      end: stateAtEnd(dockerfile, stage, start),
      runs,
      copies,
      run: (index: number) => runAt.get(index),
      copy: (index: number) => copyAt.get(index),
    };
  });
}

/** The home directory of the user in force: /root, the image's own users, or one made by `useradd -m`/`adduser` before. Undefined: unknown. */
export const homeOf = (reading: StageReading, state: State): string | undefined => homeIn(reading.base, state);
function homeIn(base: BaseReading, state: State): string | undefined {
  const set = state.env.get('HOME');
  if (set && 'value' in set) return set.value.startsWith('/') ? set.value : undefined;
  if ('unknown' in state.user) return undefined;
  const name = state.user.value.split(':')[0] ?? '';
  if (name === '' || name === 'root' || name === '0') return '/root';
  const own = base.family?.users.find((u) => u.name === name || String(u.uid) === name);
  return own?.home;
}
export const isRoot = (state: State): boolean => 'value' in state.user && ['', 'root', '0', 'root:root', '0:0'].includes(state.user.value);
