// Room: knowledge/. The published base images: which one a reference names, and what its configuration starts a stage with.
import { oncePer, onceOfLast } from '../once.ts';
import { imageRows } from './image-rows.ts';
import { serviceRows } from './service-rows.ts';
import type { ImageFacts, ImageFamily, ImageRow } from './types.ts';

/** PATH of the Debian, Ubuntu and Alpine images, and BuildKit's own where an image sets none (util/system/path.go). */
export const ordinaryPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Registries that serve Docker Hub's official images, with the prefix that these have there. `hub`: all other repositories as well.
 * Sources: gallery.ecr.aws/docker, cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images
 */
const mirrors: Readonly<Record<string, { prefix: string; hub: boolean }>> = {
  '': { prefix: 'library/', hub: true },
  'docker.io': { prefix: 'library/', hub: true },
  'index.docker.io': { prefix: 'library/', hub: true },
  'registry-1.docker.io': { prefix: 'library/', hub: true },
  'registry.hub.docker.com': { prefix: 'library/', hub: true },
  'mirror.gcr.io': { prefix: 'library/', hub: true },
  'public.ecr.aws': { prefix: 'docker/library/', hub: false },
};

/** The Docker Hub repository ('node', 'oven/bun') that an image is, on Docker Hub or on a mirror of it. Undefined on any other registry. In: registry and repository as in `ImageRef`. */
export function mirrorOf(image: { registry: string; repository: string }): string | undefined {
  const registry = image.registry.toLowerCase();
  const mirror = Object.hasOwn(mirrors, registry) ? mirrors[registry] : undefined;
  if (!mirror) return undefined;
  if (image.repository.startsWith(mirror.prefix)) return image.repository.slice(mirror.prefix.length);
  return mirror.hub ? image.repository.replace(ofOneArchitecture, '') : undefined;
}
/** Where the official images of one architecture are published by themselves. Source: docker-library/official-images, README, "Architectures other than amd64?" */
const ofOneArchitecture = /^(?:amd64|arm32v[567]|arm64v8|i386|mips64le|ppc64le|riscv64|s390x)\/(?=[^/]+$)/;

/** The name space of an official image of one architecture (`arm32v7/`). */
export const architectureOf = (image: { registry: string; repository: string }): string | undefined =>
  mirrorOf(image) === undefined ? undefined : ofOneArchitecture.exec(image.repository)?.[0];

/** An official image for the architecture that the one beside it is for: two architectures in one file do not go together. */
function besideArchitecture(
  beside: { registry: string; repository: string },
  image: { registry: string; repository: string },
): string | undefined {
  const architecture = architectureOf(beside);
  const official = mirrorOf(image);
  if (architecture === undefined || official === undefined || official.includes('/')) return undefined;
  return `${beside.registry === '' ? '' : `${beside.registry}/`}${architecture}${official}`;
}

/** The published images that are known. */
export interface Images {
  /**
   * The published image family that a reference names, or undefined. `tag` makes the answer finer: PHP's fpm and apache, an
   * Alpine base, ENV LANG. The family's `registry` and `repository` are those of the original, also for a mirror.
   */
  family(image: { registry: string; repository: string; tag?: string | undefined }): ImageFamily | undefined;
  /** As `mirrorOf`, with the mirrors that were told. */
  hub(image: { registry: string; repository: string }): string | undefined;
  /** Registry and repository as the original has them: of a mirror that was told, what it serves. */
  original(image: { registry: string; repository: string }): { registry: string; repository: string };
  /** The name of an image where the mirror that was told, and serves `beside`, serves it too. Undefined: no mirror is told to. */
  onMirrorOf(beside: { registry: string; repository: string }, image: { registry: string; repository: string }): string | undefined;
  /** The row of a repository on Docker Hub ('debian', 'oven/bun'). */
  row(repository: string): ImageRow | undefined;
}

/** The images of these rows (those of the ecosystems), and those that belong to no ecosystem. */
export function imagesWith(own: readonly ImageRow[]): Images {
  const rows = new Map([...own, ...imageRows, ...serviceRows].map((row) => [`${row.registry ?? ''} ${row.repository}`, row]));
  return {
    hub: mirrorOf,
    original: ({ registry, repository }) => ({ registry, repository }),
    onMirrorOf: besideArchitecture,
    family(image) {
      const hub = mirrorOf(image);
      const tag = image.tag ?? 'latest';
      if (hub === undefined && image.registry === 'gcr.io') return distroless(image.repository, tag);
      const row = rows.get(hub === undefined ? `${image.registry} ${image.repository}` : ` ${hub}`);
      return row && (row.tagged?.test(tag.slice(0, 128)) ?? true) ? familyOf(row, tag) : undefined;
    },
    row: (repository) => rows.get(` ${repository}`),
  };
}

