// Room: ecosystems/node. One call of npm, yarn, pnpm or bun, taken apart: which sub-command, which script, which program.
// Manuals: https://docs.npmjs.com/cli/v11/commands · https://classic.yarnpkg.com/en/docs/cli · https://yarnpkg.com/cli · https://pnpm.io/pnpm-cli · https://bun.com/docs/cli

export type ManagerId = 'npm' | 'yarn' | 'pnpm' | 'bun';
export interface Invocation {
  manager: ManagerId;
  /** The sub-command under its usual name: install, ci, add, run, exec, prune, cache, … */
  verb: string;
  /** What follows the sub-command, options left out. */
  operands: string[];
  options: string[];
  /** The script of package.json that it runs. */
  script: string | undefined;
  /** The program of a package that it runs, with its arguments (npx tsc, pnpm exec vite build). */
  bin: string[] | undefined;
  /** The directory that it works in, when an option says so (--prefix, --cwd, -C). */
  dir: string | undefined;
  /** It works in other packages of a workspace as well (--filter, -r, -w, workspaces foreach). */
  workspace: boolean;
}

const programs = new Map<string, { manager: ManagerId; verb?: string }>([
  ['npm', { manager: 'npm' }],
  ['npx', { manager: 'npm', verb: 'exec' }],
  ['yarn', { manager: 'yarn' }],
  ['yarnpkg', { manager: 'yarn' }],
  ['pnpm', { manager: 'pnpm' }],
  ['pnpx', { manager: 'pnpm', verb: 'dlx' }],
  ['bun', { manager: 'bun' }],
  ['bunx', { manager: 'bun', verb: 'x' }],
]);

/** Other names of sub-commands. Sources: npm `lib/utils/cmd-list.js`, `pnpm help`, `bun --help`. */
const aliases: Record<ManagerId, ReadonlyMap<string, string>> = {
  npm: new Map([
    ...['i', 'in', 'ins', 'inst', 'insta', 'instal', 'isnt', 'isnta', 'isntal', 'isntall', 'add'].map((name) => [name, 'install'] as const),
    ...['clean-install', 'ic', 'install-clean', 'isntall-clean'].map((name) => [name, 'ci'] as const),
    ...['run-script', 'rum', 'urn'].map((name) => [name, 'run'] as const),
    ...['t', 'tst'].map((name) => [name, 'test'] as const),
    ...['up', 'upgrade', 'udpate'].map((name) => [name, 'update'] as const),
    ['x', 'exec'],
    ['rb', 'rebuild'],
  ]),
  yarn: new Map([
    ['upgrade', 'update'],
    ['up', 'update'],
  ]),
  pnpm: new Map([
    ['i', 'install'],
    ['run-script', 'run'],
    ['t', 'test'],
    ['tst', 'test'],
    ['up', 'update'],
    ['upgrade', 'update'],
    ['rb', 'rebuild'],
  ]),
  bun: new Map([
    ['i', 'install'],
    ['a', 'add'],
    ['c', 'create'],
  ]),
};

/** Options that take the next word as their value, beyond `--x=y`. */
const valued = new Set([
  ...[
    '--prefix',
    '-C',
    '--dir',
    '--cwd',
    '-w',
    '--workspace',
    '--filter',
    '-F',
    '--filter-prod',
    '--loglevel',
    '--registry',
    '--cache',
    '--userconfig',
    '--tag',
  ],
  ...[
    '--omit',
    '--include',
    '--only',
    '--script-shell',
    '--location',
    '--cache-folder',
    '--modules-folder',
    '--global-folder',
    '--network-timeout',
    '--mutex',
  ],
  ...[
    '--network-concurrency',
    '--store-dir',
    '--reporter',
    '--virtual-store-dir',
    '--lockfile-dir',
    '--workspace-concurrency',
    '--backend',
    '--cache-dir',
    '--config',
    '--also',
    '--install-strategy',
    '--globalconfig',
    '--cpu',
    '--os',
    '--libc',
    '--fetch-timeout',
    '--fetch-retries',
    '--maxsockets',
    '--before',
    '--ca',
    '--cafile',
    '--https-proxy',
    '--proxy',
  ],
]);
/** True where the next word is the value of this option. */
export const takesValue = (manager: ManagerId, name: string): boolean =>
  valued.has(name === '-w' && manager !== 'npm' ? '' : name) && !(manager === 'npm' && name === '-r');
