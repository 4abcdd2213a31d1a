// The budget: exact in every window, one sleep for all, the reserve of reads, AIMD.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPace, defaultLimits, type PaceOptions } from '../../src/forge/pace.ts';
import type { Pace, Request } from '../../src/forge/types.ts';
import { virtualClock, type VirtualClock } from './clock.ts';

const minute = 60_000;
const hour = 60 * minute;

function made(limits: Partial<PaceOptions> = {}): { pace: Pace; clock: VirtualClock; slept: [number, string][] } {
  const clock = virtualClock();
  const slept: [number, string][] = [];
  return {
    clock,
    slept,
    pace: createPace({ ...defaultLimits, clock, onSleep: (until, why) => slept.push([until - clock.now(), why]), ...limits }),
  };
}

/** When each request was let through. */
async function times(pace: Pace, clock: VirtualClock, requests: readonly Request[]): Promise<{ at: number; request: Request }[]> {
  const passed: { at: number; request: Request }[] = [];
  await clock.run(Promise.all(requests.map((request) => pace.take(request).then(() => passed.push({ at: clock.now(), request })))));
  return passed;
}

/** The most that any window of this span holds; a window begins at each of them. */
function most(moments: readonly { at: number; cost: number }[], span: number): number {
  return Math.max(
    0,
    ...moments.map(({ at }) => moments.reduce((sum, one) => (one.at >= at && one.at < at + span ? sum + one.cost : sum), 0)),
  );
}

describe('windows', () => {
  it('never more than allowed in any minute or hour, whatever comes when; all come through, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.record({ pause: fc.nat(200_000), count: fc.integer({ min: 1, max: 12 }) }), { minLength: 1, maxLength: 8 }),
        async (contentPerMinute, contentPerHour, bursts) => {
          const { pace, clock } = made({ contentPerMinute, contentPerHour });
          const moments: { at: number; cost: number }[] = [];
          const order: number[] = [];
          let count = 0;
          const all: Promise<void>[] = [];
          const arrive = async (): Promise<void> => {
            for (const burst of bursts) {
              await clock.sleep(burst.pause);
              for (let i = 0; i < burst.count; i += 1) {
                const number = count++;
                all.push(pace.take('content').then(() => void (order.push(number), moments.push({ at: clock.now(), cost: 1 }))));
              }
            }
            await Promise.all(all);
          };
          await clock.run(arrive());
          expect(most(moments, minute)).toBeLessThanOrEqual(contentPerMinute);
          expect(most(moments, hour)).toBeLessThanOrEqual(contentPerHour);
          expect(order).toEqual([...order].sort((a, b) => a - b));
          expect(order).toHaveLength(count);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is used to the full: what fits is not held back', async () => {
    const { pace, clock } = made({ contentPerMinute: 20, contentPerHour: 400 });
    const start = clock.now();
    const passed = await times(
      pace,
      clock,
      Array.from({ length: 401 }, () => 'content'),
    );
    expect(passed.filter(({ at }) => at === start)).toHaveLength(20);
    expect((passed[399]?.at ?? 0) - start).toBe(19 * minute);
    expect((passed[400]?.at ?? 0) - start).toBe(hour);
    expect(pace.state()).toMatchObject({ contentLastHour: 381, sleepsUntil: undefined });
  });

  it('points: a read costs one, content five', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom<Request>('read', 'content'), { minLength: 1, maxLength: 120 }), async (requests) => {
        const { pace, clock } = made({ contentPerMinute: 1000, contentPerHour: 1000, pointsPerMinute: 30 });
        const passed = await times(pace, clock, requests);
        expect(passed).toHaveLength(requests.length);
        expect(
          most(
            passed.map(({ at, request }) => ({ at, cost: request === 'read' ? 1 : 5 })),
            minute,
          ),
        ).toBeLessThanOrEqual(30);
      }),
      { numRuns: 40 },
    );
  });
});

