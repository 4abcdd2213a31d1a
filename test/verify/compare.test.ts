// Observations of two images, compared: the outcome and the sentence of each check.
import { describe, expect, it } from 'vitest';
import { compareObservations } from '../../src/verify/compare/compare.ts';
import { noShell } from '../../src/verify/run/command.ts';
import type { Answer, Check, CheckId, Observation, Reply } from '../../src/verify/types.ts';

const answer = (probe: string, status: number | undefined, body = '', more: Partial<Answer> = {}): Answer => ({
  probe,
  port: 3000,
  status,
  type: 'text/html',
  body,
  error: undefined,
  ...more,
});
const reply = (status: number, body: string): Reply => ({ status, type: 'text/html', body, error: undefined });
const server: Observation = {
  kind: 'serves',
  exitCode: undefined,
  stdout: 'listening\n',
  stderr: '',
  ports: ['0.0.0.0:3000'],
  answers: [answer('GET /', 200, 'hello'), answer('GET /health', 200, 'ok')],
  health: 'healthy',
  healthLog: '',
  uids: ['0'],
  written: [],
  commands: [],
  smoke: undefined,
};
const command: Observation = { ...server, kind: 'ends', exitCode: 0, stdout: 'done\n', ports: [], answers: [], health: undefined };
const worker: Observation = { ...server, kind: 'runs', ports: [], answers: [], health: undefined };
const ended = (code: number, stderr: string): Observation => ({ ...command, exitCode: code, stdout: '', stderr });

const compared = (before: Observation, after: Observation): Map<CheckId, Check> =>
  new Map(compareObservations(before, after).map((check) => [check.id, check]));
const failing = (before: Observation, after: Observation): CheckId[] =>
  [...compared(before, after).values()].filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);

describe('the same behaviour', () => {
  it('has every check once, in order', () => {
    expect(compareObservations(server, server).map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'end passed',
      'output not-checked',
      'ports passed',
      'http passed',
      'health passed',
      'log passed',
      'command not-checked',
      'smoke not-checked',
    ]);
  });
  it.each([
    ['server', server],
    ['command', command],
    ['worker', worker],
    ['failing', ended(1, "KeyError: 'X'")],
    ['not started', ended(125, 'No command specified')],
  ])('never fails: %s', (_, one) => {
    expect(failing(one, one)).toEqual([]);
  });
});

