// test/e2e: the docker command line: whatever `docker` is on PATH, argument arrays, no shell. Everything made carries the run's label and is found by it again.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { removeCacheMounts } from '../../src/verify/engine/cache-mounts.ts';
import { findEngine } from '../../src/verify/engine/engine.ts';
import { EngineError } from '../../src/verify/types.ts';

export const LABEL = 'dockerfile-mod.e2e';

export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

const running = new Set<ChildProcess>();

/** Runs a program to its end. `code` is 127 when it cannot be started, 124 when `timeout` (milliseconds) has passed. */
export function run(
  program: string,
  args: string[],
  options: { cwd?: string; timeout?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Output> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? { ...process.env, DOCKER_BUILDKIT: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        child.kill();
      },
      options.timeout ?? 20 * 60_000,
    );
    const finish = (code: number): void => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, stdout, stderr });
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => {
      stderr += error.message;
      finish(127);
    });
    child.on('close', (code) => finish(timedOut ? 124 : (code ?? 1)));
  });
}

let stopped = false;

/** Ends what is being waited for, and lets nothing new begin; used when the run is interrupted. */
export function stop(): void {
  stopped = true;
  for (const child of running) child.kill();
}

/** The standard output of `docker …`, trimmed. Throws with docker's last words when it fails. */
export async function docker(...args: string[]): Promise<string> {
  if (stopped) throw new Error('interrupted');
  const { code, stdout, stderr } = await run('docker', args);
  if (code !== 0) throw new Error(`docker ${args[0]} failed:\n${stderr.trim().split('\n').slice(-25).join('\n') || `exit code ${code}`}`);
  return stdout.trim();
}

/** Why there is nothing to build with, in a sentence; undefined when a daemon answers and the client can build with BuildKit. */
export async function whyNoDocker(): Promise<string | undefined> {
  try {
    await findEngine('docker', process.env, new AbortController().signal);
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}

/** Brings a base image unless it is here, so that no build is measured with a download of its base. Returns what went wrong. */
export async function ensureImage(image: string): Promise<string | undefined> {
  const present = await run('docker', ['image', 'inspect', image]);
  if (present.code === 0) return undefined;
  const pulled = await run('docker', ['pull', '--quiet', image]);
  return pulled.code === 0 ? undefined : `base image ${image} cannot be had: ${pulled.stderr.trim().split('\n').at(-1)}`;
}

/** The paths in an image's file system, as tar lists them. */
export async function listFiles(image: string, runId: string): Promise<string[]> {
  // An image without CMD needs some command to be created; it is never started.
  const container = await docker('create', '--label', `${LABEL}=${runId}`, image, 'none');
  const from = spawn('docker', ['export', container], { stdio: ['ignore', 'pipe', 'ignore'] });
  const tar = spawn('tar', ['-tf', '-'], { stdio: [from.stdout, 'pipe', 'ignore'] });
  const files: string[] = [];
  for await (const line of createInterface({ input: tar.stdout })) files.push(line.replace(/^\.\//, ''));
  await docker('rm', '--force', container);
  if (files.length === 0) throw new Error(`the files of ${image} could not be listed`);
  return files;
}

/** Removes the containers, images and cache mounts that the run made, and nothing else. */
export async function cleanUp(runId: string): Promise<void> {
  const filter = `label=${LABEL}=${runId}`;
  const containers = await run('docker', ['ps', '--all', '--quiet', '--filter', filter]);
  const ids = containers.stdout.split(/\s+/).filter(Boolean);
  if (ids.length > 0) await run('docker', ['rm', '--force', '--volumes', ...ids]);
  const images = await run('docker', ['images', '--quiet', '--filter', filter]);
  const made = [...new Set(images.stdout.split(/\s+/).filter(Boolean))];
  if (made.length > 0) await run('docker', ['rmi', '--force', ...made]);
  await removeCacheMounts(await findEngine('docker', process.env, new AbortController().signal), runId);
}
