// The image of the command line, built before and after and compared; and a run of it on a repository. With DOCKERFILE_MOD_E2E=1.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { present, whyNot } from './verify/engine.ts';

const bases = ['node:22', 'node:22-slim'];
const here = await present(bases);
const reason = whyNot ?? (here.length < bases.length ? 'node:22 and node:22-slim are not here' : undefined);

it.skipIf(reason !== undefined)(
  'behaves as that of the single-stage Dockerfile, and rewrites what is mounted',
  { timeout: 600_000 },
  () => {
    execFileSync('npm', ['run', '--silent', 'build:js']);
    const at = mkdtempSync(join(tmpdir(), 'own-image-'));
    onTestFinished(() => rmSync(at, { recursive: true, force: true }));
    mkdirSync(join(at, 'image/.git'), { recursive: true });
    cpSync('.github/image/single-stage.txt', join(at, 'image/Dockerfile'));
    cpSync('dist', join(at, 'image/dist'), { recursive: true });
    const cli = resolve('dist/cli.cjs');
    const told = execFileSync(
      process.execPath,
      [cli, 'verify', '--level', 'max', '--measure', 'none', '--run', 'node /opt/dockerfile-mod/dist/cli.cjs list', 'image'],
      {
        cwd: at,
        encoding: 'utf8',
      },
    );
    expect(told).toContain('kept: base-slim');
    expect(told).toContain('1 verified');

    cpSync('.github/image/Dockerfile', join(at, 'image/Dockerfile'));
    const tag = `dockerfile-mod-own-${process.pid}`;
    execFileSync('docker', ['build', '--quiet', '--tag', tag, join(at, 'image')]);
    onTestFinished(() => void execFileSync('docker', ['image', 'rm', '--force', tag]));
    const work = join(at, 'work');
    mkdirSync(work);
    writeFileSync(join(work, 'Dockerfile'), 'FROM node:22\nCOPY server.js .\nCMD ["node", "server.js"]\n');
    writeFileSync(join(work, 'server.js'), 'console.log(1);\n');
    const args = ['run', '--rm', '--user', `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`, '--volume', `${work}:/work`, tag];
    expect(execFileSync('docker', [...args, '--dry-run', '.'], { encoding: 'utf8' })).toContain('+FROM node:22-slim');
  },
);
