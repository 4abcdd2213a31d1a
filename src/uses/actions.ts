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

/**
 * The builds of docker/build-push-action in workflows that name a Dockerfile: without `context` it is the repository.
 * Source: https://github.com/docker/build-push-action, inputs.
 */
export const pushedBuilds = oncePer((tree: FileTree): NamedBuild[] =>
  ciFiles(tree)
    .filter((file) => file.startsWith('.github/workflows/'))
    .flatMap((file) => {
      const source = configuration(tree, file);
      if (source === undefined || !source.includes('build-push-action')) return [];
      const jobs = get(documents(source)[0], 'jobs');
      const steps = (isMapping(jobs) ? Object.values(jobs) : []).flatMap((job) => list(get(job, 'steps')));
      return steps.flatMap((step) => {
        const given = get(step, 'with');
        const named = text(get(given, 'file'));
        const pushes = text(get(step, 'uses'))?.startsWith('docker/build-push-action') === true;
        return pushes && named !== undefined ? namedBuild(tree, named, text(get(given, 'context')) ?? '.') : [];
      });
    }),
);
