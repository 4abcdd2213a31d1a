// Which files a search finds, and where it does not go.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findDockerfiles, isDockerfileName } from '../../src/checkout/find.ts';
import { node, scratch, slim } from '../cli/scratch.ts';
import { costOf } from '../cost.ts';

const paths = (files: Record<string, string>, given: string[] = ['.'], cwd = ''): string[] => {
  const at = scratch(files);
  return findDockerfiles(given, at.root + cwd).found.map((one) => one.path);
};

describe('names', () => {
  it.each(['Dockerfile', 'Dockerfile.dev', 'Dockerfile.api.prod', 'api.Dockerfile', 'api.dockerfile', 'Containerfile', 'dockerfile'])(
    '%s is one',
    (name) => {
      expect(isDockerfileName(name)).toBe(true);
    },
  );
  it.each([
    'Dockerfile.dockerignore',
    'api.Dockerfile.dockerignore',
    'api.dockerignore',
    '.dockerignore',
    'Dockerfile.',
    '.Dockerfile',
    'Dockerfiles',
    'MyDockerfile',
    'Dockerfile~',
    'Dockerfile.j2',
    'Dockerfile.template',
    'Dockerfile.orig',
    'Containerfile.x',
    '.Dockerfile.12-ab.tmp',
  ])('%s is none', (name) => {
    expect(isDockerfileName(name)).toBe(false);
  });
});

describe('a search', () => {
  it('finds `dockerfile` where Docker takes it: where there is no Dockerfile', () => {
    expect(paths({ 'a/dockerfile': node, 'b/dockerfile': node, 'b/Dockerfile': node, 'c/dockerfile/x': '' })).toEqual([
      'a/dockerfile',
      'b/Dockerfile',
    ]);
    expect(paths({ 'b/dockerfile': node, 'b/Dockerfile': node }, ['b/dockerfile'])).toEqual(['b/dockerfile']);
  });

  it('leaves vendored code out, unless it is given', () => {
    const at = scratch({
      Dockerfile: node,
      'vendor/modules.txt': '# example.com/x v1.0.0\n',
      'vendor/example.com/x/Dockerfile': node,
      'shop/vendor/Dockerfile': node,
      'lib/third_party/zlib/Dockerfile': node,
    });
    expect(findDockerfiles(['.'], at.root).found.map((f) => f.path)).toEqual(['Dockerfile', 'shop/vendor/Dockerfile']);
    expect(findDockerfiles(['vendor/example.com/x/Dockerfile', 'lib/third_party'], at.root).found.map((f) => f.path)).toEqual([
      'vendor/example.com/x/Dockerfile',
      'lib/third_party/zlib/Dockerfile',
    ]);
  });

  it('goes down in order, not into node_modules and .git, and finds each file once', () => {
    const files = {
      Dockerfile: node,
      'b/Dockerfile.x': node,
      'a/c/Containerfile': node,
      'node_modules/x/Dockerfile': node,
      '.git/Dockerfile': node,
      'a/node_modules/Dockerfile': node,
      '.docker/Dockerfile': node,
    };
    expect(paths(files)).toEqual(['.docker/Dockerfile', 'Dockerfile', 'a/c/Containerfile', 'b/Dockerfile.x']);
    expect(paths(files, ['a', 'Dockerfile', '.', 'a/c/Containerfile'])).toEqual([
      'a/c/Containerfile',
      'Dockerfile',
      '.docker/Dockerfile',
      'b/Dockerfile.x',
    ]);
  });

  it('finds what git would not ignore, nested files and exceptions included', () => {
    const files = {
      '.gitignore': '# c\n/build\n*.gen.Dockerfile\ntmp/\n!keep.gen.Dockerfile\n\\#x/\n',
      'build/Dockerfile': node,
      'a/build/Dockerfile': node,
      'x.gen.Dockerfile': node,
      'keep.gen.Dockerfile': node,
      'tmp/Dockerfile': node,
      'a/tmp/Dockerfile': node,
      '#x/Dockerfile': node,
      'a/.gitignore': 'Dockerfile.local\n!y.gen.Dockerfile\n/c\n',
      'a/Dockerfile.local': node,
      'a/y.gen.Dockerfile': node,
      'a/c/Dockerfile': node,
      'a/b/c/Dockerfile': node,
      'a/b/.gitignore': '*\n!*/\n!Dockerfile\n',
      'a/b/Dockerfile': node,
      'a/b/Dockerfile.z': node,
    };
    const at = scratch(files);
    execFileSync('git', ['init', '-q'], { cwd: at.root });
    const untracked = execFileSync('git', ['ls-files', '-o', '--exclude-standard'], { cwd: at.root, encoding: 'utf8' }).split('\n');
    const found = findDockerfiles(['.'], at.root).found.map((one) => one.path);
    expect(found.toSorted()).toEqual(untracked.filter((path) => isDockerfileName(path.split('/').at(-1) ?? '')).toSorted());
    expect(found.length).toBeGreaterThan(4);
  });

  it('honours .gitignore files above the given directory, unless they leave out that directory itself', () => {
    const files = {
      '.git/x': '',
      '.gitignore': '*.local\nout/\n',
      'a/Dockerfile.local': node,
      'a/Dockerfile': node,
      'out/Dockerfile': node,
    };
    expect(paths(files, ['a'])).toEqual(['a/Dockerfile']);
    expect(paths(files, ['out'])).toEqual(['out/Dockerfile']);
    expect(paths(files, ['a/Dockerfile.local'])).toEqual(['a/Dockerfile.local']);
  });

  it('is not held up by patterns made to be slow', () => {
    const files = { '.gitignore': `${'*a'.repeat(200)}b\n${'**/'.repeat(300)}x\n`, [`${'a'.repeat(200)}/Dockerfile`]: node };
    expect(costOf(() => expect(paths(files)).toHaveLength(1))).toBeLessThan(100);
  });

  it('does not follow linked directories', () => {
    const at = scratch({ 'a/Dockerfile': node });
    at.link('loop', '.');
    at.link('b', 'a');
    expect(findDockerfiles(['.'], at.root).found.map((one) => one.path)).toEqual(['a/Dockerfile']);
    // By name, it is what was asked for.
    expect(findDockerfiles(['b'], at.root).found.map((one) => one.path)).toEqual(['b/Dockerfile']);
  });

  it('says so when there is nothing', async () => {
    const at = scratch({ 'a/x': '' });
    expect(await at.run(['a'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^a:1:1: no Dockerfile found\n {2}Searched for Dockerfile, /),
    });
    expect(findDockerfiles(['nowhere'], at.root).problems).toMatchObject([
      { path: 'nowhere', message: 'no such file or directory', hint: 'Check the path.' },
    ]);
  });
});

