// Room: runtime/. The chain of wrappers of a run command, taken off one by one: shells, package managers' scripts, entry scripts (rule book §1.3).
import { parseShell } from '../dockerfile/shell.ts';
import type { Script, ShellCommand } from '../dockerfile/types.ts';
import type { PackageManager } from '../ecosystems/types.ts';
import { cleanPath, originThrough, resolvePath } from '../facts/copies.ts';
import { programOf, type StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence, Need } from '../facts/types.ts';

/** A command that runs before the program, and who says so. */
export interface Ran {
  command: ShellCommand;
  evidence: Evidence;
}
/** An entry script of the context. */
export interface EntryScript {
  path: string;
  text: string;
  script: Script;
}

/** The end of a chain: the program, and the file that it runs. */
export interface Unwrapped {
  /** The last program of the chain and its arguments, wrappers taken off. */
  program: string;
  args: string[];
  /** Context path of the program's script file, where the program is an interpreter or the file itself. */
  file: string | undefined;
  /** Absolute image path of that file, or of the program when it is a path. */
  imagePath: string | undefined;
}

/** What is gathered on the way. */
export interface Chain {
  subject: Subject;
  reading: StageReading;
  needs: Need[];
  wrappers: string[][];
  scripts: EntryScript[];
  ran: Ran[];
  shell: boolean;
  depth: number;
}

/** The context path of a file of the image. */
const originIn = (chain: Chain, path: string): string | undefined =>
  originThrough(chain.subject.stages, chain.reading, chain.subject.project.tree, path);

export const last = <T>(items: readonly T[]): T | undefined => items[items.length - 1];

/** The last command of a script that is a plain list; every other command of it is a need. */
export function scriptWords(
  script: Script | undefined,
  where: string,
  chain: Chain,
  line: number,
): { words: string[]; syntax: boolean } | { unknown: string } {
  if (!script || script.opaque !== undefined) return { unknown: `${where} holds ${script?.opaque ?? 'no shell text'}` };
  const commands = script.commands.filter((c) => c.words.length > 0);
  const main = last(commands);
  if (!main) return { unknown: `${where} runs nothing` };
  for (const command of commands.slice(0, -1))
    need(chain, command, { file: 'Dockerfile', line, says: `runs ${command.words.map((w) => w.raw).join(' ')}` });
  if (main.redirects.length > 0)
    chain.ran.push({ command: main, evidence: { file: 'Dockerfile', line, says: `runs ${main.words[0]?.raw ?? ''}` } });
  const words = main.words.map((w) => w.value ?? w.raw);
  const syntax =
    commands.length > 1 || main.words.some((w) => w.value === undefined) || main.redirects.length > 0 || main.assignments.length > 0;
  return { words: words[0] === 'exec' ? words.slice(1) : words, syntax };
}

const SHELL_WORDS = new Set([
  'cd',
  'echo',
  'export',
  'set',
  'exec',
  'true',
  ':',
  'test',
  '[',
  'trap',
  'wait',
  'exit',
  'sleep',
  'read',
  'shift',
  'printf',
  'unset',
  'return',
  'source',
  '.',
  'eval',
  'command',
  'type',
  'umask',
  'ulimit',
  'local',
  'if',
  'fi',
]);
export function need(chain: Chain, command: ShellCommand, evidence: Evidence): void {
  const program = programOf(command);
  chain.ran.push({ command, evidence });
  if (program !== '' && !SHELL_WORDS.has(program)) chain.needs.push({ program, evidence });
}

