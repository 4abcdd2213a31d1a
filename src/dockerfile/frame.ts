// Room: dockerfile/. The frame of a file: directives, logical lines, heredocs, with source offsets. Source: BuildKit v0.34.2, frontend/dockerfile/parser/parser.go.
import { parseNode, type Node } from './arguments.ts';
import { readDirectives, type Directives } from './directives.ts';
import { heredocsOf, type HeredocStart } from './heredoc.ts';
import { isComment, isSpace, isTooLong, joinPieces, physicalLines, trim, type Line } from './lines.ts';
import type { Heredoc, LogicalText, ParseError, Span } from './types.ts';

/** One instruction's place: its logical line, what the parser made of it, its heredocs. */
export interface Framed {
  logical: LogicalText;
  node: Node;
  heredocs: Heredoc[];
  line: number;
  endLine: number;
  lineStart: number;
  leadStart: number;
  lineEnd: number;
  end: number;
}
export interface Frame {
  directives: Directives;
  framed: Framed[];
}

interface Reader {
  source: string;
  lines: Line[];
  at: number;
  escape: string;
}

/** Frames a source text, or says why BuildKit's parser refuses it. */
export function frame(source: string): Frame | ParseError {
  const lines = physicalLines(source);
  const tooLong = lines.findIndex((line) => isTooLong(source, line));
  if (tooLong !== -1) lines.length = tooLong;
  const directives = readDirectives(source, lines);
  if ('error' in directives) return { message: directives.error, line: directives.line.number, column: 1 };
  const reader: Reader = { source, lines, at: 0, escape: directives.escape };
  const framed: Framed[] = [];
  while (reader.at < lines.length) {
    const next = readInstruction(reader);
    if (next === undefined) continue;
    if ('message' in next) return next;
    next.leadStart = leadStart(reader, next, framed[framed.length - 1]?.endLine ?? directives.list.length);
    framed.push(next);
  }
  if (tooLong !== -1) return { message: 'dockerfile line greater than max allowed size of 65535', line: tooLong + 1, column: 1 };
  if (framed.length === 0) return { message: 'file with no instructions', line: 1, column: 1 };
  return { directives, framed };
}

/** What a physical line adds to the logical line; `continues` when it ends with the escape character. */
function contribution(reader: Reader, line: Line, start: number): { piece: Span; continues: boolean } {
  const { source, escape } = reader;
  let end = line.end;
  while (end > start && (source[end - 1] === ' ' || source[end - 1] === '\t')) end -= 1;
  const continues = end > start && source[end - 1] === escape && !(end - 1 > start && source[end - 2] === escape);
  return continues ? { piece: { start, end: end - 1 }, continues } : { piece: { start, end: line.end }, continues };
}

const isBlank = (source: string, line: Line): boolean => trim(source, line.start, line.end).start === line.end;

/** Reads from the reader's line on. Undefined: the line holds no instruction. */
function readInstruction(reader: Reader): Framed | ParseError | undefined {
  const { source, lines } = reader;
  const first = lines[reader.at] as Line;
  reader.at += 1;
  if (isComment(source, first)) return undefined;
  let from = first.start;
  while (from < first.end && isSpace(source.charCodeAt(from))) from += 1;
  let part = contribution(reader, first, from);
  if (!part.continues && part.piece.end === part.piece.start) return undefined;
  const pieces = [part.piece];
  while (part.continues && reader.at < lines.length) {
    const line = lines[reader.at] as Line;
    reader.at += 1;
    if (isComment(source, line) || isBlank(source, line)) continue;
    part = contribution(reader, line, line.start);
    pieces.push(part.piece);
  }
  return withNode(reader, first, joinPieces(source, pieces, first.end));
}

function withNode(reader: Reader, first: Line, logical: LogicalText): Framed | ParseError {
  const fail = (message: string): ParseError => ({
    message,
    line: first.number,
    column: 1 + trim(reader.source, first.start, first.end).start - first.start,
  });
  const node = parseNode(logical.text, 0, logical.text.length, reader.escape);
  if ('error' in node) return fail(node.error);
  const starts = holdsHeredocs(node) ? heredocsOf(logical.text) : [];
  if ('error' in starts) return fail(starts.error);
  const heredocs: Heredoc[] = [];
  for (const start of starts) {
    const heredoc = readHeredoc(reader, start);
    if (!heredoc) return fail(`unterminated heredoc ${start.name}`);
    heredocs.push(heredoc);
  }
  const last = reader.lines[reader.at - 1] as Line;
  let end = last.end;
  const floor = logical.toSource(node.keyword.end > 0 ? node.keyword.end - 1 : 0);
  while (end > floor + 1 && isSpace(reader.source.charCodeAt(end - 1))) end -= 1;
  return {
    logical,
    node,
    heredocs,
    line: first.number,
    endLine: last.number,
    lineStart: first.start,
    leadStart: first.start,
    lineEnd: last.next,
    end,
  };
}

/** ADD, COPY and RUN in shell form, also behind ONBUILD. */
function holdsHeredocs(node: Node): boolean {
  const inner = node.keyword.value.toLowerCase() === 'onbuild' && node.trigger ? node.trigger : node;
  return ['add', 'copy', 'run'].includes(inner.keyword.value.toLowerCase()) && !inner.json;
}

function readHeredoc(reader: Reader, heredoc: HeredocStart): Heredoc | undefined {
  const { source, lines } = reader;
  const start = lines[reader.at]?.start ?? source.length;
  for (; reader.at < lines.length; reader.at += 1) {
    const line = lines[reader.at] as Line;
    let from = line.start;
    while (heredoc.chomp && from < line.end && source[from] === '\t') from += 1;
    if (source.slice(from, line.end) !== heredoc.name) continue;
    reader.at += 1;
    return { ...heredoc, start, end: line.start, content: source.slice(start, line.start) };
  }
  return undefined;
}

/** Where the comment lines directly above an instruction start; `used` is the last line that belongs to something else. */
function leadStart(reader: Reader, framed: Framed, used: number): number {
  let start = framed.lineStart;
  for (let number = framed.line - 1; number > used; number -= 1) {
    const line = reader.lines[number - 1] as Line;
    if (!isComment(reader.source, line)) break;
    start = line.start;
  }
  return start;
}
