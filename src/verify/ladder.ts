// Room: verify/. From the original, which was built and looked at, down the ladder of its candidates to the one that stands.
import type { Planned } from '../checkout/plan.ts';
import type { Note } from '../types.ts';
import { depthOf, judge, type Judged, type Tried, type Verifying } from './judge.ts';
import { mendsOf, mostRounds, withMends, type Mend } from './mends.ts';
import { falsifiers, rungsFor, type Rung } from './rungs.ts';
import { afterOf, rewrite, sameRecipe, writesOf, type Subject, type Subjects } from './subject.ts';
import { tryRewrite, type RewriteTrial, type Stage } from './trial.ts';
import type { LadderStep, Recipe, RolledBack } from './types.ts';

/** What came of all candidates. */
export interface Climbed {
  /** What stands; undefined: the original does. */
  kept: RewriteTrial | undefined;
  /** The rewrite that is shown: the one that stands, or the first that failed; undefined: there was nothing to try. */
  shown: RewriteTrial | undefined;
  rolledBack: readonly RolledBack[];
  ladder: readonly LadderStep[];
  /** The plan of the first candidate: where nothing was tried it says why. */
  planned: Planned | undefined;
}

/** What a candidate is made for: the other transforms do the same on each rung. */
const isSmaller = (applied: readonly string[]): boolean => applied.includes('multi-stage') || applied.includes('base-slim');
/** What becomes another thing on another base: where it failed on one, it is tried on the next. */
const ofTheBase: ReadonlySet<string> = new Set(['multi-stage', 'base-slim', 'scratch-essentials']);
const isOfTheBase = ({ transform }: RolledBack): boolean => ofTheBase.has(transform);

/** A candidate that was planned, and tried whole. */
interface Candidate {
  rung: Rung;
  on: Subjects;
  planned: Planned;
  /** As it was planned with facts of the image: says why something is not possible. */
  made: Planned;
  recipe: Recipe;
  /** What earlier rounds of it named as missing. */
  mends: readonly Mend[];
  /** Undefined: not tried yet. */
  whole?: RewriteTrial;
}

type Whole = Candidate & { whole: RewriteTrial };

/** What was found on the way down. */
interface Way {
  stage: Stage;
  subject: Subject;
  all: Subjects;
  how: Verifying & { tried: Tried };
  steps: Map<Rung, LadderStep>;
  seen: Recipe[];
  /** Transforms in place that failed: they are not tried again. */
  failed: Map<string, RolledBack>;
  /** The first that was judged: what is told where nothing stands. */
  first: Judged | undefined;
  /** What is left of a candidate whose split failed, or had none: it stands if nothing smaller does. */
  left: Judged | undefined;
  planned: Planned | undefined;
  /** Rounds of mending. */
  rounds: number;
}

/**
 * Tries the candidates in their order until one is proven. First each as a whole: to find which transform breaks one costs more builds than the next
 * candidate. Where none passes, each is tried without what fails: without transforms in place it still stands; without its split it is what stands in place
 * if nothing smaller does. In: the original on its stage, and the plan without facts of its image.
 */
export async function climb(stage: Stage, subject: Subject, all: Subjects, how: Verifying): Promise<Climbed> {
  const steps = new Map<Rung, LadderStep>();
  const found = { seen: [stage.recipe], failed: new Map(), first: undefined, left: undefined, planned: undefined, rounds: 0 };
  const way: Way = { stage, subject, all, how: { ...how, tried: new Map() }, steps, ...found };
  const smaller: Candidate[] = [];
  const inPlace: Candidate[] = [];
  for (const rung of rungsOf(way)) {
    if (rung.when === 'on-scratch' && [...steps.values()].at(-1)?.base !== 'scratch') continue;
    if (rung.against?.length === 0) {
      steps.set(rung, { ...noStep, rung: rung.id, outcome: 'not-possible', reason: unseen });
      continue;
    }
    const one = candidate(rung, way);
    if (!isSmaller(appliedBy(one.planned))) tellNotPossible(way, one);
    if (way.seen.some((recipe) => sameRecipe(recipe, one.recipe))) continue;
    way.seen.push(one.recipe);
    if (!isSmaller(appliedBy(one.planned))) inPlace.push(one);
    else {
      const tried = await mended({ ...one, whole: await tryWhole(one, way, smaller.length === 0) }, way);
      const { whole } = tried;
      smaller.push(tried);
      steps.set(rung, stepOf(tried, whole, way));
      if (whole.passed)
        return (await isSmallerInPlace(tried, smaller, way))
          ? end(way, way.left, 'in-place')
          : end(way, { kept: whole, shown: whole, first: whole, rolledBack: [] });
      // No other base mends what only the user of the image may not do.
      if (isOfUser(whole) && (await judgeSmaller(tried, way))) return end(way, way.left);
    }
  }
  for (const one of smaller) if (await judgeSmaller(one, way)) return end(way, way.left);
  for (const one of inPlace) if (!way.left) keepLeft(await judgeOne(one, way), one, way);
  return end(way, way.left, way.left ? 'in-place' : 'original');
}

