// Room: ecosystems/python. `pipenv install --system`: what it installs is what Pipfile.lock lists, into the environment that Pipenv itself stands in.
// Sources: pipenv.pypa.io/en/latest/commands.html; /en/latest/docker.html. Tried with Pipenv 2021.5 to 2026: beside another environment on PATH,
// 2022.8 installs into its own.
import type { ShellCommand } from '../../dockerfile/types.ts';
import type { FileTree } from '../../context/types.ts';
import { refuse } from '../../refusal.ts';
import { normalName } from './names.ts';
import { pipInstall } from './pip-command.ts';
import type { PythonCase } from './split-case.ts';
import { invocation } from './words.ts';

const PLAIN = /^(?:--system|--deploy|--ignore-pipfile|--clear|--verbose|-v|--quiet|-q|--pre|--keep-outdated)$/;
export const PIPFILE_LOCK = /(?:^|\/)Pipfile\.lock$/;

/** An install of all that Pipfile.lock lists for production, into the Python that Pipenv runs with. */
export function pipenvSystem(command: ShellCommand): boolean {
  const started = invocation(command);
  const [verb, ...words] = started?.program === 'pipenv' ? started.args : [];
  const locked = verb === 'sync' || words.includes('--deploy') || words.includes('--ignore-pipfile');
  return (verb === 'install' || verb === 'sync') && locked && words.includes('--system') && words.every((word) => PLAIN.test(word));
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

/** The file installs with Pipenv. Refuses where Pipenv does not stand in the environment that it fills, or does more than that. */
export function usesPipenv(c: PythonCase): boolean {
  const parts = c.reading.runs.flatMap((run) => run.parts.map((part) => ({ run, part })));
  const own = parts.filter(({ part }) => pipenvSystem(part.command));
  const [first] = own;
  if (!first) return false;
  const at = first.run.instruction.start;
  const brought = parts.some(({ run, part }) => run.instruction.index <= first.run.instruction.index && bringsPipenv(part.command));
  if (!brought)
    refuse('package-manager-unsupported', 'Pipenv is not installed by pip in this file: which Python it installs into is not known', at, {
      allow: 'RUN pip install pipenv in front of it.',
    });
  if (c.run.wrappers.some(([program]) => program === 'pipenv') || c.run.needs.some(({ program }) => program === 'pipenv'))
    refuse('package-manager-unsupported', 'Pipenv is called when the container starts: it looks for an environment of its own', at, {
      allow: 'Write the program without pipenv run: pipenv install --system needs none.',
    });
  return true;
}

const bringsPipenv = (command: ShellCommand): boolean => pipInstall(command)?.named.some((spec) => /^pipenv\b/i.test(spec)) === true;

/** A command of Pipenv that does more than to install what is locked, as it is written. */
export const beyondPipenv = ({ reading }: PythonCase): string | undefined =>
  reading.runs
    .flatMap(({ parts }) => parts)
    .filter(({ command }) => invocation(command)?.program === 'pipenv' && !pipenvSystem(command))
    .map(({ command }) => command.words.map((word) => word.raw).join(' '))
    .find((told) => !/^pipenv (?:--version|--clear|verify)$/.test(told));