const cases: [string, Observation, Observation, CheckId, Check['outcome'], string][] = [
  ['an exit code', command, { ...command, exitCode: 1 }, 'end', 'failed', 'Ends with code 0 before, ends with code 1 after'],
  [
    'a server that ends',
    server,
    ended(1, "Error: Cannot find module 'pg'"),
    'end',
    'failed',
    'Keeps running before, ends with code 1 after: a module is not found (pg)',
  ],
  ['a command that hangs', command, worker, 'end', 'failed', 'Ends with code 0 before, keeps running after'],
  [
    'a failing original',
    ended(1, "KeyError: 'X'"),
    ended(1, "KeyError: 'X'"),
    'end',
    'warned',
    'The original ends with code 1, and the rewritten one in the same way; give --env NAME=value to let it run',
  ],
  [
    'a job that nearly ended',
    { ...worker, seconds: 20 },
    { ...command, seconds: 18.4 },
    'end',
    'warned',
    'The original still ran after 20 s, when the wait for it was over; the rewritten one ends with code 0 after 18 s',
  ],
  [
    'a worker that ends at once',
    { ...worker, seconds: 20 },
    { ...command, seconds: 1 },
    'end',
    'failed',
    'Keeps running before, ends with code 0 after',
  ],
  [
    'a slow server',
    { ...worker, seconds: 20 },
    { ...server, seconds: 18 },
    'ports',
    'warned',
    'The original listened on no port within 20 s; the rewritten one listens on 0.0.0.0:3000',
  ],
  ['output', command, { ...command, stdout: 'undone\n' }, 'output', 'failed', 'The standard output differs: “done” before, “undone” after'],
  [
    'output that varies',
    { ...command, stdout: 'a 1\n', again: { code: 0, stdout: 'a 2\n', stderr: '' } },
    { ...command, stdout: 'a 3\n' },
    'output',
    'passed',
    'Both write the same output',
  ],
  ['output lost', command, { ...command, stdout: '' }, 'output', 'failed', 'The standard output differs: “done” before, nothing after'],
  ['a port', server, { ...server, ports: ['0.0.0.0:80'] }, 'ports', 'failed', 'Listens on 0.0.0.0:3000 before, on 0.0.0.0:80 after'],
  ['no port', server, { ...worker }, 'ports', 'failed', 'Listens on 0.0.0.0:3000 before, on no port after'],
  [
    'loopback',
    server,
    { ...server, ports: ['127.0.0.1:3000'] },
    'ports',
    'failed',
    'Listens on 0.0.0.0:3000 before, on 127.0.0.1:3000 after: it cannot be reached from outside of the container any more',
  ],
  [
    'a port of the system',
    server,
    { ...server, ports: ['0.0.0.0:3000', '127.0.0.1:45678'] },
    'ports',
    'passed',
    'Both listen on 0.0.0.0:3000',
  ],
  [
    'a high port that is lost',
    { ...server, ports: ['0.0.0.0:50051'] },
    { ...server, ports: [] },
    'ports',
    'failed',
    'Listens on 0.0.0.0:50051 before, on no port after',
  ],
  [
    'ports that are not seen',
    { ...server, ports: undefined },
    { ...server, ports: undefined },
    'ports',
    'not-checked',
    'The engine does not let the listening ports be seen',
  ],
  [
    'ports that are not seen, one silent',
    { ...server, ports: undefined },
    { ...worker, ports: undefined },
    'ports',
    'failed',
    'Takes connections before, takes no connections after',
  ],
  [
    'a status',
    server,
    { ...server, answers: [answer('GET /', 200, 'hello'), answer('GET /health', 500, 'oh\nno')] },
    'http',
    'failed',
    'GET /health: 200 before, 500 (oh no) after',
  ],
  [
    'a body',
    server,
    { ...server, answers: [answer('GET /', 200, 'hullo'), answer('GET /health', 200, 'ok')] },
    'http',
    'failed',
    'GET /, body: hello before, hullo after',
  ],
  [
    'an empty body',
    server,
    { ...server, answers: [answer('GET /', 200, ''), answer('GET /health', 200, 'ok')] },
    'http',
    'failed',
    'GET /, body: hello before, empty after',
  ],
  [
    'a type',
    server,
    { ...server, answers: [answer('GET /', 200, 'hello', { type: 'text/plain' }), answer('GET /health', 200, 'ok')] },
    'http',
    'failed',
    'GET /, type: text/html before, text/plain after',
  ],
  [
    'no answer',
    server,
    { ...server, answers: [answer('GET /', undefined, '', { error: 'the connection is refused' })] },
    'http',
    'failed',
    'GET /: 200 before, no answer (the connection is refused) after (and 1 more)',
  ],
  [
    'a second answer',
    { ...server, answers: [answer('GET /', 503, 'wait', { again: [reply(200, 'hello')] })] },
    { ...server, answers: [answer('GET /', 200, 'hello')] },
    'http',
    'passed',
    'Both give the same answers: GET / (200)',
  ],
  [
    'only failures',
    { ...server, answers: [answer('GET /', 500, 'no db')] },
    { ...server, answers: [answer('GET /', 500, 'no db')] },
    'http',
    'warned',
    'Both give the same answers: GET / (500); the original fails by itself',
  ],
  [
    'several ports',
    { ...server, answers: [answer('GET /', 200, 'a'), answer('GET /', 200, 'b', { port: 9000 })] },
    { ...server, answers: [answer('GET /', 200, 'a'), answer('GET /', 404, '', { port: 9000 })] },
    'http',
    'failed',
    'GET / on port 9000: 200 before, 404 after',
  ],
  [
    'no web server',
    { ...server, answers: [answer('GET /', undefined, '', { error: 'it takes connections and does not speak HTTP' })] },
    { ...server, answers: [answer('GET /', undefined, '', { error: 'the connection is closed without an answer' })] },
    'http',
    'not-checked',
    'Port 3000 of the original gives no answer over HTTP (it takes connections and does not speak HTTP); the rewritten one does the same',
  ],
  [
    'no web server, gone',
    { ...server, answers: [answer('GET /', undefined, '', { error: 'it takes connections and does not speak HTTP' })] },
    { ...server, answers: [answer('GET /', undefined, '', { error: 'the connection is refused' })] },
    'http',
    'failed',
    'GET /: it takes connections and does not speak HTTP before, the connection is refused after',
  ],
  [
    'health',
    server,
    { ...server, health: 'unhealthy', healthLog: '/bin/sh: 1: curl: not found\n(exit code 127)' },
    'health',
    'failed',
    'Healthy before, unhealthy after: a program is not found (curl)',
  ],
  ['health gone', server, { ...server, health: undefined }, 'health', 'failed', 'Healthy before, without HEALTHCHECK after'],
  ['health new', { ...server, health: undefined }, server, 'health', 'passed', 'The rewritten one is healthy (without HEALTHCHECK before)'],
  [
    'unhealthy both',
    { ...server, health: 'unhealthy' },
    { ...server, health: 'unhealthy' },
    'health',
    'warned',
    'The original is unhealthy, and the rewritten one in the same way',
  ],
  [
    'a new error',
    server,
    { ...server, stderr: "EACCES: permission denied, open '/data/x'\n" },
    'log',
    'failed',
    'The log has an error that the original’s does not have: permission denied (/data/x)',
  ],
  [
    'an old error',
    { ...server, stderr: 'connect ECONNREFUSED 127.0.0.1:5432' },
    { ...server, stderr: 'connect ECONNREFUSED 127.0.0.1:5432' },
    'log',
    'passed',
    'The log has no error that the original’s does not have (1 in the original’s)',
  ],
  [
    'an error of its second run',
    { ...command, again: { code: 0, stdout: '', stderr: 'Error: x' } },
    { ...command, stderr: 'Error: x' },
    'log',
    'passed',
    'No errors in either log',
  ],
  [
    'control characters',
    server,
    ended(1, "Error: Cannot find module 'a\u202eb'"),
    'end',
    'failed',
    'Keeps running before, ends with code 1 after: a module is not found (a\\u202eb)',
  ],
];

