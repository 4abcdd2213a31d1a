// Room: forge/. An end for all that is done for one repository: requests and programs are cut off, waiting for a limit does not count.
import { AsyncLocalStorage } from 'node:async_hooks';
import { ForgeError } from './types.ts';

interface Deadline {
  /** Aborted when the time is over; its reason is ForgeError `timeout`. */
  signal: AbortSignal;
  /** With the signal of a connection: made once, so that many requests leave nothing on a signal that lives long. */
  joined: Map<AbortSignal, AbortSignal>;
  /** The time stands still until the answer is called. */
  hold(): () => void;
}

/** Calls belong to the repository that they are made for without being told: every client and every git command stands under its deadline. */
const present = new AsyncLocalStorage<Deadline>();

/**
 * Does the work within `ms` milliseconds. Afterwards each request, wait and program of it is ended with ForgeError `timeout` (retryable), and the
 * work with it: it is never left running beside what comes next. Computing is not cut off in its midst. A write that was under way may have happened.
 */
export async function withDeadline<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = (): void =>
    controller.abort(new ForgeError('timeout', `more than ${ms / 1000} s were needed for this repository`, { retryable: true }));
  const watch = stopwatch(ms, late);
  try {
    return await present.run({ signal: controller.signal, joined: new Map(), hold: watch.hold }, work);
  } finally {
    watch.end();
  }
}

/** A signal for something that may last: the given one, and the deadline of the repository that the call is made for. */
export function cutOff(own: AbortSignal | undefined): AbortSignal | undefined {
  const deadline = present.getStore();
  if (!deadline || !own) return deadline?.signal ?? own;
  const known = deadline.joined.get(own) ?? AbortSignal.any([own, deadline.signal]);
  deadline.joined.set(own, known);
  return known;
}

/** A wait for the budget that all repositories share: the time of this one stands still meanwhile. */
export async function untimed<T>(waiting: () => Promise<T>): Promise<T> {
  const release = present.getStore()?.hold();
  try {
    return await waiting();
  } finally {
    release?.();
  }
}

/** Calls `late` when so much time has passed while nobody held it. */
function stopwatch(ms: number, late: () => void): { hold(): () => void; end(): void } {
  let left = ms;
  let holds = 0;
  let since = Date.now();
  // setTimeout takes at most 2^31-1 ms: 24 days are no end that anybody waits for.
  const start = (): NodeJS.Timeout => ((since = Date.now()), setTimeout(late, Math.min(left, 2 ** 31 - 1)));
  let timer = start();
  const release = (): void => {
    holds -= 1;
    if (holds === 0) timer = start();
  };
  return {
    hold() {
      if (holds === 0) {
        clearTimeout(timer);
        left = Math.max(0, left - (Date.now() - since));
      }
      holds += 1;
      return release;
    },
    end() {
      // Whatever is released later starts nothing.
      holds = Infinity;
      clearTimeout(timer);
    },
  };
}
