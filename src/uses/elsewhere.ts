// Room: uses/. Who runs something else in the image than its command: CI, make, scripts, deployments, development containers.
import type { FileTree } from '../context/types.ts';
import { oncePer } from '../once.ts';
import { namedImages } from './built-on.ts';
import { configuration, deploymentFiles, dockerfiles, readmes, scriptFiles } from './find.ts';
import { resolveFrom, splitMount } from './places.ts';
import { deployedIn, type Deployed } from './platforms.ts';
import { dockerLines, type BuildLine, type RunLine } from './run-lines.ts';
import { useAt, type ServiceUse } from './types.ts';

/** What is known of the image that is asked for. */
export interface Image {
  /** Path of its Dockerfile in the repository; undefined: standard input. */
  dockerfile: string | undefined;
  /** Names that compose files give to the image, and the services that run it. */
  names: ReadonlySet<string>;
  services: ReadonlySet<string>;
}

/** The uses of this image by commands of the repository's own scripts, CI and deployments. */
export function usesElsewhere(tree: FileTree, image: Image): ServiceUse[] {
  const all = elsewhere(tree);
  const { isOwn, own } = ownedBy(all, image);
  const found = all.lines.flatMap(({ line, file, at }) =>
    line.kind === 'run' && (line.service === undefined ? isOwn(line.image ?? '', false) : image.services.has(line.service))
      ? [useOf(line, file, at)]
      : [],
  );
  const deployed = all.deployed.filter(({ dockerfile, image: name }) =>
    dockerfile === undefined ? name !== undefined && isOwn(name, true) : dockerfile === image.dockerfile,
  );
  const told = [...found, ...deployed.map(({ use }) => use)].filter(
    ({ command, entrypoint, healthcheck, workdir, mounts, rights, environment, ports }) =>
      [command, entrypoint, healthcheck, workdir, rights, environment, ports].some((one) => one !== undefined) || mounts.length > 0,
  );
  const builtOn = namedImages(tree).filter(
    ({ file, name }) => file !== image.dockerfile && (isPublic(repository(name)) ? own.has(repository(name)) : isOwn(name, false)),
  );
  return [
    ...told,
    ...builtOn.map(({ file, line, name, says }) => ({
      ...useAt(file, line, name),
      builtOn: true as const,
      evidence: { file, line, says },
    })),
  ];
}

/** Whether a name is that of this image. `unnamed`: the image may have a name that nothing else tells. */
function ownedBy(
  { lines, only }: Pick<Elsewhere, 'lines' | 'only'>,
  image: Image,
): { own: ReadonlySet<string>; isOwn(name: string, unnamed: boolean): boolean } {
  const built = lines.flatMap(({ line, dir }) => (line.kind === 'build' ? [buildOf(line, dir, only)] : []));
  const others = new Set(built.flatMap(({ names, file }) => (file !== undefined && file !== image.dockerfile ? names : [])));
  const own = new Set([...image.names, ...built.flatMap(({ names, file }) => (file === image.dockerfile ? names : []))].map(repository));
  const lasts = new Set([...own].map(last));
  const alone = only !== undefined && only === image.dockerfile;
  const isOwn = (name: string, unnamed: boolean): boolean => {
    const short = repository(name);
    if (own.has(short) || others.has(short)) return own.has(short);
    if (name.includes('$')) return alone && (own.size === 0 || lasts.has(last(short)) || last(short).startsWith('$'));
    return lasts.has(last(short)) || (unnamed && alone && own.size === 0 && !isPublic(short));
  };
  return { own, isOwn };
}

/** What a readme gives to a container of this image: directories of the host, and rights. What it runs there is an example. */
export function givenByHand(tree: FileTree, image: Image): ServiceUse[] {
  const all = elsewhere(tree);
  const shown = readmes(tree).flatMap((file) => {
    const source = configuration(tree, file);
    const dir = file.slice(0, Math.max(0, file.lastIndexOf('/')));
    return source === undefined ? [] : commandsIn(source).map(({ line, at }): Line => ({ line, file, dir, at }));
  });
  const { isOwn } = ownedBy({ lines: [...all.lines, ...shown], only: all.only }, image);
  return shown.flatMap(({ line, file, at }) => {
    if (line.kind !== 'run' || line.image === undefined || !isOwn(line.image, true)) return [];
    const { mounts, rights } = useOf(line, file, at);
    return mounts.length > 0 || rights ? [{ ...useAt(file, at, line.image), mounts, ...(rights ? { rights } : {}) }] : [];
  });
}

/** Commands that a readme tells people to run in a service of this image: `docker compose exec app npm run seed`. */
export function usesByHand(tree: FileTree, { services }: Image): ServiceUse[] {
  return readmes(tree).flatMap((file) => {
    const source = configuration(tree, file);
    if (source === undefined || services.size === 0 || !/\b(?:exec|run)\b/.test(source)) return [];
    return commandsIn(source).flatMap(({ line, at }) => {
      const use = line.kind === 'run' && line.service !== undefined && services.has(line.service) ? useOf(line, file, at) : undefined;
      return use?.command === undefined ? [] : [{ ...use, mounts: [] }];
    });
  });
}

