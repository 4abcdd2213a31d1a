// A golden's text and its pieces are the same, turned round; what the files of a case may be made of comes through unchanged.
import { lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownTemporary } from '../temporary.ts';
import { goldenCases, textOf, writeInput, writeText } from './cases.ts';
import { idsOf, parseGolden, partsOf, printGolden, sectionsOf, type Golden } from './format.ts';

const empty: Golden = { intro: '', settings: {}, input: [], expected: {}, said: 'nothing\n' };
const bytesOf = (golden: Golden): (string | undefined)[] =>
  golden.input.map(({ content }) => ('bytes' in content ? content.bytes.toString('base64') : undefined));
const withFile = (path: string, bytes: Buffer, executable = false): Golden => ({
  ...empty,
  input: [{ path, content: { bytes }, executable }],
});

describe('the text of a golden', () => {
  it('of every case is what printing its pieces gives', () => {
    const other = goldenCases().filter((one) => {
      const text = textOf(one);
      return printGolden(parseGolden(text)) !== text;
    });
    expect(other).toEqual([]);
  });

  it('keeps every byte of a text', () => {
    const parts = fc.constantFrom('=== said', '\\=== a', '\n', '\r\n', '\r', '\0', '\uFEFF', 'RUN a', '\\', '\\r', '=== ', 'é', '');
    fc.assert(
      fc.property(fc.array(parts), fc.boolean(), (lines, executable) => {
        const golden = withFile('Dockerfile', Buffer.from(lines.join('')), executable);
        const again = parseGolden(printGolden(golden));
        expect(bytesOf(again)).toEqual(bytesOf(golden));
        expect(again.input.map((file) => file.executable)).toEqual([executable]);
      }),
    );
  });

  it('shows how a file differs from lines of text', () => {
    expect(printGolden(withFile('a', Buffer.from('\uFEFFx\r\ny')))).toBe(
      '=== a (BOM, CRLF, no line break at the end)\nx\ny\n=== said\nnothing\n',
    );
    expect(printGolden(withFile('a', Buffer.from('\uFEFFx\n', 'utf16le')))).toBe('=== a (UTF-16)\nx\n=== said\nnothing\n');
    expect(printGolden(withFile('a', Buffer.from('x\r\ny\n')))).toBe('=== a (escapes)\nx\\r\ny\n=== said\nnothing\n');
    expect(printGolden(withFile('said', Buffer.from('=== x\n')))).toBe('=== ./said\n\\=== x\n=== said\nnothing\n');
  });

  it('cannot hold what is no text, nor words that nobody knows', () => {
    expect(() => printGolden(withFile('a.png', Buffer.from([0xc3, 0x28])))).toThrow('a.png cannot be shown as text');
    expect(() => parseGolden('=== options\nlevels: safe\n')).toThrow('no option of a golden: levels: safe');
    expect(() => parseGolden('=== a (crlf)\n')).toThrow('no sign of a file in a golden: crlf');
    expect(() => parseGolden('=== a')).toThrow('no line break');
  });

  it('ends with what a run makes', () => {
    const text =
      'Why.\n=== Dockerfile\nFROM a\n=== expected Dockerfile\nFROM b\n=== said\nskipped x no-gain (line 1): why\nnote y base: so\n';
    expect(partsOf(text).given).toBe('Why.\n=== Dockerfile\nFROM a\n');
    expect(idsOf(partsOf(text).result)).toEqual(['no-gain', 'base']);
  });

  it('may be one of several in a file', () => {
    const names = (text: string): (string | undefined)[] => sectionsOf(text).flatMap((section) => (section.isCase ? [section.name] : []));
    expect(names('Why.\n=== Dockerfile\nFROM a\n')).toEqual([undefined]);
    expect(names('Why.\n=== case a\n=== Dockerfile\nFROM a\n=== case b\nWhy.\n=== Dockerfile\n\\=== case c\n')).toEqual(['a', 'b']);
    expect(names('=== Dockerfile\nFROM a\n=== case b\n=== Dockerfile\nFROM a\n')).toEqual([undefined, 'b']);
    const group = join(ownTemporary(), 'group');
    const path = join(group, 'file.golden');
    mkdirSync(group);
    writeFileSync(path, '=== Dockerfile\nFROM a\n=== case b\n=== Dockerfile\nFROM b\n');
    const cases = goldenCases(dirname(group));
    expect(cases.map(({ name }) => name)).toEqual(['file', 'b']);
    for (const one of cases) writeText(one, `${textOf(one)}=== said\nnothing\n`);
    expect(readFileSync(path, 'utf8')).toBe(
      '=== Dockerfile\nFROM a\n=== said\nnothing\n=== case b\n=== Dockerfile\nFROM b\n=== said\nnothing\n',
    );
    writeFileSync(path, '=== case b\n=== Dockerfile\nFROM a\n=== case b\n=== Dockerfile\nFROM b\n');
    expect(() => goldenCases(dirname(group))).toThrow('two cases are called group/b');
  });

  it('becomes files, links and directories', () => {
    const directory = join(ownTemporary(), 'case');
    writeInput(
      parseGolden('=== bin/start (executable)\n#!/bin/sh\n=== now -> bin\n=== data/\n=== lock from shared/flask.poetry.lock\n'),
      directory,
    );
    expect(lstatSync(join(directory, 'bin/start')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(directory, 'now'))).toBe('bin');
    expect(lstatSync(join(directory, 'data')).isDirectory()).toBe(true);
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toContain('name = "flask"');
  });
});
