// The diff is checked with git itself: `git apply` must make of the old bytes exactly the new ones.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffOf, hunkHeader, hunksOf, patchOf, type Version } from '../../src/report/diff.ts';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'dockerfile-mod-diff-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const git = (cwd: string, args: string[], input?: string): string =>
  execFileSync('git', ['-c', 'core.autocrlf=false', ...args], { cwd, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });

let count = 0;
/** Applies the patch in a repository of its own (in `from`, below it) and answers what the files hold then. */
function applied(versions: Version[], from = '.'): string[] {
  const root = join(scratch, String(count++));
  mkdirSync(root);
  git(root, ['init', '-q']);
  for (const { path, before } of versions) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (before !== undefined) writeFileSync(join(root, path), before);
  }
  const patch = patchOf(versions);
  if (patch !== '') {
    git(join(root, from), ['apply', '--check', '-'], patch);
    git(join(root, from), ['apply', '--whitespace=nowarn', '-'], patch);
  }
  return versions.map(({ path }) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : 'absent'));
}

const before = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD ["node", "a.js"]\n';
const after =
  '# syntax=docker/dockerfile:1\nFROM node:22-slim\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "a.js"]\n';

describe('a patch that git applies', () => {
  const cases: [string, Version][] = [
    ['a changed file', { path: 'Dockerfile', before, after }],
    ['a new file', { path: 'app/.dockerignore', before: undefined, after: 'node_modules\n.git\n' }],
    ['a new file without a final line break', { path: '.dockerignore', before: undefined, after: 'node_modules' }],
    ['a new and empty file', { path: '.dockerignore', before: undefined, after: '' }],
    ['no final line break before', { path: 'Dockerfile', before: before.trimEnd(), after }],
    ['no final line break after', { path: 'Dockerfile', before, after: after.trimEnd() }],
    ['no final line break on either side', { path: 'Dockerfile', before: before.trimEnd(), after: after.trimEnd() }],
    ['CRLF line ends', { path: 'Dockerfile', before: before.replaceAll('\n', '\r\n'), after: after.replaceAll('\n', '\r\n') }],
    [
      'mixed line ends and lone carriage returns',
      { path: 'Dockerfile', before: 'FROM a\r\nRUN x\ry\n\r\r\nCMD b\n', after: 'FROM c\r\nRUN x\ry\n\r\nCMD b\n' },
    ],
    ['a byte order mark', { path: 'Dockerfile', before: '\ufeffFROM a\nCMD b\n', after: '\ufeffFROM c\nCMD b\n' }],
    ['a file that was empty', { path: 'Dockerfile', before: '', after: 'FROM a\n' }],
    ['a file that becomes empty', { path: 'Dockerfile', before: 'FROM a\n', after: '' }],
    [
      'lines that look like a patch',
      { path: 'Dockerfile', before: '--- a\n+++ b\n@@ -1 +1 @@\n', after: '--- a\n+++ c\n@@ -1 +1 @@\n-- x\n' },
    ],
    ['a name with blanks', { path: 'my app/the Dockerfile', before, after }],
    ['a new file whose name has blanks', { path: 'my app/.docker ignore', before: undefined, after }],
    ['a name with quotes and a backslash', { path: 'a"b\\c/Dockerfile', before, after }],
    ['a name with a tab and a line break', { path: 'a\tb\nc/Dockerfile', before, after }],
    ['a name outside ASCII', { path: 'größe/Dockerfile.日本 x', before, after }],
    ['control characters in the text', { path: 'Dockerfile', before: 'FROM a\n# \u001b[31m\f\n', after: 'FROM b\n# \u001b[31m\f\u2028\n' }],
    [
      'more edits than the limit',
      {
        path: 'Dockerfile',
        before: Array.from({ length: 5000 }, (_, i) => `a${i}\n`).join(''),
        after: Array.from({ length: 5000 }, (_, i) => `b${i}\n`).join('') + 'end',
      },
    ],
  ];
  it.each(cases)('%s', (_, version) => {
    expect(applied([version])).toEqual([version.after]);
  });

  it('several files in one patch', () => {
    const versions = [
      { path: 'a/Dockerfile', before, after },
      { path: 'same', before, after: before },
      { path: 'a/.dockerignore', before: undefined, after: 'x\n' },
      { path: 'b c/Dockerfile', before: before.trimEnd(), after },
    ];
    expect(applied(versions)).toEqual(versions.map((version) => version.after));
  });

  it('in a directory below the root too, paths being those of the root', () => {
    expect(applied([{ path: 'services/api/Dockerfile', before, after }], 'services/api')).toEqual([after]);
  });

  it('for any two texts', () => {
    const line = fc.constantFrom('a', 'b', 'c', '', '\\ No newline at end of file', 'x\r', ' ');
    const text = fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean()).map(([lines, ended]) => lines.join('\n') + (ended ? '\n' : ''));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 8, maxLength: 8 }), (pairs) => {
        const versions = pairs.map(([one, two], i) => ({ path: `f${i}`, before: one, after: two }));
        expect(applied(versions)).toEqual(versions.map((version) => version.after));
      }),
      { numRuns: 12 },
    );
  });
});

describe('its form', () => {
  it('is as git writes it', () => {
    expect(patchOf([{ path: 'a b/Dockerfile', before: 'FROM a\n', after: 'FROM b\n' }])).toBe(
      'diff --git a/a b/Dockerfile b/a b/Dockerfile\n--- a/a b/Dockerfile\t\n+++ b/a b/Dockerfile\t\n@@ -1,1 +1,1 @@\n-FROM a\n+FROM b\n',
    );
    expect(patchOf([{ path: 'ä/x', before: undefined, after: 'y\n' }])).toBe(
      'diff --git "a/\\303\\244/x" "b/\\303\\244/x"\nnew file mode 100644\n--- /dev/null\n+++ "b/\\303\\244/x"\n@@ -0,0 +1,1 @@\n+y\n',
    );
  });
  it('is empty when nothing changes', () => {
    expect(patchOf([{ path: 'Dockerfile', before, after: before }])).toBe('');
  });
  it('puts the Dockerfile first and the files of the context where the caller says', () => {
    const result = {
      ok: true,
      source: before,
      output: after,
      changed: true,
      files: [{ path: '.dockerignore', before: undefined, after: 'x\n' }],
      applied: [],
      skipped: [],
      notes: [],
      provenance: { added: [], removed: [] },
    } as const;
    const patch = diffOf(
      { ...result, files: [...result.files], applied: [], skipped: [], notes: [], provenance: { added: [], removed: [] } },
      { dockerfile: 'api/Dockerfile', file: (path) => `api/${path}` },
    );
    expect(patch.split('\n').filter((line) => line.startsWith('diff '))).toEqual([
      'diff --git a/api/Dockerfile b/api/Dockerfile',
      'diff --git a/api/.dockerignore b/api/.dockerignore',
    ]);
  });
  it('numbers hunks as the patch does', () => {
    const [hunk] = hunksOf('a\nb\n', 'a\nc\n');
    expect(hunk && hunkHeader(hunk)).toBe('@@ -1,2 +1,2 @@');
  });
});
