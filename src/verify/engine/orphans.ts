// Room: verify/engine/. Engine commands of a run that was killed: a build goes on without its run, and would leave an image.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { runProgram } from '../../process/run.ts';
import { parseOwner, stateOfOwner } from '../../process/owner.ts';
import { ownerLabel } from './labels.ts';

/** Milliseconds for a build to be called off. */
const patience = 10_000;

/**
 * Ends processes whose arguments carry the label of a run of this machine that has ended, and waits until they are gone. They are found by
 * the exact argument, so that nothing but commands of such runs is ended; those of other users are left alone. Never throws.
 */
export async function endOrphans(): Promise<void> {
  const orphans = (await processes()).filter(({ args }) => args.some(isOfDeadRun));
  for (const { pid } of orphans) send(pid, 'SIGTERM');
  const until = Date.now() + patience;
  while (orphans.some(({ pid }) => send(pid, 0)) && Date.now() < until) await wait(100);
  for (const { pid } of orphans) send(pid, 'SIGKILL');
}

function isOfDeadRun(argument: string): boolean {
  if (!argument.startsWith(`${ownerLabel}=`)) return false;
  const owner = parseOwner(argument.slice(ownerLabel.length + 1));
  return owner !== undefined && stateOfOwner(owner) === 'dead';
}

/** False when there is no such process any more, or it is another user's. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal) && !isZombie(pid);
  } catch {
    return false;
  }
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}

interface Process {
  pid: number;
  args: string[];
}

/** From /proc where there is one, else from ps; none where there is neither. */
async function processes(): Promise<Process[]> {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => argumentsOf(Number(name)));
  } catch {
    const { stdout } = await runProgram('ps', ['-axww', '-o', 'pid=,args='], { timeout: 10_000 });
    return stdout.split('\n').flatMap((line) => {
      const [, pid, rest] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined || rest === undefined ? [] : { pid: Number(pid), args: rest.split(/\s+/) };
    });
  }
}

function argumentsOf(pid: number): Process[] {
  try {
    return [{ pid, args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') }];
  } catch {
    return [];
  }
}