/** Programs that start the rest of their arguments: how many arguments of their own they take is read from the words. */
const PREFIXES: Record<string, (args: string[]) => number | undefined> = {
  exec: () => 0,
  'dumb-init': (args) => optionsBefore(args),
  tini: (args) => (args.includes('--') ? args.indexOf('--') + 1 : optionsBefore(args)),
  gosu: () => 1,
  'su-exec': () => 1,
  env: (args) => args.findIndex((a) => !a.includes('=') && !a.startsWith('-')),
  'cross-env': (args) => args.findIndex((a) => !a.includes('=')),
  dotenv: (args) => (args.includes('--') ? args.indexOf('--') + 1 : undefined),
};
const optionsBefore = (args: string[]): number => {
  const at = args.findIndex((a) => !a.startsWith('-'));
  return args[0] === '--' ? 1 : at === -1 ? args.length : at;
};

export function unwrap(words: string[], chain: Chain, cwd: string | undefined, line: number): Unwrapped | { unknown: string } {
  chain.depth += 1;
  const [program, ...args] = words;
  if (program === undefined) return { unknown: 'the command is empty' };
  if (chain.depth > 12) return { unknown: 'too many wrappers' };
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (args.length === 0 && ['sh', 'bash', 'ash', 'zsh'].includes(name)) return { unknown: 'it is an interactive shell' };
  const evidence: Evidence = { file: 'Dockerfile', line, says: `runs ${words.join(' ')}` };
  for (const { entry } of chain.subject.project.ecosystems) {
    const started = entry?.(words);
    if (started) return unwrap(started, chain, cwd, line);
  }
  if ((name === 'sh' || name === 'bash' || name === 'ash') && args[0] === '-c' && args[1] !== undefined)
    return shellString(args[1], name, chain, cwd, line);
  const skip = PREFIXES[name]?.(args);
  if (skip !== undefined && skip >= 0) {
    chain.needs.push({ program: name, evidence });
    chain.wrappers.push([program, ...args.slice(0, skip)]);
    return unwrap(args.slice(skip), chain, cwd, line);
  }
  const managed = packageScript(words, chain, cwd, evidence);
  if (managed) return managed;
  return settle(words, chain, cwd, evidence);
}

function shellString(text: string, shell: string, chain: Chain, cwd: string | undefined, line: number): Unwrapped | { unknown: string } {
  chain.shell = true;
  chain.needs.push({ program: shell, evidence: { file: 'Dockerfile', line, says: `runs ${shell} -c` } });
  const words = scriptWords(parseShell(text), `${shell} -c`, chain, line);
  return 'unknown' in words ? words : unwrap(words.words, chain, cwd, line);
}

/** npm start, npm run x, yarn x, npx x, poetry run x: the script's own command, as the manager's row tells it. */
function packageScript(
  words: string[],
  chain: Chain,
  cwd: string | undefined,
  evidence: Evidence,
): Unwrapped | { unknown: string } | undefined {
  const line = evidence.line ?? 1;
  for (const manager of chain.subject.project.managers) {
    const started = manager.starts?.(words);
    if (!started) continue;
    if ('unknown' in started) return started;
    if (started.needed) chain.needs.push({ program: started.wrapper[0] ?? manager.id, evidence });
    chain.wrappers.push(started.wrapper);
    return 'words' in started ? unwrap(started.words, chain, cwd, line) : namedScript(started.script, manager, chain, cwd, line);
  }
  return undefined;
}

function namedScript(
  name: string,
  { ecosystem, manifests: [file = ''] }: PackageManager,
  chain: Chain,
  cwd: string | undefined,
  line: number,
): Unwrapped | { unknown: string } {
  const manifest = cwd === undefined ? undefined : originIn(chain, cleanPath(`${cwd}/${file}`));
  const dir = manifest?.slice(0, Math.max(0, manifest.lastIndexOf('/')));
  const found = dir === undefined ? undefined : chain.subject.project.of(ecosystem, dir)?.script?.(name);
  if (!found) return { unknown: `${file} with the script ${name} is not in the build context` };
  if ('unknown' in found) return found;
  chain.shell = true;
  const words = scriptWords(parseShell(found.text), `the script ${name}`, chain, line);
  return 'unknown' in words ? words : unwrap(words.words, chain, cwd, line);
}

