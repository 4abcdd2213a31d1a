// Room: facts/. Where COPY and ADD put files of the build context.
import type { CopyLike, State } from '../dockerfile/types.ts';
import type { FileTree } from '../context/types.ts';

export interface CopySource {
  /** Context path, '' for the whole context. */
  path: string;
  kind: 'file' | 'dir' | 'glob' | 'missing' | 'remote' | 'variable' | 'heredoc';
  /** Of a glob: the entries it matches; of a file: itself. */
  files: string[];
}
export interface CopyReading {
  instruction: CopyLike;
  /** From the build context (no --from). */
  fromContext: boolean;
  sources: CopySource[];
  /** Absolute destination; undefined when it cannot be told. */
  dest: string | undefined;
  /** The destination names a directory into which files are put under their own names. */
  intoDirectory: boolean;
  /** A directory (or all) of the context is copied. */
  broad: boolean;
}

/** Cleans an absolute POSIX path. */
export function cleanPath(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}
/** `path` seen from the directory `base` (absolute); undefined when `base` is unknown and `path` is relative. */
export function resolvePath(base: string | undefined, path: string): string | undefined {
  if (path.startsWith('/')) return cleanPath(path);
  return base === undefined ? undefined : cleanPath(`${base}/${path}`);
}
/** A context path without './', leading and trailing '/'; '' is the context. */
export const contextPath = (path: string): string => cleanPath(`/${path}`).slice(1);

/** True for names and paths that a shell and a flag take as they stand. What a repository names is untrusted. */
export const isPlainName = (text: string): boolean => /^[\w./@+:-]+$/.test(text);

export const inside = (path: string, dir: string): boolean => dir === '/' || dir === '' || path === dir || path.startsWith(`${dir}/`);

const remote = (source: string): boolean => /^(https?|git|ssh|ftp):\/\/|^git@|\.git(#|$)/.test(source);

/** Go's filepath.Match for one path element, as COPY's globs use. Source: Dockerfile reference, COPY "pattern matching". */
function globMatch(pattern: string, name: string): boolean {
  const body = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  try {
    return new RegExp(`^${body}$`).test(name);
  } catch {
    return false;
  }
}

function expandGlob(tree: FileTree, pattern: string): string[] {
  let found = [''];
  for (const part of contextPath(pattern).split('/')) {
    const next: string[] = [];
    for (const dir of found)
      for (const entry of tree.list(dir) ?? []) if (globMatch(part, entry.name) && next.length < 5000) next.push(entry.path);
    found = next;
  }
  return found;
}

function readSource(tree: FileTree, source: string): CopySource {
  if (remote(source)) return { path: source, kind: 'remote', files: [] };
  if (source.includes('$')) return { path: source, kind: 'variable', files: [] };
  const path = contextPath(source);
  if (/[*?[]/.test(source)) return { path, kind: 'glob', files: expandGlob(tree, source) };
  const entry = path === '' ? undefined : tree.stat(path);
  if (path === '' || entry?.kind === 'dir') return { path, kind: 'dir', files: [] };
  return entry ? { path, kind: 'file', files: [path] } : { path, kind: 'missing', files: [] };
}

/** Reads one COPY or ADD. */
export function readCopy(instruction: CopyLike, state: State, tree: FileTree): CopyReading {
  const workdir = 'value' in state.workdir ? state.workdir.value : undefined;
  const written = instruction.dest?.value;
  const variable = written === undefined || written.includes('$');
  const dest = variable ? undefined : resolvePath(workdir, written);
  const sources: CopySource[] = instruction.from === undefined ? instruction.sources.map((s) => readSource(tree, s.value)) : [];
  for (const _ of instruction.from === undefined ? instruction.heredocs : []) sources.push({ path: '', kind: 'heredoc', files: [] });
  const intoDirectory =
    written !== undefined &&
    (written.endsWith('/') ||
      written === '.' ||
      written.endsWith('/.') ||
      sources.length > 1 ||
      dest === workdir ||
      sources.some((s) => s.kind === 'glob'));
  return {
    instruction,
    fromContext: instruction.from === undefined,
    sources,
    dest,
    intoDirectory,
    broad: sources.some((s) => s.kind === 'dir'),
  };
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The context path that an image path was copied from, by the last COPY that put it there; undefined when none did. */
export function originOf(copies: readonly CopyReading[], tree: FileTree, imagePath: string): string | undefined {
  for (const copy of [...copies].reverse()) {
    const { dest } = copy;
    if (!copy.fromContext || dest === undefined) continue;
    for (const source of copy.sources) {
      if (source.kind === 'dir' && inside(imagePath, dest)) {
        const rest = imagePath.slice(dest === '/' ? 1 : dest.length + 1);
        const path = [source.path, rest].filter(Boolean).join('/');
        if (tree.stat(path) || path === '') return path;
      }
      for (const file of source.files) {
        const target = copy.intoDirectory ? cleanPath(`${dest}/${baseName(file)}`) : dest;
        if (inside(imagePath, target)) {
          const path = file + imagePath.slice(target.length);
          if (tree.stat(path)) return path;
        }
      }
    }
  }
  return undefined;
}

/** A stage as far as files go: its COPYs, its name, and the one it is built FROM. */
export interface FileStage {
  stage: { name: string | undefined; index: number };
  base: { ofStage: number | undefined };
  copies: readonly CopyReading[];
}

/** As `originOf`, seen through COPY --from of the file's own stages and through FROM. */
export function originThrough(
  stages: readonly FileStage[],
  stage: FileStage,
  tree: FileTree,
  imagePath: string,
  depth = 0,
): string | undefined {
  const own = originOf(stage.copies, tree, imagePath);
  if (own !== undefined || depth > 8) return own;
  for (const copy of [...stage.copies].reverse()) {
    const from = copy.instruction.from?.toLowerCase();
    const source = stages.find((s) => s !== stage && from !== undefined && (s.stage.name === from || String(s.stage.index) === from));
    if (!source || copy.dest === undefined) continue;
    for (const word of copy.instruction.sources) {
      const inner = throughCopy(cleanPath(`/${word.value}`), copy.dest, imagePath);
      const found = inner === undefined ? undefined : originThrough(stages, source, tree, inner, depth + 1);
      if (found !== undefined) return found;
    }
  }
  const parent = stage.base.ofStage === undefined ? undefined : stages.find((s) => s.stage.index === stage.base.ofStage);
  return parent ? originThrough(stages, parent, tree, imagePath, depth + 1) : undefined;
}
const throughCopy = (source: string, dest: string, imagePath: string): string | undefined => {
  const whole = baseName(source) === baseName(imagePath) && imagePath === cleanPath(`${dest}/${baseName(source)}`);
  if (whole) return source;
  return inside(imagePath, dest) ? cleanPath(source + imagePath.slice(dest === '/' ? 0 : dest.length)) : undefined;
};

/** The image path that a context path is copied to; undefined when no COPY takes it. */
export function landingOf(copies: readonly CopyReading[], path: string): string | undefined {
  for (const copy of [...copies].reverse()) {
    const { dest } = copy;
    if (!copy.fromContext || dest === undefined) continue;
    for (const source of copy.sources) {
      if (source.kind === 'dir' && inside(path, source.path))
        return cleanPath(`${dest}/${source.path === '' ? path : path.slice(source.path.length + 1)}`);
      for (const file of source.files) {
        if (!inside(path, file)) continue;
        const target = copy.intoDirectory ? cleanPath(`${dest}/${baseName(file)}`) : dest;
        return cleanPath(target + path.slice(file.length));
      }
    }
  }
  return undefined;
}
