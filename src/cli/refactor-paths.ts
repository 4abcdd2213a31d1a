// Room: cli/. The usual run: find, read, refactor, write, tell.
import { isChanged } from '../report/types.ts';
import { findDockerfiles } from '../checkout/find.ts';
import type { Flags } from './flags.ts';
import { emptyReport, plan, strayFacts } from '../checkout/plan.ts';
import { ready } from './ready.ts';
import { shareFiles } from '../checkout/share.ts';
import { tellErrors, tellProblem, tellReports, tellWarning } from './tell.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from './world.ts';
import { writeAll } from './write-all.ts';

/** Refactors the Dockerfiles of the paths. Errors of one file do not stop the others. */
export async function refactorPaths(paths: readonly string[], flags: Flags, world: World): Promise<ExitCode | UsageError> {
  const prepared = await ready(flags, world);
  if (isUsageError(prepared)) return prepared;
  const { places, options } = prepared;
  const { found, problems, warnings } = findDockerfiles(paths, world.cwd);
  const how = { cwd: world.cwd, options };
  const all = found.map((one) => plan(one, places, how));
  shareFiles(all, places, how);
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
  await tellReports(reports, flags, world, { mode, stream: world.stdout });
  const unwritten =
    flags.report === undefined ? undefined : await (await import('./page.ts')).writePage(reports, flags.report, mode, world);
  if (unwritten) return unwritten;
  if (reports.some((report) => report.error)) return 2;
  return flags.check && reports.some(isChanged) ? 1 : 0;
}
