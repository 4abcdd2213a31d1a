// Room: runtime/. Which files of the context the program reads when it runs: listed, or "the whole application".
import type { FileTree } from '../context/types.ts';
import { walk } from '../context/walk.ts';
import { parseShell } from '../dockerfile/shell.ts';
import type { EcosystemProject, SourceHit } from '../ecosystems/types.ts';
import type { Evidence } from '../facts/types.ts';
import { contextPath } from '../facts/copies.ts';
import type { Project } from '../facts/project.ts';
import { entryKind, type Layout } from './entries.ts';
import type { NamedByVariable } from './named-by-variables.ts';
import { environmentFiles, settingsLeftOut } from './settings-left-out.ts';

export interface RuntimeFiles {
  /** Context paths of files and directories that are read at run time, sorted. */
  assets: string[];
  /** The paths that sources name themselves, sorted; `.env` where it is read. */
  named: string[];
  /** Entries whose use cannot be told. */
  unknown: string[];
  /** Places that read a computed path. */
  dynamic: Evidence[];
  /** Evidence for the assets. */
  evidence: Evidence[];
  /** `.env` is in the image and read there. */
  envFile: string | undefined;
}

/** Entries that no image needs from the context. */
const NEVER = new Set(['.git', 'node_modules', '.dockerignore', '.gitignore']);

interface Question {
  dir: string;
  layout: Layout;
  /** Context paths that the build makes (they come from the builder). */
  outputs: readonly string[];
  hits: readonly SourceHit[];
  /** True for a path that the image has; without it all are taken to be there. */
  inImage?(path: string): boolean;
  /** What variables of the container name; absent: nothing. */
  variables?: readonly NamedByVariable[];
}

/** Reads the context directory `dir` (what the ignore file hides is not there). */
export function runtimeFiles(
  project: Project,
  { dir, layout, outputs, hits: all, inImage = () => true, variables = [] }: Question,
): RuntimeFiles {
  const hits = all.filter((hit) => inImage(hit.file));
  const { tree, ignore, gitIgnores } = project;
  const found: RuntimeFiles = { assets: [], named: [], unknown: [], dynamic: [], evidence: [], envFile: undefined };
  const assets = new Set<string>();
  const named = literalsOf(project, dir, hits, found).filter((path) => !compiledAndTold(tree, path, layout));
  envFile(project, dir, hits, found);
  for (const entry of tree.list(dir) ?? []) {
    if (NEVER.has(entry.name) || ignore.ignores(entry.path) || gitIgnores(entry.path) || outputs.some((o) => o === entry.path)) continue;
    if (!inImage(entry.path)) continue;
    const kind =
      entry.kind === 'dir' && sourcesOnly(tree, entry.path, layout)
        ? 'build'
        : entryKind(entry.name, entry.kind === 'dir' ? 'dir' : entry.kind === 'file' ? 'file' : 'other', layout);
    if (entry.name.startsWith('.env')) continue;
    if (kind === 'unknown' && entry.kind === 'dir' && compiledAlone(tree, entry.path, layout)) continue;
    if (kind === 'unknown' && entry.kind === 'dir' && found.dynamic.length === 0 && proseAlone(tree, entry.path)) continue;
    if (kind === 'asset') assets.add(entry.path);
    else if (kind === 'unknown' && forHost(project, dir, entry.path, hits)) continue;
    else if (kind === 'unknown' && !named.some((path) => path === entry.path || path.startsWith(`${entry.path}/`)))
      found.unknown.push(entry.path);
  }
  for (const path of namedAside(project, dir, layout, inImage)) if (!named.includes(path)) named.push(path);
  for (const path of databases(project, dir, layout)) if (!named.includes(path)) named.push(path);
  if (found.dynamic.length > 0) named.push(...settingsLeftOut(tree, dir).filter((path) => !named.includes(path)));
  named.push(...givenByVariables(tree, found, { layout, variables, named }));
  if (found.envFile !== undefined) named.push(found.envFile, ...namedByEnv(project, dir, found.envFile));
  for (const path of named)
    if (
      !ignore.ignores(path) &&
      !outputs.some((o) => path === o || path.startsWith(`${o}/`)) &&
      ![...assets].some((a) => path === a || path.startsWith(`${a}/`))
    )
      assets.add(path);
  for (const path of assets)
    if (loadsOthers(tree, path, layout)) found.dynamic.push({ file: path, says: 'loads other files of the repository when it runs' });
  found.assets = [...assets].sort();
  const visible = named.filter((path) => !ignore.ignores(path)).sort();
  found.named = [...new Set(visible)].filter((path) => !visible.some((other) => path.startsWith(`${other}/`)));
  return found;
}

