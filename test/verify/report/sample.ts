// A result of verify with everything that the reports can say: one Dockerfile verified, one partly, with strings that mean harm.
import type { FileReport } from '../../../src/report/types.ts';
import type {
  Check,
  FileVerification,
  ImageConfig,
  LadderStep,
  Layer,
  Measures,
  Observation,
  VerifyResult,
} from '../../../src/verify/types.ts';

/** Terminal escapes, markup, direction overrides, a bell: no report may pass them on. */
export const hostile = '\u001b[2J\u001b]0;owned\u0007<script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe"\'&amp;';

const nodeBefore = `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
EXPOSE 3000
CMD ["node", "dist/main.js"]
`;
const nodeAfter = `# syntax=docker/dockerfile:1
FROM node:22 AS builder
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN npm run build

FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
COPY --from=builder /app/dist ./dist
EXPOSE 3000
USER 1000:1000
CMD ["node", "dist/main.js"]
`;
const pythonBefore = `FROM python:3.13
ENV NAME="${hostile.replaceAll('"', '')}"
WORKDIR /app
COPY . .
RUN <<EOF
set -e
pip install -r requirements.txt
EOF
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 libxml2 libxslt1.1 libjpeg62-turbo fonts-dejavu-core && rm -rf /var/lib/apt/lists/* && echo "a line that is longer than any screen is wide, so that it must be wrapped and not hidden behind a scroll bar"
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "wsgi:app"]
`;
const pythonAfter = pythonBefore
  .replace(
    'COPY . .\nRUN <<EOF\nset -e\npip install',
    'COPY requirements.txt ./\nRUN --mount=type=cache,target=/root/.cache/pip <<EOF\nset -e\npip install',
  )
  .replace('EOF\nRUN apt-get', 'EOF\nCOPY . .\nRUN apt-get');

const layer = (bytes: number, n: number, ratio: number | undefined = 2.6): Layer => ({
  digest: `sha256:${n.toString(16).padStart(2, '0').repeat(32)}`,
  bytes,
  compressed: ratio === 0 ? undefined : Math.round(bytes / ratio),
});
const bulky = [121_300_000, 48_500_000, 175_800_000, 586_400_000, 3_100, 152_000_000, 5_400_000, 400, 0, 1_200_000, 97_500_000, 184_000];
const slim = [78_600_000, 3_100, 118_400_000, 5_400_000, 400, 1_536, 88_000, 31_200_000, 153_000];

const measures = (more: Partial<Measures>): Measures => ({
  size: 1_188_000_000,
  compressed: 438_000_000,
  layers: 12,
  files: 51_230,
  packages: 413,
  contextBytes: 412_000,
  coldSeconds: 38.4,
  sourceEditSeconds: 24.1,
  dependencyEditSeconds: 24.6,
  vulnerabilities: { scanner: 'trivy', critical: 4, high: 31, medium: 120, low: 380, other: 12 },
  ...more,
});

const config = (more: Partial<ImageConfig>): ImageConfig => ({
  user: '',
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', NODE_VERSION: '22.21.1' },
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['node', 'dist/main.js'],
  workdir: '/app',
  exposedPorts: ['3000/tcp'],
  volumes: [],
  labels: { 'dockerfile-mod.verify.owner': 'machine/1/2' },
  healthcheck: undefined,
  stopSignal: undefined,
  shell: undefined,
  os: 'linux',
  architecture: 'amd64',
  ...more,
});

const observation = (more: Partial<Observation>): Observation => ({
  kind: 'serves',
  exitCode: undefined,
  stdout: 'listening on http://0.0.0.0:3000\n',
  stderr: '',
  ports: ['0.0.0.0:3000'],
  answers: [
    { probe: 'GET /', status: 200, type: 'application/json', body: '{"name":"shop","up":true}', error: undefined, port: 3000 },
    { probe: 'GET /health', status: 204, type: '', body: '', error: undefined, port: 3000 },
  ],
  health: undefined,
  healthLog: '',
  uids: ['0'],
  written: ['/tmp/sessions.db'],
  commands: [],
  smoke: undefined,
  ...more,
});

const check = (id: Check['id'], outcome: Check['outcome'], detail: string, more: Partial<Check> = {}): Check => ({
  id,
  outcome,
  detail,
  differences: [],
  ...more,
});

