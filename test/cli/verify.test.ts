// `verify` and `--verify` without an engine: what can be said, is; nothing is written.
import { describe, expect, it } from 'vitest';
import { node, scratch, slim } from './scratch.ts';

/** No program is found there. */
const nowhere = { env: { PATH: '/nonexistent' } };

describe('verify', () => {
  it('says that there is no engine, how to get one, and ends with 2', async () => {
    const at = scratch({ Dockerfile: node });
    const before = at.all();
    const { code, out, err } = await at.run(['verify'], nowhere);
    expect(code).toBe(2);
    expect(out + err).toMatch(/no container engine/i);
    expect(at.all()).toEqual(before);
  });
  it('needs no engine when nothing would change', async () => {
    const at = scratch({ Dockerfile: slim });
    const { code, out } = await at.run(['verify']);
    expect([code, out]).toEqual([0, expect.stringContaining('unchanged')]);
  });
  it('writes nothing with --verify when it could not be verified', async () => {
    const at = scratch({ Dockerfile: node });
    const before = at.all();
    expect((await at.run(['--verify'], nowhere)).code).toBe(2);
    expect(at.all()).toEqual(before);
  });
  it('gives one JSON document', async () => {
    const at = scratch({ Dockerfile: slim });
    const { code, out } = await at.run(['verify', '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, files: [{ path: 'Dockerfile', outcome: 'unchanged' }] });
  });
  it('writes the page where it is told to', async () => {
    const at = scratch({ Dockerfile: slim });
    expect((await at.run(['verify', '--html', 'report.html'])).code).toBe(0);
    expect(at.read('report.html')).toMatch(/^<!doctype html>/);
  });
  it.each([
    [['verify', '--format', 'diff'], /--format diff/],
    [['verify', '-'], /standard input/],
    [['verify', '--timeout', 'soon'], /seconds/i],
    [['verify', '--engine', 'rkt'], /docker/],
    [['verify', '--only', 'nothing-of-that-name'], /no transform is called/],
  ])('refuses %j', async (args, says) => {
    const at = scratch({ Dockerfile: node });
    const { code, err } = await at.run(args);
    expect(code).toBe(2);
    expect(err).toMatch(says);
  });
  it('tells a broken Dockerfile and a missing path, and ends with 2', async () => {
    const at = scratch({ Dockerfile: 'FROM\n', 'a/Dockerfile': slim });
    const { code } = await at.run(['verify', '.', 'missing']);
    expect(code).toBe(2);
  });
});