/** A source that is run as it is, and loads others: which those are is not followed. */
function loadsOthers(tree: FileTree, path: string, { loads }: Layout): boolean {
  const read = loads?.file.test(path) === true && tree.stat(path)?.kind === 'file' ? tree.read(path) : undefined;
  return read?.kind === 'text' && loads?.text.test(read.text) === true;
}

/** Programs of the machine that builds and starts containers. */
const HOST_PROGRAMS = new Set(['docker', 'docker-compose', 'podman', 'podman-compose', 'kubectl', 'helm', 'minikube', 'heroku', 'flyctl']);

/** An object of Kubernetes, by its required fields. Source: kubernetes.io/docs/concepts/overview/working-with-objects */
const KUBERNETES =
  /^apiVersion:[ \t]*\S[^\n]*\n(?:[^\n]*\n){0,40}?kind:[ \t]*\S|^kind:[ \t]*\S[^\n]*\n(?:[^\n]*\n){0,40}?apiVersion:[ \t]*\S/m;

/**
 * A shell script that builds or starts containers, or a manifest of Kubernetes, and no source names it: for whoever has the repository, not for the
 * image.
 */
function forHost(project: Project, dir: string, path: string, hits: readonly SourceHit[]): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const read = /\.(?:sh|ya?ml)$/.test(name) && !hits.some((hit) => hit.text.includes(name)) ? project.tree.read(path) : undefined;
  if (read?.kind !== 'text') return false;
  if (project.all(dir).some((one) => one.literals?.().some(({ text }) => text.endsWith(name)))) return false;
  if (!name.endsWith('.sh')) return KUBERNETES.test(read.text);
  return parseShell(read.text).seen.some(({ words }) => {
    const [first, second] = words.map((word) => word.value ?? '');
    return HOST_PROGRAMS.has((first === 'sudo' ? second : first) ?? '');
  });
}

/** Files below directories that no program reads as a rule (docs, src, deploy), which a source names all the same: a call that no table has may read them. */
function namedAside(project: Project, dir: string, layout: Layout, inImage: (path: string) => boolean): string[] {
  const { tree } = project;
  const literals = project.all(dir).flatMap((one) => one.literals?.() ?? []);
  return literals.flatMap(({ file, text }) => {
    const path = contextPath([dir, text].join('/'));
    const [top = '', ...below] = path.slice(dir === '' ? 0 : dir.length + 1).split('/');
    const aside = below.length > 0 && !NEVER.has(top) && entryKind(top, 'dir', layout) === 'build';
    const name = below.at(-1) ?? '';
    return aside && inImage(file) && inImage(path) && !layout.sources.test(name) && tree.stat(path)?.kind === 'file' ? [path] : [];
  });
}

/** Nothing that is read opens files of a database. */
export const opensNone = (projects: readonly EcosystemProject[]): boolean =>
  projects.length > 0 && projects.every((one) => one.opensDatabases?.() === false);

/** The name of a file of an embedded database. `Dockerfile.db` builds an image, and Thumbs.db holds what Windows shows of pictures. */
export const isDatabase = (name: string): boolean =>
  /\.(?:db|db3|sqlite|sqlite3|s3db|bolt|mdb|duckdb)$/i.test(name) && !/^(?:(?:docker|container)file\..*|thumbs\.db)$/i.test(name);

