// test/verify: importing in both images, with an engine that answers from a script.
import { describe, expect, it } from 'vitest';
import { mark, nodeScript, pythonScript, type ImportLine } from '../../src/verify/run/import-scripts.ts';
import { checkImports } from '../../src/verify/run/imports.ts';
import { nodeOf, pythonOf } from '../../src/verify/image/interpreters.ts';
import { runProgram, type Ran } from '../../src/process/run.ts';
import type { BuiltImage, Check, Session } from '../../src/verify/types.ts';
import { config, contentsOf } from './contents.ts';

const printed = (...lines: ImportLine[]): string => lines.map((line) => `noise\n${mark}${JSON.stringify(line)}\n`).join('');
const imported = (module: string, error?: string): ImportLine[] => [
  { start: module, of: module },
  { module, of: module, ...(error === undefined ? {} : { error }) },
];
const ended = (stdout: string, code = 0): Ran => ({ code, stdout, stderr: '', stopped: undefined });

/** `answers`: what each start of an image ends with, in turn. */
function engine(answers: Record<string, Ran[]>): { session: Session; calls: string[][] } {
  const calls: string[][] = [];
  const image = (args: readonly string[]): string => args.find((word) => word in answers) ?? '';
  const run = (args: readonly string[]): Promise<Ran> => {
    calls.push([...args]);
    return Promise.resolve(args[0] === 'start' ? (answers[args.at(-1) ?? '']?.shift() ?? ended('', 1)) : ended(image(args)));
  };
  const limits = { memory: '1g', cpus: '2', pids: 64 };
  const session = {
    labels: ['--label', 'x=1'],
    limits,
    signal: new AbortController().signal,
    engine: { run, ask: async (args: string[]) => (await run(args)).stdout },
  };
  return { session: session as unknown as Session, calls };
}

const python = contentsOf({ '/usr/bin/python3': { mode: 0o755 } });
const built = (image: string): BuiltImage => ({ image, config: config() }) as BuiltImage;
const check = async (before: Ran[], after: Ran[], contents = { before: python, after: python }): Promise<Check> =>
  checkImports(engine({ before, after }).session, built('before'), built('after'), contents, { python: ['flask', 'psycopg2'], node: [] });

describe('checkImports', () => {
  const both = ended(printed(...imported('flask'), ...imported('psycopg2')));

  it('all as before', async () => {
    expect(await check([both], [both])).toMatchObject({
      outcome: 'passed',
      detail: '2 modules of 2 locked Python packages are imported as in the original',
    });
  });
  it('one that cannot be imported any more', async () => {
    const error = 'ImportError: libpq.so.5: cannot open shared object file';
    expect(await check([both], [ended(printed(...imported('flask'), ...imported('psycopg2', error)))])).toEqual({
      id: 'imports',
      outcome: 'failed',
      detail: `psycopg2 cannot be imported in the rewritten image: ${error}`,
      differences: [{ what: 'import psycopg2', before: 'works', after: error }],
      log: `psycopg2: ${error}`,
      about: ['psycopg2'],
    });
  });
  it('one that is not installed any more', async () => {
    expect(await check([both], [ended(printed(...imported('flask'), { of: 'psycopg2', error: 'is not installed' }))])).toMatchObject({
      outcome: 'failed',
      detail: 'psycopg2 cannot be imported in the rewritten image: is not installed',
    });
  });
  it('what the original cannot import either is counted', async () => {
    const one = ended(printed(...imported('flask'), ...imported('psycopg2', 'no')));
    expect(await check([one], [one])).toMatchObject({
      outcome: 'passed',
      detail: expect.stringContaining('1 that the original cannot import are not counted'),
    });
  });
  it('a module that ends the interpreter is passed over, and the rest tried', async () => {
    const crash = ended(printed({ start: 'flask', of: 'flask' }), 139);
    const { session, calls } = engine({ before: [both], after: [crash, ended(printed(...imported('psycopg2')))] });
    const result = await checkImports(
      session,
      built('before'),
      built('after'),
      { before: python, after: python },
      { python: ['flask', 'psycopg2'], node: [] },
    );
    expect(result).toMatchObject({
      outcome: 'failed',
      detail: 'flask cannot be imported in the rewritten image: the interpreter ends with 139',
      about: ['flask'],
    });
    expect(calls.filter(([verb, ...words]) => verb === 'create' && words.includes('after')).map((words) => words.at(-1))).toEqual([
      '[]',
      '["flask"]',
    ]);
  });
  it('an interpreter that is gone', async () => {
    expect(await check([both], [], { before: python, after: contentsOf({}) })).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('Python is not in it'),
    });
  });
  it('an original in which nothing runs proves nothing', async () => {
    expect(await check([{ ...ended('', 1), stderr: 'exec format error' }], [both])).toMatchObject({
      outcome: 'not-checked',
      detail: expect.stringContaining('exec format error'),
    });
  });
  it('compiled programs import nothing', async () => {
    const nothing = { before: contentsOf({}), after: contentsOf({}) };
    const result = await checkImports(engine({}).session, built('before'), built('after'), nothing, { python: [], node: [] });
    expect(result.outcome).toBe('not-checked');
  });
  it('within the limits, without a network, by the interpreter alone; the container goes', async () => {
    const { session, calls } = engine({ before: [both], after: [both] });
    await checkImports(session, built('before'), built('after'), { before: python, after: python }, { python: ['flask'], node: [] });
    const [create, start, remove] = calls;
    expect(create?.slice(0, 13)).toEqual([
      'create',
      '--label',
      'x=1',
      '--memory',
      '1g',
      '--cpus',
      '2',
      '--pids-limit',
      '64',
      '--network',
      'none',
      '--entrypoint',
      '/usr/bin/python3',
    ]);
    expect([start?.[0], remove?.slice(0, 2)]).toEqual(['start', ['rm', '--force']]);
  });
});

