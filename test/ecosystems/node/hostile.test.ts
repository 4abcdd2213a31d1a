// Room: test of ecosystems/node. Files of strangers: nothing throws, nothing takes long, broken is unknown.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskTree } from '../../../src/context/disk.ts';
import { memoryTree, type MemoryFile } from '../../../src/context/memory.ts';
import { nodeProject } from '../../../src/ecosystems/node/project.ts';
import type { NodeProject } from '../../../src/ecosystems/node/types.ts';
import { project } from './sample.ts';
import { costOf } from '../../cost.ts';

/** Asks everything. */
function askAll(given: NodeProject): void {
  given.lockInSync();
  given.nativePackages();
  given.installScriptPackages();
  given.systemNeeds();
  given.bin('constructor');
  for (const manager of ['npm', 'yarn', 'pnpm', 'bun', '__proto__', 'constructor']) given.manifests(manager);
  for (const script of [...given.scripts.keys(), 'constructor', '__proto__']) given.outputs(script);
  given.devImports();
  given.hits();
  for (const manager of ['npm', 'yarn', 'pnpm', 'bun']) given.cacheSetting?.(manager);
}
const read = (files: Record<string, string | MemoryFile>): NodeProject | undefined => nodeProject(memoryTree(files), '');

describe('a broken package.json', () => {
  it.each<[string, string | MemoryFile]>([
    ['no JSON', '{'],
    ['an array', '[]'],
    ['null', 'null'],
    ['text', '"x"'],
    ['binary', { text: '{}\0' }],
    ['huge', { size: 6_000_000 }],
    ['a link out of the context', { kind: 'symlink-outside' }],
  ])('%s is answered with unknown', (_, file) => {
    const given = read({ 'package.json': file });
    expect(given?.broken).toBeTruthy();
    expect(given?.nativePackages()).toHaveProperty('unknown');
    expect(given?.outputs('build')).toHaveProperty('unknown');
    expect(given?.manifests('npm')).toHaveProperty('blocked.skip', 'manifest-missing');
    if (given) askAll(given);
  });
  it('none is no project', () => {
    expect(read({ 'a.js': '' })).toBeUndefined();
    expect(nodeProject(memoryTree({}), '../..')).toBeUndefined();
  });
  it('a byte order mark is none', () => expect(read({ 'package.json': '\uFEFF{"name":"x"}' })?.name).toBe('x'));
});

describe('odd shapes', () => {
  it.each([
    '{"__proto__":{"scripts":{"build":"tsc"}},"constructor":1}',
    '{"scripts":{"__proto__":"tsc","constructor":"npm run constructor","toString":"tsc"}}',
    '{"scripts":[],"dependencies":"x","devDependencies":{"a":1,"b":{},"c":null},"workspaces":7,"packageManager":{},"name":[]}',
    '{"workspaces":[1,null,"packages/*"],"bin":5,"overrides":[[[]]],"pnpm":{"patchedDependencies":{"a":5}}}',
    '{"workspaces":["' + '**/'.repeat(90) + '*"],"scripts":{"prepare":"' + '('.repeat(2000) + '"}}',
    '{"scripts":{"a":"npm run b","b":"npm run a","prepare":"npm run a","build":"npm run a"}}',
    '{"scripts":{"build":"' + 'npm run build && '.repeat(20) + 'true"}}',
    JSON.stringify({
      scripts: Object.fromEntries(
        Array.from({ length: 40 }, (_, n) => [
          n === 0 ? 'build' : n === 1 ? 'prepare' : `s${n}`,
          n === 39
            ? 'prisma generate && tsup'
            : `npm run s${n + 2 > 39 ? 39 : n + 2} && npm run s39 && npm run s${n + 2 > 39 ? 39 : n + 2}`,
        ]),
      ),
    }),
  ])('%s', (text) => {
    const given = read({
      'package.json': text,
      'packages/a/package.json': '[]',
      'package-lock.json': text,
      'tsconfig.json': text,
      'angular.json': text,
      'yarn.lock': text,
      'pnpm-lock.yaml': text,
      'bun.lock': text,
      '.npmrc': text,
      '.yarnrc.yml': text,
    });
    expect(given).toBeDefined();
    if (given) askAll(given);
  });
  it('nested deeply', () => {
    const deep = '{"overrides":' + '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_001);
    const given = read({
      'package.json': deep,
      'package-lock.json': '{"dependencies":' + '{"a":{"dependencies":'.repeat(20_000) + '{}' + '}}'.repeat(20_000) + '}',
    });
    if (given) askAll(given);
    expect(given).toBeDefined();
  });
  it('a project named as a member of Object has no such script', () => {
    expect(project({}).outputs('constructor')).toHaveProperty('unknown');
    expect(project({}).manifests('constructor')).toHaveProperty('blocked');
    expect(({} as { scripts?: unknown }).scripts).toBeUndefined();
  });
});

