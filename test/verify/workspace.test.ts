// A run's directory: whose it is, the copy of the context, the Dockerfiles that are built.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { copyContext } from '../../src/verify/engine/context-copy.ts';
import { cleanUp } from '../../src/verify/engine/leftovers.ts';
import { ownOwner } from '../../src/process/owner.ts';
import { EngineError, type EngineProblem } from '../../src/verify/types.ts';
import { place } from '../../src/verify/engine/workspace.ts';
import { standInSession } from './session.ts';

function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'context-'));
  onTestFinished(() => {
    execFileSync('chmod', ['-R', 'u+rwX', directory]);
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}
async function problem(work: Promise<unknown>): Promise<EngineProblem> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EngineError)) throw new Error(`no problem, but ${String(error)}`);
  return error.problem;
}
const isRoot = process.getuid?.() === 0;

describe('a session', () => {
  it('has a directory for its user alone, that says whose it is', async () => {
    const { session } = await standInSession();
    expect(statSync(session.directory).mode & 0o777).toBe(0o700);
    expect(dirname(session.directory)).toBe(tmpdir());
    const { host, pid, started } = ownOwner();
    expect(JSON.parse(readFileSync(join(session.directory, 'owner.json'), 'utf8'))).toEqual({ host, pid, started, session: session.id });
    expect(session.labels).toEqual([
      '--label',
      `dockerfile-mod.verify=${session.id}`,
      '--label',
      `dockerfile-mod.verify.owner=${host}/${pid}/${started}`,
    ]);
  });

  it('has an id of its own', async () => {
    const [one, other] = [await standInSession(), await standInSession()];
    expect(one.session.id).not.toBe(other.session.id);
    expect(one.session.directory).not.toBe(other.session.directory);
  });
});

describe('the copy of a context', () => {
  it('has the same files, modes, times and links', async () => {
    const from = scratch();
    mkdirSync(join(from, 'dir/empty'), { recursive: true });
    writeFileSync(join(from, 'dir/run.sh'), '#!/bin/sh\n', { mode: 0o751 });
    writeFileSync(join(from, 'a'), 'text');
    linkSync(join(from, 'a'), join(from, 'hard'));
    symlinkSync('a', join(from, 'link'));
    symlinkSync('/etc/passwd', join(from, 'out'));
    symlinkSync('nowhere', join(from, 'dangling'));
    execFileSync('mkfifo', [join(from, 'pipe')]);
    utimesSync(join(from, 'a'), 1000, 2000);
    chmodSync(join(from, 'dir'), 0o555);
    utimesSync(join(from, 'dir'), 1000, 3000);
    const { session } = await standInSession();
    const to = await copyContext(from, session);
    expect(dirname(to)).toBe(session.directory);
    expect(readFileSync(join(to, 'hard'), 'utf8')).toBe('text');
    expect(statSync(join(to, 'a')).mtimeMs).toBe(2_000_000);
    expect(statSync(join(to, 'dir/run.sh')).mode & 0o7777).toBe(0o751);
    expect([statSync(join(to, 'dir')).mode & 0o777, statSync(join(to, 'dir')).mtimeMs]).toEqual([0o555, 3_000_000]);
    expect(lstatSync(join(to, 'dir/empty')).isDirectory()).toBe(true);
    expect(['link', 'out', 'dangling'].map((name) => readlinkSync(join(to, name)))).toEqual(['a', '/etc/passwd', 'nowhere']);
    expect(existsSync(join(to, 'pipe'))).toBe(false);
    writeFileSync(join(to, 'a'), 'changed');
    expect(readFileSync(join(from, 'a'), 'utf8')).toBe('text');
    // Also what may not be written can be removed.
    await cleanUp(session);
    expect(existsSync(session.directory)).toBe(false);
  });

  it('has names that are no UTF-8', async () => {
    const from = scratch();
    writeFileSync(Buffer.concat([Buffer.from(`${from}/`), Buffer.from([0x66, 0xff])]), 'x');
    const { session } = await standInSession();
    const to = await copyContext(from, session);
    expect(readFileSync(Buffer.concat([Buffer.from(`${to}/`), Buffer.from([0x66, 0xff])]), 'utf8')).toBe('x');
  });

  it('leaves out what no build sees', async () => {
    const from = scratch();
    mkdirSync(join(from, 'node_modules'));
    writeFileSync(join(from, 'node_modules/x'), 'x');
    writeFileSync(join(from, 'a'), 'a');
    const { session } = await standInSession();
    const to = await copyContext(from, session, { hidden: (path) => path.startsWith('node_modules') });
    expect([existsSync(join(to, 'a')), existsSync(join(to, 'node_modules/x'))]).toEqual([true, false]);
  });

  it('is not copied into itself', async () => {
    const above = scratch();
    writeFileSync(join(above, 'wanted'), 'x');
    vi.stubEnv('TMPDIR', above);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { session } = await standInSession();
    expect(dirname(session.directory)).toBe(above);
    const to = await copyContext(above, session);
    const copied = readdirSync(to);
    expect(copied).toContain('wanted');
    expect(copied).not.toContain(basename(session.directory));
  });

  it('ends at a size, with a sentence', async () => {
    const from = scratch();
    writeFileSync(join(from, 'a'), 'x'.repeat(600));
    writeFileSync(join(from, 'b'), 'x'.repeat(600));
    const { session } = await standInSession();
    const { kind, message, hint } = await problem(copyContext(from, session, { bytes: 1000 }));
    expect([kind, message]).toEqual(['bad-input', `The build context ${from} has more than 1000 bytes`]);
    expect(hint).toContain('.dockerignore');
  });

  it('is interrupted', async () => {
    const { session, abort } = await standInSession();
    abort();
    expect((await problem(copyContext(scratch(), session))).kind).toBe('interrupted');
  });

  it('fails for a directory that is not there', async () => {
    const { session } = await standInSession();
    expect((await problem(copyContext('/nonexistent/context', session))).message).toContain('The build context cannot be read');
  });

  it.skipIf(isRoot)('names a file that cannot be read, unless it is hidden (root reads all: skipped for root)', async () => {
    const from = scratch();
    mkdirSync(join(from, 'closed'), { mode: 0 });
    writeFileSync(join(from, 'key'), 'x', { mode: 0 });
    const { session } = await standInSession();
    expect((await problem(copyContext(from, session, { hidden: (path) => path === 'closed' }))).message).toBe(
      'key in the build context cannot be read (permission denied)',
    );
    const other = await standInSession();
    await copyContext(from, other.session, { hidden: () => true });
  });
});

describe('a Dockerfile to build', () => {
  it('stands beside its ignore file, in a directory of its own outside of the context', async () => {
    const { session } = await standInSession();
    const one = await place(session, 'before', { dockerfile: 'FROM a\r\n', ignore: 'node_modules\n' });
    const other = await place(session, 'before', { dockerfile: 'FROM b\n', ignore: ' \n' });
    expect(one.ignoreFile).toBe(`${one.dockerfile}.dockerignore`);
    expect(readFileSync(one.dockerfile, 'utf8')).toBe('FROM a\r\n');
    expect(readFileSync(one.ignoreFile, 'utf8')).toBe('node_modules\n');
    expect(dirname(other.dockerfile)).not.toBe(dirname(one.dockerfile));
    // Nothing but a comment: an empty file would count as none, and the context's own would be in force.
    expect(readFileSync(other.ignoreFile, 'utf8')).toMatch(/^#.*\n$/);
  });
});
