// Room: report/. The unified diff, as `git apply` reads it.
import { formatPatch, structuredPatch, type StructuredPatch, type StructuredPatchHunk } from 'diff';
import type { Refactored } from '../types.ts';

/** One file before and after. `path` is relative to where the patch is applied (the repository's root), with `/`. */
export interface Version {
  path: string;
  /** Undefined: the file is new. */
  before: string | undefined;
  after: string;
}

/** Where the files of a result stand, relative to the root that the patch is applied in. */
export interface PatchPaths {
  dockerfile: string;
  /** From a path in the build context to a path in the patch. */
  file(contextPath: string): string;
}

const contextLines = 3;
/** Above so many edited lines the diff is the whole file: Myers' algorithm costs lines × edits. */
const maxEdits = 4000;

/** The whole patch of a result: the Dockerfile, then the files of the context. '' when nothing changes. */
export function diffOf(result: Refactored, paths: PatchPaths): string {
  const dockerfile = { path: paths.dockerfile, before: result.source, after: result.output };
  return patchOf([dockerfile, ...result.files.map((file) => ({ path: paths.file(file.path), before: file.before, after: file.after }))]);
}

/** The patch of these files, unchanged ones left out. Byte for byte: line ends and a missing final line break are kept. */
export function patchOf(versions: readonly Version[]): string {
  return versions.map(patchOfOne).join('');
}

/** The changed regions of a text with their line numbers. */
export function hunksOf(before: string, after: string): StructuredPatchHunk[] {
  return compare({ path: 'file', before, after }).hunks;
}

/** A hunk's first line, as in the patch. */
export function hunkHeader(hunk: StructuredPatchHunk): string {
  const [header = ''] = formatPatch({ oldFileName: 'a', newFileName: 'b', oldHeader: undefined, newHeader: undefined, hunks: [hunk] })
    .split('\n')
    .slice(3);
  return header;
}

function patchOfOne(version: Version): string {
  if (version.before === version.after) return '';
  const patch = compare(version);
  const created = version.before === undefined;
  const text = formatPatch({ ...patch, isGit: true, ...(created ? { isCreate: true, newMode: '100644' } : {}) });
  return withNameEnds(text, version.path);
}

function compare({ path, before, after }: Version): StructuredPatch {
  const names = [before === undefined ? '/dev/null' : `a/${path}`, `b/${path}`] as const;
  const old = before ?? '';
  const patch = structuredPatch(...names, old, after, undefined, undefined, { context: contextLines, maxEditLength: maxEdits });
  return (
    patch ?? { oldFileName: names[0], newFileName: names[1], oldHeader: undefined, newHeader: undefined, hunks: [wholeFile(old, after)] }
  );
}

function wholeFile(before: string, after: string): StructuredPatchHunk {
  const removed = sided(before, '-');
  const added = sided(after, '+');
  return { oldStart: 1, oldLines: removed.count, newStart: 1, newLines: added.count, lines: [...removed.lines, ...added.lines] };
}

function sided(text: string, sign: string): { count: number; lines: string[] } {
  if (text === '') return { count: 0, lines: [] };
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n').map((line) => sign + line);
  return { count: lines.length, lines: ended ? lines : [...lines, '\\ No newline at end of file'] };
}

/** A name with a blank ends with a tab in the `---` and `+++` lines: git writes it so, for readers that look for a date there. */
function withNameEnds(patch: string, path: string): string {
  if (!path.includes(' ')) return patch;
  const hunksAt = patch.indexOf('\n@@ ');
  if (hunksAt < 0) return patch;
  const head = patch
    .slice(0, hunksAt)
    .split('\n')
    .map((line) => (isUnquotedName(line) ? `${line}\t` : line));
  return head.join('\n') + patch.slice(hunksAt);
}

const isUnquotedName = (line: string): boolean => line.startsWith('--- a/') || line.startsWith('+++ b/');
