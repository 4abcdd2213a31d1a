// Bad input gets a sentence with a place and with what to do, exit code 2, and no file is touched.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { node, scratch, slim } from './scratch.ts';

const utf16 = (text: string, mark: boolean): Uint8Array => Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');

const cases: [string, string | Uint8Array, RegExp][] = [
  ['not a Dockerfile', 'Dear reader,\nthis is a letter.\n', /^Dockerfile:1:1: unknown instruction: Dear\n {2}\S/],
  ['binary', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 1, 0, 0]), /^Dockerfile:1:1: is a binary file \(NUL byte at offset 5\)\n {2}\S/],
  ['UTF-16 with a mark', utf16(node, true), /^Dockerfile:1:1: is UTF-16 text; a Dockerfile is UTF-8\n {2}.*iconv/],
  ['UTF-16 without a mark', utf16(node, false), /is UTF-16 text/],
  ['UTF-16, the big end first', Buffer.from(utf16(node, true)).swap16(), /is UTF-16 text/],
  ['Latin-1', Buffer.from('FROM a\n# gr\xfc\xdfe\n', 'latin1'), /^Dockerfile:2:5: is not UTF-8 text \(byte 0xfc\)\n {2}.*iconv/],
  ['UTF-8 that ends in the middle of a character', Buffer.from('FROM a\n# \xc3', 'latin1'), /^Dockerfile:2:3: is not UTF-8 text/],
  ['empty', '', /^Dockerfile:1:1: is empty\n {2}\S/],
  ['20 MB', new Uint8Array(20 * 1024 * 1024).fill(35), /^Dockerfile:1:1: is 20\.0 MB; the limit for a Dockerfile is 1 MB\n {2}\S/],
  ['no FROM', '# nothing\n', /^Dockerfile:1:1: no build stage: there is no FROM\n {2}Add a FROM instruction\.\n/],
  ['an unknown instruction', 'FROM a\n\nINSTALL b\n', /^Dockerfile:3:1: unknown instruction: INSTALL\n {2}\S/],
];

describe('bad input', () => {
  it.each(cases)('%s', async (_, content, message) => {
    const at = scratch({ 'good/Dockerfile': node });
    at.write('Dockerfile', content);
    const before = at.all();
    const { code, err } = await at.run(['Dockerfile', 'good']);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n {4}at /);
    expect(at.all()).toEqual({ ...before, 'good/Dockerfile': slim });
  });

  it('a directory named Dockerfile', async () => {
    const at = scratch({ 'Dockerfile/readme': 'x' });
    for (const args of [['Dockerfile'], ['.'], []]) {
      expect(await at.run(args)).toMatchObject({
        code: 2,
        err: expect.stringMatching(/^Dockerfile:1:1: is a directory, and there is no Dockerfile in it\n/),
      });
    }
    at.write('Dockerfile/Dockerfile', node);
    expect((await at.run(['Dockerfile'])).code).toBe(0);
  });

  it('a named pipe is not waited for', async () => {
    const at = scratch();
    execFileSync('mkfifo', [`${at.root}/Dockerfile`]);
    expect(await at.run(['.'])).toMatchObject({ code: 2, err: expect.stringMatching(/^Dockerfile:1:1: is not a regular file\n/) });
  });

  it.skipIf(process.getuid?.() === 0)('unreadable', async () => {
    const at = scratch();
    at.write('Dockerfile', node, 0);
    expect((await at.run([])).err).toMatch(/^Dockerfile:1:1: cannot be read: permission denied\n/);
  });
});
