// Writing in place: all files of a Dockerfile or none, never over a change of someone else, nothing left behind.
import { linkSync, lstatSync, mkdirSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Core } from '../../src/checkout/types.ts';
import { writeFiles, type Write } from '../../src/checkout/write.ts';
import { node, scratch, slim } from '../cli/scratch.ts';
import { standIn } from '../cli/stand-in.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

/** The stand-in, with something that happens while it works: between reading and writing. */
const meanwhile = (act: () => void): Core => ({
  ...standIn,
  refactor: (...args) => {
    act();
    return standIn.refactor(...args);
  },
});

describe('writeFiles', () => {
  const write = (root: string, path: string, before: string | undefined, after: string): Write => ({
    path: join(root, path),
    before: before === undefined ? undefined : bytes(before),
    after: bytes(after),
    root,
  });

  it('replaces the file: a new inode, the old mode', () => {
    const at = scratch();
    at.write('a', 'x', 0o751);
    const inode = statSync(join(at.root, 'a')).ino;
    linkSync(join(at.root, 'a'), join(at.root, 'b'));
    expect(writeFiles([write(at.root, 'a', 'x', 'y')])).toBeUndefined();
    expect(at.all()).toEqual({ a: 'y', b: 'x' });
    expect(statSync(join(at.root, 'a')).ino).not.toBe(inode);
    expect(statSync(join(at.root, 'a')).mode & 0o7777).toBe(0o751);
  });

  it('makes a new file as others are made', () => {
    const at = scratch();
    const mask = process.umask();
    expect(writeFiles([write(at.root, 'new', undefined, 'y')])).toBeUndefined();
    expect(statSync(join(at.root, 'new')).mode & 0o777).toBe(0o666 & ~mask);
    expect(at.all()).toEqual({ new: 'y' });
  });

  it.each([
    ['changed', { a: 'z' }, 'x', 'was changed while dockerfile-mod ran; not overwritten'],
    ['removed', {}, 'x', 'was removed while dockerfile-mod ran; not written'],
    ['created', { a: 'x' }, undefined, 'was created while dockerfile-mod ran; not overwritten'],
  ])('a file that was %s meanwhile stays as it is', (_, files, before, message) => {
    const at = scratch(files);
    expect(writeFiles([write(at.root, 'a', before, 'y')])).toMatchObject({ message });
    expect(at.all()).toEqual(files);
  });

  it('writes none when one cannot be written', () => {
    const at = scratch({ a: 'x', b: 'changed' });
    expect(writeFiles([write(at.root, 'new', undefined, 'n'), write(at.root, 'a', 'x', 'y'), write(at.root, 'b', 'x', 'y')])).toMatchObject(
      { path: join(at.root, 'b') },
    );
    expect(at.all()).toEqual({ a: 'x', b: 'changed' });
    expect(writeFiles([write(at.root, 'a', 'x', 'y'), write(at.root, 'no/such/dir', undefined, 'y')])).toMatchObject({
      message: expect.stringContaining('no such file'),
    });
    expect(at.all()).toEqual({ a: 'x', b: 'changed' });
  });

  it('goes through a link inside the root, and not out of it', () => {
    const at = scratch({ 'in/a': 'x', out: 'x' });
    at.link('in/link', 'a');
    at.link('in/away', '../out');
    const root = join(at.root, 'in');
    expect(writeFiles([{ path: join(root, 'link'), before: bytes('x'), after: bytes('y'), root }])).toBeUndefined();
    expect(at.read('in/a')).toBe('y');
    expect(lstatSync(join(root, 'link')).isSymbolicLink()).toBe(true);
    expect(writeFiles([{ path: join(root, 'away'), before: bytes('x'), after: bytes('y'), root }])).toMatchObject({
      message: expect.stringContaining('leads out of'),
    });
    expect(at.read('out')).toBe('x');
  });
});

