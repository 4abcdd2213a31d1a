// Room: ecosystems/python. `pipenv install --system`: what it installs is what Pipfile.lock lists, into the environment that Pipenv itself stands in.
// Sources: pipenv.pypa.io/en/latest/commands.html; /en/latest/docker.html. Tried with Pipenv 2021.5 to 2026: beside another environment on PATH,
// 2022.8 installs into its own.
import type { ShellCommand } from '../../dockerfile/types.ts';
import type { FileTree } from '../../context/types.ts';
import { normalName } from './names.ts';
import { invocation } from './words.ts';

const PLAIN = /^(?:--system|--deploy|--ignore-pipfile|--clear|--verbose|-v|--quiet|-q|--pre|--keep-outdated)$/;
export const PIPFILE_LOCK = /(?:^|\/)Pipfile\.lock$/;

/** An install of all that Pipfile.lock lists for production, into the Python that Pipenv runs with. Without --deploy, a lock that is out of date is written anew. */
export function pipenvSystem(command: ShellCommand): boolean {
  const started = invocation(command);
  const [verb, ...words] = started?.program === 'pipenv' ? started.args : [];
  return (verb === 'install' || verb === 'sync') && words.includes('--system') && words.every((word) => PLAIN.test(word));
}

/** Packages of Pipfile.lock for production; undefined: it cannot be read. */
export function lockedByPipenv(tree: FileTree, path: string): { name: string; version: string | undefined; local: boolean }[] | undefined {
  const read = tree.read(path);
  if (read.kind !== 'text') return undefined;
  let listed: unknown;
  try {
    listed = (JSON.parse(read.text) as { default?: unknown } | null)?.default;
  } catch {
    return undefined;
  }
  if (typeof listed !== 'object' || listed === null) return undefined;
  return Object.entries(listed as Record<string, unknown>).map(([name, entry]) => {
    const one = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    const version = typeof one.version === 'string' ? /^={2,3}\s*([\w.+!-]+)$/.exec(one.version)?.[1] : undefined;
    return { name: normalName(name), version, local: ['path', 'file', 'git', 'hg'].some((key) => key in one) };
  });
}
