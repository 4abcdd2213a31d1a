// `npm run bench:smoke -- MIRRORS [--only TEXT] [--trees DIR] [--original]`: public repositories that nobody here has looked at, rewritten from sources alone and by the
// ladder, and judged by requests that were written down before (smoke/repositories.yaml) and that verification never gets to see. MIRRORS holds a git directory of each
// (see mirrors.ts). The original and each rewrite are built with the engine on PATH, started, and asked; results go to results/smoke.json and smoke.md, where what an
// earlier run found of others stays. `--original`: the original alone, to see whether the requests do what they say. `--trees DIR`: the trees stay there.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { checkedOut, mirrorOf } from './mirrors.ts';
import { build, docker } from './smoke/container.ts';
import { markdown, type Judged, type Result, type Results } from './smoke/report.ts';
import { ladder, offline } from './smoke/rewrite.ts';
import { differences, tried } from './smoke/session.ts';
import type { Done, Repository } from './smoke/types.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', default: '' }, trees: { type: 'string' }, original: { type: 'boolean', default: false } },
});
const [mirrors] = positionals;
if (mirrors === undefined) {
  console.error('usage: npm run bench:smoke -- MIRRORS [--only TEXT] [--trees DIR] [--original]');
  process.exit(2);
}
const at = (name: string): string => join(import.meta.dirname, name);
const repositories = parse(readFileSync(at('smoke/repositories.yaml'), 'utf8')) as Repository[];
const place = values.trees ?? realpathSync(mkdtempSync(join(tmpdir(), 'dockerfile-mod-smoke-')));
mkdirSync(place, { recursive: true });
try {
  for (const one of repositories.filter(({ repository }) => repository.includes(values.only))) {
    console.log(`\n== ${one.repository}`);
    const result = await judged(one, mirrors);
    console.log(JSON.stringify(result, undefined, 1));
    if (!values.original) await write(result);
  }
} finally {
  if (values.trees === undefined) rmSync(place, { recursive: true, force: true });
}

async function judged(one: Repository, folder: string): Promise<Result> {
  const { repository, dockerfile, kind, commit } = one;
  const name = repository.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const about = { repository, dockerfile, kind, commit };
  const mirror = mirrorOf(repository, folder);
  const tree = fresh(`${name}.before`);
  if (mirror === undefined || !checkedOut(mirror, commit, tree)) return { ...about, failed: 'no mirror, or no such commit in it' };
  const [planned, proven] = [copyOf(tree, `${name}.offline`), copyOf(tree, `${name}.ladder`)];
  const plan = values.original ? undefined : offline(dockerfile, planned);
  // Built first, so that a build that does not end well is told as the original's.
  const tag = (side: string): string => `dockerfile-mod-smoke:${name}-${side}`;
  try {
    const before = build(tag('before'), join(tree, dockerfile), contextOf(tree, one, plan?.context));
    if (before.failed !== undefined) return { ...about, failed: before.failed, ...(plan ? { offline: { ...plan, text: '' } } : {}) };
    const [done, again] = [await tried(tag('before'), one, tree), await tried(tag('before'), one, tree)];
    const original = {
      size: before.size,
      seconds: before.seconds,
      asked: done.length,
      // What the sources made us expect and the original does not do, and what it does otherwise the second time.
      notAsWritten: done.filter(({ missing }) => missing.length > 0).map(({ what, missing }) => `${what}: ${missing.join(', ')}`),
      varies: differences(done, again),
    };
    if (values.original || !plan) return { ...about, original };
    const isRewritten = plan.outcome === 'split' || plan.outcome === 'not split';
    const first = isRewritten ? await compared(tag('offline'), one, planned, plan.context, done) : undefined;
    const proof = ladder(dockerfile, proven);
    const isKept = ['verified', 'partly-verified'].includes(proof.outcome);
    const sameFile = isRewritten && proof.text === plan.text;
    const second = isKept ? (sameFile ? first : await compared(tag('ladder'), one, proven, plan.context, done)) : undefined;
    return {
      ...about,
      original,
      offline: { ...plan, ...(first ? { judged: first } : {}) },
      ladder: { ...proof, ...(second ? { judged: second } : {}) },
    };
  } finally {
    docker(['image', 'rm', '--force', ...['before', 'offline', 'ladder'].map(tag)]);
  }
}

/** Builds and asks a rewrite. */
async function compared(tag: string, one: Repository, tree: string, context: string, before: readonly Done[]): Promise<Judged> {
  const built = build(tag, join(tree, one.dockerfile), contextOf(tree, one, context));
  if (built.failed !== undefined) return { failed: built.failed, size: 0, seconds: built.seconds, differs: [] };
  return { size: built.size, seconds: built.seconds, differs: differences(before, await tried(tag, one, tree)) };
}

/** The context that the command line took, or the directory of the Dockerfile. */
function contextOf(tree: string, { dockerfile }: Repository, context?: string): string {
  return context === undefined || context === '' ? dirname(join(tree, dockerfile)) : join(tree, context);
}

function fresh(name: string): string {
  const tree = join(place, name);
  rmSync(tree, { recursive: true, force: true });
  return tree;
}
function copyOf(tree: string, name: string): string {
  const copy = fresh(name);
  cpSync(tree, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** The order is that of the list. */
async function write(result: Result): Promise<void> {
  const file = at('results/smoke.json');
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : { engine: '', results: [] };
  const all = [...earlier.results.filter(({ repository }) => repository !== result.repository), result];
  const order = repositories.map(({ repository }) => repository);
  all.sort((a, b) => order.indexOf(a.repository) - order.indexOf(b.repository));
  const engine = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8' }).stdout.trim();
  const results: Results = { engine: `Docker ${engine}`, results: all };
  // What a repository says is not kept here, nor what is made of it.
  const kept = (key: string, value: unknown): unknown => (key === 'text' ? undefined : value);
  writeFileSync(file, `${JSON.stringify(results, kept, 1)}\n`);
  writeFileSync(at('results/smoke.md'), await markdown(results, order));
}
