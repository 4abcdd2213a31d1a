// Room: dockerfile/. Which parts of a shell text it may end well without: they are not run, or their failure is passed over.
import type { PipelineNode, Statement, SyntaxNode } from 'unbash';

const CONDITIONAL: ReadonlySet<string> = new Set(['If', 'Case', 'While', 'For', 'ArithmeticFor', 'Select', 'Function']);

/** Whether a node may end well without a child of it. */
export function passedOver(node: SyntaxNode): (child: SyntaxNode) => boolean {
  if (CONDITIONAL.has(node.type)) return () => true;
  if (node.type === 'AndOr') {
    const { commands, operators } = node;
    const first = operators.indexOf('||');
    // behind `||` stands what is run after a failure: to end the script, or to go on
    const ends = commands.slice(operators.lastIndexOf('||') + 1).some(endsBadly);
    const beside = new Set<SyntaxNode>(first === -1 ? [] : commands.slice(ends ? first + 1 : 0));
    return (child) => beside.has(child);
  }
  if (node.type === 'Script') {
    const last = node.commands.at(-1);
    const [start] = node.commands;
    if (last && start && endsWell(last.command) && !stopsAtFailures(start)) return (child) => child !== last;
  }
  return () => false;
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
