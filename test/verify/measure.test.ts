// Rebuild times: in turn, with an edit that is another one each time, and with the copy as it was afterwards.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { matcher } from '../../src/context/ignore.ts';
import { memoryTree } from '../../src/context/memory.ts';
import type { Edit } from '../../src/verify/measure/edits.ts';
import { contextBytes, measureRebuilds, median, type RebuildPlan } from '../../src/verify/measure/measure.ts';
import { EngineError, type Side } from '../../src/verify/types.ts';

describe('bytes of the context', () => {
  const tree = memoryTree({ 'a.js': '12345', 'b/c.js': '123', 'b/d.js': '12', 'node_modules/x/y.js': '1234567', 'node_modules/keep': '1' });
  const bytes = (source: string, copies?: string[]): number => contextBytes(tree, { ignore: { source, ignores: matcher(source) }, copies });
  it.each<[string, string[] | undefined, number]>([
    ['', undefined, 18],
    ['node_modules\n', undefined, 10],
    ['node_modules\n!node_modules/keep\n', undefined, 11],
    ['**/*.js\n', undefined, 1],
    ['', ['b/'], 5],
    ['b/d.js\n', ['b', 'a.js'], 8],
    ['', [], 0],
  ])('ignore %j, copied %j: %i', (source, copies, expected) => expect(bytes(source, copies)).toBe(expected));
});

describe('rebuilds', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'measure-'));
    writeFileSync(join(directory, 'a.js'), 'x\n');
    writeFileSync(join(directory, 'package.json'), '{}');
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const content = (): string => readFileSync(join(directory, 'a.js'), 'utf8') + readFileSync(join(directory, 'package.json'), 'utf8');
  const source: Edit = { path: 'a.js', append: (round) => `// ${round}\n` };
  const dependency: Edit = { path: 'package.json', append: () => '\n' };
  const plan = (rebuild: RebuildPlan['rebuild'], more: Partial<RebuildPlan> = {}): RebuildPlan => ({
    directory,
    source,
    dependency,
    rebuild,
    say: () => undefined,
    ...more,
  });

  it('take the median of three, sides in turn, each after an edit of its own, and put the file back', async () => {
    const seen: [Side, string][] = [];
    const seconds = { before: [0, 4, 9, 5, 7], after: [0, 1, 3, 2, 6] };
    const times = await measureRebuilds(
      plan(async (side) => {
        seen.push([side, content()]);
        return seconds[side].shift() ?? NaN;
      }),
    );
    expect(times).toEqual({
      sourceEditSeconds: { before: 5, after: 2 },
      dependencyEditSeconds: { before: 7, after: 6 },
      edited: { source: 'a.js', dependency: 'package.json' },
    });
    expect(seen).toEqual([
      ['before', 'x\n{}'],
      ['after', 'x\n{}'],
      ['before', 'x\n// 1\n{}'],
      ['after', 'x\n// 1\n{}'],
      ['after', 'x\n// 1\n// 2\n{}'],
      ['before', 'x\n// 1\n// 2\n{}'],
      ['before', 'x\n// 1\n// 2\n// 3\n{}'],
      ['after', 'x\n// 1\n// 2\n// 3\n{}'],
      ['before', 'x\n{}\n'],
      ['after', 'x\n{}\n'],
    ]);
    expect(content()).toBe('x\n{}');
  });

  it('are made once when they are long', async () => {
    let count = 0;
    const times = await measureRebuilds(plan(async (side) => ((count += 1), side === 'before' ? 20 : 1)));
    expect(count).toBe(2 + 2 + 2);
    expect(times.sourceEditSeconds).toEqual({ before: 20, after: 1 });
  });

  it('that fail are not measured, with the reason, and the file is as it was', async () => {
    let count = 0;
    const problem = { kind: 'build-failed', message: 'the linter refuses comments', hint: undefined, log: '' } as const;
    const rebuild = async (): Promise<number> => {
      count += 1;
      if (count === 4) throw new EngineError(problem);
      return 1;
    };
    const times = await measureRebuilds(plan(rebuild));
    expect(times.sourceEditSeconds).toEqual({ before: undefined, after: undefined });
    expect(times.edited).toEqual({ source: 'not measured: the linter refuses comments', dependency: 'package.json' });
    expect(times.dependencyEditSeconds).toEqual({ before: 1, after: 1 });
    expect(content()).toBe('x\n{}');
  });

  it('that are interrupted are interrupted, and the file is as it was', async () => {
    let count = 0;
    const rebuild = async (): Promise<number> => {
      count += 1;
      if (count === 3) throw new EngineError({ kind: 'interrupted', message: 'interrupted', hint: undefined, log: '' });
      return 1;
    };
    await expect(measureRebuilds(plan(rebuild))).rejects.toThrow('interrupted');
    expect(content()).toBe('x\n{}');
  });

  it('without a file to edit are not measured', async () => {
    const times = await measureRebuilds(plan(async () => 1, { source: { none: 'no source' } }));
    expect(times.sourceEditSeconds).toEqual({ before: undefined, after: undefined });
    expect(times.edited.source).toBe('not measured: no source');
  });
});

it('median', () => {
  expect([[], [3], [1, 9], [9, 1, 4]].map(median)).toEqual([undefined, 3, 1, 4]);
});
