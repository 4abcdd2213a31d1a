// Room: ecosystems/python. The lines of a requirements file.
// Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/ and pip, src/pip/_internal/req/req_file.py (join_lines, ignore_comments).
import { isLocalPath } from './pip-command.ts';
import { normalName } from './names.ts';

export type RequirementLine = { line: number; text: string } & (
  | { kind: 'package'; name: string; extras: string[]; spec: string; marker: string | undefined; url: string | undefined }
  | { kind: 'local' }
  | { kind: 'unnamed' }
  | { kind: 'include'; file: string; constraint: boolean }
  | { kind: 'option'; name: string; value: string | undefined }
);
/** More logical lines than people or pip-compile write; above it the file is not read. */
export const maxRequirementLines = 20_000;

/** The logical lines of a requirements file, read as pip does; undefined when there are too many. */
export function readRequirements(text: string): RequirementLine[] | undefined {
  const lines = logicalLines(text.replace(/^\uFEFF/, ''));
  return lines.length > maxRequirementLines ? undefined : lines.map(({ line, text: logical }) => readLine(logical, line));
}

function logicalLines(text: string): { line: number; text: string }[] {
  const found: { line: number; text: string }[] = [];
  let open: { line: number; parts: string[] } | undefined;
  const close = (line: number, parts: string[]): void => {
    const joined = withoutComment(parts.join('')).trim();
    if (joined !== '') found.push({ line, text: joined });
  };
  for (const [index, line] of text.split(/\r\n|[\n\r]/).entries()) {
    const isComment = line.trimStart().startsWith('#');
    if (line.endsWith('\\') && !isComment) {
      open ??= { line: index + 1, parts: [] };
      open.parts.push(withoutBackslashes(line));
      continue;
    }
    // The blank makes the comment one also behind joined text.
    close(open?.line ?? index + 1, [...(open?.parts ?? []), isComment ? ` ${line}` : line]);
    open = undefined;
    if (found.length > maxRequirementLines) return found;
  }
  if (open !== undefined) close(open.line, open.parts);
  return found;
}

/** As Python's `line.strip("\\")`. */
function withoutBackslashes(line: string): string {
  let [start, end] = [0, line.length];
  while (line[start] === '\\') start += 1;
  while (end > start && line[end - 1] === '\\') end -= 1;
  return line.slice(start, end);
}

/** Cuts a `#` at the start or behind white space, and what follows. */
function withoutComment(text: string): string {
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1)) {
    if (at === 0 || /\s/.test(text[at - 1] ?? '')) return text.slice(0, at);
  }
  return text;
}

function readLine(text: string, line: number): RequirementLine {
  if (text.startsWith('-')) return readOption(text, line);
  // Options of one requirement (--hash=…, --config-settings …) follow it.
  const options = text.search(/\s--?[a-z]/);
  return readRequirement(options < 0 ? text : text.slice(0, options), line, text);
}

const short: ReadonlyMap<string, string> = new Map([
  ['-r', '--requirement'],
  ['-c', '--constraint'],
  ['-e', '--editable'],
  ['-i', '--index-url'],
  ['-f', '--find-links'],
  ['--requirements', '--requirement'],
  ['--constraints', '--constraint'],
]);

function readOption(text: string, line: number): RequirementLine {
  const match = /^(--[a-z][a-z-]*|-[a-z])(?:\s*=\s*|\s+|)(.*)$/is.exec(text);
  if (match === null) return { kind: 'option', name: text, value: undefined, line, text };
  const name = short.get(match[1] ?? '') ?? match[1] ?? '';
  const value = unquoted((match[2] ?? '').trim());
  if (name === '--requirement' || name === '--constraint')
    return { kind: 'include', file: value, constraint: name === '--constraint', line, text };
  if (name === '--editable') return readRequirement(value, line, text);
  return { kind: 'option', name, value: value === '' ? undefined : value, line, text };
}

const unquoted = (text: string): string => /^(["'])([^"']*)\1$/.exec(text)?.[2] ?? text;

function readRequirement(requirement: string, line: number, text: string): RequirementLine {
  if (isLocalPath(requirement)) return { kind: 'local', line, text };
  const { body, marker } = splitMarker(requirement);
  const match = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)$/s.exec(body);
  const rest = match?.[3] ?? '';
  if (match?.[1] !== undefined && /^(?:$|@|\(|[<>=!~])/.test(rest)) {
    const extras = (match[2] ?? '')
      .split(',')
      .map((extra) => normalName(extra.trim()))
      .filter(Boolean);
    const url = rest.startsWith('@') ? rest.slice(1).trim() : undefined;
    return {
      kind: 'package',
      name: normalName(match[1]),
      extras,
      spec: url === undefined ? rest.replace(/^\(|\)$/g, '').trim() : rest,
      marker,
      url,
      line,
      text,
    };
  }
  const name = nameInUrl(body);
  return name === undefined
    ? { kind: 'unnamed', line, text }
    : { kind: 'package', name, extras: [], spec: `@ ${body}`, marker, url: body, line, text };
}

/** In a URL only ` ;` starts a marker. */
function splitMarker(requirement: string): { body: string; marker: string | undefined } {
  const at = requirement.includes('://') ? requirement.search(/\s;/) : requirement.indexOf(';');
  return at < 0
    ? { body: requirement.trim(), marker: undefined }
    : { body: requirement.slice(0, at).trim(), marker: requirement.slice(at).replace(/^\s*;/, '').trim() };
}

function nameInUrl(url: string): string | undefined {
  const egg = /[#&]egg=([A-Za-z0-9][\w.-]*)/.exec(url)?.[1];
  const wheel = /\/([A-Za-z0-9][\w.]*)-[^/]*\.whl(?:[?#]|$)/.exec(url)?.[1];
  const name = egg ?? wheel;
  return name === undefined ? undefined : normalName(name);
}
