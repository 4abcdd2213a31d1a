// Room: uses/. Compose files: the services, what they build and how they run it. Source: https://docs.docker.com/reference/compose-file.
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { FileTree } from '../context/types.ts';
import { composeFiles, configuration } from './find.ts';
import { isRemoteContext, resolveFrom, splitMount, withDefaults } from './places.ts';
import type { ServiceUse } from './types.ts';
import { commandLine, get, isMapping, list, text, texts } from './values.ts';

export interface Build {
  /** Seen from the root of the tree; starts with `..` when it lies outside. */
  context: string;
  dockerfile: string;
  target: string | undefined;
}
/** A service as its file says it, before files are merged. */
export interface Service {
  file: string;
  dir: string;
  name: string;
  line: number;
  build: Build | undefined;
  image: string | undefined;
  extends: { file: string; service: string } | undefined;
  command: ServiceUse['command'];
  entrypoint: ServiceUse['entrypoint'];
  healthcheck: ServiceUse['healthcheck'];
  user: string | undefined;
  workdir: string | undefined;
  mounts: ServiceUse['mounts'];
  capAdd: string[];
  rights: string[];
  environment: [name: string, value: string][];
  envFiles: string[];
  synced: string[];
  ports: number[];
}

/** All services of all compose files of the tree. A file that is no YAML, too long, or an attack (aliases) has none. */
export function composeServices(tree: FileTree): Service[] {
  return composeFiles(tree).flatMap((path) => {
    const source = configuration(tree, path);
    return source === undefined
      ? []
      : servicesOf(path, source).map((service) => ({
          ...service,
          build: asOnDisk(tree, service.build),
          environment: [...service.envFiles.flatMap((file) => variablesOf(tree, resolveFrom(service.dir, file))), ...service.environment],
        }));
  });
}

