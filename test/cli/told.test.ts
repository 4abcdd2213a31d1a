// What confused people who tried the tool: each case is a sentence that was missing, or another one than was needed.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { node, scratch } from './scratch.ts';

const commit = (cwd: string): void => {
  const git = (...args: string[]): void => void execFileSync('git', ['-c', 'user.email=a@b', '-c', 'user.name=n', ...args], { cwd });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'first');
};

describe('what is told', () => {
  it('flags of verification without verification are an error, and nothing is written', async () => {
    const at = scratch({ Dockerfile: node });
    const ran = await at.run(['--html', 'x.html', '--probe', '/health', '.']);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('error: --probe, --html: only with --verify, or as `dockerfile-mod verify`; nothing was written');
    expect(at.all()).toEqual({ Dockerfile: node });
  });

  it('verify --since names a revision that is not there', async () => {
    const at = scratch({ Dockerfile: node });
    commit(at.root);
    const ran = await at.run(['verify', '--since', 'nope', '.'], { env: { ...process.env, PATH: process.env.PATH } });
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/^error: git has no revision nope in .*\n {2}Give --since a commit, branch or tag/);
  });

  it('a diff over several repositories has a path of its own for each file', async () => {
    const at = scratch({ 'a/Dockerfile': node, 'b/Dockerfile': node, 'a/.git/HEAD': '', 'b/.git/HEAD': '' }, core);
    const headers = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('+++ '));
    expect(headers((await at.run(['--dry-run', '--format', 'diff', '--only', 'base-slim', 'a', 'b'])).out)).toEqual([
      '+++ b/a/Dockerfile',
      '+++ b/b/Dockerfile',
    ]);
    expect(headers((await at.run(['--dry-run', '--format', 'diff', '--only', 'base-slim', 'a'])).out)[0]).toBe('+++ b/Dockerfile');
  });

  it('bulk DIR --dry-run names the repositories, shows a diff of each change, and --check exits with 1 as everywhere', async () => {
    const at = scratch({ 'repos/a/Dockerfile': node, 'repos/b/Dockerfile': node, 'repos/a/.git/HEAD': '', 'repos/b/.git/HEAD': '' });
    const ran = await at.run(['bulk', 'repos', '--dry-run', '--check']);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/planned +local\/a {2}change [0-9a-f]{16}\n +planned +local\/b/);
    expect(ran.out).toMatch(/Change [0-9a-f]{16}, as in local\/a\ndiff --git a\/Dockerfile b\/Dockerfile/);
  });

  it('other options than a campaign was planned with are named', async () => {
    const at = scratch({ 'repos/a/Dockerfile': node, 'repos/a/.git/HEAD': '' });
    const plan = ['bulk', 'plan', '--id', 'x', '--from-dir', 'repos'];
    expect((await at.run(plan)).code).toBe(0);
    const ran = await at.run([...plan, '--level', 'max']);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('campaign x was planned with other options (refactor.level: not given, now "max"): give --fresh');
  });
});
