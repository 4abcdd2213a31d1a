// Room: observe/. The image that a Dockerfile stands on: what it declares, and how much of the built image is its own.
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from '../verify/engine/build.ts';
import { emptyConfig, imageConfig } from '../verify/engine/image-config.ts';
import { EngineError, ofTheMachine, type BuildSettings, type ImageConfig, type Session } from '../verify/types.ts';

export interface Base {
  reference: string;
  config: ImageConfig;
  size: number;
  /** Digests of the contents of its layers, the lowest first. */
  layers: readonly string[];
  /** Steps of its history. */
  history: number;
  onBuild: readonly string[];
}

const scratch: Base = {
  reference: 'scratch',
  config: emptyConfig,
  size: 0,
  layers: [],
  history: 0,
  onBuild: [],
};

/**
 * Looks a base image up. In: its reference, and how the image is built. An engine need not have it under its name after a build: then a file that is
 * nothing but `FROM reference` names it for the time of the session. Out: undefined when it cannot be had so. Throws an EngineError for what is no
 * fault of the image.
 */
export async function lookUpBase(session: Session, reference: string, settings: BuildSettings): Promise<Base | undefined> {
  if (reference.toLowerCase() === 'scratch') return scratch;
  const here = settings.platform === undefined && (await inspect(session, reference, ['{{.Id}}'])) !== undefined;
  const name = here ? reference : await named(session, reference, settings);
  if (name === undefined) return undefined;
  const { config, size } = await imageConfig(session.engine, name, session.signal);
  const layers = parsed(await inspect(session, name, ['{{json .RootFS.Layers}}']));
  const onBuild = parsed(await inspect(session, name, ['{{json .Config.OnBuild}}']));
  const steps = await session.engine.run(['history', '--no-trunc', '--quiet', name], { signal: session.signal });
  if (layers === undefined || steps.code !== 0) return undefined;
  const history = steps.stdout.split('\n').filter((line) => line.trim() !== '').length;
  return { reference, config, size, layers, history, onBuild: onBuild ?? [] };
}

async function named(session: Session, reference: string, settings: BuildSettings): Promise<string | undefined> {
  const tag = `dockerfile-mod-verify/${session.id}:base`;
  try {
    const context = await mkdtemp(join(session.directory, 'empty-'));
    const plain = { ...settings, buildArgs: [], target: undefined };
    const recipe = { dockerfile: `FROM ${reference}\n`, ignore: '' };
    await build(session, { side: 'before', recipe, context, settings: plain, cache: 'warm', tag });
    return tag;
  } catch (error) {
    if (!(error instanceof EngineError) || error.problem.kind === 'interrupted' || ofTheMachine.has(error.problem.kind)) throw error;
    return undefined;
  }
}

async function inspect(session: Session, name: string, [format = '']: [string]): Promise<string | undefined> {
  const ran = await session.engine.run(['image', 'inspect', '--format', format, name], { signal: session.signal });
  return ran.code === 0 ? ran.stdout.trim() : undefined;
}

function parsed(text: string | undefined): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
  } catch {
    return undefined;
  }
}
