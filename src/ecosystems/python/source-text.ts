// Room: ecosystems/python. Just enough of Python's lexical rules to read calls: https://docs.python.org/3/reference/lexical_analysis.html

export interface Code {
  /** Comments and strings that stand alone (docstrings) are blanked; offsets and line breaks stay. */
  text: string;
  /** Whether an offset is inside a string (not at its first quote). What stands in an f-string counts as code. */
  inString(offset: number): boolean;
}

/** Reads a source text, in time linear in its length. */
export function readCode(text: string): Code {
  const strings: { start: number; end: number }[] = [];
  const parts: string[] = [];
  let copied = 0;
  const blank = (start: number, end: number): void => {
    parts.push(text.slice(copied, start), text.slice(start, end).replace(/[^\n]/g, ' '));
    copied = end;
  };
  let lineHasCode = false;
  for (let at = 0; at < text.length;) {
    const char = text[at] as string;
    if (char === '#') {
      const end = endOfLine(text, at);
      blank(at, end);
      at = end;
    } else if (char === '"' || char === "'") {
      const end = endOfString(text, at);
      if (!lineHasCode && end - at >= 6 && text.startsWith(char.repeat(3), at)) blank(at, end);
      else if (!/[fF]/.test(text.slice(Math.max(0, at - 2), at))) strings.push({ start: at, end });
      lineHasCode = true;
      at = end;
    } else {
      if (char === '\n') lineHasCode = false;
      else if (char !== ' ' && char !== '\t' && char !== '\r') lineHasCode = true;
      at += 1;
    }
  }
  return { text: [...parts, text.slice(copied)].join(''), inString: (offset) => isInside(strings, offset) };
}

/** By bisection; the ranges are in order. */
function isInside(ranges: readonly { start: number; end: number }[], offset: number): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (offset >= range.end) low = middle + 1;
    else if (offset <= range.start) high = middle - 1;
    else return true;
  }
  return false;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Just behind the string that starts at `at`; an unclosed one ends with its line (or with the text, for three quotes). */
function endOfString(text: string, at: number): number {
  const quote = text[at] as string;
  const triple = text.startsWith(quote.repeat(3), at);
  for (let index = at + (triple ? 3 : 1); index < text.length; index += 1) {
    const char = text[index];
    if (char === '\\') index += 1;
    else if (!triple && char === '\n') return index;
    else if (char === quote && (!triple || text.startsWith(quote.repeat(3), index))) return index + (triple ? 3 : 1);
  }
  return text.length;
}

/** How far a call's arguments are read. */
const maxCall = 2000;

/** The top-level arguments of the call whose `(` is at `open`, trimmed. Cut after 2,000 characters. */
export function callArguments(text: string, open: number): string[] {
  const found: string[] = [];
  const limit = Math.min(text.length, open + maxCall);
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < limit; at += 1) {
    const char = text[at] as string;
    if (char === '"' || char === "'") at = Math.min(endOfString(text.slice(at, limit), 0) + at, limit) - 1;
    else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) {
      depth -= 1;
      if (depth === 0) return [...found, text.slice(start, at).trim()].filter((argument) => argument !== '');
    } else if (char === ',' && depth === 1) {
      found.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...found, text.slice(start, limit).trim()].filter((argument) => argument !== '');
}

/** Positional argument number `index`, or the one given by name. */
export function argumentOf(given: readonly string[], index: number, ...names: string[]): string | undefined {
  for (const argument of given) {
    const named = /^([A-Za-z_]\w*)\s*=(?!=)\s*/.exec(argument);
    if (named && names.includes(named[1] ?? '')) return argument.slice(named[0].length);
  }
  const positional = given[index];
  return positional === undefined || /^(?:[A-Za-z_]\w*\s*=(?!=)|\*)/.test(positional) ? undefined : positional;
}

/** The value of an argument that is one string; also `Path("…")` and `BASE_DIR / "…"`, which Django's settings use. F-strings with fields are none. */
export function literalOf(argument: string | undefined): string | undefined {
  if (argument === undefined || argument.length > 500) return undefined;
  const plain = /^([rRbBuUfF]{0,2})(?:"([^"\\\n]*)"|'([^'\\\n]*)')$/.exec(argument);
  if (plain) {
    const value = plain[2] ?? plain[3] ?? '';
    return /f/i.test(plain[1] ?? '') && value.includes('{') ? undefined : value;
  }
  const wrapped = /^(?:(?:pathlib\.)?(?:Pure)?(?:Posix)?Path|str)\((.*)\)$/s.exec(argument);
  if (wrapped?.[1] !== undefined) return literalOf(wrapped[1].trim());
  const below =
    /^(?:settings\.)?BASE_DIR\s*((?:\/\s*(?:"[^"\\\n]*"|'[^'\\\n]*')\s*)+)$/.exec(argument) ??
    /^os\.path\.join\(\s*(?:settings\.)?BASE_DIR\s*((?:,\s*(?:"[^"\\\n]*"|'[^'\\\n]*')\s*)+)\)$/.exec(argument);
  return below?.[1]
    ?.match(/"[^"]*"|'[^']*'/g)
    ?.map((part) => part.slice(1, -1))
    .join('/');
}
