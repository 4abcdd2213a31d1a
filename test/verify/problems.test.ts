// What engines say when they fail, and what it is called. The texts are as printed: by Docker 20.10 here, by others as their sources have them.
import { describe, expect, it } from 'vitest';
import type { Ran } from '../../src/process/run.ts';
import { problemOf, type Doing } from '../../src/verify/engine/problems.ts';
import type { ProblemKind } from '../../src/verify/types.ts';

const failed = (stderr: string, more: Partial<Ran> = {}): Ran => ({ code: 1, stdout: '', stderr, stopped: undefined, ...more });
const build: Doing = { task: 'build', what: 'the build of the original', engine: 'docker', timeout: 600 };
const ask: Doing = { task: 'ask', what: 'docker run', engine: 'docker' };

/** The end of a build of Docker 20.10 whose last step fails. */
const step = (name: string, printed: string, verdict: string, number = 5): string =>
  [
    '#1 [internal] load build definition from Dockerfile',
    '#1 DONE 0.0s',
    '',
    '#4 [1/2] FROM docker.io/library/debian:bookworm-slim',
    '#4 CACHED',
    '',
    `#${number} ${name}`,
    `#${number} sha256:3ff34d4cf64c9895b719214a4957fa2cbd41424da950f8b84dabc988661318db`,
    ...printed
      .split('\n')
      .filter(Boolean)
      .map((line, i) => `#${number} 0.${i}59 ${line}`),
    `#${number} ERROR: ${verdict.replace(/^ERROR: /, '')}`,
    '------',
    ` > ${name}:`,
    '------',
    verdict,
    '',
  ].join('\n');
const run = (printed: string): string => step('[2/2] RUN npm ci', printed, 'executor failed running [/bin/sh -c npm ci]: exit code: 1');
const frontend = 'failed to solve with frontend dockerfile.v0: failed to create LLB definition: ';
const head = 'failed to do request: Head "https://registry-1.docker.io/v2/nosuch/image/manifests/1": ';

describe('why a command failed', () => {
  it.each([
    ['The option "--no-dev" does not exist', '\nThe option "--no-dev" does not exist'],
    [
      'error: could not compile `time` (lib) due to 1 previous error',
      'error[E0282]: type annotations needed\nerror: could not compile `time` (lib) due to 1 previous error\nwarning: build failed, waiting for other jobs to finish...',
    ],
    [
      "npm ERR! Cannot read package 'x'",
      "npm ERR! code 1\nnpm ERR! Cannot read package 'x'\n\nnpm ERR! A complete log of this run can be found in: /root/.npm/_logs/x.log",
    ],
    [
      'npm error Missing: left-pad@1.3.0 from lock file',
      'npm error code EUSAGE\nnpm error Missing: left-pad@1.3.0 from lock file\nnpm error\nnpm error Run "npm help ci" for more info',
    ],
    [
      'ERROR: No matching distribution found for nosuch==1',
      'Collecting nosuch\nERROR: No matching distribution found for nosuch==1\n[notice] A new release of pip is available: 24.0 -> 25.3\n[notice] To update, run: pip install --upgrade pip',
    ],
    ['two', 'one\ntwo'],
  ])('%s', (why, printed) => {
    expect(problemOf(failed(run(printed)), build).message).toBe(
      `The build of the original failed: ${why} (executor failed running [/bin/sh -c npm ci]: exit code: 1)`,
    );
  });
  it('is not told where it printed nothing', () => {
    expect(problemOf(failed(run('')), build).message).toBe(
      'The build of the original failed: executor failed running [/bin/sh -c npm ci]: exit code: 1',
    );
  });
});

