// test/verify: real builds: which ignore file is in force, whose cache mounts, what is said of failures, and what is left behind. With DOCKERFILE_MOD_E2E=1.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { build } from '../../src/verify/engine/build.ts';
import { findEngine } from '../../src/verify/engine/engine.ts';
import { cleanLeftovers, cleanUp } from '../../src/verify/engine/leftovers.ts';
import { sessionLabel } from '../../src/verify/engine/labels.ts';
import { EngineError, type BuiltImage, type Engine, type EngineProblem, type Session, type Side } from '../../src/verify/types.ts';
import { copyContext, openSession } from '../../src/verify/engine/workspace.ts';
import { present, whyNot } from './engine.ts';

const [base] = await present(['debian:bookworm-slim']);
const [frontend] = await present(['docker/dockerfile:1']);
const reason = whyNot ?? (base === undefined ? 'debian:bookworm-slim is not here' : undefined);
const time = { timeout: 5 * 60_000 };

async function opened(): Promise<{
  session: Session;
  context: string;
  of: (text: string, ignore?: string, side?: Side, cache?: 'cold' | 'warm') => Promise<BuiltImage>;
}> {
  const engine = await findEngine('docker', process.env, new AbortController().signal);
  const session = await openSession(engine, {
    limits: { memory: '256m', cpus: '1', pids: 64 },
    signal: new AbortController().signal,
    say: () => undefined,
  });
  onTestFinished(() => cleanUp(session), 60_000);
  const from = mkdtempSync(join(tmpdir(), 'e2e-context-'));
  onTestFinished(() => rmSync(from, { recursive: true }));
  for (const name of ['a', 'b', '.dockerignore']) writeFileSync(join(from, name), name === '.dockerignore' ? 'a\n' : name);
  const context = await copyContext(from, session);
  const settings = { buildArgs: [], target: undefined, platform: undefined, timeout: 120 };
  let tags = 0;
  return {
    session,
    context,
    of: (dockerfile, ignore = '', side = 'before', cache = 'cold') =>
      build(session, {
        side,
        recipe: { dockerfile, ignore },
        context,
        settings,
        cache,
        tag: `dockerfile-mod-verify:${session.id}-${(tags += 1)}`,
      }),
  };
}
const output = ({ engine, labels }: Session, image: string, ...command: string[]): Promise<string> =>
  engine.ask(['run', '--rm', ...labels, image, ...command]);

/** What the engine has of a session, and whether its directory is there. */
async function left(engine: Engine, id: string, directory: string): Promise<Record<string, number | boolean>> {
  const count = async (args: string[]): Promise<number> =>
    (await engine.ask([...args, '--filter', `label=${sessionLabel}=${id}`])).split('\n').filter(Boolean).length;
  return {
    containers: await count(['ps', '--all', '--quiet']),
    images: await count(['images', '--quiet']),
    directory: existsSync(directory),
    mounts: (await engine.ask(['system', 'df', '--verbose', '--format', '{{json .}}'])).split(id).length - 1,
  };
}
const nothing = { containers: 0, images: 0, directory: false, mounts: 0 };

describe(`real builds${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it.skipIf(reason !== undefined).each([
    ['the builder’s own frontend', ''],
    ['the current frontend', '# syntax=docker/dockerfile:1\n'],
  ])('the ignore file beside the Dockerfile is in force, with %s', time, async (_, syntax) => {
    if (syntax !== '' && frontend === undefined) return;
    const { session, of } = await opened();
    const text = `${syntax}FROM debian:bookworm-slim\nWORKDIR /c\nCOPY . .\n`;
    expect(await output(session, (await of(text)).image, 'ls', '-A')).toBe('.dockerignore\na\nb');
    expect(await output(session, (await of(text, 'b\n.dockerignore\n', 'after')).image, 'ls', '-A')).toBe('a');
  });

  it.skipIf(reason !== undefined)('cache mounts are empty when it is cold, and kept when it is warm', time, async () => {
    const { session, of } = await opened();
    const text = (comment: string): string =>
      `FROM debian:bookworm-slim\nRUN --mount=type=cache,target=/root/.cache ls -A /root/.cache > /seen && touch /root/.cache/${comment} && ls -A /root\n`;
    const seen = async (comment: string, side: Side, cache: 'cold' | 'warm'): Promise<string> =>
      output(session, (await of(text(comment), '', side, cache)).image, 'cat', '/seen');
    expect(await seen('one', 'before', 'cold')).toBe('');
    expect(await seen('two', 'before', 'warm')).toBe('one');
    expect(await seen('three', 'after', 'warm')).toBe('');
    expect(await seen('four', 'before', 'cold')).toBe('');
    await cleanUp(session);
    expect(await left(session.engine, session.id, session.directory)).toEqual(nothing);
  });

  it.skipIf(reason !== undefined)('what goes wrong is named', time, async () => {
    const { of } = await opened();
    const problem = async (text: string): Promise<EngineProblem> => {
      const error = await of(text).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof EngineError)) throw new Error(`no problem, but ${String(error)}`);
      return error.problem;
    };
    const failed = await problem('FROM debian:bookworm-slim\nRUN echo the reason; exit 7\n');
    expect(failed).toMatchObject({ kind: 'build-failed' });
    expect(failed.log).toContain('\nthe reason\n');
    expect((await problem('FROM debian:bookworm-slim\nCOPY missing /\n')).kind).toBe('build-failed');
    expect(await problem('FROM 127.0.0.1:1/no/such:1\n')).toMatchObject({ kind: 'no-base-image' });
  });
});

describe(`a run that is killed in the middle of a build${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const program = new URL('killed-run.ts', import.meta.url).pathname;
  const text = 'FROM debian:bookworm-slim\nRUN --mount=type=cache,target=/root/.cache echo x > /root/.cache/x; echo now; sleep 60\n';

  /** Starts it, and waits until the build is in its RUN. */
  async function started(): Promise<{ child: ChildProcess; id: string; directory: string; ended: Promise<void> }> {
    const child = spawn(process.execPath, ['--import', 'tsx', program, text], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (/^#\d+ [\d.]+ now$/m.test(said)) resolve();
      });
      child.on('exit', () => reject(new Error(`ended too early:\n${said}`)));
    });
    const [, id = '', directory = ''] = /^session (\S+) (\S+)$/m.exec(said) ?? [];
    return { child, id, directory, ended };
  }

  it.skipIf(reason !== undefined)('by SIGINT leaves nothing', time, async () => {
    const engine = await findEngine('docker', process.env, new AbortController().signal);
    const { child, id, directory, ended } = await started();
    expect((await left(engine, id, directory))['containers']).toBe(1);
    child.kill('SIGINT');
    await ended;
    expect(await left(engine, id, directory)).toEqual(nothing);
  });

  it.skipIf(reason !== undefined)('by SIGKILL leaves nothing behind the next start, which leaves a living run alone', time, async () => {
    const engine = await findEngine('docker', process.env, new AbortController().signal);
    const [dead, alive] = [await started(), await started()];
    dead.child.kill('SIGKILL');
    await dead.ended;
    expect(await left(engine, dead.id, dead.directory)).toMatchObject({ containers: 1, directory: true });
    await cleanLeftovers(engine);
    expect(await left(engine, dead.id, dead.directory)).toEqual(nothing);
    expect(await left(engine, alive.id, alive.directory)).toMatchObject({ containers: 1, directory: true });
    expect(alive.child.exitCode).toBeNull();
    alive.child.kill('SIGINT');
    await alive.ended;
    expect(await left(engine, alive.id, alive.directory)).toEqual(nothing);
  });
});