describe('a run', () => {
  it('does not overwrite what changed between reading and writing', async () => {
    const at = scratch(
      { Dockerfile: node },
      meanwhile(() => at.write('Dockerfile', 'FROM mine\n')),
    );
    const { code, err, out } = await at.run([]);
    expect(code).toBe(2);
    expect(err).toBe(
      'Dockerfile:1:1: was changed while dockerfile-mod ran; not overwritten\n  Dockerfile and its files are as they were. Run again when this is settled.\n',
    );
    expect(out).toBe('1 file with an error\n');
    expect(at.all()).toEqual({ Dockerfile: 'FROM mine\n' });
  });

  it('leaves the Dockerfile when its ignore file cannot be written', async () => {
    const at = scratch(
      { Dockerfile: `# ignore: x\n${node}` },
      meanwhile(() => writeFileSync(join(at.root, '.dockerignore'), 'mine\n')),
    );
    // The tree is asked for the file after it was made: keep it from seeing that.
    const tree: Core['diskTree'] = (root) => ({ ...standIn.diskTree(root), read: () => ({ kind: 'absent' }) });
    const core = { ...meanwhile(() => writeFileSync(join(at.root, '.dockerignore'), 'mine\n')), diskTree: tree };
    const { code, err } = await at.run([], { core: () => Promise.resolve(core) });
    expect(code).toBe(2);
    expect(err).toMatch(/^\.dockerignore:1:1: was created while dockerfile-mod ran; not overwritten\n/);
    expect(at.all()).toEqual({ Dockerfile: `# ignore: x\n${node}`, '.dockerignore': 'mine\n' });
  });

  it('does not write an ignore file through a link out of the context', async () => {
    const at = scratch({ 'app/Dockerfile': `# ignore: x\n${node}`, secret: 'a\n' });
    at.link('app/.dockerignore', '../secret');
    const before = at.all();
    expect((await at.run(['app'])).code).toBe(2);
    expect(at.all()).toEqual(before);
  });

  it('does not follow a directory that became a link meanwhile', async () => {
    const at = scratch({ 'a/Dockerfile': `# ignore: x\n${node}`, 'b/keep': '' });
    const core = meanwhile(() => {
      unlinkSync(join(at.root, 'a/Dockerfile'));
      mkdirSync(join(at.root, 'c'));
      symlinkSync('../b/keep', join(at.root, 'a/Dockerfile'));
    });
    expect((await at.run(['a'], { core: () => Promise.resolve(core) })).code).toBe(2);
    expect(at.read('b/keep')).toBe('');
  });
});

describe('an ignore file that two Dockerfiles share', () => {
  it('is written once, with the lines of both', async () => {
    const at = scratch({
      '.dockerignore': 'old\n',
      'Dockerfile.a': `# ignore: a\n# ignore: both\n${node}`,
      'Dockerfile.b': `# ignore: both\n# ignore: b\n${node}`,
    });
    const { code, out } = await at.run([]);
    expect(code).toBe(0);
    expect(at.read('.dockerignore')).toBe('old\na\nboth\nb\n');
    expect(at.read('Dockerfile.b')).toContain(slim);
    expect(out).toContain('note: .dockerignore is written once for all Dockerfiles of this context, with Dockerfile.a\n');
    expect(out.split('--- a/.dockerignore\n')).toHaveLength(2);
    expect((await at.run([])).out).toBe('nothing to do\n');
  });

  it('new, too; and the patch has it once', async () => {
    const at = scratch({ 'Dockerfile.a': `# ignore: a\n${node}`, 'Dockerfile.b': `# ignore: b\n${node}` });
    const { out } = await at.run(['--format', 'diff']);
    expect(at.read('.dockerignore')).toBe('a\nb\n');
    expect(out.split('new file mode').length).toBe(2);
  });

  it('a conflict is a skip with a sentence; the rest of the second Dockerfile is done', async () => {
    const at = scratch({ 'Dockerfile.a': `# ignore: *\n# ignore: !src\n${node}`, 'Dockerfile.b': `# ignore: b\n${node}` });
    const { code, out } = await at.run([]);
    expect(code).toBe(0);
    expect(at.read('.dockerignore')).toBe('*\n!src\n');
    expect(at.read('Dockerfile.b')).toContain(slim);
    expect(out).toContain(
      '– dockerignore: .dockerignore is written for Dockerfile.a, and the lines that this Dockerfile needs conflict with those (line 1)',
    );
  });

  it('a Dockerfile that would come out otherwise beside the lines of another is a conflict', async () => {
    const hidden: Core = {
      ...standIn,
      refactor: (source, context, options) => {
        const read = context.tree.read('.dockerignore');
        const keeps = source.includes('# needs a') && read.kind === 'text' && read.text.includes('a\n');
        return standIn.refactor(source, context, keeps ? { ...options, skip: [...(options?.skip ?? []), 'base-slim'] } : options);
      },
    };
    const at = scratch({ 'Dockerfile.a': `# ignore: a\n${node}`, 'Dockerfile.b': `# needs a\n# ignore: b\n${node}` }, hidden);
    const { out } = await at.run(['--dry-run', '--format', 'json']);
    const document = JSON.parse(out);
    expect(document.files[0].created).toEqual([{ path: '.dockerignore', content: 'a\n' }]);
    expect(document.files[1]).toMatchObject({ changed: false, created: [], skipped: [{ reason: 'ignore-conflict' }] });
  });
});
