// What stands in for what a made-up project leaves out; a real lock stays.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIXTURES } from '../../golden/cases.ts';
import { isLock, withoutTypes, withEasyOptions } from './stand-ins.ts';

it('a source is not checked', () => {
  expect(withoutTypes("import a from 'a';\nb();\n")).toBe("// @ts-nocheck\nimport a from 'a';\nb();\n");
  expect(withoutTypes('#!/usr/bin/env node\n')).toBe('#!/usr/bin/env node\n');
});

const easy = '"skipLibCheck": true, "esModuleInterop": true';
it.each([
  ['{\n  "compilerOptions": {\n    "outDir": "dist"\n  }\n}\n', `{\n  "compilerOptions": { ${easy},\n    "outDir": "dist"\n  }\n}\n`],
  ['{ "compilerOptions": {} }', `{ "compilerOptions": { ${easy}} }`],
  ['{ "include": ["src"] }', `{ "compilerOptions": { ${easy} }, "include": ["src"] }`],
  ['{}', `{ "compilerOptions": { ${easy} }}`],
  ['{ "compilerOptions": { "skipLibCheck": false } }', '{ "compilerOptions": { "esModuleInterop": true, "skipLibCheck": false } }'],
])('a compiler that asks for little: %j', (before, after) => {
  expect(withEasyOptions(before)).toBe(after);
});

it('a lock is one when each package can be fetched', () => {
  const lock = (integrity: string): string =>
    JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0', integrity }, 'node_modules/b': { link: true } } });
  expect(isLock(readFileSync(join(FIXTURES, 'apps/node-express/package-lock.json'), 'utf8'))).toBe(true);
  expect(isLock(lock(`sha512-${'a'.repeat(86)}==`))).toBe(true);
  for (const text of [lock('sha512-x'), '{"packages":{"":{}}}', '{}', 'none']) expect(isLock(text)).toBe(false);
});
