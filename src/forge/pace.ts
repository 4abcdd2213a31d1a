// Room: forge/. The budget of one actor on one host: exact windows, a reserve of reads, one sleep for all, AIMD.
import type { Clock } from './connection.ts';
import type { ForgeKind, Pace, PaceState, Request } from './types.ts';

export interface PaceLimits {
  /** Content-creating requests in any minute, and in any hour. GitHub: at most 80 and 500. */
  contentPerMinute: number;
  contentPerHour: number;
  /** Points in any minute (a read costs 1, content 5); undefined: no limit. GitHub: 900 for REST. */
  pointsPerMinute: number | undefined;
  /** Share of the primary limit below which reads are spread over the time that is left: writes go on. */
  reserve: number;
}

export interface PaceOptions extends PaceLimits {
  clock: Pick<Clock, 'now' | 'sleep'>;
  /** Told when the budget goes to sleep, or sleeps longer. */
  onSleep?: (until: number, why: 'primary' | 'secondary') => void;
}

/** Far below what GitHub allows, because other tools of the same actor count as well. */
export const defaultLimits: PaceLimits = { contentPerMinute: 20, contentPerHour: 400, pointsPerMinute: undefined, reserve: 0.1 };

const minute = 60_000;
const hour = 60 * minute;
const cleanSpan = 10 * minute;

/** What a forge allows besides content. GitHub: 900 points a minute for REST (docs.github.com, "Calculating points for the secondary rate limit"); a tenth is left to others. */
export const limitsOf = (kind: ForgeKind): PaceLimits => (kind === 'github' ? { ...defaultLimits, pointsPerMinute: 800 } : defaultLimits);

/** Makes a budget. Requests of one class are let through in the order in which they asked. */
export function createPace(options: PaceOptions): Pace {
  const { clock, onSleep } = options;
  const content = new Window(hour);
  const points = new Window(minute);
  const rate = new Rate(options.contentPerMinute, clock.now());
  let sleepsUntil = 0;
  let sleepsBecause: 'primary' | 'secondary' | undefined;
  let reads: { gap: number; next: number; until: number } | undefined;

  /** Milliseconds until the request may be sent, as far as is known now. */
  function delay(request: Request, now: number): number {
    const cost = request === 'read' ? 1 : 5;
    const waits = [sleepsUntil - now, options.pointsPerMinute === undefined ? 0 : points.wait(options.pointsPerMinute, cost, minute, now)];
    if (request === 'read' && reads && now < reads.until) waits.push(reads.next - now);
    if (request === 'content') waits.push(content.wait(rate.at(now), 1, minute, now), content.wait(options.contentPerHour, 1, hour, now));
    return Math.max(...waits);
  }
  function grant(request: Request, now: number): void {
    if (request === 'content') content.add(now, 1);
    if (options.pointsPerMinute !== undefined) points.add(now, request === 'read' ? 1 : 5);
    if (request === 'read' && reads) reads.next = Math.max(now, reads.next) + reads.gap;
  }
  async function pass(request: Request, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const now = clock.now();
      const wait = delay(request, now);
      if (wait <= 0) return grant(request, now);
      // What is known may change meanwhile (a longer sleep): it is asked again.
      await clock.sleep(Math.ceil(wait), signal);
    }
  }
  function sleepUntil(time: number, why: 'primary' | 'secondary'): void {
    const now = clock.now();
    // Requests that were under way together are refused together: one halving.
    if (why === 'secondary' && !(sleepsBecause === 'secondary' && now < sleepsUntil)) rate.halve(now);
    if (time <= sleepsUntil || time <= now) return;
    sleepsUntil = time;
    sleepsBecause = why;
    onSleep?.(time, why);
  }
  function remaining(left: number, of: number, resetsAt: number): void {
    const now = clock.now();
    if (resetsAt <= now || of <= 0) return;
    if (left <= 0) return sleepUntil(resetsAt + 1000, 'primary');
    if (left > of * options.reserve) reads = undefined;
    else reads = { gap: (resetsAt - now) / left, next: reads?.next ?? now, until: resetsAt };
  }
  function state(): PaceState {
    const now = clock.now();
    return {
      contentLastMinute: content.sum(minute, now),
      contentLastHour: content.sum(hour, now),
      sleepsUntil: now < sleepsUntil ? sleepsUntil : undefined,
      contentPerMinute: rate.at(now),
    };
  }
  const lines: Record<Request, Promise<unknown>> = { read: Promise.resolve(), content: Promise.resolve() };
  return {
    take(request, signal) {
      const turn = lines[request].then(() => pass(request, signal));
      lines[request] = turn.catch(() => undefined);
      return signal ? orAborted(turn, signal) : turn;
    },
    sleepUntil,
    remaining,
    state,
  };
}

/** Who stands in line leaves it at once when aborted; the place is given up when it is reached. */
function orAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** What was let through, with its times: exact for any window, where a token bucket would let twice as much through at a seam. */
class Window {
  private entries: { at: number; cost: number }[] = [];
  constructor(private readonly longest: number) {}
  add(at: number, cost: number): void {
    while (this.entries[0] && this.entries[0].at <= at - this.longest) this.entries.shift();
    this.entries.push({ at, cost });
  }
  sum(span: number, now: number): number {
    return this.entries.reduce((sum, entry) => (entry.at > now - span ? sum + entry.cost : sum), 0);
  }
  /** Milliseconds until `cost` more fits into `limit` within `span`. */
  wait(limit: number, cost: number, span: number, now: number): number {
    let over = this.sum(span, now) + cost - limit;
    if (over <= 0) return 0;
    for (const entry of this.entries) {
      if (entry.at <= now - span) continue;
      over -= entry.cost;
      if (over <= 0) return entry.at + span - now;
    }
    return span;
  }
}

/** Grows by 10 % per clean ten minutes, is halved by a secondary limit; between 1 and what was set. */
class Rate {
  private value: number;
  constructor(
    private readonly most: number,
    private since: number,
  ) {
    this.value = most;
  }
  at(now: number): number {
    while (this.value < this.most && now - this.since >= cleanSpan) {
      this.value = Math.min(this.value * 1.1, this.most);
      this.since += cleanSpan;
    }
    return Math.max(1, Math.floor(this.value));
  }
  halve(now: number): void {
    this.value = Math.max(1, this.at(now) / 2);
    this.since = now;
  }
}
