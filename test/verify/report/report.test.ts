// What verify says on a terminal and as a document: complete, 80 columns wide, and without the control characters of what it read.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { bytesText, changeText, countText, secondsText } from '../../../src/report/quantity.ts';
import { sideBySide } from '../../../src/report/side-by-side.ts';
import { checkTexts } from '../../../src/verify/report/checks.ts';
import { docsTables } from '../../../src/verify/report/docs.ts';
import { diffOfVerification, verifyDocument } from '../../../src/verify/report/json.ts';
import { progress, type Screen } from '../../../src/verify/report/progress.ts';
import { verifyJsonSchema, verifySchema } from '../../../src/verify/report/schema.ts';
import { verifyTable } from '../../../src/verify/report/table.ts';
import { wrap } from '../../../src/report/wrap.ts';
import { hostile, sample, sampleBroken, sampleRejected } from './sample.ts';

const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe('the table', () => {
  const text = verifyTable(sample, { colour: 'never', flags: ['--level', 'max'] });
  const lines = text.split('\n');

  it('holds no control character, with colours only those of its own', () => {
    expect(text).not.toMatch(control);
    const painted = verifyTable(sample, { colour: 'always' });
    expect(painted).toContain('\u001b[32m✓\u001b[39m');
    expect(painted.replace(/\u001b\[\d+m/g, '')).not.toMatch(control);
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(verifyTable(sample, { colour: 'never' }));
  });

  it('is 80 columns wide, but for paths in headings and commands to copy', () => {
    const wide = lines.filter((line) => [...line].length > 80);
    expect(wide.filter((line) => !line.startsWith('weather ') && !line.includes('to see it again:'))).toEqual([]);
  });

  it('tells outcomes, checks, differences, measures, and what was taken back', () => {
    expect(lines[0]).toBe('shop/Dockerfile (context shop)');
    expect(text).toContain('  ✓ http       2 probes answer alike: GET / (200), GET /health (204)\n');
    expect(text).toContain('               USER: (root) → 1000:1000 (expected: non-root-user announced it)\n');
    expect(text).toMatch(/ {2}image size +1\.19 GB +234 MB +−80 %\n/);
    expect(text).toMatch(/ {2}after a source edit +24\.1 s +6\.2 s +−74 %\n +src\/main\.ts\n/);
    expect(text).toMatch(/vulnerabilities +– +–\n +not measured: trivy did not end within 300 s\n/);
    expect(text).toContain('  ✗ base-slim was taken back: Shared libraries\n');
    expect(text).toContain('because of wsgi.py:1: imports psycopg2\n');
    expect(text).toContain('│   File "/app/wsgi.py", line 1, in <module>\n');
    expect(text).toMatch(/to see it again: dockerfile-mod verify 'weather .*' --only copy-order,cache-mounts,base-slim --level max\n/);
    expect(text).toMatch(/\n2 Dockerfiles with Docker 28\.2\.2: 1 verified, 1 partly verified\n$/);
  });

  it('says with --verify what became of the files: the patch in a dry run, the paths else', () => {
    const dry = verifyTable(sample, { colour: 'never', writing: 'dry-run' });
    expect(dry).toContain('\n+FROM node:22-slim\n');
    expect(dry).toContain('\nThis would be written; nothing was.\n');
    expect(dry).not.toMatch(control);
    expect(verifyTable(sample, { colour: 'never', writing: 'written' })).toContain('\nWritten: shop/Dockerfile, ');
    expect(verifyTable(sampleRejected, { colour: 'never', writing: 'written' })).toContain(
      'Nothing was written: there is nothing that passed.',
    );
    expect(text).not.toMatch(/[Ww]ritten[;:]/);
  });

  it('dims what is expected', () => {
    expect(verifyTable(sample, { colour: 'always' })).toContain(
      '\u001b[2mUSER: (root) → 1000:1000 (expected: non-root-user announced it)\u001b[22m',
    );
  });

  it('tells many expected differences of one reason by their names', () => {
    const differences = ['ENV A', 'ENV B', 'ENV C'].map((what) => ({ what, before: '1', after: 'not set', expected: 'another base' }));
    const [file] = sample.files;
    const checks = [
      { id: 'config', outcome: 'passed', detail: 'meant', differences: [...differences, { what: 'CMD', before: 'a', after: 'b' }] },
    ] as const;
    const told = verifyTable({ ...sample, files: file ? [{ ...file, checks }] : [] }, { colour: 'never' });
    expect(told).toContain('               ENV A, ENV B, ENV C (expected: another base)\n               CMD: a → b\n');
  });

  it('tells a problem with its hint and the end of its log', () => {
    const told = verifyTable(sampleBroken, { colour: 'never' });
    expect(told).toContain('  RUN npm ci ended with exit code 1\n  Repair the original first.\n  │ npm error code EUSAGE\n');
    expect(told).not.toMatch(control);
  });

  it('stands without files', () => {
    expect(verifyTable({ ...sample, files: [], engine: undefined }, { colour: 'never' })).toBe('0 Dockerfiles\n');
  });
});

describe('the document', () => {
  it('is published with its schema: `npm run generate` writes it', () => {
    expect(JSON.parse(readFileSync('schema/verify.schema.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(verifyJsonSchema)));
  });

  it.each([sample, sampleBroken, sampleRejected])('follows its schema, which lets nothing else through', (result) => {
    const document = JSON.parse(JSON.stringify(verifyDocument(result)));
    expect(verifySchema.parse(document)).toEqual(document);
    expect(verifySchema.safeParse({ ...document, more: 1 }).success).toBe(false);
    expect(verifySchema.safeParse({ ...document, files: [{ ...document.files[0], more: 1 }] }).success).toBe(false);
  });

  it('has no patch of a rewrite that was not kept', () => {
    const [file] = verifyDocument(sampleRejected).files;
    expect(file?.diff).toBe('');
    expect(file?.after).toBe(file?.before);
    expect(verifyTable(sampleRejected, { colour: 'never' })).not.toContain('image size');
  });

  it('has the patch of the Dockerfile and of the files of its context', () => {
    const [file] = sample.files;
    const patch = file ? diffOfVerification(file) : '';
    expect(patch).toContain('--- a/shop/Dockerfile\n+++ b/shop/Dockerfile\n');
    expect(patch).toContain('+++ b/shop/.dockerignore\n');
  });
});

describe('progress', () => {
  const screen = (more: Partial<Screen> = {}): Screen & { text: string } => {
    const made = { text: '', ...more, write: (text: string): void => void (made.text += text) };
    return made;
  };

  it('is plain lines where there is no terminal', () => {
    let now = 0;
    const out = screen();
    const shown = progress(out, { colour: 'never', now: () => now });
    shown.tell({ kind: 'step', text: `Building ${hostile}` });
    shown.tell({ kind: 'line', text: '#5 0.3 npm ci' });
    now = 12_345;
    shown.tell({ kind: 'done', text: 'Built the original' });
    now = 61_000;
    shown.tell({ kind: 'step', text: 'Starting' });
    now = 63_000;
    shown.tell({ kind: 'step', text: 'Comparing' });
    shown.end();
    shown.end();
    expect(out.text).not.toMatch(control);
    expect(out.text.split('\n').slice(1)).toEqual([
      '[0:12] Built the original (12.3 s)',
      '[1:01] Starting …',
      '[1:03] Starting: done (2.0 s)',
      '[1:03] Comparing …',
      '[1:03] Comparing: ended (0.0 s)',
      '',
    ]);
  });

  it('ticks in place on a terminal, with the last line of the build, and stays as a list of steps', () => {
    vi.useFakeTimers();
    try {
      let now = 0;
      const out = screen({ isTTY: true, columns: 40 });
      const shown = progress(out, { colour: 'never', now: () => now });
      shown.tell({ kind: 'step', text: 'Building the original' });
      shown.tell({ kind: 'line', text: `#5 0.3 \u001b[2J${'x'.repeat(100)}` });
      now = 1000;
      vi.advanceTimersByTime(1000);
      now = 2000;
      vi.advanceTimersByTime(1000);
      expect(onScreen(out.text)).toEqual(['… Building the original (0:02)', `  #5 0.3 \\x1b[2J${'x'.repeat(23)}`]);
      shown.tell({ kind: 'done', text: '' });
      shown.tell({ kind: 'step', text: 'Comparing' });
      shown.end();
      expect(onScreen(out.text)).toEqual(['✓ Building the original (2.0 s)', '– Comparing (0.0 s)']);
      const before = out.text;
      vi.advanceTimersByTime(5000);
      shown.end();
      expect(out.text).toBe(before);
    } finally {
      vi.useRealTimers();
    }
  });

  /** What a terminal shows: lines, where "up and erase" takes the last one away. */
  function onScreen(text: string): string[] {
    const lines: string[] = [];
    for (const part of text.split(/(\u001b\[1A\u001b\[2K|\n)/)) {
      if (part === '\u001b[1A\u001b[2K') lines.pop();
      else if (part !== '\n' && part !== '') lines.push(part);
    }
    return lines;
  }
});

describe('side by side', () => {
  it('finds which line became which', () => {
    const rows = sideBySide('FROM node:22\nCOPY . .\nRUN npm ci\n', '# syntax=x\nFROM node:22 AS build\nCOPY . .\nRUN npm ci --omit=dev\n');
    expect(rows.map(({ kind, before, after }) => [kind, before?.number, after?.number])).toEqual([
      ['added', undefined, 1],
      ['changed', 1, 2],
      ['same', 2, 3],
      ['changed', 3, 4],
    ]);
    expect(rows[3]?.after?.parts).toEqual([
      { text: 'RUN npm ci', changed: false },
      { text: ' --omit=dev', changed: true },
    ]);
  });

  it('has every line of both once, in order, as it is', () => {
    const line = fc.constantFrom('FROM a', 'RUN a b', 'RUN a c', '', 'COPY . .', 'CMD x');
    const texts = fc.array(line, { maxLength: 12 }).map((lines) => lines.map((one) => `${one}\n`).join(''));
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const rows = sideBySide(before, after);
        const text = (side: 'before' | 'after'): string =>
          rows.flatMap((row) => (row[side] ? [`${row[side].parts.map((part) => part.text).join('')}\n`] : [])).join('');
        const numbers = rows.flatMap(({ before: one }) => one?.number ?? []);
        expect(text('before')).toBe(before);
        expect(text('after')).toBe(after);
        expect(numbers).toEqual(numbers.map((_, i) => i + 1));
        expect(rows.every((row) => row.kind !== 'same' || row.before?.parts[0]?.text === row.after?.parts[0]?.text)).toBe(true);
      }),
    );
  });
});

it('wraps without losing a word, in lines that fit', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-c ]{0,60}$/), fc.integer({ min: 4, max: 20 }), (text, width) => {
      const lines = wrap(text, width);
      expect(lines.every((line) => line.length <= width)).toBe(true);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }),
  );
  expect(wrap('  File "a", line 1, in b', 14)).toEqual(['  File "a",', 'line 1, in b']);
});