/** The commands of a text for people. */
const commandsIn = (source: string): { line: BuildLine | RunLine; at: number }[] =>
  logicalLines(source).flatMap(({ text, at }) => dockerLines(shown(text)).map((line) => ({ line, at })));

/** The command of a line that people read: behind a prompt, or between backticks. */
function shown(line: string): string {
  const quoted = /`([^`]{1,500})`/.exec(line)?.[1];
  const text = (quoted !== undefined && /docker|podman|nerdctl/.test(quoted) ? quoted : line).trim().replace(/^(?:[$>#%]|\d+\.)\s+/, '');
  return /^(?:sudo\s+)?(?:docker|podman|nerdctl)\b/.test(text) ? text : '';
}

/**
 * A service of compose that builds nothing: an image without an owner, and none of the official ones, is one of the machine that builds, and the
 * repository has one Dockerfile. Source: docs.docker.com/reference/cli/docker/image/tag (a name without a path is one of docker.io/library)
 */
export function isBuiltHere(tree: FileTree, dockerfile: string, name: string): boolean {
  const short = repository(name);
  return elsewhere(tree).only === dockerfile && /^[\w.-]+$/.test(short) && !isPublic(short);
}

/** A build that names both, as paths of the repository. */
export interface NamedBuild {
  context: string;
  dockerfile: string;
}

/** The builds that commands at the repository's root name: `docker build -f docker/Dockerfile .` in CI, a Makefile, a script. The Dockerfile is there, so that the root is where it runs. */
export const namedBuilds = oncePer((tree: FileTree): NamedBuild[] =>
  elsewhere(tree).lines.flatMap(({ line, dir }) => {
    if (line.kind !== 'build' || dir !== '' || line.file === undefined || line.context === undefined) return [];
    return namedBuild(tree, line.file, line.context);
  }),
);

/** Paths as written, from the root; none where one is computed, leaves the repository, or is not there. */
export function namedBuild(tree: FileTree, file: string, context: string): NamedBuild[] {
  if (/[$`]/.test(`${file}${context}`) || context.startsWith('-')) return [];
  const [dockerfile, dir] = [resolveFrom('', file), resolveFrom('', context)];
  if (dockerfile === undefined || dir === undefined || `${dockerfile}/`.startsWith('../') || `${dir}/`.startsWith('../')) return [];
  return tree.stat(dockerfile)?.kind === 'file' && (dir === '' || tree.stat(dir)?.kind === 'dir') ? [{ dockerfile, context: dir }] : [];
}

interface Line {
  line: BuildLine | RunLine;
  file: string;
  dir: string;
  at: number;
}
interface Elsewhere {
  lines: readonly Line[];
  deployed: readonly Deployed[];
  /** The one Dockerfile of the repository; undefined: there are several, or none. */
  only: string | undefined;
}

const elsewhere = oncePer((tree: FileTree): Elsewhere => {
  const found = dockerfiles(tree);
  const only = found.length === 1 ? found[0] : undefined;
  const lines = scriptFiles(tree).flatMap((file) => {
    const source = configuration(tree, file);
    const dir = file.startsWith('.github/') || !file.includes('/') ? '' : file.slice(0, file.lastIndexOf('/'));
    return source === undefined
      ? []
      : logicalLines(source).flatMap(({ text, at }) =>
          dockerLines(text).map((line) => ({ line: line.kind === 'build' ? withValues(line, source) : line, file, dir, at })),
        );
  });
  const deployed = deploymentFiles(tree).flatMap((file) => {
    const source = configuration(tree, file);
    return source === undefined ? [] : deployedIn(file, source, only);
  });
  return { lines, deployed, only };
});

/** The names of a build with the variables that its own file sets once: `env:` of a workflow, `IMAGE=me/app`. */
const withValues = (line: BuildLine, source: string): BuildLine => ({
  ...line,
  names: line.names.map((name) =>
    name.replaceAll(/\$\{?(?:env\.|_env_)?(\w+?)_?\}?(?=$|[^\w}])/g, (all, variable: string) => {
      const set = [
        ...source.matchAll(
          new RegExp(`^\\s{0,20}(?:export )?${variable}\\s{0,5}(?::=|[:=])\\s{0,5}["']?([\\w./-]{1,100})["']?\\s*$`, 'gm'),
        ),
      ];
      return set.length === 1 ? (set[0]?.[1] ?? all) : all;
    }),
  ),
});

/** The commands of a script, a Makefile, a workflow or package.json, one a line; what a `\` continues is joined. */
function logicalLines(source: string): { text: string; at: number }[] {
  if (!/docker|podman|nerdctl/.test(source)) return [];
  const found: { text: string; at: number }[] = [];
  let open: { text: string; at: number } | undefined;
  for (const [n, raw] of source.split(/\r?\n/).entries()) {
    const line = open ? raw : bare(raw);
    const continued = line.endsWith('\\');
    const text = continued ? line.slice(0, -1) : line;
    if (open) open.text += ` ${text.trim()}`;
    else open = { text, at: n + 1 };
    if (continued) continue;
    if (open.text.length < 4000) found.push(open);
    open = undefined;
  }
  return found;
}

