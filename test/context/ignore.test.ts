// Room: context/. The ignore file, compared with Docker's own answers (ignore-answers.jsonl: moby/patternmatcher v0.6.1).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ignoreFile, ignorePatterns, matcher } from '../../src/context/ignore.ts';
import { memoryTree } from '../../src/context/memory.ts';
import { costOf } from '../cost.ts';

interface Answer {
  file: string;
  refused?: true;
  hidden?: string[];
  sent?: string[];
}
const answers = readFileSync(new URL('ignore-answers.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Answer);

describe('what an ignore file hides', () => {
  it(`is what Docker says, in ${answers.length} files`, () => {
    for (const answer of answers) {
      const file = ignoreFile(memoryTree({ '.dockerignore': answer.file }), undefined);
      expect([answer.file, file.error !== undefined]).toEqual([answer.file, answer.refused === true]);
      for (const path of answer.hidden ?? []) expect([answer.file, path, file.ignores(path)]).toEqual([answer.file, path, true]);
      for (const path of answer.sent ?? []) expect([answer.file, path, file.ignores(path)]).toEqual([answer.file, path, false]);
    }
  });

  it('never hides the root, nor anything when Docker refuses the file', () => {
    expect(matcher('.\n*\n')('')).toBe(false);
    expect(matcher('node_modules\n!\n')('node_modules')).toBe(false);
  });

  it('takes no exponential time, whatever the pattern', () => {
    const ignores = matcher(`${'**/a'.repeat(60)}/b\n${'*a'.repeat(60)}b`);
    expect(costOf(() => expect(ignores(`${'a/'.repeat(300)}c`)).toBe(false))).toBeLessThan(150);
  });

  it('refuses to read thousands of patterns', () => {
    expect(ignoreFile(memoryTree({ '.dockerignore': 'a\n'.repeat(6000) }), undefined).error).toBe('more than 5000 patterns');
  });
});

describe('the ignore file in force', () => {
  it('is the one beside the Dockerfile, instead of .dockerignore', () => {
    const tree = memoryTree({ '.dockerignore': 'a', 'docker/api.Dockerfile.dockerignore': 'b', 'docker/api.Dockerfile': '' });
    const file = ignoreFile(tree, 'docker/api.Dockerfile');
    expect([file.path, file.ignores('a'), file.ignores('b')]).toEqual(['docker/api.Dockerfile.dockerignore', false, true]);
    expect(ignoreFile(tree, 'Dockerfile').path).toBe('.dockerignore');
  });
  it('is absent', () => {
    const file = ignoreFile(memoryTree({}), 'Dockerfile');
    expect([file.path, file.source, file.ignores('a'), file.allowList]).toEqual([undefined, '', false, false]);
  });
  it('says when it cannot be read', () => {
    expect(ignoreFile(memoryTree({ '.dockerignore': { text: 'a\0' } }), undefined).error).toBe('.dockerignore is binary');
  });
  it.each([
    ['*\n!src\n', true],
    ['# all\n**\n!a\n', true],
    ['*\n', false],
    ['node_modules\n*\n!a\n', false],
    ['*.md\n!README.md\n', false],
  ])('%j is an allow list: %s', (source, allowList) => {
    expect(ignoreFile(memoryTree({ '.dockerignore': source }), undefined).allowList).toBe(allowList);
  });
  it('gives its patterns with lines', () => {
    expect(ignorePatterns('\uFEFF# c\r\n./a/\r\n!/b\r\n')).toEqual([
      { pattern: 'a', exception: false, line: 2 },
      { pattern: 'b', exception: true, line: 3 },
    ]);
  });
});
