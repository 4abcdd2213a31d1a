// Room: uses/. Who uses the image of a Dockerfile, and how: the services of compose files, and the builders of CI.
import type { FileTree } from '../context/types.ts';
import { actionsOf } from './actions.ts';
import { builders } from './builders.ts';
import { composeServices, type Build, type Service } from './compose.ts';
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
  return composeServices(tree).flatMap(({ file, name, build }) => (build ? [{ file, service: name, ...build }] : []));
}

/**
 * The uses of one image. In: the repository (or the context) as a tree, the path of the Dockerfile in it
 * (undefined for standard input: then services with the same context and the default name count), and the path of the build context in it.
 */
export function uses(tree: FileTree, dockerfilePath: string | undefined, contextPath: string): Uses {
  const all = composeServices(tree);
  const isOurs = (build: Build): boolean => {
    if (dockerfilePath !== undefined) return build.dockerfile === resolveFrom('', dockerfilePath);
    const context = resolveFrom('', contextPath);
    return build.context === context && build.dockerfile === resolveFrom(context, 'Dockerfile');
  };
  const builds = new Map(all.map((service) => [service, buildOf(service, all)]));
  const ours = all.filter((service) => {
    const build = builds.get(service);
    return build !== undefined && isOurs(build);
  });
  const images = new Map(
    ours.flatMap((service) => (service.image === undefined ? [] : [[service.image, builds.get(service) as Build] as const])),
  );
  const services = all.flatMap((service) => {
    const own = builds.get(service);
    const build = own ? (isOurs(own) ? own : undefined) : images.get(service.image ?? '');
    return build ? [useOf(service, build, all)] : [];
  });
  const path = dockerfilePath === undefined ? undefined : resolveFrom('', dockerfilePath);
  const actions = path === undefined ? [] : actionsOf(tree, path);
  return { services, builder: builders(tree), ...(actions.length > 0 ? { actions } : {}) };
}

const maxExtends = 8;

/** The chain of `extends`, the service itself first. Source: https://docs.docker.com/reference/compose-file/services/#extends. */
function lineage(service: Service, all: readonly Service[]): Service[] {
  const chain = [service];
  for (let at: Service | undefined = service; at?.extends && chain.length < maxExtends;) {
    const { file, service: name }: { file: string; service: string } = at.extends;
    at = all.find((other) => other.file === file && other.name === name);
    if (!at || chain.includes(at)) break;
    chain.push(at);
  }
  return chain;
}

/**
 * What a service builds: its own `build`, that of a service it extends, or that of the same service in another compose file
 * of its directory (an override file is merged over the base).
 */
function buildOf(service: Service, all: readonly Service[]): Build | undefined {
  const inherited = lineage(service, all).find((s) => s.build)?.build;
  if (inherited) return inherited;
  return all.find((other) => other !== service && other.dir === service.dir && other.name === service.name && other.build)?.build;
}

function useOf(service: Service, build: Build, all: readonly Service[]): ServiceUse {
  const chain = lineage(service, all);
  const first = <K extends 'command' | 'entrypoint' | 'healthcheck' | 'user'>(key: K): Service[K] =>
    chain.find((s) => s[key] !== undefined)?.[key] as Service[K];
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
    mounts: chain.flatMap((s) => s.mounts),
    capAdd: [...new Set(chain.flatMap((s) => s.capAdd))],
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
