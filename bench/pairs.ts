// `npm run bench:pairs PAIRS.tsv MIRRORS [--out DIR] [--level max] [--kind split]`: of Dockerfiles that a person made a multi-stage one, how many
// are split here, too? PAIRS.tsv has a head line with the columns owner/name, path, after_commit, base_before, bases_after and kind (split: an
// earlier stage builds for a later one). MIRRORS holds a git directory of each repository: OWNER+NAME/repo, OWNER/NAME.git or OWNER/NAME/.git.
// The tree before the person's commit is checked out into a temporary directory, and planned there as the command line does. Nothing is
// fetched, and no engine is used. DIR gets pairs.tsv, and for each pair the Dockerfiles before, by the person, and by us.
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { core } from '../src/checkout/core.ts';
import { places } from '../src/checkout/locate.ts';
import { plan } from '../src/checkout/plan.ts';
import type { LevelName } from '../src/index.ts';

interface Pair {
  repository: string;
  path: string;
  commit: string;
  baseBefore: string;
  basesAfter: string;
  kind: string;
}
/** What became of a pair; reasons are `id: sentence`, the first one first. */
interface Outcome {
  pair: Pair;
  state: 'split' | 'not split' | 'refused' | 'no mirror' | 'no commit';
  reasons: string[];
  context: string;
  texts: { before: string; person: string; ours: string } | undefined;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, level: { type: 'string', default: 'balanced' }, kind: { type: 'string' } },
});
const [list, mirrors] = positionals;
if (list === undefined || mirrors === undefined || !isLevel(values.level)) {
  console.error('usage: npm run bench:pairs -- PAIRS.tsv MIRRORS [--out DIR] [--level safe|balanced|max] [--kind split]');
  process.exit(2);
}
const level = values.level;
const pairs = readPairs(list).filter(({ kind }) => values.kind === undefined || kind === values.kind);
const outcomes: Outcome[] = [];
// Pairs of one commit share its tree.
for (const group of grouped(pairs, ({ repository, commit }) => `${repository} ${commit}`).values())
  for (const outcome of tried(group, mirrors)) outcomes[pairs.indexOf(outcome.pair)] = outcome;
report(outcomes);

function isLevel(text: string): text is LevelName {
  return ['safe', 'balanced', 'max'].includes(text);
}

function readPairs(file: string): Pair[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
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

function mirrorOf(repository: string, folder: string): string | undefined {
  const forms = [join(repository.replace('/', '+'), 'repo'), `${repository}.git`, join(repository, '.git')];
  return forms.map((form) => join(folder, form)).find((path) => existsSync(join(path, 'HEAD')));
}

/** git on a mirror, without a network: what the mirror lacks is missing. */
function git(mirror: string, args: readonly string[], env: Record<string, string> = {}, cwd?: string): SpawnSyncReturns<string> {
  const quiet = [
    '-c',
    'filter.lfs.smudge=',
    '-c',
    'filter.lfs.process=',
    '-c',
    'filter.lfs.required=false',
    '-c',
    'advice.detachedHead=false',
  ];
  return spawnSync('git', ['--git-dir', mirror, ...quiet, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, GIT_NO_LAZY_FETCH: '1', ...env },
  });
}

/** Pairs of one commit: its tree is written once. Files that the mirror lacks (large ones, as a rule) are left out. */
function tried(group: readonly Pair[], folder: string): Outcome[] {
  const nothing = { reasons: [], context: '', texts: undefined };
  const [one] = group;
  if (!one) return [];
  const mirror = mirrorOf(one.repository, folder);
  if (mirror === undefined) return group.map((pair) => ({ pair, state: 'no mirror', ...nothing }));
  const before = `${one.commit}^`;
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'dockerfile-mod-pairs-')));
  try {
    const tree = join(place, 'tree');
    mkdirSync(tree);
    const index = { GIT_INDEX_FILE: join(place, 'index') };
    if (git(realpathSync(mirror), ['read-tree', before], index).status !== 0)
      return group.map((pair) => ({ pair, state: 'no commit', ...nothing }));
    git(realpathSync(mirror), ['--work-tree', tree, 'checkout-index', '--all', '--force', '--quiet'], index, tree);
    return group.map((pair) => ({
      pair,
      ...planned(tree, pair.path, git(mirror, ['show', `${pair.commit}:${pair.path}`]).stdout),
    }));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function planned(tree: string, path: string, person: string): Omit<Outcome, 'pair'> {
  const found = { path, real: join(tree, path), given: tree };
  const { report, contextDir } = plan(found, places(core, undefined), { cwd: tree, options: { level } });
  const context = contextDir === tree ? '.' : contextDir.slice(tree.length + 1);
  const { result, error, source: before = '' } = report;
  if (!result?.ok)
    return { state: 'refused', reasons: [`refused: ${error?.message ?? 'no result'}`], context, texts: { before, person, ours: before } };
  const isSplit = result.applied.some(({ transform }) => transform === 'multi-stage');
  const reasons = result.skipped.filter(({ transform }) => transform === 'multi-stage').map((one) => `${one.reason}: ${one.message}`);
  return {
    state: isSplit ? 'split' : 'not split',
    reasons: isSplit ? [] : reasons.length === 0 ? ['silent'] : reasons,
    context,
    texts: { before, person, ours: result.output },
  };
}

function report(all: readonly Outcome[]): void {
  const cells = (o: Outcome): string[] => [
    o.pair.repository,
    o.pair.path,
    o.pair.kind,
    o.context,
    o.pair.baseBefore,
    o.pair.basesAfter,
    o.state,
    o.reasons.slice(0, 3).join(' | '),
  ];
  const head = ['repository', 'path', 'kind', 'context', 'base before', 'bases of the person', 'ours', 'reasons'];
  const table = [head, ...all.map(cells)].map((row) => row.map((cell) => cell.replace(/\s+/g, ' ')).join('\t')).join('\n');
  if (values.out === undefined) console.log(table);
  else write(values.out, all, table);
  for (const kind of new Set(all.map(({ pair }) => pair.kind))) {
    const own = all.filter(({ pair }) => pair.kind === kind);
    console.log(`\n${kind}: ${own.length} pairs, ${counted(own.map(({ state }) => state))}`);
    for (const line of tally(own.flatMap(({ reasons }) => reasons[0]?.split(':')[0] ?? []))) console.log(`  ${line}`);
  }
  console.log(`\nall: ${all.length} pairs, ${counted(all.map(({ state }) => state))}`);
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

function write(directory: string, all: readonly Outcome[], table: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'pairs.tsv'), `${table}\n`);
  for (const [n, { pair, texts }] of all.entries()) {
    if (!texts) continue;
    const name = `${String(n + 1).padStart(2, '0')}-${pair.repository.replace('/', '-')}-${pair.path.replace(/[^\w.-]+/g, '-')}`;
    for (const [who, text] of Object.entries(texts)) writeFileSync(join(directory, `${name}.${who}`), text);
  }
}
