// What varies by itself is taken out of texts; what is data stays.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameText } from '../../src/verify/compare/compare-text.ts';
import { normalise, type TextKind } from '../../src/verify/compare/normalise.ts';
import { expectedFrom } from '../../src/verify/compare/variation.ts';

const now = new Date('2026-11-25T18:17:25.123Z');
const body = (text: string): string => normalise(text, now, 'body');
const log = (text: string): string => normalise(text, now, 'log');

describe('what varies', () => {
  it.each([
    ['{"at":"2026-11-25T18:17:25.123Z"}', '{"at":"<now>Z"}'],
    ['{"at":"2026-11-25T20:17:25+02:00"}', '{"at":"<now>+02:00"}'],
    ['at 2026-11-25 18:17:25.123456', 'at <now>'],
    ['Wed, 25 Nov 2026 18:17:25 GMT', '<now>Z'],
    ['Wed Nov 25 18:17:25 UTC 2026', '<now>Z'],
    ['Wed Nov 25 2026 18:17:25 GMT+0000', '<now>Z'],
    ['[25/Nov/2026:18:17:25 +0000]', '[<now>+00:00]'],
    ['2026/11/25 18:17:25 listening', '<now> listening'],
    ['[Nest] 1  - 11/25/2026, 6:17:25 PM', '[Nest] 1  - <now>'],
    ['today is 2026-11-25.', 'today is <today>.'],
    ['{"ts":1795630645}', '{"ts":<epoch>}'],
    ['{"ts":1795630645123,"f":1795630645.5}', '{"ts":<epoch>,"f":<epoch>}'],
    ['id 0f8fad5b-d9cb-469f-a165-70867728950e', 'id <uuid>'],
    ['host 85152c6a6ec4', 'host <hex>'],
    ['<object at 0x7f3a2c1b9d60>', '<object at <pointer>>'],
    ['from 172.17.0.3:43210', 'from <address>'],
    ['http://127.0.0.1:49153/', 'http://127.0.0.1:<port>/'],
    ['handled in 12ms, 1.5 µs', 'handled in <duration>, <duration>'],
    ['built in 3 seconds', 'built in <duration>'],
    ['{"uptime":12.5,"n":3}', '{"uptime":<duration>,"n":3}'],
    ['pid: 4711', 'pid: <pid>'],
    ['/tmp/tmpab12cd/x', '/tmp/<temp>/x'],
    ['<script nonce="rAnd0m+/x=">', '<script nonce="<token>">'],
    ['<input name="_csrf" value="abc">', '<input name="_csrf" value="<token>">'],
    ['"V1StGXR8Z5jdHi6BmyTA0f"', '"<token>"'],
    ['"/_next/static/V1StGXR8_Z5jdHi6B-myT/x.js"', '"/_next/static/<build>/x.js"'],
    ['<script>__sveltekit_1874qaa = {', '<script>__sveltekit_<build> = {'],
    ['import("./_app/immutable/entry/start.CgmRxfxv.js")', 'import("./_app/immutable/entry/start.<build>.js")'],
    ['href="/_app/immutable/chunks/DwGVVhqd.js"', 'href="/_app/immutable/chunks/<build>.js"'],
    ['href="/_app/env.js"', 'href="/_app/env.js"'],
  ])('%s', (text, expected) => {
    expect(body(text)).toBe(expected);
  });

  it.each([
    ['18:17:25 [12] [INFO] up', '<time> [<pid>] [INFO] up'],
    ['\u001b[32minfo\u001b[0m: up', 'info: up'],
    ['\n> app@1.0.0 start\n> node index.js\n\nup\n', '\n\nup\n'],
  ])('in logs: %s', (text, expected) => {
    expect(log(text)).toBe(expected);
  });
});