const directories = new Set(['--prefix', '-C', '--dir', '--cwd']);
const workspaceOptions = new Set(['-w', '--workspace', '--workspaces', '--ws', '-r', '--recursive', '--filter', '-F', '--filter-prod']);

/** Sub-commands that are no script and no program; for yarn, pnpm and bun any other word is one. */
const builtins: Record<ManagerId, ReadonlySet<string>> = {
  npm: new Set(),
  yarn: new Set(
    'access audit autoclean cache check config constraints create dedupe exec explain explore generate-lock-entry global help import info init install licenses link list login logout node npm outdated owner pack patch plugin policies publish rebuild remove run search self-update set stage tag team unlink unplug update version versions why workspace workspaces add dlx'.split(
      ' ',
    ),
  ),
  pnpm: new Set(
    'add audit bin cache config create dedupe deploy dlx doctor env exec fetch help import init install install-test it licenses link list ls outdated pack patch patch-commit prune publish rebuild recursive remove rm root run server setup start stop store test uninstall unlink update why approve-builds ignored-builds self-update'.split(
      ' ',
    ),
  ),
  bun: new Set(
    'add audit build create exec init install link outdated patch pm publish remove run test unlink update upgrade why x'.split(' '),
  ),
};

/** `corepack pnpm i` and `npx yarn i` are `pnpm i` and `yarn i`. Versions (`pnpm@9`) are left out. */
function managerWords(words: readonly string[]): string[] {
  const [first = '', second] = words;
  const program = first.slice(first.lastIndexOf('/') + 1);
  const bare = (second ?? '').replace(/@[^@]*$/, '');
  const wraps = program === 'corepack' || program === 'npx' || program === 'bunx' || program === 'pnpx';
  if (wraps && second === '-y') return managerWords([first, ...words.slice(2)]);
  return wraps && programs.has(bare) ? [bare, ...words.slice(2)] : [program, ...words.slice(1)];
}

/** Wrappers that start the rest of the words with the same meaning, and how many words they take. */
function wrapperLength(words: readonly string[]): number {
  const name = (words[0] ?? '').replace(/^.*\//, '');
  const skip = (from: number, test: (word: string) => boolean): number => {
    let at = from;
    while (at < words.length && test(words[at] ?? '')) at += 1;
    return at;
  };
  const assignment = (word: string): boolean => /^[A-Za-z_]\w*=/.test(word);
  if (name === 'env' || name === 'cross-env' || name === 'cross-env-shell')
    return skip(1, (word) => assignment(word) || word.startsWith('-'));
  if (
    name === 'exec' ||
    name === 'command' ||
    name === 'time' ||
    name === 'nohup' ||
    name === 'sudo' ||
    name === 'dumb-init' ||
    name === 'tini'
  )
    return skip(1, (word) => word.startsWith('-') || (name === 'sudo' && assignment(word)));
  if (name === 'timeout') return Math.min(words.length, skip(1, (word) => word.startsWith('-')) + 1);
  if (name === 'dotenv' || name === 'dotenvx') return words.includes('--') ? words.indexOf('--') + 1 : 0;
  return 0;
}

/** The words without wrappers in front (`env X=1`, `cross-env X=1`, `exec`, `timeout 60`, `dotenv --`). */
export function unwrapped(words: readonly string[]): string[] {
  let rest = [...words];
  for (let length = wrapperLength(rest); length > 0; length = wrapperLength(rest)) rest = rest.slice(length);
  return rest;
}

/** Takes a command apart. Undefined when it is no call of a Node package manager. */
export function invocation(given: readonly string[]): Invocation | undefined {
  const words = managerWords(unwrapped(given));
  const program = programs.get(words[0] ?? '');
  if (program === undefined) return undefined;
  const call: Invocation = {
    manager: program.manager,
    verb: program.verb ?? '',
    operands: [],
    options: [],
    script: undefined,
    bin: undefined,
    dir: undefined,
    workspace: false,
  };
  const rest = words.slice(1);
  const at = program.verb === undefined ? options(call, rest, 0) : 0;
  return program.verb === undefined ? withVerb(call, rest.slice(at)) : withProgram(call, rest);
}

/** Reads the options at `from` into the call; answers where the first other word stands. */
function options(call: Invocation, words: readonly string[], from: number): number {
  let at = from;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '--') break;
    call.options.push(word);
    const [name = '', inline] = word.split(/=(.*)/s);
    const takes = inline === undefined && takesValue(call.manager, name);
    const value = takes ? words[(at += 1)] : inline;
    if (takes && value !== undefined) call.options.push(value);
    if (directories.has(name)) call.dir = value;
    if (workspaceOptions.has(name)) call.workspace = true;
  }
  return at;
}