describe('interpreters', () => {
  const bin = { mode: 0o755 };
  it('the virtual environment that has the packages', () => {
    const contents = contentsOf({
      '/usr/bin/python3': bin,
      '/opt/venv/pyvenv.cfg': {},
      '/opt/venv/bin/python': '-> /usr/bin/python3',
      '/opt/venv/lib/python3.13/site-packages/Flask_Cors-4.0.dist-info/METADATA': {},
    });
    expect(pythonOf(contents, config(), ['flask-cors'])?.program).toBe('/opt/venv/bin/python');
    expect(pythonOf(contents, config(), ['django'])?.program).toBe('/usr/bin/python3');
    expect(pythonOf(contentsOf({}), config(), ['django'])).toBeUndefined();
  });
  it('the directory from which node sees the packages', () => {
    const contents = contentsOf({
      '/nodejs/bin/node': bin,
      '/srv/api/node_modules/express/package.json': {},
      '/srv/api/node_modules/@scope/x/package.json': {},
      '/srv/api/node_modules/a/node_modules/express/package.json': {},
    });
    const env = { PATH: '/nodejs/bin' };
    expect(nodeOf(contents, config({ env, workdir: '/srv' }), ['express', '@scope/x'])).toEqual({
      program: '/nodejs/bin/node',
      workdir: '/srv/api',
    });
    expect(nodeOf(contents, config({ env, workdir: '/srv/api/src' }), ['express'])).toEqual({
      program: '/nodejs/bin/node',
      workdir: '/srv/api/src',
    });
    expect(nodeOf(contents, config({ workdir: '/' }), ['express'])).toBeUndefined();
  });
});

const hasPip = await runProgram('python3', ['-c', 'import importlib.metadata as m; m.distribution("pip")']);

describe('the scripts themselves', () => {
  const lines = (stdout: string): ImportLine[] =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith(mark))
      .map((line) => JSON.parse(line.slice(mark.length)) as ImportLine);

  it('node', async () => {
    const ran = await runProgram(process.execPath, [
      '-e',
      nodeScript,
      JSON.stringify(['yaml', 'execa', 'no-such-package', 'skipped']),
      '["skipped"]',
    ]);
    expect(ran.code).toBe(0);
    const found = lines(ran.stdout).filter((line) => line.module !== undefined);
    expect(found.map(({ module, error }) => [module, error?.split("'")[0]])).toEqual([
      ['yaml', undefined],
      ['execa', undefined],
      ['no-such-package', 'Cannot find package '],
    ]);
  });
  it.skipIf(hasPip.code !== 0)('python', async () => {
    const ran = await runProgram('python3', ['-c', pythonScript, '["pip", "no-such-package"]', '[]']);
    expect(ran.code).toBe(0);
    expect(lines(ran.stdout)).toEqual([
      { start: 'pip', of: 'pip' },
      { module: 'pip', of: 'pip' },
      { of: 'no-such-package', error: 'is not installed' },
    ]);
  });
});
