// Room: test/ecosystems/python. Commands from shell text.
import { parseShell } from '../../../src/dockerfile/shell.ts';
import type { ShellCommand } from '../../../src/dockerfile/types.ts';

/** The one simple command of a text, also when the script is opaque because the program's path holds a variable. */
export function command(text: string): ShellCommand {
  const script = parseShell(text);
  const [only] = script.seen;
  if (only === undefined || script.seen.length !== 1) throw new Error(`not one command: ${text} (${script.opaque ?? ''})`);
  return only;
}
