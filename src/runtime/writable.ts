// Room: runtime/. Directories and files that are there to be written to: made by a RUN, kept in git although empty, named by the sources.
import { walk } from '../context/walk.ts';
import { allOf } from '../effects/effects.ts';
import { parentOf, within } from '../effects/places.ts';
import { inside, landingOf, originThrough, resolvePath } from '../facts/copies.ts';
import { onceEach, oncePer } from '../once.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { chainOf } from './chain.ts';
import { projectsOf } from '../facts/applications.ts';
import { writtenNames } from './written-names.ts';

interface Directory {
  path: string;
  /** A command makes it that may not run, or may fail. */
  unsure: boolean;
  evidence: Evidence;
}

/** Directories that the RUNs of the final stage, or of the stages that it is built FROM, make. */
export function madeDirectories(subject: Subject): Directory[] {
  const all = chainOf(subject).flatMap(({ runs }) =>
    runs.flatMap(({ instruction, parts }) =>
      parts.flatMap(({ command, effects }) =>
        allOf([effects]).map((one) => ({ instruction, effects: one, unsure: command.optional !== undefined })),
      ),
    ),
  );
  const gone = all.flatMap(({ effects }) => effects.removes.known);
  return all
    .filter(({ effects: { does } }) => does.kind === 'files' && does.makes === true)
    .flatMap(({ instruction, effects, unsure }) =>
      effects.own.known.map(({ path }) => ({
        path,
        unsure,
        evidence: { file: 'Dockerfile', line: instruction.line, says: `makes ${path}` },
      })),
    )
    .filter(({ path }) => !gone.some((place) => within(path, place.path)));
}

/** Files of data that RUNs make, `touch logs/a.log`: they belong to root, also where their directory is given to the user. */
export function madeData({ stages }: Subject): string[] {
  const all = stages.flatMap(({ runs }) => runs.flatMap(({ parts }) => allOf(parts.map((part) => part.effects))));
  const gone = all.flatMap(({ removes }) => removes.known);
  return all
    .filter(({ does }) => does.kind !== 'own' && does.kind !== 'package')
    .flatMap(({ own }) => own.known.flatMap(({ path, below }) => (!below && DATA.test(path) ? [path] : [])))
    .filter((path) => !gone.some((place) => within(path, place.path)));
}

/**
 * Files that a RUN makes only where a condition holds (`if [ -n "$KEY" ]; then echo "$KEY" > key.json; fi`), or may fail to make: the image may
 * be without them. By path, with the line.
 */
export function maybeMade({ stages }: Subject): Map<string, number> {
  const maybe = new Map<string, number>();
  const sure = new Set<string>();
  for (const { runs } of stages)
    for (const { instruction, parts } of runs)
      for (const { command, effects } of parts)
        for (const { path } of allOf([effects]).flatMap(({ own }) => own.known)) {
          // the shell makes a file that is printed to before the command fails
          const printed = command.optional === 'may-fail' && effects.redirected.known.some((place) => place.path === path);
          if (command.optional === undefined || printed) sure.add(path);
          else maybe.set(path, instruction.line);
        }
  for (const path of sure) maybe.delete(path);
  return maybe;
}

/** Files that keep a directory in git that would be empty otherwise. */
export const KEEPS: ReadonlySet<string> = new Set(['.gitkeep', '.keep', '.gitignore', '.empty', '.placeholder']);

/** Directories of the context that hold nothing yet: they are filled when the program runs. */
export function keptDirectories({ project, final }: Subject): Directory[] {
  const held = new Map<string, boolean>();
  const first = new Map<string, string>();
  for (const { kind, name, path } of walk(project.tree, '')) {
    const dir = path.slice(0, Math.max(0, path.length - name.length - 1));
    if (kind === 'dir' || dir === '' || project.ignore.ignores(path)) continue;
    held.set(dir, (held.get(dir) ?? true) && KEEPS.has(name));
    first.set(dir, path);
  }
  return [...held].flatMap(([dir, empty]) => {
    const path = empty && !hasDirectories(project.tree.list(dir)) ? landingOf(final.copies, dir) : undefined;
    return path === undefined
      ? []
      : [{ path, unsure: false, evidence: { file: first.get(dir) ?? dir, says: 'keeps a directory that is empty in git' } }];
  });
}
const hasDirectories = (entries: readonly { kind: string }[] | undefined): boolean => (entries ?? []).some(({ kind }) => kind === 'dir');

/** Endings of files that programs keep their data in, and of those that they mostly load: models, pictures, tables. */
const DATA = /\.(json|jsonl|ndjson|csv|tsv|txt|log|db|db3|sqlite3?|dat|data|session|lock|pid|bak)$/i;
const LOADED =
  /\.(pkl|pickle|joblib|npy|npz|pt|pth|h5|hdf5|keras|onnx|safetensors|bin|parquet|feather|xlsx|png|jpe?g|gif|webp|svg|pdf|wav|mp3|mp4|ttf|otf)$/i;
