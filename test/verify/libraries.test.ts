// test/verify: where the dynamic linker looks, one case for each rule of ld.so(8), and what is held against a rewrite.
import { describe, expect, it } from 'vitest';
import { readLdCache } from '../../src/verify/image/ld-cache.ts';
import { checkLibraries, unresolved } from '../../src/verify/compare/libraries.ts';
import { contentsOf, type Entry } from './contents.ts';

const ld = '/lib64/ld-linux-x86-64.so.2';
const musl = '/lib/ld-musl-x86_64.so.1';
/** A glibc image as Debian lays it out. */
const debian: Record<string, Entry> = {
  '/lib': '-> usr/lib',
  '/lib64': '-> usr/lib64',
  '/usr/lib64/ld-linux-x86-64.so.2': '-> ../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
  '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2': { elf: {} },
  '/usr/lib/x86_64-linux-gnu/libc.so.6': { elf: { soname: 'libc.so.6' } },
};
const alpine: Record<string, Entry> = { '/lib/ld-musl-x86_64.so.1': { elf: {} }, '/lib/libc.musl-x86_64.so.1': '-> ld-musl-x86_64.so.1' };
const program = (needed: string[], more: object = {}): Entry => ({ elf: { interpreter: ld, needed, ...more } });
const missing = (entries: Record<string, Entry>, env: Record<string, string> = {}): string[] =>
  unresolved(contentsOf(entries), env).map((one) => `${one.file} ${one.needs}`);
const lib: Entry = { elf: {} };

/** ldconfig's file, as glibc writes it on a little-endian machine. */
function ldCache(entries: Record<string, string>): string {
  const pairs = Object.entries(entries);
  const start = 48 + pairs.length * 24;
  let strings = '';
  const bytes = Buffer.alloc(start);
  bytes.write('glibc-ld.so.cache1.1', 0, 'latin1');
  bytes.writeUInt32LE(pairs.length, 20);
  bytes[28] = 2;
  for (const [index, [name, path]] of pairs.entries()) {
    const at = 48 + index * 24;
    bytes.writeUInt32LE(start + strings.length, at + 4);
    strings += `${name}\0`;
    bytes.writeUInt32LE(start + strings.length, at + 8);
    strings += `${path}\0`;
  }
  return bytes.toString('latin1') + strings;
}

describe('where glibc looks', () => {
  it.each<[string, Record<string, Entry>, string[]]>([
    ['default directories, through links', { '/bin/x': program(['libc.so.6', 'libgone.so.1']) }, ['/bin/x libgone.so.1']],
    [
      'a library of another class or machine does not count',
      { '/bin/x': program(['liba.so']), '/usr/lib/liba.so': { elf: { class: 32 } } },
      ['/bin/x liba.so'],
    ],
    ['RUNPATH with $ORIGIN', { '/opt/x/bin/x': program(['liba.so'], { runpath: '$ORIGIN/../lib' }), '/opt/x/lib/liba.so': lib }, []],
    [
      '${ORIGIN} and $LIB',
      { '/opt/x/x': program(['liba.so'], { runpath: '${ORIGIN}/$LIB' }), '/opt/x/lib/x86_64-linux-gnu/liba.so': lib },
      [],
    ],
    [
      'RUNPATH is not for what its libraries need',
      { '/opt/x': program(['liba.so'], { runpath: '/opt' }), '/opt/liba.so': { elf: { needed: ['libb.so'] } }, '/opt/libb.so': lib },
      ['/opt/liba.so libb.so'],
    ],
    [
      'RPATH is',
      { '/opt/x': program(['liba.so'], { rpath: '/opt' }), '/opt/liba.so': { elf: { needed: ['libb.so'] } }, '/opt/libb.so': lib },
      [],
    ],
    [
      'what was loaded before is found by its soname',
      {
        '/opt/x': program(['liba.so', 'libb.so'], { runpath: '/opt' }),
        '/opt/liba.so': { elf: { needed: ['libb.so'] } },
        '/opt/libb.so': lib,
      },
      [],
    ],
    [
      '/usr/local/lib counts by ld.so.cache alone',
      {
        '/bin/x': program(['liba.so', 'libb.so']),
        '/usr/local/lib/liba.so': lib,
        '/usr/local/lib/libb.so': lib,
        '/etc/ld.so.cache': ldCache({ 'liba.so': '/usr/local/lib/liba.so' }),
      },
      ['/bin/x libb.so'],
    ],
    [
      'an absolute link stays inside the image',
      { '/bin/x': program(['liba.so']), '/usr/lib/liba.so': '-> /opt/liba.so', '/opt/liba.so': lib },
      [],
    ],
    ['a link to nothing', { '/bin/x': program(['liba.so']), '/usr/lib/liba.so': '-> /etc/alternatives/liba.so' }, ['/bin/x liba.so']],
    ['a needed path', { '/bin/x': program(['/opt/liba.so', '/opt/libb.so']), '/opt/liba.so': lib }, ['/bin/x /opt/libb.so']],
    ['debug files load nothing', { '/usr/lib/debug/x.debug': program(['liba.so']) }, []],
  ])('%s', (_, entries, expected) => {
    expect(missing({ ...debian, ...entries })).toEqual(expected);
  });

  it('LD_LIBRARY_PATH', () => {
    const entries = { ...debian, '/bin/x': program(['liba.so']), '/opt/lib/liba.so': lib };
    expect(missing(entries)).toEqual(['/bin/x liba.so']);
    expect(missing(entries, { LD_LIBRARY_PATH: '/none:/opt/lib' })).toEqual([]);
  });
  it('a static program needs nothing, even on scratch', () => {
    expect(missing({ '/x': { elf: {} } })).toEqual([]);
  });
  it('the interpreter itself', () => {
    expect(missing({ '/x': program(['libc.so.6']) })).toEqual([`/x ${ld}`]);
    expect(missing({ ...debian, '/x': { elf: { interpreter: musl, needed: ['libc.musl-x86_64.so.1'] } } })).toEqual([`/x ${musl}`]);
    expect(missing({ ...alpine, '/x': program(['libc.so.6']) })).toEqual([`/x ${ld}`]);
  });
});

