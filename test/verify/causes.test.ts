// What is behind a failure: files that the original image has and the rewritten one lacks are named, with where the repository has them.
import { describe, expect, it } from 'vitest';
import { memoryTree } from '../../src/index.ts';
import { causesOf } from '../../src/verify/compare/causes.ts';
import type { Check, ImageContents } from '../../src/verify/types.ts';

const contents = (...paths: string[]): ImageContents => ({
  layers: [],
  files: new Map(paths.map((path) => [path, { kind: 'file', size: 1, mode: 0o644, uid: 0, gid: 0 }])),
  packages: [],
  elf: new Map(),
  texts: new Map(),
});
const failed = (more: Partial<Check>): Check => ({ id: 'http', outcome: 'failed', detail: '', differences: [], ...more });
const tree = memoryTree({ 'web/templates/index.html': 'x', 'app.py': 'x' });
const before = contents('/app/web/templates/index.html', '/app/app.py', '/usr/lib/libpq.so.5');
const after = contents('/app/app.py');
const applied = {
  transform: 'multi-stage',
  title: '',
  safety: 'review' as const,
  why: 'the runtime needs app.py alone',
  evidence: [{ file: 'Dockerfile', line: 7, says: 'runs app.py' }],
};

describe('causesOf', () => {
  it('finds the lost file in the log, and in the repository', () => {
    const log = 'jinja2.exceptions.TemplateNotFound: [Errno 2] No such file or directory: "/app/web/templates/index.html"';
    expect(causesOf({ failed: failed({ log }), applied: undefined, contents: { before, after }, tree })).toEqual([
      '/app/web/templates/index.html is in the original image and not in the rewritten one: it is web/templates/index.html of the repository',
    ]);
  });
  it('names what the check is about, also where the repository does not have it', () => {
    const check = failed({ id: 'libraries', about: ['/usr/lib/libpq.so.5'] });
    expect(causesOf({ failed: check, applied: undefined, contents: { before, after }, tree })).toEqual([
      '/usr/lib/libpq.so.5 is in the original image and not in the rewritten one',
    ]);
  });
  it('does not name what both images have, or neither', () => {
    const log = 'File "/app/app.py", line 3: cannot open /app/web/other.html';
    expect(causesOf({ failed: failed({ log }), applied: undefined, contents: { before, after }, tree })).toEqual([]);
  });
  it('gives the transform its evidence', () => {
    expect(causesOf({ failed: failed({}), applied, contents: undefined, tree })).toEqual([
      'multi-stage was applied because: the runtime needs app.py alone',
      'Dockerfile:7: runs app.py',
    ]);
  });
  it('shows no control character of a path', () => {
    const strange = '/app/\u001b[31mred';
    const check = failed({ about: [strange] });
    const [cause] = causesOf({ failed: check, applied: undefined, contents: { before: contents(strange), after }, tree });
    expect(cause).not.toContain('\u001b');
  });
});
