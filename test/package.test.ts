// What people get: the tarball that `npm pack` makes, installed in an empty directory.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editor } from './lsp/client.ts';

const root = resolve(import.meta.dirname, '..');
const installed = mkdtempSync(join(tmpdir(), 'dockerfile-mod-package-'));
const cache = join(installed, 'cache');
const { CI: _ci, NODE_DISABLE_COMPILE_CACHE: _off, NO_COLOR: _no, FORCE_COLOR: _force, ...outside } = process.env;
const env = { ...outside, XDG_CACHE_HOME: cache };
const program = join(installed, 'node_modules/dockerfile-mod/dist/cli.cjs');
function start(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: join(installed, 'app'),
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
let told = '';

beforeAll(() => {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', installed], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  writeFileSync(join(installed, 'package.json'), '{ "private": true, "type": "module" }\n');
  const [tarball = ''] = readdirSync(installed).filter((name) => name.endsWith('.tgz'));
  const install = spawnSync('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`], {
    cwd: installed,
    encoding: 'utf8',
  });
  told = install.stdout + install.stderr;
  expect(install.status, told).toBe(0);
  mkdirSync(join(installed, 'app'));
  writeFileSync(join(installed, 'app/Dockerfile'), 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "x.js"]\n');
});

afterAll(() => rmSync(installed, { recursive: true }));

describe('the package', () => {
  it('brings no other package, and little', () => {
    const packages = readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages).toEqual(['dockerfile-mod']);
    expect(bytesBelow(join(installed, 'node_modules'))).toBeLessThan(12_000_000);
    expect(told).not.toMatch(/EBADENGINE|deprecated/);
  });

  it('has the licences of what is inside', () => {
    const licences = readFileSync(join(installed, 'node_modules/dockerfile-mod/dist/THIRD-PARTY.txt'), 'utf8');
    for (const name of ['commander', 'zod', 'yaml', 'unbash', 'dockerfile-ast', 'execa', '@octokit/core'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  it('starts, loads what other commands need, and keeps V8’s code cache', () => {
    expect(start('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(existsSync(cache)).toBe(false);
    const first = start('--dry-run');
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toContain('+++ b/Dockerfile');
    const [name = '', ...more] = readdirSync(join(cache, 'dockerfile-mod'));
    expect([name, more]).toEqual([expect.stringMatching(/^[0-9a-f]{32}-.*\.v8$/), []]);
    const kept = join(cache, 'dockerfile-mod', name);
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    expect(start('--dry-run')).toEqual(first);

    // Others may have written it: it is not read, and what was in it is gone.
    chmodSync(kept, 0o666);
    expect(start('--dry-run')).toEqual(first);
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    // Four runs are held; a fifth writes nothing.
    for (let n = 0; n < 3; n += 1) start('--dry-run');
    const { mtimeMs, size } = statSync(kept);
    expect(start('--dry-run')).toEqual(first);
    expect(statSync(kept)).toMatchObject({ mtimeMs, size });
    writeFileSync(kept, 'no code');
    expect(start('--dry-run')).toEqual(first);
    expect(statSync(kept).size).toBeGreaterThan(100_000);

    expect(start('bulk', 'plan', '--id', 'x').stderr).toContain('error: name the repositories');
    expect(start('observe', '--format', 'diff').stderr).toContain('observe prints as pretty or json');
    expect(start('bulk', 'work', '--queue', 'redis://127.0.0.1:1', '--id', 'x').stderr).toMatch(/npm install ioredis|npm install bullmq/);
  });

  it('is a language server', async () => {
    const app = join(installed, 'app');
    const { open, marks, quit } = await editor(app, { command: [process.execPath, program, 'lsp', '--stdio'] });
    open('Dockerfile', readFileSync(join(app, 'Dockerfile'), 'utf8'));
    const { diagnostics } = await marks('Dockerfile');
    const page = diagnostics.find(({ code }) => code === 'cache-mounts')?.codeDescription?.href ?? '';
    expect(page).toMatch(/dockerfile-mod\/dist\/docs\/transforms\.md#cache-mounts$/);
    expect(existsSync(new URL(page))).toBe(true);
    expect(await quit()).toBe(0);
  });

  it('is a library, with types that need no other package', () => {
    const program = `import { memoryTree, refactor, type Result } from 'dockerfile-mod';
import { jsonSchema, resultSchema, type ResultDocument } from 'dockerfile-mod/schema';
import { verify } from 'dockerfile-mod/verify';
const tree = memoryTree({ 'package.json': '{}' });
const result: Result = refactor('FROM node:22\\n', { tree, dockerfilePath: 'Dockerfile', contextCertain: true });
const checked = resultSchema.safeParse({});
const files = (document: ResultDocument): number => document.summary.files;
console.log(result.ok, checked.success, 'title' in jsonSchema, typeof verify, files.length);
`;
    writeFileSync(join(installed, 'consumer.mts'), program);
    const options = [
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--typeRoots',
      join(root, 'node_modules/@types'),
      '--types',
      'node',
    ];
    const compiled = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, 'consumer.mts'], {
      cwd: installed,
      encoding: 'utf8',
    });
    expect(compiled.stdout).toBe('');
    const ran = spawnSync(process.execPath, ['consumer.mjs'], { cwd: installed, env, encoding: 'utf8' });
    expect(ran).toMatchObject({ stderr: '', stdout: 'true false true function 1\n' });
  });
});

function bytesBelow(dir: string): number {
  return readdirSync(dir).reduce((sum, name) => {
    const at = join(dir, name);
    const stat = lstatSync(at);
    return sum + (stat.isDirectory() ? bytesBelow(at) : stat.size);
  }, 0);
}
