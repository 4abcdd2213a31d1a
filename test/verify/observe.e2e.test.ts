// Real containers: what images of each kind do, seen and compared. Needs an engine and the bases node:22-slim, python:3.13-slim, golang:1.25.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareObservations } from '../../src/verify/compare/compare.ts';
import { findEngine } from '../../src/verify/engine/engine.ts';
import { observe } from '../../src/verify/run/observe.ts';
import { readByNeighbour, parseListening } from '../../src/verify/run/ports.ts';
import { stateOf, withContainer } from '../../src/verify/run/container.ts';
import {
  EngineError,
  type BuiltImage,
  type Check,
  type Engine,
  type Observation,
  type RunPlan,
  type Session,
} from '../../src/verify/types.ts';

const wanted = process.env['DOCKERFILE_MOD_E2E'] === '1';
const label = `dockerfile-mod.test=observe-${process.pid}`;
const plan: RunPlan = { probes: [], commands: [], smoke: undefined, env: [], startTimeout: 20 };

let engine: Engine;
let directory: string;
const abort = new AbortController();
const built = new Map<string, Promise<BuiltImage>>();

function sessionWith(signal: AbortSignal): Session {
  const limits = { memory: '256m', cpus: '1', pids: 128 };
  return { id: 'test', engine, directory, labels: ['--label', label], limits, signal, say: () => {} };
}

/** Builds an image of a Dockerfile and further files; once for each name. */
function image(name: string, dockerfile: string, files: Record<string, string> = {}): Promise<BuiltImage> {
  const known = built.get(name);
  if (known) return known;
  const made = make(name, dockerfile, files);
  built.set(name, made);
  return made;
}

async function make(name: string, dockerfile: string, files: Record<string, string>): Promise<BuiltImage> {
  const context = await mkdtemp(join(directory, `${name}-`));
  await writeFile(join(context, 'Dockerfile'), dockerfile);
  for (const [path, text] of Object.entries(files)) await writeFile(join(context, path), text);
  const tag = `dockerfile-mod-test-${name}:${process.pid}`;
  await engine.ask(['build', '--label', label, '--tag', tag, context]);
  const [{ Config: config }] = JSON.parse(await engine.ask(['image', 'inspect', tag])) as [{ Config: Record<string, unknown> }];
  return {
    side: 'before',
    image: tag,
    size: 0,
    seconds: 0,
    config: {
      user: '',
      env: Object.fromEntries(((config['Env'] ?? []) as string[]).map((one) => one.split(/=(.*)/s).slice(0, 2) as [string, string])),
      entrypoint: undefined,
      cmd: undefined,
      workdir: '',
      exposedPorts: Object.keys((config['ExposedPorts'] ?? {}) as object),
      volumes: [],
      labels: {},
      healthcheck: (config['Healthcheck'] ?? undefined) as Record<string, unknown> | undefined,
      stopSignal: undefined,
      shell: undefined,
      os: 'linux',
      architecture: 'amd64',
    },
  };
}

const node = (more: string): string => `FROM node:22-slim\n${more}\nCOPY app.js /app.js\nCMD ["node", "/app.js"]\n`;
const nodeImage = (name: string, script: string, more = ''): Promise<BuiltImage> => image(name, node(more), { 'app.js': script });

async function both(
  before: BuiltImage,
  after: BuiltImage,
  own: Partial<RunPlan> = {},
): Promise<{ was: Observation; is: Observation; checks: Map<string, Check> }> {
  const session = sessionWith(abort.signal);
  const was = await observe(session, before, { ...plan, ...own }, undefined);
  const is = await observe(session, after, { ...plan, ...own }, was);
  return { was, is, checks: new Map(compareObservations(was, is).map((check) => [check.id, check])) };
}
const outcomes = (checks: Map<string, Check>, outcome: Check['outcome']): string[] =>
  [...checks.values()].filter((check) => check.outcome === outcome).map(({ id }) => id);
const told = (checks: Map<string, Check>): string =>
  [...checks.values()].map(({ id, outcome, detail }) => `${id} ${outcome}: ${detail}`).join('\n');

const server = `require('http').createServer((q, r) => {
  console.log(new Date().toISOString(), q.method, q.url);
  if (q.url === '/health') return r.end('ok');
  r.setHeader('content-type', 'application/json');
  r.end(JSON.stringify({ hello: 'world', now: new Date(), id: require('crypto').randomUUID(), lucky: Math.random(), token: require('crypto').randomBytes(24).toString('base64url'), host: require('os').hostname(), up: process.uptime(), list: Array.from({ length: 1 + Math.floor(Math.random() * 9) }, () => 1), end: 'here' }));
}).listen(3000, () => console.log('listening'));`;
const health = `HEALTHCHECK --interval=30s --start-period=20s CMD node -e "fetch('http://localhost:3000/health').then(r => process.exit(r.ok ? 0 : 1))"`;

