// Room: runtime/. Directories of the context that a compiled program may write into by a name that it computes; those of literal names: files.ts.
import { parentOf } from '../context/paths.ts';
import { walk } from '../context/walk.ts';
import type { SourceHit } from '../ecosystems/types.ts';
import type { Project } from '../facts/project.ts';
import { entryKind, type Layout } from './entries.ts';
import { KEEPS } from './writable.ts';

interface Question {
  project: Project;
  layout: Layout;
  hits: readonly SourceHit[];
}

/** What lies in a directory, that below it included. */
interface Held {
  files: number;
  keeps: number;
  sources: boolean;
}

/** Context paths below `dir`: those that are empty in git, and those that sources name where they compute what they write. */
export function writtenDirectories(q: Question, dir: string): string[] {
  const dirs = directoriesBelow(q, dir);
  const computed = q.hits.some(({ kind, literal }) => kind === 'write' && literal === undefined);
  const named = computed ? namesIn(q) : new Set<string>();
  return [...dirs]
    .filter(([path, { files, keeps, sources }]) => !sources && ((files > 0 && files === keeps) || named.has(relativeTo(dir, path))))
    .map(([path]) => path)
    .filter((path) => entryKind(relativeTo(dir, path).split('/', 1)[0] ?? '', 'dir', q.layout) !== 'build');
}
const relativeTo = (dir: string, path: string): string => (dir === '' ? path : path.slice(dir.length + 1));

function directoriesBelow({ project: { tree, ignore }, layout }: Question, dir: string): Map<string, Held> {
  const dirs = new Map<string, Held>();
  for (const { kind, path, name } of walk(tree, dir)) {
    if (ignore.ignores(path)) continue;
    if (kind === 'dir') dirs.set(path, { files: 0, keeps: 0, sources: false });
    else
      for (let at = parentOf(path), own = true; at.length > dir.length; at = parentOf(at), own = false) {
        const held = dirs.get(at);
        if (!held) break;
        held.files += 1;
        held.keeps += KEEPS.has(name) && own ? 1 : 0;
        held.sources ||= layout.sources.test(name);
      }
  }
  return dirs;
}

/** The paths that texts of these sources are, or begin with. */
function namesIn({ project, hits }: Question): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of new Set(hits.map((hit) => hit.file))) {
    const read = project.tree.read(file);
    if (read.kind !== 'text') continue;
    for (const [, text = ''] of read.text.matchAll(/"(?:\.\/)?([\w@.-][\w@./-]{0,200})"/g))
      for (let end = text.length; end > 0; end = text.lastIndexOf('/', end - 1)) names.add(text.slice(0, end));
  }
  return names;
}
