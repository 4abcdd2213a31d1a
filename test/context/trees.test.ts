// Room: context/. Trees in memory and on disk, and the walk; hostile trees above all.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskTree } from '../../src/context/disk.ts';
import { memoryTree } from '../../src/context/memory.ts';
import { cleanPath, joinPath } from '../../src/context/paths.ts';
import { walk } from '../../src/context/walk.ts';

describe('memory tree', () => {
  const tree = memoryTree({
    './a/b.txt': 'hello',
    'c/': { kind: 'dir' },
    '../out': 'x',
    big: { size: 6_000_000 },
    bin: 'a\0b',
    __proto__x: 'p',
    constructor: 'q',
  });
  it('has parent directories, sorted', () => {
    expect(tree.list('')?.map((entry) => `${entry.kind} ${entry.path}`)).toEqual([
      'file __proto__x',
      'dir a',
      'file big',
      'file bin',
      'dir c',
      'file constructor',
    ]);
    expect(tree.list('c')).toEqual([]);
    expect(tree.list('a')).toHaveLength(1);
    expect(tree.list('big')).toBeUndefined();
    expect(tree.stat('a/b.txt')).toEqual({ path: 'a/b.txt', name: 'b.txt', kind: 'file', size: 5, mode: undefined });
  });
  it('reads like a disk', () => {
    expect(tree.read('a/b.txt')).toEqual({ kind: 'text', text: 'hello' });
    expect(tree.read('/a/./b.txt')).toEqual({ kind: 'text', text: 'hello' });
    expect(tree.read('../out').kind).toBe('absent');
    expect(tree.read('toString').kind).toBe('absent');
    expect(tree.read('big')).toEqual({ kind: 'too-large', size: 6_000_000 });
    expect(tree.read('bin').kind).toBe('binary');
    expect(tree.read('a').kind).toBe('unreadable');
  });
});

describe('disk tree', () => {
  let top: string;
  let root: string;
  beforeAll(() => {
    top = mkdtempSync(join(tmpdir(), 'disk-tree-'));
    root = join(top, 'root');
    mkdirSync(join(root, 'dir'), { recursive: true });
    mkdirSync(join(top, 'root-twin'));
    writeFileSync(join(top, 'secret'), 'secret');
    writeFileSync(join(top, 'root-twin', 'secret'), 'secret');
    writeFileSync(join(root, 'a'), '\uFEFFa\r\n');
    writeFileSync(join(root, 'latin1'), Buffer.from([0x63, 0xe9]));
    writeFileSync(join(root, 'nul'), 'a\0');
    writeFileSync(join(root, 'big'), '');
    truncateSync(join(root, 'big'), 5 * 1024 * 1024 + 1);
    execFileSync('mkfifo', [join(root, 'pipe')]);
    symlinkSync('../secret', join(root, 'leak'));
    symlinkSync('../root-twin', join(root, 'leakdir'));
    symlinkSync('/etc', join(root, 'dir', 'etc'));
    symlinkSync('loop', join(root, 'loop'));
    symlinkSync('nothing', join(root, 'dangling'));
    symlinkSync('..', join(root, 'dir', 'up'));
    symlinkSync('../a', join(root, 'dir', 'inside'));
  });
  afterAll(() => rmSync(top, { recursive: true }));

  it('names links out of the root and never follows them', () => {
    const tree = diskTree(root);
    expect(tree.stat('leak')?.kind).toBe('symlink-outside');
    expect(tree.read('leak').kind).toBe('unreadable');
    expect(tree.stat('leakdir')?.kind).toBe('symlink-outside');
    expect(tree.list('leakdir')).toBeUndefined();
    expect(tree.stat('leakdir/secret')).toBeUndefined();
    expect(tree.read('leakdir/secret').kind).toBe('absent');
    expect(tree.read('dir/etc/passwd').kind).toBe('absent');
    expect(tree.read('../secret').kind).toBe('absent');
    expect(tree.read('dir/up/a')).toEqual({ kind: 'text', text: '\uFEFFa\r\n' });
    expect(tree.stat('dir/inside')).toMatchObject({ kind: 'file', link: true, size: 6 });
  });
  it('opens regular files only', () => {
    const tree = diskTree(root);
    expect(tree.stat('pipe')?.kind).toBe('other');
    expect(tree.read('pipe').kind).toBe('unreadable');
    expect(tree.stat('loop')?.kind).toBe('other');
    expect(tree.stat('dangling')?.kind).toBe('other');
    expect(tree.read('big')).toEqual({ kind: 'too-large', size: 5 * 1024 * 1024 + 1 });
    expect(tree.read('nul').kind).toBe('binary');
    expect(tree.read('dir').kind).toBe('unreadable');
    expect(tree.read('none').kind).toBe('absent');
    expect(tree.read('latin1')).toEqual({ kind: 'text', text: 'c\uFFFD', lossy: true });
  });
  it('keeps its answers', () => {
    const tree = diskTree(root);
    writeFileSync(join(root, 'dir', 'changing'), 'one');
    expect(tree.read('dir/changing')).toEqual({ kind: 'text', text: 'one' });
    writeFileSync(join(root, 'dir', 'changing'), 'two');
    expect(tree.read('dir/changing')).toEqual({ kind: 'text', text: 'one' });
  });
  it('ends a walk with links that go in circles', () => {
    const paths = walk(diskTree(root), '').map((entry) => entry.path);
    expect(paths).toContain('dir/up');
    expect(paths.some((path) => path.startsWith('dir/up/'))).toBe(false);
  });
});

describe('walk', () => {
  const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`src/f${index}.js`, '']));
  const tree = memoryTree({ ...files, 'node_modules/x/index.js': '', 'a.js': '' });
  it('skips what is not the project’s own', () => {
    const paths = walk(tree, '').map((entry) => entry.path);
    expect(paths.slice(0, 3)).toEqual(['a.js', 'node_modules', 'src']);
    expect(paths).toHaveLength(53);
  });
  it('says when it is cut', () => {
    const cuts: string[] = [];
    expect(walk(tree, '', { limit: 10, onCut: (why) => cuts.push(why) })).toHaveLength(10);
    expect(cuts).toEqual(['more than 10 entries']);
    walk(tree, 'none', { onCut: (why) => cuts.push(why) });
    expect(cuts[1]).toBe('none cannot be listed');
  });
  it('does not go down without end', () => {
    const cuts: string[] = [];
    const deep = memoryTree({ [`${'d/'.repeat(500)}f`]: '' });
    expect(walk(deep, '', { onCut: (why) => cuts.push(why) }).length).toBeLessThan(100);
    expect(cuts).toHaveLength(1);
  });
});

describe('paths', () => {
  it.each([
    ['./a//b/', 'a/b'],
    ['/a/../b', 'b'],
    ['', ''],
    ['../a', undefined],
    ['a/../../b', undefined],
    ['a\0', undefined],
  ])('%j is %j', (path, clean) => expect(cleanPath(path)).toBe(clean));
  it('joins', () => expect([joinPath('a', '../b'), joinPath('', 'x'), joinPath('a', '../../x')]).toEqual(['b', 'x', undefined]));
});
