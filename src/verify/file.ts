// Room: verify/. One Dockerfile from its original to what can be kept of its rewrite.
import type { Planned } from '../checkout/plan.ts';
import type { Core } from '../checkout/types.ts';
import { contentsForChecks, factsOf, readForBoth } from '../observe/look.ts';
import { build } from './engine/build.ts';
import { readWholeImage } from './image/image.ts';
import { depthOf, judge, type Judged, type Verifying } from './judge.ts';
import { climb, noStep, type Climbed } from './ladder.ts';
import { measureBoth } from './measure-both.ts';
import { observe } from './run/observe.ts';
import { mayLook } from './rungs.ts';
import { afterOf, sameRecipe, type Subject, type Subjects } from './subject.ts';
import { runAndRead, type RewriteTrial, type Stage } from './trial.ts';
import {
  EngineError,
  type BuildSettings,
  type FileVerification,
  type Outcome,
  type ProblemKind,
  type Recipe,
  type RunPlan,
  type VerifyOptions,
} from './types.ts';
import { copyContext } from './engine/workspace.ts';

/** A Dockerfile with what came of it. */
export interface Verified {
  subject: Subject;
  /** The rewrite that passed, to be written; undefined when there is none. */
  planned: Planned | undefined;
  /** What it was built from when it passed. */
  recipe: Recipe | undefined;
  told: FileVerification;
}

const settingsOf = ({ build: given }: VerifyOptions): BuildSettings => ({
  buildArgs: [],
  target: undefined,
  platform: undefined,
  timeout: 1800,
  ...given,
});
const runPlanOf = ({ run: given }: VerifyOptions): RunPlan => ({
  probes: [],
  commands: [],
  smoke: undefined,
  env: [],
  startTimeout: 60,
  ...given,
});

/** What can be said of a Dockerfile without building it: that it is none, or that nothing would change. Undefined: it has to be built. */
export function withoutBuilding(subject: Subject, all: Subjects, core: Core): Verified | undefined {
  const { planned, before } = subject;
  const end = (told: Partial<FileVerification>): Verified => ({
    subject,
    planned: undefined,
    recipe: undefined,
    told: { ...blank(planned), before: before.dockerfile, ...told },
  });
  if (planned.report.error) {
    const { message, hint } = planned.report.error;
    return end({ outcome: 'error', problem: { kind: 'bad-input', message, hint, log: '' } });
  }
  const after = afterOf(planned, core, all.writes);
  return sameRecipe(before, after) ? end({ outcome: 'unchanged', after: after.dockerfile, report: planned.report }) : undefined;
}

/** Whether there is something that a look at the image may allow, where sources alone change nothing. */
export const asksForALook = ({ planned: { report } }: Subject, { core, options }: Pick<Verifying, 'core' | 'options'>): boolean =>
  options.since === undefined &&
  options.build?.target === undefined &&
  report.error === undefined &&
  mayLook(report.result?.skipped ?? [], core.outline(report.source ?? '')?.stages);

/**
 * Verifies one Dockerfile. `candidates`: `all` unless told; `this`: its plan alone, or as much of it as passes. Throws an EngineError only for what neither
 * of its texts is to blame for.
 */
export async function verifyFile(subject: Subject, all: Subjects, how: Verifying, candidates: 'all' | 'this' = 'all'): Promise<Verified> {
  const started = performance.now();
  const told = withoutBuilding(subject, all, how.core);
  if (told && (candidates === 'this' || !asksForALook(subject, how))) return told;
  const full = afterOf(subject.planned, how.core, all.writes);
  const end = (outcome: Outcome, more: Partial<FileVerification>, kept?: RewriteTrial): Verified => ({
    subject,
    planned: kept?.planned,
    recipe: kept?.recipe,
    told: {
      ...blank(subject.planned),
      before: subject.before.dockerfile,
      after: full.dockerfile,
      outcome,
      ...more,
      seconds: (performance.now() - started) / 1000,
    },
  });
  let stage: Stage;
  try {
    stage = await openStage(subject, how);
  } catch (error) {
    if (!(error instanceof EngineError) || !isOriginals(error.problem.kind)) throw error;
    // Nothing would have changed without the look either.
    return told ? notLooked(told, error.problem.message) : end('baseline-broken', { problem: error.problem });
  }
  const { kept, shown, rolledBack, ladder, planned } =
    how.options.since === undefined && candidates === 'all'
      ? await climb(stage, subject, all, how)
      : withoutLadder(await judge(stage, subject, full, all, how));
  if (!shown) return end('unchanged', { after: subject.before.dockerfile, report: planned?.report, ladder });
  const { measures, edited } = await measureBoth(stage, kept ?? shown, how.options);
  const outcome = !kept ? 'rejected' : rolledBack.length > 0 ? 'partly-verified' : 'verified';
  return end(outcome, { ...report(stage, kept, shown), rolledBack, ladder, measures, edited }, kept);
}

