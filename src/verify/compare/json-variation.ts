// Room: verify/compare/. JSON answers, compared by their structure: what varies among the samples is let go, value by value.

/** What a value is called in its place, with what varies by itself taken out: `"uptime":<duration>`. */
export type Told = (key: string, value: unknown) => string;
export interface JsonDifference {
  before: string;
  after: string;
}

/** Values of a JSON text that is an object or an array; undefined for anything else. */
export function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Deeper than this nothing is compared: no answer that people read is. */
const deepest = 200;

/**
 * The first place where a value is none that the samples allow; undefined when there is none. A value that differs among
 * the samples may be any of its type, a list whose length differs any list; the order of keys is of no account.
 */
export function jsonDifference(
  samples: readonly unknown[],
  value: unknown,
  told: { before: Told; after: Told },
): JsonDifference | undefined {
  return differ(samples, value, { path: '', key: '', depth: 0, told });
}

interface Place {
  path: string;
  /** Of the object that the value, or the list around it, stands in. */
  key: string;
  depth: number;
  told: { before: Told; after: Told };
}

function differ(samples: readonly unknown[], value: unknown, at: Place): JsonDifference | undefined {
  const kinds = new Set(samples.map(kindOf));
  if (kinds.size > 1 || at.depth > deepest) return kinds.has(kindOf(value)) ? undefined : shown(samples[0], value, at);
  if (!kinds.has(kindOf(value))) return shown(samples[0], value, at);
  if (Array.isArray(value)) return differInList(samples as unknown[][], value, at);
  if (isObject(value)) return differInObject(samples as Record<string, unknown>[], value, at);
  if (samples.every((sample) => sample === value)) return undefined;
  const known = new Set(samples.map((sample) => at.told.before(at.key, sample)));
  return known.size > 1 || known.has(at.told.after(at.key, value)) ? undefined : shown(samples[0], value, at);
}

function differInList(samples: readonly unknown[][], value: readonly unknown[], at: Place): JsonDifference | undefined {
  if (new Set(samples.map(({ length }) => length)).size > 1) return undefined;
  const length = samples[0]?.length ?? 0;
  if (value.length !== length) return { before: `${at.path || 'the list'} of ${length}`, after: `of ${value.length}` };
  for (const [i, one] of value.entries()) {
    const found = differ(
      samples.map((sample) => sample[i]),
      one,
      { ...at, path: `${at.path}[${i}]`, depth: at.depth + 1 },
    );
    if (found) return found;
  }
  return undefined;
}

function differInObject(
  samples: readonly Record<string, unknown>[],
  value: Record<string, unknown>,
  at: Place,
): JsonDifference | undefined {
  for (const key of new Set([...samples.flatMap((sample) => Object.keys(sample)), ...Object.keys(value)])) {
    const having = samples.filter((sample) => Object.hasOwn(sample, key));
    const path = at.path === '' ? key : `${at.path}.${key}`;
    if (having.length === 0) return { before: `no ${path}`, after: `${path}: ${short(value[key])}` };
    if (!Object.hasOwn(value, key)) {
      if (having.length < samples.length) continue;
      return { before: `${path}: ${short(having[0]?.[key])}`, after: `no ${path}` };
    }
    const found = differ(
      having.map((sample) => sample[key]),
      value[key],
      { ...at, path, key, depth: at.depth + 1 },
    );
    if (found) return found;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);
const shown = (before: unknown, after: unknown, { path }: Place): JsonDifference => ({
  before: `${path}: ${short(before)}`,
  after: short(after),
});

const shownLength = 120;
function short(value: unknown): string {
  const text = Array.isArray(value) ? `a list of ${value.length}` : isObject(value) ? 'an object' : (JSON.stringify(value) ?? 'nothing');
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}
