// Room: effects/. The one answer to "what does this command do?". A program without a row is unknown, never harmless.
import { installed, type InstallerRow } from './rows/installers.ts';
import type { Script, ShellCommand, Word } from '../dockerfile/types.ts';
import { anywhere, cleaned, environmentOf, file, joined, nowhere, placeOf, valueOf } from './places.ts';
import type { Call, Effects, Place, Places, Row, ShellState, Told } from './types.ts';
import { startedText } from './rows/shell.ts';
import { stripped, wrapperTable, type WrapperRow } from './wrappers.ts';
import { names, programOf } from './words.ts';

/** What is known of programs: the system's rows, and those that ecosystems bring. */
export interface Knowledge {
  rows: ReadonlyMap<string, readonly Row[]>;
  wrappers: ReadonlyMap<string, WrapperRow>;
  /** Asked before the rows: commands of package managers (`python -m pip`, `npx`), which a name alone does not tell. */
  packages(call: Call): Told | undefined;
  /** Texts that are fetched for a shell, by their addresses. */
  installers: readonly InstallerRow[];
}

/** Puts rows together. Earlier rows are asked first. */
export function knowledgeOf(parts: {
  rows: readonly Row[];
  wrappers: readonly WrapperRow[];
  packages?: Knowledge['packages'];
  installers?: readonly InstallerRow[];
}): Knowledge {
  const rows = new Map<string, Row[]>();
  for (const row of parts.rows) for (const name of names(row.programs)) rows.set(name, [...(rows.get(name) ?? []), row]);
  return {
    rows,
    wrappers: wrapperTable(parts.wrappers),
    packages: parts.packages ?? (() => undefined),
    installers: parts.installers ?? [],
  };
}

const DEEPEST = 8;
const MOST = 4000;
const TOO_DEEP = 'is nested too deep';

/** What one simple command does, its redirections and what it starts included. In: the command, the shell that it finds, what is known. */
export function effectsOf(given: ShellCommand, state: ShellState, knowledge: Knowledge, depth = 0): Effects {
  const passed = withArguments(given, state);
  const { command, wrappers, fed } = stripped(passed, knowledge.wrappers);
  const program = programOf(command);
  const redirected = redirects(given, state);
  const shell = wrappers.some(({ user }) => user !== undefined) ? { ...state, home: undefined } : state;
  const spent = state.budget !== undefined && (state.budget.left -= 1) < 0;
  const plain = depth > DEEPEST || spent ? { ...unknown(TOO_DEEP), unread: TOO_DEEP } : tell(program, command, shell, knowledge);
  const told = fed ? fedBy(plain) : plain;
  const starts = startedBy(told, environmentOf({ command, state: shell }), knowledge, depth);
  const why = told.startsUnknown ?? starts.map((one) => one.startsUnknown).find((reason) => reason !== undefined);
  const own = joined(told.writes, redirected.writes);
  const effects: Effects = {
    given,
    command,
    program,
    wrappers,
    does: told.does,
    writes: joined(own, ...starts.map((one) => one.writes)),
    removes: joined(told.removes, ...starts.map((one) => one.removes)),
    reads: joined(told.reads, redirected.reads, ...starts.map((one) => one.reads)),
    own,
    redirected: redirected.writes,
    starts,
    inner: [],
    before: state,
    after: told.after ?? state,
  };
  if (told.within !== undefined) effects.within = told.within;
  if (why !== undefined) effects.startsUnknown = why;
  if (told.unread !== undefined) effects.unread = told.unread;
  if (told.sources !== undefined) effects.sources = told.sources;
  if (told.worksIn !== undefined) effects.worksIn = told.worksIn;
  if (told.runs !== undefined) effects.runs = told.runs;
  if (told.also !== undefined) effects.also = told.also;
  return effects;
}

/** `"$@"` and `"$1"` as what the script is given, and a program's name that a known variable holds. */
function withArguments(command: ShellCommand, state: ShellState): ShellCommand {
  if (state.args === undefined && command.words[0]?.value !== undefined) return command;
  const words = command.words.flatMap((word) => argumentsOf(word, state) ?? [word]);
  const [first, ...rest] = words;
  const value = first?.value === undefined && first !== undefined ? valueOf(first, state) : undefined;
  const named = first !== undefined && value !== undefined && /^[\w./+-]+$/.test(value) ? [{ ...first, value }, ...rest] : words;
  return named.length === command.words.length && named.every((word, n) => word === command.words[n])
    ? command
    : { ...command, words: named };
}

function argumentsOf(word: Word, { args }: ShellState): readonly Word[] | undefined {
  if (args === undefined) return undefined;
  if (/^"?\$(?:[@*]|\{[@*]\})"?$/.test(word.raw)) return args;
  const at = /^"?\$(?:([1-9])|\{([1-9])\})"?$/.exec(word.raw);
  const one = at === null ? undefined : args[Number(at[1] ?? at[2]) - 1];
  return one && [one];
}

