// Room: dockerfile/. The exec form: a JSON array of strings, as Go's encoding/json takes it.
import { trim } from './lines.ts';
import type { Token } from './split.ts';

/** Go refuses deeper nesting (encoding/json, maxNestingDepth). */
const deepest = 10_000;

export type JsonForm = { strings: Token[] } | { mixed: true } | undefined;

/**
 * Reads `from`…`end` of a logical line as a JSON array. Out: its strings with their places; `mixed` when it is an array that holds
 * something else (BuildKit refuses the file); undefined when it is no JSON array (then it is shell form).
 * Source: BuildKit v0.34.2, frontend/dockerfile/parser/line_parsers.go, parseJSON.
 */
export function readJson(text: string, from: number, end: number): JsonForm {
  const { start } = trim(text, from, end);
  if (text[start] !== '[' || start >= end) return undefined;
  let values: unknown;
  try {
    values = JSON.parse(text.slice(start, end));
  } catch {
    return undefined;
  }
  if (!Array.isArray(values) || isBeyondGo(values)) return undefined;
  if (!values.every((value): value is string => typeof value === 'string')) return { mixed: true };
  return { strings: placesOf(text, start, values) };
}

/** True for what JavaScript reads and Go does not: numbers beyond a float64, nesting beyond 10,000. */
function isBeyondGo(values: unknown[]): boolean {
  let level: unknown[] = [values];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    const next: unknown[] = [];
    for (const value of level) {
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return true;
      if (typeof value === 'object' && value !== null)
        for (const inner of Object.values(value)) if (typeof inner !== 'string') next.push(inner);
    }
    level = next;
  }
  return false;
}

function placesOf(text: string, start: number, values: readonly string[]): Token[] {
  const tokens: Token[] = [];
  let at = start;
  for (const value of values) {
    const from = text.indexOf('"', at);
    at = from + 1;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at += 1;
    // Go writes U+FFFD for half of a surrogate pair.
    tokens.push({ value: value.replace(/\p{Surrogate}/gu, '\uFFFD'), start: from, end: at });
  }
  return tokens;
}
