// Building one side by the engine's command line: what it is given, what it answers, what is wrong.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { build, type BuildRequest } from '../../src/verify/engine/build.ts';
import { EngineError, type EngineProblem, type Session } from '../../src/verify/types.ts';
import { standInSession } from './session.ts';
import type { Answer } from './stand-in-engine.ts';

const inspected = {
  Id: 'sha256:1',
  Size: 1234,
  Os: 'linux',
  Architecture: 'amd64',
  Config: {
    User: 'node',
    Env: ['PATH=/usr/bin', 'A=b=c', 'EMPTY='],
    Cmd: ['node', 'x.js'],
    Entrypoint: null,
    WorkingDir: '/app',
    ExposedPorts: { '80/tcp': {}, '3000/tcp': {} },
    Volumes: null,
    Labels: { a: 'b' },
    Healthcheck: { Test: ['CMD', 'true'] },
  },
};
const image = (answer: unknown = [inspected]): Answer => ({ to: '^image inspect t:1', stdout: JSON.stringify(answer) });

function request(session: Session, more: Partial<BuildRequest> = {}): BuildRequest {
  const context = join(session.directory, 'context');
  mkdirSync(context, { recursive: true });
  return {
    side: 'before',
    recipe: { dockerfile: 'FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n', ignore: '' },
    context,
    settings: { buildArgs: [], target: undefined, platform: undefined, timeout: 60 },
    cache: 'cold',
    tag: 't:1',
    core,
    ...more,
  };
}
const builds = (calls: readonly string[]): string[] => calls.filter((call) => call.startsWith('build '));
async function problem(work: Promise<unknown>): Promise<EngineProblem> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EngineError)) throw new Error(`no problem, but ${String(error)}`);
  return error.problem;
}

