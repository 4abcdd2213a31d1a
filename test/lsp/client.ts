// An editor, as far as the language server can tell: a real connection to the server as a process.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  CodeActionRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  LogMessageNotification,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type CodeAction,
  type Hover,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { bundled } from '../../scripts/vsix.ts';
import { once } from '../../src/once.ts';

/** The server of the sources, built once: a test of the package and one of the extension start theirs. */
const ofSources = once(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'dockerfile-mod-lsp-'));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  symlinkSync(resolve('docs'), join(dir, 'docs'));
  const server = join(dir, 'server.mjs');
  writeFileSync(server, (await bundled('src/lsp/main.ts', 'esm')).bytes);
  return [process.execPath, server, '--stdio'];
});

export const modern: ClientCapabilities = {
  workspace: {
    workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
};

export interface Editor {
  connection: ProtocolConnection;
  tell(type: { method: string }, params: object): void;
  answer: InitializeResult;
  /** Glob patterns that the server asked to watch. */
  watched: string[];
  logged: string[];
  uriOf(path: string): string;
  open(path: string, text: string, languageId?: string): void;
  /** Puts another text in place of the whole document. */
  change(path: string, text: string): void;
  close(path: string): void;
  /** The marks of a document, once the server has sent them for its text as it is now. */
  marks(path: string): Promise<PublishDiagnosticsParams>;
  /** How often marks were sent. */
  sent(path: string): number;
  actions(path: string, line: number, only?: string[]): Promise<CodeAction[]>;
  hover(path: string, line: number): Promise<string | undefined>;
  /** What files hold behind an edit; new ones too. */
  applied(edit: WorkspaceEdit | undefined): Record<string, string>;
  /** Ends the session as editors do; the code that the server ends with. */
  quit(): Promise<number | null>;
  /** Is gone without a word. */
  die(): Promise<number | null>;
}

export async function editor(
  root: string,
  how: { capabilities?: ClientCapabilities; command?: readonly string[]; options?: object } = {},
): Promise<Editor> {
  const [program = '', ...args] = how.command ?? (await ofSources());
  const child = spawn(program, args, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk) => (told += String(chunk)));
  const ended = new Promise<number | null>((done) => child.on('exit', done));
  onTestFinished(() => void child.kill());
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const uriOf = (path: string): string => (path.includes(':') ? path : pathToFileURL(`${root}/${path}`).href);
  const documents = new Map<string, TextDocument>();
  const marks = new Map<string, PublishDiagnosticsParams[]>();
  const waiting = new Set<() => void>();
  const watched: string[] = [];
  const logged: string[] = [];
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    marks.set(params.uri, [...(marks.get(params.uri) ?? []), params]);
    for (const wake of waiting) wake();
  });
  connection.onNotification(LogMessageNotification.type, ({ message }) => void logged.push(message));
  connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
    for (const { registerOptions } of registrations)
      for (const { globPattern } of (registerOptions as { watchers: { globPattern: string }[] }).watchers) watched.push(globPattern);
  });
  connection.listen();
  const answer = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: how.capabilities ?? modern,
    workspaceFolders: [{ uri: pathToFileURL(root).href, name: 'shop' }],
    initializationOptions: { debounce: 20, ...how.options },
  });
  await connection.sendNotification(InitializedNotification.type, {});

  // A server that is gone takes no more of it.
  const tell: Editor['tell'] = (type, params) => void connection.sendNotification(type.method, params).catch(() => undefined);
  const put = (path: string, document: TextDocument): TextDocument => {
    documents.set(uriOf(path), document);
    return document;
  };
  return {
    connection,
    tell,
    answer,
    watched,
    logged,
    uriOf,
    open(path, text, languageId = 'dockerfile') {
      const document = put(path, TextDocument.create(uriOf(path), languageId, 1, text));
      const textDocument = { uri: document.uri, languageId, version: 1, text };
      tell(DidOpenTextDocumentNotification.type, { textDocument });
    },
    change(path, text) {
      const before = documents.get(uriOf(path));
      const document = put(path, TextDocument.create(uriOf(path), before?.languageId ?? '', (before?.version ?? 0) + 1, text));
      tell(DidChangeTextDocumentNotification.type, {
        textDocument: { uri: document.uri, version: document.version },
        contentChanges: [{ text }],
      });
    },
    close(path) {
      documents.delete(uriOf(path));
      tell(DidCloseTextDocumentNotification.type, { textDocument: { uri: uriOf(path) } });
    },
    marks: (path) =>
      new Promise((done, fail) => {
        const limit = setTimeout(() => fail(new Error(`no marks for ${path}: ${told}${logged.join('\n')}`)), 60_000);
        const look = (): void => {
          const last = marks.get(uriOf(path))?.at(-1);
          if (!last || last.version !== documents.get(uriOf(path))?.version) return;
          clearTimeout(limit);
          waiting.delete(look);
          done(last);
        };
        waiting.add(look);
        look();
      }),
    sent: (path) => marks.get(uriOf(path))?.length ?? 0,
    async actions(path, line, only) {
      const at = { line: line - 1, character: 0 };
      const found = await connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri: uriOf(path) },
        range: { start: at, end: at },
        context: { diagnostics: [], ...(only ? { only } : {}) },
      });
      return (found ?? []).filter((one): one is CodeAction => 'kind' in one);
    },
    async hover(path, line) {
      const found: Hover | null = await connection.sendRequest(HoverRequest.type, {
        textDocument: { uri: uriOf(path) },
        position: { line: line - 1, character: 1 },
      });
      return found === null ? undefined : (found.contents as { value: string }).value;
    },
    applied(edit) {
      const found: Record<string, string> = {};
      const nameOf = (uri: string): string =>
        uri.startsWith(pathToFileURL(root).href) ? uri.slice(pathToFileURL(root).href.length + 1) : uri;
      const textOf = (uri: string): TextDocument => documents.get(uri) ?? TextDocument.create(uri, '', 0, found[nameOf(uri)] ?? '');
      for (const change of edit?.documentChanges ?? [])
        if ('kind' in change) found[nameOf(change.kind === 'create' ? change.uri : '')] = '';
        else found[nameOf(change.textDocument.uri)] = TextDocument.applyEdits(textOf(change.textDocument.uri), change.edits as never);
      for (const [uri, edits] of Object.entries(edit?.changes ?? {})) found[nameOf(uri)] = TextDocument.applyEdits(textOf(uri), edits);
      return found;
    },
    async quit() {
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      return ended;
    },
    die() {
      child.stdin.end();
      return ended;
    },
  };
}
