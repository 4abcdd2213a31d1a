// test/observe: images made for tests: each step of the history with its layer, read as `docker save` writes them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { observedAs } from '../../src/observe/wanted.ts';
import { readArchive, type WholeImage } from '../../src/verify/image/image.ts';
import { scratchFile } from '../../src/verify/image/layers.ts';
import type { BuiltImage, ImageConfig } from '../../src/verify/types.ts';
import { tarOf, type TarEntry } from '../verify/archives.ts';
import { config } from '../verify/contents.ts';

/** One step: what the history says, and its layer; without one it is empty. */
export interface Step {
  by: string;
  layer?: readonly TarEntry[];
}

/** The image of these steps. */
export async function imageOf(steps: readonly Step[]): Promise<WholeImage> {
  const layers = steps.flatMap(({ layer }) => (layer ? [layer] : []));
  const tars = await Promise.all(layers.map((layer) => tarOf(layer)));
  const names = tars.map((_, i) => `l${i}/layer.tar`);
  const config = {
    rootfs: { diff_ids: digests(layers.length) },
    history: steps.map(({ by, layer }) => ({ created_by: by, ...(layer ? {} : { empty_layer: true }) })),
  };
  const archive = await tarOf([
    { name: 'manifest.json', content: JSON.stringify([{ Config: 'c.json', Layers: names }]) },
    { name: 'c.json', content: JSON.stringify(config) },
    ...names.map((name, i): TarEntry => ({ name, content: tars[i] ?? '' })),
  ]);
  const directory = mkdtempSync(join(tmpdir(), 'dockerfile-mod-test-'));
  const scratch = scratchFile(join(directory, 'elf'));
  try {
    return await readArchive(Readable.from([archive]), scratch, { compressed: 'leave', wanted: observedAs });
  } finally {
    scratch.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Digests of the first layers. */
export const digests = (count: number): string[] => Array.from({ length: count }, (_, i) => `sha256:${i}`);

export const plainConfig = config({ env: { PATH: '/usr/local/bin:/usr/bin:/bin' }, cmd: ['app'], workdir: '/app' });

export const builtOf = (settings: Partial<ImageConfig> = {}): BuiltImage => ({
  side: 'before',
  image: 'x',
  config: { ...plainConfig, ...settings },
  size: 1000,
  seconds: 1,
});

const paragraph = (name: string, kib: number): string =>
  `Package: ${name}\nStatus: install ok installed\nInstalled-Size: ${kib}\nVersion: 1.0\n`;
/** dpkg's database with these packages. */
export const dpkg = (...names: string[]): TarEntry => ({
  name: 'var/lib/dpkg/status',
  content: names.map((name, i) => paragraph(name, i + 1)).join('\n'),
});
