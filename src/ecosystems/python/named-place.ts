// Room: ecosystems/python. `pip install --user`, `--target DIR`, `--prefix DIR`: the packages stand in a directory of their own, which the split
// carries as it is. Sources: pip.pypa.io/en/stable/cli/pip_install; docs.python.org/3/library/site, PYTHONUSERBASE.
import { inside, resolvePath } from '../../facts/copies.ts';
import { isRoot, type RunReading } from '../../facts/reading.ts';
import { refuse } from '../../refusal.ts';
import { bringsInstaller } from './own-environment.ts';
import { anyPipInstall } from './pip-command.ts';
import { IN_HOME } from './passed-by.ts';
import type { PythonCase } from './split-case.ts';

interface Place {
  run: RunReading;
  option: string;
  /** Undefined: computed, or in a home directory that is not known. */
  dir: string | undefined;
}

/** The directory that all packages go to, and who owns it; undefined: no option names one. Refuses where some go elsewhere. */
export function namedPlace(c: PythonCase, pipRuns: readonly RunReading[]): { path: string; owner: readonly string[] } | undefined {
  const installs = pipRuns.flatMap((run) =>
    run.parts.flatMap((part) => {
      const install = anyPipInstall(part.command);
      if (!install || (!install.place && bringsInstaller(part.command))) return [];
      return [{ run, part, place: install.place ?? ofUser(c, run) }];
    }),
  );
  const places = installs.flatMap(({ run, part, place }): Place[] =>
    place ? [{ run, option: place.option, dir: directoryOf(c, run, part, place) }] : [],
  );
  const [first] = places;
  if (!first) return undefined;
  const beside = installs.find(({ place }) => !place);
  const other = places.find(({ dir }) => dir !== first.dir);
  if (beside || other || first.dir === undefined)
    return refuse(
      'pip-user-install',
      first.dir === undefined && !beside
        ? `Where ${first.option === OF_USER ? 'pip' : `\`${first.option}\``} puts the packages${first.option === OF_USER ? ' of its user' : ''} cannot be told`
        : `Line ${(beside ?? other ?? first).run.instruction.line} installs elsewhere than \`${first.option}\` of line ${first.run.instruction.line} says: a virtual environment would not hold both`,
      first.run.instruction.start,
    );
  const { dir } = first;
  const covered = [c.workdir, '/usr/local/lib', '/usr/lib', '/bin', ...c.reading.copies.flatMap(({ dest }) => dest ?? [])].find((path) =>
    inside(path, dir),
  );
  if (covered !== undefined || inside(dir, '/usr/local/lib') || inside(dir, '/usr/lib'))
    refuse(
      'pip-user-install',
      `\`${first.option}\` puts the packages into ${dir}, where more than packages stands`,
      first.run.instruction.start,
    );
  const state = c.reading.before(first.run.instruction);
  return { path: dir, owner: isRoot(state) || !('value' in state.user) ? [] : [`--chown=${state.user.value}`] };
}

/** No option says so, and pip does. */
const OF_USER = '';

/**
 * pip installs into the user's own directory where that of the image is root's, as it does with `--user`. What is started by its path there stays
 * there. Source: pip.pypa.io/en/stable/news, 20.0.
 */
function ofUser({ reading, run, subject }: PythonCase, { instruction }: RunReading): { option: string; value: undefined } | undefined {
  const state = reading.before(instruction);
  if (isRoot(state) || 'unknown' in state.user) return undefined;
  const given = reading.runs.some(({ parts }) =>
    parts.some(({ effects: { does, own } }) => does.kind === 'own' && own.known.some(({ path }) => inside('/usr/local/lib', path))),
  );
  const texts = [
    ...[run.entrypoint, run.cmd, run.healthcheck].flatMap((one) => one?.logical.text ?? []),
    ...run.scripts.map(({ text }) => text),
    ...subject.project.uses().services.flatMap(({ command, entrypoint }) => [command ?? [], entrypoint ?? []].flat()),
  ];
  return !given && texts.some((text) => IN_HOME.test(text)) ? { option: OF_USER, value: undefined } : undefined;
}

function directoryOf(
  c: PythonCase,
  run: RunReading,
  { effects: { before } }: RunReading['parts'][number],
  { option, value }: { option: string; value: string | undefined },
): string | undefined {
  if (option === '--root' || option === '--python' || option === '-p') return undefined;
  if (option !== '--user' && option !== OF_USER)
    return value === undefined || value === '' || /[$`~*]/.test(value) ? undefined : resolvePath(before.cwd, value);
  const set = c.reading.shell(run.instruction).lookup('PYTHONUSERBASE');
  if (set !== undefined) return 'value' in set && set.value.startsWith('/') ? resolvePath('/', set.value) : undefined;
  const home = before.home ?? homeMade(c, run);
  return home === undefined ? undefined : resolvePath(home, '.local');
}

/** The home directory of a user that a RUN above makes; that of a user of the system is not told by its name. Sources: useradd(8), adduser(8), --system; busybox, adduser. */
function homeMade({ reading }: PythonCase, { instruction }: RunReading): string | undefined {
  const { user } = reading.before(instruction);
  const name = 'value' in user ? user.value.split(':')[0] : undefined;
  const made = reading.runs.flatMap(({ parts }) =>
    parts.flatMap(({ effects: { does, own, command } }) =>
      does.kind === 'users' && command.words.some(({ value }) => value === name)
        ? own.known.flatMap(({ path }) => {
            if (inside(path, '/etc')) return [];
            return path === '/home' && command.words.some(({ value }) => value === '--system') ? [undefined] : [path];
          })
        : [],
    ),
  );
  const homes = new Set(made.map((path) => (path === '/home' ? `/home/${name}` : path)));
  return homes.size === 1 ? [...homes][0] : undefined;
}
