// Room: verify/engine/. The container engine: the command line on PATH, whether it answers, and whether it builds with BuildKit.
import { streamProgram } from '../../process/stream.ts';
import { runProgram, type Ran, type RunOptions } from '../../process/run.ts';
import { buildkitHints, failure, reachHints, unusableEngine } from './problems.ts';
import { EngineError, type Engine, type EngineName, type EngineProblem } from '../types.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A program of that name, or a stand-in for another engine (podman-docker installs podman as `docker`). */
interface Client {
  program: EngineName;
  name: EngineName;
  version: string;
}

const names: readonly EngineName[] = ['docker', 'podman', 'nerdctl'];
const titles: Readonly<Record<EngineName, string>> = { docker: 'Docker', podman: 'Podman', nerdctl: 'nerdctl' };
/** Milliseconds for the engine to say who it is. */
const answerTime = 30_000;

/**
 * The engine to work with. In: its name (the first of docker, podman and nerdctl on PATH unless told), the environment, and what aborts everything
 * that it is asked without a signal of its own. Out: an engine that answers and builds with BuildKit (podman: with buildah, which knows cache
 * mounts too). Throws an EngineError: `no-engine`, `not-reachable`, `no-buildkit`, `interrupted`.
 */
export async function findEngine(wanted: EngineName | undefined, env: Environment, signal: AbortSignal): Promise<Engine> {
  const environment = environmentOf(env);
  const call = (program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> => {
    const used = options.signal ?? signal;
    if (used.aborted) return Promise.resolve({ code: undefined, stdout: '', stderr: '', stopped: 'aborted' });
    return runProgram(program, args, { ...options, signal: used, env: { ...environment, ...options.env } });
  };
  const client = await firstClient(wanted === undefined ? names : [wanted], call);
  const server = await serverOf(client, call);
  await checkBuildKit(client, server, call);
  const doing = (args: readonly string[], options: RunOptions | undefined) => ({
    task: 'ask' as const,
    what: `${client.name} ${args.slice(0, args[0] === 'image' || args[0] === 'container' ? 2 : 1).join(' ')}`,
    engine: client.name,
    ...(options?.timeout === undefined ? {} : { timeout: options.timeout / 1000 }),
  });
  const run: Engine['run'] = (args, options) => call(client.program, args, options);
  return {
    name: client.name,
    version: `${titles[client.name]} ${server.version === '' ? client.version : server.version}`,
    clientVersion: client.version,
    run,
    async ask(args, options) {
      const ran = await run(args, options);
      if (ran.code !== 0) throw failure(ran, doing(args, options));
      return ran.stdout.trim();
    },
    stream: (args, options) => streamProgram(client.program, args, { ...options, env: environment }),
  };
}

type Call = (program: string, args: readonly string[], options?: RunOptions) => Promise<Ran>;

/** BuildKit where it must be asked for, no colours and no advertisements, no attestations beside the image. */
function environmentOf(env: Environment): Environment {
  return {
    ...env,
    DOCKER_BUILDKIT: '1',
    BUILDKIT_PROGRESS: 'plain',
    // https://docs.docker.com/build/building/variables/#buildx_no_default_attestations
    BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
    DOCKER_CLI_HINTS: 'false',
    DOCKER_SCAN_SUGGEST: 'false',
    NO_COLOR: '1',
  };
}

async function firstClient(candidates: readonly EngineName[], call: Call): Promise<Client> {
  for (const program of candidates) {
    const ran = await call(program, ['--version'], { timeout: answerTime });
    if (ran.stopped === 'not-found' || ran.stopped === 'not-startable') continue;
    if (ran.stopped === 'aborted') throw failure(ran, { task: 'ask', what: `looking for ${program}`, engine: program });
    // "Docker version 20.10.24+dfsg1, build 297e128", "podman version 4.3.1", "nerdctl version 1.7.7"
    const told = /\b(docker|podman|nerdctl) version v?(\d[^\s,]*)/i.exec(ran.stdout);
    if (told?.[1] && told[2]) return { program, name: told[1].toLowerCase() as EngineName, version: told[2] };
    throw new EngineError({
      kind: 'no-engine',
      message: `${program} on PATH does not say its version`,
      hint: 'Look at `' + program + ' --version`, or name another engine with --engine.',
      log: `${ran.stdout}${ran.stderr}`.trim().slice(-2000),
    });
  }
  throw new EngineError({
    kind: 'no-engine',
    message:
      candidates.length === 1 ? `${candidates[0] ?? ''} is not on PATH` : `No container engine is on PATH (${candidates.join(', ')})`,
    hint: 'Install Docker (https://docs.docker.com/engine/install/) or Podman, or name another engine with --engine.',
    log: '',
  });
}

interface Server {
  /** '' when it does not say. */
  version: string;
  os: string;
}

/** Asks the daemon (podman: itself) who it is. */
async function serverOf(client: Client, call: Call): Promise<Server> {
  const ask: Readonly<Record<EngineName, readonly string[]>> = {
    docker: ['version', '--format', '{{.Server.Version}} {{.Server.Os}}'],
    podman: ['info', '--format', '{{.Version.Version}} {{.Version.OsArch}}'],
    nerdctl: ['info', '--format', '{{.ServerVersion}} {{.OSType}}'],
  };
  const ran = await call(client.program, ask[client.name], { timeout: answerTime });
  if (ran.code === 0) {
    const [version = '', os = ''] = ran.stdout.trim().split(/\s+/);
    return { version: version.replace(/^v(?=\d)/, ''), os: os.split('/')[0] ?? '' };
  }
  if (ran.stopped === 'aborted') throw failure(ran, { task: 'ask', what: `looking for ${client.name}`, engine: client.name });
  throw new EngineError(await unreachable(client, ran, call));
}

async function unreachable(client: Client, ran: Ran, call: Call): Promise<EngineProblem> {
  const said = ran.stderr.trim();
  const known = unusableEngine(ran.stderr, client.name, said);
  const where = client.name === 'docker' ? await contextInUse(client, call) : '';
  const first = said.split('\n').at(-1)?.trim() ?? '';
  const reason =
    ran.stopped === 'timeout' ? `no answer within ${answerTime / 1000} s` : first === '' ? `exit code ${String(ran.code)}` : first;
  return known
    ? { ...known, message: `${known.message}${where}` }
    : {
        kind: 'not-reachable',
        message: `The ${client.name} daemon does not answer${where}: ${reason}`,
        hint: reachHints[client.name],
        log: said,
      };
}

/** Which daemon the client talks to: a machine with Docker Desktop, rootless Docker and DOCKER_HOST has several. */
async function contextInUse(client: Client, call: Call): Promise<string> {
  const listed = await call(client.program, ['context', 'ls', '--format', '{{if .Current}}{{.Name}} ({{.DockerEndpoint}}){{end}}'], {
    timeout: answerTime,
  });
  const used = listed.stdout
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '');
  return listed.code === 0 && used !== undefined ? `; context in use: ${used}` : '';
}

/** Since client 23.0 BuildKit is reached by the buildx plugin alone: https://docs.docker.com/engine/release-notes/23.0/ */
async function checkBuildKit(client: Client, server: Server, call: Call): Promise<void> {
  const missing = (message: string): EngineError =>
    new EngineError({ kind: 'no-buildkit', message, hint: buildkitHints[client.name], log: '' });
  const major = majorOf(client.version);
  if (client.name === 'podman' && major < 4) throw missing(`Podman ${client.version} is too old: its builds have no cache mounts`);
  if (client.name !== 'docker') return;
  if (server.os === 'windows') throw missing('Docker builds Windows images, which it does without BuildKit');
  if (major >= 23) {
    const plugin = await call(client.program, ['buildx', 'version'], { timeout: answerTime });
    if (plugin.code !== 0) throw missing(`Docker ${client.version} has no buildx plugin, so it cannot build with BuildKit`);
  } else if (major < 18 || (server.version !== '' && majorOf(server.version) < 18))
    throw missing(`Docker ${client.version} is too old for BuildKit`);
}

/** 0 when a version does not begin with a number. */
export const majorOf = (version: string): number => Number(/^\d+/.exec(version)?.[0] ?? 0);
