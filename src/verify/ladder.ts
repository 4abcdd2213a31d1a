// Room: verify/. From the original, which was built and looked at, down the ladder of its candidates to the one that stands.
import type { Planned } from '../checkout/plan.ts';
import { judge, type Judged, type Tried, type Verifying } from './judge.ts';
import { falsifiers, rungsFor, type Rung } from './rungs.ts';
import { afterOf, rewrite, sameRecipe, writesOf, type Subject, type Subjects } from './subject.ts';
import type { RewriteTrial, Stage } from './trial.ts';
import type { LadderStep, Recipe, RolledBack, RungId } from './types.ts';

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

/** What was found on the way down. */
interface Way {
  steps: LadderStep[];
  seen: Recipe[];
  /** Transforms in place that failed: they are not tried again. */
  failed: Map<string, RolledBack>;
  /** What is left of a candidate whose split failed, or had none: it stands if nothing smaller does. */
  left: Judged | undefined;
  /** The first that was tried. */
  first: Judged | undefined;
  planned: Planned | undefined;
}

/**
 * Tries the candidates in their order until one is proven, whole or without the transforms in place that fail. A candidate whose split fails leaves its
 * transforms in place as what stands if no later one does. In: the original on its stage, and the plan without facts of its image.
 */
export async function climb(stage: Stage, subject: Subject, all: Subjects, how: Verifying): Promise<Climbed> {
  const way: Way = { steps: [], seen: [], failed: new Map(), left: undefined, first: undefined, planned: undefined };
  const tried: Tried = new Map();
  for (const rung of rungsOf(stage, all, how)) {
    if (rung.when === 'on-scratch' && way.steps.at(-1)?.base !== 'scratch') continue;
    // What stands on a slim base already is smaller than a split on the full one.
    if (rung.id === 'same' && way.left?.kept?.applied.includes('base-slim')) continue;
    const on = onRung(rung, stage, all, way);
    const { planned, recipe } = candidate(stage, subject, on, all);
    way.planned ??= planned;
    const applied = planned.report.result?.applied.map((one) => one.transform) ?? [];
    if (!isSmaller(applied)) tellNotPossible(way, rung, planned);
    if (way.seen.concat(stage.recipe).some((one) => sameRecipe(one, recipe)) || (way.left && !isSmaller(applied))) continue;
    way.seen.push(recipe);
    const judged = await judge(stage, { ...subject, planned }, recipe, on, { ...how, tried, ...(way.first ? { depth: 'warm' } : {}) });
    way.first ??= judged;
    for (const one of judged.rolledBack) if (!isOfTheBase(one)) way.failed.set(one.transform, one);
    const stands = judged.kept !== undefined && isSmaller(judged.kept.applied) && !judged.rolledBack.some(isOfTheBase);
    if (isSmaller(applied))
      way.steps.push(stepOf(rung.id, stands ? 'stands' : 'failed', stands ? judged.kept : judged.first, stage, { rung, judged }));
    if (stands) return end(way, judged);
    if (judged.kept && (way.left?.kept?.applied.length ?? 0) < judged.kept.applied.length) way.left = judged;
  }
  if (way.left) way.steps.push(stepOf('in-place', 'stands', way.left.kept, stage));
  else if (way.first) way.steps.push(stepOf('original', 'stands', undefined, stage));
  return end(way, way.left);
}

function end({ failed, first, steps: ladder, planned }: Way, stands: Judged | undefined): Climbed {
  const told = stands ?? first;
  const here = new Set(told?.rolledBack.map(({ transform }) => transform));
  const rolledBack = [...[...failed.values()].filter(({ transform }) => !here.has(transform)), ...(told?.rolledBack ?? [])];
  return { kept: stands?.kept, shown: told?.kept ?? first?.first, rolledBack, ladder, planned };
}

function rungsOf({ facts, observed }: Stage, { how: { options } }: Subjects, how: Verifying): Rung[] {
  return rungsFor({
    prove: how.options.prove ?? 'slim',
    level: options.level ?? 'balanced',
    base: options.base ?? 'slim',
    libc: facts.system.libc,
    against: falsifiers(observed),
  });
}

/** How a candidate is planned: with its options, with what the original's image showed, and without what failed in place. */
function onRung({ options }: Rung, { facts }: Stage, all: Subjects, { failed }: Way): Subjects {
  const skip = [...(all.how.options.skip ?? []), ...failed.keys()];
  return { ...all, places: { ...all.places, image: facts }, how: { ...all.how, options: { ...all.how.options, ...options, skip } } };
}

/** The plan, and what it is built from; the plan without facts of the image where that is the same: it shares files with its neighbours already. */
function candidate({ core }: Stage, subject: Subject, on: Subjects, all: Subjects): { planned: Planned; recipe: Recipe } {
  const planned = rewrite(subject, { only: undefined, skip: [] }, on);
  const [one, other] = [planned.report.result, subject.planned.report.result];
  const same = one?.output === other?.output && JSON.stringify(one?.files) === JSON.stringify(other?.files);
  return same
    ? { planned: subject.planned, recipe: afterOf(subject.planned, core, all.writes) }
    : { planned, recipe: afterOf(planned, core, writesOf(planned)) };
}

/** Why there is no smaller image on this rung; nothing is said twice. */
function tellNotPossible({ steps }: Way, { id }: Rung, { report }: Planned): void {
  const skip = report.result?.skipped.find(({ transform }) => transform === 'multi-stage' || transform === 'base-slim');
  const reason = report.error?.message ?? skip?.message;
  if (reason === undefined || steps.some((one) => one.reason === reason)) return;
  steps.push({ ...noStep, rung: id, outcome: 'not-possible', reason });
}

/** A step of which nothing was built. */
export const noStep = { base: undefined, size: undefined, check: undefined, reason: undefined, assumed: [], against: [] };

function stepOf(
  rung: RungId,
  outcome: LadderStep['outcome'],
  trial: RewriteTrial | undefined,
  stage: Stage,
  more?: { rung: Rung; judged: Judged },
): LadderStep {
  const blame = more?.judged.rolledBack.find(isOfTheBase) ?? more?.judged.rolledBack[0];
  const notes = trial?.planned.report.result?.notes ?? [];
  const assumed = more?.rung.against ? notes.filter(({ id }) => id === 'assumed').map(({ message }) => message) : [];
  return {
    rung,
    outcome,
    base: stage.core.outline(trial?.recipe.dockerfile ?? stage.recipe.dockerfile)?.base,
    size: trial ? trial.built?.size : stage.built.size,
    check: outcome === 'failed' ? blame?.check : undefined,
    reason: outcome === 'failed' ? blame?.reason : undefined,
    assumed,
    against: more?.rung.against ?? [],
  };
}
