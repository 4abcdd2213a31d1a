// Room: uses/. Who uses the image of a Dockerfile, and how: the services of compose files, and the builders of CI.
import { keptTree } from '../context/kept.ts';
import type { FileTree } from '../context/types.ts';
import { oncePer } from '../once.ts';
import { actionsOf, pushedBuilds, pushedNames } from './actions.ts';
import { builders } from './builders.ts';
import { composeServices, type Build, type Service } from './compose.ts';
import { givenByHand, isBuiltHere, namedBuilds, usesByHand, usesElsewhere, type NamedBuild } from './elsewhere.ts';
import { resolveFrom } from './places.ts';
import type { ServiceUse, Uses } from './types.ts';

/** The builds that compose files name: paths seen from the root of the tree (`..` in front: outside of it). */
export interface ComposeContext {
  file: string;
  service: string;
  context: string;
  dockerfile: string;
  target: string | undefined;
}

/** Every build of every compose file of the tree; remote contexts and inline Dockerfiles are left out. Never fails. */
export function composeContexts(tree: FileTree): ComposeContext[] {
  return servicesIn(keptTree(tree)).all.flatMap(({ file, name, build }) => (build ? [{ file, service: name, ...build }] : []));
}

/** Every build that compose files, CI, scripts or a Makefile name with its Dockerfile and its context, as paths of the tree. Never fails. */
export function buildContexts(tree: FileTree): NamedBuild[] {
  const kept = keptTree(tree);
  return [
    ...composeContexts(tree).map(({ context, dockerfile }) => ({ context, dockerfile })),
    ...namedBuilds(kept),
    ...pushedBuilds(kept),
  ];
}

/**
 * The uses of one image. In: the repository (or the context) as a tree, the path of the Dockerfile in it
 * (undefined for standard input: then services with the same context and the default name count), and the path of the build context in it.
 */
export function uses(tree: FileTree, dockerfilePath: string | undefined, contextPath: string): Uses {
  const found = servicesIn(keptTree(tree));
  const { all, builds } = found;
  const isOurs = (build: Build): boolean => {
    if (dockerfilePath !== undefined) return build.dockerfile === resolveFrom('', dockerfilePath);
    const context = resolveFrom('', contextPath);
    return build.context === context && build.dockerfile === resolveFrom(context, 'Dockerfile');
  };
  const ours = all.filter((service) => {
    const build = builds.get(service);
    return build !== undefined && isOurs(build);
  });
  const images = new Map(
    ours.flatMap((service) => (service.image === undefined ? [] : [[service.image, builds.get(service) as Build] as const])),
  );
  const path = dockerfilePath === undefined ? undefined : resolveFrom('', dockerfilePath);
  // what no service builds, somebody builds by hand
  const ofOne = ({ image }: Service): Build | undefined =>
    path !== undefined && image !== undefined && ours.length === 0 && isBuiltHere(keptTree(tree), path, image)
      ? { context: resolveFrom('', contextPath) ?? contextPath, dockerfile: path, target: undefined }
      : undefined;
  const services = all.flatMap((service) => {
    const own = builds.get(service);
    const build = own ? (isOurs(own) ? own : undefined) : (images.get(service.image ?? '') ?? ofOne(service));
    return build ? [useOf(service, build, found)] : [];
  });
  const actions = path === undefined ? [] : actionsOf(keptTree(tree), path);
  const names = new Set([...images.keys(), ...(path === undefined ? [] : pushedNames(keptTree(tree), path))]);
  const image = { dockerfile: path, names, services: new Set(services.map(({ service }) => service)) };
  const everywhere = [...services, ...usesElsewhere(keptTree(tree), image), ...givenByHand(keptTree(tree), image)];
  const byHand = usesByHand(keptTree(tree), image);
  return {
    services: everywhere,
    ...(byHand.length > 0 ? { byHand } : {}),
    builder: builders(keptTree(tree)).filter(({ evidence }) => concerns(evidence.file, path ?? `${contextPath}/Dockerfile`)),
    ...(actions.length > 0 ? { actions } : {}),
  };
}

