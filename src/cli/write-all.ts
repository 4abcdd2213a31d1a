// Room: cli/. Writes what the run changed.
import { join } from 'node:path';
import type { Planned } from '../checkout/plan.ts';
import { writeFiles, type Write } from '../checkout/write.ts';
import { isChanged } from '../report/types.ts';
import { cleanedUp } from './signals.ts';

/** Writes what changed, a Dockerfile and its files at a time; between two of them a signal may end the run. */
export async function writeAll(all: readonly Planned[]): Promise<void> {
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
