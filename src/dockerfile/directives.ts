// Room: dockerfile/. Parser directives. Source: BuildKit v0.34.2, frontend/dockerfile/parser/directives.go, and the Dockerfile reference, "Parser directives".
import { isSpace, trim, type Line } from './lines.ts';
import type { Directive } from './types.ts';

export interface Directives {
  list: Directive[];
  escape: '\\' | '`';
}
const known = new Set(['syntax', 'escape', 'check']);
/** Go's `\s`. */
const isBlank = (ch: string | undefined): boolean => ch !== undefined && '\t\n\f\r '.includes(ch) && ch !== '';

/** One line as a directive; undefined when it is none (then no later line is one either). */
function directiveOf(source: string, line: Line): Directive | undefined {
  const text = trim(source, line.start, line.end);
  if (source[text.start] !== '#' || text.start === line.end) return undefined;
  let at = text.start + 1;
  while (at < line.end && isSpace(source.charCodeAt(at))) at += 1;
  const name = /^[a-zA-Z][a-zA-Z0-9]*/.exec(source.slice(at, Math.min(line.end, at + 64)))?.[0];
  if (name === undefined) return undefined;
  at += name.length;
  while (isBlank(source[at]) && at < line.end) at += 1;
  if (source[at] !== '=' || at >= line.end) return undefined;
  at += 1;
  let end = line.end;
  const from = at;
  while (at < end && isBlank(source[at])) at += 1;
  while (end > at && isBlank(source[end - 1])) end -= 1;
  if (at === end) {
    if (from === line.end) return undefined;
    at = line.end - 1;
    end = line.end;
  }
  return { name: name.toLowerCase(), value: source.slice(at, end), start: text.start, end: line.end, line: line.number };
}

/** The directives at the top of the file. In: source and its physical lines. Errors: a directive twice, an escape that is neither `\` nor a backtick. */
export function readDirectives(source: string, lines: readonly Line[]): Directives | { error: string; line: Line } {
  const found: Directives = { list: [], escape: '\\' };
  for (const line of lines) {
    const directive = directiveOf(source, line);
    if (!directive || !known.has(directive.name)) break;
    if (found.list.some((other) => other.name === directive.name))
      return { error: `only one ${directive.name} parser directive can be used`, line };
    if (directive.name === 'escape') {
      if (directive.value !== '\\' && directive.value !== '`')
        return { error: `invalid escape token '${directive.value}' does not match \` or \\`, line };
      found.escape = directive.value;
    }
    found.list.push(directive);
  }
  return found;
}
