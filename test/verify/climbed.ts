// test/verify: a small application, and its way down the ladder on the engine that is told what images hold and do.
import { onTestFinished } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { openSession } from '../../src/verify/engine/workspace.ts';
import { cleanUp } from '../../src/verify/engine/leftovers.ts';
import { verifyFile } from '../../src/verify/file.ts';
import { subjectsOf } from '../../src/verify/subject.ts';
import type { FileVerification, VerifyOptions } from '../../src/verify/types.ts';
import { scratch } from '../cli/scratch.ts';
import { toyEngine, type Toy } from './toy-engine.ts';

export const app = {
  Dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["node", "dist/main.js"]\n',
  'package.json': JSON.stringify({
    name: 'shop',
    scripts: { build: 'tsc' },
    dependencies: { ms: '2.1.3' },
    devDependencies: { typescript: '5.9.2' },
  }),
  'package-lock.json': JSON.stringify({
    name: 'shop',
    lockfileVersion: 3,
    packages: {
      '': { name: 'shop', dependencies: { ms: '2.1.3' }, devDependencies: { typescript: '5.9.2' } },
      'node_modules/ms': { version: '2.1.3' },
      'node_modules/typescript': { version: '5.9.2', dev: true },
    },
  }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { outDir: 'dist', rootDir: 'src' } }),
  'src/main.ts': "import ms from 'ms';\nconsole.log(ms('1 day'));\n",
};

/** What `verify` says of the Dockerfile in these files; the texts that were built; the ladder, a word for each step. */
export async function climbed(
  toys: readonly Toy[],
  options: Partial<VerifyOptions> = {},
  files: Record<string, string> = app,
): Promise<{ told: FileVerification; built: string[]; said: string[] }> {
  const at = scratch(files);
  const signal = new AbortController().signal;
  const how: VerifyOptions = { paths: [at.root], cwd: at.root, measure: 'none', ...options };
  const { engine, built } = toyEngine(toys);
  const session = await openSession(engine, { limits: { memory: '1g', cpus: '1', pids: 100 }, signal, say: () => {} });
  onTestFinished(() => cleanUp(session));
  const all = await subjectsOf(how, core, signal);
  const [subject] = all.subjects;
  if (!subject) throw new Error('there is no Dockerfile');
  const { told } = await verifyFile(subject, all, { session, core, options: how });
  return { told, built, said: told.ladder.map(({ rung, outcome, base }) => `${rung} ${outcome} ${base}`) };
}
