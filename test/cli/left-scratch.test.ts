// Temporary directories of `bulk work` and `pr`: gone at the end, and those of killed processes at the next start.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withScratch } from '../../src/cli/bulk/scratch.ts';
import { ownOwner } from '../../src/process/owner.ts';
import { ownTemporary } from '../temporary.ts';

describe('a temporary directory', () => {
  it('is there for the work, and gone after it, also after a failure', async () => {
    const base = ownTemporary();
    const used = await withScratch(async (scratch) => {
      writeFileSync(join(scratch, 'file'), 'words');
      return scratch;
    });
    expect([dirname(used), existsSync(used)]).toEqual([base, false]);
    let failed = '';
    const work = withScratch(async (scratch) => {
      failed = scratch;
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(existsSync(failed)).toBe(false);
  });

  it('of a process that was killed goes at the next start; of one that runs, or of another tool, it stays', async () => {
    const base = ownTemporary();
    const make = (name: string, owner: object): string => {
      const path = join(base, name);
      mkdirSync(join(path, 'files-1'), { recursive: true });
      writeFileSync(join(path, 'files-1/server.js'), 'left');
      writeFileSync(join(path, 'owner.json'), JSON.stringify(owner));
      return path;
    };
    const dead = { ...ownOwner(), pid: 2 ** 22 + 1 };
    const gone = make('dockerfile-mod-bulk-1', dead);
    const stay = [
      make('dockerfile-mod-bulk-2', ownOwner()),
      make('dockerfile-mod-bulk-3', { ...dead, host: 'elsewhere:1' }),
      make('x-1', dead),
    ];
    await withScratch(async () => undefined);
    expect(existsSync(gone)).toBe(false);
    expect(stay.filter((path) => !existsSync(path))).toEqual([]);
  });
});
