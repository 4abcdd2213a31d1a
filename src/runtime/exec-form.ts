// Room: runtime/. The run command in exec form, for images that have no shell and no PATH.
import type { Piece } from '../dockerfile/edits.ts';
import type { RunCommand } from './run-command.ts';

/**
 * The new text of CMD or ENTRYPOINT for an image without a shell. Undefined: it is in exec form and names a path already.
 * 'impossible': variables, pipes, several commands, an entry script or wrappers need a shell.
 */
export function execText(run: RunCommand, binary: string): { index: number; text: Piece[] } | 'impossible' | undefined {
  const main = run.entrypoint ?? run.cmd;
  if (!main || run.scripts.length > 0 || run.wrappers.length > 0 || run.shellSyntax) return 'impossible';
  const named = run.program.includes('/');
  if (main.form === 'exec') {
    const first = main.json?.[0];
    // scratch has no PATH: a bare name must become a path
    return named || !first
      ? undefined
      : {
          index: main.index,
          text: [{ start: main.leadStart, end: first.start }, JSON.stringify(binary), { start: first.end, end: main.end }],
        };
  }
  if (run.entrypoint && run.cmd) return 'impossible';
  const words = [named ? run.program : binary, ...run.args];
  return {
    index: main.index,
    text: [{ start: main.leadStart, end: main.keywordSpan.end }, ` [${words.map((w) => JSON.stringify(w)).join(', ')}]`],
  };
}