const unseen =
  'Nothing of this run would show that an assumption is wrong: no port answers, no health check passes, no command ends well; --probe, --run or --smoke would';

/** Whether what is left of a candidate on a slim base, without its split, is smaller than a split on the full one. Changes the step of the latter. */
async function isSmallerInPlace({ rung, whole }: Candidate, smaller: readonly Candidate[], way: Way): Promise<boolean> {
  const [failed] = smaller;
  if (rung.id !== 'same' || !failed || failed.whole?.passed) return false;
  const without = rewrite(way.subject, { only: undefined, skip: ['multi-stage'] }, failed.on);
  if (!appliedBy(without).includes('base-slim')) return false;
  await judgeSmaller(failed, way);
  const size = way.left?.kept?.built?.size;
  if (size === undefined || size >= (whole?.built?.size ?? 0)) return false;
  const step = way.steps.get(rung);
  if (step) way.steps.set(rung, { ...step, outcome: 'larger' });
  return true;
}

const isOfUser = ({ checks }: RewriteTrial): boolean =>
  checks.every(({ id, outcome }) => outcome !== 'failed' || id === 'user' || id === 'writes');

async function tryWhole({ planned, recipe }: Candidate, { stage, how }: Way, isFirst: boolean): Promise<RewriteTrial> {
  stage.session.say({ kind: 'step', text: 'Building and running the rewritten file' });
  return tryRewrite(stage, planned, recipe, { ...depthOf(how.options), ...(isFirst ? {} : { cache: 'warm' }) });
}

/** Tries a candidate that failed again, with what its failure names, as long as it names something new. */
async function mended(failing: Whole, way: Way): Promise<Whole> {
  let one = failing;
  while (!one.whole.passed && way.rounds < mostRounds) {
    const known = new Set(one.mends.map(({ kind, name }) => `${kind} ${name}`));
    const fresh = mendsOf(one.whole, way.stage).filter(({ kind, name }) => !known.has(`${kind} ${name}`));
    if (fresh.length === 0) return one;
    const next = candidate(one.rung, way, [...one.mends, ...fresh]);
    if (way.seen.some((recipe) => sameRecipe(recipe, next.recipe))) return one;
    way.seen.push(next.recipe);
    way.rounds += 1;
    way.stage.session.say({ kind: 'step', text: `Mending: ${fresh.map(({ name }) => name).join(', ')}` });
    one = { ...next, whole: await tryWhole(next, way, false) };
  }
  return one;
}

/** Takes transforms back. Out: whether its split stands; it is what is left then. */
async function judgeSmaller(one: Candidate, way: Way): Promise<boolean> {
  // What stands on a slim base already is smaller than a split on the full one.
  if (one.rung.id === 'same' && way.left?.kept?.applied.includes('base-slim')) return false;
  const judged = await judgeOne(one, way);
  const stands = judged.kept !== undefined && isSmaller(judged.kept.applied) && !judged.rolledBack.some(isOfTheBase);
  const blame = judged.rolledBack.find(isOfTheBase);
  const told = stepOf(one, stands ? judged.shown : judged.first, way);
  way.steps.set(one.rung, stands ? told : { ...told, check: blame?.check ?? told.check, reason: blame?.reason ?? told.reason });
  if (stands) way.left = judged;
  else keepLeft(judged, one, way);
  return stands;
}

/** Whether a candidate assumes what nobody asked to assume: it may show a smaller image, and nothing of it stands in place. */
const isBeyond = ({ against, options }: Rung, { all }: Way): boolean => against !== undefined && options.level !== all.how.options.level;

function keepLeft(judged: Judged, { rung }: Candidate, way: Way): void {
  if (isBeyond(rung, way)) return;
  if (judged.kept && (way.left?.kept?.applied.length ?? 0) < judged.kept.applied.length) way.left = judged;
}

/** Judges a candidate, without what failed in place before. */
async function judgeOne(one: Candidate, way: Way): Promise<Judged> {
  const { stage, subject, how, failed } = way;
  const again = failed.size > 0 ? candidate(one.rung, way, one.mends) : one;
  const { planned, recipe, on } = again;
  const whole = sameRecipe(recipe, one.recipe) ? one.whole : undefined;
  const judged = await judge(stage, { ...subject, planned }, recipe, on, { ...how, ...(whole ? { whole } : {}) });
  for (const back of judged.rolledBack) if (!isOfTheBase(back)) failed.set(back.transform, back);
  way.first ??= judged;
  return judged;
}

