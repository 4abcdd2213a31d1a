// Room: uses/. What platforms run in an image: release commands, processes, jobs, probes, development containers.
import { parse } from 'smol-toml';
import { ECS, KAMAL } from './find.ts';
import { resolveFrom } from './places.ts';
import { some, type Found } from './found.ts';
import { ecsTask, gitlabJobs, kamal } from './runners.ts';
import { useAt, type ServiceUse } from './types.ts';
import { commandLine, documents, get, isMapping, list, text } from './values.ts';

export interface Deployed {
  /** The Dockerfile of the image, where the file names one; else the image's name. */
  dockerfile: string | undefined;
  image: string | undefined;
  use: ServiceUse;
}
/** Reads one file; `only`: the Dockerfile that a platform takes where none is named. */
export function deployedIn(file: string, source: string, only: string | undefined): Deployed[] {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const dir = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  const values = name.endsWith('.toml') ? tomlOf(source) : documents(name.includes('devcontainer') ? withoutComments(source) : source);
  const read = byName.find(([form]) => form.test(file))?.[1] ?? readers[name] ?? containers;
  return values
    .flatMap((value) => read(value))
    .map((found) => {
      const told = found.dockerfile === undefined ? undefined : resolveFrom(name.includes('devcontainer') ? dir : '', found.dockerfile);
      const { image } = found;
      return { dockerfile: told ?? (image === undefined ? only : undefined), image, use: useOf(file, source, found) };
    });
}