const nodeChecks: Check[] = [
  check('build', 'passed', 'both build'),
  check('config', 'passed', 'the configurations are the same but for 2 expected differences', {
    differences: [
      { what: 'USER', before: '(root)', after: '1000:1000', expected: 'non-root-user announced it' },
      { what: 'ENV YARN_VERSION', before: '1.22.22', after: '(not set)', expected: 'it comes from the base image, which is another one' },
    ],
  }),
  check('end', 'passed', 'both serve and go on'),
  check('ports', 'passed', 'both listen on 0.0.0.0:3000'),
  check('http', 'passed', '2 probes answer alike: GET / (200), GET /health (204)'),
  check('health', 'not-checked', 'the image has no HEALTHCHECK'),
  check('log', 'passed', 'no class of error that the original does not have'),
  check('libraries', 'passed', '212 ELF files: every library resolves inside the image'),
  check('imports', 'passed', '68 modules of package-lock.json are imported'),
  check('contents', 'passed', 'no compiler, no build tool, no package cache'),
  check('secrets', 'passed', 'none found'),
  check('user', 'passed', 'runs as user id 1000'),
  check('writes', 'warned', 'it can write where the original wrote, /tmp/sessions.db, but that lies in the container', {
    about: ['/tmp/sessions.db'],
  }),
];

const report = (path: string, before: string, after: string): FileReport => ({
  path,
  patchPath: path,
  context: path.replace(/\/[^/]+$/, ''),
  source: before,
  result: {
    ok: true,
    source: before,
    output: after,
    changed: true,
    files: [],
    applied: [
      {
        transform: 'multi-stage',
        title: 'Split into a build stage and a runtime stage',
        safety: 'review',
        why: 'the container runs /app/dist/main.js, which the build makes; compilers, sources and development dependencies stay in the build stage',
        evidence: [{ file: 'Dockerfile', line: 7, says: 'runs node dist/main.js' }],
      },
    ],
    skipped: [],
    notes: [],
    provenance: { added: [], removed: [] },
  },
  files: [
    {
      path: 'shop/.dockerignore',
      patchPath: 'shop/.dockerignore',
      inContext: '.dockerignore',
      before: undefined,
      after: '.git\n**/node_modules\ndist\n',
    },
  ],
  skipped: [],
  notes: [],
  error: undefined,
});

const step = (more: Partial<LadderStep> & Pick<LadderStep, 'rung'>): LadderStep => ({
  outcome: 'not-possible',
  base: undefined,
  size: undefined,
  check: undefined,
  reason: undefined,
  mended: [],
  assumed: [],
  against: [],
  ...more,
});

const verified: FileVerification = {
  path: 'shop/Dockerfile',
  context: 'shop',
  outcome: 'verified',
  report: report('shop/Dockerfile', nodeBefore, nodeAfter),
  before: nodeBefore,
  after: nodeAfter,
  applied: ['dockerignore', 'copy-order', 'multi-stage', 'non-root-user', 'cache-mounts', 'syntax-directive'],
  rolledBack: [],
  ladder: [
    step({
      rung: 'smallest',
      outcome: 'failed',
      base: 'gcr.io/distroless/nodejs22-debian12',
      size: 171_000_000,
      check: 'end',
      reason: 'Keeps running before, ends with code 127 after',
    }),
    step({ rung: 'proven', outcome: 'stands', base: 'node:22-slim', size: 234_000_000 }),
  ],
  checks: nodeChecks,
  observed: { before: observation({}), after: observation({ uids: ['1000'] }) },
  config: {
    before: config({ env: { ...config({}).env, YARN_VERSION: '1.22.22' } }),
    after: config({ user: '1000:1000' }),
  },
  layers: { before: bulky.map((bytes, i) => layer(bytes, i)), after: slim.map((bytes, i) => layer(bytes, i + 40)) },
  measures: {
    before: measures({}),
    after: measures({
      size: 234_000_000,
      compressed: 81_600_000,
      layers: 9,
      files: 7_812,
      packages: 89,
      contextBytes: 409_000,
      coldSeconds: 41.9,
      sourceEditSeconds: 6.2,
      dependencyEditSeconds: 21.3,
      vulnerabilities: { scanner: 'trivy', critical: 0, high: 2, medium: 14, low: 61, other: 1 },
    }),
  },
  edited: { source: 'src/main.ts', dependency: 'package.json' },
  problem: undefined,
  seconds: 312,
};

const failedLog = `Traceback (most recent call last):
  File "/app/wsgi.py", line 1, in <module>
    import psycopg2
ImportError: libpq.so.5: cannot open shared object file: No such file or directory
${hostile}
`;

const unscanned = { notMeasured: 'trivy did not end within 300 s' };
const untimed: Partial<Measures> = {
  compressed: undefined,
  sourceEditSeconds: undefined,
  dependencyEditSeconds: undefined,
  vulnerabilities: unscanned,
};
const oneAnswer = (more: Partial<Observation['answers'][number]>): Observation =>
  observation({ answers: [{ probe: 'GET /', status: 200, type: 'text/html', body: '', error: undefined, port: 8000, ...more }] });

