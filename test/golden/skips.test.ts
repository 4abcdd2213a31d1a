// Nothing is silent: every skip and every note that the sources can say ends at least one golden case, and every case says declared ones.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/context/memory.ts';
import { refactor } from '../../src/index.ts';
import { allowedIds, NOTHING_ALLOWS } from '../../src/knowledge/allows.ts';
import { goldenCases, readGolden } from './cases.ts';
import { idsOf } from './format.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Ids that no fixture can end in, each with the reason. Whoever makes one reachable takes its line out. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  'already-slim': 'an answer of the table of tags to base-slim, which then leaves the file alone',
  'no-slim-variant': 'an answer of the table of tags to base-slim, which then leaves the file alone',
  'debian-latest': 'an answer of the table of tags to base-slim about a family that it leaves alone',
  'cargo-run': 'dev-server-cmd answers first',
  'context-ambiguous': 'the harness is certain of the context; tested below',
  'ignore-shared': 'said by the command line where two Dockerfiles share an ignore file; tested in test/cli',
  'not-written': 'said by the command line for standard input; tested in test/cli',
  'internal-invariant': 'a bug if it is ever said; the harness forbids it in every case',
};

const entries = (dir: string): string[] => (existsSync(dir) ? readdirSync(dir, { recursive: true, encoding: 'utf8' }) : []);

/** Ids by the text of the sources: arguments of the functions that refuse, and the `skip` and `id` of the data that ends in them. */
function declared(): Set<string> {
  const calls = /\b(?:refuse|refusal|blocked)\(\s*'([a-z][a-z0-9-]+)'/g;
  const data = /\b(?:skip|id): '([a-z][a-z0-9-]+)',?\s+(?:message\b|debian\b|says\b|evidence\b|\})/g;
  const choice = /\b(?:refuse|refusal|blocked)\(\s*[^\n,]*\? '([a-z-]+)' : '([a-z-]+)'/g;
  const ids = new Set<string>();
  for (const dir of ['src', 'transforms'])
    for (const name of entries(join(ROOT, dir))) {
      if (!name.endsWith('.ts')) continue;
      const text = readFileSync(join(ROOT, dir, name), 'utf8');
      for (const match of [...text.matchAll(calls), ...text.matchAll(data), ...text.matchAll(choice)])
        for (const id of match.slice(1)) ids.add(id as string);
    }
  return ids;
}

/** Ids at the end of the cases. */
function said(): Set<string> {
  return new Set(goldenCases().flatMap((one) => idsOf(readGolden(one).said ?? '')));
}

describe('skips and notes', () => {
  const all = declared();
  const seen = said();
  test('the sources are read', () => {
    expect(all.size).toBeGreaterThan(60);
  });
  test('every declared id ends a case', () => {
    expect([...all].filter((id) => !seen.has(id) && UNREACHABLE[id] === undefined).sort()).toEqual([]);
  });
  test('the list of exceptions has no line too many', () => {
    expect(Object.keys(UNREACHABLE).filter((id) => seen.has(id))).toEqual([]);
  });
  test('every id of a case is declared', () => {
    // `pip-no-cache-env` and the like are put together from the manager's name
    expect([...seen].filter((id) => !all.has(id) && !id.endsWith('-no-cache-env')).sort()).toEqual([]);
  });
});

describe('what would allow a skip', () => {
  // notes only, and skips that the command line says with words of its own
  const notes = new Set(
    goldenCases().flatMap((one) => [...(readGolden(one).said ?? '').matchAll(/^note \S+ ([a-z0-9-]+)/gm)].map((m) => m[1])),
  );
  const elsewhere = new Set(['pattern-needed', 'ignore-shared', 'not-written']);
  test('every id that the sources can say has a sentence, or a reason why nothing does', () => {
    const without = [...declared()].filter((id) => !allowedIds.has(id) && NOTHING_ALLOWS[id] === undefined && !notes.has(id));
    expect(without.filter((id) => !elsewhere.has(id)).sort()).toEqual([]);
  });
  test('no id has both', () => {
    expect(Object.keys(NOTHING_ALLOWS).filter((id) => allowedIds.has(id))).toEqual([]);
  });
});

describe('what a fixture cannot hold', () => {
  const dockerfile = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n';
  const files = { 'package.json': '{ "name": "shop" }\n', 'server.js': 'console.log(1);\n', '.dockerignore': 'node_modules\n' };
  const skips = (contextCertain: boolean, mode: number): string[] => {
    const tree = memoryTree({ ...files, Dockerfile: dockerfile });
    const result = refactor(
      dockerfile,
      {
        tree: {
          ...tree,
          stat: (path) => withMode(tree.stat(path), mode),
          list: (path) => tree.list(path)?.map((e) => withMode(e, mode) ?? e),
        },
        dockerfilePath: 'Dockerfile',
        contextCertain,
        repository: { tree, contextPath: '' },
      },
      { only: ['non-root-user'] },
    );
    return result.ok ? result.skipped.map((s) => s.reason) : [result.error.message];
  };
  test('a file that only root may read', () => {
    expect(skips(true, 0o600)).toEqual(['unreadable-mode']);
    expect(skips(true, 0o644)).toEqual([]);
  });
  test('several build contexts are possible', () => {
    expect(skips(false, 0o644)).toEqual(['context-ambiguous']);
  });
});

function withMode<E extends { kind: string; mode?: number | undefined }>(entry: E | undefined, mode: number): E | undefined {
  return entry?.kind === 'file' ? { ...entry, mode } : entry;
}
