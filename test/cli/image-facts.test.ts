// `--image-facts`: the document reaches the library for the Dockerfile that it is of, and for no other; what is no document is told so.
import { createHash } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { digestOf } from '../../src/image/digest.ts';
import { documentOf } from '../image-document.ts';
import { scratch } from './scratch.ts';

const dockerfile = 'FROM acme/base:1\nWORKDIR /app\nCOPY tool.sh ./\nRUN ./tool.sh make\nCMD ["./tool.sh", "serve"]\n';
const files = { Dockerfile: dockerfile, 'tool.sh': '#!/bin/sh\necho made > made\n' };
const facts = JSON.stringify(documentOf(dockerfile));

describe('--image-facts', () => {
  it('says what an unknown base declares', async () => {
    const at = scratch({ ...files, 'facts.json': facts }, core);
    const args = ['--dry-run', '--only', 'non-root-user'];
    expect((await at.run(args)).out).toContain('Base image acme/base:1 is not known to this tool');
    const { code, out } = await at.run([...args, '--image-facts', 'facts.json']);
    expect(code).toBe(0);
    expect(out).not.toContain('is not known');
  });

  it.each([
    ['', 'is empty; make it anew'],
    ['{"schemaVersion": 1,', 'is no JSON; make it anew'],
    ['[1]', 'holds no image facts; make it anew'],
    [
      JSON.stringify({ ...documentOf(dockerfile), schemaVersion: 7 }),
      'has version 7 of the schema, and this version of dockerfile-mod reads 1',
    ],
    [JSON.stringify({ ...documentOf(dockerfile), osPackages: 7 }), 'holds no image facts: osPackages: '],
  ])('refuses %.30s', async (text, says) => {
    const at = scratch({ ...files, 'facts.json': text }, core);
    const before = at.all();
    const { code, err } = await at.run(['--image-facts', 'facts.json']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`--image-facts: facts.json ${says}`) });
    expect(at.all()).toEqual(before);
  });

  it('reads no file that is not there, no directory, and nothing huge', async () => {
    const at = scratch({ ...files, 'big.json': '' }, core);
    truncateSync(join(at.root, 'big.json'), 300 * 1024 * 1024);
    expect((await at.run(['--image-facts', 'none.json'])).err).toContain('none.json cannot be read: ');
    expect((await at.run(['--image-facts', '.'])).err).toContain('--image-facts: . cannot be read: ');
    expect((await at.run(['--image-facts', 'big.json'])).err).toContain('big.json has 300 MB; the limit is 256 MB');
  });

  it('is refused for another Dockerfile, and nothing is written', async () => {
    const at = scratch({ ...files, 'other/Dockerfile': 'FROM node:22\nCMD ["node", "a.js"]\n', 'facts.json': facts }, core);
    const before = at.all();
    const { code, err } = await at.run(['other', '--image-facts', 'facts.json']);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('The image facts are of another Dockerfile (Dockerfile), or this one has changed since'),
    });
    const input = await at.run(['-', '--context', '.', '--image-facts', 'facts.json'], { input: `${dockerfile}\n` });
    expect({ code: input.code, out: input.out }).toEqual({ code: 2, out: '' });
    expect(at.all()).toEqual(before);
    expect((await at.run(['.', '--dry-run', '--image-facts', 'facts.json'])).code).toBe(0);
  });

  it('is refused by the library as well', () => {
    const context = { tree: core.memoryTree({}), dockerfilePath: 'Dockerfile', contextCertain: true, image: documentOf(dockerfile) };
    expect(core.refactor(`${dockerfile}# more\n`, context)).toMatchObject({ ok: false, error: { line: 1 } });
    expect(core.refactor(dockerfile, context)).toMatchObject({ ok: true });
  });
});

it('digests are those of SHA-256', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 5000]) {
    const text = 'aé✓\u{1f600}'.repeat(length).slice(0, length);
    expect(digestOf(text)).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
  }
});