describe('time', () => {
  it.each<[string, (n: number) => string]>([
    ['imports without an end', (n) => 'import '.repeat(n)],
    ['from without an import', (n) => "from 'x' ".repeat(n)],
    ['open brackets', (n) => '('.repeat(n * 7)],
    ['slashes', (n) => '/ '.repeat(n * 3)],
    ['comment starts', (n) => '/*'.repeat(n * 3)],
    ['quotes', (n) => `'"\``.repeat(n * 2)],
    ['joins', (n) => 'join(__dirname,'.repeat(n / 2)],
    ['reads', (n) => 'readFile('.repeat(n / 2)],
    ['spaces', (n) => `import${' '.repeat(n * 7)}x`],
    ['one long line of calls', (n) => "fs.readFileSync('a');".repeat(n / 4)],
    ['dotenv', (n) => "import 'dotenv';" + 'config({'.repeat(n)],
    ['promisify', (n) => "require('child_process');" + 'const a = promisify('.repeat(n / 4)],
    ['PORT', (n) => 'process.env.PORT '.repeat(n / 2)],
  ])('a source of %s', (_, make) => {
    const source = make(70_000).slice(0, 500_000);
    const cost = costOf(() => {
      const given = project({ devDependencies: { x: '1' } }, { 'a.js': source });
      given.hits();
      given.devImports();
    });
    expect(cost).toBeLessThan(200);
  });
  it('locks and settings of one kind of character', () => {
    const all = (): void => {
      for (const char of ['{', '[', '"', "'", ' ', '\n', ':', 'a:\n', '- \n', '"a@1", ', '(', '#', ' a: b\n  ']) {
        const text = char.repeat(200_000 / char.length);
        const given = project(
          { dependencies: { a: '1' }, scripts: { build: 'tsc' } },
          { 'yarn.lock': text, 'tsconfig.json': text, '.npmrc': text, 'pnpm-workspace.yaml': text },
        );
        askAll(given);
        askAll(project({}, { 'pnpm-lock.yaml': `lockfileVersion: '9.0'\n${text}` }));
        askAll(project({}, { 'bun.lock': text }));
      }
    };
    expect(costOf(all)).toBeLessThan(1000);
  });
});

describe('on disk', () => {
  it('does not follow links out of the context', () => {
    const top = mkdtempSync(join(tmpdir(), 'node-project-'));
    const root = join(top, 'root');
    mkdirSync(join(root, 'src'), { recursive: true });
    writeFileSync(join(top, 'outside.js'), "fs.readFileSync('secret')");
    writeFileSync(join(top, 'package.json'), '{"name":"outside"}');
    writeFileSync(join(root, 'package.json'), '{"dependencies":{"a":"file:./linked"},"workspaces":["*"]}');
    symlinkSync('../../outside.js', join(root, 'src', 'a.js'));
    symlinkSync('..', join(root, 'src', 'loop'));
    symlinkSync('..', join(root, 'linked'));
    const given = nodeProject(diskTree(root), '');
    expect(given?.hits()).toEqual([]);
    expect(given?.manifests('npm')).toHaveProperty('blocked.skip', 'local-dependency');
    expect(nodeProject(diskTree(root), 'linked')).toBeUndefined();
    rmSync(top, { recursive: true });
  });
});
