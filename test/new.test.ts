// `npm run new`: what it writes has types that fit, is formatted, and is known by one line elsewhere.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { check, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { writeNew } from '../scripts/new.ts';
import { ownTemporary } from './temporary.ts';

const ROOT = join(import.meta.dirname, '..');
const EDGES = ['cli', 'report', 'process', 'checkout', 'verify', 'forge', 'bulk'];

/** The core of the repository, in a directory of its own. */
function copy(): string {
  const root = ownTemporary();
  for (const path of ['src', 'transforms', 'tsconfig.json', 'tsconfig.core.json', 'package.json'])
    cpSync(join(ROOT, path), join(root, path), {
      recursive: true,
      filter: (from) => !EDGES.some((edge) => from === join(ROOT, 'src', edge)),
    });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}
/** Lines of a file that the repository's own does not have. */
const added = (root: string, path: string): string[] => {
  const own = readFileSync(join(ROOT, path), 'utf8').split('\n');
  return readFileSync(join(root, path), 'utf8')
    .split('\n')
    .filter((line) => !own.includes(line));
};

describe('npm run new', () => {
  it('writes a transform, an ecosystem and a manager that fit, each known by a line and its import', async () => {
    const root = copy();
    const written = [
      await writeNew(root, 'transform', 'label-source'),
      await writeNew(root, 'ecosystem', 'zig'),
      await writeNew(root, 'manager', 'zig/zvm'),
      await writeNew(root, 'manager', 'python/rye'),
    ];
    expect(written.map((paths) => paths.length)).toEqual([3, 5, 3, 3]);
    expect(added(root, 'transforms/index.ts')).toEqual([
      "import { labelSource } from './label-source.ts';",
      '  labelSource, // say why here',
    ]);
    expect(added(root, 'src/ecosystems/index.ts')).toEqual([
      "import { zig } from './zig/index.ts';",
      expect.stringMatching(/^export const ecosystems.*, zig\];$/),
    ]);
    expect(added(root, 'src/ecosystems/python/managers.ts')).toEqual([
      "import { rye } from './rye.ts';",
      expect.stringMatching(/^export const pythonManagers.*, rye\];$/),
    ]);
    expect(readFileSync(join(root, 'src/ecosystems/zig/managers.ts'), 'utf8')).toContain('= [zvm];');
    for (const path of written.flat().filter((one) => one.endsWith('.ts'))) {
      const style = { ...(await resolveConfig(join(ROOT, path))), filepath: path };
      expect([path, await check(readFileSync(join(root, path), 'utf8'), style)]).toEqual([path, true]);
    }
    expect(() => execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['--noEmit', '-p', 'tsconfig.core.json'], { cwd: root })).not.toThrow();
  });

  it.each([
    ['transform', 'copy-order', 'transforms/copy-order.ts is there already'],
    ['ecosystem', 'Zig', 'lower-case'],
    ['manager', 'deno', 'with its ecosystem'],
    ['manager', 'cobol/x', 'src/ecosystems/cobol/managers.ts is not there'],
    ['thing', 'x', 'Usage'],
  ])('refuses %s %s', async (kind, name, why) => {
    await expect(writeNew(ROOT, kind, name)).rejects.toThrow(why);
  });
});
