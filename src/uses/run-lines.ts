// Room: uses/. Command lines that build an image or run something in it: `docker build`, `docker run`, `docker compose run` and `exec`.
// Source: https://docs.docker.com/reference/cli/docker, the pages of these commands; podman and nerdctl take the same options.
import { parseShell } from '../dockerfile/shell.ts';

/** `docker build -t NAME -f FILE CONTEXT`, as written. */
export interface BuildLine {
  kind: 'build';
  names: string[];
  file: string | undefined;
  context: string | undefined;
}
/** What runs, and in what: an image, or a service of a compose file. */
export interface RunLine {
  kind: 'run';
  image: string | undefined;
  service: string | undefined;
  entrypoint: string | undefined;
  words: string[];
  volumes: string[];
  workdir: string | undefined;
  /** What it has of the host, each as the end of a sentence. */
  rights: string[];
}

/** Options without a value; every other one has one. `short`: the letters of those in a group such as `-dit`. */
interface Flags {
  long: ReadonlySet<string>;
  short: string;
}
const flags = (short: string, long: string): Flags => ({ short, long: new Set(long.split(' ')) });
const RUN = flags(
  'ditPq',
  'detach init interactive tty rm privileged publish-all read-only no-healthcheck oom-kill-disable sig-proxy disable-content-trust help quiet',
);
const BUILD = flags('q', 'no-cache pull push load rm force-rm squash compress quiet disable-content-trust check debug');
const COMPOSE = flags('', 'all-resources compatibility dry-run verbose');
const COMPOSE_RUN = flags(
  'diPT',
  'build detach interactive no-deps no-TTY quiet quiet-build quiet-pull remove-orphans rm service-ports use-aliases',
);
const COMPOSE_EXEC = flags('ditT', 'detach interactive tty privileged no-TTY');
const GLOBAL = flags('D', 'debug tls tlsverify');
const PROGRAMS = new Set(['docker', 'podman', 'nerdctl', 'docker-compose', 'podman-compose']);

interface Read {
  values: Map<string, string[]>;
  rest: string[];
}

/** The options in front of the first operand, and what stands from there on. */
function options(words: readonly string[], { long, short }: Flags): Read {
  const values = new Map<string, string[]>();
  const put = (name: string, value: string): void => void values.set(name, [...(values.get(name) ?? []), value]);
  let n = 0;
  for (; n < words.length; n += 1) {
    const word = words[n] ?? '';
    if (word === '--') return { values, rest: words.slice(n + 1) };
    if (!word.startsWith('-') || word === '-') break;
    const [name = '', given] = word.startsWith('--') ? [word.slice(2).split('=')[0], word.split(/=(.*)/s)[1]] : [];
    if (word.startsWith('--')) {
      if (given !== undefined) put(name, given);
      else put(name, long.has(name) ? '' : (words[(n += 1)] ?? ''));
      continue;
    }
    const at = [...word.slice(1)].findIndex((letter) => !short.includes(letter));
    if (at === -1) continue;
    const value = word.slice(at + 2);
    put(word[at + 1] ?? '', value === '' ? (words[(n += 1)] ?? '') : value.replace(/^=/, ''));
  }
  return { values, rest: words.slice(n) };
}

/** What one line of a shell does with images; a text that is no shell says nothing. */
export function dockerLines(text: string, depth = 0): (BuildLine | RunLine)[] {
  if (depth > 2 || !/docker|podman|nerdctl/.test(text)) return [];
  return parseShell(text).seen.flatMap(({ words }) => {
    const values = words.map(({ value, raw }) => value ?? raw);
    const start = values.findIndex((word) => PROGRAMS.has(word.slice(word.lastIndexOf('/') + 1)));
    if (start !== -1) return lineOf(values.slice(start));
    return values.flatMap((word) => (/\s/.test(word) ? dockerLines(word, depth + 1) : []));
  });
}

function lineOf([program = '', ...words]: readonly string[]): (BuildLine | RunLine)[] {
  if (program.endsWith('-compose')) return composeLine(words);
  const { rest } = options(words, GLOBAL);
  const builds = ['image', 'buildx', 'builder'].includes(rest[0] ?? '');
  const [verb = '', ...more] = builds || rest[0] === 'container' ? rest.slice(1) : rest;
  if (verb === 'compose') return composeLine(more);
  if (verb === 'build') return buildLine(more);
  // `docker buildx create` makes a builder
  if (builds || (verb !== 'run' && verb !== 'create')) return [];
  const { values, rest: operands } = options(more, RUN);
  const [image, ...command] = operands;
  const volumes = [...(values.get('v') ?? []), ...(values.get('volume') ?? [])];
  const entrypoint = values.get('entrypoint')?.at(-1);
  return image === undefined
    ? []
    : [
        {
          kind: 'run',
          image,
          service: undefined,
          entrypoint,
          words: command,
          volumes,
          workdir: workdirOf(values),
          rights: rightsOf(values),
        },
      ];
}

const workdirOf = (values: Read['values']): string | undefined => [...(values.get('w') ?? []), ...(values.get('workdir') ?? [])].at(-1);

function rightsOf(values: Read['values']): string[] {
  const user = [...(values.get('u') ?? []), ...(values.get('user') ?? [])].at(-1);
  return [
    ...(values.has('privileged') ? ['runs it privileged'] : []),
    ...[...(values.get('cap-add') ?? []), ...(values.get('device') ?? [])].map((one) => `gives the container ${one.split(':')[0] ?? ''}`),
    ...(user !== undefined && /^(?:root|0)(?::|$)/.test(user) ? ['runs the container as root on purpose'] : []),
  ];
}

function buildLine(words: readonly string[]): BuildLine[] {
  const [before, file, names] = [[] as string[], [] as string[], [] as string[]];
  // the context may stand before options
  let left = words;
  while (left.length > 0) {
    const { values, rest } = options(left, BUILD);
    names.push(...(values.get('t') ?? []), ...(values.get('tag') ?? []));
    file.push(...(values.get('f') ?? []), ...(values.get('file') ?? []));
    before.push(...rest.slice(0, 1));
    left = rest.slice(1);
  }
  return [{ kind: 'build', names, file: file.at(-1), context: before.at(-1) }];
}

function composeLine(words: readonly string[]): RunLine[] {
  const [verb, ...more] = options(words, COMPOSE).rest;
  if (verb !== 'run' && verb !== 'exec') return [];
  const { values, rest } = options(more, verb === 'run' ? COMPOSE_RUN : COMPOSE_EXEC);
  const [service, ...command] = rest;
  const entrypoint = values.get('entrypoint')?.at(-1);
  return service === undefined
    ? []
    : [
        {
          kind: 'run',
          image: undefined,
          service,
          entrypoint,
          words: command,
          volumes: [],
          workdir: workdirOf(values),
          rights: verb === 'run' ? rightsOf(values) : [],
        },
      ];
}
