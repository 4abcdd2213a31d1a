// Room: dockerfile/. Shell text as commands, by unbash: a flat list where the script is one, and every simple command at any depth.
import { forEachChild, parse, type Command, type ParsedScript, type PipelineNode, type Statement, type SyntaxNode } from 'unbash';
import { onceOfLast } from '../once.ts';
import { spanIn } from './lines.ts';
import { passedOver } from './passed-over.ts';
import { commandOf, deepestSyntax, redirectionsOf, wordOf, type Place } from './words.ts';
import type { LogicalText, Operator, Optional, Script, ShellCommand, Span, Word } from './types.ts';

/** What stands for a value that a program computes, where its text is read as a line for a shell. */
export const COMPUTED = '${__computed}';

/** `sh -c 'sh -c …'` is followed this deep. */
const deepestShell = 4;

interface Flat {
  list: { node: Command; before: (Span & { operator: Operator }) | undefined; negated: boolean }[];
  opaque: string | undefined;
  /** All that makes it opaque are branches. */
  branches: boolean;
}

/**
 * Parses shell text. In: the text as the shell sees it, and where each of its characters stands in a source
 * (without: the offsets are those of the text). Never throws: a text that is no shell is `opaque`.
 */
export function parseShell(text: string, toSource: (index: number) => number = (index) => index): Script {
  const logical = { text, toSource };
  return scriptOf(text, (start, end) => spanIn(logical, start, end), 0);
}

/** A script that was not parsed, and why. */
export function opaqueScript(logical: LogicalText, opaque: string): Script {
  return notParsed(logical.text, spanIn(logical, 0, logical.text.length), opaque);
}
const notParsed = (text: string, span: Span, opaque: string): Script => ({ span, text, commands: [], seen: [], opaque, heredoc: false });

function scriptOf(text: string, place: Place, depth: number): Script {
  const parsed = parsedOf(text);
  const span = place(0, text.length);
  if (typeof parsed === 'string') return notParsed(text, span, parsed);
  const commands = new Map<Command, ShellCommand>();
  const { seen, loops, error } = seenIn(parsed, place, commands, depth);
  const { list, opaque, branches } = flatten(parsed, text);
  const flat = list.flatMap(({ node, before, negated }) => {
    const command = commands.get(node);
    return command
      ? [Object.assign(command, { before: before && { ...place(before.start, before.end), operator: before.operator }, negated })]
      : [];
  });
  const reason = opaque ?? error ?? flat.map(reasonOf).find((found) => found !== undefined);
  const own = { span, text, commands: reason === undefined ? flat : [], seen, opaque: reason, heredoc: false };
  const script: Script = loops.length === 0 ? own : { ...own, loops };
  return branches && reason === opaque && !flat.some(reasonOf) ? { ...script, certain: flat } : script;
}

/** What a change leaves as it was is not parsed again: the tree tells places in the text alone. Long texts are not kept. */
const parsedOf = (text: string): ParsedScript | string => (text.length > 2_000 ? safely(text) : lastParsed(text));
const lastParsed = onceOfLast(50, safely);

/** unbash does not throw on bad shell; this is for what nobody has met yet. */
function safely(text: string): ParsedScript | string {
  try {
    return parse(text);
  } catch (error) {
    return `the shell parser failed: ${error instanceof Error ? error.message : 'unknown error'}`;
  }
}

/** Why one command makes its script opaque. */
function reasonOf(command: ShellCommand): string | undefined {
  const name = command.words[0];
  if (!name) return undefined;
  if (name.value === undefined) return `the command ${name.raw.slice(0, 40)} is not literal`;
  if (name.value === 'eval') return 'eval';
  const readsScript =
    isShell(name.value) && command.words.length === 1 && command.redirects.some((redirect) => redirect.operator.startsWith('<<'));
  return readsScript ? `${name.value} reads its script from a heredoc` : undefined;
}

const shells = new Set(['sh', 'bash', 'ash', 'dash', 'ksh']);
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isShell = (program: string): boolean => shells.has(baseName(program));

/** True for a SHELL (or an interpreter line) that runs a POSIX shell: `/bin/bash -o pipefail -c`, `/usr/bin/env sh`. */
export function isPosixShell(shell: readonly string[]): boolean {
  const program = baseName(shell[0] ?? '') === 'env' ? shell[1] : shell[0];
  return program !== undefined && isShell(program);
}

// ---- the flat list ----

function flatten(script: ParsedScript, text: string): Flat {
  const flat: Flat = { list: [], opaque: undefined, branches: true };
  let previous: Statement | undefined;
  for (const statement of script.commands) {
    const from = previous?.command.end ?? 0;
    const before = previous && (previous.background ? operatorAt(text, from, '&') : terminatorAt(text, from));
    addAndOr(flat, statement, text, before);
    previous = statement;
  }
  return flat;
}

type Before = Flat['list'][number]['before'];

function operatorAt(text: string, from: number, operator: Operator): Before {
  const start = text.indexOf(operator, from);
  return start === -1 ? undefined : { start, end: start + operator.length, operator };
}

/** What ends a statement: `;`, or a line break (behind a comment, too). */
function terminatorAt(text: string, from: number): Before {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\' && text[at + 1] === '\n') at += 1;
    else if (text[at] === ';') return { start: at, end: at + 1, operator: ';' };
    else if (text[at] === '#' || text[at] === '\n') return operatorAt(text, at, '\n');
  }
  return undefined;
}