describe('where musl looks', () => {
  it.each<[string, Record<string, Entry>, string[]]>([
    [
      'itself, and its directories',
      { '/x': { elf: { interpreter: musl, needed: ['libc.musl-x86_64.so.1', 'liba.so', 'libb.so'] } }, '/usr/local/lib/liba.so': lib },
      ['/x libb.so'],
    ],
    [
      'the path file instead',
      { '/x': { elf: { interpreter: musl, needed: ['liba.so'] } }, '/etc/ld-musl-x86_64.path': '/opt/a\n/opt/b\n', '/opt/b/liba.so': lib },
      [],
    ],
    [
      'RUNPATH counts for what is loaded by it, too',
      {
        '/opt/x': { elf: { interpreter: musl, needed: ['liba.so'], runpath: '/opt' } },
        '/opt/liba.so': { elf: { needed: ['libb.so'] } },
        '/opt/libb.so': lib,
      },
      [],
    ],
    ['an addon for glibc', { '/app/x.node': { elf: { needed: ['libc.so.6'] } } }, ['/app/x.node libc.so.6']],
    [
      'an addon for glibc beside the one for musl',
      {
        '/app/sharp-linux-x64/x.node': { elf: { needed: ['libc.so.6'] } },
        '/app/sharp-linuxmusl-x64/x.node': { elf: { needed: ['libc.musl-x86_64.so.1'] } },
      },
      [],
    ],
  ])('%s', (_, entries, expected) => {
    expect(missing({ ...alpine, ...entries })).toEqual(expected);
  });
});

describe('checkLibraries', () => {
  const env = { before: {}, after: {} };
  const before = contentsOf({
    ...debian,
    '/app/x.so': { elf: { needed: ['libpq.so.5', 'libold.so'] } },
    '/usr/lib/x86_64-linux-gnu/libpq.so.5': lib,
    '/var/lib/dpkg/info/libpq5:amd64.list': '/usr/lib/x86_64-linux-gnu/libpq.so.5',
  });

  it('a library lost: file, library, and which package had it', () => {
    const after = contentsOf({ ...debian, '/srv/x.so': { elf: { needed: ['libpq.so.5', 'libold.so'] } } });
    expect(checkLibraries(before, after, env)).toEqual({
      id: 'libraries',
      outcome: 'failed',
      detail:
        '/srv/x.so needs libpq.so.5, which is not in the rewritten image (in the original: /usr/lib/x86_64-linux-gnu/libpq.so.5 of libpq5); 1 file lacks a library in the original too',
      differences: [{ what: '/srv/x.so needs libpq.so.5', before: '/usr/lib/x86_64-linux-gnu/libpq.so.5 of libpq5', after: 'not found' }],
      about: ['/srv/x.so', '/usr/lib/x86_64-linux-gnu/libpq.so.5', 'libpq5'],
    });
  });
  it('what the original did not find either is counted, not held', () => {
    expect(checkLibraries(before, before, env)).toMatchObject({
      outcome: 'passed',
      detail: expect.stringContaining('1 file lacks a library in the original too'),
    });
  });
  it('what only the new base has is worth a warning', () => {
    const after = contentsOf({ ...debian, '/usr/bin/new': program(['libnew.so']) });
    expect(checkLibraries(before, after, env)).toMatchObject({
      outcome: 'warned',
      detail: expect.stringContaining('1 file lacks a library, new in the rewritten image'),
    });
  });
  it('slim Python images lack Tk by choice', () => {
    const tk = '/usr/local/lib/python3.13/lib-dynload/_tkinter.cpython-313-x86_64-linux-gnu.so';
    const has = contentsOf({ ...debian, [tk]: { elf: { needed: ['libtk8.6.so'] } }, '/usr/lib/libtk8.6.so': lib });
    const lacks = contentsOf({ ...debian, [tk]: { elf: { needed: ['libtk8.6.so'] } } });
    expect(checkLibraries(has, lacks, env)).toMatchObject({
      outcome: 'passed',
      detail: expect.stringContaining('slim images come without Tk'),
    });
  });
  it('a program whose linker is gone', () => {
    const has = contentsOf({ ...debian, '/app/server': program(['libc.so.6']) });
    expect(checkLibraries(has, contentsOf({ '/server': program(['libc.so.6']) }), env)).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(
        /^\/server cannot be started: \/lib64\/ld-linux-x86-64\.so\.2, its dynamic linker, is not in the rewritten image/,
      ),
    });
  });
});

describe('readLdCache', () => {
  it('what is none, and what is cut short, is empty or shorter', () => {
    expect(readLdCache('')).toEqual(new Map());
    const whole = ldCache({ 'liba.so': '/a/liba.so', 'libb.so': '/b/libb.so' });
    expect([...readLdCache(`older table ${whole}`)]).toEqual([
      ['liba.so', ['/a/liba.so']],
      ['libb.so', ['/b/libb.so']],
    ]);
    for (let end = 0; end < whole.length; end += 1) expect(readLdCache(whole.slice(0, end)).size).toBeLessThanOrEqual(2);
  });
});
