// Room: verify/run/. One container from its creation to its removal: limits, ports on the loopback address alone, what it said and did.
import { readFile } from 'node:fs/promises';
import { failure } from '../engine/problems.ts';
import { EngineError, type ImageConfig, type Output, type Session } from '../types.ts';

/** How an image is started. */
export interface Start {
  image: string;
  /** Ports of the container, each published on a free port of 127.0.0.1. */
  ports?: readonly number[];
  /** `NAME=value` */
  env?: readonly string[];
  /** Takes the place of ENTRYPOINT and CMD. */
  command?: readonly string[];
  /** Looked at for its HEALTHCHECK, whose test is then run every second. */
  config?: ImageConfig;
}
/** What `container inspect` says; the same names in Docker, podman and nerdctl. */
export interface State {
  id: string;
  running: boolean;
  exitCode: number | undefined;
  /** Its first process as the host sees it; 0 when there is none. */
  pid: number;
  /** Addresses in the container's networks. */
  addresses: readonly string[];
  health: { status: string; log: readonly { code: number; output: string }[] } | undefined;
  killedForMemory: boolean;
}
/** A container that runs or has run; `refused` when the engine could not start its command. */
export type Started = { id: string; refused: undefined } | { id: string | undefined; refused: { code: number; message: string } };

/**
 * Creates and starts a container, hands it to `use`, and removes it with its volumes, whatever happens. A command that
 * cannot be started (it is not there, it is of another architecture, there is none) is how the image behaves, and is
 * handed over as `refused`; an engine that fails otherwise throws an EngineError.
 */
export async function withContainer<T>(session: Session, start: Start, use: (started: Started) => Promise<T>): Promise<T> {
  const created = await create(session, start);
  if (created.refused !== undefined || created.id === undefined) return use(created);
  const { id } = created;
  try {
    const ran = await session.engine.run(['start', id], { signal: session.signal });
    if (ran.code === 0) return await use({ id, refused: undefined });
    stopWhenInterrupted(session);
    const state = await stateOf(session, id);
    const message = ran.stderr.trim();
    if (!cannotStart.test(message)) throw failure(ran, { task: 'ask', what: 'starting a container', engine: session.engine.name });
    // 126 and 127 are what `docker run` ends with: https://docs.docker.com/engine/containers/run/#exit-status
    const code = state.exitCode === 126 || state.exitCode === 127 ? state.exitCode : /permission denied/i.test(message) ? 126 : 127;
    return await use({ id, refused: { code, message } });
  } finally {
    // By a signal of its own: an interrupted run tidies up, too.
    await session.engine.run(['rm', '--force', '--volumes', id], { timeout: 60_000, signal: new AbortController().signal });
  }
}
const cannotStart = /OCI runtime|runc|crun|exec format|executable file|permission denied|no such file or directory|not found/i;
const noCommand = /no command (?:or entrypoint )?(?:was )?(?:specified|provided)/i;

async function create(session: Session, start: Start): Promise<Started> {
  const { image, ports = [], env = [], command = [], config } = start;
  const [program, ...words] = command;
  const args = [
    'create',
    '--pull=never',
    ...session.labels,
    ...limitsOf(session),
    ...ports.flatMap((port) => ['--publish', `127.0.0.1::${port}`]),
    ...env.flatMap((setting) => ['--env', setting]),
    ...(config && healthTest(config) !== undefined && session.engine.name !== 'nerdctl' ? quickHealth : []),
    ...(program === undefined ? [] : ['--entrypoint', program]),
    image,
    ...words,
  ];
  const ran = await session.engine.run(args, { signal: session.signal });
  const id = ran.stdout.trim().split('\n').at(-1) ?? '';
  if (ran.code === 0 && id !== '') return { id, refused: undefined };
  stopWhenInterrupted(session);
  const message = ran.stderr.trim();
  if (noCommand.test(message)) return { id: undefined, refused: { code: 125, message } };
  throw failure(ran, { task: 'ask', what: `making a container of ${image}`, engine: session.engine.name });
}

/** The image's own test, asked more often: from its first second on, until it passes. Shortest start period that the engine takes: 1 ms. */
const quickHealth = ['--health-interval', '1s', '--health-start-period', '1ms'];

function limitsOf({ limits }: Session): string[] {
  return ['--memory', limits.memory, '--cpus', limits.cpus, '--pids-limit', String(limits.pids)];
}

/** The words of the HEALTHCHECK's test (`['CMD-SHELL', '…']`); undefined when there is none, or it is switched off. */
export function healthTest(config: ImageConfig): readonly string[] | undefined {
  const test = config.healthcheck?.['Test'];
  if (!Array.isArray(test) || test.length === 0 || test[0] === 'NONE') return undefined;
  return test.map(String);
}

