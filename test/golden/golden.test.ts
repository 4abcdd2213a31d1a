// Golden cases: a folder in (`input/`), the changed files out (`expected/`), and what is said (`said.json`). `npm test -- -u` writes them; a person reads them.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diskTree } from '../../src/context/disk.ts';
import { refactor, type Options, type ProjectContext, type Refactored } from '../../src/index.ts';
import { overlayTree } from '../../src/context/overlay.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');

/** What a case may say of itself in `case.json`. */
interface Case {
  options?: Partial<Options>;
  dockerfile?: string;
  context?: string;
}

const directories = (dir: string): string[] =>
  existsSync(dir)
    ? readdirSync(dir)
        .filter((name) => statSync(join(dir, name)).isDirectory())
        .sort()
    : [];
const groups = directories(FIXTURES).filter((name) => !['apps', 'apps-expected'].includes(name));

for (const group of groups)
  describe(group, () => {
    for (const name of directories(join(FIXTURES, group)))
      if (existsSync(join(FIXTURES, group, name, 'input'))) golden(join(FIXTURES, group, name), name);
  });

describe('apps', () => {
  for (const app of directories(join(FIXTURES, 'apps')))
    for (const base of ['slim', 'distroless', 'scratch', 'alpine', 'keep', 'smallest'] as const)
      test(`${app} --base ${base}`, () => {
        check(join(FIXTURES, 'apps-expected', app, base), runCase(join(FIXTURES, 'apps', app), { options: { base } }));
      });
});

function golden(dir: string, name: string): void {
  const settings = existsSync(join(dir, 'case.json')) ? (JSON.parse(readFileSync(join(dir, 'case.json'), 'utf8')) as Case) : {};
  test(name, () => {
    const ran = runCase(join(dir, 'input'), settings);
    check(dir, ran);
    unasked(ran);
  });
}

interface Ran {
  result: Refactored;
  context: ProjectContext;
  options: Partial<Options>;
  path: string;
}

function runCase(input: string, { options = {}, dockerfile = 'Dockerfile', context = '' }: Case): Ran {
  const source = readFileSync(join(input, dockerfile), 'utf8');
  const relative = context === '' ? dockerfile : dockerfile.slice(context.length + 1);
  const project: ProjectContext = {
    tree: diskTree(join(input, context)),
    dockerfilePath: relative,
    contextCertain: true,
    repository: { tree: diskTree(input), contextPath: context },
  };
  const result = refactor(source, project, options);
  if (!result.ok) throw new Error(`${input}: ${result.error.line}: ${result.error.message}`);
  return { result, context: project, options, path: dockerfile };
}

/** Compares with what stands in the folder, byte by byte; writes it when updates are asked for. */
function check(dir: string, { result, path }: Ran): void {
  const state = expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } };
  const update =
    state.snapshotState._updateSnapshot === 'all' || (!existsSync(join(dir, 'said.json')) && state.snapshotState._updateSnapshot === 'new');
  const files: Record<string, string> = {};
  if (result.output !== result.source) files[path] = result.output;
  for (const file of result.files) files[file.path] = file.after;
  const said = `${JSON.stringify(spoken(result), null, 2)}\n`;
  if (update) {
    rmSync(join(dir, 'expected'), { recursive: true, force: true });
    for (const [name, text] of Object.entries(files)) write(join(dir, 'expected', name), text);
    write(join(dir, 'said.json'), said);
  }
  expect(read(join(dir, 'expected'))).toEqual(files);
  expect(readFileSync(join(dir, 'said.json'), 'utf8')).toBe(said);
}
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
function read(dir: string, prefix = ''): Record<string, string> {
  if (!existsSync(dir)) return {};
  return Object.assign(
    {},
    ...readdirSync(dir, { withFileTypes: true }).map((e) =>
      e.isDirectory() ? read(join(dir, e.name), `${prefix}${e.name}/`) : { [prefix + e.name]: readFileSync(join(dir, e.name), 'utf8') },
    ),
  ) as Record<string, string>;
}
const spoken = (result: Refactored): unknown => ({
  applied: result.applied.map((a) => `${a.transform} (${a.safety}): ${a.why}`),
  skipped: result.skipped.map((s) => `${s.transform} ${s.reason} (line ${s.line}): ${s.message}`),
  notes: result.notes.map((n) => `${n.transform} ${n.id}: ${n.message}`),
});

/** What must hold for every case without being asked. */
function unasked({ result, context, options }: Ran): void {
  expect(result.skipped.filter((s) => s.reason === 'internal-invariant')).toEqual([]);
  const after: ProjectContext = { ...context, tree: overlayTree(context.tree, new Map(result.files.map((f) => [f.path, f.after]))) };
  const again = refactor(result.output, after, options);
  expect(again.ok && again.output, 'a second run changes nothing').toBe(result.output);
  expect(again.ok && again.files, 'a second run writes no file').toEqual([]);
  const safe = refactor(result.output, after, { ...options, level: 'safe' });
  expect(safe.ok && safe.output, 'a lower level afterwards changes nothing').toBe(result.output);
  if (result.source.includes('\r\n')) return;
  const windows = refactor(result.source.replaceAll('\n', '\r\n'), context, options);
  expect(windows.ok && windows.output, 'the CRLF twin gives the same').toBe(result.output.replaceAll('\n', '\r\n'));
  if (!result.source.endsWith('\n')) return;
  const open = refactor(result.source.slice(0, -1), context, options);
  expect(open.ok && open.output, 'the twin without a final line break gives the same').toBe(result.output.slice(0, -1));
}