it('says quantities as people read them', () => {
  expect([0, 999, 1000, 12_345, 999_499, 999_999, 1_188_000_000].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1.00 kB',
    '12.3 kB',
    '999 kB',
    '1.00 MB',
    '1.19 GB',
  ]);
  expect([0.04, 99.9, 99.96, 312, 3725].map(secondsText)).toEqual(['0.0 s', '99.9 s', '1 min 40 s', '5 min 12 s', '1 h 2 min']);
  expect([999, 1000, 51_230].map(countText)).toEqual(['999', '1\u202f000', '51\u202f230']);
  expect([
    changeText(100, 20),
    changeText(100, 109.1),
    changeText(1000, 0.5),
    changeText(5, 5),
    changeText(0, 5),
    changeText(5, 0),
  ]).toEqual(['−80 %', '+9.1 %', '−99.9 %', 'same', undefined, '−100 %']);
});

it('explains every check in the docs: `npm run generate` writes the tables', async () => {
  const page = readFileSync('docs/verify.md', 'utf8');
  const { format, resolveConfig } = await import('prettier');
  expect(await format(docsTables(page), { ...(await resolveConfig('docs/verify.md')), parser: 'markdown' })).toBe(page);
});

it('explains every check', () => {
  for (const { title, looksAt } of Object.values(checkTexts)) {
    expect(title).toMatch(/^[A-Z][^.]+$/);
    expect(looksAt).toMatch(/\.$/);
  }
});