function tell(program: string, command: ShellCommand, state: ShellState, knowledge: Knowledge): Told {
  const [word, ...args] = command.words;
  if (!word) return { does: { kind: 'nothing' }, ...assigned(command, state) };
  if (word.value === undefined) {
    const why = `runs a program whose name is computed (${word.raw.slice(0, 40)})`;
    return { ...unknown(why), unread: why };
  }
  const call: Call = { name: program, args, command, state };
  const managed = knowledge.packages(call);
  if (managed) return managed;
  for (const row of knowledge.rows.get(program) ?? []) {
    const told = row.tell(call);
    if (told) return told;
  }
  return asks(args) ?? script(call) ?? unknown(`runs \`${program}\`, which is not known`);
}

/** A bare `A=b` sets a variable of this shell. */
function assigned(command: ShellCommand, state: ShellState): Pick<Told, 'after'> {
  return command.assignments.length === 0 ? {} : { after: environmentOf({ command, state }) };
}

/** `tool --version` and `tool --help` tell, and leave nothing. */
const asks = (args: Call['args']): Told | undefined =>
  args.length === 1 && ['--version', '--help', '-V', 'version'].includes(args[0]?.value ?? '') ? { does: { kind: 'nothing' } } : undefined;

/** `./install.sh`, `entrypoint.sh` of a directory of PATH: a script of the repository is read, where its first line says that a shell runs it. */
function script({ command, args, state }: Call): Told | undefined {
  const [word] = command.words;
  const place = word && (word.value?.includes('/') ? placeOf(word, state, false) : onPath(word.value ?? '', state));
  const text = place && state.read?.(place.path);
  if (
    place === undefined ||
    text === undefined ||
    !(/^#!.*\b(?:ba|da|a|k|z)?sh\b/.test(text) || (!text.startsWith('#!') && place.path.endsWith('.sh')))
  )
    return undefined;
  return { ...startedText(text, { file: place.path, args }), reads: { known: [place] } };
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A file of the repository that a directory of PATH has under this name. */
function onPath(name: string, state: ShellState): Place | undefined {
  if (name === '' || !state.read) return undefined;
  const path = state.lookup('PATH');
  const dirs = path && 'value' in path ? path.value : PATH;
  const found = dirs.split(':').find((dir) => dir.startsWith('/') && state.read?.(cleaned(`${dir}/${name}`)) !== undefined);
  return found === undefined ? undefined : file(cleaned(`${found}/${name}`));
}

function unknown(why: string): Told {
  return { does: { kind: 'unknown', why }, writes: anywhere(why), removes: anywhere(why), reads: anywhere(why), startsUnknown: why };
}

/** What stands behind `xargs` works on words that are not seen. */
function fedBy(told: Told): Told {
  const more = (places: Places | undefined): Places | undefined =>
    places && { ...places, unknown: places.unknown ?? 'on what another command lists' };
  return {
    ...told,
    ...(told.writes ? { writes: more(told.writes) } : {}),
    ...(told.removes ? { removes: more(told.removes) } : {}),
    reads: joined(told.reads, anywhere('from what another command lists')),
  };
}

function startedBy(told: Told, state: ShellState, knowledge: Knowledge, depth: number): Effects[] {
  const { within } = told;
  const budget = state.budget ?? { left: MOST };
  const shell = within
    ? { ...state, budget, args: within.args ?? [], cwd: within.cwd ?? state.cwd, script: within.file }
    : { ...state, budget };
  const { seen } = within?.opaque === undefined ? (within ?? {}) : {};
  const starts = told.starts ?? [];
  const standing = within?.opaque === undefined ? 'certain' : within.certain ? standingOf(starts, within.certain) : 'branch';
  return inOrder(starts, standing, shell, knowledge, (command, at) => {
    const one = effectsOf(command, at, knowledge, depth + 1);
    return seen ? withInner(one, seen, knowledge, depth + 1) : one;
  });
}

/** How a command stands in its text: run in order, in a substitution of such a one, or perhaps not run. */
type Standing = 'certain' | 'inner' | 'branch';

/** The commands of a text with branches: those beside them, and what these substitute. Both lists are in the order of the text. */
function standingOf(commands: readonly ShellCommand[], certain: readonly ShellCommand[]): ReadonlyMap<ShellCommand, Standing> {
  const sure = new Set(certain);
  let [start, end] = [-1, -1];
  return new Map(
    commands.map((command) => {
      if (sure.has(command)) {
        [start, end] = [command.start, command.end];
        return [command, 'certain'];
      }
      return [command, command.start >= start && command.end <= end ? 'inner' : 'branch'];
    }),
  );
}

/** The effects of commands that run one after another. In branches the state between them is not certain. */
function inOrder(
  commands: readonly ShellCommand[],
  standing: Standing | ReadonlyMap<ShellCommand, Standing>,
  state: ShellState,
  { installers }: Knowledge,
  effects: (command: ShellCommand, state: ShellState) => Effects,
): Effects[] {
  const found: Effects[] = [];
  let shell = state;
  for (const command of commands) {
    const stands = typeof standing === 'string' ? standing : standing.get(command);
    const plainly = effects(command, shell);
    const one = installed(found.at(-1), plainly, installers) ?? plainly;
    found.push(one);
    // `set -- node "$@"` in a branch: what the script goes on with, perhaps
    const set = stands !== 'branch' || one.program !== 'set' || command.words[1]?.value !== '--' ? [] : command.words.slice(2);
    if (set.length > 0) found.push(effects({ ...command, words: set }, shell));
    shell = stands === 'certain' ? one.after : stands === 'inner' ? shell : loosened(one, shell);
  }
  return found;
}

const OPENS: ReadonlySet<string> = new Set(['>', '>>', '>|', '&>', '&>>', '<>']);
const QUIET: ReadonlySet<string> = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/tty']);

function redirects(command: ShellCommand, state: ShellState): { writes: Places; reads: Places } {
  const found = { writes: nowhere, reads: nowhere };
  for (const { operator, target } of command.redirects) {
    if (!target || QUIET.has(target.value ?? '')) continue;
    const place = placeOf(target, state, false);
    const places: Places = place ? { known: [place] } : anywhere(`to a computed path (${target.raw})`);
    if (OPENS.has(operator)) found.writes = joined(found.writes, places);
    else if (operator === '<') found.reads = joined(found.reads, places);
  }
  return found;
}

/**
 * What the commands of a script do, in order, each with the shell that the ones before it left. A script that is no plain list
 * (if, for, subshells) gives every command that is seen in it, without the state between them; one that cannot be read is one unknown.
 */
export function effectsOfScript(script: Script, state: ShellState, knowledge: Knowledge): Effects[] {
  if (script.opaque !== undefined && script.seen.length === 0) return [opaque(script, state)];
  const plain = script.opaque === undefined;
  const found = inOrder(plain ? script.commands : script.seen, plain ? 'certain' : 'branch', state, knowledge, (command, at) =>
    plain ? withInner(effectsOf(command, at, knowledge), script.seen, knowledge, 0) : effectsOf(command, at, knowledge),
  );
  const inLoops = script.opaque !== undefined && /^(?:eval|the command|.* reads its script)/.test(script.opaque);
  return inLoops ? [...found, opaque(script, state)] : found;
}

/** `echo "$(cat VERSION)"`: the commands of a substitution do what they do as well. */
function withInner(effects: Effects, seen: readonly ShellCommand[], knowledge: Knowledge, depth: number): Effects {
  const { start, end, words, assignments } = effects.given;
  const substitutes =
    words.some(({ value, raw }) => value === undefined && /\$\(|`|[<>]\(/.test(raw)) ||
    assignments.some(({ value }) => value === undefined);
  if (!substitutes) return effects;
  const inner = seen
    .filter((one) => one !== effects.given && one.start >= start && one.end <= end)
    .map((one) => effectsOf(one, effects.before, knowledge, depth + 1));
  const why = effects.startsUnknown ?? inner.map((one) => one.startsUnknown).find((reason) => reason !== undefined);
  return {
    ...effects,
    inner,
    writes: joined(effects.writes, ...inner.map((one) => one.writes)),
    removes: joined(effects.removes, ...inner.map((one) => one.removes)),
    reads: joined(effects.reads, ...inner.map((one) => one.reads)),
    ...(why === undefined ? {} : { startsUnknown: why }),
  };
}

/** In a script with branches, a `cd` or an assignment may have happened or not. */
function loosened({ given, program, after }: Effects, shell: ShellState): ShellState {
  const cwd = after.cwd === shell.cwd ? shell.cwd : undefined;
  const words = SETS.has(program) ? given.words.slice(1).map(({ raw }) => raw.replace(/=.*$/s, '')) : [];
  const set = new Set(given.words.length === 0 ? given.assignments.map(({ name }) => name) : words);
  if (set.size === 0) return cwd === shell.cwd ? shell : { ...shell, cwd };
  return { ...shell, cwd, lookup: (name) => (set.has(name) ? { unknown: `${name} may be set in a branch` } : shell.lookup(name)) };
}
const SETS: ReadonlySet<string> = new Set(['export', 'read', 'declare', 'typeset', 'local', 'readonly', 'unset']);

function opaque(script: Script, state: ShellState): Effects {
  const why = script.opaque ?? 'is not read';
  const command: ShellCommand = { ...script.span, assignments: [], words: [], redirects: [], before: undefined, negated: false };
  return {
    given: command,
    command,
    program: '',
    wrappers: [],
    does: { kind: 'unknown', why },
    writes: anywhere(why),
    removes: anywhere(why),
    reads: anywhere(why),
    own: anywhere(why),
    redirected: nowhere,
    starts: [],
    inner: [],
    startsUnknown: why,
    unread: why,
    before: state,
    after: { ...state, cwd: undefined },
  };
}

/** Every command that runs: each one of a list, and what they start, in order. */
export const allOf = (effects: readonly Effects[]): Effects[] => effects.flatMap((one) => [...allOf(one.inner), one, ...allOf(one.starts)]);
