// Room: effects/. What is known of programs, put together: the rows of the system and of every ecosystem, and its package managers by the kind of a command.
import type { ShellCommand, Word } from '../dockerfile/types.ts';
import type { CommandKind, EcosystemFacts, PackageManager } from '../ecosystems/types.ts';
import { oncePer } from '../once.ts';
import { knowledgeOf, type Knowledge } from './effects.ts';
import { HOME_UNKNOWN, anywhere, cleaned, joined, placeOf, placesOf, tree } from './places.ts';
import { systemRows } from './rows/index.ts';
import type { Call, Places, ShellState, Told } from './types.ts';
import { options } from './words.ts';
import { systemWrappers } from './wrappers.ts';

/** The rows of every ecosystem's package managers, in the order in which a command is tried against them. */
export const managersOf = oncePer((ecosystems: readonly EcosystemFacts[]) => ecosystems.flatMap((ecosystem) => ecosystem.managers));

/** The manager that a command is of. Kept with the command: its effects ask, and whoever reads the RUN. */
export const managedBy = oncePer((managers: readonly PackageManager[]) =>
  oncePer((command: ShellCommand): { manager: PackageManager; kind: CommandKind } | undefined => {
    for (const manager of managers) {
      const kind = manager.classify(command);
      if (kind !== undefined) return { manager, kind };
    }
    return undefined;
  }),
);

/** What a command of a package manager does: its own row's word, or what its kind tells. */
function told(managers: readonly PackageManager[], call: Call): Told | undefined {
  const { manager, kind } = managedBy(managers)(call.command) ?? {};
  return manager && kind && (manager.effects?.(call, kind) ?? ofKind(manager, kind, call));
}

/** What every command of a kind does: installs write the manager's places, builds and scripts are not read here. */
function ofKind(manager: PackageManager, kind: CommandKind, call: Call): Told {
  const does: Told['does'] = { kind: 'package', manager: manager.id, what: kind };
  const here: Places = call.state.cwd === undefined ? anywhere('in an unknown directory') : { known: [tree(call.state.cwd)] };
  const own = joined(placesNamed(manager, call.state), placesGiven(manager, call));
  const why = `by \`${manager.id}\``;
  switch (kind) {
    case 'install':
      return { does, writes: joined(own, here), reads: here };
    case 'install-named':
      return { does, writes: manager.elsewhere?.(call.command) ? own : joined(own, here), reads: named(call) };
    case 'download':
      return { does, writes: own, reads: manager.manifests.length > 0 ? here : { known: [] } };
    case 'prune':
      return manager.manifests.length === 0
        ? { does, writes: own, removes: own }
        : { does, writes: own, removes: joined(own, here), reads: here };
    case 'clean-cache':
      return { does: { kind: 'clean' }, removes: cachesNamed(manager, call.state) };
    case 'other':
      if (/^(uninstall|un|remove|rm|unlink|r)$/.test(call.args[0]?.value ?? ''))
        return { does, writes: own, removes: joined(own, here), reads: here };
      if (manager.inPlace?.includes(verbOf(call)))
        return manager.elsewhere?.(call.command)
          ? { does, writes: own, reads: named(call) }
          : { does, writes: joined(own, here, named(call)), reads: joined(here, named(call)) };
      return settings(call) ?? { does, writes: anywhere(why), reads: anywhere(why) };
    default:
      return {
        does,
        writes: joined(here, anywhere(why)),
        reads: joined(here, anywhere(why)),
        startsUnknown: `runs \`${manager.id}\`, and what the project makes it start is not known`,
        ...(kind === 'test' ? {} : { sources: manager.ecosystem }),
      };
  }
}

/** The first word that is no option: `tidy` is not, in `go mod tidy`; a toolchain is none (`cargo +nightly update`). */
const verbOf = ({ args }: Call): string => args.find((word) => !/^[-+]/.test(word.raw))?.value ?? '';

