// test/e2e/bulk: the command line as a process, watched: what it prints, what its arguments are, and killed when asked.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The built command line; DOCKERFILE_MOD_CLI names another build. */
export const cli = process.env.DOCKERFILE_MOD_CLI ?? join(import.meta.dirname, '../../../dist/cli.cjs');

export interface Ran {
  code: number | undefined;
  killed: boolean;
  out: string;
  err: string;
}

/** Everything that was printed, and every argument and environment of other processes that was seen: the token is looked for in it. */
export const seen = { output: [] as string[], commands: new Set<string>() };

/** Runs dockerfile-mod. `killAfter`: SIGKILL so many milliseconds after its start, if it still runs. */
export function run(args: readonly string[], how: { env: Record<string, string>; cwd: string; killAfter?: number }): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: how.cwd,
      env: { PATH: process.env.PATH ?? '', HOME: how.cwd, ...how.env },
    });
    let [out, err, killed] = ['', '', false];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const watch = setInterval(watchCommands, 50);
    const timer =
      how.killAfter === undefined
        ? undefined
        : setTimeout(() => {
            killed = true;
            child.kill('SIGKILL');
          }, how.killAfter);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      clearTimeout(timer);
      seen.output.push(out, err);
      resolve({ code: code ?? undefined, killed, out, err });
    });
  });
}

/** Arguments of all processes, as any user of the machine can read them. */
function watchCommands(): void {
  try {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        if (command.startsWith('git') || command.includes('cli.js')) seen.commands.add(command.replaceAll('\0', ' '));
      } catch {
        // Ended meanwhile.
      }
    }
  } catch {
    // No /proc here: arguments are not looked at.
  }
}

/** Numbers that are the same for the same seed. Mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
