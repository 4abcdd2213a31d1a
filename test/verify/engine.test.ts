// Finding an engine: what is on PATH, whether it answers, whether it builds with BuildKit.
import { describe, expect, it } from 'vitest';
import { findEngine } from '../../src/verify/engine/engine.ts';
import { EngineError, type Engine, type EngineName, type EngineProblem } from '../../src/verify/types.ts';
import { dockerAnswers, standInEngine, type Answer } from './stand-in-engine.ts';

const never = new AbortController().signal;
const found = (answers: readonly Answer[], names: readonly string[] = ['docker'], wanted?: EngineName): Promise<Engine> =>
  findEngine(wanted, standInEngine(answers, names).env, never);
async function problem(work: Promise<unknown>): Promise<EngineProblem> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EngineError) return error.problem;
    throw error;
  }
  throw new Error('there was no problem');
}

describe('an engine', () => {
  it('is docker where docker is on PATH', async () => {
    const engine = await found(dockerAnswers(), ['docker', 'podman']);
    expect([engine.name, engine.version, engine.clientVersion]).toEqual(['docker', 'Docker 20.10.24', '20.10.24']);
  });

  it('is podman, also under the name of docker', async () => {
    const podman: Answer[] = [
      { to: '--version', stdout: 'podman version 4.9.3\n' },
      { to: 'info', stdout: '4.9.3 linux/amd64\n' },
    ];
    expect((await found(podman, ['podman'])).name).toBe('podman');
    expect((await found(podman, ['docker'])).version).toBe('Podman 4.9.3');
  });

  it('is nerdctl', async () => {
    const nerdctl: Answer[] = [
      { to: '--version', stdout: 'nerdctl version 1.7.7\n' },
      { to: 'info', stdout: 'v1.7.22 linux\n' },
    ];
    expect((await found(nerdctl, ['nerdctl'])).version).toBe('nerdctl 1.7.22');
  });

  it('builds with BuildKit: the environment says so', async () => {
    const stand = standInEngine([...dockerAnswers(), { to: 'tell', environment: 'DOCKER_BUILDKIT' }]);
    const engine = await findEngine(undefined, { ...stand.env, DOCKER_BUILDKIT: '0' }, never);
    expect((await engine.run(['tell'])).stdout).toBe('1');
  });

  it('needs the buildx plugin from 23 on', async () => {
    const without = await problem(
      found([...dockerAnswers('27.3.1'), { to: 'buildx', stderr: "docker: 'buildx' is not a docker command.\n", code: 1 }]),
    );
    expect(without.kind).toBe('no-buildkit');
    expect(without.message).toBe('Docker 27.3.1 has no buildx plugin, so it cannot build with BuildKit');
    expect(without.hint).toContain('docker-buildx-plugin');
    expect(
      (await found([...dockerAnswers('27.3.1'), { to: 'buildx version', stdout: 'github.com/docker/buildx v0.17.1\n' }])).version,
    ).toBe('Docker 27.3.1');
  });

  it.each([
    [
      'Windows',
      [
        { to: '--version', stdout: 'Docker version 20.10.24, build 1\n' },
        { to: 'version', stdout: '20.10.24 windows\n' },
      ],
    ],
    ['old Docker', dockerAnswers('17.09.0-ce')],
    [
      'old Podman',
      [
        { to: '--version', stdout: 'podman version 3.4.4\n' },
        { to: 'info', stdout: '3.4.4 linux/amd64\n' },
      ],
    ],
  ])('is not used without BuildKit: %s', async (_, answers) => {
    expect((await problem(found(answers))).kind).toBe('no-buildkit');
  });

  it('is not there', async () => {
    const none = await problem(found([], []));
    expect(none).toMatchObject({ kind: 'no-engine', message: 'No container engine is on PATH (docker, podman, nerdctl)' });
    expect(none.hint).toContain('docs.docker.com');
    expect(await problem(found(dockerAnswers(), ['docker'], 'podman'))).toMatchObject({
      kind: 'no-engine',
      message: 'podman is not on PATH',
    });
  });

  it('says why its daemon does not answer, and which one that is', async () => {
    const context = { to: 'context ls', stdout: '\ndefault (unix:///var/run/docker.sock)\n\n' };
    const version = { to: '--version', stdout: 'Docker version 28.2.2, build e6534b4\n' };
    const ask = (stderr: string): Promise<EngineProblem> => problem(found([version, { to: '^version', stderr, code: 1 }, context]));
    // docker/cli and moby/client, seen with 20.10 and 28.
    expect(await ask('Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n')).toMatchObject({
      kind: 'not-reachable',
      message: 'The docker daemon does not answer; context in use: default (unix:///var/run/docker.sock)',
    });
    const denied = await ask(
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.47/version": dial unix /var/run/docker.sock: connect: permission denied\n',
    );
    expect(denied.message).toContain('may not be used by this user (permission denied on its socket)');
    expect(denied.hint).toContain('group');
    expect((await ask('something new\n')).message).toContain('something new');
  });

  it('is given up when it is interrupted', async () => {
    const stop = new AbortController();
    const stand = standInEngine([{ to: '--version', milliseconds: 60_000 }]);
    const waiting = problem(findEngine('docker', stand.env, stop.signal));
    setTimeout(() => stop.abort(), 200);
    expect((await waiting).kind).toBe('interrupted');
  });
});

describe('asking an engine', () => {
  it('gives the trimmed output, or what is wrong', async () => {
    const engine = await found([
      ...dockerAnswers(),
      { to: '^ps', stdout: ' a\n' },
      { to: '^image inspect', stderr: 'Error: No such image: x\n', code: 1 },
    ]);
    expect(await engine.ask(['ps'])).toBe('a');
    expect(await problem(engine.ask(['image', 'inspect', 'x']))).toMatchObject({
      kind: 'engine-failed',
      message: 'Docker image inspect failed: No such image: x',
    });
  });

  it('does nothing after an interruption, but what has a signal of its own', async () => {
    const stop = new AbortController();
    const stand = standInEngine([...dockerAnswers(), { to: '^ps', stdout: 'a' }]);
    const engine = await findEngine(undefined, stand.env, stop.signal);
    stop.abort();
    expect((await engine.run(['ps'])).stopped).toBe('aborted');
    expect((await problem(engine.ask(['ps']))).kind).toBe('interrupted');
    expect((await engine.run(['ps'], { signal: never })).stdout).toBe('a');
    expect(stand.calls().filter((call) => call === 'ps')).toHaveLength(1);
  });
});
