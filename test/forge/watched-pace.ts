// A budget that is watched: what it let through although it slept. With several requests under way this cannot be seen at the
// forge, where one arrives after the refusal of another that was sent before it.
import type { Pace } from '../../src/forge/types.ts';

interface Moment {
  at: number;
  /** It was put to sleep until then; undefined: a request was let through. */
  until: number | undefined;
}

export interface WatchedPace {
  pace: Pace;
  /** Requests that were let through while it slept. */
  early(): readonly Moment[];
  /** Whether it slept for this refusal (a date is told in whole seconds). */
  sleptUntil(time: number): boolean;
}

export function watchedPace(inner: Pace, now: () => number): WatchedPace {
  const log: Moment[] = [];
  return {
    pace: {
      ...inner,
      take: (request, signal) => inner.take(request, signal).then(() => void log.push({ at: now(), until: undefined })),
      sleepUntil(until, why) {
        log.push({ at: now(), until });
        inner.sleepUntil(until, why);
      },
    },
    early: () =>
      log.filter((one, index) => one.until === undefined && log.slice(0, index).some(({ until }) => until !== undefined && one.at < until)),
    sleptUntil: (time) => log.some(({ until }) => (until ?? 0) >= time - 1000),
  };
}
