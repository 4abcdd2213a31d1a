// Room: dockerfile/. Words of the shell: literal values, variables, redirections, out of unbash's nodes.
import {
  forEachChild,
  type Assignment as AssignmentNode,
  type Command,
  type Redirected,
  type Redirection,
  type SyntaxNode,
  type Word as WordNode,
  type WordPart,
} from 'unbash';
import type { Assignment, Redirect, ShellCommand, Span, Word } from './types.ts';

/** Where the text of a node stands in the source; `decoded`: the text is not written there character by character, and all places are one. */
export interface Place {
  (start: number, end: number): Span;
  decoded?: true;
}

/** Syntax nested deeper than this is not followed: no script that people write comes near, and the stack is finite. */
export const deepestSyntax = 300;

/** Continuations (`\` and a line break) are not part of a word; inside single quotes they are. */
function withoutContinuations(text: string): string {
  if (!text.includes('\\\n')) return text;
  let out = '';
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const ch = text[at] ?? '';
    if (ch === '\\' && quote !== "'") {
      at += 1;
      if (text[at] !== '\n') out += ch + (text[at] ?? '');
      continue;
    }
    if (quote === '' && (ch === '"' || ch === "'")) quote = ch;
    else if (ch === quote) quote = '';
    out += ch;
  }
  return out;
}

/** unbash counts a continuation that follows a quoted word to the word; it ends before. */
function ends(text: string, end: number): number {
  let shorter = text.length;
  while (text.startsWith('\\\n', shorter - 2)) shorter -= 2;
  return end - (text.length - shorter);
}

/** The value of a word without expansion, glob, brace or tilde; undefined when there is one. */
function literal(word: WordNode): string | undefined {
  if (word.text.startsWith('~')) return undefined;
  return word.parts === undefined || word.parts.every(isLiteral) ? word.value : undefined;
}
function isLiteral(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.every((inner) => inner.type === 'Literal');
  return part.type === 'Literal' || part.type === 'SingleQuoted';
}

/** Names of the variables that a node expands, those inside substitutions included. */
function variablesIn(node: SyntaxNode): string[] {
  const names = new Set<string>();
  const visit = (inner: SyntaxNode, depth: number): void => {
    if (depth > deepestSyntax) return;
    if (inner.type === 'SimpleExpansion') names.add(inner.text.replace(/^\$\{?|\}$/g, ''));
    else if (inner.type === 'ParameterExpansion') names.add(inner.parameter);
    else if (inner.type === 'ArithmeticWord' && /^[A-Za-z_]\w*$/.test(inner.value)) names.add(inner.value);
    forEachChild(inner, (child) => visit(child, depth + 1));
  };
  visit(node, 0);
  return [...names];
}

export function wordOf(node: WordNode, place: Place): Word {
  const plain = node.parts === undefined;
  const { start, end } = place(node.pos, ends(node.text, node.end));
  return {
    start,
    end,
    raw: withoutContinuations(node.text),
    value: literal(node),
    variables: plain ? [] : variablesIn(node),
  };
}

/** `A=b` as an argument (of export, …) is a word like any other. */
function assignmentWord(node: AssignmentNode, place: Place): Word {
  const value = assignedValue(node);
  return {
    ...place(node.pos, ends(node.text, node.end)),
    raw: withoutContinuations(node.text),
    value: value === undefined ? undefined : `${node.name}${node.append ? '+' : ''}=${value}`,
    variables: variablesIn(node),
  };
}
function assignedValue(node: AssignmentNode): string | undefined {
  if (node.value.type !== 'Word' || node.index !== undefined) return undefined;
  return /[:=]~/.test(node.text) ? undefined : literal(node.value);
}

const assignmentOf = (node: AssignmentNode, place: Place): Assignment => ({
  ...place(node.pos, ends(node.text, node.end)),
  name: node.name,
  value: node.append ? undefined : assignedValue(node),
});

function redirectOf(node: Redirection, place: Place): Redirect {
  const span = place(node.pos, node.end);
  const fd = node.descriptor?.type === 'FileDescriptor' ? { fd: node.descriptor.value } : {};
  if (node.type === 'HereDoc') return { ...span, operator: node.operator, target: undefined, ...fd, body: node.body.text };
  return { ...span, operator: node.operator, target: node.target && wordOf(node.target, place), ...fd };
}

/** A simple command; the operator before it and its negation are the list's to say. */
export function commandOf(node: Command, place: Place): ShellCommand {
  const assignments = node.prefix.filter((part) => part.type === 'Assignment');
  const words = node.args.map((word) => (word.type === 'Word' ? wordOf(word, place) : assignmentWord(word, place)));
  const last = node.args[node.args.length - 1] ?? node.name ?? assignments[assignments.length - 1];
  const { start, end } = place(node.pos, last?.end === node.end ? ends(last.text, node.end) : node.end);
  const command: ShellCommand = {
    start,
    end,
    assignments: assignments.map((part) => assignmentOf(part, place)),
    words: node.name ? [wordOf(node.name, place), ...words] : words,
    redirects: node.redirects.map((part) => redirectOf(part, place)),
    before: undefined,
    negated: false,
  };
  return place.decoded ? { ...command, decoded: true } : command;
}

/** The redirections of a compound command, as a command without words. */
export function redirectionsOf(node: Redirected, place: Place): ShellCommand {
  const redirects = node.redirects.map((part) => redirectOf(part, place));
  return {
    ...place(node.redirects[0]?.pos ?? node.pos, node.end),
    assignments: [],
    words: [],
    redirects,
    before: undefined,
    negated: false,
  };
}