function end(way: Way, stands: Judged | undefined, rung?: 'in-place' | 'original'): Climbed {
  const { failed, first, planned } = way;
  const told = stands ?? first;
  const here = new Set(told?.rolledBack.map(({ transform }) => transform));
  const rolledBack = [...[...failed.values()].filter(({ transform }) => !here.has(transform)), ...(told?.rolledBack ?? [])];
  const last = rung === undefined || !told ? [] : [{ ...stepOf(undefined, stands?.kept, way), rung }];
  const steps = [...way.steps.values()].toSorted((a, b) => Number(a.outcome === 'stands') - Number(b.outcome === 'stands'));
  return { kept: stands?.kept, shown: told?.kept ?? first?.first, rolledBack, ladder: [...steps, ...last], planned };
}

function rungsOf({ stage: { facts, observed }, all, how }: Way): Rung[] {
  const { options } = all.how;
  return rungsFor({
    prove: how.options.prove ?? 'slim',
    level: options.level ?? 'balanced',
    base: options.base ?? 'slim',
    libc: facts.system.libc,
    against: falsifiers(observed),
  });
}

/**
 * A candidate: planned with its options, with what the original's image showed, and without what failed in place. The plan without facts of the image
 * stands for it where that is the same: it shares files with its neighbours already.
 */
function candidate(rung: Rung, way: Way, mends: readonly Mend[] = []): Candidate {
  const { stage, subject, all, failed } = way;
  const skip = [...(all.how.options.skip ?? []), ...failed.keys()];
  const options = { ...all.how.options, ...rung.options, skip };
  // Facts of another stage than the last one say nothing of what is rewritten.
  const image = stage.settings.target === undefined ? withMends(stage.facts, mends) : undefined;
  const on = { ...all, places: { ...all.places, image }, how: { ...all.how, options } };
  // A request or two shows nothing of what a user may not write.
  const first = rewrite(subject, { only: undefined, skip: [] }, on);
  const assumesUser = isBeyond(rung, way) && notesOf(first).some(({ id, transform }) => id === 'assumed' && transform === 'non-root-user');
  const made = assumesUser ? rewrite(subject, { only: undefined, skip: ['non-root-user'] }, on) : first;
  const [one, other] = [made.report.result, subject.planned.report.result];
  const isSame = one?.output === other?.output && JSON.stringify(one?.files) === JSON.stringify(other?.files);
  const planned = isSame ? subject.planned : made;
  way.planned ??= made;
  return { rung, on, planned, made, mends, recipe: afterOf(planned, stage.core, isSame ? all.writes : writesOf(planned)) };
}

const notesOf = ({ report }: Planned): readonly Note[] => report.result?.notes ?? [];
const appliedBy = ({ report }: Planned): string[] => report.result?.applied.map((one) => one.transform) ?? [];

/** Why there is no smaller image on this rung; nothing is said twice. */
function tellNotPossible({ steps }: Way, { rung, made: { report } }: Candidate): void {
  const skip = report.result?.skipped.find(({ transform }) => transform === 'multi-stage' || transform === 'base-slim');
  const reason = report.error?.message ?? skip?.message;
  if (reason === undefined || [...steps.values()].some((one) => one.reason === reason)) return;
  steps.set(rung, { ...noStep, rung: rung.id, outcome: 'not-possible', reason });
}

/** A step of which nothing was built. */
export const noStep = { base: undefined, size: undefined, check: undefined, reason: undefined, mended: [], assumed: [], against: [] };

/** What is told of a trial; without one, of the original. */
function stepOf(one: Candidate | undefined, trial: RewriteTrial | undefined, { stage }: Way): LadderStep {
  const rung = one?.rung;
  const failed = trial?.checks.find(({ outcome }) => outcome === 'failed');
  return {
    rung: rung?.id ?? 'original',
    outcome: failed ? 'failed' : 'stands',
    base: stage.core.outline(trial?.recipe.dockerfile ?? stage.recipe.dockerfile)?.base,
    size: trial ? trial.built?.size : stage.built.size,
    check: failed?.id,
    reason: failed?.detail,
    mended: one?.mends.map(({ name, says }) => `${name}: ${says}`) ?? [],
    assumed: trial
      ? notesOf(trial.planned)
          .filter(({ id }) => id === 'assumed')
          .map(({ message }) => message)
      : [],
    against: rung?.against ?? [],
  };
}