/** Database files of the context: a program with an embedded database may open one whose path it computes. */
function databases(project: Project, dir: string, layout: Layout): string[] {
  const { tree, ignore, gitIgnores } = project;
  if (opensNone(project.all(dir))) return [];
  const tests = (path: string): boolean =>
    entryKind(path.slice(dir === '' ? 0 : dir.length + 1).split('/')[0] ?? '', 'dir', layout) === 'build';
  return walk(tree, dir)
    .filter((e) => e.kind === 'file' && isDatabase(e.name) && !tests(e.path) && !ignore.ignores(e.path) && !gitIgnores(e.path))
    .map((e) => e.path);
}

/** A variable names files and directories that are read, not what is compiled; a word may be a path where computed paths are read. */
const givenByVariables = (
  tree: FileTree,
  { dynamic }: RuntimeFiles,
  { layout, variables, named }: { layout: Layout; variables: readonly NamedByVariable[]; named: readonly string[] },
): string[] =>
  variables
    .filter(({ path, word }) => (!word || dynamic.length > 0) && !named.includes(path))
    .filter(({ path }) => !(tree.stat(path)?.kind === 'dir' ? compiledAlone(tree, path, layout) : layout.compiledIn?.test(path) === true))
    .map(({ path }) => path);

/** Files of the context that values of a `.env` name: DATABASE_URL=sqlite://data.db, CONFIG=conf/app.toml. */
function namedByEnv({ tree }: Project, dir: string, envFile: string): string[] {
  const read = tree.read(envFile);
  const values =
    read.kind === 'text'
      ? read.text.split('\n').map((line) => /^\s*(?:export\s+)?[\w.]+\s*=\s*["']?(?:\w+:(?:\/\/)?)?(?:\.\/)?([^"'\s#?]+)/.exec(line)?.[1])
      : [];
  return values
    .filter((value): value is string => value !== undefined && !value.startsWith('/'))
    .map((value) => contextPath([dir, value].join('/')))
    .filter((path) => path !== dir && tree.stat(path)?.kind === 'file');
}

/** A directory of nothing but sources of a compiled language: what is compiled in is not read. */
function sourcesOnly(tree: FileTree, dir: string, { ending }: Layout): boolean {
  return ending !== undefined && holdsOnly(tree, dir, { source: (name) => name.endsWith(ending), beside: PROSE });
}
/** The same of a directory whose name does not tell what it holds. */
export const compiledAlone = (tree: FileTree, dir: string, { compiledIn }: Layout): boolean =>
  compiledIn !== undefined && holdsOnly(tree, dir, { source: (name) => compiledIn.test(name), beside: PROSE });
/** The same of one that a source names: Markdown in it is read as prompts and posts are, unless it tells of the sources. */
const compiledAndTold = (tree: FileTree, dir: string, { compiledIn }: Layout): boolean =>
  compiledIn !== undefined && holdsOnly(tree, dir, { source: (name) => compiledIn.test(name), beside: TOLD });
/** Markdown alone: prompts, posts, pages, where a source names it or reads what it computes. */
const proseAlone = (tree: FileTree, dir: string): boolean =>
  holdsOnly(tree, dir, { source: (name) => name.endsWith('.md'), beside: PROSE });

const PROSE = /\.md$|^\.DS_Store$/;
const TOLD = /^(?:readme|changelog|contributing|architecture|todo)[\w.-]*\.md$|^\.DS_Store$/i;

function holdsOnly(tree: FileTree, dir: string, is: { source: (name: string) => boolean; beside: RegExp }): boolean {
  const names = walk(tree, dir).flatMap((e) => (e.kind === 'dir' ? [] : [e.name]));
  return names.some(is.source) && names.every((name) => is.source(name) || is.beside.test(name));
}

/** The literal paths that sources read and that exist in the context; computed reads are noted. */
function literalsOf({ tree, gitIgnores }: Project, dir: string, hits: readonly SourceHit[], found: RuntimeFiles): string[] {
  const paths = new Set<string>();
  for (const hit of hits) {
    if (hit.kind === 'write') {
      const place = hit.literal === undefined ? undefined : writtenTo(tree, dir, hit.literal);
      if (place !== undefined) {
        paths.add(place);
        found.evidence.push({ file: hit.file, line: hit.line, says: `writes to ${place}: ${hit.text}` });
      }
      continue;
    }
    if (hit.kind !== 'read' && hit.kind !== 'template' && hit.kind !== 'env-file') continue;
    const evidence: Evidence = { file: hit.file, line: hit.line, says: `reads files: ${hit.text}` };
    if (hit.literal === undefined) {
      found.dynamic.push(evidence);
      if (hit.kind === 'env-file') for (const path of environmentFiles(tree, dir)) paths.add(path);
      continue;
    }
    // told by itself, as git leaves it out as a rule
    if (hit.kind === 'env-file' && /^(?:\.\/)?\.env$/.test(hit.literal)) continue;
    if (hit.literal.startsWith('/') || hit.literal.includes('://')) continue;
    const fixed = hit.literal.split(/[*?[{]/)[0] ?? '';
    const literal = fixed === hit.literal ? fixed : fixed.slice(0, fixed.lastIndexOf('/') + 1);
    const path = contextPath([dir, literal].join('/'));
    // the directory itself: what of it is read is said elsewhere, as viper's SetConfigName does
    if (/^\.\/?$/.test(hit.literal)) found.dynamic.push(evidence);
    if (path === dir || path === '' || !(tree.stat(path) || gitIgnores(path))) continue;
    paths.add(path);
    found.evidence.push(evidence);
  }
  return [...paths];
}

/**
 * What a write needs to be there before: the file, which may be opened as it is, or the nearest directory above it that the context has.
 * Many programs do not make `logs` themselves, since a `.gitkeep` does.
 */
function writtenTo(tree: FileTree, dir: string, literal: string): string | undefined {
  if (literal.startsWith('/') || literal.includes('://')) return undefined;
  for (
    let path = contextPath([dir, literal].join('/'));
    path !== dir && path !== '';
    path = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  ) {
    if (tree.stat(path)) return path;
  }
  return undefined;
}

/**
 * `.env`, where something reads it, or reads what cannot be told: committed, or left out by git, or to be made of the example beside it. Whoever builds may have one then,
 * and the original takes it along: the answer is the same whether it lies here or not.
 */
function envFile({ tree, ignore, gitIgnores }: Project, dir: string, hits: readonly SourceHit[], found: RuntimeFiles): void {
  const path = [dir, '.env'].filter(Boolean).join('/');
  // a path that is computed may be that of one that is committed
  const committed = tree.stat(path)?.kind === 'file' && !gitIgnores(path);
  const computed = committed ? hits.find((h) => h.kind === 'read' && h.literal === undefined) : undefined;
  const reader =
    hits.find(({ kind, literal }) => kind === 'env-file' && (literal === undefined || /(?:^|\/)\.env$/.test(literal))) ?? computed;
  if (!reader || ignore.ignores(path)) return;
  // a name that is computed is that of another file
  if (!tree.stat(path) && !gitIgnores(path) && !(reader.literal !== undefined && hasExample(tree, dir))) return;
  found.envFile = path;
  found.evidence.push({
    file: reader.file,
    line: reader.line,
    says: `${reader === computed ? 'may read' : 'reads'} ${path}: ${reader.text}`,
  });
}

/** An example of a `.env` for people to copy: `.env.example`, `env.sample`, `example.env`. */
const EXAMPLE = /^\.?env[.-][\w.-]+$|^\.?(?:example|sample|template|dist|default)s?\.env$/;

const hasExample = (tree: FileTree, dir: string): boolean =>
  (tree.list(dir) ?? []).some(({ kind, name }) => kind === 'file' && EXAMPLE.test(name));
