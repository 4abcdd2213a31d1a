// Room: runtime/. Files that are read, as directories where most of one is read: the next template that somebody adds is then copied too.
import { walk } from '../context/walk.ts';
import { inside, landingOf, type CopyReading } from '../facts/copies.ts';
import type { Project } from '../facts/project.ts';
import type { Layout } from './entries.ts';

interface Question {
  project: Project;
  copies: readonly CopyReading[];
  layout: Layout;
  /** The application's directory, which is never copied as a whole here. */
  dir: string;
}

/** Context paths, each once: a file becomes its directory where that holds no sources and more than half of its files are among the paths. */
export function wholeDirectories(q: Question, paths: readonly string[]): string[] {
  const chosen = new Map<string, boolean>();
  const directoryOf = (path: string): string => {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (parent === '' || parent === q.dir || q.project.tree.stat(path)?.kind !== 'file') return path;
    if (!chosen.has(parent)) chosen.set(parent, isMostlyRead(q, parent, paths));
    return chosen.get(parent) === true ? parent : path;
  };
  const found = [...new Set(paths.map(directoryOf))];
  return found.filter((path) => !found.some((other) => other !== path && inside(path, other)));
}

function isMostlyRead({ project, copies, layout }: Question, dir: string, paths: readonly string[]): boolean {
  const cut: string[] = [];
  const files = walk(project.tree, dir, { skip: () => false, limit: 1000, onCut: (why) => cut.push(why) }).filter(
    (entry) => entry.kind !== 'dir' && !project.ignore.ignores(entry.path) && !project.gitIgnores(entry.path),
  );
  if (cut.length > 0 || files.some((file) => layout.sources.test(file.name))) return false;
  // the original may have copied the files one by one, or elsewhere
  const landing = landingOf(copies, dir);
  if (landing === undefined || files.some((file) => landingOf(copies, file.path) !== landing + file.path.slice(dir.length))) return false;
  const read = files.filter((file) => paths.some((path) => inside(file.path, path)));
  return read.length * 2 > files.length;
}

/** More pieces than this are copied as the directory that they stand in. */
const MOST_PIECES = 12;

/** Directories that hold sources too, as what else is in them: a program does not read what it was compiled from. */
export function sourcesLeftOut(q: Question, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (q.project.tree.stat(path)?.kind !== 'dir') return [path];
    const pieces = piecesOf(q, path, 0);
    return pieces === undefined || pieces.length > MOST_PIECES ? [path] : pieces;
  });
}

/** The parts of a directory without sources, each as large as possible; undefined: too deep to tell. */
function piecesOf(q: Question, path: string, depth: number): string[] | undefined {
  const { tree, ignore, gitIgnores } = q.project;
  if (tree.stat(path)?.kind !== 'dir') return q.layout.sources.test(path.slice(path.lastIndexOf('/') + 1)) ? [] : [path];
  const holds = walk(tree, path).some((entry) => entry.kind === 'file' && q.layout.sources.test(entry.name));
  if (!holds) return [path];
  if (depth > 6) return undefined;
  const found: string[] = [];
  for (const entry of tree.list(path) ?? []) {
    if (ignore.ignores(entry.path) || gitIgnores(entry.path)) continue;
    const pieces = piecesOf(q, entry.path, depth + 1);
    if (!pieces) return undefined;
    found.push(...pieces);
  }
  return found;
}
