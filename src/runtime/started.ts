// Room: runtime/. What a command line starts, one by one: shells, package managers' scripts and entry scripts are followed.
import { parseShell } from '../dockerfile/shell.ts';
import { lookupIn } from '../dockerfile/state.ts';
import type { Script, Word } from '../dockerfile/types.ts';
import { allOf, effectsOf, effectsOfScript } from '../effects/effects.ts';
import type { Effects, ShellState } from '../effects/types.ts';
import { peopleWork } from '../effects/rows/people.ts';
import { commandOf } from '../effects/words.ts';
import type { Knowledge } from '../effects/effects.ts';
import { originThrough, writtenText } from '../facts/copies.ts';
import { homeOf, isRoot, type StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence, Need } from '../facts/types.ts';
import { program as knownProgram, shellBuiltins } from '../knowledge/programs.ts';

/** One command that runs, with what it does, and where it stands. */
export interface Started {
  effects: Effects;
  evidence: Evidence;
  /** It starts those behind it, and does nothing else. */
  starter: boolean;
}
/** An entry script of the context. */
export interface EntryScript {
  path: string;
  text: string;
  script: Script;
}

/** What is gathered of a command line. */
export interface Chain {
  needs: Need[];
  /** Everything that runs before the program, outermost first, e.g. ['npm', 'start'], ['poetry', 'run']. */
  wrappers: string[][];
  scripts: EntryScript[];
  started: Started[];
  /** A shell is needed. */
  shell: boolean;
}
export const newChain = (): Chain => ({ needs: [], wrappers: [], scripts: [], started: [], shell: false });

/** The shell as the first command of the container finds it: the end of the final stage, and every file that it has from the context. */
export function containerShell({ stages, project }: Subject, reading: StageReading): ShellState {
  const { end } = reading;
  return {
    cwd: 'value' in end.workdir ? end.workdir.value : undefined,
    // what runs as root today runs with a home of its own tomorrow
    home: isRoot(end) ? undefined : homeOf(reading, end),
    lookup: lookupIn(end),
    read: (path) => {
      const written = writtenText(reading.copies, path);
      if (written !== undefined) return written;
      const origin = originThrough(stages, reading, project.tree, path);
      const read = origin === undefined || origin === '' || project.ignore.ignores(origin) ? undefined : project.tree.read(origin);
      return read?.kind === 'text' ? read.text : undefined;
    },
  };
}

export const effectsOfWords = (words: readonly string[], state: ShellState, knowledge: Knowledge): Effects =>
  effectsOf(commandOf(words), state, knowledge);
/** The commands of a text that a shell runs beside the container's own (a health check). */
export const effectsOfText = (text: string, state: ShellState, knowledge: Knowledge): Effects[] =>
  effectsOfScript(parseShell(text), state, knowledge);

/** Adds a command and all that it starts to the chain. `origin`: the context's path of a file of the image. */
export function follow(effects: Effects, evidence: Evidence, chain: Chain, origin: (path: string) => string | undefined): void {
  const { wrappers, starts, within } = effects;
  for (const { program, words, ofProject } of wrappers) {
    if (shellBuiltins.has(program)) continue;
    chain.wrappers.push(words.map(wordText));
    if (!ofProject) chain.needs.push({ program: named(effects, words[0]), evidence });
  }
  const starter = starts.length > 0;
  chain.started.push({ effects, evidence, starter });
  if (starter && effects.does.kind === 'package') chain.wrappers.push(shortened(effects));
  if (starter) chain.shell = true;
  const path = within?.file === undefined ? undefined : origin(within.file);
  if (within?.file !== undefined && effects.does.kind !== 'package') scriptOf(within.file, within.text ?? '', path, chain);
  if (needed(effects) && !(wrappers.some(({ ofProject }) => ofProject) && knownProgram(effects.program) === undefined)) {
    const program = named(effects, effects.command.words[0]);
    chain.needs.push({ program: interpreterOf(program.includes('/') ? effects.before.read?.(program) : undefined) ?? program, evidence });
  }
  for (const program of effects.also ?? []) chain.needs.push({ program, evidence });
  // `A=$(curl …)` runs curl, whatever becomes of it
  for (const one of allOf(effects.inner))
    for (const program of [...(needed(one) ? [one.program] : []), ...(one.also ?? [])]) chain.needs.push({ program, evidence });
  for (const one of starts) follow(one, evidenceOf(one, effects, path, evidence), chain, origin);
}

const wordText = (word: Word): string => word.value ?? word.raw;
const named = (effects: Effects, word: Word | undefined): string => {
  const text = word?.value ?? effects.program;
  return text.includes('/') && !text.startsWith('/') && effects.before.cwd !== undefined ? clean(`${effects.before.cwd}/${text}`) : text;
};
const clean = (path: string): string => path.replaceAll('/./', '/');

