// Windows of time, and the circuit breaker.
import { describe, expect, it } from 'vitest';
import { breaker } from '../../src/bulk/run/breaker.ts';
import { isInWindow, parseWindow } from '../../src/bulk/run/window.ts';

const at = (text: string): number => Date.parse(text);

describe('a window', () => {
  it.each([
    // 2026-11-25 is a Wednesday.
    ['mon-fri 06:00-16:00 UTC', '2026-11-25T06:00:00Z', true],
    ['mon-fri 06:00-16:00 UTC', '2026-11-25T15:59:59Z', true],
    ['mon-fri 06:00-16:00 UTC', '2026-11-25T16:00:00Z', false],
    ['mon-fri 06:00-16:00', '2026-11-28T08:00:00Z', false],
    ['sat-mon 00:00-24:00 UTC', '2026-11-29T08:00:00Z', true],
    ['fri 22:00-02:00 UTC', '2026-11-28T01:00:00Z', true],
    ['fri 22:00-02:00 UTC', '2026-11-27T01:00:00Z', false],
    ['wed 06:00-07:00 Europe/Berlin', '2026-11-25T05:30:00Z', true],
    ['06:00-07:00', '2026-11-25T06:30:00Z', true],
  ])('%s at %s: %s', (window, time, holds) => {
    expect(isInWindow([window], at(time))).toBe(holds);
  });

  it.each(['noon', 'mon-xyz 06:00-07:00', '25:00-26:00', '06:00-07:00 Mars/Olympus', '06:99-07:00'])('%s is none', (text) => {
    expect(parseWindow(text)).toBeUndefined();
    expect(isInWindow([text], at('2026-11-25T06:30:00Z'))).toBe(false);
  });

  it('is always, when there are none', () => {
    expect(isInWindow([], 0)).toBe(true);
  });
});

describe('the circuit breaker', () => {
  it('lets single failures pass', () => {
    const fuse = breaker(0.05, 20);
    for (let n = 0; n < 100; n++) fuse.succeeded();
    for (let n = 0; n < 5; n++) expect(fuse.failed('network')).toBeUndefined();
  });
  it('breaks above the share, once enough were tried', () => {
    const fuse = breaker(0.05, 20);
    for (let n = 0; n < 19; n++) fuse.succeeded();
    expect(fuse.failed('a')).toBeUndefined();
    expect(fuse.failed('b')).toBe('2 of 21 repositories failed');
  });
  it('breaks after so many of one class in a row', () => {
    const fuse = breaker(1, 3);
    expect([fuse.failed('server'), fuse.failed('server'), fuse.failed('network'), fuse.failed('server')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    fuse.succeeded();
    expect([fuse.failed('server'), fuse.failed('server')]).toEqual([undefined, undefined]);
    expect(fuse.failed('server')).toContain('3 repositories in a row');
  });
  it('breaks at the first with 1, but not for a limit of the forge', () => {
    const fuse = breaker(1, 1);
    expect(fuse.failed('rate-limited')).toBeUndefined();
    expect(fuse.failed('server')).toBe('a repository failed with server');
  });
});
