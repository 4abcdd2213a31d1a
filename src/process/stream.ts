// Room: process/. A program whose output is read while it runs, because it is too large to be held.
import type { Readable } from 'node:stream';
import { execa } from 'execa';

/** How a streamed program ended. */
export interface Ended {
  /** The exit code; undefined when it could not be started or was ended. */
  code: number | undefined;
  stderr: string;
  /** It ran, and a signal ended it. */
  killed: boolean;
}
export interface Streamed {
  stdout: Readable;
  /** Settles when the program has ended; never rejects. */
  ended: Promise<Ended>;
  /** Ends the program. */
  stop(): void;
}

/** Starts a program, without a shell; its standard output waits for its reader, so that memory stays flat. */
export function streamProgram(
  program: string,
  args: readonly string[],
  options: { signal?: AbortSignal; env?: Readonly<Record<string, string | undefined>> } = {},
): Streamed {
  const child = execa(program, [...args], {
    reject: false,
    stdin: 'ignore',
    buffer: { stdout: false, stderr: true },
    maxBuffer: { stderr: 64 * 1024 },
    forceKillAfterDelay: 5000,
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.env === undefined ? {} : { env: { ...options.env }, extendEnv: false }),
  });
  return {
    stdout: child.stdout,
    ended: child.then((done) => ({
      code: done.exitCode,
      stderr: done.stderr === '' && done.exitCode === undefined ? (done.shortMessage ?? '') : done.stderr,
      killed: done.isTerminated,
    })),
    stop: () => void child.kill(),
  };
}
