// Room: verify/engine/. Builds one side with the engine's command line, and reads the configuration of the image.
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Core } from '../../checkout/types.ts';
import { withOwnMounts, withoutMarks } from './cache-mounts.ts';
import { majorOf } from './engine.ts';
import { imageConfig } from './image-config.ts';
import { failure } from './problems.ts';
import {
  EngineError,
  ofTheMachine,
  type BuildSettings,
  type BuiltImage,
  type Engine,
  type Recipe,
  type Session,
  type Side,
} from '../types.ts';
import { place, type Placed } from './workspace.ts';

export interface BuildRequest {
  side: Side;
  recipe: Recipe;
  /** The copy of the build context (`copyContext`). */
  context: string;
  settings: BuildSettings;
  /** `cold`: no layer and no cache mount is there before; `warm`: layers of earlier builds, and the cache mounts of this side's last cold build. */
  cache: 'cold' | 'warm';
  tag: string;
  /** The library; another one in tests. */
  core?: Pick<Core, 'withCacheIds' | 'externalImages'>;
}

/**
 * Builds one side. What it is built on is brought first, so that no build is measured with a download. In: the session, and what to build.
 * Out: the image with its configuration and size, and the seconds of the build. Throws an EngineError: `build-failed` with the failing step and
 * its output, `build-timeout`, `no-base-image`, `no-space`, `interrupted`, ….
 */
export async function build(session: Session, request: BuildRequest): Promise<BuiltImage> {
  const { side, settings, cache, tag, context } = request;
  const core = request.core ?? (await import('../../checkout/core.ts')).core;
  const recipe = withOwnMounts(session, core, request);
  await bringImages(session, core.externalImages(recipe.dockerfile, buildArgs(settings)), settings);
  const placed = await place(session, side, recipe);
  const what = side === 'before' ? 'the build of the original' : 'the build of the rewritten file';
  const started = performance.now();
  await run(
    session,
    [...buildFlags(session.engine, placed, settings, cache), '--tag', tag, ...session.labels, context],
    what,
    settings.timeout,
  );
  const seconds = (performance.now() - started) / 1000;
  const { config, size } = await imageConfig(session.engine, tag, session.signal);
  return { side, image: tag, config, size, seconds };
}

async function run(session: Session, args: readonly string[], what: string, timeout: number): Promise<void> {
  const { engine, signal, say } = session;
  const ran = await engine.run(['build', ...args], {
    signal,
    timeout: timeout * 1000,
    onLine: (text) => say({ kind: 'line', text: withoutMarks(session, text) }),
    maxBytes: 4 * 1024 * 1024,
  });
  if (ran.code === 0) return;
  const told = { ...ran, stdout: withoutMarks(session, ran.stdout), stderr: withoutMarks(session, ran.stderr) };
  throw failure(told, { task: 'build', what, engine: engine.name, timeout });
}

function buildFlags(engine: Engine, { dockerfile, ignoreFile }: Placed, settings: BuildSettings, cache: BuildRequest['cache']): string[] {
  const flags = ['--file', dockerfile, ...(cache === 'cold' ? ['--no-cache'] : [])];
  for (const arg of settings.buildArgs) flags.push('--build-arg', arg);
  if (settings.target !== undefined) flags.push('--target', settings.target);
  if (settings.platform !== undefined) flags.push('--platform', settings.platform);
  return [...flags, ...flagsOf(engine, ignoreFile)];
}

function flagsOf(engine: Engine, ignoreFile: string): string[] {
  // The OCI format has no HEALTHCHECK and no SHELL: https://docs.podman.io/en/latest/markdown/podman-build.1.html#format
  if (engine.name === 'podman') return ['--format', 'docker', '--ignorefile', ignoreFile];
  const load = engine.name === 'docker' && majorOf(engine.clientVersion) >= 23;
  // A builder of the user's with another driver than `docker` keeps the image to itself otherwise: https://docs.docker.com/build/builders/drivers/
  return ['--progress=plain', ...(load ? ['--load'] : [])];
}

/** What `--build-arg` gives: `NAME` alone takes the value of the environment. */
export function buildArgs({ buildArgs: given }: BuildSettings): Map<string, string> {
  return new Map(
    given.flatMap((arg): [string, string][] => {
      const equals = arg.indexOf('=');
      if (equals !== -1) return [[arg.slice(0, equals), arg.slice(equals + 1)]];
      const value = process.env[arg];
      return value === undefined ? [] : [[arg, value]];
    }),
  );
}

const brought = new WeakMap<Session, Set<string>>();

/**
 * Brings images that are not here by building a file that is nothing but `FROM image`: as a build does it, with the same logins, builder and
 * platform, and without a tag that the user would find later. An image that cannot be brought is left to the build, which says why.
 */
async function bringImages(session: Session, images: readonly string[], settings: BuildSettings): Promise<void> {
  const done = brought.get(session) ?? new Set<string>();
  brought.set(session, done);
  for (const image of images) {
    if (done.has(image)) continue;
    done.add(image);
    const { engine, signal } = session;
    if (settings.platform === undefined && (await engine.run(['image', 'inspect', image], { signal })).code === 0) continue;
    session.say({ kind: 'step', text: `Bringing ${image}` });
    try {
      const placed = await place(session, 'before', { dockerfile: `FROM ${image}\n`, ignore: '' });
      const empty = await mkdtemp(join(session.directory, 'empty-'));
      const flags = buildFlags(engine, placed, { ...settings, buildArgs: [], target: undefined }, 'warm');
      await run(session, [...flags, ...session.labels, empty], `bringing ${image}`, settings.timeout);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const { kind } = error.problem;
      if (kind === 'interrupted' || ofTheMachine.has(kind)) throw error;
    }
  }
}
