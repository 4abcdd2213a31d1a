// Room: lsp/. What would be done to an open document: the same plan as the command line makes, over what is open in the editor.
import { dirname } from 'node:path';
import type { Places } from '../checkout/locate.ts';
import { places } from '../checkout/locate.ts';
import { emptyReport, plan, type Planned } from '../checkout/plan.ts';
import { isWithin, shown } from '../checkout/paths.ts';
import { sizeProblem } from '../checkout/read.ts';
import type { Core } from '../checkout/types.ts';
import { localDisk } from '../context/disk.ts';
import type { FileReport } from '../report/types.ts';
import type { Options } from '../types.ts';
import { openDisk } from './open-disk.ts';

/** A document as the server looks at it. */
export interface Subject {
  /** Real and absolute; undefined: it was never saved, and has no place. */
  path: string | undefined;
  text: string;
}

export interface Analysis {
  report: FileReport;
  /** Undefined: the document has no place. */
  planned: Planned | undefined;
}

/** The editor's side: what is open, and the folders that are open. */
export interface Desk {
  core: Core;
  /** By real path. */
  open: ReadonlyMap<string, string>;
  /** Real and absolute. */
  folders: readonly string[];
}

/** Files and compose files that were read, for analyses of the same moment. */
export const freshPlaces = ({ core, open }: Desk): Places => places(core, undefined, openDisk(localDisk, open));

/** The plan for a document. `skip`: transforms to leave out besides what the repository's configuration says. */
export function analyse({ path, text }: Subject, desk: Desk, at: Places, skip: readonly string[] = []): Analysis {
  if (path === undefined) return { report: unsaved(text, desk.core, skip), planned: undefined };
  const given = desk.folders.find((folder) => isWithin(folder, path)) ?? dirname(path);
  const planned = plan({ path: shown(given, path), real: path, given }, at, { cwd: given, options: { skip: [...skip], steps: true } });
  return { report: planned.report, planned };
}

/** A document that is no file yet: the text decides alone. */
function unsaved(text: string, core: Core, skip: readonly string[]): FileReport {
  const report = { ...emptyReport('Dockerfile'), source: text };
  const problem = sizeProblem(Buffer.byteLength(text), report.path);
  if (problem) return { ...report, error: problem.problem };
  const contextDoubt = 'The document is not saved, and its build context is not known';
  const contextAllow = 'Save it in the directory of its project.';
  const context = { tree: core.memoryTree({}), dockerfilePath: undefined, contextCertain: false, contextDoubt, contextAllow };
  const options: Partial<Options> = { skip: [...skip], steps: true };
  const result = core.refactor(text, context, options);
  // Files of a context that is not known cannot be written.
  const writes = result.ok ? result.files.map(({ path }) => path) : [];
  if (!result.ok) return { ...report, error: { path: report.path, ...result.error, hint: result.error.hint } };
  if (writes.length === 0) return { ...report, result };
  const writers = (result.steps ?? []).filter(({ files }, n) => files.size > (result.steps?.[n - 1]?.files.size ?? 0));
  return unsaved(text, core, [...skip, ...writers.map(({ transform }) => transform)]);
}
