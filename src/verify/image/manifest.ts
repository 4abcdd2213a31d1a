// Room: verify/image/. Which layers of an image's archive belong to it, and in which order.
import { posix } from 'node:path';
import type { LayerEntry } from './layers.ts';

/** A layer as it came; the archive may name it before or after what says its place. */
export interface RawLayer {
  bytes: number;
  compressed: number | undefined;
  entries: LayerEntry[];
}
/** One step of an image's history. Source: https://github.com/opencontainers/image-spec/blob/main/config.md#properties (history) */
export interface HistoryEntry {
  createdBy: string;
  /** It made no layer. */
  empty: boolean;
}
/** What the archive of an image holds, by the names of its entries. */
export interface Archive {
  layers: Map<string, RawLayer>;
  /** Links from one entry to another. */
  links: Map<string, string>;
  texts: Map<string, string>;
}

/**
 * The layers, the lowest first, the digests of their contents, and the image's history. In: what the archive holds. Throws when it holds no image.
 * Sources: https://github.com/moby/moby/blob/master/image/spec/v1.2.md#combined-image-json--filesystem-changeset-format (manifest.json),
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md (index.json)
 */
export function layersOf(archive: Archive): { raw: RawLayer[]; digests: string[]; history: HistoryEntry[] } {
  const { config, layers } = dockerManifest(archive) ?? ociManifest(archive) ?? fail('it has no manifest');
  const raw = layers.map((name) => archive.layers.get(followed(archive, name)) ?? fail(`layer ${name} is missing`));
  const told = parsed(archive, config);
  return { raw, digests: strings(at(told, 'rootfs', 'diff_ids')), history: historyOf(at(told, 'history')) };
}

function historyOf(value: unknown): HistoryEntry[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry) => {
    const createdBy = at(entry, 'created_by');
    return { createdBy: typeof createdBy === 'string' ? createdBy : '', empty: at(entry, 'empty_layer') === true };
  });
}

interface Order {
  config: string;
  layers: string[];
}

function dockerManifest(archive: Archive): Order | undefined {
  const first = at(parsed(archive, 'manifest.json'), 0);
  const config = at(first, 'Config');
  return typeof config === 'string' ? { config, layers: strings(at(first, 'Layers')) } : undefined;
}

function ociManifest(archive: Archive): Order | undefined {
  const digest = at(parsed(archive, 'index.json'), 'manifests', 0, 'digest');
  let manifest = typeof digest === 'string' ? parsed(archive, blob(digest)) : undefined;
  // An index of platforms: the first one that is here.
  const platforms = at(manifest, 'manifests');
  if (Array.isArray(platforms)) {
    const digests = platforms.map((one) => at(one, 'digest')).filter((one) => typeof one === 'string');
    manifest = digests.map((one) => parsed(archive, blob(one))).find((one) => at(one, 'layers') !== undefined);
  }
  const config = at(manifest, 'config', 'digest');
  const layers = at(manifest, 'layers');
  if (typeof config !== 'string' || !Array.isArray(layers)) return undefined;
  return { config: blob(config), layers: layers.map((layer) => blob(String(at(layer, 'digest')))) };
}

const blob = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

/** A layer that is the same as another is a link to it. */
function followed(archive: Archive, name: string): string {
  let at = name;
  for (let hops = 0; hops < 200; hops += 1) {
    const link = archive.links.get(at);
    if (link === undefined || archive.layers.has(at)) return at;
    at = archive.layers.has(link) || archive.links.has(link) ? link : posix.join(posix.dirname(at), link);
  }
  return at;
}

function parsed(archive: Archive, name: string): unknown {
  const text = archive.texts.get(name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A value inside of others; undefined where the way ends. */
function at(value: unknown, ...keys: (string | number)[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

function fail(why: string): never {
  throw new Error(why);
}
