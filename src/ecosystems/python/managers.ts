// Room: ecosystems/python. The package manager rows of Python: pip, poetry, uv, pipenv.
import type { ShellCommand } from '../../dockerfile/types.ts';
import type { CacheDir, CommandKind, PackageManager } from '../types.ts';
import { onlyRemoves } from './removals.ts';
import { uvSync } from './uv-command.ts';
import { uvVenv } from './uv-pip-command.ts';
import { installOf, MANIFEST_LIST, STANDARD_INPUT, pipArguments, pipInstall, uvPipInstall, type PipInstall } from './pip-command.ts';
import { pipenvSystem } from './pipenv.ts';
import { poetryArguments, poetryInstall } from './poetry-command.ts';
import { invocation, readArguments, type Arguments } from './words.ts';

export { pipInstall, uvPipInstall, poetryInstall };

const pipCache: CacheDir = {
  target: '~/.cache/pip',
  movedBy: [{ env: 'PIP_CACHE_DIR' }, { env: 'XDG_CACHE_HOME', suffix: '/pip' }],
  option: '--cache-dir',
  source: 'https://pip.pypa.io/en/stable/topics/caching/',
};

/** Poetry keeps its virtualenvs below the same parent: the parent itself is never a cache (config.py, virtualenvs.path). */
const poetryCaches: CacheDir[] = ['cache', 'artifacts'].map((part) => ({
  target: `~/.cache/pypoetry/${part}`,
  movedBy: [
    { env: 'POETRY_CACHE_DIR', suffix: `/${part}` },
    { env: 'XDG_CACHE_HOME', suffix: `/pypoetry/${part}` },
  ],
  source: 'https://python-poetry.org/docs/configuration/#cache-dir',
}));

const uvCache: CacheDir = {
  target: '~/.cache/uv',
  movedBy: [{ env: 'UV_CACHE_DIR' }, { env: 'XDG_CACHE_HOME', suffix: '/uv' }],
  option: '--cache-dir',
  source: 'https://docs.astral.sh/uv/concepts/cache/#cache-directory',
};

const pipenvCache: CacheDir = {
  target: '~/.cache/pipenv',
  movedBy: [{ env: 'PIPENV_CACHE_DIR' }, { env: 'XDG_CACHE_HOME', suffix: '/pipenv' }],
  source: 'https://pipenv.pypa.io/en/latest/configuration.html',
};

/** Any value but none, "false" as well: pip's cli/cmdoptions.py, _handle_no_cache_dir; an empty one is passed over (cli/parser.py). */
const pipNoCache = { name: 'PIP_NO_CACHE_DIR', when: (value: string): boolean => value !== '' };
/** A boolean as clap reads it (BoolishValueParser). Source: docs.astral.sh/uv/reference/environment. */
const uvNoCache = { name: 'UV_NO_CACHE', when: (value: string): boolean => !/^(|0|f|false|n|no|off)$/i.test(value) };

const pip: PackageManager = {
  id: 'pip',
  ecosystem: 'python',
  manual: 'https://pip.pypa.io/en/stable/cli/',
  programs: ['pip', 'pip3', 'python -m pip', 'pipx'],
  places: ['/usr/local', '~/.cache', '~/.local'],
  into: new Set(['-t', '--target', '--prefix', '--root']),
  elsewhere: (command) => !command.words.some((word) => /^(-t|--target|--prefix|--root)(=|$)/.test(word.value ?? word.raw)),
  intoEnvironment: (command) => pipInstall(command)?.project === true,
  manifests: ['requirements.txt', 'setup.py', 'setup.cfg', 'pyproject.toml'],
  lockfiles: [],
  classify: (command) => classifyPip(command),
  caches: [pipCache],
  // setup.py called by hand brings packages without pip's cache
  usesCache: (command) =>
    ['install', 'install-named', 'download', 'build'].includes(classifyPip(command) ?? 'other') &&
    (pipArguments(command) !== undefined || invocation(command)?.program === 'pipx'),
  settings: { files: /(^|\/)pip\.(conf|ini)$/, moves: /^\s*(no-)?cache-dir\s*=/m },
  cacheOff: [pipNoCache],
  // optparse takes an abbreviation
  cacheOffOptions: ['--no-cache-dir', '--no-cache'],
  clearsCache(command) {
    const read = pipArguments(command);
    if (read) return read.subcommand === 'cache' && (read.given.positional[0] === 'purge' || read.given.positional[0] === 'remove');
    return onlyRemoves(command, ['pip'], ['PIP_CACHE_DIR']);
  },
  offline: { options: ['--no-index'], env: [{ name: 'PIP_NO_INDEX' }] },
  readsManifests: (command) => pipInstall(command)?.requirements.some((file) => STANDARD_INPUT.test(file)) !== true,
  filesOf(command) {
    const read = pipInstall(command);
    return [...(read?.requirements ?? []), ...(read?.constraints ?? [])];
  },
  installsInto: { name: '.venv' },
};