/** A line without what makes it one of YAML (`- run: `), of make (`@`), of JSON (`"name": "…",`) or of a pipeline (`sh '…'`). */
function bare(line: string): string {
  const json = /^\s*"[^"]{1,80}"\s*:\s*"((?:[^"\\]|\\.)*)"\s*,?\s*$/.exec(line)?.[1];
  if (json !== undefined) return json.replaceAll('\\"', '"');
  const text = line
    .replace(/^\s*(?:-\s+)?(?:[\w-]{1,40}:\s+)?/, '')
    .replace(/^[@-]+\s*(?=\w)/, '')
    // an expression of GitHub, a variable of make
    .replaceAll(/\$\{\{([^}]{0,200})\}\}/g, (_, inner: string) => `$${inner.replaceAll(/\W/g, '_')}`)
    .replaceAll(/\$\(([A-Za-z_]+)\)/g, '$$$1');
  if (text.startsWith('#') || text.startsWith('//')) return '';
  return /^(["'])(.*)\1,?$/.exec(text)?.[2] ?? text;
}

/** The Dockerfile that a build names: its directories are the file's own, or the root; an unwritten one is the only one. */
function buildOf(
  { names, file, context }: BuildLine,
  dir: string,
  only: string | undefined,
): { names: string[]; file: string | undefined } {
  const told = file ?? (context === undefined || context.startsWith('-') ? undefined : `${context}/Dockerfile`);
  const plain = told === undefined || told.includes('$') ? undefined : resolveFrom(dir, told);
  const root = told === undefined || told.includes('$') ? undefined : resolveFrom('', told);
  const at = only !== undefined && (plain === only || root === only) ? only : (root ?? plain ?? only);
  return { names: names.map(repository), file: told?.includes('$') === true ? only : at };
}

/** The name of an image without its tag and digest. */
const repository = (name: string): string => name.replace(/@.*$/, '').replace(/:[^/:]*$/, '');

const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** Official images. Source: https://hub.docker.com/u/library, seen 2026-11. */
const official = new Set(
  [
    'adminer aerospike almalinux alpine amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bash bonita buildpack-deps busybox caddy cassandra centos',
    'chronograf cirros clearlinux clickhouse clojure composer consul convertigo couchbase couchdb crate dart debian docker drupal eclipse-mosquitto eclipse-temurin',
    'eggdrop elasticsearch elixir emqx erlang express-gateway fedora flink fluentd friendica gcc geonetwork ghost golang gradle groovy haproxy haskell hello-world',
    'hitch httpd hylang ibmjava ibm-semeru-runtimes influxdb irssi jenkins jetty joomla jruby julia kapacitor kibana kong krakend lightstreamer liquibase logstash',
    'mageia mariadb matomo maven mediawiki memcached mongo mongo-express monica mysql nats nats-streaming neo4j neurodebian nextcloud nginx node odoo openjdk',
    'open-liberty oraclelinux orientdb percona perl photon php php-zendserver phpmyadmin plone postfixadmin postgres pypy python r-base rabbitmq rakudo-star redis',
    'redmine registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa scratch silverpeas solr sonarqube spark spiped storm swift swipl teamspeak',
    'telegraf tomcat tomee traefik ubuntu unit valkey varnish vault websphere-liberty wordpress xwiki yourls znc zookeeper',
  ].flatMap((line) => line.split(' ')),
);
const others =
  /^(?:(?:docker\.io\/)?(?:library|bitnami|grafana|prom|hashicorp|amazon|google|curlimages|dpage|minio|confluentinc|redis|elastic|jenkins|linuxserver)|quay\.io|registry\.k8s\.io|k8s\.gcr\.io|mcr\.microsoft\.com|docker\.elastic\.co|public\.ecr\.aws|gcr\.io\/(?:google|kaniko|cloud)[\w-]*)\//;

/** An image that somebody else made, by its name. */
const isPublic = (name: string): boolean => official.has(name) || others.test(name);

function useOf({ image, service, entrypoint, words, volumes, workdir, rights }: RunLine, file: string, line: number): ServiceUse {
  const name = service ?? image ?? '';
  const all = [...(entrypoint === undefined ? [] : [entrypoint]), ...words];
  const shell = all.length === 1 && /^(?:\/bin\/)?(?:ba|a)?sh$/.test(all[0] ?? '');
  return {
    ...useAt(file, line, name),
    command: words.length > 0 && !shell ? words : undefined,
    entrypoint: entrypoint === undefined || shell ? undefined : [entrypoint],
    healthcheck: shell ? ['CMD', ...all] : undefined,
    ...(shell ? { shell } : {}),
    ...(workdir === undefined ? {} : { workdir }),
    mounts: volumes.flatMap((volume) => {
      const [source, target] = splitMount(volume.replace(/["']/g, ''));
      return target === undefined ? [] : [{ kind: /^[./~$]/.test(source ?? '') ? ('bind' as const) : ('volume' as const), source, target }];
    }),
    ...(rights.length > 0 ? { rights } : {}),
  };
}