/** Settings and questions: `npm config set`, `poetry config`, `pip --version`. */
function settings({ args, name, state }: Call): Told | undefined {
  const words = args.map((word) => word.value ?? '');
  if (words.includes('config') || words.includes('set') || (words[0] === 'env' && words.some((word) => /^-[wu]$/.test(word)))) {
    // `npm pkg set`, `yarn set version`, `poetry config --local` change files of the project; `npm set KEY` is `npm config set KEY` (npm-config(1))
    const ofUser =
      ['config', 'env'].includes(words[0] ?? '') || (words[0] === 'set' && !['version', 'resolution'].includes(words[1] ?? ''));
    const here = !ofUser || words.some((word) => /^--local$|^--location=project$/.test(word));
    const cwd = state.cwd === undefined ? anywhere('in an unknown directory') : { known: [tree(state.cwd)] };
    const home = state.home === undefined ? anywhere(HOME_UNKNOWN) : { known: [tree(state.home)] };
    return { does: { kind: 'configure', tool: name }, writes: joined(home, here ? cwd : undefined), ...(here ? { reads: cwd } : {}) };
  }
  const asks = ['--version', '-v', '-V', 'version', '--help', 'env', 'list', 'ls', 'info', 'show', 'check', 'freeze', 'outdated', 'dir'];
  return words.some((word) => asks.includes(word) || (word === 'audit' && !words.includes('fix')))
    ? { does: { kind: 'nothing' } }
    : undefined;
}

/** What a command names beside packages: `./wheels`, `-r requirements.txt`, `/tmp/a.deb`. */
function named({ args, state }: Call): Places {
  const paths = args.filter((word: Word) => /^\.{0,2}\/|\.(txt|whl|deb|apk|tgz|gem)$|^\.$/.test(word.value ?? word.raw));
  const places = paths.map((word) => placeOf(word, state, true));
  return { known: places.flatMap((place) => place ?? []), ...(places.includes(undefined) ? { unknown: 'on a computed path' } : {}) };
}

function placesNamed(manager: PackageManager, state: ShellState): Places {
  if (!manager.places) return anywhere(`by \`${manager.id}\``);
  const home = manager.places.some((path) => path.startsWith('~')) && state.home === undefined;
  const known = manager.places.flatMap((path) =>
    path.startsWith('~') ? (state.home === undefined ? [] : [tree(state.home + path.slice(1))]) : [tree(path)],
  );
  return home ? { known, unknown: HOME_UNKNOWN } : { known };
}

/** The directories that an install is told to fill: `--prefix=/install`, `-t lib`. */
function placesGiven({ into }: PackageManager, { args, state }: Call): Places | undefined {
  if (into === undefined) return undefined;
  const given = options(args, into);
  return placesOf(
    [...into].flatMap((name) => given.value(name) ?? []),
    state,
    true,
  );
}

/** The directories of a manager's caches as the shell in force moves them. */
function cachesNamed({ caches }: PackageManager, state: ShellState): Places {
  const paths = caches.map(({ target, movedBy }) => {
    for (const { env, suffix = '' } of movedBy) {
      const value = state.lookup(env);
      if (value) return 'value' in value && value.value.startsWith('/') ? value.value + suffix : undefined;
    }
    return target.startsWith('~/') ? state.home && state.home + target.slice(1) : target.startsWith('/') ? target : undefined;
  });
  const known = paths.flatMap((path) => (path === undefined ? [] : [tree(cleaned(path))]));
  return paths.includes(undefined) ? { known, unknown: 'from a cache whose directory is computed' } : { known };
}

/** The one table that every question about a command goes to. Made once for a list of ecosystems. */
export const knowledgeWith = oncePer((ecosystems: readonly EcosystemFacts[]): Knowledge => {
  const managers = managersOf(ecosystems);
  return knowledgeOf({
    rows: [...systemRows, ...ecosystems.flatMap((ecosystem) => ecosystem.rows ?? [])],
    wrappers: [...systemWrappers, ...ecosystems.flatMap((ecosystem) => ecosystem.wrappers ?? [])],
    packages: (call) => told(managers, call),
    installers: ecosystems.flatMap((ecosystem) => ecosystem.installers ?? []),
  });
});
