// Room: runtime/. Directories and files that are there to be written to: made by a RUN, kept in git although empty, named by the sources.
import { walk } from '../context/walk.ts';
import { allOf } from '../effects/effects.ts';
import { parentOf, within } from '../effects/places.ts';
import { landingOf, originThrough, resolvePath } from '../facts/copies.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { projectsOf } from './own-sources.ts';

interface Directory {
  path: string;
  evidence: Evidence;
}

/** Directories that the RUNs of the final stage, or of the stages that it is built FROM, make. */
export function madeDirectories(subject: Subject): Directory[] {
  const chain: StageReading[] = [];
  for (let stage: StageReading | undefined = subject.final; stage && chain.length < 20;) {
    chain.push(stage);
    stage = stage.base.ofStage === undefined ? undefined : subject.stages[stage.base.ofStage];
  }
  const all = chain.flatMap(({ runs }) =>
    runs.flatMap(({ instruction, parts }) => allOf(parts.map((part) => part.effects)).map((effects) => ({ instruction, effects }))),
  );
  const gone = all.flatMap(({ effects }) => effects.removes.known);
  return all
    .filter(({ effects: { does } }) => does.kind === 'files' && does.makes === true)
    .flatMap(({ instruction, effects }) =>
      effects.own.known.map(({ path }) => ({ path, evidence: { file: 'Dockerfile', line: instruction.line, says: `makes ${path}` } })),
    )
    .filter(({ path }) => !gone.some((place) => within(path, place.path)));
}

/** Files that keep a directory in git that would be empty otherwise. */
const KEEPS: ReadonlySet<string> = new Set(['.gitkeep', '.keep', '.gitignore', '.empty', '.placeholder']);

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
    return path === undefined ? [] : [{ path, evidence: { file: first.get(dir) ?? dir, says: 'keeps a directory that is empty in git' } }];
  });
}
const hasDirectories = (entries: readonly { kind: string }[] | undefined): boolean => (entries ?? []).some(({ kind }) => kind === 'dir');

/** Endings of files that programs keep their data in. */
const DATA =
  /\.(json|jsonl|ndjson|csv|tsv|txt|log|db|db3|sqlite3?|pkl|pickle|joblib|dat|data|npy|npz|pt|pth|h5|parquet|feather|xlsx|session|lock|pid|bak|png|jpe?g|pdf|wav|mp3|mp4)$/i;
/** Places of the system where programs are given directories of their own. */
const ELSEWHERE = /^\/(?:(?:var|srv|mnt|data|storage|media)\/[\w.-]|.*\.(?:db3?|sqlite3?|log|pid|lock|pkl)$)/;

export interface NamedPlace {
  path: string;
  file: boolean;
  /** It is written for certain: where it cannot be given to the user, there is none. */
  certain: boolean;
  evidence: Evidence;
}

/**
 * Paths that sources name in a literal, beside calls that are known to read: a file of the image that holds data may be written,
 * and a file that is not there yet is made in its directory. A directory counts where it is given to something that says so.
 */
export function namedPlaces(subject: Subject): NamedPlace[] {
  const { stages, final, project } = subject;
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const found = new Map<string, NamedPlace>();
  for (const { project: one } of projectsOf(subject)) {
    const read = new Set(one.hits().flatMap((hit) => (hit.kind === 'read' || hit.kind === 'template' ? [`${hit.file}:${hit.line}`] : [])));
    for (const { file, line, text, given } of one.literals?.() ?? []) {
      const path = resolvePath(workdir, text);
      const ending = /\.\w{1,8}$/.test(text);
      const ofRoot = path?.startsWith('/root/') === true;
      if (path === undefined || (!ofRoot && read.has(`${file}:${line}`) && given !== 'write')) continue;
      if (given === undefined && !ofRoot && (!DATA.test(path) || (text.startsWith('/') && !ELSEWHERE.test(text)))) continue;
      const origin = originThrough(stages, final, project.tree, path);
      const kind = origin === undefined ? undefined : project.tree.stat(origin)?.kind;
      const evidence: Evidence = { file, line, says: `names ${text}` };
      const place = (at: string, isFile: boolean): void => {
        if (at !== workdir || isFile) found.set(at, { path: at, file: isFile, certain: given === 'write' || ofRoot, evidence });
      };
      if (kind === 'file' && origin !== undefined && !project.ignore.ignores(origin)) {
        if (given === 'write' || DATA.test(path)) place(path, true);
      } else if (kind === 'dir') {
        if (given !== undefined && holdsNoSources(subject, origin ?? '')) place(path, false);
      } else if (kind === undefined && (text.startsWith('/') || (ending && isKept(subject, parentOf(path)))))
        place(ending ? parentOf(path) : path, false);
    }
  }
  return [...found.values()];
}

/** Directories of sources are read. */
const holdsNoSources = ({ project }: Subject, dir: string): boolean =>
  dir !== '' && !project.ignore.ignores(dir) && !walk(project.tree, dir).some(({ name }) => /\.(?:py|[cm]?[jt]sx?)$/.test(name));

/** A directory that the image has from the context. */
function isKept({ stages, final, project }: Subject, path: string): boolean {
  const origin = originThrough(stages, final, project.tree, path);
  return origin !== undefined && origin !== '' && project.tree.stat(origin)?.kind === 'dir';
}
