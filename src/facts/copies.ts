// Room: facts/. Where COPY and ADD put files of the build context.
import { fileSources } from '../dockerfile/heredoc.ts';
import { globMatch } from '../dockerfile/glob.ts';
import { expandWord } from '../dockerfile/expand.ts';
import { cleaned as cleanPath, upwards } from '../dockerfile/paths.ts';
import type { CopyLike, State } from '../dockerfile/types.ts';
import { oncePer } from '../once.ts';
import type { Place } from '../effects/types.ts';
import type { FileTree } from '../context/types.ts';

export { cleanPath, upwards };

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

/** What brings files of the context: a COPY, or a mount. */
export type Brought = Pick<CopyReading, 'fromContext' | 'sources' | 'dest' | 'intoDirectory'> & { instruction: { index: number } };

/** `path` seen from the directory `base` (absolute); undefined when `base` is unknown and `path` is relative. */
export function resolvePath(base: string | undefined, path: string): string | undefined {
  if (path.startsWith('/')) return cleanPath(path);
  return base === undefined ? undefined : cleanPath(`${base}/${path}`);
}
/** The directory right below `dir` that leads to `path`; `path` itself where they are the same. */
export const firstBelow = (dir: string, path: string): string =>
  path === dir ? path : path.slice(0, `${path}/`.indexOf('/', dir.length + 1));
/** A context path without './', leading and trailing '/'; '' is the context. */
export const contextPath = (path: string): string => cleanPath(`/${path}`).slice(1);

/** True for names and paths that a shell and a flag take as they stand. What a repository names is untrusted. */
export const isPlainName = (text: string): boolean => /^[\w./@+:-]+$/.test(text);

export const inside = (path: string, dir: string): boolean => dir === '/' || dir === '' || path === dir || path.startsWith(`${dir}/`);

