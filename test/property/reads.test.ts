// The project is read once a run: each file of the context is asked for at most once, whatever the transforms want of it.
import { describe, expect, it } from 'vitest';
import { memoryTree, refactor, type FileTree } from '../../src/index.ts';

/** A tree that counts what is read of it. */
function counted(files: Record<string, string>): { tree: FileTree; reads: Map<string, number> } {
  const tree = memoryTree(files);
  const reads = new Map<string, number>();
  const read: FileTree['read'] = (path) => {
    reads.set(path, (reads.get(path) ?? 0) + 1);
    return tree.read(path);
  };
  return { tree: { ...tree, read }, reads };
}

const dockerfile = (name: string): string =>
  `FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install\nRUN npm run build\nLABEL name=${name}\nCMD ["node", "dist/index.js"]\n`;
const files = {
  Dockerfile: dockerfile('one'),
  'Dockerfile.two': dockerfile('two'),
  'package.json': JSON.stringify({
    name: 'app',
    scripts: { build: 'tsc' },
    dependencies: { express: '^4.18.0' },
    devDependencies: { typescript: '^5.4.0' },
  }),
  'package-lock.json': JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { name: 'app', dependencies: { express: '^4.18.0' }, devDependencies: { typescript: '^5.4.0' } },
      'node_modules/express': { version: '4.18.2' },
      'node_modules/typescript': { version: '5.4.5', dev: true },
    },
  }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { outDir: 'dist', rootDir: 'src' } }),
  'src/index.ts': "import express from 'express';\nimport { read } from './read.js';\nexpress().get('/', () => read()).listen(3000);\n",
  'src/read.ts': "import { readFileSync } from 'node:fs';\nexport const read = () => readFileSync('data/a.json');\n",
  'data/a.json': '{}',
  'compose.yaml': 'services:\n  app:\n    build: .\n',
};

describe('reads of one run', () => {
  it('a file is read at most once, package.json and the sources among them', () => {
    const { tree, reads } = counted(files);
    const result = refactor(files.Dockerfile, { tree, dockerfilePath: 'Dockerfile', contextCertain: true });
    expect(result.ok && result.applied.map(({ transform }) => transform)).toContain('multi-stage');
    expect(result.ok && result.files.map(({ path }) => path)).toEqual(['.dockerignore']);
    for (const path of ['package.json', 'package-lock.json', 'src/index.ts', 'src/read.ts'])
      expect([path, reads.get(path)]).toEqual([path, 1]);
    // What is written is read once more, to tell what was there before.
    expect([...reads].filter(([path, count]) => count > 1 && path !== '.dockerignore')).toEqual([]);
  });

  it('a second Dockerfile of the context reads nothing again', () => {
    const { tree, reads } = counted(files);
    for (const path of ['Dockerfile', 'Dockerfile.two'] as const)
      refactor(files[path], { tree, dockerfilePath: path, contextCertain: true });
    expect([...reads].filter(([path, count]) => count > 1 && path !== '.dockerignore')).toEqual([]);
  });
});
