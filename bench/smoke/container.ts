// Images and containers of the smoke test, by the engine's own command line.
import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Mounts } from './types.ts';

export interface Ran {
  code: number | null;
  output: string;
}

/** Runs the engine to its end; the output is both streams. */
export function docker(args: readonly string[], seconds = 120): Ran {
  const { status, stdout, stderr } = spawnSync('docker', args, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    timeout: seconds * 1000,
    env: { ...process.env, DOCKER_BUILDKIT: '1' },
  });
  return { code: status, output: `${stdout}${stderr}` };
}

export interface Built {
  /** The last lines of a build that failed. */
  failed: string | undefined;
  size: number;
  seconds: number;
}

/** `docker build` as a person does it, in the directory of the context. */
export function build(tag: string, dockerfile: string, context: string): Built {
  const at = performance.now();
  const { code, output } = docker(['build', '--progress', 'plain', '--tag', tag, '--file', dockerfile, context], 2400);
  const seconds = (performance.now() - at) / 1000;
  if (code !== 0) return { failed: output.trim().split('\n').slice(-12).join('\n'), size: 0, seconds };
  return { failed: undefined, size: Number(docker(['image', 'inspect', '--format', '{{.Size}}', tag]).output), seconds };
}

/** Directories of this machine that are mounted into a container; `remove` takes them away. */
export interface Mounted {
  flags: string[];
  text(file: string): string;
  remove(): void;
}

/** In: what to mount, and the tree of the repository. The owner is the first user of a machine, as where a person works. */
export function mounted(mounts: Mounts | undefined, tree: string): Mounted {
  const place = mkdtempSync(join(tmpdir(), 'dockerfile-mod-smoke-mount-'));
  const flags: string[] = [];
  for (const [i, [path, files]] of Object.entries(mounts ?? {}).entries()) {
    const directory = join(place, `${i}`);
    mkdirSync(directory);
    const from = files['from'];
    if (from !== undefined) cpSync(join(tree, from), directory, { recursive: true });
    else
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), text);
      }
    if (process.getuid?.() === 0)
      for (const one of ['.', ...readdirSync(directory, { recursive: true }).map(String)]) chownSync(join(directory, one), 1000, 1000);
    flags.push('--volume', `${directory}:${path}`);
  }
  return {
    flags,
    text: (file) => {
      try {
        return readFileSync(join(place, '0', file), 'utf8');
      } catch {
        return '(no such file)';
      }
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}

export const environment = (env: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
