// Room: knowledge/. Dockerfile frontends: which one a `# syntax=` names, and the first version that has a feature.

/** First version of docker/dockerfile with a feature. Source: docs.docker.com/reference/dockerfile, "Minimum Dockerfile version", and moby/buildkit frontend/dockerfile/CHANGELOG, 2026-08. */
export const minimumFrontend = {
  'run-mount': '1.2',
  'run-network': '1.3',
  heredoc: '1.4',
  'copy-link': '1.4',
  'add-git': '1.6',
  'add-checksum': '1.6',
  'check-directive': '1.8',
  'secret-env': '1.10',
  'onbuild-copy-from': '1.11',
  'symbolic-chmod': '1.14',
  'add-unpack': '1.17',
  'copy-exclude': '1.19',
  'copy-parents': '1.20',
} as const;
export type FrontendFeature = keyof typeof minimumFrontend;

const docker = /^(?:(?:docker\.io|index\.docker\.io)\/)?docker\/dockerfile(?:-upstream)?(?::([\w.-]+))?(?:@sha256:[0-9a-f]+)?$/i;

/** Whether a `# syntax=` value is Docker's own frontend. In: the directive's value. */
export function isDockerFrontend(syntax: string): boolean {
  return docker.test(syntax.trim());
}

/**
 * Whether a `# syntax=` value has a feature: `1` and no tag are the newest 1.x; `1.7-labs` is 1.7.
 * Undefined: another frontend, a digest without a tag, or a tag such as `master`.
 */
export function frontendHas(syntax: string, feature: FrontendFeature): boolean | undefined {
  const value = syntax.trim();
  const match = docker.exec(value);
  if (!match || (match[1] === undefined && value.includes('@'))) return undefined;
  const tag = match[1] ?? 'latest';
  if (tag === 'latest' || tag === '1' || tag === 'labs' || tag === '1-labs') return true;
  const version = /^1\.(\d{1,4})(?![\d])/.exec(tag);
  if (/experimental/.test(tag)) return feature === 'run-mount' || (version ? newEnough(version[1] ?? '', feature) : undefined);
  return version ? newEnough(version[1] ?? '', feature) : undefined;
}

const newEnough = (minor: string, feature: FrontendFeature): boolean => Number(minor) >= Number(minimumFrontend[feature].split('.')[1]);