describe('a build', () => {
  it('gives the engine a Dockerfile outside of the context, and what was asked for', async () => {
    const { session, calls } = await standInSession([image()]);
    const settings = { buildArgs: ['A=1', 'HOME'], target: 'run', platform: 'linux/amd64', timeout: 60 };
    const built = await build(session, request(session, { settings, recipe: { dockerfile: 'FROM scratch\n', ignore: '' } }));
    const [call = ''] = builds(calls());
    const file = /--file (\S+)/.exec(call)?.[1] ?? '';
    expect(call).toBe(
      `build --file ${file} --no-cache --build-arg A=1 --build-arg HOME --target run --platform linux/amd64 --progress=plain --tag t:1 ${session.labels.join(' ')} ${session.directory}/context`,
    );
    expect(existsSync(`${file}.dockerignore`)).toBe(true);
    expect(file.startsWith(`${session.directory}/context`)).toBe(false);
    expect(built).toMatchObject({ side: 'before', image: 't:1', size: 1234 });
    expect(built.config).toEqual({
      user: 'node',
      env: { PATH: '/usr/bin', A: 'b=c', EMPTY: '' },
      entrypoint: undefined,
      cmd: ['node', 'x.js'],
      workdir: '/app',
      exposedPorts: ['3000/tcp', '80/tcp'],
      volumes: [],
      labels: { a: 'b' },
      healthcheck: { Test: ['CMD', 'true'] },
      stopSignal: undefined,
      shell: undefined,
      os: 'linux',
      architecture: 'amd64',
    });
  });

  it('is loaded by buildx into the engine', async () => {
    const { session, calls } = await standInSession([image()], '28.2.2');
    await build(session, request(session));
    expect(builds(calls())[0]).toContain(' --progress=plain --load ');
  });

  it('is warm with the layers that are there', async () => {
    const { session, calls } = await standInSession([image()]);
    await build(session, request(session, { cache: 'warm' }));
    expect(builds(calls())[0]).not.toContain('--no-cache');
  });

  it('brings its base first, once, unless it is here', async () => {
    const { session, calls, said } = await standInSession([image(), { to: '^image inspect node:22', code: 1 }]);
    await build(session, request(session));
    await build(session, request(session, { side: 'after' }));
    const all = builds(calls());
    expect(all).toHaveLength(3);
    expect(all[0]).toContain(session.labels.join(' '));
    expect(all[0]).not.toContain('--tag');
    expect(said).toContainEqual({ kind: 'step', text: 'Bringing node:22' });
    const here = await standInSession([image()]);
    await build(here.session, request(here.session));
    expect(builds(here.calls())).toHaveLength(1);
  });

  it('hands on its lines', async () => {
    const { session, said } = await standInSession([image(), { to: '^build', stderr: '#1 one\n#2 two\n' }]);
    await build(session, request(session));
    expect(said).toEqual([
      { kind: 'line', text: '#1 one' },
      { kind: 'line', text: '#2 two' },
    ]);
  });

  it('tells what is wrong', async () => {
    const failing = (stderr: string): Answer => ({ to: '^build', stderr, code: 1 });
    const one = await standInSession([
      image(),
      failing(
        '#5 [2/2] RUN x\n#5 0.1 the reason\n#5 ERROR: executor failed running [x]: exit code: 1\n------\nexecutor failed running [x]: exit code: 1\n',
      ),
    ]);
    expect(await problem(build(one.session, request(one.session, { side: 'after' })))).toMatchObject({
      kind: 'build-failed',
      message: 'The build of the rewritten file failed: the reason (executor failed running [x]: exit code: 1)',
      log: '[2/2] RUN x\nthe reason\nexecutor failed running [x]: exit code: 1',
    });
    const slow = await standInSession([image(), { to: '^build', milliseconds: 60_000 }]);
    const settings = { ...request(slow.session).settings, timeout: 0.3 };
    expect((await problem(build(slow.session, request(slow.session, { settings })))).kind).toBe('build-timeout');
    const stopped = await standInSession([image(), { to: '^build', milliseconds: 60_000 }]);
    setTimeout(() => stopped.abort(), 300);
    expect((await problem(build(stopped.session, request(stopped.session)))).kind).toBe('interrupted');
    const odd = await standInSession([{ to: '^image inspect t:1', stdout: 'no json' }]);
    expect((await problem(build(odd.session, request(odd.session)))).kind).toBe('engine-failed');
  });

  it('is told as the Dockerfile has it, without the marks of its cache mounts', async () => {
    const mount = '--mount=type=cache,target=/root/.npm';
    const { session, said } = await standInSession([image()]);
    const marked = core.withCacheIds(`FROM a\nRUN ${mount} npm ci`, `${session.id}-before-1`, 'id-and-target').split('\n')[1] ?? '';
    expect(marked).toContain('/..');
    const failing = await standInSession([image(), { to: '^build', stderr: `#5 [2/2] ${marked}\n#5 ERROR: x\n------\nx\n`, code: 1 }]);
    const own = { ...failing.session, id: session.id };
    expect((await problem(build(own, request(own)))).log).toBe(`[2/2] RUN ${mount} npm ci\nx`);
    expect(failing.said[0]).toEqual({ kind: 'line', text: `#5 [2/2] RUN ${mount} npm ci` });
    expect(said).toEqual([]);
  });

  it('has cache mounts of its own: new ones when it is cold, the same when it is warm after that', async () => {
    const { session } = await standInSession([image()]);
    const suffixes: string[] = [];
    const spy = {
      ...core,
      withCacheIds: (source: string, suffix: string, mark?: 'id' | 'id-and-target') => (suffixes.push(`${suffix} ${mark ?? ''}`), source),
    };
    for (const [side, cache] of [
      ['before', 'warm'],
      ['before', 'cold'],
      ['after', 'cold'],
      ['before', 'warm'],
      ['before', 'cold'],
    ] as const)
      await build(session, request(session, { side, cache, core: spy }));
    expect(suffixes).toEqual(
      ['before-0', 'before-1', 'after-1', 'before-1', 'before-2'].map((end) => `${session.id}-${end} id-and-target`),
    );
  });
});
