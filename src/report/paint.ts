// Room: report/. A patch in colour, safe for a terminal.
import type { Palette } from './colour.ts';
import { visibleLines } from './visible.ts';

/** A patch in colour, safe for a terminal. */
export function paintPatch(patch: string, palette: Palette): string {
  if (patch === '') return '';
  let inHunk = false;
  const lines = visibleLines(patch.slice(0, -1)).split('\n');
  return lines
    .map((line) => {
      if (line.startsWith('diff --git ')) inHunk = false;
      if (line.startsWith('@@ ')) inHunk = true;
      return `${paintLine(line, palette, inHunk)}\n`;
    })
    .join('');
}

function paintLine(line: string, palette: Palette, inHunk: boolean): string {
  if (!inHunk) return palette.bold(line);
  if (line.startsWith('@@ ')) return palette.cyan(line);
  if (line.startsWith('+')) return palette.green(line);
  if (line.startsWith('-')) return palette.red(line);
  return line.startsWith('\\') ? palette.dim(line) : line;
}
