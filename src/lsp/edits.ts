// Room: lsp/. A plan as an edit of the workspace: the Dockerfile, and the files of its context.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CodeActionKind,
  type CodeAction,
  type CreateFile,
  type Diagnostic,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { replacementsBetween } from '../report/changes.ts';
import { isChanged } from '../report/types.ts';
import type { Analysis } from './analysis.ts';
import { source } from './told.ts';

/** Kind of the action that does everything; editors can run it when a file is saved. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.${source}`;

/** What a client can do with an edit. */
export interface EditSupport {
  /** Files can be created, and edits name the version that they are for. */
  creates: boolean;
}

export interface Target {
  uri: string;
  version: number;
  /** Version of another document; undefined: it is not open. */
  versionOf(uri: string): number | undefined;
}

/** The edit that makes a plan real; undefined: it changes nothing, or it needs a file that this client cannot create. */
export function editOf({ report, planned }: Analysis, target: Target, support: EditSupport): WorkspaceEdit | undefined {
  if (!report.result || !isChanged(report)) return undefined;
  const own = textEdits(report.result.source, report.result.output);
  const files = report.files.filter((file) => file.before !== file.after);
  const others = files.map((file) => ({ ...file, uri: pathToFileURL(join(planned?.contextDir ?? '/', file.inContext)).href }));
  if (!support.creates) {
    if (others.some(({ before }) => before === undefined)) return undefined;
    const edits = others.map(({ uri, before, after }) => [uri, textEdits(before ?? '', after)] as const);
    return { changes: Object.fromEntries([...edits, ...(own.length === 0 ? [] : [[target.uri, own] as const])]) };
  }
  // Files of the context first: a Dockerfile may rest on what its ignore file hides.
  const changes = others.flatMap(({ uri, before, after }): (CreateFile | TextDocumentEdit)[] => [
    ...(before === undefined ? [{ kind: 'create' as const, uri, options: { overwrite: false, ignoreIfExists: false } }] : []),
    { textDocument: { uri, version: target.versionOf(uri) ?? null }, edits: textEdits(before ?? '', after) },
  ]);
  const dockerfile = { textDocument: { uri: target.uri, version: target.version }, edits: own };
  return { documentChanges: own.length === 0 ? changes : [...changes, dockerfile] };
}

/** The action for one transform, with the marks that it takes away. */
export const actionFor = (title: string, id: string, diagnostics: Diagnostic[], edit: WorkspaceEdit): CodeAction => ({
  title: `${title} (${id})`,
  kind: CodeActionKind.QuickFix,
  diagnostics,
  edit,
});

export const fixAll = (edit: WorkspaceEdit, kind: string, diagnostics?: Diagnostic[]): CodeAction => ({
  title: `Refactor the whole Dockerfile (${source})`,
  kind,
  edit,
  ...(diagnostics ? { diagnostics } : {}),
});

function textEdits(before: string, after: string): TextEdit[] {
  return replacementsBetween(before, after).map(({ start, end, text }) => ({
    range: { start: { line: start - 1, character: 0 }, end: { line: end.line - 1, character: end.column - 1 } },
    newText: text,
  }));
}