/** Source: compose reference, env_file. */
function variablesOf(tree: FileTree, path: string | undefined): [string, string][] {
  const read = path === undefined ? undefined : tree.read(path);
  if (read?.kind !== 'text') return [];
  return read.text.split('\n').flatMap((line): [string, string][] => {
    const [, name, value] = /^\s*(?:export\s+)?(\w+)\s*=\s*["']?([^"'#\r]*?)["']?\s*(?:#.*)?$/.exec(line) ?? [];
    return name === undefined || value === undefined || value === '' ? [] : [[name, value]];
  });
}

/** BuildKit takes `dockerfile` where there is no `Dockerfile`. https://github.com/moby/buildkit, frontend/dockerui/config.go, DefaultDockerfileName */
function asOnDisk(tree: FileTree, build: Build | undefined): Build | undefined {
  if (!build || !/(?:^|\/)Dockerfile$/.test(build.dockerfile) || tree.stat(build.dockerfile)) return build;
  const lower = build.dockerfile.replace(/Dockerfile$/, 'dockerfile');
  return tree.stat(lower)?.kind === 'file' ? { ...build, dockerfile: lower } : build;
}

/** Aliases are looked up one by one by the parser: more than this is slow, and no compose file. */
const maxAliases = 1000;

function servicesOf(file: string, source: string): Service[] {
  if ((source.match(/\*/g)?.length ?? 0) > maxAliases) return [];
  const lines = new LineCounter();
  let document: Document;
  let value: unknown;
  try {
    document = parseDocument(source, { merge: true, uniqueKeys: false, lineCounter: lines, logLevel: 'silent' });
    if (document.errors.length > 0) return [];
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    return [];
  }
  const services = get(value, 'services');
  if (!isMapping(services)) return [];
  const lineOf = keyLines(document, lines);
  return Object.entries(services).flatMap(([name, service]) =>
    isMapping(service) ? [readService(file, name, lineOf.get(name) ?? 1, service)] : [],
  );
}

/** The line of each service's name. */
function keyLines(document: Document, lines: LineCounter): Map<string, number> {
  const found = new Map<string, number>();
  const services = document.get('services', true);
  if (!isMap(services)) return found;
  for (const { key } of services.items) if (isScalar(key) && key.range) found.set(String(key.value), lines.linePos(key.range[0]).line);
  return found;
}

function readService(file: string, name: string, line: number, service: unknown): Service {
  const dir = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  const parent = get(service, 'extends');
  const base = text(parent) ?? text(get(parent, 'service'));
  const parentFile = text(get(parent, 'file'));
  return {
    file,
    dir,
    name,
    line,
    build: readBuild(dir, get(service, 'build')),
    image: text(get(service, 'image')),
    extends:
      base === undefined ? undefined : { file: parentFile === undefined ? file : (resolveFrom(dir, parentFile) ?? ''), service: base },
    command: commandLine(get(service, 'command')),
    entrypoint: commandLine(get(service, 'entrypoint')),
    healthcheck: get(get(service, 'healthcheck'), 'disable') === true ? undefined : commandLine(get(get(service, 'healthcheck'), 'test')),
    user: text(get(service, 'user')),
    workdir: text(get(service, 'working_dir')),
    mounts: list(get(service, 'volumes')).flatMap(readMount),
    capAdd: texts(get(service, 'cap_add')),
    rights: rightsOf(service),
    environment: environmentOf(get(service, 'environment')),
    envFiles: [get(service, 'env_file'), ...list(get(service, 'env_file'))].flatMap((one) => text(one) ?? text(get(one, 'path')) ?? []),
    ports: list(get(service, 'ports')).flatMap(readPort),
    // Source: docs.docker.com/reference/compose-file/develop, action
    synced: list(get(get(service, 'develop'), 'watch')).flatMap((one) =>
      text(get(one, 'action'))?.startsWith('sync') === true ? (text(get(one, 'target')) ?? []) : [],
    ),
  };
}

/** `build: dir`, or the long form; undefined for remote contexts, inline Dockerfiles and variables without a default. */
function readBuild(dir: string, build: unknown): Build | undefined {
  const written = text(build) ?? (isMapping(build) ? (text(get(build, 'context')) ?? '.') : undefined);
  if (written === undefined || get(build, 'dockerfile_inline') !== undefined) return undefined;
  const context = withDefaults(written);
  const file = withDefaults(text(get(build, 'dockerfile')) ?? 'Dockerfile');
  if (context === undefined || file === undefined || isRemoteContext(context)) return undefined;
  const at = resolveFrom(dir, context);
  const dockerfile = at === undefined ? undefined : resolveFrom(at, file);
  return at === undefined || dockerfile === undefined ? undefined : { context: at, dockerfile, target: text(get(build, 'target')) };
}

/** Source: compose reference, privileged, devices, pid, user. */
function rightsOf(service: unknown): string[] {
  const device = list(get(service, 'devices')).map((one) => text(one) ?? text(get(one, 'source')) ?? 'a device')[0];
  const user = text(get(service, 'user'));
  return [
    ...(get(service, 'privileged') === true ? ['runs it privileged'] : []),
    ...(device === undefined ? [] : [`gives the container ${device.split(':')[0] ?? ''}`]),
    ...(text(get(service, 'pid')) === 'host' ? ['gives the container the processes of the host'] : []),
    ...(user !== undefined && /^(?:root|0)(?::|$)/.test(user) ? ['runs the container as root on purpose'] : []),
  ];
}

/** A mapping, or a list of `NAME=value`; what is taken from the host is not told. */
function environmentOf(environment: unknown): [string, string][] {
  if (isMapping(environment))
    return Object.entries(environment).flatMap(([name, value]): [string, string][] => {
      const told = withDefaults(text(value) ?? '');
      return told === undefined || told === '' ? [] : [[name, told]];
    });
  return texts(environment).flatMap((line): [string, string][] => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(line) ?? [];
    const told = value === undefined ? undefined : withDefaults(value);
    return name === undefined || told === undefined || told === '' ? [] : [[name, told]];
  });
}

/** The container's port of `8080:80/tcp`, `80`, or the long syntax; ranges are left out. Source: compose reference, services, ports. */
function readPort(port: unknown): number[] {
  const written =
    text(get(port, 'target')) ??
    text(port)
      ?.replace(/\/\w+$/, '')
      .split(':')
      .pop() ??
    '';
  return /^\d{1,5}$/.test(written) ? [Number(written)] : [];
}

/** Short and long syntax. A tmpfs, a pipe or a cluster volume is no mount that holds files of before. */
function readMount(volume: unknown): ServiceUse['mounts'] {
  const short = text(volume);
  if (short === undefined) {
    const target = text(get(volume, 'target'));
    const kind = text(get(volume, 'type')) ?? 'volume';
    return target === undefined || (kind !== 'bind' && kind !== 'volume')
      ? []
      : [{ kind, source: text(get(volume, 'source')) ?? text(get(volume, 'src')), target }];
  }
  const [first = '', second] = splitMount(short);
  if (second === undefined) return first === '' ? [] : [{ kind: 'volume', source: undefined, target: first }];
  // A host path starts like a path; a bare name is a volume. A variable is usually a directory (`${PWD}`).
  return [{ kind: /^(?:[./~$\\]|[A-Za-z]:\\)/.test(first) ? 'bind' : 'volume', source: first, target: second }];
}
