// Room: runtime/. A CMD or ENTRYPOINT that does not run what it looks like: a JSON array that is none, a shell's operator where no shell is.
import type { Command } from '../dockerfile/types.ts';
import type { Evidence } from '../facts/types.ts';

/** Words by which a shell joins commands. To a program that exec form starts they are arguments. */
const OPERATORS = new Set([';', '&&', '||', '|', '&']);

/** Why what runs is not what was meant, or undefined. Source: Dockerfile reference, "Shell and exec form": what is no JSON array is run by the shell. */
export function brokenForm(command: Command): { unknown: string; evidence: Evidence[] } | undefined {
  const evidence: Evidence[] = [{ file: 'Dockerfile', line: command.line, says: `is the ${command.keyword}` }];
  if (command.form === 'shell')
    return looksLikeJson(command.script?.text ?? '')
      ? { unknown: `${command.keyword} is not valid JSON, so a shell runs it as it stands`, evidence }
      : undefined;
  const [first, ...rest] = (command.json ?? []).map((word) => word.value);
  const operator = rest.find((word) => OPERATORS.has(word));
  return operator === undefined
    ? undefined
    : { unknown: `${command.keyword} is in exec form, where no shell reads \`${operator}\`: it is an argument of ${first}`, evidence };
}

/** A bracket glued to its first word, or a quoted word with a comma behind it; `[ -f x ] && …` and `[[ … ]]` are tests. */
const looksLikeJson = (text: string): boolean => /^\s*\[(?:[^\s[]|\s+(["'])[^"']*\1\s*(?:,|$))/.test(text);