describe('what is data', () => {
  it.each([
    '{"count":3}',
    '{"published":"2020-01-15T00:00:00Z","day":"2026-01-15"}',
    '{"ean":4006381333931,"phone":"0123456789"}',
    '{"start":"09:00:00"}',
    'version 1.22.333.4444, 100.64.0.1',
    '{"id":1700000000}',
    '{"estimate":"5 min"}',
    'internationalization getApplicationContextHolder',
    'port 3000 of localhost:3000',
    '{"camelCaseName2":1,"AbstractSingletonProxyFactoryBean":2}',
  ])('%s', (text) => {
    expect(body(text)).toBe(text);
  });

  it('normalising twice changes nothing more, and no text makes it slow', () => {
    const kinds: TextKind[] = ['body', 'log'];
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.constantFrom(...kinds), (text, kind) => {
        const once = normalise(text, now, kind);
        expect(normalise(once, now, kind)).toBe(once);
      }),
    );
    for (const hard of [
      'a'.repeat(250_000),
      '1'.repeat(250_000),
      'aB1'.repeat(80_000),
      '/tmp/'.repeat(50_000),
      'csrf'.repeat(60_000),
      '-_-'.repeat(80_000),
      '"'.repeat(250_000),
    ])
      body(hard);
  });
});

const at = { before: now, after: new Date(now.getTime() + 600_000) };
const same = (samples: readonly string[], text: string, kind: TextKind = 'body'): boolean =>
  sameText(samples, text, at, kind) === undefined;