const withoutLadder = ({ kept, shown, rolledBack }: Judged): Climbed => ({ kept, shown, rolledBack, ladder: [], planned: undefined });

/** A Dockerfile that sources alone do not change, and whose image could not be looked at. In: why, as a sentence. */
export function notLooked(verified: Verified, why: string): Verified {
  const step = { ...noStep, rung: 'proven' as const, outcome: 'not-possible' as const, reason: `Its image was not looked at: ${why}` };
  return { ...verified, told: { ...verified.told, ladder: [step] } };
}

/** What is the original's own fault, or at least not the rewrite's: nothing can be compared then. */
const isOriginals = (kind: ProblemKind): boolean =>
  kind === 'build-failed' || kind === 'build-timeout' || kind === 'no-base-image' || kind === 'never-answers' || kind === 'bad-input';

/** Builds, runs and reads the original, once: what its rewrites are made from and compared with. Throws an EngineError. */
export async function openStage(subject: Subject, { session, core, options }: Verifying): Promise<Stage> {
  const { planned, before: recipe } = subject;
  session.say({ kind: 'step', text: 'Copying the build context' });
  const context = await copyContext(planned.contextDir, session);
  const settings = settingsOf(options);
  const run = runPlanOf(options);
  let tags = 0;
  const nextTag = (): string => `dockerfile-mod-verify/${session.id}:${(tags += 1)}`;
  session.say({ kind: 'step', text: 'Building the original' });
  const { cache, compressed } = depthOf(options);
  const built = await build(session, { side: 'before', recipe, context, settings, cache, tag: nextTag() });
  session.say({ kind: 'step', text: 'Running the original, and reading its image' });
  const [observed, whole] = await runAndRead(
    () => observe(session, built, run, undefined),
    () => readWholeImage(session, built.image, { compressed, wanted: readForBoth }),
    { compressed },
  );
  const contents = contentsForChecks(whole.contents);
  const running = { observed, probes: run.probes };
  const env = options.env ?? process.env;
  const facts = await factsOf({ session, core, planned, recipe, context, settings, built, whole, running, env });
  const locked = planned.project ? core.lockedDependencies(recipe.dockerfile, planned.project) : { python: [], node: [] };
  return { session, core, context, settings, run, recipe, built, observed, contents, facts, locked, nextTag };
}

function report(stage: Stage, kept: RewriteTrial | undefined, shown: RewriteTrial): Partial<FileVerification> {
  const { built, observed, contents } = shown;
  return {
    report: kept?.planned.report,
    after: (kept ?? shown).recipe.dockerfile,
    applied: kept?.applied ?? [],
    checks: shown.checks,
    observed: observed && { before: stage.observed, after: observed },
    config: built && { before: stage.built.config, after: built.config },
    layers: contents && { before: stage.contents.layers, after: contents.layers },
  };
}

/** What is said of a Dockerfile of which nothing is known yet. */
export function blank({ report: own }: Planned): FileVerification {
  const text = own.source ?? '';
  return {
    path: own.path,
    context: own.context,
    outcome: 'error',
    report: undefined,
    before: text,
    after: text,
    applied: [],
    rolledBack: [],
    ladder: [],
    checks: [],
    observed: undefined,
    config: undefined,
    layers: undefined,
    measures: undefined,
    problem: undefined,
    seconds: 0,
  };
}
