// Room: forge/. What was asked of a forge, and what it made us wait: counted at the door that every request passes.
import type { Pace, Request } from './types.ts';

/** Counts since the process began; they only grow. */
export interface Traffic {
  requests: Record<Request, number>;
  /** Limits that put the budget to sleep, and the seconds of it. */
  waits: Record<'primary' | 'secondary', { count: number; seconds: number }>;
  /** Milliseconds since the epoch; 0: never. */
  sleepsUntil: number;
}

export const noTraffic = (): Traffic => ({
  requests: { read: 0, content: 0 },
  waits: { primary: { count: 0, seconds: 0 }, secondary: { count: 0, seconds: 0 } },
  sleepsUntil: 0,
});

/** The same budget; what passes is added to `traffic`. Times that overlap are counted once. */
export function countedPace(pace: Pace, traffic: Traffic, now: () => number): Pace {
  return {
    ...pace,
    async take(request, signal) {
      await pace.take(request, signal);
      traffic.requests[request] += 1;
    },
    sleepUntil(time, why) {
      pace.sleepUntil(time, why);
      const more = time - Math.max(now(), traffic.sleepsUntil);
      if (more <= 0) return;
      traffic.waits[why].count += 1;
      traffic.waits[why].seconds += more / 1000;
      traffic.sleepsUntil = time;
    },
  };
}
