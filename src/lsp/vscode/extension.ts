// Room: lsp/vscode. The extension for Visual Studio Code: starts the server and hands documents over. Everything else is the server's.
import { commands, workspace, type ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;

/** Called when the first Dockerfile is opened. */
export async function activate(context: ExtensionContext): Promise<void> {
  client = new LanguageClient('dockerfile-mod', serverOf(context), optionsOf());
  context.subscriptions.push(commands.registerCommand('dockerfile-mod.restart', () => client?.restart()));
  await client.start();
}

/** Called when the window closes. */
export const deactivate = (): Promise<void> | undefined => client?.stop();

/** The server that is packed with the extension, or the dockerfile-mod that a person names. */
function serverOf(context: ExtensionContext): ServerOptions {
  const path = workspace.getConfiguration('dockerfile-mod').get<string>('path') ?? '';
  return path === ''
    ? { module: context.asAbsolutePath('server.mjs'), transport: TransportKind.stdio }
    : { command: path, args: ['lsp'], transport: TransportKind.stdio };
}

function optionsOf(): LanguageClientOptions {
  const docs = workspace.getConfiguration('dockerfile-mod').get<string>('docs') ?? '';
  return {
    documentSelector: [
      { scheme: 'file', language: 'dockerfile' },
      { scheme: 'untitled', language: 'dockerfile' },
      // What a plan rests on most, so that it counts before it is saved.
      { scheme: 'file', pattern: '**/{.dockerfile-mod.*,.dockerignore,*.dockerignore,package.json,pyproject.toml,requirements*.txt}' },
      { scheme: 'file', pattern: '**/{go.mod,Cargo.toml,compose*.yaml,compose*.yml,docker-compose*.yaml,docker-compose*.yml}' },
    ],
    initializationOptions: docs === '' ? {} : { docs },
  };
}
