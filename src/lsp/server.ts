// Room: lsp/. The language server: marks, actions and reasons for the Dockerfiles that are open in an editor.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CodeActionKind,
  createConnection,
  DidChangeWatchedFilesNotification,
  LSPErrorCodes,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type Connection,
  type Hover,
  type HoverParams,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isDockerfileName } from '../checkout/find.ts';
import type { Places } from '../checkout/locate.ts';
import type { Core } from '../checkout/types.ts';
import { localDisk } from '../context/disk.ts';
import { analyse, freshPlaces, type Analysis, type Desk } from './analysis.ts';
import { actionFor, editOf, fixAll, fixAllKind, type EditSupport } from './edits.ts';
import { realOr } from './open-disk.ts';
import { diagnosticsOf, hoverOf, source } from './told.ts';

export interface ServerWorld {
  core: Core;
  version: string;
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** Milliseconds without a keystroke before a document is looked at; `debounce` of the initialization options says otherwise. */
const pause = 250;
/** Milliseconds for which what was read of the disk may answer again: the requests of one moment. */
const fresh = 1000;

/** What of a repository is worth looking again when it changes on the disk. */
const watched =
  '**/{Dockerfile*,Containerfile,.dockerfile-mod.*,.dockerignore,*.dockerignore,compose*.y*ml,docker-compose*.y*ml,package.json,*lock*,*.toml,requirements*.txt,go.mod,go.sum}';

interface Session extends EditSupport {
  folders: string[];
  debounce: number;
  docs: string;
  watches: boolean;
}

/** Speaks with an editor over two streams until it ends the session. */
export function serve({ core, version, input, output }: ServerWorld): void {
  const connection = createConnection(input, output);
  const documents = new TextDocuments(TextDocument);
  const session: Session = { folders: [], debounce: pause, docs: docsOf(), creates: false, watches: false };
  const looking = lookingAt(connection, documents, session, core);

  connection.onInitialize((params) => {
    Object.assign(session, sessionOf(params, session));
    return capabilities(version);
  });
  connection.onInitialized(() => {
    if (session.watches)
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: watched }] }).catch(ignored);
  });
  documents.onDidChangeContent(({ document }) => looking.changed(document));
  documents.onDidClose(({ document }) => looking.closed(document));
  documents.onDidSave(() => looking.again());
  connection.onDidChangeWatchedFiles(() => looking.again());
  connection.onHover((params, token) => answered(token, () => looking.hover(params)));
  connection.onCodeAction((params, token) => answered(token, () => looking.actions(params)));
  documents.listen(connection);
  connection.listen();
}

const ignored = (): void => undefined;

/** Lets a cancellation that came behind a request be read before the work begins. */
async function answered<T>(token: CancellationToken, work: () => T): Promise<T | ResponseError<void>> {
  // Between timers and immediates Node.js reads what has arrived.
  await new Promise((done) => setTimeout(done, 1));
  await new Promise(setImmediate);
  return token.isCancellationRequested ? new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled') : work();
}

function sessionOf({ workspaceFolders, rootUri, capabilities: client, initializationOptions }: InitializeParams, before: Session): Session {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
  const { debounce, docs }: { debounce?: unknown; docs?: unknown } = initializationOptions ?? {};
  const { documentChanges, resourceOperations = [] } = client.workspace?.workspaceEdit ?? {};
  return {
    folders: uris.flatMap((uri) => pathOf(uri) ?? []),
    debounce: typeof debounce === 'number' && debounce >= 0 ? debounce : before.debounce,
    docs: typeof docs === 'string' && docs !== '' ? docs.replace(/\/?$/, '/') : before.docs,
    creates: documentChanges === true && resourceOperations.includes('create'),
    watches: client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
  };
}

const capabilities = (version: string): InitializeResult => ({
  serverInfo: { name: source, version },
  capabilities: {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    hoverProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
  },
});

/** The pages beside the program: those that are packed, or those of the sources. */
function docsOf(): string {
  const places = ['./docs/', '../../docs/'].map((path) => new URL(path, import.meta.url));
  return (places.find((place) => existsSync(new URL('transforms.md', place))) ?? places[0])?.href ?? '';
}

/** The real path of a document of the disk; undefined for one of another kind. */
function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? realOr(fileURLToPath(uri), localDisk) : undefined;
  } catch {
    return undefined;
  }
}

interface Looking {
  changed(document: TextDocument): void;
  closed(document: TextDocument): void;
  /** Something that a plan may rest on is another one now. */
  again(): void;
  hover(params: HoverParams): Hover | null;
  actions(params: CodeActionParams): CodeAction[];
}

