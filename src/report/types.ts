// Room: report/. What the command line hands over to be told: one entry per Dockerfile, results or an error.
import type { Note, Refactored, Skipped } from '../types.ts';

/** Why a file could not be refactored: told as `path:line:column: message`, with what to do next. */
export interface Problem {
  path: string;
  line: number;
  column: number;
  message: string;
  hint: string | undefined;
}

/** A file of the build context that is written with the Dockerfile. */
export interface ContextFile {
  /** As shown to people: relative to the working directory where that is possible. */
  path: string;
  /** As it stands in a patch: relative to the root of the repository. */
  patchPath: string;
  /** Relative to the build context. */
  inContext: string;
  /** Undefined: the file is new. */
  before: string | undefined;
  after: string;
}

/** What became of one Dockerfile. */
export interface FileReport {
  path: string;
  patchPath: string;
  /** The build context, as shown; undefined when there is none (standard input without --context). */
  context: string | undefined;
  /** The text as read; undefined when it could not be read. */
  source: string | undefined;
  /** Undefined when there is an error that came before or instead of a result. */
  result: Refactored | undefined;
  files: ContextFile[];
  /** Skips and notes that the edge adds to those of the result (an ignore file that two Dockerfiles share). */
  skipped: Skipped[];
  notes: Note[];
  error: Problem | undefined;
}

/** True when the run writes, or would write, something for this Dockerfile. */
export function isChanged(report: FileReport): boolean {
  if (!report.result || report.error) return false;
  return report.result.output !== report.result.source || report.files.some((file) => file.before !== file.after);
}
