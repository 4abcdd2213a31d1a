// Room: cli/. The usual run: find, read, refactor, write, tell.
import { join } from 'node:path';
import { isChanged } from '../report/types.ts';
import { findDockerfiles } from '../checkout/find.ts';
import type { Flags } from './options.ts';
import { emptyReport, plan, type Planned } from '../checkout/plan.ts';
import { ready } from './ready.ts';
import { shareFiles } from '../checkout/share.ts';
import { cleanedUp } from './signals.ts';
import { tellProblem, tellReports, tellWarning } from './tell.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from './world.ts';
import { writeFiles, type Write } from '../checkout/write.ts';

/** Refactors the Dockerfiles of the paths. Errors of one file do not stop the others. */
export async function refactorPaths(paths: readonly string[], flags: Flags, world: World): Promise<ExitCode | UsageError> {
  const prepared = await ready(flags, world);
  if (isUsageError(prepared)) return prepared;
  const { places, options } = prepared;
  const { found, problems, warnings } = findDockerfiles(paths, world.cwd);
  const how = { cwd: world.cwd, options };
  const all = found.map((one) => plan(one, places, how));
  shareFiles(all, places, how);
  const mode = flags.dryRun || flags.check ? 'would' : 'did';
  if (mode === 'did') await writeAll(all);
  for (const warning of warnings) tellWarning(warning, flags, world);
  for (const problem of problems) tellProblem(problem, flags, world);
  for (const { report, thrown } of all) if (report.error) tellProblem(report.error, flags, world, thrown);
  const reports = [...all.map((planned) => planned.report), ...problems.map((error) => ({ ...emptyReport(error.path), error }))];
  tellReports(reports, flags, world, { mode, stream: world.stdout });
  if (reports.some((report) => report.error)) return 2;
  return flags.check && reports.some(isChanged) ? 1 : 0;
}

/** Writes what changed, a Dockerfile and its files at a time; between two of them a signal may end the run. */
async function writeAll(all: readonly Planned[]): Promise<void> {
  await cleanedUp(async () => {
    for (const planned of all) {
      if (!isChanged(planned.report)) continue;
      const writes = writesOf(planned);
      const failure = writeFiles(writes);
      if (failure) {
        const path =
          failure.path === planned.real
            ? planned.report.path
            : (planned.report.files.find((file) => join(planned.root, file.patchPath) === failure.path)?.path ?? failure.path);
        planned.report.error = {
          path,
          line: 1,
          column: 1,
          message: failure.message,
          hint: `${planned.report.path} and its files are as they were. Run again when this is settled.`,
        };
      }
      await new Promise(setImmediate);
    }
  });
}

/** The files of the context first: a Dockerfile may rest on what its ignore file hides. */
function writesOf(planned: Planned): Write[] {
  const { report, real, bytes, contextDir, root } = planned;
  const files = report.files
    .filter((file) => file.before !== file.after)
    .map((file): Write => ({
      path: join(root, file.patchPath),
      before: file.before === undefined ? undefined : Buffer.from(file.before),
      after: Buffer.from(file.after),
      root: contextDir,
    }));
  const { source, output } = report.result ?? {};
  if (output === undefined || output === source) return files;
  return [...files, { path: real, before: bytes, after: Buffer.from(output), root: planned.given }];
}
