// `npm run bench:pairs PAIRS.tsv MIRRORS [--out DIR] [--level max] [--kind split] [--observe] [--verify] [--replace FROM=TO]`: of Dockerfiles that a
// person made a multi-stage one, how many are split here, too? PAIRS.tsv has a head line with the columns owner/name, path, after_commit,
// base_before, bases_after and kind (split: an earlier stage builds for a later one); lines that begin with # say nothing. bench/pairs-2.tsv is such a list. MIRRORS holds a git directory of each repository:
// OWNER+NAME/repo, OWNER/NAME.git or OWNER/NAME/.git. The tree before the person's commit is checked out into a temporary directory, and planned there
// as the command line does; nothing is fetched. `--observe` builds it with the engine on PATH and plans again with the facts of its image; `--verify`
// builds and runs both sides, too. `--replace` puts another image into FROM where the engine cannot have the one that is written. `--only TEXT`: pairs
// whose repository and path have it. DIR gets pairs.tsv, and for each pair the Dockerfiles before, by the person, and by us, and the facts, which a
// later run takes again.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { core } from '../src/checkout/core.ts';
import { localDisk } from '../src/context/disk.ts';
import { places } from '../src/checkout/locate.ts';
import { plan } from '../src/checkout/plan.ts';
import type { ImageFacts, LevelName } from '../src/index.ts';
import { checkedOut, git, mirrorOf } from './mirrors.ts';
import { looked, proven, type Proof } from './pairs-engine.ts';

interface Pair {
  repository: string;
  path: string;
  commit: string;
  baseBefore: string;
  basesAfter: string;
  kind: string;
}
/** What a plan makes of it; reasons are `id: sentence`, the first one first. */
interface Attempt {
  state: 'split' | 'not split' | 'refused' | 'no mirror' | 'no commit' | 'does not build';
  reasons: string[];
  ours: string;
}
/** What became of a pair. */
interface Outcome {
  pair: Pair;
  offline: Attempt;
  /** With facts of its image; undefined: not asked for. */
  seen: Attempt | undefined;
  proof: Proof | undefined;
  context: string;
  texts: { before: string; person: string } | undefined;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    level: { type: 'string', default: 'balanced' },
    kind: { type: 'string' },
    only: { type: 'string', default: '' },
    observe: { type: 'boolean', default: false },
    verify: { type: 'boolean', default: false },
    replace: { type: 'string', multiple: true, default: [] },
  },
});
const [list, mirrors] = positionals;
if (list === undefined || mirrors === undefined || !isLevel(values.level)) {
  console.error(
    'usage: npm run bench:pairs -- PAIRS.tsv MIRRORS [--out DIR] [--level safe|balanced|max] [--kind split] [--only TEXT] [--observe] [--verify] [--replace FROM=TO]',
  );
  process.exit(2);
}
const level = values.level;
const pairs = readPairs(list)
  .filter(({ kind }) => values.kind === undefined || kind === values.kind)
  .filter(({ repository, path }) => `${repository}/${path}`.includes(values.only));
if (values.out !== undefined) mkdirSync(values.out, { recursive: true });
const outcomes: Outcome[] = [];
// Pairs of one commit share its tree.
for (const group of grouped(pairs, ({ repository, commit }) => `${repository} ${commit}`).values())
  for (const outcome of tried(group, mirrors)) outcomes[pairs.indexOf(outcome.pair)] = outcome;
report(outcomes);

function isLevel(text: string): text is LevelName {
  return ['safe', 'balanced', 'max'].includes(text);
}

function readPairs(file: string): Pair[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  const names = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    return {
      repository: cell('owner/name'),
      path: cell('path'),
      commit: cell('after_commit'),
      baseBefore: cell('base_before'),
      basesAfter: cell('bases_after'),
      kind: cell('kind'),
    };
  });
}

