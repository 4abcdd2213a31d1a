// The schema that is published is the one that the output follows.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documentOf } from '../../src/report/json.ts';
import { jsonSchema, resultSchema } from '../../src/report/schema.ts';
import type { FileReport } from '../../src/report/types.ts';

it('is the file in the package: `npm run generate` writes it', () => {
  expect(JSON.parse(readFileSync('schema/result.schema.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(jsonSchema)));
});

it('holds for every optional part, and lets nothing else through', () => {
  const evidence = [
    { file: 'Dockerfile', line: 1, says: 'FROM a', more: 1 },
    { file: 'package.json', says: 'x' },
  ];
  const report: FileReport = {
    path: 'Dockerfile',
    patchPath: 'Dockerfile',
    context: '.',
    source: 'a\n',
    result: {
      ok: true,
      source: 'a\n',
      output: 'b\n',
      changed: true,
      files: [],
      applied: [{ transform: 't', title: 'T', safety: 'safe', why: 'w', evidence }],
      skipped: [{ transform: 't', reason: 'r', message: 'm', line: 1, allow: 'x', evidence }],
      notes: [{ transform: 't', id: 'n', message: 'm', line: 2 }],
      provenance: { added: [['t']], removed: [['t']] },
    },
    files: [
      { path: '.dockerignore', patchPath: '.dockerignore', inContext: '.dockerignore', before: undefined, after: 'x\n' },
      { path: 'y', patchPath: 'y', inContext: 'y', before: '1\n', after: '2\n' },
    ],
    skipped: [],
    notes: [],
    error: undefined,
  };
  const failed: FileReport = { ...report, error: { path: 'Dockerfile', line: 1, column: 2, message: 'm', hint: 'h' } };
  const document = JSON.parse(JSON.stringify(documentOf('1.0.0', [report, failed])));
  expect(resultSchema.parse(document)).toEqual(document);
  expect(document.summary).toEqual({ files: 2, changed: 1, created: 1, applied: 1, skipped: 2, errors: 1 });
  expect(resultSchema.safeParse({ ...document, more: 1 }).success).toBe(false);
});