describe('sleep', () => {
  it('the whole budget sleeps, reads as well; the latest time wins', async () => {
    const { pace, clock, slept } = made();
    const start = clock.now();
    pace.sleepUntil(start + 5000, 'primary');
    pace.sleepUntil(start + 90_000, 'secondary');
    pace.sleepUntil(start + 1000, 'primary');
    expect(pace.state().sleepsUntil).toBe(start + 90_000);
    const passed = await times(pace, clock, ['read', 'content', 'read']);
    expect(passed.map(({ at }) => at - start)).toEqual([90_000, 90_000, 90_000]);
    expect(slept).toEqual([
      [5000, 'primary'],
      [90_000, 'secondary'],
    ]);
  });
  it('a sleep that is prolonged while somebody waits holds', async () => {
    const { pace, clock } = made();
    const start = clock.now();
    pace.sleepUntil(start + 5000, 'primary');
    const longer = clock.sleep(4000).then(() => pace.sleepUntil(start + 20_000, 'primary'));
    const [passed] = await Promise.all([times(pace, clock, ['read']), longer]);
    expect((passed[0]?.at ?? 0) - start).toBe(20_000);
  });
  it('who is aborted leaves, and takes nothing along', async () => {
    const { pace, clock } = made({ contentPerMinute: 1 });
    const start = clock.now();
    await pace.take('content');
    const leaving = new AbortController();
    const left = pace.take('content', leaving.signal);
    const next = pace.take('content').then(() => clock.now() - start);
    leaving.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    expect(await clock.run(next)).toBe(minute);
    await expect(pace.take('read', leaving.signal)).rejects.toThrow('enough');
  });
});

describe('the primary limit', () => {
  it('below the reserve reads are spread until the reset, and content goes on', async () => {
    const { pace, clock } = made({ contentPerMinute: 100 });
    const start = clock.now();
    pace.remaining(50, 1000, start + 50_000);
    const passed = await times(pace, clock, ['read', 'read', 'read', 'content', 'content']);
    const at = (wanted: Request): number[] => passed.filter(({ request }) => request === wanted).map((one) => one.at - start);
    expect(at('read')).toEqual([0, 1000, 2000]);
    expect(at('content')).toEqual([0, 0]);
    await clock.run(clock.sleep(60_000));
    const later = clock.now();
    expect((await times(pace, clock, ['read', 'read'])).map((one) => one.at - later)).toEqual([0, 0]);
  });
  it('above it nothing is held; with nothing left all sleep until a second after the reset', async () => {
    const { pace, clock } = made();
    const start = clock.now();
    pace.remaining(101, 1000, start + 50_000);
    expect((await times(pace, clock, ['read', 'read'])).map(({ at }) => at - start)).toEqual([0, 0]);
    pace.remaining(0, 1000, start + 50_000);
    expect((await times(pace, clock, ['read', 'content'])).map(({ at }) => at - start)).toEqual([51_000, 51_000]);
  });
});

describe('AIMD', () => {
  it('halves once per secondary limit, however many were under way, and grows by a tenth per ten clean minutes', async () => {
    const { pace, clock } = made({ contentPerMinute: 20 });
    const start = clock.now();
    for (let i = 0; i < 8; i += 1) pace.sleepUntil(start + minute + i, 'secondary');
    expect(pace.state().contentPerMinute).toBe(10);
    await clock.run(clock.sleep(10 * minute - 1));
    expect(pace.state().contentPerMinute).toBe(10);
    await clock.run(clock.sleep(1));
    expect(pace.state().contentPerMinute).toBe(11);
    pace.sleepUntil(clock.now() + minute, 'secondary');
    expect(pace.state().contentPerMinute).toBe(5);
    pace.sleepUntil(clock.now() + 2 * minute, 'primary');
    expect(pace.state().contentPerMinute).toBe(5);
    await clock.run(clock.sleep(24 * hour));
    expect(pace.state().contentPerMinute).toBe(20);
  });
  it('never below one', async () => {
    const { pace, clock } = made({ contentPerMinute: 3 });
    for (let i = 0; i < 10; i += 1) {
      pace.sleepUntil(clock.now() + 1000, 'secondary');
      await clock.run(clock.sleep(1001));
    }
    expect(pace.state().contentPerMinute).toBe(1);
    expect(await times(pace, clock, ['content', 'content'])).toHaveLength(2);
  });
});