/** The end of the chain: the program, and the file that it runs. Entry scripts of the context are read and followed. */
function settle(words: string[], chain: Chain, cwd: string | undefined, evidence: Evidence): Unwrapped | { unknown: string } {
  const [program = '', ...args] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  const asPath = program.includes('/') ? resolvePath(cwd, program) : undefined;
  const own = asPath === undefined ? undefined : originIn(chain, asPath);
  if (own !== undefined && own !== '' && isScript(own, chain)) return entryScript(own, args, chain, cwd);
  if ((name === 'sh' || name === 'bash') && args[0] !== undefined && !args[0].startsWith('-')) {
    const path = resolvePath(cwd, args[0]);
    const file = path === undefined ? undefined : originIn(chain, path);
    if (file === undefined) return { unknown: `${args[0]} is not in the build context` };
    chain.needs.push({ program: name, evidence });
    return entryScript(file, args.slice(1), chain, cwd);
  }
  chain.needs.push({ program: asPath === undefined ? program : asPath, evidence });
  const script = chain.subject.project.ecosystems.some((e) => e.interprets?.(name)) ? args.find((a) => !a.startsWith('-')) : undefined;
  const imagePath = script !== undefined && args[0] !== '-m' ? resolvePath(cwd, script) : asPath;
  const file = imagePath === undefined ? undefined : originIn(chain, imagePath);
  return { program, args, file, imagePath };
}

const isScript = (path: string, chain: Chain): boolean => {
  const read = chain.subject.project.tree.read(path);
  return read.kind === 'text' && (path.endsWith('.sh') || /^#!.*\b(ba|da|a)?sh\b/.test(read.text));
};

/** Follows an entry script: its last command, or what it is given when it ends with `exec "$@"`. */
function entryScript(path: string, args: string[], chain: Chain, cwd: string | undefined): Unwrapped | { unknown: string } {
  const read = chain.subject.project.tree.read(path);
  if (read.kind !== 'text') return { unknown: `${path} cannot be read` };
  const script = parseShell(read.text);
  chain.shell = true;
  chain.scripts.push({ path, text: read.text, script });
  const shebang = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(read.text);
  const interpreter = shebang?.[1]?.endsWith('/env') ? shebang[2] : shebang?.[1];
  chain.needs.push({
    program: (interpreter ?? 'sh').split('/').pop() ?? 'sh',
    evidence: { file: path, line: 1, says: 'is run by this shell' },
  });
  const seen = script.seen.filter((c) => c.words.length > 0);
  for (const command of seen)
    if (command !== last(seen))
      need(chain, command, {
        file: path,
        line: lineOf(read.text, command.start),
        says: `runs ${command.words.map((w) => w.raw).join(' ')}`,
      });
  const main = last(script.commands.length > 0 ? script.commands : seen);
  if (!main) return { unknown: `${path} runs nothing` };
  const says = `runs ${main.words.map((w) => w.raw).join(' ')}`;
  if (main.redirects.length > 0) chain.ran.push({ command: main, evidence: { file: path, line: lineOf(read.text, main.start), says } });
  const words = main.words[0]?.value === 'exec' ? main.words.slice(1) : main.words;
  if (words.some((w) => w.raw === '"$@"' || w.raw === '$@')) {
    const before = words
      .slice(
        0,
        words.findIndex((w) => w.raw.includes('$@')),
      )
      .map((w) => w.value ?? w.raw);
    return args.length + before.length === 0
      ? { unknown: `${path} runs what it is given, and is given nothing` }
      : unwrap([...before, ...args], chain, cwd, 1);
  }
  if (words.some((w) => w.value === undefined) && words[0]?.value === undefined)
    return { unknown: `${path} computes the program that it runs` };
  return unwrap(
    words.map((w) => w.value ?? w.raw),
    chain,
    cwd,
    lineOf(read.text, main.start),
  );
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
