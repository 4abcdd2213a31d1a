// Room: runtime/. What the container runs: the program behind ENTRYPOINT, CMD and their wrappers (rule book §1.3).
import { parseShell } from '../dockerfile/shell.ts';
import type { Command, Healthcheck } from '../dockerfile/types.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence, Fact, Need } from '../facts/types.ts';
import { oncePer } from '../once.ts';
import { brokenForm } from './broken-form.ts';
import { last, need, scriptWords, unwrap, type Chain, type EntryScript, type Ran, type Unwrapped } from './unwrap.ts';

export interface RunCommand extends Unwrapped {
  /** Everything that runs before it, outermost first, e.g. ['npm', 'start'], ['poetry', 'run']. */
  wrappers: string[][];
  /** A shell is needed: shell form, or a script. */
  shell: boolean;
  /** In shell form with variables, pipes or several commands: cannot be written in exec form. */
  shellSyntax: boolean;
  needs: Need[];
  /** What compose services run in the image beside it: their health checks. */
  outside: Need[];
  /** Entry scripts of the context, with their text. */
  scripts: EntryScript[];
  /** What runs before the program, and the program's own command where it redirects. */
  ran: Ran[];
  entrypoint: Command | undefined;
  cmd: Command | undefined;
  healthcheck: Healthcheck | undefined;
  /** From where the command can be told: its line. */
  at: number;
}

/** Resolves the run command of the final stage. Unknown: no command, or one whose last program cannot be told. */
export const runCommand = oncePer(resolve);

function resolve(subject: Subject): Fact<RunCommand> {
  const reading = subject.final;
  const { instructions } = reading.stage;
  const cmd = last(instructions.filter((i): i is Command => i.keyword === 'CMD'));
  const entrypoint = last(instructions.filter((i): i is Command => i.keyword === 'ENTRYPOINT'));
  const healthcheck = last(instructions.filter((i): i is Healthcheck => i.keyword === 'HEALTHCHECK'));
  const main = entrypoint ?? cmd;
  if (!main) return { unknown: 'the file has neither CMD nor ENTRYPOINT' };
  const chain: Chain = { subject, reading, needs: [], wrappers: [], scripts: [], ran: [], shell: false, depth: 0 };
  const argv = argvOf(entrypoint, cmd, chain);
  if ('unknown' in argv) return argv;
  const resolved = unwrap(argv.words, chain, workdirOf(reading), main.line);
  if ('unknown' in resolved) return resolved;
  if (healthcheck && !healthcheck.none) healthNeeds(healthcheck, chain);
  const outside = serviceNeeds(chain);
  const evidence: Evidence[] = [{ file: 'Dockerfile', line: main.line, says: `runs ${[resolved.program, ...resolved.args].join(' ')}` }];
  return {
    value: {
      ...resolved,
      wrappers: chain.wrappers,
      shell: chain.shell,
      shellSyntax: argv.syntax,
      needs: [...chain.needs, ...outside],
      outside,
      scripts: chain.scripts,
      ran: chain.ran,
      entrypoint,
      cmd,
      healthcheck,
      at: main.start,
    },
    evidence,
  };
}

/** From where a command that cannot be told is told: the ENTRYPOINT or CMD of the final stage, its FROM where it has none. */
export function commandStart({ final: { stage } }: Subject): number {
  const entrypoint = stage.instructions.findLast((i) => i.keyword === 'ENTRYPOINT');
  return (entrypoint ?? stage.instructions.findLast((i) => i.keyword === 'CMD') ?? stage.from).start;
}

const workdirOf = (reading: StageReading): string | undefined => ('value' in reading.end.workdir ? reading.end.workdir.value : undefined);

type Words = { words: string[]; syntax: boolean } | { unknown: string; evidence?: Evidence[] };

/** ENTRYPOINT and CMD as one argument list; the base image's ENTRYPOINT counts when the file sets none. */
function argvOf(entrypoint: Command | undefined, cmd: Command | undefined, chain: Chain): Words {
  const first = entrypoint
    ? wordsOf(entrypoint, chain)
    : { words: chain.subject.project.images.family(chain.reading.base.image)?.entrypoint ?? [], syntax: false };
  if ('unknown' in first) return first;
  // Dockerfile reference: a shell-form ENTRYPOINT ignores CMD
  if (entrypoint?.form === 'shell' || !cmd) return first;
  const second = wordsOf(cmd, chain);
  if ('unknown' in second) return second;
  return { words: [...first.words, ...second.words], syntax: first.syntax || second.syntax };
}

function wordsOf(command: Command, chain: Chain): Words {
  const broken = brokenForm(command);
  if (broken) return broken;
  if (command.form === 'exec') return { words: (command.json ?? []).map((a) => a.value), syntax: false };
  chain.shell = true;
  return scriptWords(command.script, `line ${command.line}`, chain, command.line);
}

function healthNeeds(healthcheck: Healthcheck, chain: Chain): void {
  const evidence: Evidence = { file: 'Dockerfile', line: healthcheck.line, says: 'HEALTHCHECK runs it' };
  if (healthcheck.form === 'exec') {
    const words = healthcheck.json?.map((a) => a.value) ?? [];
    if (words[0]) chain.needs.push({ program: words[0], evidence });
    if (words[1] === '-c' && words[2] !== undefined) for (const command of parseShell(words[2]).seen) need(chain, command, evidence);
    return;
  }
  chain.shell = true;
  for (const command of healthcheck.script?.seen ?? []) need(chain, command, evidence);
}

/** Programs of the health checks that compose services run in this image. Source: Compose specification, healthcheck: CMD, CMD-SHELL, or a string for the shell. */
function serviceNeeds(chain: Chain): Need[] {
  const found: Need[] = [];
  for (const service of chain.subject.project.uses().services) {
    const test = service.healthcheck;
    const [kind, ...words] = typeof test === 'string' ? ['CMD-SHELL', test] : (test ?? []);
    const evidence: Evidence = { ...service.evidence, says: `the service ${service.service} checks its health` };
    if (kind === 'CMD' && words[0] !== undefined) found.push({ program: words[0], evidence });
    if (kind !== 'CMD-SHELL') continue;
    const shell: Chain = { ...chain, needs: found, ran: [] };
    found.push({ program: 'sh', evidence });
    for (const command of parseShell(words.join(' ')).seen) need(shell, command, evidence);
  }
  return found;
}
