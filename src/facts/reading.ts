// Room: facts/. The reading of one text: per stage its base image, the state at each instruction, what each RUN does, where copied files land.
import type { CopyLike, Dockerfile, Instruction, Run, ShellCommand, Stage, State } from '../dockerfile/types.ts';
import { stateAtEnd, stateBefore } from '../dockerfile/state.ts';
import { managers } from '../ecosystems/index.ts';
import type { CommandKind, PackageManager } from '../ecosystems/types.ts';
import { readBase, type BaseReading } from '../base/base.ts';
import { plainKind, type PlainKind } from './commands.ts';
import { readCopy, type CopyReading } from './copies.ts';
import type { Project } from './subject.ts';

/** One simple command of a RUN, classified by the package manager rows, else by its name. */
export interface RunPart {
  command: ShellCommand;
  /** The program's name without its directory; '' for a bare assignment. */
  name: string;
  manager: PackageManager | undefined;
  kind: CommandKind | PlainKind;
}
export interface RunReading {
  instruction: Run;
  /** In order; of an opaque RUN: every command seen at any depth. */
  parts: RunPart[];
  /** Why the RUN cannot be taken apart (then nothing inside it is edited). */
  opaque: string | undefined;
}
export interface StageReading {
  stage: Stage;
  base: BaseReading;
  /** The state in force where an instruction starts. */
  before(instruction: Instruction): State;
  end: State;
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

export function classify(command: ShellCommand): RunPart {
  const name = programOf(command);
  for (const manager of managers) {
    const kind = manager.classify(command);
    if (kind) return { command, name, manager, kind };
  }
  // `rm -rf /var/lib/apt/lists/*` belongs to apt, although the program is rm
  const cleaned = name === 'rm' || name === 'find' ? managers.find((manager) => manager.clearsCache(command)) : undefined;
  if (cleaned) return { command, name, manager: cleaned, kind: 'clean-cache' };
  if (command.words.length === 0) return { command, name: '', manager: undefined, kind: 'quiet' };
  return { command, name, manager: undefined, kind: command.words[0]?.value === undefined ? 'unknown' : plainKind(name) };
}

function readRun(instruction: Run): RunReading {
  const { script } = instruction;
  if (!script) {
    // exec form: one command, its words are the JSON strings
    const words = (instruction.json ?? []).map((arg) => ({
      start: arg.start,
      end: arg.end,
      raw: arg.raw,
      value: arg.value,
      variables: [],
    }));
    const command: ShellCommand = {
      start: instruction.bodyStart,
      end: instruction.end,
      assignments: [],
      words,
      redirects: [],
      before: undefined,
      negated: false,
    };
    return { instruction, parts: words.length > 0 ? [classify(command)] : [], opaque: undefined };
  }
  return { instruction, parts: (script.opaque === undefined ? script.commands : script.seen).map(classify), opaque: script.opaque };
}

/** Reads every stage of a Dockerfile. */
export function readStages(dockerfile: Dockerfile, project: Project): StageReading[] {
  const bases = new Map<number, BaseReading>();
  for (const stage of dockerfile.stages) bases.set(stage.index, readBase(dockerfile, stage, bases));
  return dockerfile.stages.map((stage) => {
    const base = bases.get(stage.index) as BaseReading;
    const start = base.family?.state;
    const before = (instruction: Instruction): State => stateBefore(dockerfile, stage, instruction, start);
    const runs = stage.instructions.filter((i): i is Run => i.keyword === 'RUN').map(readRun);
    const copies = stage.instructions
      .filter((i): i is CopyLike => i.keyword === 'COPY' || i.keyword === 'ADD')
      .map((i) => readCopy(i, before(i), project.tree));
    return {
      stage,
      base,
      before,
      end: stateAtEnd(dockerfile, stage, start),
      runs,
      copies,
      run: (index: number) => runs.find((r) => r.instruction.index === index),
      copy: (index: number) => copies.find((c) => c.instruction.index === index),
    };
  });
}

/** The home directory of the user in force: /root, the image's own users, or one made by `useradd -m`/`adduser` before. Undefined: unknown. */
export function homeOf(reading: StageReading, state: State): string | undefined {
  if ('unknown' in state.user) return undefined;
  const name = state.user.value.split(':')[0] ?? '';
  if (name === '' || name === 'root' || name === '0') return '/root';
  const own = reading.base.family?.users.find((u) => u.name === name || String(u.uid) === name);
  return own?.home;
}
export const isRoot = (state: State): boolean => 'value' in state.user && ['', 'root', '0', 'root:root', '0:0'].includes(state.user.value);