/** Pairs of one commit: its tree is written once. Files that the mirror lacks (large ones, as a rule) are left out. */
function tried(group: readonly Pair[], folder: string): Outcome[] {
  const nothing = (state: Attempt['state']): Omit<Outcome, 'pair'> => ({
    offline: { state, reasons: [], ours: '' },
    seen: undefined,
    proof: undefined,
    context: '',
    texts: undefined,
  });
  const [one] = group;
  if (!one) return [];
  const mirror = mirrorOf(one.repository, folder);
  if (mirror === undefined) return group.map((pair) => ({ pair, ...nothing('no mirror') }));
  const before = `${one.commit}^`;
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'dockerfile-mod-pairs-')));
  try {
    const tree = join(place, 'tree');
    if (!checkedOut(mirror, before, tree)) return group.map((pair) => ({ pair, ...nothing('no commit') }));
    return group.map((pair) => ({ pair, ...planned(tree, pair, git(mirror, ['show', `${pair.commit}:${pair.path}`]).stdout) }));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function planned(tree: string, pair: Pair, person: string): Omit<Outcome, 'pair'> {
  const at = join(tree, pair.path);
  for (const one of values.replace) {
    const [from = '', to = ''] = [one.slice(0, one.lastIndexOf('=')), one.slice(one.lastIndexOf('=') + 1)];
    if (existsSync(at)) writeFileSync(at, readFileSync(at, 'utf8').replaceAll(`FROM ${from}\n`, `FROM ${to}\n`));
  }
  const { attempt: offline, context, before } = attempted(tree, pair.path, undefined);
  const texts = { before, person };
  if (!values.observe || offline.state === 'refused') return { offline, seen: undefined, proof: undefined, context, texts };
  const keep = values.out === undefined ? undefined : join(values.out, `${nameOf(pair)}.facts.json`);
  const facts = looked(at, before, keep);
  if ('why' in facts)
    return { offline, seen: { state: 'does not build', reasons: [facts.why], ours: before }, proof: undefined, context, texts };
  const seen = attempted(tree, pair.path, facts).attempt;
  return { offline, seen, proof: values.verify ? proven(at, facts) : undefined, context, texts };
}

function attempted(tree: string, path: string, image: ImageFacts | undefined): { attempt: Attempt; context: string; before: string } {
  const found = { path, real: join(tree, path), given: tree };
  const { report, contextDir } = plan(found, places(core, undefined, localDisk, image), { cwd: tree, options: { level } });
  const context = contextDir === tree ? '.' : contextDir.slice(tree.length + 1);
  const { result, error, source: before = '' } = report;
  if (!result?.ok)
    return { attempt: { state: 'refused', reasons: [`refused: ${error?.message ?? 'no result'}`], ours: before }, context, before };
  const isSplit = result.applied.some(({ transform }) => transform === 'multi-stage');
  const reasons = result.skipped.filter(({ transform }) => transform === 'multi-stage').map((one) => `${one.reason}: ${one.message}`);
  const state = isSplit ? 'split' : 'not split';
  return {
    attempt: { state, reasons: isSplit ? [] : reasons.length === 0 ? ['silent'] : reasons, ours: result.output },
    context,
    before,
  };
}

function report(all: readonly Outcome[]): void {
  const told = (attempt: Attempt | undefined): string[] => [attempt?.state ?? '', (attempt?.reasons ?? []).slice(0, 3).join(' | ')];
  const cells = ({ pair, context, offline, seen, proof }: Outcome): string[] => [
    pair.repository,
    pair.path,
    pair.kind,
    context,
    pair.baseBefore,
    pair.basesAfter,
    ...told(offline),
    ...told(seen),
    proof?.outcome ?? '',
    proof?.sizes ?? '',
    proof?.why ?? '',
  ];
  const head = ['repository', 'path', 'kind', 'context', 'base before', 'bases of the person', 'ours', 'reasons'];
  const more = ['with facts', 'reasons with facts', 'verified', 'sizes', 'reasons of verification'];
  const table = [[...head, ...more], ...all.map(cells)].map((row) => row.map((cell) => cell.replace(/\s+/g, ' ')).join('\t')).join('\n');
  if (values.out === undefined) console.log(table);
  else write(values.out, all, table);
  for (const kind of new Set(all.map(({ pair }) => pair.kind))) {
    const own = all.filter(({ pair }) => pair.kind === kind);
    console.log(`\n${kind}: ${own.length} pairs, ${counted(own.map(({ offline }) => offline.state))}`);
    for (const line of tally(own.flatMap(({ offline }) => offline.reasons[0]?.split(':')[0] ?? []))) console.log(`  ${line}`);
    const seen = own.flatMap((one) => one.seen?.state ?? []);
    if (seen.length > 0) console.log(`  with facts: ${counted(seen)}`);
    const proofs = own.flatMap(({ proof }) => proof?.outcome ?? []);
    if (proofs.length > 0) console.log(`  ${counted(proofs)}`);
  }
  console.log(`\nall: ${all.length} pairs, ${counted(all.map(({ offline }) => offline.state))}`);
}

function grouped<T>(all: readonly T[], by: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  return groups;
}

function tally(words: readonly string[]): string[] {
  const groups = [...grouped(words, (word) => word)].toSorted(([, a], [, b]) => b.length - a.length);
  return groups.map(([word, { length }]) => `${length} ${word}`);
}
function counted(words: readonly string[]): string {
  return tally(words).join(', ');
}

/** Its commit, where the Dockerfile was split more than once. */
function nameOf({ repository, path, commit }: Pair): string {
  const twice = pairs.filter((one) => one.repository === repository && one.path === path).length > 1;
  return `${repository.replace('/', '-')}-${path.replace(/[^\w.-]+/g, '-')}${twice ? `-${commit.slice(0, 7)}` : ''}`;
}

function write(directory: string, all: readonly Outcome[], table: string): void {
  writeFileSync(join(directory, 'pairs.tsv'), `${table}\n`);
  for (const { pair, texts, offline, seen, proof } of all) {
    if (!texts) continue;
    const made = { ...texts, ours: offline.ours, ...(seen ? { seen: seen.ours } : {}), ...(proof ? { verified: proof.text } : {}) };
    for (const [who, text] of Object.entries(made)) writeFileSync(join(directory, `${nameOf(pair)}.${who}`), text);
  }
}
