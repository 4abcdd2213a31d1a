// The repository's own file: `enabled: false` holds for every way in, and what is not understood is said.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planCheckout } from '../../src/bulk/plan/checkout.ts';
import { readConfig } from '../../src/checkout/config/read.ts';
import { localDisk } from '../../src/context/disk.ts';
import { node, scratch, slim } from './scratch.ts';
import { standIn } from './stand-in.ts';

const off = { '.git/HEAD': '', 'api/Dockerfile': node, '.dockerfile-mod.yml': 'enabled: false\n' };
const says = '.dockerfile-mod.yml: the repository asks to be left alone';

describe('enabled: false', () => {
  it.each([[['.']], [['api/Dockerfile']], [['--check']], [['--only', 'base-slim', 'api']]])(
    '%j writes nothing and says why',
    async (args) => {
      const at = scratch(off);
      const before = at.all();
      const { code, out, err } = await at.run(args);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`– repository: ${says}`);
      expect(at.all()).toEqual(before);
    },
  );

  it('also from a directory below', async () => {
    const at = scratch(off);
    await at.run(['.'], { cwd: join(at.root, 'api') });
    expect(at.read('api/Dockerfile')).toBe(node);
  });

  it('also where git is not: up to the directory in which the run was started', async () => {
    const at = scratch({ 'api/Dockerfile': node, '.dockerfile-mod.yaml': 'enabled: no\n' });
    await at.run(['api/Dockerfile']);
    expect(at.read('api/Dockerfile')).toBe(node);
    await at.run(['Dockerfile'], { cwd: join(at.root, 'api') });
    expect(at.read('api/Dockerfile')).toBe(slim);
  });

  it('of the repository of the Dockerfile, not of another', async () => {
    const at = scratch({ ...off, 'own/.git/HEAD': '', 'own/Dockerfile': node });
    await at.run(['.']);
    expect({ api: at.read('api/Dockerfile'), own: at.read('own/Dockerfile') }).toEqual({ api: node, own: slim });
  });

  it('for standard input with a context', async () => {
    const at = scratch(off);
    const { code, out, err } = await at.run(['-', '--context', 'api'], { input: node });
    expect({ code, out }).toEqual({ code: 0, out: node });
    expect(err).toContain(says);
    // Inside of the repository its settings hold; outside there is none.
    expect((await at.run(['-'], { input: node })).out).toBe(node);
    expect((await scratch().run(['-'], { input: node })).out).toBe(slim);
  });

  it('for verification: nothing is built', async () => {
    const at = scratch(off);
    const { code, out, err } = await at.run(['verify', '.'], { env: { PATH: '' } });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(says);
  });

  it('for bulk over checkouts', async () => {
    const at = scratch();
    for (const [path, text] of Object.entries(off)) if (!path.startsWith('.git')) at.write(`repos/app/${path}`, text);
    execFileSync('git', ['init', '-q', join(at.root, 'repos/app')]);
    const { code, out } = await at.run(['bulk', 'repos', '--dry-run']);
    expect(code).toBe(0);
    expect(out).toMatch(/opted-out|asks to be left alone/);
    expect(planCheckout({ disk: localDisk, root: join(at.root, 'repos/app'), core: standIn, options: {} })).toMatchObject({
      optedOut: { unclear: [] },
      files: [],
    });
  });
});

describe('the file', () => {
  it.each([
    ['', undefined, 0],
    ['# nothing\n', undefined, 0],
    ['enabled: true', true, 0],
    ['enabled: off # for now', false, 0],
    ['"enabled" : False\n', false, 0],
    ['---\n{enabled: false}\n', false, 0],
    ['\ufeffenabled: false\r\n', false, 0],
    ['enabled: true\nlevel: safe\n', true, 0],
    // Not understood, and perhaps meant to switch it off: nothing is written while it is unclear.
    ['enabled: flase', undefined, 1],
    ['enable: false', undefined, 1],
    ['disabled: true', undefined, 1],
    ['enabled: [', undefined, 1],
    ['false', undefined, 1],
    ['skip: [base-slimm]\n', undefined, 1],
  ])('%j', (text, enabled, unclear) => {
    const { config, problems } = readConfig(text, ['base-slim']);
    expect({ enabled: config.rules.enabled?.value, unclear: problems.length }).toEqual({ enabled, unclear });
  });

  it('says what is not understood, with its line, once, and writes nothing', async () => {
    const at = scratch({ '.git/HEAD': '', 'a/Dockerfile': node, 'b/Dockerfile': node, '.dockerfile-mod.yml': '# ours\nlevle: safe\n' });
    const before = at.all();
    const { code, err } = await at.run(['.']);
    expect(code).toBe(2);
    expect(err.match(/\.dockerfile-mod\.yml:2:1: `levle` is not known here; did you mean `level`\?/g)).toHaveLength(1);
    expect(at.all()).toEqual(before);
  });
});
