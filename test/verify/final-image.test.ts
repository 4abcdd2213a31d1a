// test/verify: what a final image may hold, who it runs as, and where that user may write.
import { describe, expect, it } from 'vitest';
import { checkContents } from '../../src/verify/compare/forbidden.ts';
import { identityOf, mayWrite } from '../../src/verify/image/identity.ts';
import { findProgram, realPath } from '../../src/verify/image/lookup.ts';
import { checkSecrets, credentialsOf } from '../../src/verify/compare/secrets.ts';
import { checkUser } from '../../src/verify/compare/users.ts';
import { wantedAs } from '../../src/verify/image/wanted.ts';
import { checkWrites } from '../../src/verify/compare/writes.ts';
import { config, contentsOf, wrote } from './contents.ts';

describe('checkContents', () => {
  it.each([
    ['/usr/bin/x86_64-linux-gnu-gcc-12', 'compiler'],
    ['/usr/local/go/bin/go', 'compiler'],
    ['/usr/bin/make', 'build tool'],
    ['/usr/local/cargo/registry/x', 'cargo cache'],
    ['/src/main.go', 'Go source'],
  ])('%s is a %s', (path, what) => {
    expect(checkContents(contentsOf({ [path]: {} }), { split: 'yes' })).toMatchObject({
      outcome: 'failed',
      detail: `The image still holds ${what}: ${path}`,
      about: [path],
    });
  });
  it.each([
    ['/root/.npm/_cacache/x', 'npm cache'],
    ['/root/.cache/pip/x', 'pip cache'],
    ['/var/lib/apt/lists/deb.debian.org_x', 'apt lists'],
    ['/app/src/app.ts', 'TypeScript source'],
  ])('%s is a waste of space: told, and no fault of the split', (path, what) => {
    expect(checkContents(contentsOf({ [path]: {} }), { split: 'yes' })).toMatchObject({
      outcome: 'warned',
      detail: `The image still holds ${what}: ${path}`,
    });
    expect(checkContents(contentsOf({ [path]: {}, '/usr/bin/gcc': {} }), { split: 'yes' }).outcome).toBe('failed');
  });
  it.each([
    '/app/dist/app.d.ts',
    '/app/node_modules/x/index.ts',
    '/app/node_modules/tree-sitter-x/bindings/rust/lib.rs',
    '/app/.venv/lib/python3.13/site-packages/rust/Cargo.toml',
    '/var/lib/apt/lists/lock',
    '/usr/bin/ccrypt',
    '/root/.cache/pypoetry/virtualenvs/x/bin/python',
  ])('%s may stay', (path) => {
    expect(checkContents(contentsOf({ [path]: {} }), { split: 'yes' }).outcome).toBe('passed');
  });
  it('a program that has the name of a source is none', () => {
    expect(checkContents(contentsOf({ '/app/server.go': { elf: {} } }), { split: 'yes' }).outcome).toBe('passed');
    expect(checkContents(contentsOf({ '/usr/bin/gcc': { elf: {} } }), { split: 'yes' }).outcome).toBe('failed');
  });
  it('development dependencies that the program needs stay on purpose, whatever is among them', () => {
    const image = contentsOf({ '/app/node_modules/typescript/lib/tsc.js': {}, '/app/node_modules/prettier/index.cjs': {} });
    expect(checkContents(image, { split: 'yes' }).outcome).toBe('failed');
    const keepsDevelopment = '`prettier` is used at run time';
    expect(checkContents(image, { split: 'yes', keepsDevelopment })).toMatchObject({
      outcome: 'passed',
      detail: expect.stringContaining('apart from node_modules: `prettier` is used at run time'),
    });
    expect(checkContents(contentsOf({ '/usr/bin/gcc': {} }), { split: 'yes', keepsDevelopment }).outcome).toBe('failed');
  });
  it('without a split nothing was promised', () => {
    expect(checkContents(contentsOf({ '/usr/bin/gcc': {} }), { split: { no: 'gulp is not understood' } })).toMatchObject({
      outcome: 'not-checked',
      detail: expect.stringContaining('gulp is not understood'),
    });
  });
});

