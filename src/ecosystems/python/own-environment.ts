// Room: ecosystems/python. A virtual environment that the Dockerfile makes itself: the split carries it as it is.
import type { ShellCommand } from '../../dockerfile/types.ts';
import { placeOf, within } from '../../effects/places.ts';
import type { Effects } from '../../effects/types.ts';
import { options } from '../../effects/words.ts';
import { refuse } from '../../refusal.ts';
import type { RunReading } from '../../facts/reading.ts';
import { anyPipInstall, uvPipInstall } from './pip-command.ts';
import { uvVenvs } from './uv-pip-command.ts';
import { apartModule } from './words.ts';
import type { PythonCase } from './split-case.ts';

/** The directories of the environments that a command makes. Sources: docs.python.org/3/library/venv.html; virtualenv.pypa.io; docs.astral.sh/uv, `uv venv`. */
export function environmentsMade({ program, command, before }: Effects): string[] {
  const byUv = uvVenvs(command, before);
  if (byUv) return byUv;
  const args = apartModule(command.words.slice(1));
  const module = /^python[\d.]*$/.test(program) ? args.findIndex((word) => word.value === '-m') : -1;
  const called = module === -1 ? program : (args[module + 1]?.value ?? '');
  if (called !== 'venv' && called !== 'virtualenv') return [];
  const { rest } = options(module === -1 ? args : args.slice(module + 2), new Set(['-p', '--python', '--prompt']));
  return rest.flatMap((word) => placeOf(word, before, true)?.path ?? []);
}

/** The environment of the file's own, where every install goes to it; undefined: it makes none. Refuses where some go elsewhere. */
export function ownEnvironment(c: PythonCase, pipRuns: readonly RunReading[]): string | undefined {
  const made = c.reading.runs.flatMap((run) =>
    run.parts.flatMap((part) => environmentsMade(part.effects).map((path) => ({ path, run, part }))),
  );
  const [only, ...others] = made;
  if (!only) return undefined;
  const elsewhere = pipRuns
    .flatMap((run) => run.parts.map((part) => ({ run, part })))
    .find(
      ({ run, part }) =>
        part.manager?.ecosystem === 'python' &&
        ['install', 'install-named', 'build'].includes(part.kind) &&
        !(part.command.start < only.part.command.start && bringsInstaller(part.command)) &&
        !into(c, run, part.command, only.path),
    );
  if (others.some((one) => one.path !== only.path) || elsewhere)
    refuse(
      'several-environments',
      elsewhere
        ? `Line ${elsewhere.run.instruction.line} installs outside of ${only.path}, the virtual environment that line ${only.run.instruction.line} makes`
        : `The file makes several virtual environments (${made.map((one) => one.path).join(', ')})`,
      only.run.instruction.start,
      { allow: 'Install everything into one environment.' },
    );
  if (only.part.command.words.some((word) => word.value === '--system-site-packages'))
    refuse('several-environments', `The environment ${only.path} also sees the packages of the image`, only.run.instruction.start, {
      allow: 'Make it without --system-site-packages.',
    });
  return only.path;
}

/** What installs, and is not asked for by what is installed. */
const INSTALLERS: ReadonlySet<string> = new Set(['pip', 'setuptools', 'wheel', 'virtualenv', 'pip-tools', 'pipenv', 'poetry', 'uv']);

/** `pip install --upgrade pip`, in front of the environment: the image's own Python gets no package that the container runs. */
export function bringsInstaller(command: ShellCommand): boolean {
  const install = anyPipInstall(command);
  if (!install || install.project || install.requirements.length > 0) return false;
  return install.named.every((text) => INSTALLERS.has(/^[\w.-]*/.exec(text)?.[0].toLowerCase() ?? ''));
}

/** An install goes into an environment by its own path, by PATH, or by `activate` before it. */
function into(c: PythonCase, run: RunReading, command: ShellCommand, path: string): boolean {
  if (anyPipInstall(command)?.place) return false;
  if (uvPipInstall(command)) return uvInto(c, run, command, path);
  const program = command.words.find((word) => !/^(?:exec|env|sudo|[A-Z_]+=.*)$/.test(word.value ?? word.raw))?.value ?? '';
  const shell = c.reading.shell(run.instruction);
  if (program.includes('/')) {
    const place = placeOf({ ...(command.words[0] as NonNullable<(typeof command.words)[0]>), raw: program, value: program }, shell, false);
    return place !== undefined && within(place.path, path);
  }
  const before = run.parts.filter((part) => part.command.start < command.start);
  if (before.some((part) => part.effects.reads.known.some((read) => read.path === `${path}/bin/activate`))) return true;
  const value = shell.lookup('PATH');
  return value !== undefined && 'value' in value && value.value.split(':')[0] === `${path}/bin`;
}

/** Source: docs.astral.sh/uv/pip/environments, "Discovery of Python environments": VIRTUAL_ENV, then `.venv` of the working directory; not with --system. */
function uvInto(c: PythonCase, run: RunReading, command: ShellCommand, path: string): boolean {
  const shell = c.reading.shell(run.instruction);
  const system = shell.lookup('UV_SYSTEM_PYTHON') ?? shell.lookup('UV_PYTHON');
  if (system !== undefined || command.words.some(({ value }) => value === '--system')) return false;
  const set = shell.lookup('VIRTUAL_ENV');
  const { cwd } = run.parts.find((part) => part.command === command)?.effects.before ?? {};
  return set === undefined ? path === `${cwd}/.venv` : 'value' in set && set.value === path;
}
