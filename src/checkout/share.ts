// Room: checkout/. Where several Dockerfiles write one file of a context (their ignore file): one of them writes for all.
import { join } from 'node:path';
import type { ContextFile } from '../report/types.ts';
import type { ProjectContext, Result, Skipped } from '../types.ts';
import type { Places } from './locate.ts';
import { mergeAdditions } from './merge.ts';
import { below } from './paths.ts';
import { crashed, settle, type Planned, type PlanOptions } from './plan.ts';

/** The file, and the Dockerfiles that want it; the first of them writes it. */
interface Shared {
  file: ContextFile;
  /** Absolute. */
  at: string;
  by: Planned[];
}

/**
 * The first Dockerfile writes the lines of all. One whose lines do not go together with those, or whose result (or
 * whose neighbour's) would be another one beside them, is refactored without the file, and says so. Changes the reports.
 */
export function shareFiles(all: readonly Planned[], places: Places, how: PlanOptions): void {
  const shared = new Map<string, Shared>();
  const agreed = agreements(all, places);
  for (const planned of all) {
    for (const file of planned.report.error ? [] : [...planned.report.files]) {
      const at = join(planned.root, file.patchPath);
      const first = shared.get(at);
      if (!first) shared.set(at, { file, at, by: [planned] });
      else if (!joined(first, planned, file, agreed.has(at) ? () => true : (one, text) => isSameWith(one, at, text, places)))
        leaveOut(first, planned, places, how);
    }
  }
}

/**
 * The files for which all Dockerfiles agree: the lines of all go together, and each comes out the same beside them. Asked of each Dockerfile once;
 * where one does not agree, they are asked one after the other which of them do.
 */
function agreements(all: readonly Planned[], places: Places): Set<string> {
  const wanted = new Map<string, { planned: Planned; file: ContextFile }[]>();
  for (const planned of all)
    for (const file of planned.report.error ? [] : planned.report.files) {
      const at = join(planned.root, file.patchPath);
      const others = wanted.get(at);
      if (others) others.push({ planned, file });
      else wanted.set(at, [{ planned, file }]);
    }
  const agreed = [...wanted].filter(([at, who]) => {
    const [first, ...others] = who;
    const text = others.reduce<string | undefined>(
      (merged, { file }) => (merged === undefined ? undefined : mergeAdditions(first?.file.before, merged, file.after)),
      first?.file.after,
    );
    return (
      text !== undefined &&
      (who.every(({ file }) => file.after === text) || who.every(({ planned }) => isSameWith(planned, at, text, places)))
    );
  });
  return new Set(agreed.map(([at]) => at));
}

function joined(first: Shared, planned: Planned, file: ContextFile, isSame: (one: Planned, text: string) => boolean): boolean {
  const merged = mergeAdditions(first.file.before, first.file.after, file.after);
  if (merged === undefined) return false;
  const isNew = merged !== file.after || merged !== first.file.after;
  if (isNew && ![...first.by, planned].every((one) => isSame(one, merged))) return false;
  first.file.after = merged;
  first.by.push(planned);
  planned.report.files = planned.report.files.filter((one) => one !== file);
  planned.report.notes.push({
    transform: 'dockerignore',
    id: 'ignore-shared',
    message: `${file.path} is written once for all Dockerfiles of this context, with ${first.by[0]?.report.path ?? 'another one'}`,
  });
  return true;
}

/** Whether a Dockerfile comes out the same when the file has this text already. */
function isSameWith(planned: Planned, at: string, text: string, places: Places): boolean {
  const result = refactorBeside(planned, at, text, places);
  return result?.ok === true && result.output === planned.report.result?.output;
}

function refactorBeside(planned: Planned, at: string, text: string, places: Places): Result | undefined {
  const project = besides(planned, at, text, places);
  if (!project || planned.report.source === undefined) return undefined;
  return places.core.refactor(planned.report.source, project, planned.options);
}

function besides(planned: Planned, at: string, text: string, { core }: Places): ProjectContext | undefined {
  const path = below(planned.contextDir, at);
  if (path === undefined || !planned.project) return undefined;
  return { ...planned.project, tree: core.changedTree(planned.project.tree, new Map([[path, text]])) };
}

function leaveOut(first: Shared, planned: Planned, places: Places, how: PlanOptions): void {
  const owner = first.by[0]?.report.path ?? 'another Dockerfile';
  const project = besides(planned, first.at, first.file.after, places);
  planned.report.files = [];
  const skip: Skipped = {
    transform: 'dockerignore',
    reason: 'ignore-conflict',
    message: `${first.file.path} is written for ${owner}, and the lines that this Dockerfile needs conflict with those`,
    line: 1,
    allow: 'Give each Dockerfile an ignore file of its own (<name of the Dockerfile>.dockerignore), then run again.',
  };
  planned.report.skipped.push(skip);
  if (project) planned.project = project;
  try {
    planned.options = { ...planned.options, skip: [...(planned.options.skip ?? []), 'dockerignore'] };
    settle(planned, places, { ...how, options: planned.options });
  } catch (error) {
    crashed(planned, error);
  }
  if (planned.report.files.some((file) => join(planned.root, file.patchPath) === first.at)) {
    planned.report.error = { path: planned.report.path, line: 1, column: 1, message: skip.message, hint: skip.allow };
  }
}
