// Taking back: for every order of transforms and every set of culprits, exactly the culprits go.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestPassing, type Pick, type Trial } from '../../src/verify/rollback.ts';

/** A refactoring in which `transforms` apply in order and a rewrite fails when it has one of `culprits`, or both of a pair. */
function stage(transforms: readonly string[], culprits: ReadonlySet<string>, pair: readonly string[] = []) {
  let tries = 0;
  const attempt = (pick: Pick): Promise<Trial> => {
    tries += 1;
    const applied = transforms.filter((id) => (pick.only?.includes(id) ?? true) && !pick.skip.includes(id));
    const both = pair.length > 0 && pair.every((id) => applied.includes(id));
    return Promise.resolve({ applied, passed: !both && !applied.some((id) => culprits.has(id)) });
  };
  return { attempt, tries: () => tries };
}
const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];

describe('largestPassing', () => {
  it('takes back exactly what fails, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(ids, { minLength: 1 }), fc.subarray(ids), async (transforms, bad) => {
        const culprits = new Set(bad.filter((id) => transforms.includes(id)));
        const { attempt } = stage(transforms, culprits);
        const full = await attempt({ only: undefined, skip: [] });
        const { kept, rolledBack } = await largestPassing(full, attempt);
        expect(rolledBack.map((one) => one.transform).sort()).toEqual([...culprits].sort());
        const left = transforms.filter((id) => !culprits.has(id));
        expect(kept?.applied).toEqual(left.length > 0 ? left : undefined);
      }),
    );
  });
  it('takes back the later one of two that fail together only', async () => {
    const { attempt } = stage(ids, new Set(), ['c', 'g']);
    const { kept, rolledBack } = await largestPassing(await attempt({ only: undefined, skip: [] }), attempt);
    expect(rolledBack.map((one) => one.transform)).toEqual(['g']);
    expect(kept?.applied).toEqual(ids.filter((id) => id !== 'g'));
  });
  it('does not blame what only lacks a later one: neither where that is gone with it, nor where it stays', async () => {
    // `split` alone fails, as an image on scratch does without its certificates; `essentials` mends it, and applies to a split image only.
    for (const culprit of ['user', 'ports', 'split', 'essentials', 'syntax']) {
      const attempt = ({ skip, only }: Pick): Promise<Trial> => {
        const wanted = ['ignore', 'split', 'essentials', 'user', 'ports', 'syntax'].filter(
          (id) => (only?.includes(id) ?? true) && !skip.includes(id),
        );
        const split = wanted.includes('split');
        const ports = wanted.includes('ports');
        // `syntax` applies only for what `ports` writes.
        const applied = wanted.filter((id) => (split || (id !== 'essentials' && id !== 'user')) && (ports || id !== 'syntax'));
        return Promise.resolve({ applied, passed: !applied.includes(culprit) && split === applied.includes('essentials') });
      };
      const full: Trial = { applied: ['ignore', 'split', 'essentials', 'user', 'ports', 'syntax'], passed: false };
      const { kept, rolledBack } = await largestPassing(full, attempt);
      // Without its essentials there can be no split.
      const blamed = culprit === 'essentials' ? 'split' : culprit;
      expect(rolledBack.map((one) => one.transform)).toEqual([blamed]);
      expect(kept?.passed).toBe(true);
    }
  });
  it('names the trial that failed with it', async () => {
    const { attempt } = stage(ids, new Set(['d']));
    const { rolledBack } = await largestPassing(await attempt({ only: undefined, skip: [] }), attempt);
    expect(rolledBack[0]?.witness.applied).toEqual(['a', 'b', 'c', 'd']);
    expect(rolledBack[0]?.failing.applied).toEqual(ids);
  });
  it('halves: five trials for one culprit among nine', async () => {
    const { attempt, tries } = stage(ids, new Set(['i']));
    await largestPassing({ applied: ids, passed: false }, attempt);
    expect(tries()).toBeLessThanOrEqual(5);
  });
  it('tries nothing when the rewrite passed', async () => {
    const { attempt, tries } = stage(ids, new Set());
    const full: Trial = { applied: ids, passed: true };
    expect(await largestPassing(full, attempt)).toEqual({ kept: full, rolledBack: [] });
    expect(tries()).toBe(0);
  });
  it('keeps what applies only without the one that failed', async () => {
    const attempt = ({ skip, only }: Pick): Promise<Trial> => {
      const applied = ['a', skip.includes('split') ? 'slim' : 'split'].filter((id) => (only?.includes(id) ?? true) && !skip.includes(id));
      return Promise.resolve({ applied, passed: !applied.includes('split') });
    };
    const { kept, rolledBack } = await largestPassing({ applied: ['a', 'split'], passed: false } as Trial, attempt);
    expect([kept?.applied, rolledBack.map((one) => one.transform)]).toEqual([['a', 'slim'], ['split']]);
  });
});
