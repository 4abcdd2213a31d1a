// Room: ecosystems/python. Whether the installs of Pipenv go into the environment that the split carries.
import type { ShellCommand } from '../../dockerfile/types.ts';
import { refuse } from '../../refusal.ts';
import { pipInstall } from './pip-command.ts';
import { pipenvSystem } from './pipenv.ts';
import type { PythonCase } from './split-case.ts';
import { invocation } from './words.ts';

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
