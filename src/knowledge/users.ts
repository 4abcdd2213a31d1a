// Room: knowledge/. Which user the final image should run as, by base image (rule book 4.7).
import { family } from './images.ts';
import type { TagFacts } from './types.ts';

export interface NonRootUser {
  uid: number;
  gid: number;
  name: string;
  /** The RUN instruction that makes the user; undefined where the image has it, or needs none. */
  create: string | undefined;
  /** What USER is given: numbers, because Kubernetes' `runAsNonRoot` cannot check a name. */
  user: string;
}

/** Names that are free in every image below: shadow's tools on Debian and Ubuntu (trixie has no `adduser`), busybox's on Alpine. */
const made = {
  debian: (id: number): string =>
    `RUN groupadd --gid ${id} app && useradd --uid ${id} --gid ${id} --create-home --shell /usr/sbin/nologin app`,
  alpine: (id: number): string => `RUN addgroup -g ${id} -S app && adduser -u ${id} -S -G app app`,
};

/** Images that have a user for the purpose. Sources: nodejs/docker-node, oven-sh/bun, docker-library/php, dotnet/dotnet-docker (from .NET 8 on), GoogleContainerTools/distroless. */
const own: Readonly<Record<string, { uid: number; name: string; alpineUid?: number; user?: string; since?: number }>> = {
  node: { uid: 1000, name: 'node' },
  'oven/bun': { uid: 1000, name: 'bun' },
  php: { uid: 33, name: 'www-data', alpineUid: 82 },
  'dotnet/sdk': { uid: 1654, name: 'app', user: '$APP_UID', since: 8 },
  'dotnet/aspnet': { uid: 1654, name: 'app', user: '$APP_UID', since: 8 },
  'dotnet/runtime': { uid: 1654, name: 'app', user: '$APP_UID', since: 8 },
  'dotnet/runtime-deps': { uid: 1654, name: 'app', user: '$APP_UID', since: 8 },
  scratch: { uid: 65534, name: 'nobody' },
};

/** Images of servers that start as root and drop privileges themselves, also those that `family` does not know. */
export const serviceImages: ReadonlySet<string> = new Set([
  'nginx',
  'nginxinc/nginx-unprivileged',
  'httpd',
  'tomcat',
  'haproxy',
  'varnish',
  'postgres',
  'redis',
  'valkey',
  'mysql',
  'mariadb',
  'mongo',
  'rabbitmq',
  'elasticsearch',
  'memcached',
  'traefik',
  'caddy',
]);

/**
 * The user to run as, or undefined for service images and images that nobody knows.
 * In: repository and registry as in `ImageFamily`, and what the tag says. uid 1000 is taken on Ubuntu from 23.04 on (`ubuntu`), also below temurin, maven and gradle: 10001 there.
 */
export function nonRootUser(repository: string, tag: TagFacts, registry = ''): NonRootUser | undefined {
  if (serviceImages.has(repository)) return undefined;
  if (repository.startsWith('distroless/')) return numeric(65532, 'nonroot');
  const ready = Object.hasOwn(own, repository) ? own[repository] : undefined;
  if (ready && !(ready.since !== undefined && Number.parseInt(tag.version ?? '', 10) < ready.since)) {
    const uid = tag.variant === 'alpine' ? (ready.alpineUid ?? ready.uid) : ready.uid;
    return { ...numeric(uid, ready.name), ...(ready.user === undefined ? {} : { user: ready.user }) };
  }
  const known = family({ registry, repository, tag: tagText(tag) });
  if (!known) return undefined;
  const id = known.users.some((u) => u.uid === 1000 || u.gid === 1000) ? 10001 : 1000;
  return { ...numeric(id, 'app'), create: tag.variant === 'alpine' ? made.alpine(id) : made.debian(id) };
}

const numeric = (uid: number, name: string): NonRootUser => ({ uid, gid: uid, name, create: undefined, user: `${uid}:${uid}` });

/** Enough of a tag for the rows: version, suite and Alpine. */
const tagText = (tag: TagFacts): string =>
  [tag.version, tag.suite, tag.variant === 'alpine' ? 'alpine' : undefined].filter((part) => part !== undefined).join('-') || 'latest';
