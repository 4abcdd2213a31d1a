// Room: checkout/. From found Dockerfiles to what is told and written: reads, refactors, and settles who writes a shared ignore file.
import { dirname, join } from 'node:path';
import type { ContextFile, FileReport, Problem } from '../report/types.ts';
import type { FileChange, Options, ProjectContext } from '../types.ts';
import type { Found } from './find.ts';
import { effectiveConfig, optionsUnder, type Effective } from './config/effective.ts';
import { locate, rootOf, treeOf, type Places } from './locate.ts';
import { below, shown } from './paths.ts';
import { problemAt, readDockerfile } from './read.ts';

/** One Dockerfile of the run: what is told of it, and what its writing needs. */
export interface Planned {
  report: FileReport;
  real: string;
  /** The given path's directory: nothing outside of it is written through a link. */
  given: string;
  /** The bytes as read: the file is written only while it still has them. */
  bytes: Buffer | undefined;
  /** The build context, real and absolute. */
  contextDir: string;
  root: string;
  project: ProjectContext | undefined;
  /** What it was refactored with. */
  options: Partial<Options>;
  /** What the configuration says; undefined: it was not asked. */
  config: Effective | undefined;
  /** An exception on the road: a bug of ours, shown with --debug. */
  thrown: unknown;
}

export interface PlanOptions {
  cwd: string;
  options: Partial<Options>;
}

/** Facts of an image that are of none of these Dockerfiles; undefined: they are of one, or none were given. */
export function strayFacts(all: readonly Planned[], { image }: Places): Problem | undefined {
  if (!image || all.length === 0 || all.some(({ project, report }) => project?.image || report.error)) return undefined;
  const message =
    all.length === 1
      ? `The image facts are of another Dockerfile (${image.of.dockerfile}), or this one has changed since`
      : `The image facts are of none of these ${all.length} Dockerfiles, or it (${image.of.dockerfile}) has changed since`;
  const hint = 'Nothing was changed. Make them anew: dockerfile-mod observe --format json DOCKERFILE > FILE.';
  return { path: all[0]?.report.path ?? '', line: 1, column: 1, message, hint };
}

const whatToDo = 'Nothing was changed. Correct the Dockerfile, then run again; `docker build --check` looks at it too.';

/** Reads and refactors one Dockerfile; nothing is written. Every failure is in the report. */
export function plan(found: Found, places: Places, { cwd, options }: PlanOptions): Planned {
  const planned: Planned = {
    report: emptyReport(found.path),
    real: found.real,
    given: found.given,
    bytes: undefined,
    contextDir: dirname(found.real),
    root: found.given,
    project: undefined,
    options,
    config: undefined,
    thrown: undefined,
  };
  const read = readDockerfile(found.real, found.path, places.disk);
  if ('problem' in read) return failed(planned, read.problem);
  planned.bytes = read.bytes;
  planned.report.source = read.text;
  try {
    const root = rootOf(found, places.disk);
    const config = effectiveConfig({ path: found.real, root, cwd }, places);
    planned.root = root;
    planned.config = config;
    planned.report.patchPath = below(root, found.real) ?? found.path;
    const [problem] = config.problems;
    if (problem) return failed(planned, problem);
    const { dir, project } = locate(found, read.text, { ...places, context: places.context ?? config.context?.value });
    Object.assign(planned, { contextDir: dir, project: withImages(project, config) });
    planned.report.context = shown(cwd, dir);
    planned.options = underConfig(planned, options);
    return settle(planned, places, { cwd, options: planned.options });
  } catch (error) {
    return crashed(planned, error);
  }
}

/**
 * Plans all, in their order. What was read of a repository is let go of behind its last Dockerfile: of thousands, one is in memory. What is
 * asked again afterwards (an ignore file that several share) is read again.
 */
export function planAll(all: readonly Found[], places: Places, how: PlanOptions): Planned[] {
  let first = 0;
  const done: Planned[] = [];
  for (const found of all) {
    const planned = plan(found, places, how);
    if (planned.root !== done[first]?.root) {
      forget(done.slice(first), places);
      first = done.length;
    }
    done.push(planned);
  }
  return done;
}

function forget(done: readonly Planned[], places: Places): void {
  if (done.length === 0) return;
  places.trees.clear();
  for (const planned of done) {
    const { project, contextDir, root } = planned;
    if (!project) continue;
    const { repository, ...rest } = project;
    planned.project = {
      ...rest,
      tree: treeOf(contextDir, places),
      ...(repository ? { repository: { ...repository, tree: treeOf(root, places) } } : {}),
    };
  }
}

/** The options under the configuration: none of the transforms where it says `enabled: false`. Says so in the report. */
export function underConfig({ report, config }: Planned, options: Partial<Options>): Partial<Options> {
  if (!config) return options;
  if (config.enabled?.value === false) {
    const file = config.enabled.from.replace(/:\d+$/, '');
    const allow = `Write \`enabled: true\` into ${file}, or take the file out.`;
    const message = `${file}: the repository asks to be left alone`;
    report.skipped.push({ transform: settingsId, reason: 'opted-out', message, line: 1, allow });
  }
  return optionsUnder(config, options);
}

/** The project, with what the configuration says of images. */
export const withImages = (project: ProjectContext, { mirrors, replacements }: Effective): ProjectContext => ({
  ...project,
  ...(mirrors.length === 0 ? {} : { mirrors: mirrors.map(({ value }) => value) }),
  ...(replacements.length === 0 ? {} : { replacements: replacements.map(({ value }) => value) }),
});

/** The name that notes and skips of this room are told under: no transform's. */
const settingsId = 'repository';

/** Refactors what was read, with the places of its files. Used again when an ignore file is shared. */
export function settle(planned: Planned, places: Places, { cwd, options }: PlanOptions): Planned {
  const { report, project } = planned;
  if (report.source === undefined || !project) return planned;
  const result = places.core.refactor(report.source, project, options);
  if (!result.ok) return failed(planned, { path: report.path, ...result.error, hint: result.error.hint ?? whatToDo });
  report.result = result;
  report.files = result.files.map((file) => contextFile(file, planned, cwd));
  return planned;
}

export function emptyReport(path: string): FileReport {
  return {
    path,
    patchPath: path,
    context: undefined,
    source: undefined,
    result: undefined,
    files: [],
    skipped: [],
    notes: [],
    error: undefined,
  };
}

export function failed(planned: Planned, problem: Problem): Planned {
  planned.report.error = problem;
  return planned;
}

export function crashed(planned: Planned, error: unknown): Planned {
  planned.thrown = error;
  const message = `internal error: ${error instanceof Error ? error.message : String(error)}`;
  return failed(
    planned,
    problemAt(
      planned.report.path,
      message,
      'Nothing was changed. This is a bug of dockerfile-mod: please report it with the output of --debug.',
    ).problem,
  );
}

function contextFile(file: FileChange, planned: Planned, cwd: string): ContextFile {
  const at = join(planned.contextDir, file.path);
  const path = shown(cwd, at);
  return { path, patchPath: below(planned.root, at) ?? path, inContext: file.path, before: file.before, after: file.after };
}
