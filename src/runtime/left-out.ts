// Room: runtime/. What stands at a path that git leaves out and that this checkout does not have: a COPY of a directory is another one than that of a file.
import { contextPath } from '../facts/copies.ts';
import type { Project } from '../facts/project.ts';
import { oncePer } from '../once.ts';

/** Calls that read one file. Sources: pkg.go.dev/os; doc.rust-lang.org/std/fs; nodejs.org/api/fs. */
const OF_A_FILE =
  /\b(?:ReadFile|os\.Open|File::open|fs::read(?:_to_string)?|read_to_string|readFile(?:Sync)?|createReadStream|load_from_file|ReadConfig)\(/;

/** The paths that a call reads as one file. */
const readAsFiles = oncePer(
  (project: Project): ReadonlySet<string> =>
    new Set(
      project
        .all('')
        .flatMap((one) =>
          one.hits().flatMap(({ literal, text }) => (literal !== undefined && OF_A_FILE.test(text) ? [contextPath(literal)] : [])),
        ),
    ),
);

/** A directory: its name has no ending, and no call reads it as a file. */
export function isDirectoryLeftOut(project: Project, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return project.tree.stat(path) === undefined && !name.includes('.') && !readAsFiles(project).has(path);
}
