// `observe` without an engine: bad use and bad input end with 2 and a sentence.
import { describe, expect, it } from 'vitest';
import { node, scratch, slim } from './scratch.ts';

describe('observe', () => {
  it('says that there is no engine, how to get one, and ends with 2', async () => {
    const at = scratch({ Dockerfile: slim });
    const { code, out, err } = await at.run(['observe'], { env: { PATH: '/nonexistent' } });
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: No container engine is on PATH[^]*Install Docker/m);
  });
  it('looks at one Dockerfile: not at several, not at none, not at what is none', async () => {
    const several = await scratch({ 'a/Dockerfile': node, 'b/Dockerfile': slim }).run(['observe']);
    expect([several.code, several.err]).toEqual([
      2,
      expect.stringMatching(/There are 2 Dockerfiles, and one is looked at: a\/Dockerfile, b\/Dockerfile/),
    ]);
    const none = await scratch({ 'package.json': '{}' }).run(['observe']);
    expect([none.code, none.err]).toEqual([2, expect.stringMatching(/No Dockerfile/i)]);
    const broken = await scratch({ Dockerfile: 'FROM\n' }).run(['observe']);
    expect([broken.code, broken.err]).toEqual([2, expect.stringMatching(/^error: /m)]);
  });
  it.each([
    [['observe', '--format', 'diff'], /pretty or json/],
    [['observe', '-'], /standard input/],
    [['observe', 'a', 'b'], /too many arguments/i],
  ])('refuses %j', async (args, says) => {
    const { code, err } = await scratch({ Dockerfile: node }).run(args);
    expect([code, err]).toEqual([2, expect.stringMatching(says)]);
  });
});
