// Room: ecosystems/python. What a pip command does. Source: https://pip.pypa.io/en/stable/cli/pip_install/ (pip 25).
import type { ShellCommand } from '../../dockerfile/types.ts';
import { invocation, readArguments, type Arguments } from './words.ts';

export interface PipInstall {
  /** Values of -r/--requirement, as written (relative to the working directory). */
  requirements: string[];
  /** Values of -c/--constraint. */
  constraints: string[];
  /** Requirements on the command line: `flask`, `uvicorn[standard]>=0.30`, `git+https://…`, also behind -e. */
  named: string[];
  /** Values of -e/--editable. */
  editable: string[];
  /** Paths to install from: `.`, `./lib[extra]`, `dist/x.whl`. */
  local: string[];
  /** True when it installs from a path (`.`, `./pkg`, `dist/x.whl`) or an editable one: it needs sources. */
  project: boolean;
  /** --user, --target, --prefix, --root or another --python: not into the environment in force. */
  place: { option: string; value: string | undefined } | undefined;
  /** Values of --group: dependency groups of pyproject.toml. */
  groups: string[];
  /** All other options as written, a separate value behind its option. */
  options: string[];
}

/** Options that take a value, global ones and those of install, download and wheel. */
const pipValued = new Set([
  ...[
    '-r',
    '--requirement',
    '-c',
    '--constraint',
    '-e',
    '--editable',
    '-t',
    '--target',
    '--platform',
    '--python-version',
    '--implementation',
    '--abi',
  ],
  ...[
    '--root',
    '--prefix',
    '--src',
    '-b',
    '--build',
    '--upgrade-strategy',
    '-C',
    '--config-settings',
    '--config-setting',
    '--global-option',
  ],
  ...['--install-option', '--build-option', '--no-binary', '--only-binary', '--progress-bar', '--root-user-action', '--report', '--group'],
  ...[
    '-i',
    '--index-url',
    '--pypi-url',
    '--extra-index-url',
    '-f',
    '--find-links',
    '--hash',
    '-d',
    '--dest',
    '-w',
    '--wheel-dir',
    '--build-constraint',
  ],
  ...[
    '--log',
    '--log-file',
    '--proxy',
    '--retries',
    '--timeout',
    '--default-timeout',
    '--exists-action',
    '--trusted-host',
    '--cert',
    '--client-cert',
  ],
  ...[
    '--cache-dir',
    '--python',
    '--keyring-provider',
    '--use-feature',
    '--use-deprecated',
    '--requirements-from-script',
    '--uploaded-prior-to',
  ],
  // uv pip: https://docs.astral.sh/uv/reference/cli/#uv-pip-install
  ...[
    '--extra',
    '--index',
    '--default-index',
    '--index-strategy',
    '--resolution',
    '--prerelease',
    '--link-mode',
    '--directory',
    '--project',
    '-p',
  ],
  ...[
    '--override',
    '--overrides',
    '--build-constraints',
    '--config-file',
    '--exclude-newer',
    '--refresh-package',
    '--python-platform',
    '-P',
    '--upgrade-package',
  ],
]);
const readHere: Readonly<Record<string, 'requirements' | 'constraints' | 'editable' | 'groups'>> = {
  '-r': 'requirements',
  '--requirement': 'requirements',
  '--requirements': 'requirements',
  '-c': 'constraints',
  '--constraint': 'constraints',
  '--constraints': 'constraints',
  '-e': 'editable',
  '--editable': 'editable',
  '--group': 'groups',
};
const elsewhere = new Set(['--user', '-t', '--target', '--prefix', '--root', '--python', '-p']);

/** The subcommand of a pip command and its arguments; undefined when it is not pip's. */
export function pipArguments(command: ShellCommand): { subcommand: string | undefined; given: Arguments } | undefined {
  const started = invocation(command);
  if (started?.program !== 'pip') return undefined;
  return splitSubcommand(started.args);
}

function splitSubcommand(args: readonly string[]): { subcommand: string | undefined; given: Arguments } {
  const given = readArguments(args, pipValued);
  const [subcommand, ...positional] = given.positional;
  return { subcommand, given: { options: given.options, positional } };
}

/** Reads `pip install …` (also `python -m pip install`, `pip3`). Undefined when the command is none. */
export function pipInstall(command: ShellCommand): PipInstall | undefined {
  const read = pipArguments(command);
  return read?.subcommand === 'install' ? installOf(read.given) : undefined;
}

