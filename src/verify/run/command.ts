// Room: verify/run/. Commands of the user's: run in both images, or on this machine with the image's name.
import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runProgram } from '../../process/run.ts';
import { type Started, withContainer } from './container.ts';
import type { CommandOutput, Session } from '../types.ts';

/** Seconds for one command in a container, and for the user's own script. */
const commandTimeout = 120;
const smokeTimeout = 600;
const keptBytes = 1024 * 1024;

/** Said in place of an output when a command needs a shell that is not there. */
export const noShell = 'the command needs a shell (sh), and the image has none: give plain words without quotes inside, pipes or variables';

/**
 * The words of a command that needs no shell; undefined when it does: variables, pipes, redirections, patterns, several
 * commands. Quotes around words are understood, since people write them.
 */
export function plainWords(command: string): string[] | undefined {
  const words: string[] = [];
  const word = /\s*(?:((?:[^\s'"\\$`|&;<>(){}[\]*?!#~]|(?<=[^\s])[#~!]|'[^']*'|"[^"\\$`]*")+)(?=\s|$))/y;
  const text = command.trim();
  let at = 0;
  while (at < text.length) {
    word.lastIndex = at;
    const match = word.exec(text);
    if (match?.[1] === undefined) return undefined;
    words.push(match[1].replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''));
    at = word.lastIndex;
  }
  // `NAME=value command` is the shell's.
  return words.length === 0 || /^[A-Za-z_]\w*=/.test(words[0] ?? '') ? undefined : words;
}

/** Runs a command in a fresh container of the image, in place of ENTRYPOINT and CMD; by a shell only when it needs one. */
export async function runCommand(session: Session, image: string, command: string, env: readonly string[]): Promise<CommandOutput> {
  const words = plainWords(command);
  const output = await withContainer(session, { image, env, command: words ?? ['sh', '-c', command] }, (started) =>
    outputOf(session, started),
  );
  const shellMissing = words === undefined && output.code === 127 && /"sh"|exec: sh|sh: (?:executable|no such)/i.test(output.stderr);
  return { command, ...output, ...(shellMissing ? { stderr: noShell } : {}) };
}

async function outputOf(session: Session, started: Started): Promise<Omit<CommandOutput, 'command'>> {
  if (started.refused) return { code: started.refused.code, stdout: '', stderr: started.refused.message };
  const { engine, signal } = session;
  const waited = await engine.run(['wait', started.id], { signal, timeout: commandTimeout * 1000 });
  const logs = await engine.run(['logs', started.id], { signal, maxBytes: keptBytes });
  const ended = waited.code === 0 ? Number.parseInt(waited.stdout, 10) : undefined;
  const late = ended === undefined ? `\n(did not end within ${commandTimeout} s)` : '';
  return { code: ended, stdout: logs.stdout, stderr: `${logs.stderr}${late}` };
}

/** Runs the user's own script on this machine with IMAGE in its environment: itself when it is executable, else by sh. */
export async function runSmoke(session: Session, image: string, script: string): Promise<CommandOutput> {
  const path = resolve(script);
  const executable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  const [program, args] = executable ? [path, []] : ['sh', [path]];
  const env = { ...process.env, IMAGE: image };
  const ran = await runProgram(program, args, { env, signal: session.signal, timeout: smokeTimeout * 1000, maxBytes: keptBytes });
  const why = { timeout: `did not end within ${smokeTimeout} s`, 'not-found': 'is not there', 'not-startable': 'cannot be started' };
  const reason = ran.stopped === undefined ? '' : `\n(${why[ran.stopped as keyof typeof why] ?? ran.stopped})`;
  return { command: script, code: ran.code, stdout: ran.stdout, stderr: `${ran.stderr}${reason}`.trim() };
}
