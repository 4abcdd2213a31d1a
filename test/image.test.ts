// The image of the command line: its Dockerfile is what this tool makes of the single-stage one beside it.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { memoryTree, refactor } from '../src/index.ts';

const original = readFileSync('.github/image/single-stage.txt', 'utf8');
const own = readFileSync('.github/image/Dockerfile', 'utf8');

it('is what the tool writes, and stays as it is', () => {
  // As the bundle does: files that are written keep their owner, and the engine is started by the name that is on PATH.
  const bundle = "require('node:fs').chownSync('Dockerfile', 0, 0);\nrequire('node:child_process').spawn(process.env.ENGINE, []);\n";
  const context = {
    tree: memoryTree({ 'dist/cli.cjs': "require('./main.cjs');\n", 'dist/main.cjs': bundle }),
    dockerfilePath: 'Dockerfile',
    contextCertain: true,
  };
  expect(refactor(original, context, { level: 'max' })).toMatchObject({ ok: true, output: own });
  expect(refactor(own, context, { level: 'max' })).toMatchObject({ ok: true, changed: false });
});
