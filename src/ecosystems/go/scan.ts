// Room: ecosystems/go. Which modules a build sees, and all their Go files that take part in a Linux build.
import type { Evidence } from '../../facts/types.ts';
import { joinPath } from '../../context/paths.ts';
import type { Entry, FileRead, FileTree } from '../../context/types.ts';
import { walk } from '../../context/walk.ts';
import { onceEach, oncePer } from '../../once.ts';
import { excludedByName } from './constraint.ts';
import { readModFile, type ModFile } from './modfile.ts';
import { readGoFile, type GoFile } from './source.ts';

/** One first-party module: the main one, those of go.work, and local replacements. */
export interface GoModule {
  /** Directory in the context. */
  dir: string;
  mod: ModFile;
  role: 'main' | 'workspace' | 'replaced';
}
export interface GoScan {
  files: GoFile[];
  /** Why some sources were not read. */
  gaps: string[];
}

/** Files of one scan that are read at most; generated API clients have some ten megabytes. */
const maxBytes = 96 * 1024 * 1024;

/** Reads a go.mod or go.work of the tree; undefined when it is not there or cannot be read. */
export function readMod(tree: FileTree, path: string): ModFile | undefined {
  const read = tree.read(path);
  return read.kind === 'text' ? readModFile(read.text) : undefined;
}

/** The modules of a build, main one first. */
export interface Modules {
  found: GoModule[];
  /** Local directories that are named but not there: module path, directory as written, where. */
  missing: { name: string; evidence: Evidence }[];
  gaps: string[];
}

/** All Go files of the modules that a build for Linux may compile: no tests, no files of other systems. Build tags are looked at later. */
export function scanModules(tree: FileTree, modules: readonly GoModule[], ignores: (path: string) => boolean): GoScan {
  const files: GoFile[] = [];
  const gaps: string[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for (const { dir } of modules) {
    const entries = walk(tree, dir, {
      skip: (entry) => outsidePackages(tree, entry),
      onCut: (why) => gaps.push(`not all Go sources were read: ${why}`),
    });
    for (const entry of entries) {
      if (entry.kind !== 'file' || !entry.name.endsWith('.go') || excludedByName(entry.name) || seen.has(entry.path) || ignores(entry.path))
        continue;
      seen.add(entry.path);
      bytes += entry.size;
      if (bytes > maxBytes) {
        gaps.push(`more than ${maxBytes / 1024 / 1024} MB of Go sources`);
        return { files, gaps };
      }
      const read = tree.read(entry.path);
      if (read.kind === 'text') files.push(goFileIn(read)(entry.path));
      else gaps.push(`${entry.path} could not be read (${read.kind})`);
    }
  }
  return { files, gaps };
}

/** A file is scanned once, whoever asks. */
const goFileIn = oncePer(({ text }: FileRead & { kind: 'text' }) => onceEach((path: string) => readGoFile(path, text)));

/** Directories that hold no package of the module. Source: `go help packages` (names that begin with . or _, testdata) and the module reference (a directory with go.mod is another module). */
function outsidePackages(tree: FileTree, entry: Entry): boolean {
  return (
    entry.name.startsWith('.') ||
    entry.name.startsWith('_') ||
    ['testdata', 'vendor', 'node_modules'].includes(entry.name) ||
    tree.stat(`${entry.path}/go.mod`)?.kind === 'file'
  );
}

/** The files of the packages that `mains` (directories in the context) are made of, following imports inside the modules; all files when no main is given. */
export function reachable(files: readonly GoFile[], modules: readonly GoModule[], mains: readonly string[] | undefined): readonly GoFile[] {
  if (mains === undefined) return files;
  const byDir = new Map<string, GoFile[]>();
  for (const file of files) {
    const members = byDir.get(file.dir);
    if (members) members.push(file);
    else byDir.set(file.dir, [file]);
  }
  const reached = new Set<string>();
  const queue = [...mains];
  for (let dir = queue.pop(); dir !== undefined; dir = queue.pop()) {
    if (reached.has(dir)) continue;
    reached.add(dir);
    for (const file of byDir.get(dir) ?? [])
      for (const { path } of file.imports) {
        const target = directoryOf(path, modules);
        if (target !== undefined) queue.push(target);
      }
  }
  return files.filter((file) => reached.has(file.dir));
}

/** The directory of a package of the first-party modules; the longest module path wins. */
function directoryOf(path: string, modules: readonly GoModule[]): string | undefined {
  let best: { dir: string; length: number } | undefined;
  for (const { dir, mod } of modules) {
    const name = mod.module;
    if (name === undefined || (path !== name && !path.startsWith(`${name}/`)) || name.length <= (best?.length ?? -1)) continue;
    const target = joinPath(dir, path.slice(name.length + 1));
    if (target !== undefined) best = { dir: target, length: name.length };
  }
  return best?.dir;
}
