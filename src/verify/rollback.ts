// Room: verify/. Which of the applied transforms has to be taken back, and what is left then.

/** What came of one rewrite. */
export interface Trial {
  /** Transforms that it applied, in order. */
  applied: readonly string[];
  passed: boolean;
}
/** Which transforms a rewrite may apply. */
export interface Pick {
  only: readonly string[] | undefined;
  skip: readonly string[];
}
export interface Kept<T extends Trial> {
  /** The rewrite that passed and applies something; undefined when nothing could be kept. */
  kept: T | undefined;
  rolledBack: readonly TakenBack<T>[];
}
export interface TakenBack<T extends Trial> {
  transform: string;
  /** The trial that failed as soon as the transform was among the applied ones. */
  witness: T;
  /** The rewrite whose failure was searched for. */
  failing: T;
}

/**
 * Takes transforms back until what is left passes. Transforms run in a fixed order, and each sees what those before it
 * made; so the first prefix that fails ends with the transform that breaks it, and halving finds it: the empty prefix is
 * the original, which passes. Unless a later one would have mended what fails there: see `laterAlone`. Then everything
 * else is tried without it, transforms included that it had kept from applying; another failure is searched for in the
 * same way. In: the full rewrite that failed, and how to try others.
 */
export async function largestPassing<T extends Trial>(full: T, attempt: (pick: Pick) => Promise<T>): Promise<Kept<T>> {
  const rolledBack: TakenBack<T>[] = [];
  let current = full;
  while (!current.passed && current.applied.length > 0) {
    const skip = rolledBack.map((one) => one.transform);
    const tryWithout = (transform: string): Promise<T> => attempt({ only: undefined, skip: [...skip, transform] });
    const found = await firstFailing(current, (only) => attempt({ only, skip }));
    const without = await tryWithout(found.transform);
    const later = await laterAlone(current, found.transform, without, tryWithout);
    rolledBack.push({ ...(later ? { transform: later.transform, witness: current } : found), failing: current });
    current = later?.trial ?? without;
  }
  return { kept: current.passed && current.applied.length > 0 ? current : undefined, rolledBack };
}

/**
 * A prefix may fail for lack of what a later transform brings (a split onto scratch, before the certificates are copied),
 * and the transform at its end is innocent. Told by what is left without it: when that fails too, or other transforms are
 * gone with it, and taking back one of those after it is enough, then that one is to blame: the last such, which takes
 * the fewest with it.
 */
async function laterAlone<T extends Trial>(
  failing: T,
  suspect: string,
  without: T,
  tryWithout: (transform: string) => Promise<T>,
): Promise<{ transform: string; trial: T } | undefined> {
  const after = failing.applied.slice(failing.applied.indexOf(suspect) + 1);
  const candidates = without.passed ? after.filter((id) => !without.applied.includes(id)) : after;
  for (const transform of candidates.toReversed()) {
    const trial = await tryWithout(transform);
    if (trial.passed) return { transform, trial };
  }
  return undefined;
}

async function firstFailing<T extends Trial>(
  failing: T,
  attempt: (only: readonly string[]) => Promise<T>,
): Promise<{ transform: string; witness: T }> {
  const { applied } = failing;
  let [passing, broken] = [0, applied.length];
  let witness = failing;
  while (broken - passing > 1) {
    const middle = (passing + broken) >> 1;
    const trial = await attempt(applied.slice(0, middle));
    if (trial.passed) passing = middle;
    else [broken, witness] = [middle, trial];
  }
  return { transform: applied[broken - 1] ?? '', witness };
}
