// A stand-in for the library: small rules that make every outcome of the command line happen. As a program it is the command line with them.
import { diskTree } from '../../src/context/disk.ts';
import { changedTree } from '../../src/context/kept.ts';
import { ignoreFile } from '../../src/context/ignore.ts';
import { compilePattern } from '../../src/context/pattern.ts';
import { memoryTree } from '../../src/context/memory.ts';
import { readConfig } from '../../src/checkout/config/read.ts';
import type { Core } from '../../src/checkout/types.ts';
import type { FileChange, ProjectContext, Refactored, Result } from '../../src/types.ts';

const transforms = [
  { id: 'base-slim', title: 'Run on the slim image', rationale: 'It is smaller.', optIn: false },
  { id: 'dockerignore', title: 'Keep host files out', rationale: 'Fewer files, fewer secrets.', optIn: false },
  { id: 'non-root-user', title: 'Run as a user of its own', rationale: 'Root is not needed.', optIn: false },
];

/** `node:22` becomes slim; `# ignore: x` wants a line in .dockerignore; `# skip: why` is a skip; `# crash` is a bug. */
function refactor(source: string, context: ProjectContext, options: Parameters<Core['refactor']>[2] = {}): Result {
  const lines = source.replace(/^\ufeff/, '').split('\n');
  const unknown = lines.findIndex((line) => /^[A-Za-z]/.test(line) && !/^(FROM|RUN|CMD|COPY|WORKDIR|ADD)\b/.test(line));
  if (unknown >= 0)
    return { ok: false, error: { message: `unknown instruction: ${lines[unknown]?.split(' ')[0]}`, line: unknown + 1, column: 1 } };
  if (!lines.some((line) => line.startsWith('FROM ')))
    return { ok: false, error: { message: 'no build stage: there is no FROM', line: 1, column: 1, hint: 'Add a FROM instruction.' } };
  if (source.includes('# crash')) throw new Error('the bug');
  const runs = (id: string): boolean => !options.skip?.includes(id) && (!options.only || options.only.includes(id));
  const output = runs('base-slim') ? source.replace(/^(\ufeff?)FROM node:22(\r?)$/m, '$1FROM node:22-slim$2') : source;
  const files = runs('dockerignore') ? ignoreFiles(source, context) : [];
  const result: Refactored = {
    ok: true,
    source,
    output,
    changed: output !== source || files.length > 0,
    files,
    applied: [],
    skipped: [],
    notes: [],
    provenance: { added: [], removed: [] },
  };
  const at = lines.findIndex((line) => line.startsWith('FROM '));
  const written = new Map(files.map(({ path, after }) => [path, after]));
  if (options.steps) result.steps = [];
  if (output !== source) {
    result.applied.push({
      transform: 'base-slim',
      title: 'Run on the slim image',
      safety: 'review',
      why: 'nothing needs the full image',
      evidence: [
        { file: 'Dockerfile', line: at + 1, says: 'FROM node:22' },
        { file: 'package.json', line: 3, says: 'no native packages' },
      ],
    });
    result.provenance.added[at] = ['base-slim'];
    result.provenance.removed[at] = ['base-slim'];
    result.steps?.push({ transform: 'base-slim', output, files: new Map() });
  }
  if (files.length > 0) {
    result.steps?.push({ transform: 'dockerignore', output, files: written });
    result.applied.push({
      transform: 'dockerignore',
      title: 'Keep host files out',
      safety: 'safe',
      why: 'they are not needed in the image',
      evidence: [],
    });
  }
  lines.forEach((line, i) => {
    const why = /^# skip: (.*)$/.exec(line)?.[1];
    if (why !== undefined && runs('non-root-user'))
      result.skipped.push({
        transform: 'non-root-user',
        reason: 'privileged-port',
        message: why,
        line: i + 1,
        allow: 'Listen above 1024.',
        evidence: [{ file: 'server.js', line: 7, says: 'listen(80)' }],
      });
  });
  if (!context.contextCertain)
    result.notes.push({ transform: 'copy-order', id: 'context-ambiguous', message: 'the build context is uncertain' });
  return result;
}

function ignoreFiles(source: string, context: ProjectContext): FileChange[] {
  const wanted = [...source.matchAll(/^# ignore: (.*?)\r?$/gm)].map((match) => `${match[1]}\n`);
  const read = context.tree.read('.dockerignore');
  const before = read.kind === 'text' ? read.text : undefined;
  const missing = wanted.filter((line) => !(before ?? '').split('\n').includes(line.trim()));
  return missing.length === 0 ? [] : [{ path: '.dockerignore', before, after: (before ?? '') + missing.join('') }];
}

/** Reads `build: {context: x, dockerfile: y}` of compose.yaml, one a line. */
const buildContexts: Core['buildContexts'] = (tree) => {
  const read = tree.read('compose.yaml');
  if (read.kind !== 'text') return [];
  return [...read.text.matchAll(/context: (\S+), dockerfile: ([^\s}]+)/g)].map((match) => ({
    context: match[1] ?? '',
    dockerfile: match[2] ?? '',
  }));
};

const copySources: Core['copySources'] = (source) => [...source.matchAll(/^COPY (\S+) /gm)].map((match) => match[1] ?? '');

export const standIn: Core = {
  refactor,
  listTransforms: () => transforms,
  digestOf: (text) => `sha256:${text.length}`,
  buildContexts,
  copySources,
  contextReads: copySources,
  ignoreFile,
  withCacheIds: (source) => source,
  externalImages: () => [],
  imageInstructions: () => undefined,
  isBuildPackage: () => false,
  imageSettings: () => undefined,
  diskTree,
  changedTree,
  pathPattern: compilePattern,
  lockedDependencies: () => ({ python: [], node: [] }),
  memoryTree,
  readConfig: (text, key) =>
    readConfig(
      text,
      transforms.map(({ id }) => id),
      key,
    ),
  outline: () => undefined,
};
