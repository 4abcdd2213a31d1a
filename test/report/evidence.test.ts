// What stands below a change in --explain: each line once, of the file as the reader has it, and a line for each package that is added.
import { expect, test } from 'vitest';
import { memoryTree, refactor, type Evidence } from '../../src/index.ts';

const read = (source: string, files: Record<string, string>): Map<string, Evidence[]> => {
  const result = refactor(source, {
    tree: memoryTree({ Dockerfile: source, ...files }),
    dockerfilePath: 'Dockerfile',
    contextCertain: true,
  });
  if (!result.ok) throw new Error('not read');
  return new Map([
    ...result.applied.map(({ transform, evidence }) => [transform, evidence] as const),
    ...result.skipped.map(({ transform, evidence }) => [transform, evidence ?? []] as const),
  ]);
};
const lines = (evidence: Evidence[] = []): string[] => evidence.map(({ file, line, says }) => `${file}:${line ?? ''} ${says}`);

test('the same evidence stands once', () => {
  const source =
    'FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["celery", "-A", "tasks", "worker", "-B", "--loglevel=info"]\n';
  const found = lines(read(source, { 'requirements.txt': 'celery==5.4.0\n', 'tasks.py': 'app = 1\n' }).get('non-root-user'));
  expect(found.filter((line) => line.includes('runs celery'))).toHaveLength(1);
  expect(new Set(found).size).toBe(found.length);
});

test('a file below the home of root is told where a RUN makes it', () => {
  const source =
    'FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nRUN python -m nltk.downloader punkt stopwords\nCOPY . .\nCMD ["python", "app.py"]\n';
  const found = read(source, { 'requirements.txt': 'nltk==3.9.1\n', 'app.py': 'import nltk\nnltk.word_tokenize("a b")\n' });
  expect(lines(found.get('non-root-user'))).toContain('Dockerfile:5 puts files into /root/nltk_data');
});

test('each package that the last stage gets has a line', () => {
  const source =
    'FROM node:22\nRUN apt-get update && apt-get install -y graphviz && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n';
  const packages = {
    '': { name: 'shop', version: '1.0.0', dependencies: { 'simple-git': '^3.27.0' }, devDependencies: { typescript: '^5.7.0' } },
    'node_modules/simple-git': {
      version: '3.27.0',
      resolved: 'https://registry.npmjs.org/simple-git/-/simple-git-3.27.0.tgz',
      integrity: 'sha512-a',
    },
    'node_modules/typescript': {
      version: '5.7.2',
      resolved: 'https://registry.npmjs.org/typescript/-/typescript-5.7.2.tgz',
      integrity: 'sha512-a',
      dev: true,
    },
  };
  const found = lines(
    read(source, {
      'package.json': JSON.stringify(packages['']),
      'package-lock.json': JSON.stringify({ name: 'shop', version: '1.0.0', lockfileVersion: 3, packages }),
      'server.js': "require('simple-git')();\nrequire('child_process').execFileSync('ffmpeg', ['-version']);\n",
    }).get('multi-stage'),
  );
  const all = found.join('\n');
  for (const name of ['graphviz', 'git', 'ffmpeg', 'openssh-client', 'ca-certificates']) expect(all).toContain(name);
  expect(all).toContain('server.js:2 needs `ffmpeg`, which ffmpeg brings');
  expect(all).toContain('Dockerfile:2 installs graphviz, which the container may use');
});