describe('differences', () => {
  it.each(cases)('%s', (_, before, after, id, outcome, detail) => {
    expect(compared(before, after).get(id)).toMatchObject({ outcome, detail });
  });
  it('name the paths that they are about, and show the end of the log', () => {
    const check = compared(server, ended(1, "starting\nError: ENOENT: no such file or directory, open '/app/views/a.html'\n")).get('end');
    expect(check).toMatchObject({
      about: ['/app/views/a.html'],
      log: "starting\nError: ENOENT: no such file or directory, open '/app/views/a.html'",
    });
  });
  it('an answer that varies and one word that does not', () => {
    const varying = (word: string, ...numbers: number[]): Observation => {
      const [first = 0, ...others] = numbers;
      const body = (n: number): string => `{"${word}":${n}}`;
      return { ...server, answers: [answer('GET /', 200, body(first), { again: others.map((n) => reply(200, body(n))) })] };
    };
    expect(failing(varying('count', 3, 3, 3), varying('count', 4, 4))).toEqual(['http']);
    expect(failing(varying('count', 3, 4, 3), varying('count', 7, 8))).toEqual([]);
    expect(failing(varying('count', 3, 4, 3), varying('sum', 7, 8))).toEqual(['http']);
  });
});

describe('commands and the user’s script', () => {
  const ran = (code: number | undefined, stdout: string, stderr = ''): Observation['commands'][number] => ({
    command: 'app --version',
    code,
    stdout,
    stderr,
  });
  const withCommand = (...args: Parameters<typeof ran>): Observation => ({ ...worker, commands: [ran(...args)] });
  it.each([
    ['same', withCommand(0, 'v1\n'), withCommand(0, 'v1\n', 'warning'), 'passed', 'Same output before and after: ‘app --version’'],
    ['output', withCommand(0, 'v1\n'), withCommand(0, 'v2\n'), 'failed', '‘app --version’: “v1” before, “v2” after'],
    ['standard error alone', withCommand(0, '', 'v1\n'), withCommand(0, '', 'v2\n'), 'failed', '‘app --version’: “v1” before, “v2” after'],
    [
      'code',
      withCommand(0, 'v1\n'),
      withCommand(127, '', 'exec: "app": executable file not found in $PATH'),
      'failed',
      '‘app --version’: code 0 before, code 127: exec: "app": executable file not found in $PATH after',
    ],
    [
      'no shell',
      withCommand(0, 'v1\n'),
      withCommand(127, '', noShell),
      'failed',
      `‘app --version’: code 0 before, code 127: ${noShell} after`,
    ],
    [
      'fails in both',
      withCommand(2, '', 'usage'),
      withCommand(2, '', 'usage'),
      'warned',
      'Fails in both images in the same way: app --version (code 2)',
    ],
    [
      'does not end',
      withCommand(0, 'v1\n'),
      withCommand(undefined, 'v1\n', 'late'),
      'failed',
      '‘app --version’: code 0 before, no exit code: late after',
    ],
  ] as const)('%s', (_, before, after, outcome, detail) => {
    expect(compared(before, after).get('command')).toMatchObject({ outcome, detail });
  });

  const smoke = (code: number | undefined): Observation => ({
    ...worker,
    smoke: { command: 'smoke.sh', code, stdout: 'said\n', stderr: '' },
  });
  it.each([
    [0, 0, 'passed', 'smoke.sh succeeds for both'],
    [0, 1, 'failed', 'smoke.sh succeeds before and ends with code 1 after'],
    [0, undefined, 'failed', 'smoke.sh succeeds before and ends with no exit code after'],
    [1, 1, 'warned', 'smoke.sh fails for the original (code 1), and for the rewritten one in the same way'],
    [1, 0, 'warned', 'smoke.sh fails for the original: code 1 before, code 0 after'],
  ] as const)('a script: %s, %s', (before, after, outcome, detail) => {
    expect(compared(smoke(before), smoke(after)).get('smoke')).toMatchObject({ outcome, detail });
  });
});
