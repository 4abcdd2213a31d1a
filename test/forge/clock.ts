// A clock whose time passes only when everybody waits: hours of a budget in milliseconds of a test.
import type { Clock } from '../../src/forge/connection.ts';

export interface VirtualClock extends Clock {
  /** Lets time pass until the promise settles; fails when it waits for nothing that the clock knows. */
  run<T>(doing: Promise<T>): Promise<T>;
  /** Every sleep that was asked for, in milliseconds. */
  readonly slept: readonly number[];
}

export function virtualClock(start = 1_800_000_000_000, chance: () => number = () => 0.5): VirtualClock {
  let time = start;
  let sleepers: { at: number; wake: () => void }[] = [];
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    random: chance,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        slept.push(ms);
        const sleeper = { at: time + Math.max(ms, 0), wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(signal.reason as Error);
        });
      }),
    async run(doing) {
      const state: { done?: true } = {};
      doing.then(
        () => (state.done = true),
        () => (state.done = true),
      );
      for (let idle = 0; idle < 4000;) {
        await settle();
        if (state.done) return doing;
        const next = sleepers.reduce<(typeof sleepers)[number] | undefined>(
          (first, one) => (!first || one.at < first.at ? one : first),
          undefined,
        );
        if (!next) {
          // A real answer (HTTP on loopback) is on its way.
          idle += 1;
          await new Promise((resolve) => setTimeout(resolve, 5));
          continue;
        }
        idle = 0;
        time = Math.max(time, next.at);
        sleepers = sleepers.filter((one) => one !== next);
        next.wake();
      }
      throw new Error('it waits for something that no clock brings');
    },
  };
}

/** Until every promise that could go on has done so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