/** A program that the image must have: no builtin, and no script of the context, which its interpreter runs. */
const needed = ({ program, starts, within, does }: Effects): boolean =>
  program !== '' &&
  !shellBuiltins.has(program) &&
  !(starts.length > 0 && within?.file !== undefined && does.kind !== 'package' && !isShell(program));
export const isShell = (program: string): boolean => /^(?:ba|da|a|k|z)?sh$/.test(program);

/** The words of `npm --silent run x -- --port 80` that a reader needs: `npm run x`. */
function shortened({ program, command }: Effects): string[] {
  const plain = command.words
    .slice(1)
    .map(wordText)
    .filter((word) => !word.startsWith('-'));
  return [program, ...plain.slice(0, plain[0] === 'run' || plain[0] === 'run-script' ? 2 : 1)];
}

/** Who runs a script, by its first line: a shell by its name, another interpreter as written (`/usr/bin/python3` is the system's). */
function interpreterOf(text: string | undefined): string | undefined {
  const [, program, first] = /^#!\s*(\S+)(?:\s+(?:-S\s*)?(\S+))?/.exec(text ?? '') ?? [];
  if (program?.endsWith('/env')) return first?.startsWith('-') ? undefined : first;
  const name = program?.split('/').pop();
  return name !== undefined && isShell(name) ? name : program;
}

function scriptOf(file: string, text: string, path: string | undefined, chain: Chain): void {
  const evidence: Evidence = { file: path ?? file, line: 1, says: 'is run by this shell' };
  chain.needs.push({ program: interpreterOf(text) ?? 'sh', evidence });
  if (path !== undefined) chain.scripts.push({ path, text, script: parseShell(text) });
}

function evidenceOf(one: Effects, parent: Effects, path: string | undefined, evidence: Evidence): Evidence {
  const says = `runs ${one.given.words.map((word) => word.raw).join(' ')}`;
  const { within } = parent;
  if (path === undefined || !within?.line) return { ...evidence, says };
  return { file: path, line: within.line(one.given.start), says };
}

const QUICK: ReadonlySet<Effects['does']['kind']> = new Set(['nothing', 'state', 'files', 'own', 'users', 'clean', 'configure']);

/** The program that stays: the last one of a list that does not end by itself, followed to its own end. */
export function staying(effects: Effects): Effects {
  const { starts, within } = effects;
  if (starts.length === 0) return effects;
  let at = within?.stays ?? starts.findLastIndex((one) => one.starts.length > 0 || !QUICK.has(one.does.kind));
  if (at < 0) at = starts.length - 1;
  while (at > 0 && ['|', '|&'].includes(starts[at]?.given.before?.operator ?? '')) at -= 1;
  return staying(starts[at] ?? effects);
}

/** That people work in the container, or something outside does, as a sentence; undefined: its command is a program of its own. */
export function workplace(effects: Effects): string | undefined {
  const { program, command } = staying(effects);
  const [first = program, ...args] = command.words.map(wordText);
  // a program of the project may have the same name
  return first.includes('/') && !/^\/(?:usr\/(?:local\/)?)?bin\//.test(first) ? undefined : peopleWork(program, args);
}

/** Why the program that stays cannot be told, as a sentence; undefined: it can. */
export function untold(effects: Effects, where: string): string | undefined {
  const { starts, within, unread, does, sources, command } = effects;
  if (unread !== undefined) return /^(?:runs|is) /.test(unread) ? `it ${unread}` : unread;
  if (starts.length === 0) {
    const words = command.words.map(wordText).slice(0, 2).join(' ');
    if (words === '') return 'the command is empty';
    return does.kind === 'package' && sources === undefined
      ? `\`${words}\` is a command of a package manager, and what it starts is not told`
      : undefined;
  }
  if (does.kind === 'build')
    return `it runs \`${command.words.map(wordText).slice(0, 2).join(' ')}\`, and what that reads is not brought to another stage`;
  // the entry script's branches are told one by one; what is written in place is not
  if (within?.opaque !== undefined && (within.file === undefined || does.kind === 'package'))
    return does.kind === 'package' ? within.opaque : `${where} holds ${within.opaque}`;
  const at = starts.find((one) => staying(one) === staying(effects));
  // an entry script's `exec "$@"`: what is not known to stay before it only prepares
  if (starts.at(-1)?.program === 'exec' && (at?.given.optional !== undefined || staying(effects).does.kind !== 'serve'))
    return 'it is given nothing to run';
  return at && untold(at, `${at.program} -c`);
}
