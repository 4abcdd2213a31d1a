// Room: uses/. What Amazon ECS, Kamal and the runners of GitLab start in an image.
import { some, type Found } from './found.ts';
import { commandLine, get, isMapping, list, text, texts } from './values.ts';

/** Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html, containerDefinitions. */
export function ecsTask(value: unknown): Found[] {
  const task = get(value, 'taskDefinition') ?? value;
  return list(get(task, 'containerDefinitions')).flatMap((one) => {
    const image = text(get(one, 'image'));
    if (image === undefined) return [];
    const name = text(get(one, 'name')) ?? image;
    const environment = list(get(one, 'environment')).flatMap((variable): [string, string][] => {
      const [key, set] = [text(get(variable, 'name')), text(get(variable, 'value'))];
      return key === undefined || set === undefined ? [] : [[key, set]];
    });
    const ports = list(get(one, 'portMappings')).flatMap((port) => Number(text(get(port, 'containerPort')) ?? 0) || []);
    const mounts = list(get(one, 'mountPoints')).flatMap((mount) =>
      get(mount, 'readOnly') === true ? [] : (text(get(mount, 'containerPath')) ?? []),
    );
    const command = given(get(one, 'command'));
    const entrypoint = given(get(one, 'entryPoint'));
    const check = texts(get(get(one, 'healthCheck'), 'command'));
    const added = texts(get(get(get(one, 'linuxParameters'), 'capabilities'), 'add'));
    const rights = [
      ...(get(one, 'privileged') === true ? ['runs it privileged'] : []),
      ...(added.length > 0 ? [`gives the container ${added.join(', ')}`] : []),
      ...(/^(?:root|0)(?::|$)/.test(text(get(one, 'user')) ?? '') ? ['runs the container as root on purpose'] : []),
    ];
    const nothing =
      command === undefined && entrypoint === undefined && [environment, ports, mounts, rights].every((all) => all.length === 0);
    return [
      ...(nothing ? [] : [{ name, image, command, entrypoint, environment, ports, mounts, rights }]),
      ...(check.length > 0 ? [{ name, image, healthcheck: check }] : []),
    ];
  });
}
/** An empty list is what a form writes that nobody filled in. */
const given = (value: unknown): string[] | undefined => {
  const words = texts(value);
  return words.length === 0 ? undefined : words;
};

/** Sources: kamal-deploy.org/docs/configuration/roles (cmd), builders (dockerfile); of Kamal 1, kamal-deploy.org/v1/docs/configuration/healthchecks: curl in the container. */
export function kamal(value: unknown): Found[] {
  const image = text(get(value, 'image'));
  if (image === undefined) return [];
  const dockerfile = text(get(get(value, 'builder'), 'dockerfile')) ?? 'Dockerfile';
  const servers = get(value, 'servers');
  const roles = isMapping(servers) ? Object.entries(servers) : [];
  const health = get(value, 'healthcheck');
  const check =
    text(get(health, 'cmd')) ?? (health !== undefined || get(value, 'traefik') !== undefined ? 'curl -f http://localhost' : undefined);
  return [
    ...roles.flatMap(([name, role]) => some(name, commandLine(get(role, 'cmd')), { dockerfile })),
    ...(check === undefined ? [] : [{ name: 'healthcheck', healthcheck: ['CMD-SHELL', check], dockerfile }]),
  ];
}

/** Jobs that run in the image which the pipeline pushes. Source: docs.gitlab.com/ci/yaml, image, script and default; predefined variables, CI_REGISTRY_IMAGE. */
export function gitlabJobs(value: unknown): Found[] {
  if (!isMapping(value)) return [];
  const of = (one: unknown): string | undefined => text(get(one, 'image')) ?? text(get(get(one, 'image'), 'name'));
  const shared = of(get(value, 'default')) ?? of(value);
  return Object.entries(value).flatMap(([name, job]) => {
    const script = [...texts(get(job, 'before_script')), ...texts(get(job, 'script'))];
    const image = of(job) ?? shared;
    return script.length === 0 || image === undefined || !/\bCI_REGISTRY_IMAGE\b/.test(image)
      ? []
      : some(name, script.join(' && '), { image: image.replace(/\$\{(\w+)\}/g, '$$$1') });
  });
}