const poetry: PackageManager = {
  id: 'poetry',
  ecosystem: 'python',
  manual: 'https://python-poetry.org/docs/cli/',
  programs: ['poetry'],
  places: ['/usr/local', '~/.cache', '~/.config'],
  inPlace: ['lock', 'export'],
  elsewhere: (command) => poetryArguments(command)?.subcommand.startsWith('self ') === true,
  manifests: ['pyproject.toml'],
  lockfiles: ['poetry.lock'],
  classify: (command) => classifyPoetry(command),
  caches: poetryCaches,
  usesCache: (command) =>
    ['install', 'sync', 'update', 'add', 'remove', 'lock', 'self add', 'self update'].includes(poetryArguments(command)?.subcommand ?? ''),
  cacheOff: [],
  cacheOffOptions: ['--no-cache'],
  clearsCache: (command) =>
    poetryArguments(command)?.subcommand === 'cache clear' ||
    onlyRemoves(command, ['pypoetry', 'pypoetry/cache', 'pypoetry/artifacts'], ['POETRY_CACHE_DIR']),
  readsManifests: true,
  installsInto: { name: '.venv' },
  withoutProject: '--no-root',
  // Source: python-poetry.org/docs/configuration (cache-dir, virtualenvs.in-project, "Local configuration")
  environment: {
    dir: '/root/.cache/pypoetry',
    variables: 'POETRY_VIRTUALENVS_',
    file: 'poetry.toml',
    setting: { name: 'virtualenvs.', dir: '/root/.config/pypoetry', inProject: 'virtualenvs.in-project', local: '--local' },
  },
};

const uv: PackageManager = {
  id: 'uv',
  ecosystem: 'python',
  manual: 'https://docs.astral.sh/uv/reference/cli/',
  programs: ['uv', 'uvx'],
  toolImages: ['astral-sh/uv'], // docs.astral.sh/uv, "Using uv in Docker"
  places: ['/usr/local', '~/.cache', '~/.local'],
  inPlace: ['lock', 'export'],
  effects: (call, kind) => (kind === 'other' ? uvVenv(call) : undefined),
  intoEnvironment: (command) => uvPipInstall(command)?.project === true,
  elsewhere: (command) => uvSubcommand(command)?.subcommand !== 'add',
  manifests: ['pyproject.toml'],
  lockfiles: ['uv.lock'],
  classify: (command) => classifyUv(command),
  caches: [uvCache],
  usesCache: (command) =>
    ['install', 'install-named', 'build', 'run'].includes(classifyUv(command) ?? 'other') || uvSubcommand(command)?.subcommand === 'lock',
  cacheOff: [uvNoCache],
  linksIntoCache: { option: '--link-mode', env: 'UV_LINK_MODE', value: 'symlink' },
  settings: { files: /(^|\/)uv\.toml$/, moves: /^\s*(cache-dir|no-cache)\s*=/m },
  cacheOffOptions: ['--no-cache', '--no-cache-dir', '-n'],
  clearsCache(command) {
    const kind = classifyUv(command);
    return kind === undefined ? onlyRemoves(command, ['uv'], ['UV_CACHE_DIR']) : kind === 'clean-cache';
  },
  offline: { options: ['--offline', '--no-index'], env: [{ name: 'UV_OFFLINE' }] },
  readsManifests: (command) => listsOf(uvPipInstall(command)).length > 0,
  ordered: (command) => uvSync(command) !== undefined,
  installsInto: { name: '.venv' },
  withoutProject: '--no-install-project',
  filesOf(command) {
    const read = uvPipInstall(command);
    return [...listsOf(read), ...(read?.constraints ?? [])];
  },
};
const listsOf = (read: PipInstall | undefined): string[] =>
  read?.requirements.some((file) => MANIFEST_LIST.test(file) || STANDARD_INPUT.test(file)) ? [] : (read?.requirements ?? []);

