// Room: verify/engine/. What an engine says when it fails, as a kind of problem, a sentence and a hint.
// Sources of the texts: Docker 20.10 (seen), BuildKit v0.34.2 and containerd (their Go sources), docker/cli, Podman 4, nerdctl 2.
import type { Ran } from '../../process/run.ts';
import { failedStep, withoutPrefix, type FailedStep } from './build-log.ts';
import { EngineError, type EngineName, type EngineProblem } from '../types.ts';

/** What the engine was asked to do when it failed: `build` an image, or anything else. */
export interface Doing {
  task: 'build' | 'ask';
  /** As in "… failed": `the build of the original`, `docker run`. */
  what: string;
  engine: EngineName;
  /** Seconds that it was given. */
  timeout?: number;
}

const logLines = 25;

/** Turns a failed run of the engine's command line into a problem. In: how it ended, what it was to do. */
export function problemOf(ran: Ran, doing: Doing): EngineProblem {
  const said = `${ran.stdout}\n${ran.stderr}`;
  const { verdict, log, during, cause } =
    doing.task === 'build' ? failedStep(said, logLines) : lastWords(ran.stderr.trim() === '' ? said : ran.stderr);
  const make = (kind: EngineProblem['kind'], message: string, hint?: string): EngineProblem => ({ kind, message, hint, log });
  if (ran.stopped === 'not-found') return make('no-engine', `${doing.engine} is not on PATH`, installHint);
  if (ran.stopped === 'not-startable') return make('no-engine', `${doing.engine} cannot be started`, installHint);
  if (ran.stopped === 'timeout') return timedOut(doing, make);
  if (ran.stopped === 'aborted' || ran.stopped === 'signal' || /context canceled|^canceled$/i.test(verdict))
    return make('interrupted', `${capital(doing.what)} was interrupted`);
  // A command of a RUN may print such sentences, too.
  const unusable = unusableEngine(/^#\d+ /m.test(said) ? verdict : said, doing.engine, log);
  if (unusable) return unusable;
  if (noSpace.test(verdict) || (doing.task === 'build' && noSpace.test(log)) || (doing.task === 'ask' && noSpace.test(said)))
    return make('no-space', `No space is left for the engine's data (${doing.what})`, spaceHint(doing.engine));
  const base = during === 'step' ? undefined : baseImageProblem(verdict, said);
  if (base) return make(base.kind, base.message, base.hint);
  const seen = unreadablePath(verdict);
  if (seen) return make('engine-failed', `${capital(doing.what)} failed: ${verdict}`, seen);
  const why = cause === undefined ? short(verdict) : `${short(cause)} (${short(verdict)})`;
  if (doing.task === 'build') return make('build-failed', `${capital(doing.what)} failed: ${why}`);
  return make('engine-failed', `${capital(doing.what)} failed: ${short(verdict === '' ? `exit code ${String(ran.code)}` : verdict)}`);
}

/** The same as an exception. */
export const failure = (ran: Ran, doing: Doing): EngineError => new EngineError(problemOf(ran, doing));

const installHint = 'Install Docker (https://docs.docker.com/engine/install/) or Podman, or name another engine with --engine.';

/** The engine is there but cannot be worked with: no daemon, no permission, no BuildKit. Undefined when the text says nothing of that. */
export function unusableEngine(said: string, engine: EngineName, log: string): EngineProblem | undefined {
  const make = (kind: EngineProblem['kind'], message: string, hint: string): EngineProblem => ({ kind, message, hint, log });
  if (
    /permission denied while trying to connect to the (?:docker|podman)|dial unix \S+: connect: permission denied|Got permission denied/i.test(
      said,
    )
  )
    return make(
      'not-reachable',
      `The ${engine} daemon may not be used by this user (permission denied on its socket)`,
      'Add the user to the group of the socket (usually `docker`) and log in again, or use rootless Docker or Podman.',
    );
  if (
    /Cannot connect to the Docker daemon|error during connect|is the docker daemon running|Cannot connect to Podman|cannot access containerd socket|failed to dial "?\S*containerd/i.test(
      said,
    )
  )
    return make('not-reachable', `The ${engine} daemon does not answer`, reachHints[engine]);
  if (
    /buildctl` needs to be installed|no buildkit host is available|BuildKit is enabled but the buildx component is missing|buildx is not a docker command|failed to (?:ping|connect to) buildkit/i.test(
      said,
    )
  )
    return make('no-buildkit', `${engine} cannot build with BuildKit`, buildkitHints[engine]);
  return undefined;
}

export const reachHints: Readonly<Record<EngineName, string>> = {
  docker: 'Start Docker, and look at DOCKER_HOST and `docker context ls`.',
  podman: 'Start Podman’s machine (`podman machine start`), and look at CONTAINER_HOST and `podman system connection list`.',
  nerdctl: 'Start containerd, or run rootless containerd (`containerd-rootless-setuptool.sh install`).',
};
/** How BuildKit is switched on. Sources: https://docs.docker.com/build/buildkit/, https://github.com/containerd/nerdctl/blob/main/docs/build.md */
export const buildkitHints: Readonly<Record<EngineName, string>> = {
  docker:
    'Install the buildx plugin (package docker-buildx-plugin or docker-buildx); `docker buildx version` must answer. Docker 18.09 to 22 have BuildKit inside.',
  podman: 'Podman 4 or newer is needed.',
  nerdctl: 'Start buildkitd: `containerd-rootless-setuptool.sh install-buildkit`, or the service buildkit.',
};

const noSpace = /no space left on device|ENOSPC|disk quota exceeded|not enough free space/i;
const spaceHint = (engine: EngineName): string =>
  engine === 'docker'
    ? '`docker system df` shows what takes the space; `docker builder prune` and `docker image prune` give it back.'
    : `\`${engine} system prune\` gives space back.`;

interface Told {
  kind: 'no-base-image' | 'rate-limited';
  message: string;
  hint: string | undefined;
}

/** Sentences of registries, in the order in which they are looked for. Source: containerd remotes/docker (resolver.go, authorizer.go, errors), distribution. */
const registryTexts: readonly { text: RegExp; why: string; hint: string; kind?: Told['kind'] }[] = [
  {
    // Whichever image is asked for next fares alike, so that nothing is said of this one.
    kind: 'rate-limited',
    text: /toomanyrequests|too many requests|429 /i,
    why: 'its registry allows no more downloads for now',
    hint: 'Log in to the registry (`docker login`), or wait.',
  },
  {
    text: /unauthorized|authentication required|insufficient_scope|access denied|denied:|403 Forbidden|401 Unauthorized|no basic auth credentials/i,
    why: 'it does not exist, or needs a login',
    hint: 'Look at its name, and log in to its registry (`docker login`).',
  },
  {
    text: /no such host|connection refused|network is unreachable|i\/o timeout|TLS handshake timeout|server misbehaving|no route to host|context deadline exceeded|x509:|certificate|EOF$|connection reset|proxyconnect|Temporary failure in name resolution/i,
    why: 'its registry does not answer',
    hint: 'Look at the network and at proxy settings of the engine; an image that is here already is not downloaded.',
  },
  {
    text: /manifest unknown|manifest for \S+ not found|no match for platform|no matching manifest|does not provide the specified platform|: not found|name unknown|short-name .* did not resolve|repository does not exist|404 Not Found/i,
    why: 'there is no such image or tag',
    hint: 'Look at its name and tag, and at the platform.',
  },
  {
    text: /invalid reference format|failed to parse stage name/i,
    why: 'its name is not valid',
    hint: 'Give the arguments that it is made of with --build-arg.',
  },
];

function baseImageProblem(verdict: string, said: string): Told | undefined {
  if (commandFailed.test(verdict) || /failed to (?:compute cache key|calculate checksum)/.test(verdict)) return undefined;
  if (!aboutImage.test(verdict)) return undefined;
  const found = registryTexts.find(({ text }) => text.test(verdict));
  if (!found) return undefined;
  const image =
    imageNames.map((pattern) => pattern.exec(verdict)?.[1]).find(Boolean) ??
    imageNames.map((pattern) => lastMatch(said, pattern)).find(Boolean);
  const { kind = 'no-base-image' } = found;
  return { kind, message: `${image === undefined ? 'An image' : `The image ${image}`} cannot be had: ${found.why}`, hint: found.hint };
}

/** A command of a RUN failed: what it printed, or its own text, is not the engine's. */
const commandFailed =
  /executor failed running|did not complete successfully|returned a non-zero code|while running runtime|exit (?:code|status):? \d/;
const aboutImage =
  /failed to (?:do request|resolve|fetch|copy|authorize|pull|get|load metadata|parse stage name)|load metadata for|pull access denied|manifest|toomanyrequests|registry|unauthorized|denied|initializing source|unable to copy from source|short-name|creating build container|repository|no match for platform|invalid reference format|: not found$|dial tcp/i;
const imageNames = [
  /(?:source metadata for|image config for|load metadata for|pull access denied for|manifest for|unable to find image) '?([\w.][\w./:@-]*[\w])/i,
  /initializing source docker:\/\/([\w./:@-]*\w)/,
];

function lastMatch(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(new RegExp(pattern.source, 'gi'))].at(-1)?.[1];
}

/** A client in a sandbox of its own does not see the temporary directory. Source: https://github.com/docker-archive/docker-snap, README, "Running Docker as normal user" and confinement. */
const unreadablePath = (verdict: string): string | undefined =>
  /unable to prepare context: (?:path .* not found|unable to evaluate symlinks)|failed to read dockerfile: open .*no such file/.test(
    verdict,
  )
    ? 'If the engine comes from a snap or a virtual machine, it may not see the temporary directory: set TMPDIR to one below your home directory.'
    : undefined;

function timedOut(doing: Doing, make: (kind: EngineProblem['kind'], message: string, hint?: string) => EngineProblem): EngineProblem {
  const after = doing.timeout === undefined ? '' : ` within ${doing.timeout} s`;
  return doing.task === 'build'
    ? make('build-timeout', `${capital(doing.what)} did not end${after}`, 'Give it more time with --timeout SECONDS.')
    : make('engine-failed', `${capital(doing.what)} did not end${after}`, 'Look whether the engine answers at all.');
}

function lastWords(said: string): FailedStep {
  const lines = said.trimEnd().split('\n');
  const verdict = lines.findLast((line) => /error|denied|cannot|failed|no such/i.test(line)) ?? lines.at(-1) ?? '';
  return { verdict: withoutPrefix(verdict), log: lines.slice(-logLines).join('\n').trim(), cause: undefined, during: 'other' };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** The reason stands at the end. */
const short = (text: string): string => (text.length > 300 ? `${text.slice(0, 120)} … ${text.slice(-180)}` : text);