describe.skipIf(!wanted)('running images', { timeout: 600_000 }, () => {
  beforeAll(async () => {
    engine = await findEngine(undefined, process.env, abort.signal);
    directory = await mkdtemp(join(tmpdir(), 'dockerfile-mod-test-'));
  });
  afterAll(async () => {
    const containers = (await engine.ask(['ps', '--all', '--quiet', '--filter', `label=${label}`])).split('\n').filter(Boolean);
    if (containers.length > 0) await engine.run(['rm', '--force', '--volumes', ...containers]);
    const images = (await engine.ask(['images', '--quiet', '--filter', `label=${label}`])).split('\n').filter(Boolean);
    if (images.length > 0) await engine.run(['rmi', '--force', ...new Set(images)]);
    await rm(directory, { recursive: true, force: true });
    expect(containers).toEqual([]);
  });

  it('a server whose answers contain instants, ids, a random number and a list of any length equals itself', async () => {
    const one = await nodeImage('server', server, `EXPOSE 3000\n${health}`);
    const { was, is, checks } = await both(one, one);
    expect(was).toMatchObject({ kind: 'serves', ports: ['0.0.0.0:3000'], health: 'healthy', uids: ['0'] });
    expect(was.answers.map(({ probe, status }) => [probe, status])).toEqual([
      ['GET /', 200],
      ['GET /health', 200],
    ]);
    expect(was.answers[0]?.again).toHaveLength(2);
    expect(is.answers[0]?.body).not.toBe(was.answers[0]?.body);
    expect(outcomes(checks, 'failed'), told(checks)).toEqual([]);
    expect(outcomes(checks, 'passed')).toEqual(['end', 'ports', 'http', 'health', 'log']);
  });

  it('another word in the answer, another status, a lost port and a lost health check are seen', async () => {
    const one = await nodeImage('server', server, `EXPOSE 3000\n${health}`);
    const word = await nodeImage('word', server.replace('world', 'moon'), `EXPOSE 3000\n${health}`);
    const fails = await nodeImage('fails', server.replace("r.end('ok')", "r.writeHead(500).end('no')"), `EXPOSE 3000\n${health}`);
    const moved = await nodeImage('moved', server.replace('listen(3000', "listen(3000, '127.0.0.1'"), 'EXPOSE 3000');
    const session = sessionWith(abort.signal);
    const was = await observe(session, one, plan, undefined);
    const against = async (other: BuiltImage): Promise<Map<string, Check>> =>
      new Map(compareObservations(was, await observe(session, other, { ...plan, startTimeout: 5 }, was)).map((check) => [check.id, check]));
    expect((await against(word)).get('http')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(/^GET \/, body: hello: "world" before, "moon" after$/),
    });
    const unhealthy = await against(fails);
    expect(unhealthy.get('http')?.detail).toBe('GET /health: 200 before, 500 (no) after');
    expect(unhealthy.get('health')).toMatchObject({ outcome: 'failed', detail: 'Healthy before, unhealthy after' });
    const inside = await against(moved);
    expect(inside.get('ports')?.detail).toBe(
      'Listens on 0.0.0.0:3000 before, on 127.0.0.1:3000 after: it cannot be reached from outside of the container any more',
    );
    expect(inside.get('http')?.outcome).toBe('failed');
    expect(inside.get('health')?.outcome).toBe('failed');
  });

  it('a server on a port that nobody has announced is found and asked', async () => {
    const one = await nodeImage('hidden', "require('http').createServer((q, r) => r.end('hi')).listen(4567)");
    const { was, checks } = await both(one, one);
    expect(was.ports).toEqual(['0.0.0.0:4567']);
    expect(was.answers).toMatchObject([{ probe: 'GET /', port: 4567, status: 200, body: 'hi' }]);
    expect(outcomes(checks, 'failed'), told(checks)).toEqual([]);
  });

  it('a server that does not speak HTTP is only asked for a connection', async () => {
    const one = await nodeImage(
      'raw',
      "require('net').createServer((c) => { c.on('error', () => {}); c.end('220 hello\\r\\n'); }).listen(2525)",
      'EXPOSE 2525',
    );
    const { was, checks } = await both(one, one);
    expect(was.answers).toMatchObject([{ status: undefined, error: 'it takes connections and does not speak HTTP' }]);
    expect(checks.get('http')?.outcome).toBe('not-checked');
    expect(outcomes(checks, 'failed'), told(checks)).toEqual([]);
  });

  it('a server that listens inside only', async () => {
    const one = await nodeImage('inside', server.replace('listen(3000', "listen(3000, '127.0.0.1'"), 'EXPOSE 3000');
    const { was, checks } = await both(one, one);
    expect(was).toMatchObject({ kind: 'serves', ports: ['127.0.0.1:3000'], answers: [] });
    expect(checks.get('http')?.detail).toBe('No port of the original can be reached from outside of the container');
    expect(outcomes(checks, 'failed'), told(checks)).toEqual([]);
  });

  it('an application that fails without its environment: warned, and compared by its kind of error', async () => {
    const script =
      "import os\nprint('starting', flush=True)\nurl = os.environ['DATABASE_URL']\nimport http.server\nhttp.server.test(port=8000, bind='0.0.0.0')\n";
    const of = (name: string, text: string): Promise<BuiltImage> =>
      image(name, 'FROM python:3.13-slim\nEXPOSE 8000\nCOPY app.py /app.py\nCMD ["python", "/app.py"]\n', { 'app.py': text });
    const one = await of('needs-env', script);
    const { was, checks } = await both(one, one);
    expect(was).toMatchObject({ kind: 'ends', exitCode: 1 });
    expect(checks.get('end')).toMatchObject({
      outcome: 'warned',
      detail: expect.stringContaining('The original ends with code 1, and the rewritten one in the same way; give --env'),
    });
    expect(outcomes(checks, 'failed'), told(checks)).toEqual([]);
    const other = await of('needs-module', `import missing_module\n${script}`);
    const compared = await both(one, other);
    expect(compared.checks.get('log')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('a module is not found (missing_module)'),
    });
    const served = await both(one, one, { env: ['DATABASE_URL=x'], probes: ['/'] });
    expect(served.was).toMatchObject({ kind: 'serves', ports: ['0.0.0.0:8000'] });
    expect(outcomes(served.checks, 'failed'), told(served.checks)).toEqual([]);
    const error = await observe(sessionWith(abort.signal), one, { ...plan, probes: ['/'] }, undefined).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).problem).toMatchObject({
      kind: 'never-answers',
      message: 'the original image never answers: it ends with code 1',
    });
  });

  it('a server on scratch, without shell and cat; commands by --run', async () => {
    const source =
      'package main\nimport ("fmt"; "net/http")\nfunc main() { http.ListenAndServe(":8080", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hi", r.URL.Path) })) }\n';
    const files = { 'main.go': source, 'go.mod': 'module x\n\ngo 1.22\n' };
    const small = await image(
      'scratch',
      'FROM golang:1.25 AS b\nWORKDIR /s\nCOPY main.go go.mod ./\nRUN CGO_ENABLED=0 go build -o /x .\nFROM scratch\nCOPY --from=b /x /x\nUSER 65532\nENTRYPOINT ["/x"]\n',
      files,
    );
    const large = await image(
      'golang',
      'FROM golang:1.25\nWORKDIR /s\nCOPY main.go go.mod ./\nRUN CGO_ENABLED=0 go build -o /x .\nUSER 65532\nENTRYPOINT ["/x"]\n',
      files,
    );
    const { was, is, checks } = await both(large, small, { commands: ['echo "$HOME"', 'echo one && echo two'], probes: ['/', '/a', '/b'] });
    expect(was).toMatchObject({ kind: 'serves', ports: ['0.0.0.0:8080'], uids: ['65532'] });
    expect(is).toMatchObject({ kind: 'serves', ports: ['0.0.0.0:8080'], uids: ['65532'] });
    expect(outcomes(checks, 'passed')).toEqual(['end', 'ports', 'http', 'log']);
    expect(checks.get('command')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('the image has none: give plain words'),
    });
    const alone = await both(small, small);
    expect(outcomes(alone.checks, 'failed'), told(alone.checks)).toEqual([]);
  });

  it('the ports are seen through a second container, too', async () => {
    const one = await nodeImage('hidden', "require('http').createServer((q, r) => r.end('hi')).listen(4567)");
    const session = sessionWith(abort.signal);
    const text = await withContainer(session, { image: one.image }, async ({ id }) => {
      for (let i = 0; i < 20; i += 1) {
        const seen = await readByNeighbour(session, id ?? '', one.image);
        if (seen !== undefined && parseListening(seen).length > 0) return seen;
      }
      return (await stateOf(session, id ?? '')).running ? '' : 'ended';
    });
    expect(parseListening(text)).toEqual(['0.0.0.0:4567']);
  });

  it('a command that ends: code and output; a shell that is not there; none at all', async () => {
    const three = await image('three', 'FROM node:22-slim\nCMD ["sh", "-c", "echo started at $(date); echo done; exit 3"]\n');
    const four = await image('four', 'FROM node:22-slim\nCMD ["sh", "-c", "echo started at $(date); exit 4"]\n');
    expect(outcomes((await both(three, three)).checks, 'failed')).toEqual([]);
    expect((await both(three, four)).checks.get('end')).toMatchObject({
      outcome: 'failed',
      detail: 'Ends with code 3 before, ends with code 4 after',
    });
    const zero = await image('zero', 'FROM node:22-slim\nCMD ["sh", "-c", "echo at $(date +%s.%N); echo done"]\n');
    const zeroToo = await image('zero-too', 'FROM node:22-slim\nCMD ["sh", "-c", "echo at $(date +%s.%N); echo gone"]\n');
    expect(outcomes((await both(zero, zero)).checks, 'passed')).toEqual(['end', 'output', 'log']);
    expect((await both(zero, zeroToo)).checks.get('output')?.detail).toMatch(
      /^The standard output differs: “.*done” before, “.*gone” after$/,
    );
    const noProgram = await image('no-program', 'FROM scratch\nCOPY app.js /app.js\nCMD ["node", "/app.js"]\n', { 'app.js': '' });
    const lost = await both(zero, noProgram);
    expect(lost.checks.get('end')).toMatchObject({
      outcome: 'failed',
      detail: 'Ends with code 0 before, ends with code 127, not found after: a program is not found (node)',
    });
    const nothing = await image('nothing', 'FROM scratch\nCOPY app.js /app.js\n', { 'app.js': '' });
    expect((await both(nothing, nothing)).checks.get('end')).toMatchObject({ outcome: 'warned' });
  });

  it('a worker, and what it writes', async () => {
    const worker = await nodeImage(
      'worker',
      "require('fs').mkdirSync('/data/deep', { recursive: true }); require('fs').writeFileSync('/data/deep/file', 'x'); require('fs').appendFileSync('/etc/hostname2', 'x'); console.log('working'); setInterval(() => {}, 1000)",
    );
    const { was, checks } = await both(worker, worker, { startTimeout: 3 });
    expect(was).toMatchObject({ kind: 'runs', ports: [], written: ['/data/deep/file', '/etc/hostname2'] });
    expect(was.stdout).toBe('working\n');
    expect(outcomes(checks, 'failed'), told(checks)).toEqual([]);
    const refused = await nodeImage('refused', "require('fs').writeFileSync('/data', 'x'); setInterval(() => {}, 1000)", 'USER node');
    const compared = await both(worker, refused, { startTimeout: 3 });
    expect(compared.checks.get('end')).toMatchObject({
      outcome: 'failed',
      detail: 'Keeps running before, ends with code 1 after: permission denied (/data)',
      about: ['/data'],
    });
  });

  it('a health check whose program is gone is not waited for', async () => {
    const one = await nodeImage('server', server, `EXPOSE 3000\n${health}`);
    const curl = await nodeImage('no-curl', server, 'EXPOSE 3000\nHEALTHCHECK CMD curl -f http://localhost:3000/health');
    const { is, checks } = await both(one, curl);
    expect(is).toMatchObject({ health: 'unhealthy', healthLog: expect.stringContaining('curl: not found') });
    expect(checks.get('health')).toMatchObject({
      outcome: 'failed',
      detail: 'Healthy before, unhealthy after: a program is not found (curl)',
    });
    const alone = await both(curl, curl);
    expect(alone.checks.get('health')?.outcome).toBe('warned');
  });

  it('the user’s own script gets the image', async () => {
    const one = await nodeImage('server', server, `EXPOSE 3000\n${health}`);
    const script = join(directory, 'smoke.sh');
    await writeFile(script, 'case "$IMAGE" in *-word:*) echo "wrong image"; exit 9;; *) echo fine;; esac\n');
    const word = await nodeImage('word', server.replace('world', 'moon'), `EXPOSE 3000\n${health}`);
    const { checks } = await both(one, word, { smoke: script, commands: ['node --version', 'cat /etc/hostname'] });
    expect(checks.get('smoke')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(/smoke\.sh succeeds before and ends with code 9 after$/),
    });
    expect(checks.get('command')).toMatchObject({
      outcome: 'passed',
      detail: 'Same output before and after: ‘node --version’, ‘cat /etc/hostname’',
    });
  });

  it('leaves no container when it is interrupted', async () => {
    const worker = await nodeImage('worker', '');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1500);
    const thrown = await observe(sessionWith(stop.signal), worker, { ...plan, startTimeout: 60 }, undefined).catch(
      (error: unknown) => error,
    );
    expect((thrown as EngineError).problem?.kind).toBe('interrupted');
    expect(await engine.ask(['ps', '--all', '--quiet', '--filter', `label=${label}`])).toBe('');
  });
});