function addAndOr(flat: Flat, statement: Statement, text: string, before: Before): void {
  const { command } = statement;
  if (command.type !== 'AndOr') return addPipeline(flat, command, text, before);
  command.commands.forEach((part, i) => {
    const previous = command.commands[i - 1];
    const operator = command.operators[i - 1];
    addPipeline(flat, part, text, previous && operator ? operatorAt(text, previous.end, operator) : before);
  });
}

function addPipeline(flat: Flat, node: PipelineNode, text: string, before: Before): void {
  if (node.type === 'Command') {
    flat.list.push({ node, before, negated: false });
    return;
  }
  if (node.type !== 'Pipeline') {
    setOpaque(flat, node.type);
    return;
  }
  if (node.prefixes.some((prefix) => prefix.type === 'Time')) setOpaque(flat, 'time');
  const negated = node.prefixes.length % 2 === 1;
  node.commands.forEach((part, i) => {
    const previous = node.commands[i - 1];
    const operator = node.operators[i - 1];
    const at = previous && operator ? operatorAt(text, previous.end, operator) : before;
    if (part.type === 'Command') flat.list.push({ node: part, before: at, negated });
    else setOpaque(flat, part.type);
  });
}

function setOpaque(flat: Flat, type: string): void {
  flat.opaque ??= kinds[type] ?? type;
  if (!BRANCHES.has(type)) flat.branches = false;
}
/** What decides whether other commands run, and runs none more than once. */
const BRANCHES: ReadonlySet<string> = new Set(['If', 'Case', 'TestCommand', 'ArithmeticCommand']);

/** Said to people. */
const kinds: Readonly<Record<string, string>> = {
  If: 'if',
  For: 'for loop',
  ArithmeticFor: 'for loop',
  Select: 'select',
  While: 'while loop',
  Case: 'case',
  Function: 'function definition',
  Subshell: 'subshell',
  BraceGroup: 'command group',
  TestCommand: '[[ … ]]',
  ArithmeticCommand: '(( … ))',
  Redirected: 'compound command',
  Coproc: 'coprocess',
};

// ---- every simple command ----

/** Simple commands in the order of the text, the lists of loops, and the first syntax error; `commands` remembers which node became which. */
function seenIn(
  root: SyntaxNode,
  place: Place,
  commands: Map<Command, ShellCommand>,
  depth: number,
): { seen: ShellCommand[]; loops: Word[]; error: string | undefined } {
  const seen: ShellCommand[] = [];
  const loops: Word[] = [];
  let error: string | undefined;
  const visit = (node: SyntaxNode, at: Place, level: number, optional?: Optional): void => {
    // A plain word holds no command, and most nodes are plain words.
    if (level > deepestSyntax || (node.type === 'Word' && node.parts === undefined)) return;
    if (node.type === 'Script' && 'errors' in node && node.errors?.[0]) error ??= `shell syntax: ${node.errors[0].message}`;
    if (node.type === 'Command') {
      const command = Object.assign(commandOf(node, at), optional && { optional });
      commands.set(node, command);
      const inner = innerScript(node, command, at, depth);
      seen.push(command, ...(optional ? inner.map((one) => Object.assign(one, { optional: one.optional ?? optional })) : inner));
    }
    if (node.type === 'For' || node.type === 'Select') loops.push(...(node.wordlist ?? []).map((word) => wordOf(word, at)));
    // `{ echo a; echo b; } > FILE`: the redirections are those of a command of their own
    if (node.type === 'Redirected') seen.push(Object.assign(redirectionsOf(node, at), optional && { optional }));
    const passed = passedOver(node, optional);
    forEachChild(node, (child) => {
      // The text of a substitution with escaped backticks is decoded: its commands stand where the substitution stands.
      const decoded = child.type === 'Script' && child.source !== undefined && 'pos' in node;
      visit(child, decoded ? allAt(at(node.pos, node.end)) : at, level + 1, passed(child));
    });
  };
  visit(root, place, 0);
  return { seen, loops, error };
}

/** One place for all of a decoded text. */
const allAt = (span: Span): Place => Object.assign(() => span, { decoded: true as const });
/** The place of text that starts at `from` of another. */
const shifted = (place: Place, from: number): Place => (place.decoded ? place : (start, end) => place(from + start, from + end));

/** The commands of `sh -c '…'`, when the text is literal, and of `sh <<EOF`. */
function innerScript(node: Command, command: ShellCommand, place: Place, depth: number): ShellCommand[] {
  const program = command.words[0]?.value;
  if (program === undefined || !isShell(program) || depth >= deepestShell) return [];
  const heredoc = node.redirects.find((redirect) => redirect.type === 'HereDoc');
  if (heredoc && command.words.length === 1) {
    return scriptOf(heredoc.body.text, shifted(place, heredoc.body.pos), depth + 1).seen;
  }
  const option = command.words.findIndex((word) => /^-[a-z]*c$/.test(word.value ?? ''));
  const script = option < 1 ? undefined : command.words[option + 1];
  const inner = node.args[option];
  if (script?.value === undefined || inner === undefined) return [];
  const asWritten = inner.text.slice(1, -1) === script.value;
  return scriptOf(script.value, asWritten ? shifted(place, inner.pos + 1) : allAt(place(inner.pos, inner.end)), depth + 1).seen;
}
