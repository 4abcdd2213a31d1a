// Room: verify/measure/. Which files are edited to measure a rebuild, and how: the edit reaches the build, breaks nothing, and is the same in every run.
import type { Entry, FileTree } from '../../context/types.ts';
import { commentOf, manifestKinds, sourceKinds, type Comment } from './edit-syntax.ts';

/** What is known of one Dockerfile and its context. */
export interface EditPlace {
  /** The copy of the build context. */
  tree: FileTree;
  /** True for what an ignore file of either side hides: an edit there would not reach the build. */
  hides(path: string): boolean;
  /** What COPY and ADD of both sides read, as written; undefined when that is not known. */
  copies: readonly string[] | undefined;
  /** The words of ENTRYPOINT and CMD: they often name the entry of the application. */
  runs: readonly string[];
}

/** An edit of one file of the copy. */
export interface FileEdit {
  /** Path in the context. */
  path: string;
  /** What is appended in a round (1, 2, …): other bytes each time, the same meaning. */
  append(round: number): string;
}
export type Edit = FileEdit | { none: string };

// Bounds for contexts of any size: a monorepo has its entry in the first levels.
const maxDirectories = 5000;
const maxDepth = 8;
const maxRead = 40;

/** A comment in the application's entry, or in another source that is no test, not generated and not vendored. */
export function sourceEdit(place: EditPlace): Edit {
  const found = filesOf(place).filter((entry) => isSource(entry.path));
  if (found.length === 0) return { none: 'the build context has no source file that the build reads and a comment can be added to' };
  const ranked = found
    .map(({ path }) => ({ path, rank: rankOf(path, place.runs) }))
    .sort((a, b) => a.rank - b.rank || depthOf(a.path) - depthOf(b.path) || compare(a.path, b.path));
  for (const { path } of ranked.slice(0, maxRead)) {
    const edit = editOf(place, path);
    if ('path' in edit) return edit;
  }
  return { none: 'no source file of the build context can be edited without a change of its meaning' };
}

/** A change of bytes, not of meaning, in the manifest of the dependencies; of the ecosystem of the source where there are several. */
export function dependencyEdit(place: EditPlace, source: Edit): Edit {
  const at = 'path' in source ? source.path : '';
  const found = filesOf(place).filter((entry) => manifestKinds.some((kind) => kind.name.test(entry.name)));
  const ranked = found
    .map((entry) => ({ entry, kind: manifestKinds.findIndex((kind) => kind.name.test(entry.name)) }))
    .sort(
      (a, b) =>
        depthOf(a.entry.path) - depthOf(b.entry.path) ||
        Number(!suits(a.kind, at)) - Number(!suits(b.kind, at)) ||
        a.kind - b.kind ||
        compare(a.entry.path, b.entry.path),
    );
  for (const { entry, kind } of ranked.slice(0, maxRead)) {
    const edit = editOf(place, entry.path, manifestKinds[kind]?.comment);
    if ('path' in edit) return edit;
  }
  return { none: 'the build context has no manifest of dependencies that the build reads' };
}

/** The source that the user named with --edit. */
export function chosenEdit(place: EditPlace, path: string): Edit {
  const clean = path.replace(/^(?:\.\/)+/, '');
  if (place.tree.stat(clean)?.kind !== 'file') return { none: `${clean} is no file of the build context` };
  if (place.hides(clean)) return { none: `${clean} is hidden by the ignore file: an edit would not reach the build` };
  return editOf(place, clean);
}

/** Whether COPY and ADD with these sources read a path. Sources are cleaned; wildcards are read widely. */
export function isCopied(path: string, copies: readonly string[] | undefined): boolean {
  if (copies === undefined) return true;
  return copies.some((copy) => {
    const clean = copy.replace(/^\/+|^(?:\.\/)+/g, '').replace(/\/+$/, '');
    if (clean === '' || clean === '.') return true;
    const wild = clean.search(/[*?[\\]/);
    if (wild >= 0) return path.startsWith(clean.slice(0, wild));
    return path === clean || path.startsWith(`${clean}/`);
  });
}

const suits = (kind: number, source: string): boolean => manifestKinds[kind]?.sources.test(source) ?? false;
const depthOf = (path: string): number => path.split('/').length;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The files that the build reads. When no COPY reads one (bind mounts only), those that the ignore file lets through. */
function filesOf(place: EditPlace): Entry[] {
  const files: Entry[] = [];
  let directories = 0;
  const walk = (dir: string, depth: number): void => {
    directories += 1;
    if (depth > maxDepth || directories > maxDirectories) return;
    for (const entry of place.tree.list(dir) ?? []) {
      if (entry.link === true) continue;
      if (entry.kind === 'dir' && !sourceKinds.foreignDirectories.test(entry.name)) walk(entry.path, depth + 1);
      if (entry.kind === 'file' && !place.hides(entry.path)) files.push(entry);
    }
  };
  walk('', 0);
  const copied = files.filter((entry) => isCopied(entry.path, place.copies));
  return copied.length > 0 ? copied : files;
}

function isSource(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (commentOf(path) === undefined || sourceKinds.foreignFiles.test(name)) return false;
  return !path
    .split('/')
    .slice(0, -1)
    .some((part) => sourceKinds.besideDirectories.test(part));
}

/** The smaller the likelier it is the entry: named by the run command, then by its name, then programs before pages and styles. */
function rankOf(path: string, runs: readonly string[]): number {
  const stem = path.replace(/\.[^./]+$/, '');
  const named = runs.some((run) => {
    const words = run.split(/[\s"'=]+/).map((word) => word.replace(/:.*$/, ''));
    return words.some((word) => isNamed(word, path, stem));
  });
  if (named) return 0;
  const program = !sourceKinds.pages.test(path);
  const entry = sourceKinds.entries.test(path.slice(path.lastIndexOf('/') + 1));
  return program ? (entry ? 1 : 2) : entry ? 3 : 4;
}

/** `wsgi`, `app.main`, `dist/server.js`, `/app/src/index.js` name wsgi.py, app/main.py, src/server.ts, src/index.js. */
function isNamed(word: string, path: string, stem: string): boolean {
  const clean = word.replace(/^\.?\//, '');
  if (clean === '') return false;
  if (clean === path || clean.endsWith(`/${path}`)) return true;
  if (clean.includes('/') && /\.[cm]?js$/.test(clean)) {
    const tail = clean.replace(/\.[cm]?js$/, '').replace(/^.*?(?:dist|build|lib|out)\//, '');
    return stem === tail || stem === `src/${tail}`;
  }
  return (
    /^[\w.]+$/.test(clean) && path.endsWith('.py') && (stem === clean.replaceAll('.', '/') || stem === `src/${clean.replaceAll('.', '/')}`)
  );
}

function editOf(place: EditPlace, path: string, comment: Comment | undefined = commentOf(path)): Edit {
  if (comment === undefined) return { none: `${path}: how a comment is written in such a file is not known` };
  const read = place.tree.read(path);
  if (read.kind !== 'text' || read.lossy === true) return { none: `${path} is no text that can be edited` };
  if (sourceKinds.generated.test(read.text.slice(0, 2000))) return { none: `${path} is generated` };
  if (/\\\s*$/.test(read.text) || !(comment.fits?.(read.text) ?? true)) return { none: `${path} does not end where a comment can stand` };
  const eol = read.text.includes('\r\n') ? '\r\n' : '\n';
  const first = read.text === '' || read.text.endsWith('\n') ? '' : eol;
  // Rounds append to what the rounds before left, which ends with a line break.
  return { path, append: (round) => `${round === 1 ? first : ''}${comment.line(round)}${eol}` };
}
