// git as the transport, over bare repositories on this machine: blobs on demand, leases, no hook, no secret where others see it.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { gitEnvironment, type GitAccess } from '../../src/forge/git/environment.ts';
import { planListed } from '../../src/bulk/plan/listed.ts';
import { gitTransport } from '../../src/bulk/transport/git.ts';
import { localTransport } from '../../src/bulk/transport/local.ts';
import type { Place } from '../../src/bulk/transport/types.ts';
import { project } from './harness.ts';

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd, encoding: 'utf8' }).trim();

function repositories(): { dir: string; checkout: string; remote: string; place: Place; access: GitAccess } {
  const dir = realpathSync.native(mkdtempSync(join(tmpdir(), 'dockerfile-mod-git-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const checkout = join(dir, 'checkout');
  for (const [path, text] of Object.entries(project('app'))) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }
  git(checkout, 'init', '-q', '-b', 'main');
  git(checkout, 'add', '.');
  git(checkout, 'commit', '-qm', 'first');
  const remote = join(dir, 'remote.git');
  git(dir, 'clone', '-q', '--bare', checkout, remote);
  git(remote, 'config', 'uploadpack.allowFilter', 'true');
  git(remote, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const place: Place = { repo: 'file/local/app', ref: undefined, url: `file://${remote}`, directory: undefined, headRepo: undefined };
  return {
    dir,
    checkout,
    remote,
    place,
    access: { env: process.env, token: undefined, protocols: 'file', redact: (text) => text, timeout: 60_000 },
  };
}

const author = { name: 'bot', email: 'bot@example.com' };
const transportOf = (access: GitAccess, dir: string): ReturnType<typeof gitTransport> =>
  gitTransport({ access, scratch: join(dir, 'scratch'), urlOf: () => '', author, now: Date.now });
const file = (text: string): { path: string; mode: '100644'; content: Buffer; before: undefined } => ({
  path: 'Dockerfile',
  mode: '100644',
  content: Buffer.from(text),
  before: undefined,
});

describe('git', () => {
  it('plans from a fetch without blobs, and brings those that are wanted', async () => {
    const { dir, place, access, remote } = repositories();
    const transport = transportOf(access, dir);
    const head = await transport.head(place, undefined);
    expect(head).toEqual({ branch: 'main', sha: git(remote, 'rev-parse', 'main') });
    const snapshot = await transport.snapshot(place, head?.sha ?? '');
    const plan = await planListed({ entries: snapshot.entries, bring: (shas) => snapshot.bring(shas), core, options: {}, maxBlobs: 100 });
    snapshot.close();
    expect(plan.files.map(({ path }) => path)).toEqual(['.dockerignore', 'Dockerfile']);
    expect(await transport.head(place, 'no-such-branch')).toBeUndefined();
  });

  it('pushes one commit with a lease, and never over what it does not know', async () => {
    const { dir, place, access, remote } = repositories();
    const transport = transportOf(access, dir);
    const parent = git(remote, 'rev-parse', 'main');
    const told: (string | undefined)[] = [];
    const write = (expect: string, text: string): Promise<string> =>
      transport.write(
        place,
        { branch: 'mod/x', expect, parent, files: [file(text)], message: 'm\n', author: undefined, to: undefined },
        async (head) => void told.push(head),
      );
    const first = await write('absent', 'FROM a\n');
    expect(told).toEqual([first]);
    expect(git(remote, 'rev-parse', 'mod/x^')).toBe(parent);
    expect(git(remote, 'show', 'mod/x:Dockerfile')).toBe('FROM a');
    expect(git(remote, 'diff', '--name-only', 'main', 'mod/x')).toBe('Dockerfile');
    await expect(write('absent', 'FROM b\n')).rejects.toMatchObject({ kind: 'conflict' });
    await expect(write('1'.repeat(40), 'FROM b\n')).rejects.toMatchObject({ kind: 'conflict' });
    expect(git(remote, 'rev-parse', 'mod/x')).toBe(first);
    const second = await write(first, 'FROM c\n');
    expect(git(remote, 'rev-parse', 'mod/x')).toBe(second);
    expect(existsSync(join(dir, 'scratch')) && execFileSync('ls', [join(dir, 'scratch')], { encoding: 'utf8' })).toBe('');
  });

  it('brings all files of a commit for building, links and modes as they are, and runs no filter', async () => {
    const { dir, place, access, remote, checkout } = repositories();
    mkdirSync(join(checkout, 'bin'));
    writeFileSync(join(checkout, 'bin/run'), '#!/bin/sh\n');
    chmodSync(join(checkout, 'bin/run'), 0o755);
    symlinkSync('server.js', join(checkout, 'link.js'));
    writeFileSync(join(checkout, '.gitattributes'), '*.js filter=evil\n');
    git(checkout, 'add', '.');
    git(checkout, 'commit', '-qm', 'second');
    git(checkout, 'push', '-q', remote, 'main');
    const filters = { ...process.env, GIT_CONFIG_PARAMETERS: `'filter.evil.smudge'='touch ${dir}/ran; cat'` };
    const { checkOut } = transportOf({ ...access, env: filters }, dir);
    const { directory: into, close } = (await checkOut?.(place, git(remote, 'rev-parse', 'main'))) ?? {
      directory: '',
      close: () => undefined,
    };
    expect(readFileSync(join(into, 'server.js'), 'utf8')).toBe(project('app')['server.js']);
    expect(readlinkSync(join(into, 'link.js'))).toBe('server.js');
    expect(statSync(join(into, 'bin/run')).mode & 0o111).toBe(0o111);
    expect(statSync(join(into, 'server.js')).mode & 0o111).toBe(0);
    expect(readdirSync(into).sort()).toEqual(['.git', '.gitattributes', 'bin', 'link.js', ...Object.keys(project('app'))].sort());
    expect(readdirSync(join(into, '.git'))).toEqual([]);
    expect(existsSync(join(dir, 'ran'))).toBe(false);
    close();
    expect(readdirSync(join(dir, 'scratch'))).toEqual([]);
  });

  it('refuses paths of .git and out of the repository', async () => {
    const { dir, place, access, remote } = repositories();
    const parent = git(remote, 'rev-parse', 'main');
    for (const path of ['.git/hooks/post-checkout', '../x', 'a//b', '.GIT/config']) {
      const files = [{ ...file('x'), path }];
      const write = transportOf(access, dir).write(
        place,
        { branch: 'mod/x', expect: 'absent', parent, files, message: 'm', author, to: undefined },
        async () => undefined,
      );
      await expect(write, path).rejects.toMatchObject({ kind: 'unprocessable' });
    }
  });

  it('gives the token to its origin alone, by the environment', () => {
    const access: GitAccess = {
      env: { PATH: '/bin', AWS_SECRET_ACCESS_KEY: 'other', GIT_DIR: '/elsewhere' },
      token: { origin: 'https://forge.example', value: 'the-token' },
      protocols: 'network',
      redact: (text) => text,
      timeout: 1,
    };
    const env = gitEnvironment(access);
    const keys = Object.entries(env).filter(([, value]) => value.includes(Buffer.from('x-access-token:the-token').toString('base64')));
    expect(keys).toHaveLength(1);
    const key = env[(keys[0]?.[0] ?? '').replace('VALUE', 'KEY')];
    expect(key).toBe('http.https://forge.example/.extraHeader');
    expect(env).toMatchObject({ GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' });
    expect(Object.values(env)).not.toContain('other');
    expect(env.GIT_DIR).toBeUndefined();
  });
});

describe('a checkout', () => {
  it('gets a branch; its working tree, its index and its hooks stay as they are', async () => {
    const { checkout, access, dir } = repositories();
    const hook = join(checkout, '.git/hooks/reference-transaction');
    writeFileSync(hook, `#!/bin/sh\ntouch ${join(dir, 'pwned')}\n`);
    chmodSync(hook, 0o755);
    writeFileSync(join(checkout, 'server.js'), 'not committed\n');
    const place: Place = { repo: 'local/checkout', ref: undefined, url: undefined, directory: checkout, headRepo: undefined };
    const transport = localTransport(access, author);
    const head = await transport.head(place, undefined);
    const before = git(checkout, 'rev-parse', 'HEAD:Dockerfile');
    const files = [{ ...file('FROM a\n'), before }];
    const parent = head?.sha ?? '';
    const made = await transport.write(
      place,
      { branch: 'mod/x', expect: 'absent', parent, files, message: 'm', author: undefined, to: undefined },
      async () => undefined,
    );
    expect(git(checkout, 'rev-parse', 'mod/x')).toBe(made);
    expect(git(checkout, 'status', '--porcelain')).toBe('M server.js');
    expect(readFileSync(join(checkout, 'Dockerfile'), 'utf8')).not.toBe('FROM a\n');
    expect(existsSync(join(dir, 'pwned'))).toBe(false);
    const dirty = transport.write(
      place,
      { branch: 'mod/y', expect: 'absent', parent, files: [{ ...file('x'), before: '1'.repeat(40) }], message: 'm', author, to: undefined },
      async () => undefined,
    );
    await expect(dirty).rejects.toThrow('not committed');
  });
});
