// Room: facts/. Directories of packages that are part of the repository: they are there, and no .gitignore leaves them out. What they hold counts as source.
import { walk } from '../context/walk.ts';
import { refusal, type Refusal } from '../refusal.ts';
import type { Project } from './project.ts';

/**
 * The directory holds something, and git takes it along as far as the .gitignore files of the repository say. Whether it is tracked stands in git's
 * index, which is not read: somebody may have installed packages where nothing is ignored, and then the image has them too.
 */
export function isCommitted({ gitIgnores, tree }: Pick<Project, 'gitIgnores' | 'tree'>, path: string): boolean {
  if (tree.stat(path)?.kind !== 'dir') return false;
  if (gitIgnores(path)) return false;
  const entries = tree.list(path) ?? [];
  // `node_modules/*` leaves out all that it holds; git keeps no empty directory
  return entries.some((entry) => !gitIgnores(entry.path));
}

/** The directories of a name that are part of the repository, wherever they lie. */
export const committedDirectories = (project: Pick<Project, 'gitIgnores' | 'tree'>, name: string): string[] =>
  walk(project.tree, '').flatMap((entry) =>
    entry.kind === 'dir' && entry.name === name && isCommitted(project, entry.path) ? [entry.path] : [],
  );

/** Why nothing installs anew beside packages that are part of the repository; undefined: they are not, or the image does not get them. */
export function committedPackages(project: Project, path: string, at: number): Refusal | undefined {
  if (project.ignore.ignores(path) || !isCommitted(project, path)) return undefined;
  return refusal(
    'packages-committed',
    `${path} counts as source (it is there, and no .gitignore leaves it out): what was changed in it would be lost in another install`,
    at,
    {
      evidence: [{ file: path, says: 'lies in the build context' }],
      allow: `List ${path} in .gitignore, if it is not part of the repository.`,
    },
  );
}
