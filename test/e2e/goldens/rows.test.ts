// The rows of `npm run e2e:goldens`: an interrupted run goes on, parts are whole together, and what has changed is built again.
import { describe, expect, it } from 'vitest';
import { chosen, parsePart, printHead, printRow, readRows, summary, type Candidate, type Choice, type Row } from './rows.ts';

const row = (name: string, more: Partial<Row> = {}): Row => ({
  name,
  digest: 'd1',
  outcome: 'same',
  applied: ['multi-stage', 'cache-mounts'],
  seconds: 12,
  detail: 'serves',
  ...more,
});
const one = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  name,
  path: `${name}.golden`,
  digest: 'd1',
  applied: ['multi-stage'],
  ...more,
});
const everything: Choice = { names: [], transforms: [], part: { k: 1, n: 1 } };

describe('a row', () => {
  it('is read as it was written, the last one of a case', () => {
    const failed = row('node/a', { outcome: 'does-not-build', detail: 'no tsc\nexit code: 127' });
    const rows = readRows(`${printHead()}${printRow(row('node/a'))}${printRow(row('node/b'))}${printRow(failed)}`);
    expect([...rows.values()]).toEqual([failed, row('node/b')]);
  });
  it('is one line, whatever a log has', () => {
    expect(printRow(row('a', { detail: '\u001b[31mred\u001b[0m\tand\r50 %\r\n\nend\n' }))).toBe(
      'a\td1\tsame\tmulti-stage,cache-mounts\t12\tred and ⏎ 50 % ⏎ end\n',
    );
  });
  it('is none when a run was killed while it was written', () => {
    expect(readRows(printRow(row('a')).slice(0, 9)).size).toBe(0);
    expect(readRows('a\td1\tnonsense\t\t1\tx\n').size).toBe(0);
  });
});

describe('what is chosen', () => {
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => one(`node/${name}`));
  const names = (choice: Partial<Choice>, done: readonly Row[] = []): string[] =>
    chosen(all, { ...everything, ...choice }, new Map(done.map((each) => [each.name, each]))).map(({ name }) => name.slice(5));

  it('is what has no row, or has changed since', () => {
    expect(names({}, [row('node/a'), row('node/b', { digest: 'd0' })])).toEqual(['b', 'c', 'd', 'e']);
  });
  it('is in one part each', () => {
    const parts = [1, 2, 3].map((k) => names({ part: { k, n: 3 } }));
    expect(parts).toEqual([['a', 'd'], ['b', 'e'], ['c']]);
    expect(names({ part: { k: 1, n: 3 } }, [row('node/a')])).toEqual(['d']);
  });
  it('is told by a text of the name or the path, and by a transform', () => {
    expect(names({ names: ['node/c', 'd.golden'] })).toEqual(['c', 'd']);
    expect(names({ transforms: ['base-slim'] })).toEqual([]);
  });
  it('has parts from 1 to n', () => {
    expect(parsePart('2/7')).toEqual({ k: 2, n: 7 });
    for (const text of ['0/7', '8/7', '1', '1/0', '1/x', '']) expect(parsePart(text)).toBeUndefined();
  });
});

it('sums up by outcome, and names each failure with its first line', () => {
  const failed = row('node/b', { outcome: 'differs', detail: 'log: a module is not found (express)\n…' });
  const text = summary([row('node/a'), failed]);
  expect(text.split('\n')[0]).toBe('2 cases');
  expect(text).toMatch(/^ +1 {2}same /m);
  expect(text).toMatch(/^ +0 {2}does-not-build /m);
  expect(text.split('\n').at(-1)).toBe('FAIL node/b: differs: log: a module is not found (express)');
});
