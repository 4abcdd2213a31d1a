// Room: verify/engine/. The configuration of an image, as `image inspect` of each engine prints it.
import { EngineError, type Engine, type ImageConfig } from '../types.ts';

/**
 * Asks the engine for an image's configuration and size (bytes, unpacked). In: the engine, a tag or id. Throws an EngineError when there is no
 * such image or the answer cannot be read. Source of the form: https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageInspect;
 * podman and nerdctl print the same fields, podman the health check beside `Config` and the labels twice.
 */
export async function imageConfig(engine: Engine, image: string, signal: AbortSignal): Promise<{ config: ImageConfig; size: number }> {
  const text = await engine.ask(['image', 'inspect', image], { signal });
  const inspected = firstObject(text);
  if (!inspected)
    throw new EngineError({
      kind: 'engine-failed',
      message: `${engine.name} image inspect ${image} printed no JSON`,
      hint: undefined,
      log: text.slice(0, 2000),
    });
  return { config: readConfig(inspected), size: numberOf(inspected['Size']) };
}

type Fields = Readonly<Record<string, unknown>>;

function firstObject(text: string): Fields | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return fieldsOf(Array.isArray(answer) ? answer[0] : answer);
  } catch {
    return undefined;
  }
}

function readConfig(inspected: Fields): ImageConfig {
  const config = fieldsOf(inspected['Config']) ?? {};
  return {
    user: textOf(config['User']),
    env: Object.fromEntries((listOf(config['Env']) ?? []).map(pairOf)),
    entrypoint: listOf(config['Entrypoint']),
    cmd: listOf(config['Cmd']),
    workdir: textOf(config['WorkingDir']),
    exposedPorts: Object.keys(fieldsOf(config['ExposedPorts']) ?? {}).sort(),
    volumes: Object.keys(fieldsOf(config['Volumes']) ?? {}).sort(),
    labels: textFields(config['Labels']),
    healthcheck: fieldsOf(config['Healthcheck'] ?? inspected['HealthCheck'] ?? inspected['Healthcheck']),
    stopSignal: textOf(config['StopSignal']) || undefined,
    shell: listOf(config['Shell']),
    os: textOf(inspected['Os']),
    architecture: textOf(inspected['Architecture']),
  };
}

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number(textOf(value)) || 0);

/** Undefined for none and for an empty list, which mean the same; a text is a list of one. */
function listOf(value: unknown): string[] | undefined {
  const list = (Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value]).filter(
    (one) => typeof one === 'string',
  );
  return list.length === 0 ? undefined : list;
}

function pairOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

const textFields = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(fieldsOf(value) ?? {}).map(([name, text]) => [name, textOf(text)]));

/** The configuration of an image that says nothing, as `scratch` does. */
export const emptyConfig: ImageConfig = readConfig({});
