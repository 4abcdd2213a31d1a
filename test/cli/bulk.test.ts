// The commands of bulk over checkouts on this machine, through the command line with the real library.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { project } from '../bulk/harness.ts';
import { dockerAnswers, standInEngine } from '../verify/stand-in-engine.ts';
import { scratch, type Scratch } from './scratch.ts';

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd, encoding: 'utf8' }).trim();

/** Two repositories: one that changes, one without a Dockerfile. */
function checkouts(): Scratch {
  const at = scratch({ 'repos/docs/README.md': 'words\n' }, core);
  for (const [path, text] of Object.entries(project('app'))) at.write(`repos/app/${path}`, text);
  for (const name of ['app', 'docs']) {
    git(join(at.root, 'repos', name), 'init', '-q', '-b', 'main');
    git(join(at.root, 'repos', name), 'add', '.');
    git(join(at.root, 'repos', name), 'commit', '-qm', 'first');
  }
  return at;
}

describe('bulk', () => {
  it('DIR --dry-run reports and writes nothing; --check exits with 1', async () => {
    const at = checkouts();
    const before = at.all();
    const ran = await at.run(['bulk', 'repos', '--dry-run', '--json']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out)).toBeTypeOf('object');
    expect(ran.out).toContain('local/app');
    expect((await at.run(['bulk', 'repos', '--check'])).code).toBe(1);
    expect((await at.run(['bulk', 'repos', '--check', '--dockerfile', 'services/**'])).code).toBe(0);
    expect(at.all()).toEqual(before);
  });

  it('plans, applies as branches, and changes nothing the second time', async () => {
    const at = checkouts();
    const app = join(at.root, 'repos/app');
    const plan = ['bulk', 'plan', '--id', 'x', '--platform', 'local', '--from-dir', 'repos'];
    expect(await at.run(plan)).toMatchObject({ code: 0 });
    expect(git(app, 'branch', '--list', 'dockerfile-mod/*')).toBe('');
    expect((await at.run(['bulk', 'apply', '--id', 'x'])).err).toContain('give --yes');
    expect((await at.run(['bulk', 'apply', '--id', 'x', '--yes'])).out).toBe('1 pushed\n');
    const head = git(app, 'rev-parse', 'dockerfile-mod/x');
    expect(git(app, 'show', 'dockerfile-mod/x:Dockerfile')).toContain('node:22-slim');
    expect(git(app, 'status', '--porcelain')).toBe('');
    expect((await at.run(['bulk', 'apply', '--id', 'x', '--yes'])).out).toBe('1 unchanged\n');
    expect(git(app, 'rev-parse', 'dockerfile-mod/x')).toBe(head);
    expect((await at.run(['bulk', 'status', '--id', 'x'])).out).toContain('1  pushed');
  });

  it('removes what a run left that was killed', async () => {
    const at = checkouts();
    at.write('.dockerfile-mod/x/scratch/files-1/server.js', 'left\n');
    expect(await at.run(['bulk', 'plan', '--id', 'x', '--platform', 'local', '--from-dir', 'repos'])).toMatchObject({ code: 0 });
    expect(existsSync(join(at.root, '.dockerfile-mod/x/scratch/files-1'))).toBe(false);
  });

  it('says that verification needs git where only the API may be used', async () => {
    const at = checkouts();
    const ran = await at.run([
      'bulk',
      'plan',
      '--id',
      'x',
      '--platform',
      'gitea',
      '--base-url',
      'http://127.0.0.1:1',
      '--repo',
      'a/b',
      '--transport',
      'api',
      '--verify',
    ]);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.err).toContain('use --transport auto or git');
  });

  it('--dry-run --verify without an engine says so, and what to do', async () => {
    const at = checkouts();
    const ran = await at.run(['bulk', 'repos', '--dry-run', '--verify'], { env: { PATH: join(at.root, 'nothing') } });
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/docker/i);
  });

  it('builds no Dockerfile that is not wanted', async () => {
    const at = checkouts();
    for (const [path, text] of Object.entries(project('app'))) at.write(`repos/app/other/${path}`, text);
    const failing = 'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1\n';
    const engine = standInEngine([...dockerAnswers('28.2.2'), { to: '(^| )build ', stderr: failing, code: 1 }]);
    const verify = ['bulk', 'repos', '--dry-run', '--verify', '--json'];
    const builds = (): number => engine.calls().filter((call) => /(^| )build /.test(call)).length;
    const one = await at.run([...verify, '--dockerfile', 'other/*'], { env: engine.env });
    const forOne = builds();
    expect(forOne).toBeGreaterThan(0);
    expect(one.out).toContain('baseline-broken');
    await at.run(verify, { env: engine.env });
    expect(builds() - forOne).toBe(2 * forOne);
  });

  it('pauses when a registry allows no more downloads: that is nothing that a repository did', async () => {
    const at = checkouts();
    const stderr =
      'ERROR: failed to solve: node:22: failed to resolve source metadata for docker.io/library/node:22: 429 Too Many Requests - Server message: toomanyrequests\n';
    const engine = standInEngine([...dockerAnswers('28.2.2'), { to: '(^| )build ', stderr, code: 1 }]);
    const dry = await at.run(['bulk', 'repos', '--dry-run', '--verify'], { env: engine.env });
    expect(dry.code).toBe(2);
    expect(dry.err).toContain('no more downloads');
    const plan = ['bulk', 'plan', '--id', 'x', '--platform', 'local', '--from-dir', 'repos', '--verify'];
    const paused = await at.run(plan, { env: { ...engine.env, PATH: `${engine.env['PATH']}:${process.env['PATH']}` } });
    expect(paused.code).toBe(4);
    expect(paused.err).toContain('no more downloads');
    expect((await at.run(['bulk', 'status', '--id', 'x'])).out).not.toContain('refused');
  });

  it("gives the engine's command line no token", async () => {
    const at = checkouts();
    const told = join(at.root, 'environment');
    at.write('bin/docker', `#!/bin/sh\n/usr/bin/env >> ${told}\nexit 1\n`, 0o755);
    const env = {
      PATH: join(at.root, 'bin'),
      DOCKERFILE_MOD_TOKEN: 'planted-1',
      GITEA_TOKEN: 'planted-2',
      DOCKERFILE_MOD_QUEUE: 'planted-3',
    };
    expect((await at.run(['bulk', 'repos', '--dry-run', '--verify'], { env })).code).toBe(2);
    expect(at.read('environment')).toContain(`PATH=${env.PATH}`);
    expect(at.read('environment')).not.toContain('planted');
  });

  it('leaves out what was rejected in review', async () => {
    const at = checkouts();
    await at.run(['bulk', 'plan', '--id', 'x', '--platform', 'local', '--from-dir', 'repos']);
    expect((await at.run(['bulk', 'review', '--id', 'x'])).out).toContain('+FROM node:22-slim');
    expect((await at.run(['bulk', 'review', '--id', 'x', '--reject', 'app'])).out).toBe('0 approved, 1 rejected\n');
    expect((await at.run(['bulk', 'apply', '--id', 'x', '--yes'])).out).toBe('nothing to do\n');
  });

  it('--fail-fast pauses a run and is frozen with no plan; the time for one repository is of both', async () => {
    const at = checkouts();
    at.write('repos/second/Dockerfile', project('second').Dockerfile ?? '');
    git(join(at.root, 'repos/second'), 'init', '-q', '-b', 'main');
    git(join(at.root, 'repos/second'), 'add', '.');
    git(join(at.root, 'repos/second'), 'commit', '-qm', 'first');
    const plan = ['bulk', 'plan', '--id', 'x', '--platform', 'local', '--from-dir', 'repos', '--timeout-repo', '77', '--fail-fast'];
    // What is not committed would be lost in the branch: that repository fails.
    for (const name of ['app', 'second']) at.write(`repos/${name}/Dockerfile`, `${project(name).Dockerfile}LABEL a=b\n`);
    expect(await at.run(plan)).toMatchObject({ code: 0 });
    const stored = JSON.parse(readFileSync(join(at.root, '.dockerfile-mod/x/campaign.json'), 'utf8')) as { options: { pace: unknown } };
    expect(stored.options.pace).toMatchObject({ timeoutRepo: 77_000, maxFailuresInRow: 20 });
    expect(await at.run(['bulk', 'apply', '--id', 'x', '--yes', '--fail-fast', '--timeout-repo', '60'])).toMatchObject({
      code: 4,
      out: '1 failed attempts\n',
      err: 'paused: a repository failed with unprocessable\nRun it again to go on.\n',
    });
    expect(await at.run(['bulk', 'apply', '--id', 'x', '--yes'])).toMatchObject({ code: 1 });
  });

  it('--metrics-file holds the campaign in the format of Prometheus; a place that cannot be written is bad usage', async () => {
    const at = checkouts();
    const plan = ['bulk', 'plan', '--id', 'x', '--platform', 'local', '--from-dir', 'repos', '--metrics-file'];
    expect(await at.run([...plan, 'nowhere/m.prom'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--metrics-file nowhere/m.prom'),
    });
    // The lock was given back.
    expect(await at.run([...plan, 'm.prom'])).toMatchObject({ code: 0 });
    expect(at.read('m.prom')).toContain('\ndockerfile_mod_repositories{campaign="x",state="planned"} 1\n');
    await at.run(['bulk', 'apply', '--id', 'x', '--yes', '--metrics-file', 'm.prom']);
    expect(at.read('m.prom')).toContain('\ndockerfile_mod_repositories{campaign="x",state="pushed"} 1\n');
    expect(at.read('m.prom')).toContain('\ndockerfile_mod_run_active{campaign="x"} 0\n');
    expect(Object.keys(at.all()).filter((path) => path.includes('.m.prom'))).toEqual([]);
  });

  it('reads what the configuration has under `campaign`, with its name', async () => {
    const at = checkouts();
    at.write(
      '.dockerfile-mod.yml',
      'skip: [dockerignore]\ncampaign:\n  id: y\n  sources:\n    directories: [repos]\n  pull:\n    title: Slim\n',
    );
    expect(await at.run(['bulk', 'plan'])).toMatchObject({ code: 0 });
    const { options } = JSON.parse(readFileSync(join(at.root, '.dockerfile-mod/y/campaign.json'), 'utf8')) as { options: unknown };
    expect(options).toMatchObject({ sources: { directories: ['repos'] }, pull: { title: 'Slim' } });
    expect(await at.run(['bulk', 'status'])).toMatchObject({ code: 0, err: '' });
    at.write('.dockerfile-mod.yml', 'campaign:\n  id: y\n  pull:\n    titel: Slim\n');
    expect(await at.run(['bulk', 'plan'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('.dockerfile-mod.yml:4: campaign.pull: Unrecognized key: "titel"'),
    });
    at.write('.dockerfile-mod.yml', 'campaign:\n  id: y\n  baseUrl: https://git.example.com\n');
    expect((await at.run(['bulk', 'plan'])).err).toContain('.dockerfile-mod.yml:3: campaign.baseUrl: a token is sent there');
    at.write('campaign.yml', 'id: y\npull:\n  titel: Slim\n');
    expect((await at.run(['bulk', 'plan', '-c', 'campaign.yml'])).err).toContain('campaign.yml:3: pull: Unrecognized key: "titel"');
  });

  it('reads campaign.yml, and keeps its options until --fresh', async () => {
    const at = checkouts();
    at.write('campaign.yml', 'id: y\nplatform: local\nsources:\n  directories: [repos]\nrefactor:\n  skip: [non-root-user]\n');
    expect(await at.run(['bulk', 'plan', '-c', 'campaign.yml'])).toMatchObject({ code: 0 });
    const stored = JSON.parse(readFileSync(join(at.root, '.dockerfile-mod/y/campaign.json'), 'utf8')) as { options: { refactor: unknown } };
    expect(stored.options.refactor).toEqual({ skip: ['non-root-user'] });
    at.write('campaign.yml', 'id: y\nplatform: local\nsources:\n  directories: [repos]\n');
    expect(await at.run(['bulk', 'plan', '-c', 'campaign.yml'])).toMatchObject({ code: 2, err: expect.stringContaining('--fresh') });
    expect(await at.run(['bulk', 'plan', '-c', 'campaign.yml', '--fresh'])).toMatchObject({ code: 0 });
  });

  it.each([
    [['bulk'], 'give a directory'],
    [['bulk', 'nowhere', '--dry-run'], 'no such file or directory'],
    [['bulk', 'plan'], 'name the campaign'],
    [['bulk', 'plan', '--id', 'X!'], 'lower case'],
    [['bulk', 'plan', '--id', 'x'], 'name the repositories'],
    [['bulk', 'plan', '--id', 'x', '--platform', 'gitea', '--org', 'acme'], '--base-url'],
    [['bulk', 'apply', '--id', 'x'], 'no campaign x'],
    [['bulk', 'apply', '--id', '../x'], 'lower case'],
    [['bulk', 'plan', '--id', 'x', '--repo', 'a/b', '--branch', '--upload-pack=x'], 'no branch name'],
    [['bulk', 'plan', '--id', 'x', '--token', 'secret'], 'unknown option'],
    [['bulk', 'plan', '--id', 'x', '--repo', 'a/b', '--dockerfile', '[z-a]'], 'syntax error'],
    [['bulk', '.', '--dry-run', '--dockerfile', '../Dockerfile'], 'no pattern'],
  ])('%j is bad usage', async (args, told) => {
    const at = scratch({}, core);
    const ran = await at.run(args);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(told);
    expect(at.all()).toEqual({});
    expect(existsSync(join(at.root, '.dockerfile-mod'))).toBe(false);
  });
});
