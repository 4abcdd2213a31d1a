// `--interactive`: what is asked, and what each answer does; on streams that are handed in, and on a pseudo-terminal.
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { node, scratch, slim, type Scratch } from './scratch.ts';

const lock = `{ "name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {
  "": { "name": "shop", "version": "1.0.0" } } }\n`;
const files = {
  Dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
  'package.json': '{ "name": "shop", "version": "1.0.0" }\n',
  'package-lock.json': lock,
  'server.js': "require('http').createServer().listen(3000);\n",
};

type Told = Awaited<ReturnType<Scratch['run']>>;
/** Runs on a terminal where somebody types these letters. */
function answers(at: Scratch, letters: string, ...args: string[]): Promise<Told> {
  const stdin = Object.assign(
    (async function* () {
      // Typed faster than asked, and in pieces.
      const typed = [...letters].map((letter) => `${letter}\n`).join('');
      for (let n = 0; n < typed.length; n += 3) yield typed.slice(n, n + 3);
    })(),
    { isTTY: true },
  );
  return at.run(['-i', '--no-color', ...args], { stdin, tty: true });
}
const asked = ({ out }: Told): string[] =>
  [...out.matchAll(/^ {2}✓ (\S+) \((?:safe|review|risky)\)[\s\S]*?^\((\d+\/\d+)\) Make this change/gm)].map(
    ([, id, place]) => `${place} ${id}`,
  );

