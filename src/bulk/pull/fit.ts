// Room: bulk/. A body within the forge's limit: the diff is cut first, then the details; the marker stays.
import { fenced } from '../../report/neutral.ts';
import { details } from './sections.ts';

/** Nobody reads a longer diff in a body; the forge shows the changed files beside it. */
const maxDiff = 60_000;
/** Less of a diff than this tells nothing. */
const minDiff = 300;
/** Characters of one line of a diff that is cut. */
const maxLine = 400;

/** Characters of fence and summary. */
const around = 150;

export interface Fitted {
  /** The collapsed diff as Markdown; '' when there is no room for one. */
  text: string;
  cut: 'no' | 'diff';
}

/** The patch as a collapsed, fenced block of at most `room` characters: whole, or its first lines, or nothing. */
export function fittedDiff(patch: string, room: number): Fitted {
  if (patch === '') return { text: '', cut: 'no' };
  const whole = patch.length <= Math.min(room, maxDiff) ? block('The diff', patch) : undefined;
  if (whole !== undefined && whole.length <= room) return { text: whole, cut: 'no' };
  const lines = patch.split('\n').map((line) => (line.length > maxLine ? `${line.slice(0, maxLine)}…` : line));
  // What is made visible, and the fence, may be longer than what was cut: fewer lines until it fits.
  for (let size = Math.min(room - around, maxDiff); size >= minDiff; size = Math.floor(size * 0.8)) {
    const text = block('The beginning of the diff; see the changed files for the rest', firstLines(lines, size));
    if (text.length <= room) return { text, cut: 'diff' };
  }
  return { text: '', cut: 'diff' };
}

const block = (title: string, patch: string): string => details(title, fenced(patch, 'diff'));

function firstLines(lines: readonly string[], size: number): string {
  let length = 0;
  const end = lines.findIndex((line) => (length += line.length + 1) > size);
  return lines.slice(0, end < 0 ? lines.length : end).join('\n');
}
