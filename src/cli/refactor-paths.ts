// Room: cli/. The usual run: find, read, refactor, write, tell.
import { isChanged } from '../report/types.ts';
import { findDockerfiles, type Found } from '../checkout/find.ts';
import type { Places } from '../checkout/locate.ts';
import type { Flags } from './flags.ts';
import { collectEarly } from './heap.ts';
import { emptyReport, planAll, strayFacts, type Planned, type PlanOptions } from '../checkout/plan.ts';
import { ready } from './ready.ts';
import { shareFiles } from '../checkout/share.ts';
import { sentenceOf, summaryOf } from '../report/summary.ts';
import { tellErrors, tellProblem, tellReports, tellWarning } from './tell.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from './world.ts';
import { writeAll } from './write-all.ts';

/** Dockerfiles of a run whose memory is worth the time that keeping it small takes. */
const many = 100;

/** Refactors the Dockerfiles of the paths. Errors of one file do not stop the others. */
export async function refactorPaths(paths: readonly string[], flags: Flags, world: World): Promise<ExitCode | UsageError> {
  const prepared = await ready(flags, world);
  if (isUsageError(prepared)) return prepared;
  const { places, options } = prepared;
  const { found, problems, warnings } = findDockerfiles(paths, world.cwd);
  const how = { cwd: world.cwd, options };
  const answered = flags.interactive
    ? await (await import('./interactive.ts')).planAsked(found, places, how, { flags, world })
    : { all: planned(found, places, how), asked: 0 };
  if (!answered) return { usage: 'nobody answers on the terminal any more; nothing was written' };
  const { all, asked } = answered;
  const stray = strayFacts(all, places);
  if (stray) {
    tellProblem(stray, flags, world);
    return 2;
  }
  const mode = flags.dryRun || flags.check ? 'would' : 'did';
  if (mode === 'did') await writeAll(all);
  for (const warning of warnings) tellWarning(warning, flags, world);
  for (const problem of problems) tellProblem(problem, flags, world);
  tellErrors(all, flags, world);
  const reports = [...all.map((planned) => planned.report), ...problems.map((error) => ({ ...emptyReport(error.path), error }))];
  // What was asked about was shown.
  if (asked > 0) world.stdout.write(`\n${sentenceOf(summaryOf(reports), mode)}\n`);
  else await tellReports(reports, flags, world, { mode, stream: world.stdout });
  const unwritten =
    flags.report === undefined ? undefined : await (await import('./page.ts')).writePage(reports, flags.report, mode, world);
  if (unwritten) return unwritten;
  if (reports.some((report) => report.error)) return 2;
  return flags.check && reports.some(isChanged) ? 1 : 0;
}

function planned(found: readonly Found[], places: Places, how: PlanOptions): Planned[] {
  if (found.length > many) collectEarly();
  const all = planAll(found, places, how);
  shareFiles(all, places, how);
  return all;
}
