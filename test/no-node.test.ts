// The library where there is no Node.js: bundled as for a browser, in a realm that has JavaScript and the encoders of the web alone.
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { memoryTree, refactor } from '../src/index.ts';

it('refactors without any global of Node.js', async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'library',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  const files = Object.fromEntries(
    ['requirements.txt', 'wsgi.py', 'weather/__init__.py', 'weather/api.py', 'compose.yaml'].map((path) => [
      path,
      readFileSync(`fixtures/apps/python-pip/${path}`, 'utf8'),
    ]),
  );
  const source = readFileSync('fixtures/apps/python-pip/Dockerfile', 'utf8');
  const realm = createContext({ TextEncoder, TextDecoder, files, source });
  runInContext(outputFiles[0]?.text ?? '', realm);
  const answer: string = runInContext(
    "JSON.stringify(library.refactor(source, { tree: library.memoryTree(files), dockerfilePath: 'Dockerfile', contextCertain: true }))",
    realm,
  );
  const here = refactor(source, { tree: memoryTree(files), dockerfilePath: 'Dockerfile', contextCertain: true });
  expect(JSON.parse(answer)).toEqual(JSON.parse(JSON.stringify(here)));
  expect(here).toMatchObject({ ok: true, changed: true });
});