describe('links', () => {
  it('a linked Dockerfile is written through when it stays inside the given path', async () => {
    const at = scratch({ 'shared/base.txt': node });
    at.link('Dockerfile', 'shared/base.txt');
    const { code, out } = await at.run(['.']);
    expect(code).toBe(0);
    expect(out).toContain('--- a/shared/base.txt\n');
    expect(at.all()).toEqual({ 'shared/base.txt': slim, Dockerfile: `-> ${at.root}/shared/base.txt` });
  });

  it('and refused when it leaves it; nothing is read', async () => {
    const at = scratch({ 'outside.txt': node, 'in/other/Dockerfile': node });
    at.link('in/Dockerfile', '../outside.txt');
    const before = at.all();
    const { code, err, out } = await at.run(['--dry-run', 'in']);
    expect(code).toBe(2);
    expect(err).toBe(
      `in/Dockerfile:1:1: is a symbolic link out of in\n  Nothing was read or changed. To refactor the file that it leads to, give that path: ${at.root}/outside.txt\n`,
    );
    expect(out).toContain('in/other/Dockerfile');
    expect((await at.run(['in/Dockerfile'])).code).toBe(2);
    expect(at.all()).toEqual(before);
  });

  it('to nowhere is an error of its own', async () => {
    const at = scratch();
    at.link('Dockerfile', 'gone');
    expect((await at.run(['.'])).err).toMatch(/^Dockerfile:1:1: is a symbolic link that leads nowhere: no such file/);
  });

  it('a file that is found twice is done once', async () => {
    const at = scratch({ Dockerfile: node });
    at.link('Dockerfile.link', 'Dockerfile');
    expect((await at.run(['--dry-run'])).out).toContain('1 file would be rewritten');
  });
});
