// test/verify: ELF files of every class and byte order, and files that only begin like one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, parseElf } from '../../src/verify/image/elf.ts';
import { elfFile } from './archives.ts';

const parts = { interpreter: '/lib/ld.so', needed: ['liba.so.1', 'libb.so'], soname: 'libc.so', rpath: '/r', runpath: '$ORIGIN/../lib:/x' };

describe('parseElf', () => {
  it.each([
    [32, 'little'],
    [32, 'big'],
    [64, 'little'],
    [64, 'big'],
  ] as const)('%s bits, %s endian', (width, endian) => {
    expect(parseElf(bytesOf(elfFile({ ...parts, class: width, endian })))).toEqual({
      class: width,
      machine: width === 64 ? 62 : 3,
      interpreter: '/lib/ld.so',
      needed: ['liba.so.1', 'libb.so'],
      soname: 'libc.so',
      rpath: ['/r'],
      runpath: ['$ORIGIN/../lib', '/x'],
    });
  });

  it('a static program needs nothing', () => {
    expect(parseElf(bytesOf(elfFile({})))).toMatchObject({ interpreter: undefined, needed: [], soname: undefined });
  });

  it.each([
    ['a script', Buffer.from('#!/bin/sh\n'.repeat(20))],
    ['nothing', Buffer.alloc(0)],
    ['four bytes', Buffer.from('\x7fELF', 'latin1')],
    [
      'an object file',
      (() => {
        const file = elfFile(parts);
        file.writeUInt16LE(1, 16);
        return file;
      })(),
    ],
  ])('%s is none', (_, bytes) => {
    expect(parseElf(bytesOf(bytes))).toBeUndefined();
  });

  it('broken in any place, it answers or says that it is none', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(32 as const, 64 as const),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 12 }),
        fc.nat(700),
        (width, changes, length) => {
          const file = elfFile({ ...parts, class: width });
          for (const [at, value] of changes) if (at >= 16 && at < file.length) file[at] = value;
          const elf = parseElf(bytesOf(file.subarray(0, length)));
          expect((elf?.needed.length ?? 0) <= 1000).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
