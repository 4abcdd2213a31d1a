// Room: runtime/. What the container runs: the program behind ENTRYPOINT, CMD and their wrappers, and every command that runs before it.
import type { Command, Healthcheck } from '../dockerfile/types.ts';
import type { Knowledge } from '../effects/effects.ts';
import { joined } from '../effects/places.ts';
import type { Effects, Places, ShellState } from '../effects/types.ts';
import { originThrough, resolvePath } from '../facts/copies.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence, Fact, Need } from '../facts/types.ts';
import type { Images } from '../knowledge/images.ts';
import type { ImageFamily } from '../knowledge/types.ts';
import { oncePer } from '../once.ts';
import { brokenForm } from './broken-form.ts';
import {
  containerShell,
  effectsOfText,
  effectsOfWords,
  follow,
  newChain,
  staying,
  untold,
  workplace,
  type Chain,
  type EntryScript,
  type Started,
} from './started.ts';

export type { Started };

/** A command that somebody gives to a container of the image. */
export interface OtherCommand {
  words: readonly string[];
  evidence: Evidence;
}

export interface RunCommand {
  /** The program that stays and its arguments, wrappers taken off. */
  program: string;
  args: string[];
  /** Context path of the program's script file, where the program is an interpreter or the file itself. */
  file: string | undefined;
  /** Absolute image path of that file, or of the program when it is a path. */
  imagePath: string | undefined;
  /** Everything that runs before it, outermost first, e.g. ['npm', 'start'], ['poetry', 'run']. */
  wrappers: string[][];
  /** A shell is needed: shell form, or a script. */
  shell: boolean;
  /** In shell form with variables, pipes or several commands: cannot be written in exec form. */
  shellSyntax: boolean;
  needs: Need[];
  /** What compose services run in the image beside it: their health checks, and `others`. */
  outside: Need[];
  /** What else starts in the image, where that is followed: `everyCommand`. */
  others: readonly OtherCommand[];
  /** Entry scripts of the context, with their text. */
  scripts: EntryScript[];
  /** Every command that runs when the container starts, in order: those that start others, and those that they start. */
  started: Started[];
  /** What the commands beside the program read. */
  besides: Places;
  entrypoint: Command | undefined;
  cmd: Command | undefined;
  healthcheck: Healthcheck | undefined;
  /** What its health check runs. */
  health: readonly Started[];
  /** From where the command can be told: its line. */
  at: number;
}

const last = <T>(items: readonly T[]): T | undefined => items[items.length - 1];

/** Resolves the run command of the final stage. Unknown: no command, or one whose program cannot be told. */
export const runCommand = oncePer((subject: Subject) => resolve(subject));

/** The same, where the file leaves it to the image: what a known image starts by itself. Unknown: as `runCommand`. */
export const serverCommand = oncePer((subject: Subject): Fact<RunCommand> => {
  const own = runCommand(subject);
  const { family } = subject.final.base;
  const leaves = !subject.final.stage.instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  if (!leaves || family?.cmd === undefined || family.interactive || (family.entrypoint && !family.entry)) return own;
  return resolve(subject, [...(family.entrypoint ?? []), ...family.cmd]);
});

/** `byImage`: the words that the image starts where the file has no command. */
function resolve(subject: Subject, byImage?: string[]): Fact<RunCommand> {
  const reading = subject.final;
  const { instructions } = reading.stage;
  const cmd = last(instructions.filter((i): i is Command => i.keyword === 'CMD'));
  const entrypoint = last(instructions.filter((i): i is Command => i.keyword === 'ENTRYPOINT'));
  const healthcheck = last(instructions.filter((i): i is Healthcheck => i.keyword === 'HEALTHCHECK'));
  const main = entrypoint ?? cmd;
  if (!main && !byImage) return { unknown: 'the file has neither CMD nor ENTRYPOINT' };
  const argv = byImage ? { words: byImage } : argvOf(entrypoint, cmd, reading, subject.project.images);
  if ('unknown' in argv) return argv;
  const { line, start } = main ?? reading.stage.from;
  const state = containerShell(subject, reading);
  const origin = (path: string): string | undefined => originThrough(subject.stages, reading, subject.project.tree, path);
  const { knowledge } = subject.project;
  const effects = effectsOfWords(passedOn(argv.words, subject.project.images.family(reading.base.image), origin), state, knowledge);
  const why = untold(effects, `line ${line}`);
  if (why !== undefined) return { unknown: why };
  const people = workplace(effects);
  if (people !== undefined) return { unknown: people, id: 'image-used-as-toolbox' };
  const chain = newChain();
  follow(effects, { file: 'Dockerfile', line, says: `runs ${byImage?.join(' ') ?? saidOf(entrypoint, cmd)}` }, chain, origin);
  const stays = staying(effects);
  const program = programOf(stays, origin);
  const health = healthcheck && !healthcheck.none ? healthNeeds(healthcheck, chain, { state, origin, knowledge }) : [];
  const outside = serviceNeeds(subject, { state, origin, knowledge });
  const evidence: Evidence[] = [{ file: 'Dockerfile', line, says: `runs ${[program.program, ...program.args].join(' ')}` }];
  return {
    value: Object.assign(program, {
      wrappers: chain.wrappers,
      shell: chain.shell,
      shellSyntax: syntaxOf(entrypoint) || (entrypoint?.form !== 'shell' && syntaxOf(cmd)),
      needs: [...chain.needs, ...outside],
      outside,
      others: [],
      scripts: chain.scripts,
      started: chain.started,
      besides: joined(...chain.started.filter((one) => !one.starter && one.effects !== stays).map((one) => one.effects.reads)),
      entrypoint,
      cmd,
      healthcheck,
      health,
      at: start,
    }),
    evidence,
  };
}

