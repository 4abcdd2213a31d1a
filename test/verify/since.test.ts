// Files at a git revision: bytes of a blob, nothing of the repository's configuration runs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textAt } from '../../src/verify/since.ts';
import { EngineError } from '../../src/verify/types.ts';

const signal = new AbortController().signal;
let root: string;
const git = (...args: string[]): void => {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.test', ...args], { cwd: root, stdio: 'pipe' });
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dockerfile-mod-since-'));
  git('init', '--quiet');
  writeFileSync(join(root, 'Dockerfile'), 'FROM node:22\r\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'one');
  writeFileSync(join(root, 'Dockerfile'), 'FROM node:22-slim\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('textAt', () => {
  it('gives the text as it was, byte for byte', async () => {
    expect(await textAt(root, 'HEAD', 'Dockerfile', signal)).toBe('FROM node:22\r\n');
  });
  it('knows what was not there', async () => {
    expect(await textAt(root, 'HEAD', '.dockerignore', signal)).toBeUndefined();
  });
  it.each(['no-such-branch', '--help', '-p', ''])('says that there is no revision %j', async (revision) => {
    await expect(textAt(root, revision, 'Dockerfile', signal)).rejects.toThrow(EngineError);
  });
  it('runs nothing that the repository configures', async () => {
    const trace = join(root, 'ran');
    git('config', 'core.fsmonitor', `touch ${trace}`);
    git('config', 'core.pager', `touch ${trace}`);
    git('config', 'diff.external', `touch ${trace}`);
    await textAt(root, 'HEAD', 'Dockerfile', signal);
    expect(existsSync(trace)).toBe(false);
  });
});
