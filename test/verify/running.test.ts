// What runs in both: programs, libraries in memory, files written; what an engine cannot tell is told as that.
import { describe, expect, it } from 'vitest';
import { checkLoaded, checkPrograms } from '../../src/verify/compare/running.ts';
import { checkWritten } from '../../src/verify/compare/writes.ts';
import { emptyConfig } from '../../src/verify/engine/image-config.ts';
import type { Applied } from '../../src/types.ts';
import type { ImageConfig, Observation } from '../../src/verify/types.ts';

/** An original that was started twice, with the same at both starts unless told. */
const ran = (more: Partial<Observation>): Observation => ({
  steady: { processes: more.processes ?? [], mapped: more.mapped ?? [], written: more.written ?? [] },
  kind: 'serves',
  exitCode: undefined,
  stdout: '',
  stderr: '',
  ports: ['0.0.0.0:3000'],
  answers: [],
  health: undefined,
  healthLog: '',
  uids: [],
  written: [],
  commands: [],
  smoke: undefined,
  ...more,
});
const argvs = (...list: string[]): Observation['processes'] => list.map((argv) => ({ uid: '0', argv }));
const programs = (before: Partial<Observation>, after: Partial<Observation>, applied: Applied[] = [], config: ImageConfig = emptyConfig) =>
  checkPrograms({ before: ran(before), after: ran(after), config, applied });

describe('programs', () => {
  it('one that is not started any more', () => {
    const before = argvs('dumb-init node server.js', 'node server.js', 'node worker.js');
    expect(programs({ processes: before }, { processes: argvs('node server.js') })).toMatchObject({
      outcome: 'failed',
      detail: 'dumb-init server.js, node worker.js run in the original and not in the rewritten image',
    });
  });
  it('is worth knowing where the original was started once', () => {
    const before = { kind: 'runs' as const, processes: argvs('node worker.js', 'git fetch'), steady: undefined };
    expect(programs(before as Partial<Observation>, { kind: 'runs', processes: argvs('node worker.js') }).outcome).toBe('warned');
  });
  it('versions, places, titles and the number of processes do not count', () => {
    const before = argvs('/usr/local/bin/python3.13 app.py', 'nginx: master process nginx -g daemon off;', 'nginx: worker process');
    const after = argvs('python /app/app.py', '/usr/sbin/nginx: worker');
    expect(programs({ processes: before }, { processes: after }).outcome).toBe('passed');
  });
  it('what ran at one of two starts of the original is not missed', () => {
    const processes = argvs('node server.js', 'git status');
    const steady = { processes: argvs('node server.js') ?? [], mapped: [], written: [] };
    expect(programs({ processes, steady }, { processes: argvs('node server.js') }).outcome).toBe('passed');
  });
  it('another command that was announced is expected', () => {
    const applied: Applied[] = [
      { transform: 'exec-form', title: '', safety: 'review', why: '', evidence: [], announces: { keywords: ['CMD'] } },
    ];
    const check = programs({ processes: argvs('sh -c node server.js', 'node server.js') }, { processes: argvs('node server.js') }, applied);
    expect(check).toMatchObject({ outcome: 'passed', differences: [{ expected: 'announced by exec-form' }] });
  });
  it('the health check is none', () => {
    const config = { ...emptyConfig, healthcheck: { Test: ['CMD-SHELL', 'curl -f localhost:3000'] } };
    const before = argvs('node server.js', 'curl -f localhost:3000');
    expect(programs({ processes: before }, { processes: argvs('node server.js') }, [], config).outcome).toBe('passed');
  });
  it('that the health check starts with the same interpreter counts', () => {
    const config = { ...emptyConfig, healthcheck: { Test: ['CMD', 'node', 'healthcheck.js'] } };
    const before = argvs('node src/index.js', 'node healthcheck.js');
    expect(programs({ processes: before }, { processes: argvs('node src/index.js') }, [], config).detail).toBe('Both run node index.js');
    expect(programs({ processes: before }, { processes: argvs('node healthcheck.js') }, [], config).outcome).toBe('failed');
    expect(programs({ processes: [] }, { processes: [] }, [], config).outcome).toBe('not-checked');
  });
  it('is worth knowing when one is new', () => {
    expect(programs({ processes: argvs('node a.js') }, { processes: argvs('node a.js', 'tini') }).outcome).toBe('warned');
  });
  it('is not looked at where the engine does not tell, or one has ended', () => {
    expect(programs({}, { processes: argvs('node') })).toMatchObject({ outcome: 'not-checked', detail: expect.stringContaining('engine') });
    expect(programs({ kind: 'ends' }, {})).toMatchObject({ outcome: 'not-checked', detail: expect.stringContaining('ends by itself') });
  });
});

const loaded = (before: string[], after: string[] | undefined) =>
  checkLoaded({ before: ran({ mapped: before }), after: ran({ mapped: after }), config: emptyConfig, applied: [] });

describe('libraries in memory', () => {
  it('an extension module that is not loaded any more', () => {
    const path = '/usr/local/lib/python3.13/site-packages/_speedups.cpython-313-x86_64-linux-gnu.so';
    expect(loaded([path, '/usr/lib/libc.so.6'], ['/usr/lib/libc.so.6'])).toMatchObject({ outcome: 'failed', about: [path] });
  });
  it('one of the system is worth knowing; the C library is of every system', () => {
    expect(loaded(['/usr/lib/x86_64-linux-gnu/libjemalloc.so.2'], [])).toMatchObject({
      outcome: 'warned',
      detail: expect.stringContaining('libjemalloc.so.2'),
    });
    expect(loaded(['/usr/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2', '/usr/bin/app'], []).outcome).toBe('passed');
  });
  it('another place or version is the same', () => {
    const after = ['/opt/venv/lib/_psycopg.so', '/usr/lib/libpq.so.5.18', '/lib/libssl.so.3'];
    expect(loaded(['/usr/lib/python3/_psycopg.so', '/usr/local/lib/libpq.so.5', '/usr/lib/libssl.so.1.1'], after).outcome).toBe('passed');
  });
  it('is not looked at where the memory cannot be seen', () => {
    expect(loaded([], undefined).outcome).toBe('not-checked');
  });
});

describe('files that they wrote', () => {
  const check = (before: Partial<Observation>, after: Partial<Observation>) => checkWritten(ran(before), ran(after));
  it('one that only one of them wrote', () => {
    expect(check({ written: ['/app/data.db'] }, { written: ['/app/core'] })).toMatchObject({
      outcome: 'warned',
      detail: 'The original wrote /app/data.db, and the rewritten one did not; the rewritten one wrote /app/core, and the original did not',
    });
  });
  it('numbers, ids, homes and what nobody misses', () => {
    const before = ['/app/log-2026-11-29.txt', '/root/.app/state', '/tmp/x'];
    expect(check({ written: before }, { written: ['/app/log-2026-11-30.txt', '/home/node/.app/state'] }).outcome).toBe('passed');
  });
  it('what was written at one of two starts of the original', () => {
    const steady = { processes: [], mapped: [], written: [] };
    expect(check({ written: ['/app/once'], steady }, {}).outcome).toBe('passed');
  });
  it('is not looked at where the engine does not tell', () => {
    expect(check({}, { writtenSeen: 'no' })).toMatchObject({ outcome: 'not-checked', detail: expect.stringContaining('engine') });
  });
});