function withVerb(call: Invocation, words: readonly string[]): Invocation {
  const [raw, ...rest] = words;
  if (raw === undefined) return { ...call, verb: call.manager === 'yarn' ? 'install' : 'help' };
  call.verb = aliases[call.manager].get(raw) ?? raw;
  if (call.manager === 'yarn' && raw === 'workspace') return nested({ ...call, workspace: true }, rest.slice(1));
  if (call.manager === 'yarn' && raw === 'workspaces') return foreach({ ...call, workspace: true }, rest);
  if (call.manager === 'pnpm' && raw === 'recursive') return nested({ ...call, workspace: true }, rest);
  if (call.verb === 'run') return withScript(call, rest);
  if (call.verb === 'exec' || call.verb === 'dlx' || call.verb === 'x') return withProgram(call, rest);
  const { operands } = split(call, rest);
  const operandsFrom = { ...call, operands };
  if (['test', 'start', 'stop', 'restart'].includes(call.verb) && call.manager !== 'bun')
    return { ...operandsFrom, script: call.verb, verb: 'run' };
  if (call.manager === 'npm' || builtins[call.manager].has(call.verb)) return operandsFrom;
  return /\.[cm]?[jt]sx?$/.test(raw)
    ? { ...operandsFrom, verb: 'exec', bin: [call.manager === 'bun' ? 'bun' : 'node', ...words] }
    : { ...operandsFrom, verb: 'run', script: raw };
}

const nested = (call: Invocation, words: readonly string[]): Invocation => {
  const inner = withVerb({ ...call, verb: '' }, words);
  return { ...inner, workspace: true };
};

/** `yarn workspaces foreach -A run build`, `yarn workspaces focus --production`. */
function foreach(call: Invocation, words: readonly string[]): Invocation {
  if (words[0] === 'focus') {
    const { operands } = split(call, words.slice(1));
    return { ...call, operands, verb: 'focus' };
  }
  if (words[0] !== 'foreach' && words[0] !== 'run') return { ...call, operands: split(call, words).operands, verb: 'workspaces' };
  if (words[0] === 'run') return { ...withScript(call, words.slice(1)), workspace: true };
  const at = words.findIndex((word, index) => index > 0 && !word.startsWith('-'));
  return at < 0 ? { ...call, verb: 'workspaces' } : nested(call, words.slice(at));
}

function split(call: Invocation, words: readonly string[]): Pick<Invocation, 'operands'> {
  const operands: string[] = [];
  for (let at = options(call, words, 0); at < words.length; at = options(call, words, at + 1)) operands.push(words[at] ?? '');
  return { operands: operands.filter((word) => word !== '--') };
}

function withScript(call: Invocation, words: readonly string[]): Invocation {
  const at = options(call, words, 0);
  const script = words[at];
  // bun and yarn run programs and files with `run` as well.
  if (script !== undefined && /^\.?\/|\.[cm]?[jt]sx?$/.test(script))
    return { ...call, verb: 'exec', bin: [call.manager === 'bun' ? 'bun' : 'node', ...words.slice(at)] };
  // npm reads its own options behind the script's name as well, up to `--`. Source: npm docs, npm-run
  if (call.manager !== 'npm') return { ...call, verb: 'run', script, operands: words.slice(at + 1) };
  const rest = words.slice(at + 1);
  const end = rest.includes('--') ? rest.indexOf('--') : rest.length;
  const { operands } = split(call, rest.slice(0, end));
  return { ...call, verb: 'run', script, operands: [...operands, ...rest.slice(end)] };
}

function withProgram(call: Invocation, words: readonly string[]): Invocation {
  let at = 0;
  while (at < words.length && (words[at] ?? '').startsWith('-')) {
    const word = words[at] ?? '';
    call.options.push(word);
    // `npx -p typescript tsc`: the package, then the program.
    at += word === '-p' || word === '--package' ? 2 : 1;
    if (word === '--') break;
  }
  const [program, ...rest] = words.slice(at);
  const bare = program?.replace(/(?<=.)@[^@/]*$/, '');
  return {
    ...call,
    verb: call.verb === 'dlx' ? 'dlx' : 'exec',
    bin: bare === undefined ? undefined : [bare, ...rest],
    operands: [...rest],
  };
}