/** The family that an image on a private registry is probably a copy of: its last part is an official image's name. What it holds cannot be known: only good for a skip's sentence, or with `--level max`. */
export function privateMirrorOf(
  images: Images,
  image: { registry: string; repository: string; tag?: string | undefined },
): ImageFamily | undefined {
  if (images.hub(image) !== undefined || images.family(image)) return undefined;
  const row = images.row(image.repository.slice(image.repository.lastIndexOf('/') + 1));
  return row && familyOf(row, image.tag ?? 'latest');
}

/** What the image of a row is under a tag. */
export const familyOf = (row: ImageRow, tag: string): ImageFamily => familiesOf(row)(tag);
const familiesOf = oncePer((row: ImageRow) => onceOfLast(8, (tag: string) => readFamily(row, tag)));

function readFamily(row: ImageRow, tag: string): ImageFamily {
  const short = tag.slice(0, 128);
  const facts: ImageFacts = Object.assign({}, row, ...(row.under ?? []).filter((under) => under.tag.test(short)));
  const version = /^\d+\.\d+\.\d+(?=-|$)/.exec(short)?.[0];
  const env: Record<string, string> = { PATH: facts.path === undefined ? ordinaryPath : `${facts.path}:${ordinaryPath}`, ...facts.env };
  if (facts.versionEnv !== undefined && version !== undefined) env[facts.versionEnv] = version;
  return {
    row,
    registry: row.registry ?? '',
    repository: row.repository,
    entrypoint: facts.entrypoint,
    entry: facts.entry,
    cmd: facts.cmd,
    state: { ...(facts.envUnknown ? {} : { env }), workdir: facts.workdir ?? '/', user: facts.user ?? 'root', shell: ['/bin/sh', '-c'] },
    unknownEnv: facts.unknownEnv?.filter((name) => !Object.hasOwn(env, name)) ?? [],
    users: facts.users ?? [],
    volumes: facts.volumes ?? [],
    exposes: facts.exposes ?? [],
    stopSignal: facts.stopSignal,
    interactive: facts.interactive ?? false,
    service: row.service ?? false,
    source: row.source,
  };
}

/** Distroless images by kind. Source: GoogleContainerTools/distroless, README and nodejs/, java/, python3/, 2026-08-21. */
const distrolessEntry: Readonly<Record<string, string[] | undefined>> = {
  static: undefined,
  base: undefined,
  'base-nossl': undefined,
  cc: undefined,
  'java-base': undefined,
  nodejs: ['/nodejs/bin/node'],
  java: ['/usr/bin/java', '-jar'],
  python3: ['/usr/bin/python3'],
};
const nonroot = { name: 'nonroot', uid: 65532, gid: 65532, home: '/home/nonroot' };

/** What a distroless image starts is its only program; Python's has a second name. */
function distrolessPrograms(started: string | undefined): ImageRow['programs'] {
  const name = started?.replace(/^.*\//, '');
  return name === undefined ? [] : [{ names: name === 'python3' ? 'python3 python' : name }];
}

function distroless(repository: string, tag: string): ImageFamily | undefined {
  const kind = /^distroless\/(static|base-nossl|base|cc|java-base|python3|(?:nodejs|java)(?=\d|-debian|$))\d*(?:-debian\d+)?$/.exec(
    repository,
  )?.[1];
  if (kind === undefined) return undefined;
  const asUser = tag.includes('nonroot');
  const entrypoint = distrolessEntry[kind] ?? (tag.includes('debug') ? ['/busybox/sh'] : undefined);
  const source = 'GoogleContainerTools/distroless, README';
  return {
    row: { registry: 'gcr.io', repository, source, programs: distrolessPrograms(distrolessEntry[kind]?.[0]) },
    registry: 'gcr.io',
    repository,
    entrypoint,
    cmd: undefined,
    state: {
      env: { PATH: ordinaryPath, SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' },
      workdir: asUser ? nonroot.home : '/',
      user: asUser ? '65532' : '0',
      shell: ['/bin/sh', '-c'],
    },
    unknownEnv: kind.startsWith('java') ? ['JAVA_VERSION', 'LANG'] : [],
    users: [{ name: 'nobody', uid: 65534, gid: 65534, home: '/nonexistent' }, nonroot],
    volumes: [],
    exposes: [],
    stopSignal: undefined,
    interactive: false,
    service: false,
    source,
  };
}
