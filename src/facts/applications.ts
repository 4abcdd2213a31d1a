// Room: facts/. The projects whose sources the image has: at the root of the context, or in the directories that COPYs bring.
import type { EcosystemProject, SourceHit } from '../ecosystems/types.ts';
import { oncePer } from '../once.ts';
import { parentOf } from '../context/paths.ts';
import { contextPath, inside, originThrough } from './copies.ts';
import { ecosystemOf } from './project.ts';
import type { Subject } from './subject.ts';

export interface Application {
  ecosystem: string;
  /** Its directory of the context. */
  dir: string;
  project: EcosystemProject;
}

/**
 * Every project that is found. The root's sources hold those of its directories; without one there, each directory that is copied counts, those
 * without a manifest where the image is of that ecosystem.
 */
export const projectsOf = oncePer((subject: Subject): readonly Application[] => {
  const { project, stages } = subject;
  const copied = copiedDirectories(subject);
  const ofImages = new Set(stages.map(({ base }) => ecosystemOf(project.ecosystems, base)?.id));
  return project.ecosystems.flatMap(({ id }) => {
    const root = project.of(id, '');
    if (root) return [{ ecosystem: id, dir: '', project: root }];
    const found = copied.flatMap((dir) => {
      const one = project.of(id, dir) ?? (ofImages.has(id) ? project.bare(id, dir) : undefined);
      return one && one.sources?.().length !== 0 ? [{ ecosystem: id, dir, project: one }] : [];
    });
    const bare = found.length === 0 && ofImages.has(id) && copiesOfTop(subject) ? project.bare(id, '') : undefined;
    return bare && bare.sources?.().length !== 0 ? [{ ecosystem: id, dir: '', project: bare }] : found;
  });
});

/** The project of one ecosystem, the first where there are several. */
export const projectIn = (subject: Subject, ecosystem: string): EcosystemProject | undefined =>
  projectsOf(subject).find((one) => one.ecosystem === ecosystem)?.project;

/** Where first-party sources touch the world at run time. */
export const hitsOf = oncePer((subject: Subject): SourceHit[] =>
  projectsOf(subject).flatMap(({ project }) => broughtHits(subject, project)),
);

/** The same of one project. What no stage has is no source of the program: scripts beside an application whose directory alone is copied. */
export const broughtHits = (subject: Subject, project: Pick<EcosystemProject, 'hits'>): SourceHit[] =>
  project.hits().filter(({ file }) => isBrought(subject, file));

/** A COPY or a mount of any stage, or of a service, brings a file of the context, as far as can be told. */
export function isBrought(subject: Subject, file: string): boolean {
  const dirs = broughtBy(subject);
  return dirs === undefined || dirs.some((dir) => inside(file, dir));
}

/** Undefined: what is brought cannot be told, or comes another way. */
const broughtBy = oncePer(({ stages, project }: Subject): readonly string[] | undefined => {
  const sources = stages.flatMap(({ copies }) => copies.filter(({ fromContext }) => fromContext).flatMap((copy) => copy.sources));
  if (sources.length === 0 || sources.some(({ kind }) => kind === 'variable')) return undefined;
  const hosts = project
    .uses()
    .services.flatMap(({ mounts }) =>
      mounts.flatMap(({ kind, source }) =>
        kind === 'bind' && source !== undefined && !source.startsWith('/') ? [contextPath(source)] : [],
      ),
    );
  return [...sources.flatMap(({ path, files }) => [path, ...files]), ...mountedBy(stages), ...hosts];
});

/** Directories of the context that RUNs have by a bind mount. */
const mountedBy = (stages: Subject['stages']): string[] =>
  stages.flatMap(({ runs }) =>
    runs.flatMap(({ instruction: { mounts } }) =>
      mounts.flatMap(({ type, from, options }) =>
        type === 'bind' && from === undefined ? [contextPath(options.get('source') ?? options.get('src') ?? '.')] : [],
      ),
    ),
  );

/** The same of the projects whose programs are compiled to binaries, or of the others, which are interpreted. */
export function hitsOfKind(subject: Subject, kind: 'compiled' | 'interpreted'): SourceHit[] {
  const compiled = new Set(subject.project.ecosystems.flatMap(({ id, toolchain }) => (toolchain ? [id] : [])));
  const ofKind = projectsOf(subject).filter(({ ecosystem }) => compiled.has(ecosystem) === (kind === 'compiled'));
  return ofKind.flatMap(({ project }) => broughtHits(subject, project));
}

/** The directories of the context that COPYs of any stage and mounts bring, and the one that stands at the working directory; none that lies in another one. */
export const copiedDirectories = oncePer((subject: Subject): readonly string[] => {
  const { final, project, stages } = subject;
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const origin = workdir === undefined || workdir === '/' ? undefined : originThrough(stages, final, project.tree, workdir);
  const copied = stages.flatMap(({ copies }) =>
    copies.flatMap(({ fromContext, sources }) =>
      fromContext ? sources.flatMap(({ kind, path, files }) => (kind === 'dir' ? [path] : files.flatMap(above))) : [],
    ),
  );
  const dirs = [...new Set([...(origin === undefined ? [] : [origin]), ...copied, ...mountedBy(stages)])].filter(
    (dir) => dir === '' || project.tree.stat(dir)?.kind === 'dir',
  );
  return outermost(dirs);
});

/** Files that stand at the top of the context are copied one by one: `COPY server.js .` */
const copiesOfTop = ({ stages }: Subject): boolean =>
  stages.some(({ copies }) =>
    copies.some(
      ({ fromContext, sources }) =>
        fromContext && sources.some(({ kind, files }) => kind !== 'dir' && files.some((file) => !file.includes('/'))),
    ),
  );

/** The directory of a file; none: the root, which has its own project or none. */
const above = (file: string): string[] => (file.includes('/') ? [parentOf(file)] : []);

/** Without those that lie in another one. */
export function outermost(dirs: readonly string[]): string[] {
  const kept: string[] = [];
  // a directory stands directly before what lies in it when `/` sorts first
  for (const dir of [...new Set(dirs)].sort((a, b) => (`${a}/`.replaceAll('/', '\0') < `${b}/`.replaceAll('/', '\0') ? -1 : 1))) {
    const last = kept[kept.length - 1];
    if (last === undefined || !inside(dir, last)) kept.push(dir);
  }
  return kept;
}
