// Room: runtime/. What is said of files that come along and that not everybody has.
import type { Subject } from '../facts/subject.ts';

/** What is to be said of a `.env` in the image, and of other files that git leaves out. */
export function fileNotes(
  subject: Subject,
  files: { envFile: string | undefined; named: readonly string[] },
): { id: string; message: string }[] {
  const { gitIgnores } = subject.project;
  const brought = files.named.filter((path) => path !== files.envFile && gitIgnores(path));
  const notes = brought.map((path) => ({
    id: 'file-left-out-by-git',
    message: `${path} is left out by git: where it lies in the build context, it is copied into the image as before`,
  }));
  const path = files.envFile;
  if (path === undefined) return notes;
  const asBefore = 'where it lies in the build context, it is copied into the image as before';
  const where = gitIgnores(path)
    ? `${path} is left out by git: ${asBefore}`
    : subject.project.tree.stat(path)
      ? `${path} is read at run time and stays in the image`
      : `${path} is not part of the repository: ${asBefore}`;
  return [...notes, { id: 'env-file-in-image', message: `${where}; whoever has the image has what it holds` }];
}
