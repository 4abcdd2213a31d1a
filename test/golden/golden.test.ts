// Golden cases: `fixtures/<group>/<file>.golden` holds what goes in, what comes out and what is said, of one case or of some that are near. `npm test -- -u` writes the last two; a person reads them.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { refactor, type Options, type ProjectContext, type Skipped } from '../../src/index.ts';
import { NOTHING_ALLOWS } from '../../src/knowledge/allows.ts';
import { overlayTree } from '../../src/context/overlay.ts';
import { FIXTURES, goldenCases, readGolden, textOf, writeInput, writeText, type Case } from './cases.ts';
import { partsOf, printResult, printSaid } from './format.ts';
import { runCase, type Ran } from './run-case.ts';

const scratch = mkdtempSync(join(tmpdir(), 'dockerfile-mod-golden-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const cases = goldenCases();
for (const group of new Set(cases.map((one) => one.group)))
  describe(group, () => {
    for (const one of cases.filter((of) => of.group === group))
      test(one.name, () => {
        const golden = readGolden(one);
        const input = join(scratch, group, one.name);
        writeInput(golden, input);
        const ran = runCase(input, golden);
        check(one, ran);
        unasked(ran);
      });
  });

test('each application is a case of each base', () => {
  const bases = ['alpine', 'distroless', 'keep', 'scratch', 'slim', 'smallest'];
  const wanted = readdirSync(join(FIXTURES, 'apps')).flatMap((app) => bases.map((base) => `${app}.${base}`));
  expect(cases.filter((one) => one.group === 'apps-expected').map((one) => one.name)).toEqual(wanted);
});

/** Compares with what stands in the golden, byte by byte; writes it when updates are asked for. */
function check(golden: Case, { result, path }: Ran): void {
  const files: Record<string, Buffer> = {};
  if (result.output !== result.source) files[path] = Buffer.from(result.output);
  for (const file of result.files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) files[file.path] = Buffer.from(file.after);
  const { given, result: stands } = partsOf(textOf(golden));
  const comes = printResult(files, printSaid(result));
  if (comes !== stands && updates(stands)) {
    writeText(golden, given + comes);
    return;
  }
  expect(comes).toBe(stands);
}

/** Whether `-u` was given, or nobody has run the case yet; where CI is set, nothing is written. */
function updates(stands: string): boolean {
  const { snapshotState } = expect.getState() as unknown as { snapshotState: { _updateSnapshot: 'all' | 'new' | 'none' } };
  const asked = snapshotState._updateSnapshot === 'all' || (stands === '' && snapshotState._updateSnapshot === 'new');
  return asked && !process.env['CI'];
}

/** What must hold for every case without being asked. */
function unasked({ result, context, seen, options }: Ran): void {
  expect(result.skipped.filter((s) => s.reason === 'internal-invariant')).toEqual([]);
  const silent = result.skipped.filter((s) => s.allow === undefined && NOTHING_ALLOWS[s.reason] === undefined);
  expect(silent, 'a skip says what would allow it').toEqual([]);
  for (const skip of result.skipped) promised(skip, { result, seen, options });
  const after: ProjectContext = { ...context, tree: overlayTree(context.tree, new Map(result.files.map((f) => [f.path, f.after]))) };
  // of a text that is as it was, the facts are still true
  const again = refactor(result.output, result.changed ? after : seen(result.output), options);
  expect(again.ok && again.output, 'a second run changes nothing').toBe(result.output);
  expect(again.ok && again.files, 'a second run writes no file').toEqual([]);
  const safe = refactor(result.output, after, { ...options, level: 'safe' });
  expect(safe.ok && safe.output, 'a lower level afterwards changes nothing').toBe(result.output);
  if (result.source.includes('\r\n')) return;
  const crlf = result.source.replaceAll('\n', '\r\n');
  const windows = refactor(crlf, seen(crlf), options);
  expect(windows.ok && windows.output, 'the CRLF twin gives the same').toBe(result.output.replaceAll('\n', '\r\n'));
  if (!result.source.endsWith('\n')) return;
  const unended = result.source.slice(0, -1);
  const open = refactor(unended, seen(unended), options);
  expect(open.ok && open.output, 'the twin without a final line break gives the same').toBe(result.output.slice(0, -1));
}

/** An option that a skip names allows it. */
function promised({ transform, reason, message, allow = '' }: Skipped, { result, seen, options }: Omit<Ran, 'path' | 'context'>): void {
  const level = /--level (max|balanced)/.exec(allow)?.[1] as Options['level'] | undefined;
  const base = /--base (slim|keep)/.exec(allow)?.[1] as Options['base'] | undefined;
  if (!level && !base) return;
  const allowed = refactor(result.source, seen(result.source), { ...options, ...(level && { level }), ...(base && { base }) });
  const still = allowed.ok ? allowed.skipped.filter((s) => s.transform === transform && s.reason === reason && s.message === message) : [];
  expect(still, `"${allow}" is true`).toEqual([]);
}
