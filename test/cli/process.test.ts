// The command line as a process: exit codes, streams, pipes that close, signals.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { node, scratch, slim } from './scratch.ts';

const tsx = resolve('node_modules/tsx/dist/loader.mjs');
const main = resolve('test/cli/stand-in-main.ts');
// Without the colour settings of the test runner: Node itself warns when both are set.
const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
const start = (cwd: string, args: string[]) => spawn(process.execPath, ['--import', tsx, main, ...args], { cwd, env });

function run(
  cwd: string,
  args: string[],
  input?: string,
): Promise<{ code: number | null; signal: string | null; out: string; err: string }> {
  return new Promise((done, fail) => {
    const child = start(cwd, args);
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => (out += String(text)));
    child.stderr.on('data', (text) => (err += String(text)));
    child.on('error', fail);
    child.on('close', (code, signal) => done({ code, signal, out, err }));
    child.stdin.end(input);
  });
}

describe('as a process', () => {
  it('exits with 0, 1 and 2', async () => {
    const at = scratch({ 'a/Dockerfile': node, 'b/Dockerfile': 'WAT\n' });
    const [check, bad, done] = await Promise.all([run(at.root, ['--check', 'a']), run(at.root, ['b']), run(at.root, ['list'])]);
    expect([check.code, bad.code, done.code]).toEqual([1, 2, 0]);
    expect(bad.err).toMatch(/^b\/Dockerfile:1:1: unknown instruction: WAT\n/);
    expect((await run(at.root, ['a'])).code).toBe(0);
    expect(at.read('a/Dockerfile')).toBe(slim);
  });

  it('reads standard input', async () => {
    expect(await run(scratch().root, ['--quiet', '-'], node)).toEqual({ code: 0, signal: null, out: slim, err: '' });
  });

  it('is quiet when its reader goes away', async () => {
    const long = node + Array.from({ length: 20_000 }, (_, i) => `RUN echo ${i}\n`).join('');
    const child = start(scratch().root, ['-']);
    let err = '';
    child.stderr.on('data', (text) => (err += String(text)));
    child.stdin.on('error', () => undefined);
    child.stdout.destroy();
    child.stdin.end(long);
    const code = await new Promise((done) => child.on('close', done));
    expect(code).toBe(0);
    expect(err).not.toContain('EPIPE');
    expect(err).not.toMatch(/\n {4}at /);
  });

  it('leaves no temporary file when it is interrupted', async () => {
    const at = scratch(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}/Dockerfile`, `# ignore: x\n${node}`])));
    const child = start(at.root, ['--quiet']);
    const done = new Promise<string | null>((answer) => child.on('close', (_, signal) => answer(signal)));
    while (!readdirSync(join(at.root, '0')).includes('.dockerignore')) await new Promise((next) => setTimeout(next, 1));
    child.kill('SIGINT');
    const signal = await done;
    const files = at.all();
    expect(Object.keys(files).filter((path) => path.endsWith('.tmp'))).toEqual([]);
    for (let i = 0; i < 300; i++) expect([node, slim]).toContain(files[`${i}/Dockerfile`]?.replace('# ignore: x\n', ''));
    expect([null, 'SIGINT']).toContain(signal);
  });
});