/** A call that stores what was loaded: without one in the same file, a model or a picture is only read. */
const STORES = /\b(?:save\w*|dump|to_(?:excel|parquet|feather|pickle|hdf)|imwrite|imsave|savez\w*|tofile|write\w*|export\w*)\s*\(/;
/** The path is the argument of a call that reads. */
const READS = /\b(?:read|load|imread|image|imageio|from|configure)\w*\s*\(\s*(?:open\s*\(\s*)?[frbu]?$/i;
/** What a package manager or a person reads. */
const MANIFESTS =
  /(?:^|\/)(?:requirements[\w.-]*\.txt|constraints\.txt|package(?:-lock)?\.json|composer\.(?:json|lock)|tsconfig[\w.-]*\.json|\w+\.lock|LICENSE\.txt|README\.txt|robots\.txt)$/i;

export interface NamedPlace {
  path: string;
  file: boolean;
  /** It is written for certain: where it cannot be given to the user, there is none. */
  certain: boolean;
  evidence: Evidence;
}

/**
 * Paths in the application that sources name in a literal, beside calls that are known to read: a file of the image that holds data may be
 * written, and a file that is not there yet is made in its directory. Absolute ones outside of it: named-elsewhere.ts. A directory counts where it is given
 * to something that says so.
 */
export function namedPlaces(subject: Subject): NamedPlace[] {
  const { stages, final, project } = subject;
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const found = new Map<string, NamedPlace>();
  const stores = onceEach((file: string) => {
    const read = project.tree.read(file);
    return read.kind === 'text' && STORES.test(read.text);
  });
  for (const { project: one } of projectsOf(subject)) {
    const read = new Set(one.hits().flatMap((hit) => (hit.kind === 'read' || hit.kind === 'template' ? [`${hit.file}:${hit.line}`] : [])));
    for (const { file, line, text, before, given } of one.literals?.() ?? []) {
      const path = resolvePath(workdir, text);
      if (path === undefined || workdir === undefined || !inside(path, workdir)) continue;
      if (given !== 'write' && (read.has(`${file}:${line}`) || READS.test(before) || MANIFESTS.test(text))) continue;
      const data = DATA.test(path) || (LOADED.test(path) && stores(file));
      const origin = originThrough(stages, final, project.tree, path);
      const kind = origin === undefined ? undefined : project.tree.stat(origin)?.kind;
      const made = kind === undefined && isMade(subject, text, path, file);
      if (given === undefined && !data && !made) continue;
      const ending = /\.\w{1,8}$/.test(text);
      const evidence: Evidence = { file, line, says: `names ${text}` };
      const place = (at: string, isFile: boolean): void => {
        if (at !== workdir || isFile) found.set(at, { path: at, file: isFile, certain: given === 'write', evidence });
      };
      if (kind === 'file' && origin !== undefined && !project.ignore.ignores(origin)) {
        if (given === 'write' || (data && !onlyRead(subject, one.sources?.() ?? [], file, before))) place(path, true);
      } else if (kind === 'dir') {
        if (given !== undefined && holdsNoSources(subject, origin ?? '')) place(path, false);
      } else if (made || (kind === undefined && ending && isKept(subject, parentOf(path)))) place(parentOf(path), false);
    }
  }
  if (workdir !== undefined)
    for (const { path, file, evidence } of writtenNames(subject, workdir))
      if (!found.has(path)) found.set(path, { path, file, certain: false, evidence });
  return [...found.values()];
}

/** The types of media, which look like paths; and files that run in a browser. Source: iana.org/assignments/media-types */
const MEDIA = /^(?:application|audio|font|image|message|model|multipart|text|video)\/[\w.+-]+$/;
const CLIENT = /\.(?:[jt]sx|vue|svelte)$/;

/** What is not there yet, in a directory of the image that holds no sources: whatever function is given its name may make it. A file that is there may be named without its ending. */
function isMade(subject: Subject, text: string, path: string, file: string): boolean {
  if (!/\w\/[\w.-]/.test(text) || MEDIA.test(text) || CLIENT.test(file) || !isKept(subject, parentOf(path))) return false;
  const dir = originThrough(subject.stages, subject.final, subject.project.tree, parentOf(path)) ?? '';
  if (!holdsNoSources(subject, dir)) return false;
  const stem = `${path.slice(path.lastIndexOf('/') + 1)}.`;
  return !(subject.project.tree.list(dir) ?? []).some(({ name }) => name.startsWith(stem));
}

/** A name that is given a path. */
const NAME = /^\s*(?:export\s+)?(?:const|let|var|self\.)?\s*(\w+)\s*(?::\s*\w+\s*)?=(?!=)[^=]*$/;

/** The name that the path is given is an argument of calls that read, and nothing else: a constant in all sources, another name in its own. */
function onlyRead({ project: { tree } }: Subject, sources: readonly string[], file: string, before: string): boolean {
  const name = NAME.exec(before)?.[1];
  if (name === undefined) return false;
  const uses = (/^[A-Z][A-Z\d_]+$/.test(name) ? sources : [file]).flatMap((path) => {
    const read = tree.read(path);
    return read.kind === 'text' && read.text.includes(name) ? [...read.text.matchAll(new RegExp(`^.*\\b${name}\\b.*$`, 'gm'))] : [];
  });
  const reads = new RegExp(
    `\\b(?:read|load|imread|open|exists|isfile)\\w*\\(\\s*${name}\\s*(?:\\)|,\\s*(?:encoding|sep|header|dtype|index_col|["'](?:rb?|utf-?8)["']))`,
  );
  const others = uses.filter(
    ([line]) =>
      !reads.test(line) && !new RegExp(`^\\s*(?:export\\s+)?(?:const|let|var)?\\s*${name}\\s*(?::[^=]*)?=|\\bimport\\b`).test(line),
  );
  return others.length === 0 && uses.some(([line]) => reads.test(line));
}

/** Directories of sources are read. */
const holdsNoSources = (subject: Subject, dir: string): boolean => dir !== '' && sourceless(subject)(dir);
const sourceless = oncePer(({ project }: Subject) =>
  onceEach(
    (dir: string) => !project.ignore.ignores(dir) && !walk(project.tree, dir).some(({ name }) => /\.(?:py|[cm]?[jt]sx?)$/.test(name)),
  ),
);

/** A directory that the image has from the context. */
function isKept({ stages, final, project }: Subject, path: string): boolean {
  const origin = originThrough(stages, final, project.tree, path);
  return origin !== undefined && origin !== '' && project.tree.stat(origin)?.kind === 'dir';
}
