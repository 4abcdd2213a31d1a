// Room: bulk/. Plans one repository over a disk, exactly as the command line does in a checkout.
import { basename, posix } from 'node:path';
import { findDockerfiles, isDockerfileName } from '../../checkout/find.ts';
import { places } from '../../checkout/locate.ts';
import { below } from '../../checkout/paths.ts';
import { emptyReport, plan, type Planned } from '../../checkout/plan.ts';
import { configAt } from '../../checkout/config/files.ts';
import { shareFiles } from '../../checkout/share.ts';
import type { Core } from '../../checkout/types.ts';
import { wantedBy } from '../../checkout/wanted.ts';
import type { Disk } from '../../context/disk.ts';
import { isChanged, type FileReport } from '../../report/types.ts';
import type { Options } from '../../types.ts';
import type { PlannedFile } from '../types.ts';
import { blobIdOf } from './digest.ts';

export interface CheckoutPlan {
  /** Files of the repository that change, sorted by path. */
  files: PlannedFile[];
  /** One per Dockerfile, and one per path that could not be looked at. */
  reports: FileReport[];
  warnings: string[];
  /** Dockerfiles that were found and are wanted. */
  dockerfiles: number;
  /** What was found and is not wanted. */
  unwanted: number;
  /** The repository's own file asks to be left alone, and nothing was looked at; with what in the file is not understood. */
  optedOut: { unclear: readonly string[] } | undefined;
}

export interface CheckoutQuestion {
  disk: Disk;
  /** Absolute on that disk. */
  root: string;
  core: Core;
  options: Partial<Options>;
  /** Only Dockerfiles whose path matches one of these patterns; undefined: all. */
  wanted?: readonly string[] | undefined;
  /** Object ids, where they are known. */
  fileAt?: (path: string) => { sha: string; mode: '100644' | '100755' } | undefined;
}

const noDockerfile = 'no Dockerfile found';

/** Finds, reads and refactors every Dockerfile of a repository. Writes nothing; what goes wrong with one file is in its report. */
export function planCheckout(question: CheckoutQuestion): CheckoutPlan {
  const { disk, root, core, options } = question;
  const own = configAt(root, disk, core);
  const unclear = (own?.problems ?? []).map(({ line, message }) => `line ${line}: ${message}`);
  const isOff = own?.rules.enabled?.value === false && !own.overrides.some(({ rules }) => rules.enabled?.value);
  if (isOff || unclear.length > 0) return { files: [], reports: [], warnings: [], dockerfiles: 0, unwanted: 0, optedOut: { unclear } };
  const isWanted = wantedBy(core, question.wanted);
  const { found: every, problems, warnings } = findDockerfiles([root], root, disk);
  const found = every.filter(({ path }) => isWanted(path));
  const at = places(core, undefined, disk);
  const how = { cwd: root, options };
  const all = found.map((one) => plan(one, at, how));
  shareFiles(all, at, how);
  const reports = [
    ...all.map((planned) => planned.report),
    ...problems
      .filter(({ path, message }) => message !== noDockerfile && (isWanted(path) || !isDockerfileName(basename(path))))
      .map((error) => ({ ...emptyReport(error.path), error })),
  ];
  const { files, refused } = filesOf(all, question);
  return {
    files,
    reports,
    warnings: [...warnings, ...refused],
    dockerfiles: found.length,
    unwanted: every.length - found.length,
    optedOut: undefined,
  };
}

/** What a commit has to hold. A file that is reached through a link is the file that the link leads to. */
export function filesOf(
  all: readonly Planned[],
  { disk, root, fileAt }: Pick<CheckoutQuestion, 'disk' | 'root' | 'fileAt'>,
): { files: PlannedFile[]; refused: string[] } {
  const files = new Map<string, PlannedFile>();
  const refused: string[] = [];
  for (const { report, real } of all) {
    if (!isChanged(report) || !report.result) continue;
    const { source, output } = report.result;
    const wanted = report.files.map((file) => ({ path: posix.join(root, file.patchPath), before: file.before, after: file.after }));
    if (output !== source) wanted.push({ path: real, before: source, after: output });
    for (const { path, before, after } of wanted) {
      if (before === after) continue;
      const target = realFile(path, disk);
      const inside = target === undefined ? undefined : below(root, target);
      if (target === undefined || inside === undefined) {
        refused.push(`${report.path}: a file of its result leads out of the repository; it is not written`);
        continue;
      }
      const known = fileAt?.(target);
      files.set(inside, {
        path: inside,
        mode: known?.mode ?? modeOf(target, disk),
        before,
        beforeSha: known?.sha ?? (before === undefined ? undefined : blobIdOf(before)),
        after,
      });
    }
  }
  return { files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), refused };
}

/** The file behind links; of a new file, its place in the real directory. */
function realFile(path: string, disk: Disk): string | undefined {
  try {
    return disk.realpath(path);
  } catch {
    try {
      return posix.join(disk.realpath(posix.dirname(path)), posix.basename(path));
    } catch {
      return undefined;
    }
  }
}

function modeOf(path: string, disk: Disk): PlannedFile['mode'] {
  try {
    return disk.stat(path).mode & 0o111 ? '100755' : '100644';
  } catch {
    return '100644';
  }
}
