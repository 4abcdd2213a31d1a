// Room: verify/compare/. Whether a text of the rewritten image is one that the original might have written.
import { visible } from '../../report/visible.ts';
import { jsonDifference, parseJson, type Told } from './json-variation.ts';
import { normalise, type TextKind } from './normalise.ts';
import { expectedFrom } from './variation.ts';

/** When the texts of each side were written. */
export interface Instants {
  before: Date;
  after: Date;
}

/**
 * Undefined when the text is as the samples of the original are, apart from what varies by itself and, in logs, from the
 * order of lines; otherwise the first place where it differs, fit to be shown.
 */
export function sameText(
  samples: readonly string[],
  text: string,
  at: Instants,
  kind: TextKind,
): { before: string; after: string } | undefined {
  if (samples.includes(text)) return undefined;
  const [values, value] = [kind === 'body' ? samples.map(parseJson) : [], parseJson(text)];
  if (values.length > 0 && value !== undefined && values.every((one) => one !== undefined)) {
    const found = jsonDifference(values, value, { before: toldAt(at.before), after: toldAt(at.after) });
    return found && { before: visible(found.before), after: visible(found.after) };
  }
  const normal = samples.map((sample) => normalise(sample, at.before, kind));
  const other = normalise(text, at.after, kind);
  const expected = expectedFrom(normal);
  if (normal.includes(other) || expected.matches(other)) return undefined;
  if (kind === 'log' && normal.some((sample) => sortedLines(sample) === sortedLines(other))) return undefined;
  const { before, after } = expected.difference(other);
  return { before: visible(before), after: visible(after) };
}

/** A value beside its key, since some vary by what they are called. */
const toldAt =
  (instant: Date): Told =>
  (key, value) =>
    normalise(`${JSON.stringify(key)}:${JSON.stringify(value)}`, instant, 'body');

const sortedLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .sort()
    .join('\n');

/** The last lines of a log. */
export function tailOf(log: string): string {
  return log
    .trimEnd()
    .split('\n')
    .slice(-25)
    .map((line) => line.slice(0, 500))
    .join('\n');
}
