// `explain`: every id that a run can say has an answer; the answers come of the same texts.
import { describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { listTransforms } from '../../src/index.ts';
import { explained } from '../../scripts/explained.ts';
import { scratch } from './scratch.ts';

const all = explained();

describe('explain', () => {
  it.each(listTransforms().map(({ id, title }) => [id, title]))('%s', async (id, title) => {
    const { code, out } = await scratch({}, core).run(['explain', id]);
    expect(code).toBe(0);
    expect(out.startsWith(`${id}: ${title}`)).toBe(true);
    expect(out).toMatch(/\n {2}before: .+\n {2}after: .+\n {2}safe because: .+\n/);
    expect(out).toContain('\n+++ b/');
  });

  it('a skip: what it says, of whom, and what would allow it', async () => {
    const { out } = await scratch({}, core).run(['explain', 'arg-base']);
    expect(out).toMatch(
      /^arg-base: why base-replacement or base-slim left something as it was\n\nIt says, for example:\n {2}Base image depends on build argument/,
    );
    expect(out).toContain('\nTo allow it: Write the tag into FROM.\n');
    expect((await scratch({}, core).run(['explain', 'windows-base'])).out).toContain(
      'Nothing allows it: Windows containers are another system.',
    );
  });

  it('as JSON', async () => {
    expect(JSON.parse((await scratch({}, core).run(['explain', 'no-cmd', '--format', 'json'])).out)).toMatchObject({
      id: 'no-cmd',
      skip: { transforms: expect.arrayContaining(['multi-stage']) },
    });
  });

  it('an unknown id is an error, with what was meant', async () => {
    const { code, err } = await scratch({}, core).run(['explain', 'cache-mount']);
    expect(code).toBe(2);
    expect(err).toContain("no transform, skip or note is called 'cache-mount'\n  Did you mean: dockerfile-mod explain cache-mounts");
    expect((await scratch({}, core).run(['explain', 'constructor'])).code).toBe(2);
  });

  it('each skip of the goldens says what would allow it, or why nothing does, unless its transform says that by itself', () => {
    const silent = Object.entries(all.skips).filter(([, { allow, nothing }]) => allow.length === 0 && nothing === undefined);
    // Its sentence is put together from the manager's variable.
    expect(silent.map(([id]) => id)).toEqual(['pip-no-cache-env']);
  });
});
