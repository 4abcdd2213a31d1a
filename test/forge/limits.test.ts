// What answers say about limits, as the forges' manuals write them.
import { describe, expect, it } from 'vitest';
import { limited, remaining, retryAfter } from '../../src/forge/limits.ts';

const now = Date.parse('2026-11-25T12:00:00Z');
const headers =
  (fields: Readonly<Record<string, string | undefined>>) =>
  (name: string): string | null =>
    fields[name.toLowerCase()] ?? null;

describe('Retry-After', () => {
  it.each([
    ['60', 60_000],
    [' 0 ', 0],
    ['1.5', 1500],
    ['Wed, 25 Nov 2026 12:01:30 GMT', 90_000],
    ['Wed, 25 Nov 2026 11:00:00 GMT', 0],
    ['999999999', 86_400_000],
    ['Fri, 25 Nov 2050 12:00:00 GMT', 86_400_000],
  ])('%s', (value, ms) => expect(retryAfter(value, now)).toBe(ms));
  it.each([null, '', 'soon', '-5', '0x10', '1e9', 'NaN'])('%s says nothing', (value) => expect(retryAfter(value, now)).toBeUndefined());
});

describe('what is left', () => {
  it('GitHub: a time', () => {
    const header = headers({ 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': String(now / 1000 + 600) });
    expect(remaining(header, now)).toEqual({ left: 4999, of: 5000, resetsAt: now + 600_000 });
  });
  it('GitLab: a time; the draft: seconds from now, with a window', () => {
    const time = { 'ratelimit-limit': '600', 'ratelimit-remaining': '0', 'ratelimit-reset': String(now / 1000 + 60) };
    expect(remaining(headers(time), now)).toEqual({ left: 0, of: 600, resetsAt: now + 60_000 });
    expect(remaining(headers({ ...time, 'ratelimit-limit': '100, 100;w=60', 'ratelimit-reset': '30' }), now)?.resetsAt).toBe(now + 30_000);
  });
  it.each([
    {},
    { 'x-ratelimit-limit': '5000' },
    { 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '1' },
    { 'x-ratelimit-limit': '-1', 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '1' },
  ])('%o says nothing', (fields) => expect(remaining(headers(fields), now)).toBeUndefined());
});

describe('a refusal by a limit', () => {
  const reset = { 'x-ratelimit-limit': '5000', 'x-ratelimit-reset': String(now / 1000 + 600) };
  it.each([
    ['secondary, without a time', 403, 'You have exceeded a secondary rate limit. Please wait a few minutes', {}, 'secondary', undefined],
    ['secondary, with a time', 403, 'You have exceeded a secondary rate limit', { 'retry-after': '30' }, 'secondary', 30_000],
    [
      'secondary although something is left',
      429,
      'secondary rate limit',
      { ...reset, 'x-ratelimit-remaining': '4000' },
      'secondary',
      undefined,
    ],
    ['submitted too quickly', 403, 'was submitted too quickly', {}, 'secondary', undefined],
    ['submitted too quickly, as 422', 422, 'Validation Failed: was submitted too quickly', {}, 'secondary', undefined],
    ['primary', 403, 'API rate limit exceeded for user ID 1.', { ...reset, 'x-ratelimit-remaining': '0' }, 'primary', 601_000],
    ['429 alone', 429, 'Retry later', {}, 'secondary', undefined],
    ['403 with Retry-After', 403, 'no', { 'retry-after': '5' }, 'secondary', 5000],
  ] as const)('%s', (_, status, message, fields, kind, wait) =>
    expect(limited(status, message, headers(fields), now)).toEqual({ kind, wait }),
  );
  it.each([
    [403, 'Resource not accessible by integration', {}],
    [403, 'Must have admin rights', { ...reset, 'x-ratelimit-remaining': '17' }],
    [404, 'You have exceeded a secondary rate limit', {}],
    [422, 'Validation Failed', { 'retry-after': '5' }],
    [500, 'secondary rate limit', {}],
  ] as const)('%s %s is none', (status, message, fields) => expect(limited(status, message, headers(fields), now)).toBeUndefined());
});