describe('what an image’s own answers teach', () => {
  it('a count that does not vary is data; one that does is not', () => {
    expect(same(['{"count":3}'], '{"count":4}')).toBe(false);
    expect(same(['{"count":3}', '{"count":3}', '{"count":3}'], '{"count":4}')).toBe(false);
    expect(same(['{"count":3}', '{"count":5}'], '{"count":4}')).toBe(true);
    expect(same(['{"count":3,"of":7}', '{"count":5,"of":7}'], '{"count":4,"of":8}')).toBe(false);
  });
  it('a list of varying length leaves its surroundings fixed', () => {
    const samples = ['{"a":1,"list":[1,2,3],"end":"x"}', '{"a":1,"list":[1],"end":"x"}'];
    expect(same(samples, '{"a":1,"list":[9,9,9,9],"end":"x"}')).toBe(true);
    expect(same(samples, '{"a":2,"list":[1,2],"end":"x"}')).toBe(false);
    expect(same(samples, '{"a":1,"list":[1,2],"end":"y"}')).toBe(false);
    expect(same(samples, '{"a":1}')).toBe(false);
  });
  it('the same in a text that is no JSON', () => {
    const samples = ['list: [1,2,3] end x', 'list: [1] end x'];
    expect(same(samples, 'list: [9,9,9,9] end x')).toBe(true);
    expect(same(samples, 'list: [9,9] end y')).toBe(false);
    expect(same(samples, 'least: [9,9] end x')).toBe(false);
  });
  it('JSON by value: one that varies lets go of nothing else', () => {
    const samples = ['{"hello":"world","n":0.5,"list":[1],"extra":1}', '{"hello":"world","n":7,"list":[1,1]}'];
    expect(same(samples, '{"list":[],"n":1.25,"hello":"world"}')).toBe(true);
    expect(sameText(samples, '{"hello":"moon","n":1,"list":[]}', at, 'body')).toEqual({ before: 'hello: "world"', after: '"moon"' });
    expect(sameText(samples, '{"hello":"world","n":"1","list":[]}', at, 'body')).toEqual({ before: 'n: 0.5', after: '"1"' });
    expect(sameText(samples, '{"hello":"world","n":1}', at, 'body')).toEqual({ before: 'list: a list of 1', after: 'no list' });
    expect(sameText(samples, '{"hello":"world","n":1,"list":[],"new":null}', at, 'body')).toEqual({ before: 'no new', after: 'new: null' });
    expect(sameText(['[{"a":[1]}]'], '[{"a":[2]}]', at, 'body')).toEqual({ before: '[0].a[0]: 1', after: '2' });
    expect(sameText(['[1]'], '[1,2]', at, 'body')).toEqual({ before: 'the list of 1', after: 'of 2' });
    expect(same([`${'['.repeat(5000)}${']'.repeat(5000)}`], `${'['.repeat(5000)}1${']'.repeat(5000)}`)).toBe(true);
    expect(same(['{"uptime":3,"at":1795630645,"__proto__":1}'], '{"uptime":4,"at":1795631245,"__proto__":1}')).toBe(true);
  });
  it('instants of either run are taken by the clock of that run', () => {
    expect(same(['{"now":"2026-11-25T18:17:26.000Z"}'], '{"now":"2026-11-25T18:27:25.5Z"}')).toBe(true);
    expect(same(['{"now":"2026-11-25T19:17:26+01:00"}'], '{"now":"2026-11-25T18:27:25Z"}')).toBe(false);
  });
  it('lines of a log in another order are the same log; a body is not', () => {
    expect(same(['one\ntwo\n'], 'two\none\n', 'log')).toBe(true);
    expect(same(['one\ntwo\n'], 'two\none\n', 'body')).toBe(false);
  });
  it('shows a few words around the first difference, with nothing hidden in them', () => {
    expect(sameText([`${'word '.repeat(50)}{"name":"sun"}`], `${'word '.repeat(50)}{"name":"\u202emoon"}`, at, 'body')).toEqual({
      before: '…word word {"name":"sun"}',
      after: '…word word {"name":"\\u202emoon"}',
    });
  });

  // Bodies as real applications give them, with the values that they make up anew each time.
  const hex = (size: number): fc.Arbitrary<string> =>
    fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => Buffer.from(bytes).toString('hex'));
  const base64 = (size: number): fc.Arbitrary<string> =>
    fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => Buffer.from(bytes).toString('base64url'));
  const values = fc.record({
    uuid: fc.uuid(),
    hex: hex(16),
    token: base64(24),
    ms: fc.nat(500),
    later: fc.nat(60_000),
    host: hex(6),
    port: fc.integer({ min: 32_768, max: 60_999 }),
    last: fc.integer({ min: 2, max: 250 }),
    up: fc.double({ min: 0.1, max: 500, noNaN: true }),
  });
  type Values = typeof values extends fc.Arbitrary<infer T> ? T : never;
  const bodies: Record<string, (v: Values) => string> = {
    'Spring actuator': (v) =>
      JSON.stringify({
        timestamp: new Date(now.getTime() + v.later).toISOString().replace('Z', '+00:00'),
        status: 404,
        error: 'Not Found',
        path: '/',
        requestId: v.hex,
      }),
    'Express error page': (v) =>
      `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><meta name="csrf-token" content="${v.token}"></head><body><pre>Cannot GET /</pre></body></html>`,
    'FastAPI health': (v) => JSON.stringify({ status: 'ok', uptime: v.up, time: (now.getTime() + v.later) / 1000, instance: v.uuid }),
    'Django form': (v) =>
      `<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="${v.token}"><button>Go</button></form>`,
    whoami: (v) => `Hostname: ${v.hex.slice(0, 12)}a1\nIP: 172.17.0.${v.last}\nRemoteAddr: 172.17.0.1:${v.port}\nGET / HTTP/1.1\n`,
    'access log': (v) => `172.17.0.1 - - [${`25/Nov/2026:18:1${v.last % 8}:25 +0000`}] "GET / HTTP/1.1" 200 - ${v.ms}ms`,
    'session cookie page': (v) => JSON.stringify({ sessionId: v.uuid, nonce: `x${v.token}`, took: v.ms }),
  };
  it.each(Object.entries(bodies))('two runs of one image are equal, and another word is not: %s', (_, make) => {
    fc.assert(
      fc.property(values, values, values, values, (one, two, three, other) => {
        const samples = [make(one), make(two), make(three)];
        expect(same(samples, make(other))).toBe(true);
        expect(same(samples, `${make(other)} more`)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe('patterns', () => {
  it('every text that was learned from fits, whatever the others were', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1', ',', '\n'), maxLength: 30 }), { minLength: 1, maxLength: 4 }),
        (samples) => {
          const expected = expectedFrom(samples);
          for (const sample of samples) expect(expected.matches(sample)).toBe(true);
        },
      ),
    );
  });
});