/** Reads `uv pip install …` in the same shape, and `uv pip sync requirements.txt`. Source: https://docs.astral.sh/uv/reference/cli/#uv-pip-sync */
export function uvPipInstall(command: ShellCommand): PipInstall | undefined {
  const started = invocation(command);
  if (started?.program !== 'uv') return undefined;
  const at = started.args.indexOf('pip');
  if (at < 0 || started.args.slice(0, at).some((word) => !word.startsWith('-'))) return undefined;
  const read = splitSubcommand(started.args.slice(at + 1));
  if (read.subcommand === 'install') return installOf(read.given);
  if (read.subcommand !== 'sync') return undefined;
  return installOf({ options: [...read.given.options, ...read.given.positional.map(asRequirements)], positional: [] });
}
const asRequirements = (file: string): Arguments['options'][number] => ({ name: '-r', value: file, written: [file] });

/** An install of pip, by itself or by uv. */
export const anyPipInstall = (command: ShellCommand): PipInstall | undefined => pipInstall(command) ?? uvPipInstall(command);

/**
 * What `uv tool install ruff --with numpy` and `pipx install black` ask for. The value of an option that is not known here is taken for one
 * more: then nothing is known of it, and the image stays. Sources: docs.astral.sh/uv/reference/cli/#uv-tool-install; pipx.pypa.io, "pipx install".
 */
export function toolInstall(command: ShellCommand): string[] {
  const started = invocation(command);
  const args = started?.args ?? [];
  const isTool =
    (started?.program === 'uv' && args[0] === 'tool' && args[1] === 'install') || (started?.program === 'pipx' && args[0] === 'install');
  if (!isTool) return [];
  const words = args.slice(started?.program === 'uv' ? 2 : 1);
  return words.flatMap((word, n) => {
    const [option = '', value] = word.startsWith('-') ? word.split(/=(.*)/s) : ['', word];
    if (NO_PACKAGE.has(words[n - 1] ?? '') || (option !== '' && !WITH.has(option))) return [];
    return (value ?? '').split(',').filter(Boolean);
  });
}
const WITH: ReadonlySet<string> = new Set(['--with', '--from', '--with-editable', '--preinstall']);
const NO_PACKAGE: ReadonlySet<string> = new Set([
  '-p',
  '--python',
  '-i',
  '--index-url',
  '--index',
  '--default-index',
  '--suffix',
  '-c',
  '--constraints',
]);

/** A list that another command writes: `poetry export | pip install -r /dev/stdin`, `uv export | uv pip install -r -`. */
export const STANDARD_INPUT = /^(?:-|\/dev\/(?:stdin|fd\/\d+)|\/proc\/self\/fd\/\d+)$/;

/** Manifests of a project, which uv reads as lists of requirements: its dependencies, without the project. */
export const MANIFEST_LIST = /(?:^|\/)(?:pyproject\.toml|setup\.py|setup\.cfg)$/;

/** What install, download or wheel were asked for. */
export function installOf(given: Arguments): PipInstall {
  const install: PipInstall = {
    requirements: [],
    constraints: [],
    named: [],
    editable: [],
    local: [],
    project: false,
    place: undefined,
    groups: [],
    options: [],
  };
  for (const option of given.options) {
    const list = Object.hasOwn(readHere, option.name) ? readHere[option.name] : undefined;
    if (list !== undefined && option.value !== undefined) install[list].push(option.value);
    else {
      install.options.push(...option.written);
      if (elsewhere.has(option.name)) install.place ??= { option: option.name, value: option.value };
    }
  }
  for (const word of given.positional) {
    if (isLocalPath(word)) install.local.push(word);
    else install.named.push(word);
  }
  // an editable one of a repository is asked for as one that is named
  install.named.push(...install.editable.filter(isRemote));
  install.project = install.local.length > 0 || install.editable.some((value) => !isRemote(value));
  return install;
}

export const isRemote = (text: string): boolean => /^(?:(?:git|hg|svn|bzr)\+(?!file:)|https?:|ftp:)/i.test(text);

/**
 * True for what pip takes for a path: `.`, a slash outside of a URL, an archive's name, `file:`.
 * Source: pip, src/pip/_internal/req/constructors.py, _looks_like_path and is_archive_file.
 */
export function isLocalPath(text: string): boolean {
  const spec = text.trim();
  const at = spec.indexOf('@');
  if (at > 0 && /^[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?$/.test(spec.slice(0, at).replace(/\s+/g, ''))) {
    const url = spec.slice(at + 1).trim();
    return !isRemote(url) && (/^file:/i.test(url) || /^[.~/]/.test(url));
  }
  if (isRemote(spec)) return false;
  if (/^(?:file:|(?:git|hg|svn|bzr)\+file:)/i.test(spec)) return true;
  // A marker may hold slashes only inside quotes: what stands before it decides.
  const path = spec.split(';', 1)[0] ?? '';
  return (
    path.startsWith('.') ||
    path.startsWith('~') ||
    path.includes('/') ||
    /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar)(?:\[[^\]]*\])?$/i.test(path.trim())
  );
}
