// test/e2e/goldens: what a run has found so far: one row for each case, which cases are left, and the sums. No engine, no clock.

/** `kinds` in words: what became of a case. */
export const outcomes = {
  same: 'both build, and do the same',
  better: 'both build, and the original alone does not start',
  'original-fails': 'the original does not build here: nothing can be said',
  'no-image': 'the original builds, and an image of the rewrite cannot be had here',
  'too-slow': 'the rewrite was not built in its time',
  'does-not-build': 'the original builds, and the rewrite does not',
  differs: 'both build, and do not the same',
} as const;
export type Outcome = keyof typeof outcomes;
export const isFailure = (outcome: Outcome): boolean => outcome === 'does-not-build' || outcome === 'differs';

export interface Row {
  /** `group/name` */
  name: string;
  /** Of all that the case is made of: a case that has changed since is built again. */
  digest: string;
  outcome: Outcome;
  applied: readonly string[];
  seconds: number;
  /** Why; several lines where a build or a container says more. */
  detail: string;
}

const head = ['case', 'digest', 'outcome', 'applied', 'seconds', 'detail'].join('\t');
const lineBreak = ' ⏎ ';

export const printRow = ({ name, digest, outcome, applied, seconds, detail }: Row): string =>
  `${[name, digest, outcome, applied.join(','), seconds.toFixed(0), clean(detail)].join('\t')}\n`;
export const printHead = (): string => `${head}\n`;

/** One cell: a log may have tabs, colours, and carriage returns of a progress bar. */
const clean = (text: string): string =>
  text
    .replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, '')
    .trim()
    .split(/[\r\n]+/)
    .map((line) => line.replaceAll('\t', ' ').trimEnd())
    .filter((line) => line !== '')
    .join(lineBreak);

/** The last row of each case; a line that was cut short when a run was killed is none. */
export function readRows(text: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const line of text.split('\n')) {
    const [name, digest, outcome, applied, seconds, detail] = line.split('\t');
    if (name === undefined || digest === undefined || detail === undefined || !isOutcome(outcome)) continue;
    const transforms = (applied ?? '').split(',').filter((one) => one !== '');
    rows.set(name, { name, digest, outcome, applied: transforms, seconds: Number(seconds), detail: detail.replaceAll(lineBreak, '\n') });
  }
  return rows;
}
const isOutcome = (text: string | undefined): text is Outcome => text !== undefined && Object.hasOwn(outcomes, text);

/** What may be chosen of all cases. */
export interface Choice {
  /** Cases whose golden has one of these texts in its path, or which are called so; none: all. */
  names: readonly string[];
  /** Cases whose rewrite is made by one of these transforms; none: all. */
  transforms: readonly string[];
  /** The k-th of n parts; every n-th case is in it, so that parts take about the same time. */
  part: { k: number; n: number };
}
export interface Candidate {
  name: string;
  path: string;
  digest: string;
  applied: readonly string[];
}

/** The cases of a part, in their order, that have no row yet. */
export function chosen<T extends Candidate>(all: readonly T[], { names, transforms, part }: Choice, done: ReadonlyMap<string, Row>): T[] {
  return all
    .filter((_, index) => index % part.n === part.k - 1)
    .filter(({ name, path }) => names.length === 0 || names.some((text) => path.includes(text) || name.includes(text)))
    .filter(({ applied }) => transforms.length === 0 || transforms.some((id) => applied.includes(id)))
    .filter(({ name, digest }) => done.get(name)?.digest !== digest);
}

/** `2/7`; undefined when it is no part. */
export function parsePart(text: string): Choice['part'] | undefined {
  const [, k, n] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const part = { k: Number(k), n: Number(n) };
  return part.k >= 1 && part.k <= part.n ? part : undefined;
}

/** Lines for a person: how many came to which end, and each failure with its first line. */
export function summary(rows: readonly Row[]): string {
  const count = (outcome: Outcome): number => rows.filter((row) => row.outcome === outcome).length;
  const counts = (Object.keys(outcomes) as Outcome[]).map((id) => `${String(count(id)).padStart(5)}  ${id.padEnd(15)} ${outcomes[id]}`);
  const failures = rows.filter(({ outcome }) => isFailure(outcome));
  const told = failures.map(({ name, outcome, detail }) => `FAIL ${name}: ${outcome}: ${detail.split('\n')[0] ?? ''}`);
  return [`${rows.length} cases`, ...counts, ...told].join('\n');
}
