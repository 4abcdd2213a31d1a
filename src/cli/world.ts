// Room: cli/. What the command line needs of the outside, passed in, so that tests can run it without a process.
import type { Core } from '../checkout/types.ts';

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

export interface World {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  stdin: AsyncIterable<Uint8Array | string> & { isTTY?: boolean | undefined };
  stdout: Output;
  stderr: Output;
  version: string;
  /** Loaded when it is needed, so that --help and --version start fast. */
  core(): Promise<Core>;
}

/** 0: done, 1: --check found changes, 2: bad usage or bad input. Of bulk: 1 some failed, 4 interrupted, 5 a limit of the run. */
export type ExitCode = 0 | 1 | 2 | 4 | 5;

/** Wrong use of the command line; its message is for people. */
export interface UsageError {
  usage: string;
}

export const isUsageError = (value: unknown): value is UsageError => typeof value === 'object' && value !== null && 'usage' in value;
