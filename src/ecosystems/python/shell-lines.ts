// Room: ecosystems/python. A line for a shell that is put together from text and values: f"convert {name} a.png", "convert %s a.png" % name.
import { COMPUTED, parseShell } from '../../dockerfile/shell.ts';

/** Text, and values put into it or behind it. */
const TEXT = /^([rRbBuUfF]{0,2})(?:"([^"\\\n]*)"|'([^'\\\n]*)')\s*(%(?!=)|\.format\(|\+|$)/;

/** The line with each value as a variable; undefined: it is none, or a program of it is computed. */
export function shellLine(argument: string | undefined): string | undefined {
  const [whole, prefix = '', double, single, operator] = (argument !== undefined && argument.length <= 500 && TEXT.exec(argument)) || [];
  const text = double ?? single;
  if (argument === undefined || whole === undefined || text === undefined) return undefined;
  // what stands behind a `+` may begin another command
  if (operator === '+' && /["'][^"']*[;|&$`]/.test(argument.slice(whole.length))) return undefined;
  const formatted = /f/i.test(prefix) || operator === '.format(';
  const fields = formatted
    ? text.replace(/\{\{|\}\}|\{[^{}]*\}/g, (found) => (found.length === 2 && found !== '{}' ? (found[0] ?? '') : COMPUTED))
    : text;
  const line = operator === '%' ? fields.replace(/%(?:\(\w+\))?[sdrif]/g, COMPUTED) : operator === '+' ? fields + COMPUTED : fields;
  const programs = parseShell(line).seen.map(({ words: [first] }) => first);
  // one word alone is a program's name, not a line
  return line === text ||
    !/\s/.test(line) ||
    programs.length === 0 ||
    programs.some((word) => word === undefined || word.raw.includes(COMPUTED))
    ? undefined
    : line;
}
