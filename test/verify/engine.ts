// test/verify: a real engine for the tests that want one, and why there is none. They run with DOCKERFILE_MOD_E2E=1.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runProgram } from '../../src/process/run.ts';
import { streamProgram } from '../../src/process/stream.ts';
import type { Session } from '../../src/verify/types.ts';

const wanted = process.env['DOCKERFILE_MOD_E2E'] === '1';

/** Why tests on real images cannot run; undefined: they can. */
export const whyNot: string | undefined = !wanted
  ? 'DOCKERFILE_MOD_E2E is not 1'
  : (await runProgram('docker', ['version'], { timeout: 20_000 })).code === 0
    ? undefined
    : 'no docker answers';

/** Those of the images that the engine has; tests bring none. */
export async function present(images: readonly string[]): Promise<string[]> {
  if (whyNot !== undefined) return [];
  const found = await Promise.all(images.map(async (image) => (await runProgram('docker', ['image', 'inspect', image])).code === 0));
  return images.filter((_, index) => found[index]);
}

/** A session on the docker of the PATH, with a directory of its own. */
export async function openSession(): Promise<{ session: Session; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'dockerfile-mod-test-'));
  const id = `t${Date.now().toString(36)}${process.pid.toString(36)}`;
  const run: Session['engine']['run'] = (args, options) => runProgram('docker', args, options);
  const session: Session = {
    id,
    engine: {
      name: 'docker',
      version: 'Docker',
      clientVersion: '20.10',
      run,
      ask: async (args, options) => {
        const ran = await run(args, options);
        if (ran.code !== 0) throw new Error(`docker ${args[0]}: ${ran.stderr}`);
        return ran.stdout.trim();
      },
      stream: (args, options) => streamProgram('docker', args, options),
    },
    directory,
    labels: ['--label', `dockerfile-mod.test=${id}`],
    limits: { memory: '512m', cpus: '1', pids: 256 },
    signal: new AbortController().signal,
    say: () => undefined,
  };
  return { session, close: () => rm(directory, { recursive: true, force: true }) };
}

const execute = promisify(execFile);

/** What a shell script prints; for tests alone. */
export async function shell(script: string): Promise<string> {
  const { stdout } = await execute('bash', ['-o', 'pipefail', '-c', script], {
    maxBuffer: 512 * 1024 * 1024,
    env: { ...process.env, DOCKER_BUILDKIT: '1', LC_ALL: 'C.UTF-8' },
  });
  return stdout;
}