function lookingAt(connection: Connection, documents: TextDocuments<TextDocument>, session: Session, core: Core): Looking {
  const open = new Map<string, string>();
  const desk = (): Desk => ({ core, open, folders: session.folders });
  let kept: { at: number; places: Places; plans: Map<string, Analysis> } | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** A Dockerfile of the disk, or one that is not saved yet; others (a version of git, a chat) are somebody else's. */
  const isOurs = ({ uri, languageId }: TextDocument): boolean =>
    (uri.startsWith('file:') || uri.startsWith('untitled:')) && (languageId === 'dockerfile' || isDockerfileName(nameOf(uri)));
  const planOf = (document: TextDocument, skip: readonly string[] = []): Analysis => {
    const now = Date.now();
    if (!kept || now - kept.at > fresh) kept = { at: now, places: freshPlaces(desk()), plans: new Map() };
    const key = JSON.stringify([document.uri, document.version, skip]);
    const known = kept.plans.get(key) ?? analyse({ path: pathOf(document.uri), text: document.getText() }, desk(), kept.places, skip);
    kept.plans.set(key, known);
    return known;
  };
  /** Nothing that a repository holds may end the server. */
  const safely = <T>(otherwise: T, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return otherwise;
    }
  };
  const mark = (document: TextDocument): void =>
    safely(undefined, () => {
      const { report, planned } = planOf(document);
      if (planned?.thrown instanceof Error) connection.console.error(planned.thrown.stack ?? planned.thrown.message);
      void connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics: diagnosticsOf(report, session.docs) });
    });
  const again = (): void => {
    kept = undefined;
    clearTimeout(timer);
    timer = setTimeout(() => documents.all().filter(isOurs).forEach(mark), session.debounce);
  };
  return {
    again,
    changed(document) {
      const path = pathOf(document.uri);
      if (path !== undefined) open.set(path, document.getText());
      again();
    },
    closed(document) {
      const path = pathOf(document.uri);
      if (path !== undefined) open.delete(path);
      if (isOurs(document)) void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
      again();
    },
    hover: ({ textDocument, position }) =>
      safely(null, () => {
        const document = documents.get(textDocument.uri);
        return (document && isOurs(document) && hoverOf(planOf(document).report, position.line + 1, session.docs)) || null;
      }),
    actions: (params) =>
      safely([], () => {
        const document = documents.get(params.textDocument.uri);
        return document && isOurs(document) ? actionsIn(document, params) : [];
      }),
  };

  function actionsIn(document: TextDocument, { range, context }: CodeActionParams): CodeAction[] {
    const wants = (kind: string): boolean => context.only?.some((one) => kind === one || kind.startsWith(`${one}.`)) ?? true;
    const ids = core.listTransforms().map(({ id }) => id);
    const versionOf = (uri: string): number | undefined => documents.get(uri)?.version;
    const target = { uri: document.uri, version: document.version, versionOf };
    const editWithout = (skip: readonly string[]): ReturnType<typeof editOf> => editOf(creatable(skip), target, session);
    /** Where a client cannot create files, what would is left out. */
    const creatable = (skip: readonly string[]): Analysis => {
      const found = planOf(document, skip);
      const created = session.creates ? [] : found.report.files.filter(({ before }) => before === undefined).map((file) => file.inContext);
      const steps = found.report.result?.steps ?? [];
      const writers = steps.filter(({ files }, n) => created.some((path) => files.has(path) && !steps[n - 1]?.files.has(path)));
      return writers.length === 0 ? found : creatable([...skip, ...writers.map(({ transform }) => transform)]);
    };
    const { report } = planOf(document);
    const marks = diagnosticsOf(report, session.docs).filter(
      (one) => one.range.start.line <= range.end.line && one.range.end.line >= range.start.line,
    );
    const single = (wants(CodeActionKind.QuickFix) ? (report.result?.applied ?? []) : []).flatMap(({ transform, title }) => {
      const own = marks.filter(({ code }) => code === transform);
      // As it comes out alone: what it needs of another one is in the action that does everything.
      const edit = own.length === 0 ? undefined : editWithout(ids.filter((id) => id !== transform));
      return edit ? [actionFor(title, transform, own, edit)] : [];
    });
    const kinds = [fixAllKind, ...(marks.length > 0 ? [CodeActionKind.QuickFix] : [])].filter(wants);
    const all = kinds.length === 0 ? undefined : editWithout([]);
    return [...single, ...(all ? kinds.map((kind) => fixAll(all, kind)) : [])];
  }
}

const nameOf = (uri: string): string => {
  try {
    return basename(decodeURIComponent(new URL(uri).pathname));
  } catch {
    return '';
  }
};
