// Room: verify/. From the paths given to pairs of texts: each Dockerfile as it is, and as a rewrite makes it.
import { join, resolve } from 'node:path';
import { realpathSync } from 'node:fs';
import { findDockerfiles, type Found } from '../checkout/find.ts';
import { places, type Places } from '../checkout/locate.ts';
import { withFiles } from '../checkout/overlay.ts';
import { below, reasonOf } from '../checkout/paths.ts';
import { plan, strayFacts, type Planned, type PlanOptions } from '../checkout/plan.ts';
import { shareFiles } from '../checkout/share.ts';
import type { Core } from '../checkout/types.ts';
import { wantedBy } from '../checkout/wanted.ts';
import type { FileTree } from '../context/types.ts';
import type { Problem } from '../report/types.ts';
import type { Pick } from './rollback.ts';
import { textAt } from './since.ts';
import { EngineError, type Recipe, type VerifyOptions } from './types.ts';

/** One Dockerfile to verify. */
export interface Subject {
  found: Found;
  planned: Planned;
  before: Recipe;
}
export interface Subjects {
  subjects: Subject[];
  /** Paths that are no Dockerfiles. */
  problems: Problem[];
  /** What the rewrites of all of them write: Dockerfiles of one context share its ignore file. */
  writes: ReadonlyMap<string, string>;
  places: Places;
  how: PlanOptions;
}

/** Finds and refactors the Dockerfiles of the paths, as the command line does; nothing is written. Throws an EngineError `bad-input`. */
export async function subjectsOf(options: VerifyOptions, core: Core, signal: AbortSignal): Promise<Subjects> {
  const cwd = options.cwd ?? process.cwd();
  const context = options.context === undefined ? undefined : directory(resolve(cwd, options.context));
  const all = places(core, context, undefined, options.image);
  const { found: every, problems } = findDockerfiles(options.paths, cwd);
  const isWanted = wantedBy(core, options.wanted);
  const found = every.filter(({ path }) => isWanted(path));
  const how: PlanOptions = { cwd, options: options.since === undefined ? (options.refactor ?? {}) : { ...options.refactor, only: [] } };
  const planned = found.map((one) => plan(one, all, how));
  shareFiles(planned, all, how);
  const stray = strayFacts(planned, all);
  if (stray) throw new EngineError({ kind: 'bad-input', message: stray.message, hint: stray.hint, log: '' });
  const subjects: Subject[] = [];
  for (const [i, one] of found.entries()) {
    const its = planned[i];
    if (!its) continue;
    subjects.push({ found: one, planned: its, before: await beforeOf(its, options.since, core, signal) });
  }
  return { subjects, problems, writes: allWrites(planned), places: all, how };
}

export const allWrites = (planned: readonly Planned[]): Map<string, string> => new Map(planned.flatMap((one) => [...writesOf(one)]));

/** The Dockerfile rewritten by other transforms than before. */
export function rewrite(subject: Subject, pick: Pick, { places: all, how }: Subjects): Planned {
  const own = how.options.skip ?? [];
  const only = pick.only ?? how.options.only;
  return plan(subject.found, all, {
    ...how,
    options: { ...how.options, skip: [...own, ...pick.skip], ...(only ? { only: [...only] } : {}) },
  });
}

/** Files of the context that a rewrite writes: absolute path → text. */
export function writesOf({ root, report }: Planned): Map<string, string> {
  return new Map(report.files.map((file) => [join(root, file.patchPath), file.after]));
}

/** What the rewritten side is built from: the new text, and the ignore file as it will be when `writes` are written. */
export function afterOf(planned: Planned, core: Core, writes: ReadonlyMap<string, string>): Recipe {
  const { report, project, contextDir } = planned;
  const source = report.source ?? '';
  if (!project) return { dockerfile: source, ignore: '' };
  const files = new Map<string, string>();
  for (const [at, text] of writes) {
    const path = below(contextDir, at);
    if (path !== undefined) files.set(path, text);
  }
  return { dockerfile: report.result?.output ?? source, ignore: ignoreText(withFiles(project.tree, files), project.dockerfilePath, core) };
}

export const sameRecipe = (one: Recipe, other: Recipe): boolean => one.dockerfile === other.dockerfile && one.ignore === other.ignore;

async function beforeOf(planned: Planned, since: string | undefined, core: Core, signal: AbortSignal): Promise<Recipe> {
  const { report, project } = planned;
  const recipe: Recipe = {
    dockerfile: report.source ?? '',
    ignore: project ? ignoreText(project.tree, project.dockerfilePath, core) : '',
  };
  if (since === undefined || !project) return recipe;
  const { root, real, contextDir } = planned;
  const then = async (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? undefined : textAt(root, since, path, signal);
  const dockerfile = await then(below(root, real));
  if (dockerfile === undefined) {
    const message = `${report.path} is not in ${since}`;
    throw new EngineError({ kind: 'bad-input', message, hint: 'There is nothing to compare it with.', log: '' });
  }
  const own = await then(below(root, `${real}.dockerignore`));
  return { dockerfile, ignore: own ?? (await then(below(root, join(contextDir, '.dockerignore')))) ?? '' };
}

function ignoreText(tree: FileTree, dockerfilePath: string | undefined, core: Core): string {
  const { path, source } = core.ignoreFile(tree, dockerfilePath);
  return path === undefined ? '' : source;
}

function directory(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    throw new EngineError({ kind: 'bad-input', message: `--context: ${path}: ${reasonOf(error)}`, hint: undefined, log: '' });
  }
}
