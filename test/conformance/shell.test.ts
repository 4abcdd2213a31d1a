// Room: test/conformance/. Shell text against the committed answers of mvdan/sh v3.14 (see regenerate.ts for how they are made anew).
import { expect, test } from 'vitest';
import { parseShell } from '../../src/dockerfile/shell.ts';
import type { ShellCommand } from '../../src/dockerfile/types.ts';
import { readCases, type ShellCase } from './answers.ts';

const startOf = (command: ShellCommand): number => Math.min(...[...command.assignments, ...command.words].map((part) => part.start));

test.each(readCases<ShellCase>('shell.jsonl').map((each) => [each.text, each] as const))('%s', (_text, { text, mvdan }) => {
  const script = parseShell(text);
  if (mvdan.bash !== undefined) {
    expect(script.opaque).toMatch(/^shell syntax: /);
    expect(script.commands).toEqual([]);
    return;
  }
  const commands = script.seen.filter((command) => command.words.length + command.assignments.length > 0);
  const ours = commands.map((command) => [...command.assignments, ...command.words].map((part) => [part.start, text.slice(part.start, part.end)]));
  const inner = ours.filter((_command, i) => !isFromLiteral(commands[i] as ShellCommand, text));
  expect(inner.sort((a, b) => Number(a[0]?.[0]) - Number(b[0]?.[0]))).toEqual(mvdan.cmds.map((command) => command.words.map((word, i) => [command.at[i], withoutContinuation(word)])));
  const flat = script.commands.flatMap((command) => command.redirects.map((redirect) => [redirect.start, redirect.operator]));
  if (script.opaque === undefined) expect(flat.filter(([at]) => mvdan.reds.some((red) => red.pos === at))).toEqual(flat);
});

/** mvdan/sh counts a continuation right behind a word to the word. */
const withoutContinuation = (word: string): string => word.replace(/(?:\\\n)+$/, '');

/** Commands inside the text of `sh -c '…'`: mvdan/sh does not look into it. */
function isFromLiteral(command: ShellCommand, text: string): boolean {
  return /\b(?:sh|bash) -l?c ['"][^'"]*$/.test(text.slice(0, startOf(command)));
}
