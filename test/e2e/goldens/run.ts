// test/e2e/goldens: `npm run e2e:goldens`: builds what the golden cases expect. A golden is signed by eye; here an engine reads it.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findEngine } from '../../../src/verify/engine/engine.ts';
import { cleanLeftovers } from '../../../src/verify/engine/leftovers.ts';
import { EngineError, type Engine } from '../../../src/verify/types.ts';
import { FIXTURES, goldenCases, readGolden, textOf, type Case } from '../../golden/cases.ts';
import type { Golden } from '../../golden/format.ts';
import { buildBoth, type Limits } from './build-both.ts';
import { chosen, isFailure, parsePart, printHead, printRow, readRows, summary, type Candidate, type Row } from './rows.ts';

const results = fileURLToPath(new URL('../../../bench/results/goldens.tsv', import.meta.url));
const usage = `npm run e2e:goldens -- [options] [TEXT…]
  TEXT              cases with this text in their name or in the path of their golden only (fixtures/multi-stage/…)
  --part K/N        the K-th of N parts: each night another one
  --applied ID      cases that this transform rewrites only (may be repeated)
  --again           also cases that have a row in bench/results/goldens.tsv and have not changed since
  --timeout S       seconds for the build of an original (120)
  --start S         seconds in which an original must listen or end (3)
  --cache SIZE      what the engine's build cache may keep; the least recently used goes first (10GB)
  --sums            build nothing, tell what was found so far
`;

interface Golding extends Candidate {
  one: Case;
  golden: Golden;
}

/** Cases whose Dockerfile is rewritten. */
function rewrittenCases(): Golding[] {
  return goldenCases().flatMap((one) => {
    const golden = readGolden(one);
    if (golden.expected[golden.settings.dockerfile ?? 'Dockerfile'] === undefined) return [];
    const applied = [...(golden.said ?? '').matchAll(/^applied (\S+)/gm)].map((match) => match[1] ?? '');
    const digest = createHash('sha256').update(textOf(one)).digest('hex').slice(0, 12);
    return { one, golden, applied, digest, name: `${one.group}/${one.name}`, path: relative(FIXTURES, one.path) };
  });
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      part: { type: 'string', default: '1/1' },
      applied: { type: 'string', multiple: true, default: [] },
      again: { type: 'boolean', default: false },
      timeout: { type: 'string', default: '120' },
      start: { type: 'string', default: '3' },
      cache: { type: 'string', default: '10GB' },
      sums: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const part = parsePart(values.part);
  const limits = { timeout: Number(values.timeout), start: Number(values.start) };
  if (values.help || part === undefined || !(limits.timeout > 0) || !(limits.start > 0)) {
    process.stderr.write(usage);
    return values.help ? 0 : 2;
  }
  const all = rewrittenCases();
  const choice = { names: positionals.map((text) => text.replace(/^(?:\.\/)?fixtures\//, '')), transforms: values.applied, part };
  const of = chosen(all, choice, new Map());
  const known = readRows(existsSync(results) ? readFileSync(results, 'utf8') : '');
  const left = values.sums ? [] : chosen(all, choice, values.again ? new Map() : known);
  const found = left.length > 0 ? await buildAll(left, limits, values.cache) : [];
  if (typeof found === 'string') {
    console.log(`skipped: ${found}`);
    return 0;
  }
  for (const row of found) known.set(row.name, row);
  const rows = of.flatMap(({ name, digest }) => (known.get(name)?.digest === digest ? (known.get(name) ?? []) : []));
  console.log(`\n${summary(rows)}`);
  if (rows.length < of.length) console.log(`${of.length - rows.length} cases of these are not built yet`);
  return rows.some(({ outcome }) => isFailure(outcome)) ? 1 : 0;
}

/** Builds the cases one after the other; a row is written as soon as it is known. Out: why nothing can be built, where that is so. */
async function buildAll(left: readonly Golding[], limits: Limits, cache: string): Promise<Row[] | string> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
  let engine: Engine;
  try {
    engine = await findEngine('docker', process.env, stop.signal);
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
  await cleanLeftovers(engine);
  const rows: Row[] = [];
  for (const [i, { golden, name, digest, applied }] of left.entries()) {
    const started = performance.now();
    const came = await buildBoth(golden, engine, limits, stop.signal);
    const row: Row = { name, digest, applied, seconds: (performance.now() - started) / 1000, ...came };
    rows.push(row);
    write(row);
    const [first = ''] = row.detail.split('\n');
    const tells = isFailure(row.outcome) ? `FAIL ${row.detail}` : first;
    console.log(`${i + 1}/${left.length} ${name}: ${row.outcome} (${row.seconds.toFixed(0)} s) ${tells}`);
    // Layers of a case stay in the cache when its images are gone; the next case may begin with the same ones.
    await engine.run(['builder', 'prune', '--force', '--keep-storage', cache], { timeout: 120_000 });
  }
  return rows;
}

function write(row: Row): void {
  mkdirSync(dirname(results), { recursive: true });
  appendFileSync(results, existsSync(results) ? printRow(row) : `${printHead()}${printRow(row)}`);
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return error instanceof EngineError && error.problem.kind === 'interrupted' ? 130 : 2;
});
