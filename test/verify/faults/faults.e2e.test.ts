// Fault injection in its short form: the faults marked `quick`, on two applications that build fast; the others with `npm run e2e:faults`.
import { describe, expect, it } from 'vitest';
import { whyNot } from '../engine.ts';
import { applications } from './applications.ts';
import { faults } from './faults.ts';
import { injectAll } from './session.ts';

const quick = faults.filter((fault) => fault.quick);

describe('the table of faults', () => {
  it('has names of its own for each, on applications that there are', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    expect(faults.filter((fault) => !applications.some(({ name }) => name === fault.application))).toEqual([]);
    expect(faults.length).toBeGreaterThanOrEqual(15);
    expect(new Set(faults.map(({ application }) => application)).size).toBeGreaterThanOrEqual(4);
  });
});

describe(`injected faults${whyNot === undefined ? '' : ` (skipped: ${whyNot})`}`, () => {
  it.skipIf(whyNot !== undefined)(`${quick.length} of them are caught, named and taken back`, { timeout: 40 * 60_000 }, async () => {
    const signal = new AbortController().signal;
    const results = await injectAll({ applications, faults: quick, rounds: 1, signal, say: (line) => console.log(line) });
    expect(results.unbroken.flatMap(({ alarms }) => alarms)).toEqual([]);
    expect(results.faults.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(results.faults.length).toBe(quick.length);
  });
});