const partly: FileVerification = {
  path: `weather ${hostile}/Dockerfile`,
  context: `weather ${hostile}`,
  outcome: 'partly-verified',
  report: report(`weather ${hostile}/Dockerfile`, pythonBefore, pythonAfter),
  before: pythonBefore,
  after: pythonAfter,
  applied: ['copy-order', 'cache-mounts'],
  rolledBack: [
    {
      transform: 'base-slim',
      check: 'libraries',
      reason: `/usr/local/lib/python3.13/site-packages/psycopg2/_psycopg.so needs libpq.so.5, which is not in the image ${hostile}`,
      log: failedLog,
      causes: ['requirements.txt:3: psycopg2==2.9.11 is linked with the system’s libpq', 'wsgi.py:1: imports psycopg2'],
    },
    {
      transform: 'non-root-user',
      check: 'writes',
      reason: 'the original wrote /app/data/cache.db, where user 1000 may not write',
      log: '',
      causes: [],
    },
  ],
  ladder: [
    step({
      rung: 'proven',
      outcome: 'failed',
      base: 'python:3.13-slim',
      size: 422_300_000,
      check: 'libraries',
      reason: `it lacks ${hostile}`,
    }),
    step({ rung: 'same', reason: `Nothing would be left behind ${hostile}` }),
    step({
      rung: 'assumed',
      outcome: 'failed',
      base: `python:3.13-slim ${hostile}`,
      check: 'build',
      reason: 'The rewritten file does not build',
      assumed: [`Assumed (level max): ${hostile}`],
      against: ['http', 'health'],
    }),
    step({ rung: 'in-place', outcome: 'stands', base: 'python:3.13', size: 421_900_000, mended: [`libpq5: it lacks ${hostile}`] }),
  ],
  checks: [
    check('build', 'passed', 'both build'),
    check('config', 'passed', 'the configurations are the same'),
    check('end', 'passed', 'both serve and go on'),
    check('ports', 'passed', 'both listen on 0.0.0.0:8000'),
    check('http', 'failed', '1 of 2 probes answers otherwise', {
      differences: [
        { what: `GET /forecast?${hostile}: body, line 1`, before: '{"temperature": 21}', after: `{"error": "${hostile}"}` },
        { what: 'GET /forecast: status', before: '200', after: '500' },
      ],
      log: failedLog,
      about: ['/app/wsgi.py'],
    }),
    check('command', 'not-checked', 'no --run was given'),
    check('secrets', 'warned', `the original has one, too: ${hostile}`, { about: ['/app/.env'] }),
    check('user', 'failed', 'runs as root'),
  ],
  observed: {
    before: oneAnswer({ body: `<p>${hostile}</p>` }),
    after: oneAnswer({ status: undefined, type: '', error: 'connection refused' }),
  },
  config: { before: config({ labels: { [hostile]: hostile } }), after: config({ labels: { [hostile]: hostile } }) },
  layers: {
    before: [layer(121_300_000, 1, 0), layer(300_000_000, 2, 0)],
    after: [layer(121_300_000, 1, 0), layer(301_000_000, 3, 0)],
  },
  measures: {
    before: measures({ ...untimed, size: 421_300_000 }),
    after: measures({ ...untimed, size: 422_300_000, coldSeconds: 0 }),
  },
  edited: {
    source: 'not measured: no source file of the build context can be edited',
    dependency: 'not measured: the build has no manifest',
  },
  problem: undefined,
  seconds: 98.4,
};

const broken: FileVerification = {
  ...verified,
  path: 'old/Dockerfile',
  context: 'old',
  outcome: 'baseline-broken',
  report: undefined,
  after: nodeBefore,
  applied: [],
  ladder: [],
  checks: [check('build', 'failed', 'the original does not build')],
  observed: undefined,
  config: undefined,
  layers: undefined,
  measures: undefined,
  edited: undefined,
  problem: {
    kind: 'build-failed',
    message: 'RUN npm ci ended with exit code 1',
    hint: 'Repair the original first.',
    log: `npm error code EUSAGE\nnpm error ${hostile}\n`,
  },
  seconds: 9.6,
};

export const sample: VerifyResult = { version: '0.1.0', engine: 'Docker 28.2.2', files: [verified, partly], ok: false };
/** With one that could not be verified at all. */
export const sampleBroken: VerifyResult = { ...sample, files: [broken] };
/** Nothing could be kept: what is told is the rewrite that failed. */
export const sampleRejected: VerifyResult = { ...sample, files: [{ ...partly, outcome: 'rejected', report: undefined, applied: [] }] };
/** The one that passed, alone. */
export const sampleVerified: VerifyResult = { ...sample, files: [verified], ok: true };
