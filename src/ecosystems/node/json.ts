// Room: ecosystems/node. JSON of strangers: read without trusting its shape, its size or its keys.
import type { FileRead } from '../../context/types.ts';
import { oncePer } from '../../once.ts';

/** The own members of an object; empty for anything else. A Map, so that `__proto__` and `constructor` are keys like any other. */
export function fields(value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value));
}

/** One own member: where a few are asked of thousands of objects. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/** The members whose values are strings. */
export function stringFields(value: unknown): ReadonlyMap<string, string> {
  return new Map([...fields(value)].filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** The strings of an array; empty for anything else. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Parses JSON, with a byte order mark before it or not (npm takes both). */
export function parseJson(text: string): { value: unknown } | { broken: string } {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (error) {
    return { broken: error instanceof Error ? error.message.slice(0, 120) : 'is not JSON' };
  }
}

/** A file that was read, parsed: once, whoever asks. */
export const jsonIn = oncePer(({ text }: FileRead & { kind: 'text' }) => parseJson(text));

/** Parses JSON with comments and trailing commas (tsconfig.json, bun.lock, angular.json). */
export function parseJsonc(text: string): { value: unknown } | { broken: string } {
  return parseJson(withoutComments(text));
}

/** The text with comments and trailing commas blanked, everything else at its place. */
function withoutComments(text: string): string {
  const out = text.split('');
  let comma: number | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      at = stringEnd(text, at);
      comma = undefined;
    } else if (char === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      const end = commentEnd(text, at);
      for (let n = at; n < end; n += 1) if (text[n] !== '\n') out[n] = ' ';
      at = end - 1;
    } else if (char === ',') comma = at;
    else if ((char === '}' || char === ']') && comma !== undefined) {
      out[comma] = ' ';
      comma = undefined;
    } else if (char !== undefined && !/\s/.test(char)) comma = undefined;
  }
  return out.join('');
}

/** Index of the closing quote (or of the last character). */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length - 1);
}

function commentEnd(text: string, start: number): number {
  const line = text[start + 1] === '/';
  const end = text.indexOf(line ? '\n' : '*/', start + 2);
  if (end < 0) return text.length;
  return line ? end : end + 2;
}

/** Lines of the keys at the top (`name`) and one below (`scripts`, `build` joined by NUL), for evidence. */
export function keyLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let [line, depth, section] = [1, 0, ''];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\n') line += 1;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    else if (char === '"') {
      const end = stringEnd(text, at);
      if (depth <= 2 && /^\s{0,50}:/.test(text.slice(end + 1, end + 60))) {
        const key = text.slice(at + 1, end);
        if (depth === 1) section = key;
        const path = depth === 1 ? key : `${section}\0${key}`;
        if (!lines.has(path)) lines.set(path, line);
      }
      at = end;
    }
  }
  return lines;
}

/** Lines (from 1) of offsets in a text that is asked often. */
export function lineIndex(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

/** The line (from 1) of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