function tomlOf(source: string): unknown[] {
  try {
    return [parse(source)];
  } catch {
    return [];
  }
}
/** JSON with comments and trailing commas, as https://containers.dev/implementors/spec has it; an address keeps its slashes. */
const withoutComments = (source: string): string => source.replaceAll(/^\s*\/\/.*$|(?<=[\s,{[])\/\/.*$|\/\*[\s\S]*?\*\//gm, '');

const entries = (value: unknown): [string, unknown][] => (isMapping(value) ? Object.entries(value) : []);

const readers: Readonly<Record<string, (value: unknown) => Found[]>> = {
  // https://fly.io/docs/reference/configuration
  'fly.toml': (value) => {
    const dockerfile = text(get(get(value, 'build'), 'dockerfile')) ?? 'Dockerfile';
    const experimental = get(value, 'experimental');
    const mounts = [get(value, 'mounts'), ...list(get(value, 'mounts'))].flatMap((mount) => text(get(mount, 'destination')) ?? []);
    const ports = [get(value, 'http_service'), ...list(get(value, 'services'))].flatMap(
      (one) => Number(text(get(one, 'internal_port')) ?? 0) || [],
    );
    const environment = variables(get(value, 'env'));
    return [
      ...(environment.length > 0 ? [{ name: 'env', environment, dockerfile }] : []),
      ...(ports.length > 0 ? [{ name: 'internal_port', ports, dockerfile }] : []),
      ...some('release_command', text(get(get(value, 'deploy'), 'release_command')), { dockerfile }),
      ...entries(get(value, 'processes')).flatMap(([name, command]) => some(name, text(command), { dockerfile })),
      ...some('cmd', commandLine(get(experimental, 'cmd')), { dockerfile }),
      ...(get(experimental, 'entrypoint') === undefined
        ? []
        : [{ name: 'entrypoint', entrypoint: commandLine(get(experimental, 'entrypoint')), dockerfile }]),
      ...(mounts.length > 0 ? [{ name: 'mounts', mounts, dockerfile }] : []),
    ];
  },
  // https://render.com/docs/blueprint-spec
  'render.yaml': (value) =>
    list(get(value, 'services')).flatMap((service) => {
      if (![get(service, 'runtime'), get(service, 'env')].includes('docker')) return [];
      const dockerfile = text(get(service, 'dockerfilePath')) ?? 'Dockerfile';
      const name = text(get(service, 'name')) ?? 'service';
      const disk = text(get(get(service, 'disk'), 'mountPath'));
      const { environment } = settingsOf(service, 'envVars', 'key');
      return [
        ...(environment.length > 0 ? [{ name, environment, dockerfile }] : []),
        ...['dockerCommand', 'preDeployCommand', 'initialDeployHook'].flatMap((key) => some(name, text(get(service, key)), { dockerfile })),
        ...(disk === undefined ? [] : [{ name, mounts: [disk], dockerfile }]),
      ];
    }),
  // https://devcenter.heroku.com/articles/build-docker-images-heroku-yml
  'heroku.yml': (value) => {
    const images = get(get(value, 'build'), 'docker');
    const of = (name: string): string | undefined => {
      const image = get(images, name);
      return text(image) ?? text(get(image, 'dockerfile'));
    };
    const release = get(value, 'release');
    const runs = [...entries(get(value, 'run')), ...(release === undefined ? [] : [['release', release] as [string, unknown]])];
    return runs.flatMap(([name, run]) => {
      const command = commandLine(get(run, 'command')) ?? text(run);
      const dockerfile = of(text(get(run, 'image')) ?? name);
      return some(name, Array.isArray(command) ? command.join(' && ') : command, { dockerfile });
    });
  },
  // https://docs.railway.com/reference/config-as-code
  'railway.json': (value) => railway(value),
  'railway.toml': (value) => railway(value),
  // https://dokku.com/docs/appendices/file-formats/app-json
  'app.json': (value) =>
    entries(get(get(value, 'scripts'), 'dokku')).flatMap(([name, command]) => some(name, text(command), { dockerfile: 'Dockerfile' })),
  // https://docs.digitalocean.com/products/app-platform/reference/app-spec
  'app.yaml': (value) =>
    ['services', 'workers', 'jobs'].flatMap((key) =>
      list(get(value, key)).flatMap((one) => {
        const dockerfile = text(get(one, 'dockerfile_path'));
        return dockerfile === undefined ? [] : some(text(get(one, 'name')) ?? key, text(get(one, 'run_command')), { dockerfile });
      }),
    ),
};

/** Readers of files that have no one name. */
const byName: readonly (readonly [RegExp, (value: unknown) => Found[]])[] = [
  [/devcontainer\.json$/, devContainer],
  [KAMAL, kamal],
  [ECS, ecsTask],
  [/^\.gitlab-ci\.ya?ml$/, gitlabJobs],
];

function railway(value: unknown): Found[] {
  const build = get(value, 'build');
  if (text(get(build, 'builder'))?.toUpperCase() !== 'DOCKERFILE') return [];
  const dockerfile = text(get(build, 'dockerfilePath')) ?? 'Dockerfile';
  const deploy = get(value, 'deploy');
  return ['startCommand', 'preDeployCommand', 'cronCommand'].flatMap((key) => {
    const command = commandLine(get(deploy, key));
    return some(key, Array.isArray(command) ? command.join(' && ') : command, { dockerfile });
  });
}

/** Source: https://containers.dev/implementors/json_reference: the editor's server and shells run in the image. */
function devContainer(value: unknown): Found[] {
  const build = get(value, 'build');
  const dockerfile = text(get(build, 'dockerfile')) ?? text(get(value, 'dockerFile'));
  return dockerfile === undefined ? [] : [{ name: 'devcontainer', command: ['sh'], dockerfile, development: true }];
}

/** Containers of Kubernetes manifests, at any depth: Deployment, Job, CronJob, Knative's Service. Source: kubernetes.io/docs/reference/kubernetes-api, PodSpec. */
function containers(value: unknown, depth = 0): Found[] {
  if (depth > 12) return [];
  if (Array.isArray(value)) return value.flatMap((one) => containers(one, depth + 1));
  const here = ['containers', 'initContainers'].flatMap((key) => list(get(value, key)).flatMap((one) => container(one, durable(value))));
  return [
    ...here,
    ...entries(value).flatMap(([key, one]) => (/^(?:containers|initContainers)$/.test(key) ? [] : containers(one, depth + 1))),
  ];
}

/** The volumes of a pod that keep files of before, which no fsGroup gives to the user. */
function durable(pod: unknown): ReadonlySet<string> {
  if (get(get(pod, 'securityContext'), 'fsGroup') !== undefined) return new Set();
  return new Set(
    list(get(pod, 'volumes')).flatMap((volume) =>
      get(volume, 'persistentVolumeClaim') === undefined && get(volume, 'hostPath') === undefined ? [] : (text(get(volume, 'name')) ?? []),
    ),
  );
}

function container(one: unknown, volumes: ReadonlySet<string>): Found[] {
  const image = text(get(one, 'image'));
  if (image === undefined) return [];
  const name = text(get(one, 'name')) ?? image;
  const [entrypoint, command] = [commandLine(get(one, 'command')), commandLine(get(one, 'args'))];
  const mounts = list(get(one, 'volumeMounts')).flatMap((mount) =>
    volumes.has(text(get(mount, 'name')) ?? '') ? (text(get(mount, 'mountPath')) ?? []) : [],
  );
  const hooks = ['livenessProbe', 'readinessProbe', 'startupProbe'].map((key) => get(one, key));
  const lifecycle = ['postStart', 'preStop'].map((key) => get(get(one, 'lifecycle'), key));
  const checks = [...hooks, ...lifecycle].flatMap((hook) => {
    const words = commandLine(get(get(hook, 'exec'), 'command'));
    return Array.isArray(words) ? [{ name, image, healthcheck: ['CMD', ...words] }] : [];
  });
  const more = { rights: rightsOf(get(one, 'securityContext')), ...settingsOf(one) };
  const workdir = text(get(one, 'workingDir'));
  const told = [entrypoint, command, workdir].some((all) => all !== undefined);
  const nothing = !told && Object.values({ mounts, ...more }).every((all) => all.length === 0);
  const runs = nothing ? [] : [{ name, image, entrypoint, command, workdir, mounts, ...more }];
  return [...runs, ...checks];
}

/** Source: kubernetes.io/docs/reference/kubernetes-api, Container, SecurityContext. */
function rightsOf(context: unknown): string[] {
  const added = list(get(get(context, 'capabilities'), 'add')).flatMap((one) => text(one) ?? []);
  return [
    ...(get(context, 'privileged') === true ? ['runs it privileged'] : []),
    ...(added.length > 0 ? [`gives the container ${added.join(', ')}`] : []),
    ...(get(context, 'runAsUser') === 0 ? ['runs the container as root on purpose'] : []),
  ];
}

/** `PORT = "80"`, one to a line. */
const variables = (value: unknown): [string, string][] =>
  entries(value).flatMap(([name, set]): [string, string][] => {
    const told = text(set);
    return told === undefined ? [] : [[name, told]];
  });

function settingsOf(one: unknown, variablesIn = 'env', key = 'name'): { environment: [string, string][]; ports: number[] } {
  return {
    environment: list(get(one, variablesIn)).flatMap((variable): [string, string][] => {
      const [name, value] = [text(get(variable, key)), text(get(variable, 'value'))];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
    ports: list(get(one, 'ports')).flatMap((port) => Number(text(get(port, 'containerPort')) ?? 0) || []),
  };
}

function useOf(file: string, source: string, found: Found): ServiceUse {
  const { name, command, entrypoint, healthcheck, workdir, mounts = [], development, rights = [], environment = [], ports = [] } = found;
  const words = [entrypoint, command, healthcheck?.slice(1)].flatMap((one) => (typeof one === 'string' ? [one] : (one ?? [])));
  const told = words.at(-1) ?? mounts[0] ?? name;
  const line = source.split('\n').findIndex((one) => one.includes(told.split('\n')[0] ?? ''));
  return {
    ...useAt(file, Math.max(line, 0) + 1, name),
    command,
    entrypoint,
    healthcheck,
    mounts: mounts.map((target) => ({ kind: 'volume' as const, source: undefined, target })),
    ...(workdir === undefined ? {} : { workdir }),
    ...(development ? { development } : {}),
    ...(rights.length > 0 ? { rights } : {}),
    ...(environment.length > 0 ? { environment } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  };
}
