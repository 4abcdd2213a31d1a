// A repository to run in, and the command line in this process with the stand-in for the library.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { Core } from '../../src/checkout/types.ts';
import type { ExitCode, World } from '../../src/cli/world.ts';
import { standIn } from './stand-in.ts';

export interface Scratch {
  root: string;
  write(path: string, text: string | Uint8Array, mode?: number): void;
  link(path: string, target: string): void;
  read(path: string): string;
  /** Every file with its text, links as `-> target`; for "nothing was touched". */
  all(): Record<string, string>;
  run(
    args: readonly string[],
    more?: Partial<World> & { input?: string | Uint8Array; tty?: true },
  ): Promise<{ code: ExitCode; out: string; err: string }>;
}

/** A new directory with these files; with `.git` it is a repository. It is gone after the test. */
export function scratch(files: Record<string, string | Uint8Array> = {}, core: Core = standIn): Scratch {
  const root = realpathSync.native(mkdtempSync(join(tmpdir(), 'dockerfile-mod-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write: Scratch['write'] = (path, text, mode) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    if (mode !== undefined) chmodSync(join(root, path), mode);
  };
  for (const [path, text] of Object.entries(files)) {
    if (path.endsWith('/')) mkdirSync(join(root, path), { recursive: true });
    else write(path, text);
  }
  return {
    root,
    write,
    link: (path, target) => symlinkSync(target, join(root, path)),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    all: () => allFiles(root),
    run: async (args, more = {}) => {
      let [out, err] = ['', ''];
      const { input = '', tty, ...world } = more;
      const code = await run(args, {
        cwd: root,
        env: {},
        stdin: (async function* () {
          yield input;
        })(),
        stdout: { write: (text: string) => (out += text), isTTY: tty },
        stderr: { write: (text: string) => (err += text), isTTY: tty },
        version: '1.2.3',
        core: () => Promise.resolve(core),
        ...world,
      });
      return { code, out, err };
    },
  };
}

function allFiles(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    const at = join(entry.parentPath, entry.name);
    if (entry.isFile()) found[at.slice(root.length + 1)] = readFileSync(at, 'latin1');
    else if (entry.isSymbolicLink()) found[at.slice(root.length + 1)] = existsSync(at) ? `-> ${realpathSync.native(at)}` : '-> nothing';
  }
  return found;
}

export const node = 'FROM node:22\nCMD ["node", "a.js"]\n';
export const slim = 'FROM node:22-slim\nCMD ["node", "a.js"]\n';