/** Settings of CI count for all images where they stand at the root or in a directory of their own, else for those beside and below them. */
function concerns(file: string, dockerfile: string): boolean {
  const dir = file.slice(0, Math.max(0, file.lastIndexOf('/')));
  return dir === '' || dir.startsWith('.') || dir === 'cloudbuild' || dockerfile.startsWith(`${dir}/`);
}

/** The services of a repository, read once, whichever of its Dockerfiles asks. */
interface Services {
  all: readonly Service[];
  builds: ReadonlyMap<Service, Build | undefined>;
  /** By file and name, by directory and name. */
  named: ReadonlyMap<string, Service>;
  built: ReadonlyMap<string, readonly Service[]>;
}
const servicesIn = oncePer((tree: FileTree): Services => {
  const all = composeServices(tree);
  const named = new Map<string, Service>();
  const built = new Map<string, Service[]>();
  for (const service of all) {
    const name = `${service.file}\0${service.name}`;
    if (!named.has(name)) named.set(name, service);
    const place = `${service.dir}\0${service.name}`;
    const others = built.get(place);
    if (others && service.build) others.push(service);
    else if (service.build) built.set(place, [service]);
  }
  const found = { all, named, built };
  return { ...found, builds: new Map(all.map((service) => [service, buildOf(service, found)])) };
});

const maxExtends = 8;

/** The chain of `extends`, the service itself first. Source: https://docs.docker.com/reference/compose-file/services/#extends. */
function lineage(service: Service, { named }: Pick<Services, 'named'>): Service[] {
  const chain = [service];
  for (let at: Service | undefined = service; at?.extends && chain.length < maxExtends;) {
    const { file, service: name }: { file: string; service: string } = at.extends;
    at = named.get(`${file}\0${name}`);
    if (!at || chain.includes(at)) break;
    chain.push(at);
  }
  return chain;
}

/**
 * What a service builds: its own `build`, that of a service it extends, or that of the same service in another compose file
 * of its directory (an override file is merged over the base).
 */
function buildOf(service: Service, found: Pick<Services, 'named' | 'built'>): Build | undefined {
  const inherited = lineage(service, found).find((s) => s.build)?.build;
  if (inherited) return inherited;
  return found.built.get(`${service.dir}\0${service.name}`)?.find((other) => other !== service)?.build;
}

function useOf(service: Service, build: Build, found: Services): ServiceUse {
  const chain = lineage(service, found);
  const first = <K extends 'command' | 'entrypoint' | 'healthcheck' | 'user' | 'workdir'>(key: K): Service[K] =>
    chain.find((s) => s[key] !== undefined)?.[key] as Service[K];
  const workdir = first('workdir');
  return {
    file: service.file,
    service: service.name,
    context: build.context,
    dockerfile: build.dockerfile,
    target: build.target,
    command: first('command'),
    entrypoint: first('entrypoint'),
    healthcheck: first('healthcheck'),
    user: first('user'),
    ...(workdir === undefined ? {} : { workdir }),
    mounts: chain.flatMap((s) => s.mounts),
    capAdd: [...new Set(chain.flatMap((s) => s.capAdd))],
    ...(chain.some((s) => s.rights.length > 0) ? { rights: chain.flatMap((s) => s.rights) } : {}),
    ...(chain.some((s) => s.environment.length > 0) ? { environment: chain.flatMap((s) => s.environment) } : {}),
    ...(chain.some((s) => s.synced.length > 0) ? { synced: chain.flatMap((s) => s.synced) } : {}),
    ...(chain.some((s) => s.ports.length > 0) ? { ports: chain.flatMap((s) => s.ports) } : {}),
    evidence: {
      file: service.file,
      line: service.line,
      says: service.build
        ? `service ${service.name} builds ${build.dockerfile}`
        : `service ${service.name} runs the image of ${build.dockerfile}`,
    },
  };
}
