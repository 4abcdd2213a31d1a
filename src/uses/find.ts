// Room: uses/. Where compose files, CI files and actions lie: by name, at the root and two directories down, bounded.
import { isSkippedDirectory, walk } from '../context/walk.ts';
import type { FileTree } from '../context/types.ts';

/** Files and directories looked at; repositories with more have them generated. */
const maxFiles = 60;
const maxDirectories = 600;
/** Characters of one file; longer ones are data, no configuration. */
const maxLength = 1_000_000;

// Source: https://docs.docker.com/compose/how-tos/multiple-compose-files/merge and https://docs.docker.com/compose/intro/compose-application-model.
const composeName = /^(?:docker-)?compose(?:[.-][\w.-]{1,60})?\.ya?ml$/i;

/** Paths of the compose files, the root's first. */
export const composeFiles = (tree: FileTree): string[] => filesNamed(tree, composeName);

/** Paths of the metadata files of GitHub Actions, the root's first. */
export const actionFiles = (tree: FileTree): string[] => filesNamed(tree, /^action\.ya?ml$/);

/** Dockerfiles, the root's first. */
export const dockerfiles = (tree: FileTree): string[] =>
  filesNamed(tree, /^(?:(?:[Dd]ockerfile|Containerfile)(?:\.[\w.-]{1,40})?|[\w.-]{1,40}\.[Dd]ockerfile)$/).filter(
    (path) => !path.endsWith('.dockerignore'),
  );

/** Scripts, Makefiles and the like, and the files of CI: what people and machines run beside the image. */
export const scriptFiles = (tree: FileTree): string[] => [
  ...filesNamed(tree, /^(?:(?:GNU)?[Mm]akefile|[\w.-]{1,40}\.mk|\.?[Jj]ustfile|[Tt]askfile\.ya?ml|package\.json|[\w.-]{1,60}\.sh)$/),
  ...ciFiles(tree),
];

/** What tells people how to use the repository. */
export const readmes = (tree: FileTree): string[] =>
  filesNamed(tree, /^readme(?:[._-][\w-]{1,20})?(?:\.(?:md|mdx|markdown|rst|txt|adoc))?$/i);

/** Settings of Kamal, and task definitions of Amazon ECS, by their paths. Sources: kamal-deploy.org/docs/configuration; aws-actions/amazon-ecs-deploy-task-definition, README. */
export const KAMAL = /^config\/deploy(?:\.[\w-]{1,40})?\.ya?ml$/;
export const ECS = /(?:^|\/)(?:ecs[-_.]?)?task[-_]?def(?:inition)?s?[\w.-]{0,40}\.json$/i;

/** Where platforms are told what to run in an image. Sources: the platforms' manuals, see platforms.ts. */
export const deploymentFiles = (tree: FileTree): string[] => [
  ...['fly.toml', 'railway.json', 'railway.toml', 'app.json', '.do/app.yaml', '.devcontainer.json'].filter(
    (path) => tree.stat(path)?.kind === 'file',
  ),
  ...(tree.list('config') ?? []).flatMap(({ kind, path }) => (kind === 'file' && KAMAL.test(path) ? [path] : [])),
  ...filesNamed(tree, ECS),
  ...['.gitlab-ci.yml', '.gitlab-ci.yaml'].filter((path) => tree.stat(path)?.kind === 'file'),
  ...['.devcontainer', ...(tree.list('.devcontainer') ?? []).flatMap(({ kind, path }) => (kind === 'dir' ? [path] : []))]
    .map((dir) => `${dir}/devcontainer.json`)
    .filter((path) => tree.stat(path)?.kind === 'file'),
  ...(tree.list('') ?? []).flatMap(({ kind, name }) =>
    kind === 'file' && /^[^.].*\.ya?ml$/.test(name) && !composeName.test(name) ? [name] : [],
  ),
  ...manifestDirectories.flatMap((dir) => (tree.stat(dir)?.kind === 'dir' ? yamlBelow(tree, dir) : [])),
];

/** Usual directories of Kubernetes manifests and of charts. */
const manifestDirectories = 'k8s kubernetes kube manifests deploy deployment deployments helm chart charts .k8s infra ops'.split(' ');
function yamlBelow(tree: FileTree, top: string): string[] {
  return walk(tree, top, { limit: 300 }).flatMap(({ kind, path, name }) => (kind === 'file' && /\.ya?ml$/.test(name) ? [path] : []));
}

function filesNamed(tree: FileTree, form: RegExp): string[] {
  const found: string[] = [];
  let level = [''];
  let visited = 0;
  for (let depth = 0; depth <= 2; depth++) {
    const next: string[] = [];
    for (const dir of level) {
      if (++visited > maxDirectories) return found;
      for (const entry of tree.list(dir) ?? []) {
        if (entry.kind === 'file' && form.test(entry.name) && found.length < maxFiles) found.push(entry.path);
        else if (entry.kind === 'dir' && entry.link !== true && !isSkippedDirectory(entry)) next.push(entry.path);
      }
    }
    level = next;
  }
  return found;
}

const ciNames = [
  '.gitlab-ci.yml',
  '.gitlab-ci.yaml',
  'cloudbuild.yaml',
  'cloudbuild.yml',
  'cloudbuild.json',
  '.circleci/config.yml',
  'bitbucket-pipelines.yml',
  'azure-pipelines.yml',
  '.drone.yml',
  '.travis.yml',
  '.woodpecker.yml',
  'Jenkinsfile',
  'skaffold.yaml',
  'skaffold.yml',
];

/** Settings of Cloud Build have any name: `gcloud builds submit --config cloudbuild.staging.yaml`. */
const cloudBuild = /(?:^|[._-])cloud-?build(?:[._-][\w.-]*)?\.(?:ya?ml|json)$/i;
const yaml = /\.ya?ml$/;

/** Paths of the CI files that build images. */
export function ciFiles(tree: FileTree): string[] {
  const filesIn = (dir: string, form: RegExp): string[] =>
    (tree.list(dir) ?? []).filter(({ kind, name }) => kind === 'file' && form.test(name)).map(({ path }) => path);
  const named = ciNames.filter((path) => tree.stat(path)?.kind === 'file');
  const found = [
    ...filesIn('.github/workflows', yaml),
    ...named,
    ...filesNamed(tree, cloudBuild),
    ...filesIn('.cloudbuild', yaml),
    ...filesIn('cloudbuild', yaml),
    ...filesIn('.buildkite', yaml),
  ];
  return [...new Set(found)].slice(0, maxFiles);
}

/** The text of a configuration file; undefined when it is not there, binary or too long. */
export function configuration(tree: FileTree, path: string): string | undefined {
  const read = tree.read(path);
  return read.kind === 'text' && read.text.length <= maxLength ? read.text : undefined;
}