/** Throws when the session was interrupted. */
export function stopWhenInterrupted(session: Session): void {
  if (!session.signal.aborted) return;
  throw new EngineError({ kind: 'interrupted', message: 'interrupted', hint: undefined, log: '' });
}

interface Inspected {
  Id: string;
  State?: {
    Running?: boolean;
    ExitCode?: number;
    Pid?: number;
    OOMKilled?: boolean;
    Health?: { Status?: string; Log?: { ExitCode?: number; Output?: string }[] | null } | null;
    Healthcheck?: { Status?: string; Log?: { ExitCode?: number; Output?: string }[] | null } | null;
  };
  NetworkSettings?: { IPAddress?: string; Networks?: Record<string, { IPAddress?: string; GlobalIPv6Address?: string } | null> | null };
}

/** What the engine says of a container now. */
export async function stateOf(session: Session, id: string): Promise<State> {
  const text = await session.engine.ask(['container', 'inspect', id], { signal: session.signal });
  const [inspected] = JSON.parse(text) as Inspected[];
  const { State: state = {}, NetworkSettings: network = {} } = inspected ?? {};
  const health = state.Health ?? state.Healthcheck;
  const networks = Object.values(network.Networks ?? {});
  return {
    id: inspected?.Id ?? id,
    running: state.Running === true,
    exitCode: state.Running === true ? undefined : state.ExitCode,
    pid: state.Pid ?? 0,
    addresses: [network.IPAddress, ...networks.flatMap((one) => [one?.IPAddress, one?.GlobalIPv6Address])].filter(
      (one) => one !== undefined && one !== '',
    ) as string[],
    health: health?.Status
      ? { status: health.Status, log: (health.Log ?? []).map((one) => ({ code: one.ExitCode ?? 0, output: one.Output ?? '' })) }
      : undefined,
    killedForMemory: state.OOMKilled === true,
  };
}

/** Where a published port of the container is reached: `127.0.0.1:49153`; undefined when it is not. */
export async function addressOf(session: Session, id: string, port: number): Promise<string | undefined> {
  const ran = await session.engine.run(['port', id, `${port}/tcp`], { signal: session.signal });
  return /^127\.0\.0\.1:\d+$/m.exec(ran.stdout)?.[0];
}

/** What it has written to its two streams; the end of it when it is more than 4 MiB. */
export async function logsOf(session: Session, id: string): Promise<Pick<Output, 'stdout' | 'stderr'>> {
  const options = { signal: session.signal, maxBytes: 4 * 1024 * 1024 };
  const whole = await session.engine.run(['logs', id], options);
  if (whole.stopped !== 'too-much-output') return { stdout: whole.stdout, stderr: whole.stderr };
  const { stdout, stderr } = await session.engine.run(['logs', '--tail', '2000', id], options);
  return { stdout, stderr };
}

/** User ids of its processes, as the host sees them; none when the engine does not tell. */
export async function uidsOf(session: Session, state: State): Promise<string[]> {
  const columns = session.engine.name === 'podman' ? ['user'] : ['-eo', 'uid,pid'];
  const ran = await session.engine.run(['top', state.id, ...columns], { signal: session.signal });
  const listed = ran.stdout
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/)[0] ?? '');
  const uids = ran.code === 0 ? listed.filter(Boolean) : await uidOfPid(state.pid);
  return [...new Set(uids)].sort();
}

async function uidOfPid(pid: number): Promise<string[]> {
  if (pid === 0 || process.platform !== 'linux') return [];
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
  return uid === undefined ? [] : [uid];
}

/** Files that it added or changed outside of its volumes: what `diff` lists, without the directories above them. Undefined: the engine does not say. */
export async function writtenBy(session: Session, id: string): Promise<string[] | undefined> {
  const ran = await session.engine.run(['diff', id], { signal: session.signal });
  return ran.code === 0 ? writtenFiles(ran.stdout) : undefined;
}

/** Reads `docker diff`: `A path`, `C path`, `D path`; a path that stands above another one is a directory. */
export function writtenFiles(diff: string): string[] {
  const paths = diff.split('\n').flatMap((line) => /^[AC] (\/.*)$/.exec(line)?.[1] ?? []);
  const above = new Set(diff.split('\n').flatMap((line) => /^[ACD] (\/.*)\/[^/]*$/.exec(line)?.[1] ?? []));
  return paths.filter((path) => !above.has(path)).sort();
}