describe('secrets', () => {
  const secret = 'hunter2hunter2';
  it.each([
    ['/app/.npmrc', `//registry.example/:_authToken=${secret}`, 'npm token'],
    ['/app/.yarnrc.yml', `npmAuthToken: "${secret}"`, 'yarn token'],
    ['/root/.pypirc', `[pypi]\nusername = a\npassword = ${secret}`, 'PyPI password'],
    ['/root/.netrc', `machine example login me password ${secret}`, 'netrc password'],
    ['/root/.git-credentials', `https://me:${secret}@example.org`, 'git credentials'],
    ['/root/.cargo/credentials.toml', `[registry]\ntoken = "${secret}"`, 'cargo token'],
    ['/root/.docker/config.json', `{"auths":{"x":{"auth":"${secret}"}}}`, 'registry credentials'],
    ['/root/.composer/auth.json', `{"http-basic":{"x":{"username":"a","password":"${secret}"}}}`, 'Composer credentials'],
    ['/root/.ssh/id_ed25519', '-----BEGIN OPENSSH PRIVATE KEY-----\nxxx', 'private key'],
    ['/app/server.pem', 'first a certificate\n-----BEGIN RSA PRIVATE KEY-----\nxxx', 'private key'],
    ['/app/.env', `KEY=${secret}`, '.env file'],
    ['/app/yarn.lock', `resolved "https://me:${secret}@registry.example/x.tgz"`, 'address with a password'],
    ['/app/pip.conf', `[global]\nindex-url = https://me:${secret}@example.org/simple`, 'address with a password'],
  ])('%s', (path, text, kind) => {
    const after = contentsOf({ [path]: text });
    expect(wantedAs(path)?.as).toBe('text');
    expect(credentialsOf(after)).toEqual([{ path, kind }]);
    const brought = checkSecrets(contentsOf({}), after);
    expect(brought).toMatchObject({ outcome: 'failed', about: [path] });
    expect(JSON.stringify(brought)).not.toContain(secret);
    expect(checkSecrets(contentsOf({ [`/old${path}`]: text }), after).outcome).toBe('warned');
  });
  it.each([
    ['/app/.npmrc', '//registry.example/:_authToken=${NPM_TOKEN}\nsave-exact=true'],
    ['/app/.yarnrc.yml', 'npmAuthToken: "${NPM_TOKEN}"'],
    ['/app/package-lock.json', '"resolved": "https://registry.example/@scope/x.tgz"'],
    ['/app/requirements.txt', '-i https://user:${PASSWORD}@example.org/simple'],
    ['/app/.env.example', 'KEY='],
    ['/etc/ssl/private/snakeoil.key', '-----BEGIN PRIVATE KEY-----'],
    ['/app/node_modules/x/test/key.pem', '-----BEGIN PRIVATE KEY-----'],
    ['/app/ca.pem', '-----BEGIN CERTIFICATE-----'],
    ['/app/auth.json', '{"users":[]}'],
  ])('%s: %s is none', (path, text) => {
    expect(checkSecrets(contentsOf({}), contentsOf({ [path]: text })).outcome).toBe('passed');
  });
});

const passwd = 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n';
const group = 'root:x:0:\nstaff:x:50:app,other\nlonely:x:60:\n';
const users = { '/etc/passwd': passwd, '/etc/group': group };

describe('identityOf', () => {
  it.each([
    ['', 0, [0]],
    ['root', 0, [0]],
    ['app', 1000, [1001, 50]],
    ['1000', 1000, [1001, 50]],
    ['app:lonely', 1000, [60]],
    ['1000:7', 1000, [7]],
    ['4242', 4242, [0]],
  ])('USER %s', (user, uid, gids) => {
    expect(identityOf(user, contentsOf(users))).toMatchObject({ uid, gids });
  });
  it.each(['nobody', 'app:nogroup'])('USER %s is unknown', (user) => {
    expect(identityOf(user, contentsOf(users))).toBeUndefined();
  });
});

