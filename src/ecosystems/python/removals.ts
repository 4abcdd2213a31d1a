// Room: ecosystems/python. `rm -rf` of a cache directory.
import type { ShellCommand } from '../../dockerfile/types.ts';
import { invocation } from './words.ts';

/**
 * True for an `rm -r…` whose operands are all a cache directory of the user (`~/.cache/<part>`, with or without `/*` behind it),
 * one of the variables, or the whole `~/.cache`.
 */
export function onlyRemoves(command: ShellCommand, parts: readonly string[], variables: readonly string[]): boolean {
  const started = invocation(command);
  if (started?.program !== 'rm') return false;
  const flags = started.args.filter((word) => word.startsWith('-') && word !== '--');
  const operands = started.args.filter((word) => !word.startsWith('-'));
  if (operands.length === 0 || !flags.some((flag) => flag === '--recursive' || /^-[A-Za-z]*[rR]/.test(flag))) return false;
  return operands.every((operand) => isCache(operand.replace(/\/\*?$/, ''), parts, variables));
}

function isCache(path: string, parts: readonly string[], variables: readonly string[]): boolean {
  const variable = /^\$(?:\{(\w+)\}|(\w+))$/.exec(path);
  if (variable) return variables.includes(variable[1] ?? variable[2] ?? '');
  const below = /^(?:~|\$HOME|\$\{HOME\}|\/root|\/home\/[^/]+)\/\.cache(?:\/(.+))?$/.exec(path);
  return below !== null && (below[1] === undefined || parts.includes(below[1]));
}