const remote = (source: string): boolean => /^(https?|git|ssh|ftp):\/\/|^git@|\.git(#|$)/.test(source);

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

export function readSource(tree: FileTree, source: string): CopySource {
  if (remote(source)) return { path: source, kind: 'remote', files: [] };
  if (source.includes('$')) return { path: source, kind: 'variable', files: [] };
  const path = contextPath(source);
  if (/[*?[]/.test(source)) return { path, kind: 'glob', files: expandGlob(tree, source) };
  const entry = path === '' ? undefined : tree.stat(path);
  if (path === '' || entry?.kind === 'dir') return { path, kind: 'dir', files: [] };
  return entry ? { path, kind: 'file', files: [path] } : { path, kind: 'missing', files: [] };
}

/** A destination with the variables that ENV sets put in; one that a build argument may change is not known. */
function destinationOf(written: string, { env, args }: State): string | undefined {
  if (!written.includes('$')) return written;
  const found = expandWord(written, (name) => (args.has(name) ? { unknown: `${name} is an argument of the build` } : env.get(name)), '\\');
  return 'value' in found && !found.value.includes('$') && found.value !== '' ? found.value : undefined;
}

/** Reads one COPY or ADD. `directories`: places of the image that the stage has made as directories above it, into which a file is put. */
export function readCopy(instruction: CopyLike, state: State, tree: FileTree, directories: ReadonlySet<string> = new Set()): CopyReading {
  const workdir = 'value' in state.workdir ? state.workdir.value : undefined;
  const written = instruction.dest?.value;
  const named = written === undefined ? undefined : destinationOf(written, state);
  const dest = named === undefined ? undefined : resolvePath(workdir, named);
  const sources: CopySource[] = instruction.from === undefined ? fileSources(instruction).map((s) => readSource(tree, s.value)) : [];
  for (const _ of instruction.from === undefined ? instruction.heredocs : []) sources.push({ path: '', kind: 'heredoc', files: [] });
  const intoDirectory =
    written !== undefined &&
    (written.endsWith('/') ||
      written === '.' ||
      written.endsWith('/.') ||
      sources.length > 1 ||
      dest === workdir ||
      (dest !== undefined && directories.has(dest)) ||
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

/** The text of a file that a COPY writes from a here-document; undefined: variables are put into it, or nothing writes it. Source: Dockerfile reference, "Here-Documents". */
export function writtenText(copies: readonly CopyReading[], path: string, before = Number.POSITIVE_INFINITY): string | undefined {
  const copy = copies.findLast(
    ({ instruction: { index, heredocs }, dest }) => index < before && heredocs.length > 0 && dest !== undefined && inside(path, dest),
  );
  const here = copy && textOf(copy);
  return here !== undefined && copy?.dest === path ? here : undefined;
}
/** The one text that a COPY writes to the place that it names. */
export function textOf({ instruction: { heredocs }, sources, intoDirectory }: CopyReading): string | undefined {
  const [only, ...others] = heredocs;
  if (!only || others.length > 0 || sources.length > 1 || intoDirectory) return undefined;
  const text = only.chomp ? only.content.replace(/^\t+/gm, '') : only.content;
  return only.expand && /[$\\]/.test(text) ? undefined : text;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What one COPY put at `target`: the directory or file `origin` of the context. */
interface Put {
  at: number;
  /** Of two, the one with the higher rank counts: the later COPY, in it the source that stands first. */
  rank: number;
  origin: string;
  target: string;
  kind: 'dir' | 'file';
}
/** What the COPYs of a list put where, in order: by the place in the image and what it is, and by the place in the context. */
interface Puts {
  byTarget: Map<string, Map<string, Put[]>>;
  byOrigin: Map<string, Put[]>;
}

const putsOf = oncePer((copies: readonly Brought[]): Puts => {
  const puts: Puts = { byTarget: new Map(), byOrigin: new Map() };
  let rank = 0;
  for (const copy of copies)
    for (const put of putsOfCopy(copy).reverse()) {
      const ranked = Object.assign(put, { rank: (rank += 1) });
      const here = getOr(puts.byTarget, put.target, () => new Map<string, Put[]>());
      getOr(here, `${put.kind} ${put.origin}`, () => []).push(ranked);
      getOr(puts.byOrigin, put.origin, () => []).push(ranked);
    }
  return puts;
});

function putsOfCopy(copy: Brought): Omit<Put, 'rank'>[] {
  const { dest } = copy;
  const at = copy.instruction.index;
  if (!copy.fromContext || dest === undefined) return [];
  return copy.sources.flatMap((source) => [
    ...(source.kind === 'dir' ? [{ at, origin: source.path, target: dest, kind: 'dir' as const }] : []),
    ...source.files.map((file) => ({
      at,
      origin: file,
      target: copy.intoDirectory ? cleanPath(`${dest}/${baseName(file)}`) : dest,
      kind: 'file' as const,
    })),
  ]);
}

function getOr<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** The last of what was put before instruction `before`. */
function lastBefore(puts: readonly Put[], before: number): Put | undefined {
  let low = 0;
  let high = puts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((puts[middle] as Put).at < before) low = middle + 1;
    else high = middle;
  }
  return puts[low - 1];
}

/**
 * The context path that an image path was copied from, by the last COPY that put it there; undefined when none did.
 * Only COPYs that stand before the instruction with the index `before` count. What a list of COPYs holds is sorted once: give the same list again.
 */
export const originOf = (copies: readonly Brought[], tree: FileTree, imagePath: string, before?: number): string | undefined =>
  broughtBy(copies, tree, imagePath, before)?.origin;

/** The same, with the index of that COPY. */
export function broughtBy(
  copies: readonly Brought[],
  tree: FileTree,
  imagePath: string,
  before = Number.POSITIVE_INFINITY,
): { origin: string; at: number } | undefined {
  const { byTarget } = putsOf(copies);
  if (byTarget.size === 0) return undefined;
  const found: Put[] = [];
  for (const target of upwards(imagePath, '/'))
    for (const puts of byTarget.get(target)?.values() ?? []) {
      const last = lastBefore(puts, before);
      if (last) found.push(last);
    }
  for (const { kind, origin, target, at } of found.sort((a, b) => b.rank - a.rank)) {
    const rest = imagePath.slice(target === '/' ? 1 : target.length + 1);
    const path = kind === 'dir' ? [origin, rest].filter(Boolean).join('/') : origin + imagePath.slice(target.length);
    if (tree.stat(path) || (kind === 'dir' && path === '')) return { origin: path, at };
  }
  return undefined;
}

/** The COPYs of a stage, or those that stand before one of its instructions. */
export interface Above<C extends Brought = Brought> {
  copies: readonly C[];
  before?: number;
  tree: FileTree;
}
export const originAbove = ({ copies, before, tree }: Above, path: string): string | undefined => originOf(copies, tree, path, before);

/** A stage as far as files go: its COPYs, its name, and the one it is built FROM. */
export interface FileStage {
  stage: { name: string | undefined; index: number };
  base: { ofStage: number | undefined };
  copies: readonly CopyReading[];
}

/** As `originOf`, seen through COPY --from of the file's own stages and through FROM. */
export function originThrough(stages: readonly FileStage[], stage: FileStage, tree: FileTree, imagePath: string): string | undefined {
  const known = new Map<string, string | undefined>();
  const search = (from: FileStage, path: string, depth: number): string | undefined => {
    const key = `${from.stage.index} ${depth} ${path}`;
    if (!known.has(key)) known.set(key, through(stages, from, tree, path, depth > 8 ? undefined : (s, p) => search(s, p, depth + 1)));
    return known.get(key);
  };
  return search(stage, imagePath, 0);
}

function through(
  stages: readonly FileStage[],
  stage: FileStage,
  tree: FileTree,
  imagePath: string,
  deeper: ((stage: FileStage, path: string) => string | undefined) | undefined,
): string | undefined {
  const own = originOf(stage.copies, tree, imagePath);
  if (own !== undefined || !deeper) return own;
  for (const copy of stage.copies.toReversed()) {
    const from = copy.instruction.from?.toLowerCase();
    if (from === undefined || copy.dest === undefined) continue;
    const source = stagesNamed(stages)
      .get(from)
      ?.find((s) => s !== stage);
    if (!source) continue;
    for (const word of copy.instruction.sources) {
      const inner = throughCopy(cleanPath(`/${word.value}`), copy.dest, imagePath);
      const found = inner === undefined ? undefined : deeper(source, inner);
      if (found !== undefined) return found;
    }
  }
  const parent = stage.base.ofStage === undefined ? undefined : stages.find((s) => s.stage.index === stage.base.ofStage);
  return parent ? deeper(parent, imagePath) : undefined;
}

/** Stages by name and by number, in order. */
const stagesNamed = oncePer((stages: readonly FileStage[]): Map<string, FileStage[]> => {
  const named = new Map<string, FileStage[]>();
  for (const stage of stages)
    for (const name of new Set([stage.stage.name, String(stage.stage.index)]))
      if (name !== undefined) getOr(named, name, () => []).push(stage);
  return named;
});
/** The stage that a `--from` means; undefined: an image, or none of the file. Source: docs.docker.com/reference/dockerfile, COPY --from. */
export const stageNamed = <S extends FileStage>(stages: readonly S[], from: string | undefined): S | undefined =>
  from === undefined ? undefined : (stagesNamed(stages).get(from.toLowerCase())?.[0] as S | undefined);

/** Where a COPY from another stage puts a place of that stage; `below`: with all that lies in it. None: it does not take it. */
export function takenBy({ instruction, dest, intoDirectory }: CopyReading, { path, below }: Place): Place[] {
  if (dest === undefined) return [];
  return instruction.sources.flatMap(({ value }): Place[] => {
    const source = cleanPath(`/${value}`);
    if (source === path && !below) return [{ path: intoDirectory ? cleanPath(`${dest}/${baseName(path)}`) : dest, below }];
    if (inside(path, source)) return [{ path: cleanPath(`${dest}${source === '/' ? path : path.slice(source.length)}`), below }];
    return below && inside(source, path) ? [{ path: dest, below }] : [];
  });
}

const throughCopy = (source: string, dest: string, imagePath: string): string | undefined => {
  const whole = baseName(source) === baseName(imagePath) && imagePath === cleanPath(`${dest}/${baseName(source)}`);
  if (whole) return source;
  return inside(imagePath, dest) ? cleanPath(source + imagePath.slice(dest === '/' ? 0 : dest.length)) : undefined;
};

/** The image path that a context path is copied to; undefined when no COPY takes it. Only COPYs before the instruction `before` count. */
export function landingOf(copies: readonly CopyReading[], path: string, before = Number.POSITIVE_INFINITY): string | undefined {
  const { byOrigin } = putsOf(copies);
  let found: Put | undefined;
  for (const origin of upwards(path, '')) {
    const last = lastBefore(byOrigin.get(origin) ?? [], before);
    if (last && last.rank > (found?.rank ?? 0)) found = last;
  }
  if (!found) return undefined;
  const { kind, origin, target } = found;
  if (kind === 'file') return cleanPath(target + path.slice(origin.length));
  return cleanPath(`${target}/${origin === '' ? path : path.slice(origin.length + 1)}`);
}

const alone = oncePer((copy: CopyReading): readonly CopyReading[] => [copy]);
/** As `landingOf`, of one COPY. */
export const landingIn = (copy: CopyReading, path: string): string | undefined => landingOf(alone(copy), path);
