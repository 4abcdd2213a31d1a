// Room: lsp/. What an editor shows: a mark for each transform that would run and for each refusal that somebody can do something about.
import { DiagnosticSeverity, MarkupKind, type Diagnostic, type Hover, type Range } from 'vscode-languageserver/node';
import { changedPlaces } from '../report/changes.ts';
import { allSkips } from '../report/summary.ts';
import type { FileReport } from '../report/types.ts';
import { visible } from '../report/visible.ts';
import type { Evidence } from '../facts/types.ts';
import type { Applied, Skipped } from '../types.ts';

/** Name under which everything is shown. */
export const source = 'dockerfile-mod';
/** Marks of one transform; more say nothing more. */
const mostMarks = 20;

/** Where the pages of ids are: `file:…/docs/` with Markdown files, or a site. */
export type Docs = string;

/** Refusals that a person chose: there is nothing to tell. */
const chosen: ReadonlySet<string> = new Set(['pragma-off', 'opted-out', 'level-safe']);

interface Mark {
  /** From 1, of the text as it is. */
  lines: number[];
  transform: string;
  /** What is looked up in the docs. */
  id: string;
  severity: DiagnosticSeverity;
  message: string;
  kind: 'transforms' | 'messages';
  more: string[];
}

/** The marks of a document. */
export function diagnosticsOf(report: FileReport, docs: Docs): Diagnostic[] {
  const text = textLines(report);
  if (report.error) {
    const { path, line, column, message, hint } = report.error;
    const isOwn = path === report.path;
    const where = isOwn ? '' : `${path}:${line}:${column}: `;
    const said = `${where}${message}${hint === undefined ? '' : `\n${hint}`}`;
    return [
      {
        range: rangeOf(text, isOwn ? line : 1, isOwn ? column : 1),
        severity: DiagnosticSeverity.Warning,
        source,
        code: 'error',
        message: visible(said),
      },
    ];
  }
  return marksOf(report).flatMap(({ lines, transform, id, severity, message, kind }) =>
    lines.slice(0, mostMarks).map((line) => ({
      range: rangeOf(text, line),
      severity,
      source,
      code: id,
      codeDescription: { href: pageOf(docs, kind, id) },
      message: visible(message),
      data: { transform },
    })),
  );
}

/** Why: everything that is said of a line, with evidence, and what would allow what is left. Undefined: nothing is. */
export function hoverOf(report: FileReport, line: number, docs: Docs): Hover | undefined {
  const found = report.error ? [] : marksOf(report).filter(({ lines }) => lines.includes(line));
  if (found.length === 0) return undefined;
  const parts = found.map(({ transform, id, message, kind, more }) =>
    [`**${plain(transform)}** — ${plain(message)}`, ...more.map((one) => `- ${plain(one)}`), `[${id}](${pageOf(docs, kind, id)})`].join(
      '\n\n',
    ),
  );
  return { contents: { kind: MarkupKind.Markdown, value: parts.join('\n\n---\n\n') }, range: rangeOf(textLines(report), line) };
}

function marksOf(report: FileReport): Mark[] {
  const applied = (report.result?.applied ?? []).map((one): Mark => ({
    lines: linesOf(one, report),
    transform: one.transform,
    id: one.transform,
    severity: one.safety === 'safe' ? DiagnosticSeverity.Hint : DiagnosticSeverity.Information,
    message: `${one.title}: ${one.why}`,
    kind: 'transforms',
    more: one.evidence.map(told),
  }));
  const left = allSkips(report).filter(({ reason, allow }) => allow !== undefined && !chosen.has(reason));
  return [...applied, ...left.map(leftMark)];
}

const leftMark = ({ transform, reason, message, line, allow, evidence = [] }: Skipped): Mark => ({
  lines: [line],
  transform,
  id: reason,
  severity: DiagnosticSeverity.Hint,
  message: `${transform} leaves this: ${message}`,
  kind: 'messages',
  more: [...evidence.map(told), ...(allow === undefined ? [] : [`To allow it: ${allow}`])],
});

const told = ({ file, line, says }: Evidence): string => `${file}${line === undefined ? '' : `:${line}`}: ${says}`;

/** Lines that a change is about: those that it rests on; else where it begins; else, where it writes other files alone, the first. */
function linesOf({ transform, evidence }: Applied, report: FileReport): number[] {
  const rests = evidence.flatMap(({ file, line }) => (file === 'Dockerfile' && line !== undefined ? [line] : []));
  if (rests.length > 0) return [...new Set(rests)].sort((a, b) => a - b);
  const place = changedPlaces(report).find(({ ids }) => ids.includes(transform));
  return [place?.from ?? 1];
}

const textLines = ({ source: text = '' }: FileReport): string[] => text.split('\n');

/** A line without its indentation and line end, from a column on. */
function rangeOf(lines: readonly string[], line: number, column?: number): Range {
  const at = Math.min(Math.max(line, 1), lines.length) - 1;
  const own = (lines[at] ?? '').replace(/\r$/, '');
  const start = column === undefined ? own.length - own.trimStart().length : Math.min(column - 1, own.length);
  return { start: { line: at, character: start }, end: { line: at, character: own.trimEnd().length || own.length } };
}

const pageOf = (docs: Docs, kind: Mark['kind'], id: string): string => `${docs}${kind}${docs.startsWith('file:') ? '.md' : ''}#${id}`;

/** Text of a repository as it stands: no Markdown, no control characters. */
const plain = (text: string): string => visible(text).replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&');
