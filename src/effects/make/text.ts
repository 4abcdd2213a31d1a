// Room: effects/make. The text of a makefile as statements. Source: GNU make manual, "Writing Makefiles", "Using Variables", "Conditional Parts of Makefiles".
import { onceOfLast } from '../../once.ts';

/** One statement, in order. `line` counts from 1. */
export type Statement = { line: number } & (
  | { kind: 'assign'; name: string; operator: string; value: string; modifiers: readonly string[] }
  | { kind: 'undefine'; name: string }
  | { kind: 'export'; names: string; on: boolean }
  | { kind: 'include'; files: string; optional: boolean }
  | { kind: 'condition'; test: string; text: string } // ifdef, ifndef, ifeq, ifneq
  | { kind: 'else'; next: { test: string; text: string } | undefined }
  | { kind: 'endif' }
  | { kind: 'recipe'; text: string } // of the rule above it, as written, continuations inside
  | { kind: 'rule'; targets: string; double: boolean; rest: string; inline: string | undefined }
  | { kind: 'other'; text: string }
);

const CONDITION = /^(ifdef|ifndef|ifeq|ifneq)(?:\s+|(?=\())(.*)$/s;
const MODIFIERS = /^(?:(?:override|export|private)\s+)*/;
const ASSIGNMENT = /^([^\s:#=+?!]+)\s*(:{0,3}=|\?=|\+=|!=)\s*(.*)$/s;

/** The statements of a text. A makefile is asked for again by every RUN. */
export const statementsOf = onceOfLast(10, parsed);

function parsed(text: string): Statement[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const found: Statement[] = [];
  let inRule = false;
  let prefix = '\t';
  for (let at = 0; at < lines.length;) {
    const line = at + 1;
    const first = lines[at] ?? '';
    const pieces = [first];
    at += 1;
    while (continues(pieces.at(-1) ?? '') && at < lines.length) pieces.push(lines[(at += 1) - 1] ?? '');
    if (first.startsWith(prefix) && inRule) {
      found.push({
        line,
        kind: 'recipe',
        text: [first, ...pieces.slice(1)].map((piece) => (piece.startsWith(prefix) ? piece.slice(1) : piece)).join('\n'),
      });
      continue;
    }
    const plain = uncommented(
      pieces
        .map((piece, n) => (n < pieces.length - 1 ? piece.slice(0, -1).trimEnd() : piece))
        .map((piece, n) => (n > 0 ? piece.trimStart() : piece))
        .join(' '),
    ).trim();
    if (plain === '') continue;
    const define = /^((?:(?:override|export|private)\s+)*)define\s+(\S+)\s*(:{0,3}=|\?=|\+=|!=)?$/.exec(plain);
    if (define) {
      const body: string[] = [];
      for (let depth = 1; at < lines.length; at += 1) {
        const text = (lines[at] ?? '').trim();
        if (/^define\s/.test(text)) depth += 1;
        if (/^endef\b/.test(text) && (depth -= 1) === 0) break;
        body.push(lines[at] ?? '');
      }
      at += 1;
      inRule = false;
      found.push({
        line,
        kind: 'assign',
        name: define[2] ?? '',
        operator: define[3] ?? '=',
        value: body.join('\n'),
        modifiers: (define[1] ?? '').trim().split(/\s+/),
      });
      continue;
    }
    const statement = statementOf(plain);
    if (statement.kind === 'assign' && statement.name === '.RECIPEPREFIX' && statement.value.length === 1) prefix = statement.value;
    if (!['condition', 'else', 'endif'].includes(statement.kind)) inRule = statement.kind === 'rule';
    found.push({ ...statement, line } as Statement);
  }
  return found;
}

/** An odd number of backslashes at the end. */
const continues = (line: string): boolean => ((/\\*$/.exec(line)?.[0].length ?? 0) & 1) === 1;

/** Without the comment: `#` that no backslash stands before, outside of `$(…)`. */
function uncommented(line: string): string {
  for (let at = line.indexOf('#'), depth = 0, from = 0; at !== -1; from = at, at = line.indexOf('#', at + 1)) {
    for (let n = from; n < at; n += 1)
      if ('({'.includes(line[n] ?? '')) depth += 1;
      else if (')}'.includes(line[n] ?? '')) depth -= 1;
    if (line[at - 1] !== '\\' && depth <= 0) return line.slice(0, at).replaceAll('\\#', '#');
  }
  return line.replaceAll('\\#', '#');
}

type Plain = Statement extends infer S ? (S extends Statement ? Omit<S, 'line'> : never) : never;

function statementOf(text: string): Plain {
  const condition = CONDITION.exec(text);
  if (condition) return { kind: 'condition', test: condition[1] ?? '', text: condition[2] ?? '' };
  const otherwise = /^else(?:\s+(.*))?$/s.exec(text);
  if (otherwise) {
    const next = CONDITION.exec(otherwise[1] ?? '');
    return { kind: 'else', next: next ? { test: next[1] ?? '', text: next[2] ?? '' } : undefined };
  }
  if (/^endif$/.test(text)) return { kind: 'endif' };
  const include = /^(-?|s)include\s+(.*)$/s.exec(text);
  if (include) return { kind: 'include', files: include[2] ?? '', optional: include[1] !== '' };
  const assignment = assignmentOf(text);
  if (assignment) return { kind: 'assign', ...assignment };
  const exported = /^(un)?export(?:\s+(.*))?$/s.exec(text);
  if (exported) return { kind: 'export', names: exported[2] ?? '', on: exported[1] === undefined };
  const undefine = /^(?:override\s+)?undefine\s+(\S+)$/.exec(text);
  if (undefine) return { kind: 'undefine', name: undefine[1] ?? '' };
  return ruleOf(text) ?? { kind: 'other', text };
}

/** `NAME = VALUE` with its modifiers; undefined: it is none. */
export function assignmentOf(text: string): { name: string; operator: string; value: string; modifiers: readonly string[] } | undefined {
  const modifiers = MODIFIERS.exec(text)?.[0] ?? '';
  const found = ASSIGNMENT.exec(text.slice(modifiers.length));
  return found
    ? { name: found[1] ?? '', operator: found[2] ?? '', value: found[3] ?? '', modifiers: modifiers.trim().split(/\s+/) }
    : undefined;
}

function ruleOf(text: string): Plain | undefined {
  const colon = topLevel(text, ':');
  if (colon <= 0) return undefined;
  const double = text[colon + 1] === ':';
  const behind = text.slice(colon + (double ? 2 : 1));
  const semicolon = topLevel(behind, ';');
  return {
    kind: 'rule',
    targets: text.slice(0, text[colon - 1] === '&' ? colon - 1 : colon),
    double,
    rest: (semicolon === -1 ? behind : behind.slice(0, semicolon)).trim(),
    inline: semicolon === -1 ? undefined : behind.slice(semicolon + 1).trim(),
  };
}

/** Where a character stands outside of `$(…)` and `${…}`; -1: nowhere. */
export function topLevel(text: string, character: string, from = 0): number {
  for (let at = from, depth = 0; at < text.length; at += 1) {
    const one = text[at] ?? '';
    if (depth === 0 && one === character) return at;
    if (one === '$' && '({'.includes(text[at + 1] ?? ' ')) {
      depth += 1;
      at += 1;
    } else if (depth > 0 && '({'.includes(one)) depth += 1;
    else if (depth > 0 && ')}'.includes(one)) depth -= 1;
  }
  return -1;
}
