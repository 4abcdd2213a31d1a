// test/e2e: timed builds of a copy of an application.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { core } from '../../src/checkout/core.ts';
import type { App } from './apps.ts';
import { docker, ensureImage, LABEL } from './docker.ts';

export interface Built {
  image: string;
  bytes: number;
  seconds: number;
}

export interface Place {
  /** The copy of the application's folder: the build context. */
  directory: string;
  image: string;
  runId: string;
}

/** Rewrites the Dockerfile of a temporary copy so that its cache mounts are this run's own: a cold build is cold then, and the user's caches stay as they are. */
export async function isolate(place: Place): Promise<void> {
  const file = path.join(place.directory, 'Dockerfile');
  const suffix = `${path.basename(place.directory)}-${place.runId}`;
  await writeFile(file, core.withCacheIds(await readFile(file, 'utf8'), suffix, 'id-and-target'));
}

/** Brings the images that the Dockerfile starts from and copies from. Throws when one cannot be had. */
export async function ensureBases(place: Place): Promise<void> {
  const text = await readFile(path.join(place.directory, 'Dockerfile'), 'utf8');
  for (const image of core.externalImages(text)) {
    const problem = await ensureImage(image);
    if (problem) throw new Error(problem);
  }
}

/** Builds the copy. 'cold' ignores the layer cache; 'warm' uses it. Throws with the end of the build's log. */
export async function build(place: Place, cache: 'cold' | 'warm'): Promise<Built> {
  const args = ['build', '--progress=plain', '--label', `${LABEL}=${place.runId}`, '--tag', place.image];
  if (cache === 'cold') args.push('--no-cache');
  const started = performance.now();
  await docker(...args, place.directory);
  const seconds = (performance.now() - started) / 1000;
  const bytes = Number(await docker('image', 'inspect', '--format', '{{.Size}}', place.image));
  return { image: place.image, bytes, seconds };
}

/**
 * Seconds of a rebuild of each place after a comment was added to a source file: the median of the rounds, or one round if the first place takes over 20 s.
 * A round rebuilds every place in turn, so that a machine that gets busier slows all of them.
 */
export async function rebuildInRounds(app: App, places: Place[], most: number): Promise<number[]> {
  const rounds: number[][] = [];
  do {
    const round: number[] = [];
    for (const place of places) {
      const mark = `rebuilt ${rounds.length + 1} ${place.runId}`;
      await appendFile(path.join(place.directory, app.edit.file), `${app.edit.line.replace('MARK', mark)}\n`);
      round.push((await build(place, 'warm')).seconds);
    }
    rounds.push(round);
  } while (rounds.length < most && (rounds[0]?.[0] ?? 0) <= 20);
  return places.map((_, index) => median(rounds.map((round) => round[index] ?? 0)));
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
