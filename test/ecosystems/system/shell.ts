// Room: ecosystems/system. A shell text as its one command.
import { parseShell } from '../../../src/dockerfile/shell.ts';
import type { ShellCommand } from '../../../src/dockerfile/types.ts';

export function command(text: string): ShellCommand {
  const [first] = parseShell(text).seen;
  if (!first) throw new Error(`no command in ${text}`);
  return first;
}
