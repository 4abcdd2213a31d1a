// Room: dockerfile/. Which parts of a shell text it may end well without: they are not run, or their failure is passed over.
import type { PipelineNode, Statement, SyntaxNode } from 'unbash';
import type { Optional } from './types.ts';

const CONDITIONAL: ReadonlySet<string> = new Set(['If', 'Case', 'While', 'For', 'ArithmeticFor', 'Select', 'Function']);

/** What a node may end well without of its children; `above`: what it may be missed itself for. */
export function passedOver(node: SyntaxNode, above: Optional | undefined): (child: SyntaxNode) => Optional | undefined {
  if (above === 'not-run' || CONDITIONAL.has(node.type)) return () => 'not-run';
  if (node.type === 'AndOr') {
    const { commands, operators } = node;
    const first = operators.indexOf('||');
    // behind `||` stands what is run after a failure: to end the script, or to go on
    const ends = commands.slice(operators.lastIndexOf('||') + 1).some(endsBadly);
    const passes = above === 'may-fail' || (first !== -1 && !ends);
    const behind = new Set<SyntaxNode>(passes ? commands.slice(1) : first === -1 ? [] : commands.slice(first + 1));
    const before = new Set<SyntaxNode>(passes ? commands.slice(0, 1) : []);
    return (child) => (behind.has(child) ? 'not-run' : before.has(child) ? 'may-fail' : undefined);
  }
  if (node.type === 'Script') {
    const last = node.commands.at(-1);
    const [start] = node.commands;
    if (last && start && endsWell(last.command) && !stopsAtFailures(start)) return (child) => (child === last ? above : 'may-fail');
  }
  return () => above;
}

const wordsOf = (node: PipelineNode): readonly string[] =>
  node.type === 'Command' ? [...(node.name ? [node.name.text] : []), ...node.args.map(({ text }) => text)] : [];

/** `exit 1`, `false`; also as the last of `{ echo no; exit 1; }`. */
function endsBadly(node: PipelineNode): boolean {
  if (node.type === 'BraceGroup' || node.type === 'Subshell') {
    const last = node.body.commands.at(-1)?.command;
    return last !== undefined && last.type !== 'AndOr' && endsBadly(last);
  }
  const [program, code] = wordsOf(node);
  return program === 'false' || (program === 'exit' && code !== '0');
}

const endsWell = (node: Statement['command']): boolean => {
  if (node.type === 'AndOr') return false;
  const [program, code] = wordsOf(node);
  return program === 'true' || program === ':' || (program === 'exit' && code === '0');
};

/** `set -e`, `set -eux`, at the head. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#set */
function stopsAtFailures({ command }: Statement): boolean {
  const first = command.type === 'AndOr' ? command.commands[0] : command;
  const [program, ...words] = first ? wordsOf(first) : [];
  return program === 'set' && words.some((word) => /^-[a-z]*e/.test(word) || word === 'errexit');
}