describe('a build that failed', () => {
  it.each<[name: string, kind: ProblemKind, says: string, text: string]>([
    ['a command', 'build-failed', 'executor failed running', run('one\ntwo')],
    [
      'a command, newer',
      'build-failed',
      'did not complete successfully',
      step('[2/2] RUN npm ci', 'one', 'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1'),
    ],
    ['a command that prints what a registry says', 'build-failed', 'npm ci', run('pull access denied for x, repository does not exist')],
    ['a command without a network', 'build-failed', 'npm ci', run('getaddrinfo: no such host')],
    ['a command that asks a daemon', 'build-failed', 'npm ci', run('Cannot connect to the Docker daemon at unix:///var/run/docker.sock')],
    [
      'a missing file',
      'build-failed',
      '"/missing" not found',
      step('[2/2] COPY missing /', '', 'failed to compute cache key: "/missing" not found: not found'),
    ],
    [
      'a missing file, newer',
      'build-failed',
      '"/missing": not found',
      step(
        '[2/2] COPY missing /',
        '',
        'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref x::y: "/missing": not found',
      ),
    ],
    [
      'no Dockerfile',
      'build-failed',
      'unknown instruction: FRM',
      `#1 DONE 0.0s\n${frontend}dockerfile parse error line 1: unknown instruction: FRM\n`,
    ],
    ['a stage that is not there', 'build-failed', 'target stage', 'ERROR: failed to solve: target stage "x" could not be found\n'],
    [
      'npm without space',
      'no-space',
      'No space is left',
      run('npm ERR! code ENOSPC\nnpm ERR! nospc ENOSPC: no space left on device, write'),
    ],
    [
      'the engine without space',
      'no-space',
      'No space is left',
      step('[2/2] COPY . .', '', 'failed to copy files: write /var/lib/docker/overlay2/x/y: no space left on device'),
    ],
    [
      'no name server',
      'no-base-image',
      'its registry does not answer',
      step(
        '[internal] load metadata for docker.io/nosuch/image:1',
        '',
        `${frontend}${head}dial tcp: lookup registry-1.docker.io on 10.0.0.53:53: no such host`,
        3,
      ),
    ],
    [
      'nobody listens',
      'no-base-image',
      'localhost:5000/x:1',
      step(
        '[internal] load metadata for localhost:5000/x:1',
        '',
        `${frontend}failed to do request: Head "http://localhost:5000/v2/x/manifests/1": dial tcp 127.0.0.1:5000: connect: connection refused`,
        3,
      ),
    ],
    [
      'no such image',
      'no-base-image',
      'does not exist, or needs a login',
      step(
        '[internal] load metadata for docker.io/nosuch/image:1',
        '',
        `${frontend}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
        3,
      ),
    ],
    [
      'no such tag',
      'no-base-image',
      'The image docker.io/library/node:999 cannot be had: there is no such image or tag',
      step(
        '[internal] load metadata for docker.io/library/node:999',
        '',
        'ERROR: failed to solve: node:999: failed to resolve source metadata for docker.io/library/node:999: docker.io/library/node:999: not found',
        3,
      ),
    ],
    [
      'no such platform',
      'no-base-image',
      'no such image',
      step(
        '[internal] load metadata for docker.io/library/x:1',
        '',
        'ERROR: failed to solve: x:1: failed to resolve source metadata for docker.io/library/x:1: no match for platform in manifest: not found',
        3,
      ),
    ],
    [
      'too many downloads',
      'rate-limited',
      'no more downloads',
      step(
        '[internal] load metadata for docker.io/library/node:22',
        '',
        'ERROR: failed to solve: node:22: failed to resolve source metadata for docker.io/library/node:22: failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/node/manifests/22: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
        3,
      ),
    ],
    [
      'no login',
      'no-base-image',
      'needs a login',
      step(
        '[internal] load metadata for ghcr.io/a/b:1',
        '',
        'ERROR: failed to solve: ghcr.io/a/b:1: failed to resolve source metadata for ghcr.io/a/b:1: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token: 401 Unauthorized',
        3,
      ),
    ],
    [
      'a frontend that cannot be had',
      'no-base-image',
      'docker.io/no/such:1',
      step(
        'resolve image config for docker.io/no/such:1',
        '',
        `failed to solve with frontend dockerfile.v0: failed to solve with frontend gateway.v0: ${head}dial tcp: lookup registry-1.docker.io: no such host`,
        3,
      ),
    ],
    [
      'a name made of arguments',
      'no-base-image',
      'not valid',
      'ERROR: failed to solve: failed to parse stage name "node:": invalid reference format\n',
    ],
    [
      'podman: no such image',
      'no-base-image',
      'localhost:5000/x:1',
      'Error: creating build container: initializing source docker://localhost:5000/x:1: pinging container registry localhost:5000: Get "http://localhost:5000/v2/": dial tcp [::1]:5000: connect: connection refused\n',
    ],
    [
      'podman: a short name',
      'no-base-image',
      'no such image',
      'Error: creating build container: short-name "nosuch/x:1" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"\n',
    ],
    [
      'podman: a command',
      'build-failed',
      'while running runtime',
      'STEP 2/2: RUN false\nError: building at STEP "RUN false": while running runtime: exit status 1\n',
    ],
    [
      'the daemon went away',
      'not-reachable',
      'does not answer',
      'ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
    ],
    [
      'no buildx',
      'no-buildkit',
      'BuildKit',
      'ERROR: BuildKit is enabled but the buildx component is missing or broken.\n       Install the buildx component to build images with BuildKit:\n       https://docs.docker.com/go/buildx/\n',
    ],
    [
      'nerdctl without buildkitd',
      'no-buildkit',
      'BuildKit',
      'time="2026-01-01T00:00:00Z" level=error msg="`buildctl` needs to be installed and `buildkitd` needs to be running, see https://github.com/moby/buildkit , and `containerd-rootless-setuptool.sh install-buildkit`"\n',
    ],
    ['called off', 'interrupted', 'was interrupted', step('[2/2] RUN sleep 60', '', 'context canceled')],
    [
      'a sandboxed client',
      'engine-failed',
      'unable to prepare context',
      'unable to prepare context: path "/tmp/dockerfile-mod-verify-1/context" not found\n',
    ],
  ])('%s', (_, kind, says, text) => {
    const problem = problemOf(failed(text), build);
    expect(problem.kind).toBe(kind);
    expect(problem.message).toContain(says);
    expect(problem.log).not.toBe('');
  });

  it('shows the failing step and what it printed, not the end of another', () => {
    const others = Array.from({ length: 40 }, (_, i) => `#6 1.${i} noise of another stage`).join('\n');
    const text = run('one\ntwo').replace('#5 ERROR', `${others}\n#5 ERROR`);
    expect(problemOf(failed(text), build).log).toBe(
      '[2/2] RUN npm ci\none\ntwo\nexecutor failed running [/bin/sh -c npm ci]: exit code: 1',
    );
  });

  it('keeps the last 25 lines of the step', () => {
    const { log } = problemOf(failed(run(Array.from({ length: 100 }, (_, i) => `line ${i + 1}`).join('\n'))), build);
    expect(log.split('\n').slice(0, 2)).toEqual(['[2/2] RUN npm ci', 'line 76']);
    expect(log.split('\n')).toHaveLength(27);
  });

  it('is out of time, or was interrupted, whatever it printed', () => {
    expect(problemOf(failed('#5 CANCELED\ncontext canceled\n', { code: undefined, stopped: 'timeout' }), build)).toMatchObject({
      kind: 'build-timeout',
      message: 'The build of the original did not end within 600 s',
      hint: 'Give it more time with --timeout SECONDS.',
    });
    expect(problemOf(failed('', { code: undefined, stopped: 'aborted' }), build).kind).toBe('interrupted');
  });
});

describe('another command that failed', () => {
  it.each<[kind: ProblemKind, says: string, text: string]>([
    [
      'engine-failed',
      'stat /nope: no such file or directory',
      'docker: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nope": stat /nope: no such file or directory: unknown.\n',
    ],
    [
      'engine-failed',
      'driver failed programming external connectivity',
      'docker: Error response from daemon: driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:80 failed: port is already allocated.\n',
    ],
    [
      'no-base-image',
      'nosuch/image:1',
      "Unable to find image 'nosuch/image:1' locally\ndocker: Error response from daemon: Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on 10.0.0.53:53: no such host.\nSee 'docker run --help'.\n",
    ],
    ['no-space', 'No space is left', 'docker: Error response from daemon: mkdir /var/lib/docker/overlay2/x: no space left on device.\n'],
    ['not-reachable', 'does not answer', 'Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?\n'],
    [
      'not-reachable',
      'does not answer',
      'Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`\n',
    ],
    ['engine-failed', 'exit code 3', ''],
  ])('%s: %s', (kind, says, text) => {
    const problem = problemOf(failed(text, { code: 3 }), ask);
    expect(problem.kind).toBe(kind);
    expect(problem.message).toContain(says);
  });

  it('is not on PATH', () => {
    expect(problemOf(failed('', { code: undefined, stopped: 'not-found' }), ask)).toMatchObject({
      kind: 'no-engine',
      message: 'docker is not on PATH',
    });
  });
});