export type Origin = (path: string) => string | undefined;

export function programOf(
  { command, program, runs, before }: Effects,
  origin: Origin,
): Pick<RunCommand, 'program' | 'args' | 'file' | 'imagePath'> {
  const [first, ...args] = command.words.map((word) => word.value ?? word.raw);
  const own = first?.includes('/') === true ? resolvePath(before.cwd, first) : undefined;
  const imagePath = runs?.path ?? own;
  return { program: first ?? program, args, file: imagePath === undefined ? undefined : origin(imagePath), imagePath };
}

/** From where a command that cannot be told is told: the ENTRYPOINT or CMD of the final stage, its FROM where it has none. */
export function commandStart({ final: { stage } }: Subject): number {
  const entrypoint = stage.instructions.findLast((i) => i.keyword === 'ENTRYPOINT');
  return (entrypoint ?? stage.instructions.findLast((i) => i.keyword === 'CMD') ?? stage.from).start;
}

type Words = { words: string[] } | { unknown: string; evidence?: Evidence[] };

/** ENTRYPOINT and CMD as one argument list; the base image's ENTRYPOINT counts when the file sets none. */
export function argvOf(entrypoint: Command | undefined, cmd: Command | undefined, reading: StageReading, images: Images): Words {
  const first = entrypoint ? wordsOf(entrypoint, reading) : { words: images.family(reading.base.image)?.entrypoint ?? [] };
  if ('unknown' in first) return first;
  // Dockerfile reference: a shell-form ENTRYPOINT ignores CMD
  if (entrypoint?.form === 'shell' || !cmd) return first;
  const second = wordsOf(cmd, reading);
  if ('unknown' in second) return second;
  return { words: [...first.words, ...second.words] };
}

function wordsOf(command: Command, reading: StageReading): Words {
  const broken = brokenForm(command);
  if (broken) return broken;
  if (command.form === 'exec') return { words: (command.json ?? []).map((a) => a.value) };
  return { words: [...reading.before(command).shell, command.script?.text ?? ''] };
}

/** What an image's own entry script starts of the words that it is given. */
export function passedOn(words: string[], known: ImageFamily | undefined, origin: Origin): string[] {
  const [script, ...args] = words;
  const own = known?.entrypoint?.[0];
  const paths = own === undefined ? [] : own.startsWith('/') ? [own] : [own, `/usr/local/bin/${own}`, `/usr/bin/${own}`];
  // a script of this name that the file copies is another one
  if (
    !known?.entry ||
    script === undefined ||
    !paths.includes(script) ||
    paths.some((path) => path.startsWith('/') && origin(path) !== undefined)
  )
    return words;
  const { program, endings = [] } = known.entry;
  const [first] = args;
  if (program === undefined) return args;
  return first === undefined || first.startsWith('-') || endings.some((ending) => first.endsWith(ending)) ? [program, ...args] : args;
}

/** In shell form with variables, several commands or redirections. */
function syntaxOf(command: Command | undefined): boolean {
  if (command?.form !== 'shell') return false;
  const commands = command.script?.commands.filter((c) => c.words.length > 0) ?? [];
  const main = last(commands);
  return (
    commands.length !== 1 ||
    main === undefined ||
    main.words.some((w) => w.value === undefined) ||
    main.redirects.length > 0 ||
    main.assignments.length > 0
  );
}

const saidOf = (entrypoint: Command | undefined, cmd: Command | undefined): string =>
  [entrypoint, entrypoint?.form === 'shell' ? undefined : cmd]
    .flatMap((command) => (command?.form === 'exec' ? (command.json ?? []).map((a) => a.value) : (command?.script?.text ?? [])))
    .join(' ');

interface Container {
  state: ShellState;
  origin: Origin;
  knowledge: Knowledge;
}

function healthNeeds(healthcheck: Healthcheck, chain: Chain, { state, origin, knowledge }: Container): Started[] {
  const evidence: Evidence = { file: 'Dockerfile', line: healthcheck.line, says: 'HEALTHCHECK runs it' };
  const exec = healthcheck.form === 'exec';
  const commands = exec
    ? [effectsOfWords(healthcheck.json?.map((a) => a.value) ?? [], state, knowledge)]
    : effectsOfText(healthcheck.script?.text ?? '', state, knowledge);
  const beside = newChain();
  for (const effects of commands) follow(effects, evidence, beside, origin);
  chain.needs.push(...beside.needs.map((need) => ({ ...need, evidence })));
  if (!exec) chain.shell = true;
  return beside.started;
}

/** Programs of the health checks that compose services run in this image. Source: Compose specification, healthcheck: CMD, CMD-SHELL, or a string for the shell. */
function serviceNeeds(subject: Subject, { state, origin, knowledge }: Container): Need[] {
  return subject.project.uses().services.flatMap((service) => {
    const test = service.healthcheck;
    const [kind, ...words] = typeof test === 'string' ? ['CMD-SHELL', test] : (test ?? []);
    if (kind !== 'CMD' && kind !== 'CMD-SHELL') return [];
    const evidence: Evidence = {
      ...service.evidence,
      says: service.shell ? `people open a shell in ${service.service}` : `the service ${service.service} checks its health`,
    };
    const chain = newChain();
    follow(effectsOfWords(kind === 'CMD' ? words : ['sh', '-c', words.join(' ')], state, knowledge), evidence, chain, origin);
    return chain.needs.map((need) => ({ ...need, evidence }));
  });
}