const pipenv: PackageManager = {
  id: 'pipenv',
  ecosystem: 'python',
  manual: 'https://pipenv.pypa.io/en/latest/commands.html',
  programs: ['pipenv'],
  places: ['/usr/local', '~/.cache', '~/.local'],
  manifests: ['Pipfile'],
  lockfiles: ['Pipfile.lock'],
  classify: (command) => classifyPipenv(command),
  caches: [pipenvCache, pipCache],
  usesCache: (command) => ['install', 'install-named', 'build'].includes(classifyPipenv(command) ?? 'other'),
  cacheOff: [pipNoCache],
  cacheOffOptions: [],
  clearsCache(command) {
    const read = pipenvArguments(command);
    if (read) return read.subcommand === undefined && read.given.options.some((option) => option.name === '--clear');
    return onlyRemoves(command, ['pipenv'], ['PIPENV_CACHE_DIR']);
  },
  offline: { env: [{ name: 'PIP_NO_INDEX' }] },
  readsManifests: pipenvSystem,
  filesOf: (command) => (pipenvSystem(command) ? ['Pipfile.lock'] : []),
  // `pipenv run` makes one even after `pipenv install --system`. Source: pipenv.pypa.io, "Virtual environment name"
  environment: { dir: '/root/.local/share/virtualenvs', variables: 'PIPENV_VENV_IN_PROJECT', file: '.venv' },
};

/** The rows, in the order in which a command is tried against them. */
export const pythonManagers: PackageManager[] = [pip, poetry, uv, pipenv];

function classifyPip(command: ShellCommand): CommandKind | undefined {
  const read = pipArguments(command);
  if (read === undefined) return classifyAround(command);
  if (read.subcommand === 'cache')
    return read.given.positional[0] === 'purge' || read.given.positional[0] === 'remove' ? 'clean-cache' : 'other';
  if (read.subcommand === 'install') return kindOfInstall(read.given);
  if (read.subcommand === 'download') return 'download';
  if (read.subcommand === 'wheel') return installOf(read.given).project ? 'build' : 'download';
  return 'other';
}

/** pipx, and a setup.py called by hand. */
function classifyAround(command: ShellCommand): CommandKind | undefined {
  const started = invocation(command);
  if (started?.program === 'pipx') return started.args[0] === 'install' ? 'install-named' : started.args[0] === 'run' ? 'run' : 'other';
  if (started?.program !== 'python') return undefined;
  const script = started.args.findIndex((word) => !word.startsWith('-'));
  if (!/(?:^|\/)setup\.py$/.test(started.args[script] ?? '')) return undefined;
  return started.args[script + 1] === 'test' ? 'test' : 'build';
}

function kindOfInstall(given: Arguments): CommandKind {
  const install = installOf(given);
  if (install.project) return 'build';
  if (install.requirements.length > 0 || install.groups.length > 0) return 'install';
  return install.named.length > 0 || install.editable.length > 0 ? 'install-named' : 'other';
}

