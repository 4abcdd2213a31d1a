// Room: report/. What each transform of a plan does, one behind the other: for those who are asked, and for editors.
import type { Applied, Step } from '../types.ts';
import type { Palette } from './colour.ts';
import { patchOf } from './diff.ts';
import { reasons } from './explain.ts';
import { paintPatch } from './paint.ts';
import { isChanged, type FileReport } from './types.ts';

/** One transform's part of a plan. */
export interface PlannedStep {
  applied: Applied;
  /** From what the transforms before it left to what this one leaves; the files of the context as they will be written. */
  patch: string;
}

/** The parts of a plan that was made with `steps`, in their order; none where nothing is done. */
export function plannedSteps(report: FileReport): PlannedStep[] {
  const { result } = report;
  if (!result || !isChanged(report)) return [];
  // Nothing is asked about, or shown, in part.
  if (result.steps?.length !== result.applied.length || result.steps.at(-1)?.output !== result.output)
    throw new Error('the plan does not tell its steps');
  return result.steps.map((step, n) => partOf(step, result.steps?.[n - 1], report, result.applied[n] as Applied));
}

function partOf(step: Step, before: Step | undefined, report: FileReport, applied: Applied): PlannedStep {
  const { result, files, patchPath } = report;
  const written = [...step.files].filter(([path, text]) => before?.files.get(path) !== text).map(([path]) => path);
  const own = (result?.files ?? []).filter(({ path }) => written.includes(path));
  const shown = own.map((file) => {
    // With the lines that other Dockerfiles of the context want in it.
    const whole = files.find(({ inContext }) => inContext === file.path);
    return { path: whole?.patchPath ?? file.path, before: file.before, after: whole?.after ?? file.after };
  });
  return { applied, patch: patchOf([{ path: patchPath, before: before?.output ?? result?.source, after: step.output }, ...shown]) };
}

/** A part as people read it: the patch, what it is, why, on what evidence. */
export const stepText = ({ applied, patch }: PlannedStep, report: FileReport, palette: Palette): string =>
  paintPatch(patch, palette) + reasons([applied.transform], [applied], report, palette);