describe('mayWrite', () => {
  const dir = (uid: number, gid: number, mode: number): object => ({ kind: 'dir', uid, gid, mode });
  it.each<[string, Record<string, object | string>, string, boolean]>([
    ['its own', { '/data': dir(1000, 0, 0o755) }, '/data/new', true],
    ['root’s', { '/data': dir(0, 0, 0o755) }, '/data/new', false],
    ['its group’s', { '/data': dir(0, 50, 0o775) }, '/data/new', true],
    ['everybody’s', { '/data': dir(0, 0, 0o1777) }, '/data/a/b/new', true],
    ['the owner’s bits come first', { '/data': dir(1000, 50, 0o077) }, '/data/new', false],
    ['below what it may not enter', { '/closed': dir(0, 0, 0o700), '/closed/open': dir(1000, 0, 0o777) }, '/closed/open/new', false],
    ['through a link', { '/link': '-> /data', '/data': dir(1000, 0, 0o700) }, '/link/new', true],
    ['a file of its own in a directory of root', { '/app': dir(0, 0, 0o755), '/app/db': { uid: 1000, mode: 0o600 } }, '/app/db', true],
    ['what is not there, at the root', {}, '/new/file', false],
  ])('%s', (_, entries, path, expected) => {
    const contents = contentsOf({ ...users, ...entries });
    const who = identityOf('app', contents);
    expect(who && mayWrite(path, who, contents)).toBe(expected);
  });
});

describe('checkUser', () => {
  const contents = contentsOf(users);
  it.each([
    ['app', ['1000'], undefined, 'passed'],
    ['1000:1000', [], undefined, 'passed'],
    ['', ['0'], undefined, 'failed'],
    ['0:0', [], undefined, 'failed'],
    ['ghost', [], undefined, 'failed'],
    ['app', ['0', '1000'], undefined, 'failed'],
    ['', ['0'], 'it binds port 80', 'not-checked'],
  ] as const)('USER %s, seen as %s: %s', (user, uids, notApplied, outcome) => {
    expect(checkUser(config({ user }), uids, contents, notApplied).outcome).toBe(outcome);
  });
  it('the sentence of the skip is told', () => {
    expect(checkUser(config(), [], contents, 'it binds port 80').detail).toContain('it binds port 80');
  });
});

describe('checkWrites', () => {
  const contents = contentsOf({
    ...users,
    '/app/x': '',
    '/data': { kind: 'dir', uid: 1000, mode: 0o755 },
    '/home/app': { kind: 'dir', uid: 1000, mode: 0o755 },
  });
  const check = (before: string[], after: string[], user = 'app') =>
    checkWrites(wrote(...before), wrote(...after), contents, config({ user }));
  it('a directory that the user cannot write to', () => {
    expect(check(['/app/uploads/a.txt', '/data/b'], [])).toMatchObject({
      outcome: 'failed',
      detail: 'app cannot write to /app/uploads, where the original wrote /app/uploads/a.txt',
      about: ['/app/uploads/a.txt'],
    });
  });
  it('where it wrote, too, nothing needs to be asked', () => {
    expect(check(['/app/uploads/a.txt'], ['/app/uploads/b.txt']).outcome).toBe('passed');
  });
  it('root writes everywhere', () => {
    expect(check(['/app/uploads/a.txt'], [], '').outcome).toBe('passed');
  });
  it('the home of root became the home of the user', () => {
    expect(check(['/root/.config/app/state'], []).outcome).toBe('passed');
  });
  it('what nobody misses is left out', () => {
    expect(
      check(['/app/__pycache__/x.cpython-313.pyc', '/tmp/x', '/root/.npm/_logs/1', '/run/app.pid', '/root/.cache/pip/x'], []).detail,
    ).toBe('The original wrote no files that it needs');
  });
  it('a user who is not there', () => {
    expect(check(['/data/x'], [], 'ghost').outcome).toBe('failed');
  });
});

describe('lookup', () => {
  const { files } = contentsOf({
    '/usr/bin/env': { mode: 0o755 },
    '/bin': '-> usr/bin',
    '/loop': '-> loop',
    '/up': '-> ../../usr',
    '/usr/bin/text': {},
  });
  it.each([
    ['/bin/env', '/usr/bin/env'],
    ['/up/bin/../bin/./env', '/usr/bin/env'],
    ['/bin/none', undefined],
    ['/loop/x', undefined],
    ['/usr/bin/env/x', undefined],
    ['/', '/'],
  ])('%s leads to %s', (path, expected) => {
    expect(realPath(files, path)).toBe(expected);
  });
  it('programs are executable files', () => {
    expect(findProgram({ files }, 'env', undefined)).toBe('/usr/bin/env');
    expect(findProgram({ files }, 'text', undefined)).toBeUndefined();
    expect(findProgram({ files }, 'env', '/opt/bin')).toBeUndefined();
  });
});
