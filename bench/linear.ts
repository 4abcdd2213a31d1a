// `npm run bench:linear [WORD…]`: does time grow as the input does? Prints the processor time at n and at 8n, and their ratio: 8 is linear.
// WORD: only shapes whose name contains it. BENCH_SRC: the source tree that is measured (this one). BENCH_N: n of the instructions (1250).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { kinds, largeContext, manyDockerfiles, stages, type Input } from './shapes.ts';

import type { core } from '../src/checkout/core.ts';
import type { findDockerfiles } from '../src/checkout/find.ts';
import type { places } from '../src/checkout/locate.ts';
import type { plan } from '../src/checkout/plan.ts';
import type { shareFiles } from '../src/checkout/share.ts';
import type { memoryTree, refactor } from '../src/index.ts';

interface Road {
  core: typeof core;
  findDockerfiles: typeof findDockerfiles;
  places: typeof places;
  plan: typeof plan;
  shareFiles: typeof shareFiles;
  memoryTree: typeof memoryTree;
  refactor: typeof refactor;
}

/** A shape at one size: its work is done anew with each call. */
interface Shape {
  name: string;
  /** The size, as the table shows it. */
  sizes: [number, number];
  work(size: number): () => unknown;
}

const factor = 8;
const bound = 10;
const source = resolve(process.env.BENCH_SRC ?? '.');
const small = Number(process.env.BENCH_N ?? 1250);
const words = process.argv.slice(2);

// Bundled as what is published is: a loader that transforms as it loads would be measured, too.
const place = mkdtempSync(resolve('node_modules', '.bench-linear-'));
const road = await bundled();
const bases = mkdtempSync(join(place, 'trees-'));
try {
  const shapes = [...instructionShapes(), ...stageShapes(), ...directoryShapes()].filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  console.log(
    `${'shape'.padEnd(24)}${'n'.padStart(8)}${'8n'.padStart(8)}${'ms at n'.padStart(11)}${'ms at 8n'.padStart(11)}${'ratio'.padStart(8)}`,
  );
  const over = shapes.filter((shape) => told(shape) > bound);
  console.log(over.length === 0 ? `none is above ${bound}` : `above ${bound}: ${over.map(({ name }) => name).join(', ')}`);
  process.exitCode = over.length === 0 ? 0 : 1;
} finally {
  rmSync(place, { recursive: true });
}

async function bundled(): Promise<Road> {
  const parts = ['index', 'checkout/core', 'checkout/find', 'checkout/locate', 'checkout/plan', 'checkout/share'];
  await build({
    stdin: { contents: parts.map((part) => `export * from './src/${part}.ts';`).join('\n'), resolveDir: source },
    outfile: join(place, 'road.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  return (await import(pathToFileURL(join(place, 'road.mjs')).href)) as Road;
}

function told(shape: Shape): number {
  const [n, many] = shape.sizes;
  shape.work(n)();
  const few = least(shape.work(n));
  const more = least(shape.work(many));
  const ratio = more / few;
  const number = (value: number, digits: number): string => value.toFixed(digits);
  console.log(
    `${shape.name.padEnd(24)}${String(n).padStart(8)}${String(many).padStart(8)}${number(few, 1).padStart(11)}${number(more, 1).padStart(11)}${number(ratio, 1).padStart(8)}`,
  );
  return ratio;
}

/** Milliseconds of the processor: the least of some runs, of one where it takes long. */
function least(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0, spent = 0; run < 5 && spent < 4000; run += 1) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
    spent += (user + system) / 1000;
  }
  return best;
}

function ofInput({ dockerfile, files }: Input): () => unknown {
  const tree = road.memoryTree({ ...files, Dockerfile: dockerfile });
  return () => {
    const result = road.refactor(dockerfile, { tree, dockerfilePath: 'Dockerfile', contextCertain: true });
    if (!result.ok) throw new Error(result.error.message);
  };
}

function instructionShapes(): Shape[] {
  return kinds.map(({ name, make }) => ({ name, sizes: [small, factor * small], work: (n) => ofInput(make(n)) }));
}
function stageShapes(): Shape[] {
  return stages.map(({ name, make }) => ({ name, sizes: [small / 5, (factor * small) / 5], work: (n) => ofInput(make(n)) }));
}

/** As the command line does it: found, located, planned and shared below a directory. */
function directoryShapes(): Shape[] {
  return [
    { name: 'Dockerfiles, one place', sizes: [25, 200], work: (n) => ofDirectory(manyDockerfiles(n).files) },
    { name: '10000 files, Dockerfiles', sizes: [1, 20], work: (n) => ofDirectory(largeContext(n, 10_000).files) },
    { name: 'files, 1 Dockerfile', sizes: [1250, 10_000], work: (n) => ofDirectory(largeContext(1, n).files) },
  ];
}
function ofDirectory(files: Record<string, string>): () => unknown {
  const dir = mkdtempSync(join(bases, 'tree-'));
  mkdirSync(join(dir, '.git'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return () => {
    const places = road.places(road.core, undefined);
    const how = { cwd: dir, options: {} };
    const planned = road.findDockerfiles([dir], dir).found.map((found) => road.plan(found, places, how));
    road.shareFiles(planned, places, how);
    const failed = planned.find(({ report }) => report.error);
    if (failed) throw new Error(failed.report.error?.message);
  };
}
