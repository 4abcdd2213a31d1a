// Room: verify/compare/. Commands that were run in both images, and the user's own script, compared.
import { visible } from '../../report/visible.ts';
import { noShell } from '../run/command.ts';
import { sameText, tailOf } from './compare-text.ts';
import type { Check, CommandOutput, Difference, Observation } from '../types.ts';

/** The check `command`: exit code and standard output of each --run; standard error where there is no other output. */
export function compareCommands(before: Observation, after: Observation): Check {
  if (before.commands.length === 0)
    return { id: 'command', outcome: 'not-checked', detail: 'No command was given (--run)', differences: [] };
  const at = { before: new Date(before.at ?? Date.now()), after: new Date(after.at ?? Date.now()) };
  const differences: Difference[] = [];
  let log = '';
  const broken: string[] = [];
  for (const [i, was] of before.commands.entries()) {
    const is = after.commands[i];
    const found = is ? commandDifference(was, is, at) : { what: was.command, before: `code ${was.code}`, after: 'not run' };
    if (found) differences.push(found);
    if (found && log === '') log = tailOf(`${is?.stdout ?? ''}${is?.stderr ?? ''}`);
    if (was.code !== 0)
      broken.push(was.stderr === noShell ? `${was.command}: ${noShell}` : `${was.command} (code ${was.code ?? 'none: it did not end'})`);
  }
  const [first] = differences;
  if (first) {
    const more = differences.length > 1 ? ` (and ${differences.length - 1} more)` : '';
    return {
      id: 'command',
      outcome: 'failed',
      detail: `${first.what}: ${first.before} before, ${first.after} after${more}`,
      differences,
      log,
    };
  }
  if (broken.length > 0)
    return {
      id: 'command',
      outcome: 'warned',
      detail: `Fails in both images in the same way: ${visible(broken.join('; '))}`,
      differences,
    };
  const names = before.commands.map(({ command }) => `‘${command}’`).join(', ');
  return { id: 'command', outcome: 'passed', detail: `Same output before and after: ${visible(names)}`, differences };
}

function commandDifference(was: CommandOutput, is: CommandOutput, at: { before: Date; after: Date }): Difference | undefined {
  const what = `‘${visible(was.command)}’`;
  const codes = [was.code, was.again?.code ?? was.code];
  if (!codes.includes(is.code)) {
    const why = is.stderr === noShell ? `: ${noShell}` : shortOf(is.stderr);
    return { what, before: codeOf(was.code), after: `${codeOf(is.code)}${why}` };
  }
  const silent = was.stdout.trim() === '' && is.stdout.trim() === '';
  const stream = silent && was.code === 0 ? 'stderr' : 'stdout';
  const found = sameText([was[stream], ...(was.again ? [was.again[stream]] : [])], is[stream], at, 'log');
  return found ? { what, before: quoted(found.before), after: quoted(found.after) } : undefined;
}

/** The check `smoke`: the script must succeed for the rewritten image when it does for the original. */
export function compareSmoke(before: CommandOutput | undefined, after: CommandOutput | undefined): Check {
  const check = (outcome: Check['outcome'], detail: string, log = ''): Check => ({
    id: 'smoke',
    outcome,
    detail,
    differences: [],
    ...(log === '' ? {} : { log }),
  });
  if (!before || !after) return check('not-checked', 'No script was given (--smoke)');
  const script = visible(before.command);
  const log = tailOf(`${after.stdout}${after.stderr}`);
  if (before.code !== 0 && after.code === before.code)
    return check('warned', `${script} fails for the original (${codeOf(before.code)}), and for the rewritten one in the same way`, log);
  if (before.code !== 0)
    return check(
      'warned',
      `${script} fails for the original: ${codeOf(before.code)} before, ${codeOf(after.code)} after`,
      tailOf(`${before.stdout}${before.stderr}`),
    );
  if (after.code !== 0) {
    const differences = [{ what: script, before: codeOf(before.code), after: codeOf(after.code) }];
    return { ...check('failed', `${script} succeeds before and ends with ${codeOf(after.code)} after`, log), differences };
  }
  return check('passed', `${script} succeeds for both`);
}

const codeOf = (code: number | undefined): string => (code === undefined ? 'no exit code' : `code ${code}`);
const quoted = (text: string): string => (text === '' ? 'nothing' : `“${text}”`);
function shortOf(stderr: string): string {
  const last = visible(stderr.trim().split('\n').at(-1) ?? '');
  return last === '' ? '' : `: ${last.length > 200 ? `${last.slice(0, 200)}…` : last}`;
}
