// Room: uses/. GitHub Actions that run the image of a Dockerfile. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runs-for-docker-container-actions.
import type { FileTree } from '../context/types.ts';
import type { Evidence } from '../facts/types.ts';
import { oncePer } from '../once.ts';
import { namedBuild, type NamedBuild } from './elsewhere.ts';
import { actionFiles, ciFiles, configuration } from './find.ts';
import { resolveFrom } from './places.ts';
import { documents, get, isMapping, list, text } from './values.ts';

/** Action metadata files whose `runs.image` is this Dockerfile (a path in the tree). Files that are no YAML say nothing. */
export function actionsOf(tree: FileTree, dockerfile: string): Evidence[] {
  return actionsIn(tree).flatMap(({ file, image, line }) =>
    image === dockerfile ? [{ file, ...(line > 0 ? { line } : {}), says: `runs the image of ${dockerfile} as a GitHub Action` }] : [],
  );
}

/** Every action of the repository that is made of a Dockerfile: where it is named, and the Dockerfile. */
const actionsIn = oncePer((tree: FileTree): { file: string; image: string; line: number }[] =>
  actionFiles(tree).flatMap((file) => {
    const source = configuration(tree, file);
    const runs = source === undefined ? undefined : get(documents(source)[0], 'runs');
    const image = text(get(runs, 'image'));
    if (text(get(runs, 'using'))?.toLowerCase() !== 'docker' || image === undefined || image.startsWith('docker://')) return [];
    const dir = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
    const at = resolveFrom(dir, image);
    if (at === undefined) return [];
    const line = (source ?? '').split('\n').findIndex((one) => /^\s{1,20}["']?image["']?\s{0,8}:/.test(one)) + 1;
    return [{ file, image: at, line }];
  }),
);

/** The steps of each job of the workflows that build by docker/build-push-action. Source: https://github.com/docker/build-push-action, inputs. */
const pushingJobs = oncePer((tree: FileTree): unknown[][] =>
  ciFiles(tree)
    .filter((file) => file.startsWith('.github/workflows/'))
    .flatMap((file) => {
      const source = configuration(tree, file);
      if (source === undefined || !source.includes('build-push-action')) return [];
      const jobs = get(documents(source)[0], 'jobs');
      return (isMapping(jobs) ? Object.values(jobs) : []).map((job) => [...list(get(job, 'steps'))]);
    }),
);
const usesAction = (step: unknown, action: string): boolean => text(get(step, 'uses'))?.startsWith(`docker/${action}`) === true;
const contextOf = (step: unknown): string => text(get(get(step, 'with'), 'context')) ?? '.';

/** The builds of docker/build-push-action that name a Dockerfile: without `context` it is the repository. */
export const pushedBuilds = oncePer((tree: FileTree): NamedBuild[] =>
  pushingJobs(tree)
    .flat()
    .flatMap((step) => {
      const named = text(get(get(step, 'with'), 'file'));
      return usesAction(step, 'build-push-action') && named !== undefined ? namedBuild(tree, named, contextOf(step)) : [];
    }),
);

/**
 * The names under which workflows push the image of a Dockerfile: `tags`, and `images` of docker/metadata-action where the job builds nothing else.
 * Names that are computed are left out. Source: https://github.com/docker/metadata-action, inputs.
 */
export function pushedNames(tree: FileTree, dockerfile: string): string[] {
  const isOurs = (step: unknown): boolean =>
    resolveFrom('', text(get(get(step, 'with'), 'file')) ?? `${contextOf(step)}/Dockerfile`) === dockerfile;
  const listed = (step: unknown, input: string): string[] => (text(get(get(step, 'with'), input)) ?? '').split(/[\s,]+/);
  return pushingJobs(tree).flatMap((steps) => {
    const pushes = steps.filter((step) => usesAction(step, 'build-push-action'));
    const ours = pushes.filter(isOurs);
    const described = ours.length === pushes.length ? steps.filter((step) => usesAction(step, 'metadata-action')) : [];
    return ours.length === 0
      ? []
      : [...ours.flatMap((step) => listed(step, 'tags')), ...described.flatMap((step) => listed(step, 'images'))].filter((name) =>
          /^[\w.:/-]+$/.test(name),
        );
  });
}
