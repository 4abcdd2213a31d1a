// Room: forge/. What every client is made with.
import type { Credential, Redactor } from './secrets.ts';
import type { Pace } from './types.ts';

/** Time and chance, so that tests decide both. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ number < 1, for jitter. */
  random(): number;
}

export interface Connection {
  /** As told by people: `https://github.com`, `https://gitea.example.com/git`; not the API's. */
  baseUrl: string;
  /** Undefined: without an account. */
  credential: Credential | undefined;
  pace: Pace;
  redactor: Redactor;
  clock: Clock;
  /** Ends every request and every wait. */
  signal: AbortSignal | undefined;
  /** Milliseconds for one attempt. */
  timeout: number;
}

/** The real clock. */
export const clock: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const aborted = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      // setTimeout takes at most 2^31-1 ms; who waits longer asks again.
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', aborted);
          resolve();
        },
        Math.min(ms, 2 ** 31 - 1),
      );
      signal?.addEventListener('abort', aborted, { once: true });
    }),
};