describe('--interactive', () => {
  it('shows each change with its reason, and writes what --dry-run shows when all are wanted', async () => {
    const at = scratch(files, core);
    const shown = await at.run(['--dry-run', '--format', 'json']);
    const { after, applied }: { after: string; applied: { transform: string }[] } = JSON.parse(shown.out).files[0];
    const told = await answers(at, 'yyyyyyyy');
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(asked(told)).toEqual(applied.map(({ transform }, n) => `${n + 1}/${applied.length} ${transform}`));
    expect(applied.length).toBeGreaterThan(3);
    expect(at.read('Dockerfile')).toBe(after);
    expect(told.out).toContain('    why: ');
    expect(told.out).toMatch(/\n1 file rewritten, 1 created, \d transforms applied.*\n$/);
  });

  it('plans again without what is not wanted, as --skip does', async () => {
    const [at, other] = [scratch(files, core), scratch(files, core)];
    const told = await answers(at, 'ynyyyyy');
    const skipped = asked(told)[1]?.slice(4) ?? '';
    await other.run(['--skip', skipped]);
    expect(at.all()).toEqual(other.all());
    expect(other.all()).not.toEqual(scratch(files, core).all());
  });

  it('asks again about what comes out differently', async () => {
    const project = {
      'a/Dockerfile': `# ignore: x\n${node}`,
      'b/Dockerfile': `# ignore: y\n${node}`,
      'compose.yaml':
        'services:\n  a: {build: {context: ., dockerfile: a/Dockerfile}}\n  b: {build: {context: ., dockerfile: b/Dockerfile}}\n',
      '.git/': '',
    };
    const at = scratch(project);
    const told = await answers(at, 'yyynyy');
    expect(told.out).toContain('base-slim');
    // The ignore file was to have lines of both.
    expect(told.out).toContain('dockerignore comes out differently now:');
    expect(at.all()).toMatchObject({
      '.dockerignore': 'x\n',
      'a/Dockerfile': `# ignore: x\n${slim}`,
      'b/Dockerfile': expect.stringContaining('# ignore: y\n'),
    });
  });

  it('does all of a kind, and leaves out all that follow', async () => {
    const at = scratch({ 'a/Dockerfile': node, 'b/Dockerfile': node, 'c/Dockerfile': node });
    const all = await answers(at, 'a');
    expect(asked(all)).toEqual(['1/1 base-slim']);
    expect(Object.values(at.all())).toEqual([slim, slim, slim]);

    const quits = scratch({ 'a/Dockerfile': node, 'b/Dockerfile': node, 'c/Dockerfile': node });
    const told = await answers(quits, 'yq');
    expect(told.code).toBe(0);
    expect(quits.all()).toEqual({ 'a/Dockerfile': slim, 'b/Dockerfile': node, 'c/Dockerfile': node });
    expect(told.out).toMatch(/\n1 file rewritten, 1 transform applied\n$/);
  });

  it('what was wanted of a kind but not yet shown is left out by quitting', async () => {
    const at = scratch({ 'a/Dockerfile': node, 'b/Dockerfile': `# ignore: x\n${node}`, 'c/Dockerfile': node });
    await answers(at, 'aq');
    expect(at.all()).toEqual({ 'a/Dockerfile': slim, 'b/Dockerfile': expect.stringContaining('22-slim'), 'c/Dockerfile': node });
  });

  it('explains its letters, and takes no other', async () => {
    const at = scratch({ Dockerfile: node });
    const told = await answers(at, '?xn');
    expect(told.out.match(/a - make this change, and all of this kind \(base-slim\)/g)).toHaveLength(2);
    expect(told.out).toMatch(/\nnothing to do\n$/);
    expect(at.read('Dockerfile')).toBe(node);
  });

  it('writes nothing when the terminal goes away', async () => {
    const at = scratch({ 'a/Dockerfile': node, 'b/Dockerfile': node });
    const told = await answers(at, 'y');
    expect(told).toMatchObject({ code: 2, err: expect.stringContaining('nobody answers on the terminal any more; nothing was written') });
    expect(Object.values(at.all())).toEqual([node, node]);
  });

  it('with --dry-run says what would be written', async () => {
    const at = scratch({ Dockerfile: node });
    expect((await answers(at, 'y', '--dry-run')).out).toMatch(/\n1 file would be rewritten, 1 transform applied\n$/);
    expect(at.read('Dockerfile')).toBe(node);
  });

  it('tells what there is to tell where nothing is to be asked', async () => {
    const told = await answers(scratch({ Dockerfile: `# skip: it binds port 80\n${slim}` }), '');
    expect(told.out).toContain('non-root-user: it binds port 80 (line 1)\n\nnothing to do');
  });

  it('is refused without a terminal, and beside what goes without asking', async () => {
    const at = scratch({ Dockerfile: node });
    expect(await at.run(['-i'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no terminal to ask on; nothing was written'),
    });
    for (const args of [['--format', 'json'], ['--check'], ['--quiet'], ['--verify'], ['--print-config']])
      expect(await answers(at, 'y', ...args)).toMatchObject({
        code: 2,
        err: expect.stringContaining(`does not go with ${args.join(' ')}`),
      });
    expect(await answers(at, 'y', '-')).toMatchObject({ code: 2, err: expect.stringContaining('does not go with standard input (-)') });
    expect(await at.run(['verify', '-i'])).toMatchObject({ code: 2, err: expect.stringContaining('does not go with verify') });
    expect(at.read('Dockerfile')).toBe(node);
  });
});

// util-linux has it; not every system does.
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;

describe.skipIf(!hasScript)('on a pseudo-terminal', () => {
  const tsx = resolve('node_modules/tsx/dist/loader.mjs');
  const main = resolve('test/cli/stand-in-main.ts');
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
  /** Types a text each time that a question stands there. */
  function typed(at: Scratch, texts: string[]): Promise<{ code: number | null; out: string }> {
    const line = `'${process.execPath}' --import '${tsx}' '${main}' -i`;
    const child = spawn('script', ['-qefc', line, '/dev/null'], { cwd: at.root, env: { ...env, TERM: 'xterm' } });
    let out = '';
    let questions = 0;
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
      const now = out.split('Make this change? [y,n,a,q,?]').length - 1;
      for (; questions < now; questions += 1) child.stdin.write(texts[questions] ?? '');
    });
    return new Promise((done, fail) => {
      child.on('error', fail);
      child.on('close', (code) => done({ code, out }));
    });
  }

  it('asks in colour, writes, and ends', async () => {
    const at = scratch({ 'a/Dockerfile': node, 'b/Dockerfile': node });
    const { code, out } = await typed(at, ['n\n', 'y\n']);
    expect(code).toBe(0);
    expect(out).toContain('\u001b[32m+FROM node:22-slim\u001b[39m');
    expect(at.all()).toEqual({ 'a/Dockerfile': node, 'b/Dockerfile': slim });
  });

  it('Ctrl-C leaves everything as it was', async () => {
    const at = scratch({ 'a/Dockerfile': node, 'b/Dockerfile': node });
    const { code, out } = await typed(at, ['y\n', '\u0003']);
    expect(code).toBe(130);
    expect(out).not.toContain('rewritten');
    expect(at.all()).toEqual({ 'a/Dockerfile': node, 'b/Dockerfile': node });
  });
});
