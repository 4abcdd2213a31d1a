// Room: forge/. git as a program that reads no configuration but ours, runs no hook, asks nobody, and gets its token by the environment.
import { runForBytes, runProgram, type Ran } from '../../process/run.ts';
import { cutOff } from '../deadline.ts';
import { ForgeError } from '../types.ts';

export interface GitAccess {
  /** The environment of this process: an allow-list of it is passed on. */
  env: Readonly<Record<string, string | undefined>>;
  /** Sent to this origin (`https://host[:port]`) alone. */
  token: { origin: string; value: string } | undefined;
  /** `file`: paths as remotes too; for checkouts on this machine and tests. */
  protocols: 'network' | 'file';
  redact(text: string): string;
  /** Milliseconds for one command. */
  timeout: number;
  signal?: AbortSignal;
}

const passedOn = [
  ...['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'SYSTEMROOT', 'SSH_AUTH_SOCK', 'GIT_SSH_COMMAND'],
  ...['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'all_proxy', 'ALL_PROXY'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'GIT_SSL_CAINFO'],
];

/** The whole environment of git. Source of the variables: git(1), git-config(1). */
export function gitEnvironment({ env, token, protocols }: GitAccess): Record<string, string> {
  const config: [string, string][] = [
    ['core.hooksPath', '/dev/null'],
    ['credential.helper', ''],
    ['core.askPass', ''],
    ['core.fsmonitor', 'false'],
    ['core.symlinks', 'false'],
    ['core.attributesFile', '/dev/null'],
    ['submodule.recurse', 'false'],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['protocol.allow', 'never'],
    ['protocol.https.allow', 'always'],
    ['protocol.http.allow', 'always'],
    ['protocol.ssh.allow', 'always'],
    ['protocol.file.allow', protocols === 'file' ? 'always' : 'never'],
    // A header follows redirects; the repository's present name is asked for before.
    ['http.followRedirects', 'false'],
    ['push.recurseSubmodules', 'no'],
    ['advice.detachedHead', 'false'],
  ];
  if (token) {
    const basic = Buffer.from(`x-access-token:${token.value}`).toString('base64');
    config.push([`http.${token.origin}/.extraHeader`, `Authorization: Basic ${basic}`]);
  }
  const kept = passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_CONFIG_COUNT: String(config.length),
    ...Object.fromEntries(
      config.flatMap(([key, value], i) => [[`GIT_CONFIG_KEY_${i}`, key] as const, [`GIT_CONFIG_VALUE_${i}`, value] as const]),
    ),
  };
}

export interface GitCall {
  cwd?: string;
  input?: string | Uint8Array;
  /** Added to the environment. */
  env?: Readonly<Record<string, string>>;
  maxBytes?: number;
}

/** Runs git and answers its output as text; throws ForgeError when it fails. */
export async function git(access: GitAccess, args: readonly string[], call: GitCall = {}): Promise<string> {
  const ran = await runProgram('git', args, optionsOf(access, call));
  if (ran.code !== 0) throw failure(access, args, ran);
  return ran.stdout;
}

/** As `git`, with its output as bytes. */
export async function gitBytes(access: GitAccess, args: readonly string[], call: GitCall = {}): Promise<Uint8Array> {
  const ran = await runForBytes('git', args, { maxBytes: 512 * 1024 * 1024, ...optionsOf(access, call) });
  if (ran.code !== 0) throw failure(access, args, ran);
  return ran.bytes;
}

/** Why git failed; where it was cut off, that is thrown. */
function failure(access: GitAccess, args: readonly string[], ran: Ran): ForgeError {
  cutOff(access.signal)?.throwIfAborted();
  return gitError(access, args[0] ?? '', ran);
}

function optionsOf(access: GitAccess, { cwd, input, env, maxBytes }: GitCall): Parameters<typeof runProgram>[2] {
  const signal = cutOff(access.signal);
  return {
    env: { ...gitEnvironment(access), ...env },
    timeout: access.timeout,
    children: 'ended',
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? {} : { input }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** What git's words mean. Sources: git's transport-helper.c, remote.c, http.c, and what Gitea 1.26 answered. */
const meanings: readonly [RegExp, ConstructorParameters<typeof ForgeError>[0]][] = [
  [/stale info|\[rejected\]|fetch first|non-fast-forward|cannot lock ref|reference already exists/i, 'conflict'],
  [/archived|repository is read-only|is disabled/i, 'archived'],
  [/Authentication failed|could not read Username|HTTP 401|error: 401|Permission denied \(publickey/i, 'unauthorized'],
  [/protected branch|pre-receive hook declined|\[remote rejected\]/i, 'locked'],
  [/HTTP 403|error: 403/i, 'forbidden'],
  [/not found|does not exist|does not appear to be a git repository|error: 404/i, 'not-found'],
  [/couldn't find remote ref|not our ref/i, 'not-found'],
  [/error: 429|HTTP 429/i, 'rate-limited'],
  [/error: 5\d\d|HTTP 5\d\d/i, 'server'],
  [
    /Could not resolve|Failed to connect|Connection (?:refused|reset|timed out)|early EOF|RPC failed|unexpected disconnect|Empty reply/i,
    'network',
  ],
];

export function gitError({ redact }: GitAccess, command: string, ran: Ran): ForgeError {
  if (ran.stopped === 'not-found') return new ForgeError('unsupported', 'git is not installed', { retryable: false });
  if (ran.stopped === 'timeout') return new ForgeError('timeout', `git ${command} took too long`, { retryable: true });
  const said = `${ran.stderr}\n${ran.stdout}`;
  const kind = meanings.find(([shape]) => shape.test(said))?.[1] ?? (ran.stopped === undefined ? 'unprocessable' : 'network');
  const lines = ran.stderr.split('\n').filter((line) => /^(fatal|error|remote|!| !)/.test(line));
  const message = redact(
    (lines.length > 0 ? lines.slice(0, 3).join('; ') : `exit code ${ran.code}`).replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' '),
  );
  const retryable = kind === 'network' || kind === 'server' || kind === 'rate-limited';
  return new ForgeError(kind, `git ${command}: ${message.slice(0, 500)}`, { retryable });
}
