// Room: ecosystems/. What the scans of source text share: lines of offsets, and the arguments of a call. Works on masked code (no comments, no contents of strings).

export interface Range {
  start: number;
  end: number;
}

/** A function from offset to line number (from 1), by binary search over the line starts. */
export function lineCounter(text: string): (offset: number) => number {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

const maxText = 200;
/** The line that an offset stands on, trimmed and cut to a length that can be shown. */
export function lineText(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, Math.min(end < 0 ? text.length : end, start + maxText)).trim();
}

/** A call with more text than this between its parentheses is not read (function literals inside). */
const maxCallLength = 3000;

/** The ranges of the arguments of the call whose `(` stands at or behind `from`; undefined when there is no call there. */
export function argumentsAt(code: string, from: number): Range[] | undefined {
  let at = from;
  while (code[at] === ' ' || code[at] === '\t') at++;
  if (code[at] !== '(') return undefined;
  const args: Range[] = [];
  let depth = 0;
  let start = at + 1;
  for (let i = at; i < code.length && i - at < maxCallLength; i++) {
    const char = code[i];
    if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    if ((char === ',' && depth === 1) || depth === 0) {
      if (code.slice(start, i).trim() !== '') args.push(trimmed(code, start, i));
      start = i + 1;
    }
    if (depth === 0) break;
  }
  return args;
}

/** A range without the white space at its ends. */
export function trimmed(code: string, from: number, to: number): Range {
  let [start, end] = [from, to];
  while (start < end && /\s/.test(code[start] ?? '')) start++;
  while (end > start && /\s/.test(code[end - 1] ?? '')) end--;
  return { start, end };
}

/** Comments become spaces; line breaks stay. */
export const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/**
 * The place of the context that a string names, as a path from the module. Only what looks like a path and is there counts: `config/app.yaml`,
 * `./web`, `static/`. Directories need the look of one (a bare word is rarely a path). Of a file that is not there, or whose name is computed
 * (`logs/app.log`, `uploads/%s.png`), the directory: the program may look for it there, or make it.
 */
export function namedPlace(value: string, exists: (path: string) => 'file' | 'dir' | undefined): string | undefined {
  if (/\.(?:go|rs)$/.test(value) || !/[./]/.test(value)) return undefined;
  if (/^(?:\.{1,2}\/)*[\w@.-]+(?:\/[\w@.-]+)*\/?$/.test(value)) {
    const found = exists(value);
    if (found === 'file' || (found === 'dir' && (value.startsWith('.') || value.endsWith('/')))) return value;
  }
  const dir = /^((?:\.{1,2}\/)*[\w@.-]+(?:\/[\w@.-]+)*\/)(?:(?=[^/]*[.%{])[\w@.%{}:+*-]+|(?=[^/]*[%{])[\w@.%{}:+*/-]+)$/.exec(value)?.[1];
  return dir !== undefined && !/^[./]*$/.test(dir) && exists(dir) === 'dir' ? dir : undefined;
}

/** An address to listen on, written whole: `:8080`, `0.0.0.0:80`, `[::]:80`. */
export const isListenAddress = (value: string): boolean => /^(?:0\.0\.0\.0|\[::\])?:(?:\d{1,5}|https?|domain|smtp|ssh|ftp)$/.test(value);
