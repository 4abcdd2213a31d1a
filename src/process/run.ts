// Room: process/. Other programs (docker, git, scanners): argument arrays, no shell, bounded output and time.
import { execa } from 'execa';

export interface RunOptions {
  cwd?: string;
  /** The whole environment of the program; by default that of this process. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; the program is ended when they have passed. */
  timeout?: number;
  /** Written to the program's standard input, which is empty otherwise. */
  input?: string | Uint8Array;
  signal?: AbortSignal;
  /** Called for each line of either stream, as it comes. */
  onLine?: (line: string) => void;
  /** Bytes that are kept of each stream; the program is ended when it writes more, unless `onLine` is given: then the last ones are kept. */
  maxBytes?: number;
  /**
   * `ended`: what the program started ends with it, when it is ended. git's helper for HTTP does not end by itself: it would hold the
   * output open, and the wait for it, as long as the server is silent. Such a program has a process group, and no terminal.
   */
  children?: 'ended';
}

/** How a program ended. */
export interface Ran {
  /** The exit code; undefined when it did not end by itself or could not be started. */
  code: number | undefined;
  stdout: string;
  stderr: string;
  /** Why there is no exit code. */
  stopped: 'not-found' | 'not-startable' | 'timeout' | 'aborted' | 'signal' | 'too-much-output' | undefined;
}

const defaultBytes = 16 * 1024 * 1024;

/** Runs a program to its end. Never throws: what went wrong is in `code` and `stopped`. */
export async function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { cwd, env, timeout, input, signal, onLine, children, maxBytes = defaultBytes } = options;
  const child = execa(program, [...args], {
    reject: false,
    extendEnv: env === undefined,
    stripFinalNewline: false,
    maxBuffer: maxBytes,
    forceKillAfterDelay: 5000,
    detached: children === 'ended' && process.platform !== 'win32',
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    ...(onLine === undefined ? {} : { buffer: false }),
  });
  if (children === 'ended') endGroup(child);
  const tails = { stdout: new Tail(maxBytes), stderr: new Tail(maxBytes) };
  if (onLine) {
    await Promise.all(
      (['stdout', 'stderr'] as const).map(async (from) => {
        try {
          for await (const line of child.iterable({ from })) {
            tails[from].add(line);
            onLine(line);
          }
        } catch {
          // How it ended is told below.
        }
      }),
    );
  }
  const done = await child;
  return {
    code: done.exitCode,
    stdout: onLine ? tails.stdout.text() : ((done.stdout as string | undefined) ?? ''),
    stderr: onLine ? tails.stderr.text() : ((done.stderr as string | undefined) ?? ''),
    stopped: stoppedBy(done),
  };
}

/** As `runProgram`, for output that is no text (`git cat-file --batch`): standard output as bytes. */
export async function runForBytes(
  program: string,
  args: readonly string[],
  options: Omit<RunOptions, 'onLine'> = {},
): Promise<Ran & { bytes: Uint8Array }> {
  const { cwd, env, timeout, input, signal, children, maxBytes = defaultBytes } = options;
  const child = execa(program, [...args], {
    reject: false,
    extendEnv: env === undefined,
    encoding: 'buffer',
    maxBuffer: maxBytes,
    forceKillAfterDelay: 5000,
    detached: children === 'ended' && process.platform !== 'win32',
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (children === 'ended') endGroup(child);
  const done = await child;
  const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes ?? new Uint8Array());
  const bytes = done.stdout ?? new Uint8Array();
  return { code: done.exitCode, stdout: '', stderr: text(done.stderr), bytes, stopped: stoppedBy(done) };
}

function stoppedBy(done: {
  exitCode?: number | undefined;
  timedOut: boolean;
  isCanceled: boolean;
  isMaxBuffer: boolean;
  isTerminated: boolean;
  code?: string | undefined;
}): Ran['stopped'] {
  if (done.isMaxBuffer) return 'too-much-output';
  if (done.timedOut) return 'timeout';
  if (done.isCanceled) return 'aborted';
  if (done.exitCode !== undefined) return undefined;
  if (done.isTerminated) return 'signal';
  return done.code === 'ENOENT' ? 'not-found' : 'not-startable';
}

/** Ends what is left of the group of a program that was ended. */
function endGroup(child: ReturnType<typeof execa>): void {
  child.once('exit', (_, signal) => {
    if ((signal === null && !child.killed) || child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // Nothing is left.
    }
  });
}

/** The last lines of a stream, up to a number of characters. */
class Tail {
  private lines: string[] = [];
  private size = 0;
  constructor(private readonly max: number) {}
  add(line: string): void {
    this.lines.push(line);
    this.size += line.length + 1;
    while (this.size > this.max && this.lines.length > 1) this.size -= (this.lines.shift() ?? '').length + 1;
  }
  text(): string {
    return this.lines.length === 0 ? '' : `${this.lines.join('\n')}\n`;
  }
}
