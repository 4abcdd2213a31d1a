// Room: cli/. `lsp`: the language server on standard input and output, for editors.
import { serve } from '../lsp/server.ts';
import type { World } from './world.ts';

/** Serves until the editor ends it; the connection ends the process. */
export async function languageServer(world: World): Promise<never> {
  serve({ core: await world.core(), version: world.version, input: process.stdin, output: process.stdout });
  return new Promise(() => undefined);
}