const poetryKinds: ReadonlyMap<string, CommandKind> = new Map<string, CommandKind>([
  ['install', 'install'],
  ['sync', 'install'],
  ['update', 'install'],
  ['add', 'install-named'],
  ['self add', 'install-named'],
  ['self update', 'install-named'],
  ['self install', 'install-named'],
  ['build', 'build'],
  ['run', 'run'],
  ['shell', 'run'],
  ['cache clear', 'clean-cache'],
]);

function classifyPoetry(command: ShellCommand): CommandKind | undefined {
  const read = poetryArguments(command);
  return read && (poetryKinds.get(read.subcommand) ?? 'other');
}

const uvKinds: ReadonlyMap<string, CommandKind> = new Map<string, CommandKind>([
  ['sync', 'install'],
  ['add', 'install-named'],
  ['build', 'build'],
  ['run', 'run'],
  ['pip sync', 'install'],
  ['tool install', 'install-named'],
  ['tool run', 'run'],
  ['cache clean', 'clean-cache'],
  ['cache prune', 'clean-cache'],
]);
/** Source: https://docs.astral.sh/uv/reference/cli/#uv-sync */
const uvValued = new Set([
  '--cache-dir',
  '--config-file',
  '--directory',
  '--project',
  '--python',
  '-p',
  '--extra',
  '--group',
  '--no-group',
  '--only-group',
  '--package',
  '--index',
  '--default-index',
  '--with',
  '--env-file',
  '--color',
  '--link-mode',
  '--index-url',
  '--extra-index-url',
  '-i',
  '--find-links',
  '-f',
]);

function uvSubcommand(command: ShellCommand): { subcommand: string; given: Arguments } | undefined {
  const started = invocation(command);
  if (started?.program !== 'uv' && started?.program !== 'uvx') return undefined;
  const args = started.program === 'uvx' ? ['tool', 'run', ...started.args] : started.args;
  const given = readArguments(args, uvValued);
  const [first = '', second = ''] = given.positional;
  return { subcommand: ['pip', 'tool', 'cache', 'python', 'self'].includes(first) ? `${first} ${second}` : first, given };
}

function classifyUv(command: ShellCommand): CommandKind | undefined {
  const install = uvPipInstall(command);
  if (install)
    return install.project
      ? 'build'
      : install.requirements.length + install.groups.length > 0
        ? 'install'
        : install.named.length > 0
          ? 'install-named'
          : 'other';
  const read = uvSubcommand(command);
  return read && (uvKinds.get(read.subcommand) ?? 'other');
}

/** Source: https://pipenv.pypa.io/en/latest/commands.html */
const pipenvValued = new Set([
  '--python',
  '--pypi-mirror',
  '-r',
  '--requirements',
  '-e',
  '--editable',
  '-i',
  '--index',
  '--extra-pip-args',
  '--categories',
  '--venv-name',
]);

function pipenvArguments(command: ShellCommand): { subcommand: string | undefined; given: Arguments } | undefined {
  const started = invocation(command);
  if (started?.program !== 'pipenv') return undefined;
  const given = readArguments(started.args, pipenvValued);
  return { subcommand: given.positional[0], given: { options: given.options, positional: given.positional.slice(1) } };
}

function classifyPipenv(command: ShellCommand): CommandKind | undefined {
  const read = pipenvArguments(command);
  if (read === undefined) return undefined;
  if (read.subcommand === 'install')
    return installOf({
      options: read.given.options.map((o) => ({ ...o, name: o.name === '--requirements' ? '-r' : o.name })),
      positional: read.given.positional,
    }).project
      ? 'build'
      : read.given.positional.length > 0
        ? 'install-named'
        : 'install';
  if (read.subcommand === 'sync' || read.subcommand === 'update') return 'install';
  if (read.subcommand === 'run' || read.subcommand === 'shell') return 'run';
  if (read.subcommand === 'clean') return 'prune';
  if (read.subcommand === undefined && read.given.options.some((option) => option.name === '--clear')) return 'clean-cache';
  return 'other';
}
