// Room: verify/. One Dockerfile from its original to what can be kept of its rewrite.
import type { Planned } from '../checkout/plan.ts';
import type { Core } from '../checkout/types.ts';
import { build } from './engine/build.ts';
import { causesOf } from './compare/causes.ts';
import { readImage } from './image/image.ts';
import { measureBoth } from './measure-both.ts';
import { observe } from './run/observe.ts';
import { largestPassing, type Pick, type TakenBack } from './rollback.ts';
import { afterOf, rewrite, sameRecipe, writesOf, type Subject, type Subjects } from './subject.ts';
import { tryRewrite, type RewriteTrial, type Stage, type Trying } from './trial.ts';
import {
  EngineError,
  type BuildSettings,
  type Check,
  type FileVerification,
  type Outcome,
  type ProblemKind,
  type Recipe,
  type RolledBack,
  type RunPlan,
  type Session,
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
export interface Verifying {
  session: Session;
  core: Core;
  options: VerifyOptions;
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

/** How images are built and read for the measures that are asked for. */
function depthOf({ measure = 'full' }: VerifyOptions): Trying {
  return { cache: measure === 'full' ? 'cold' : 'warm', compressed: measure === 'none' ? 'leave' : 'measure' };
}

/** Verifies one Dockerfile. Throws an EngineError only for what neither of its texts is to blame for. */
export async function verifyFile(subject: Subject, all: Subjects, how: Verifying): Promise<Verified> {
  const started = performance.now();
  const told = withoutBuilding(subject, all, how.core);
  if (told) return told;
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
    return end('baseline-broken', { problem: error.problem });
  }
  const { kept, shown, rolledBack } = await judge(stage, subject, full, all, how);
  const { measures, edited } = await measureBoth(stage, kept ?? shown, how.options);
  const outcome = !kept ? 'rejected' : rolledBack.length > 0 ? 'partly-verified' : 'verified';
  return end(outcome, { ...report(stage, kept, shown), rolledBack, measures, edited }, kept);
}

/** What is the original's own fault, or at least not the rewrite's: nothing can be compared then. */
const isOriginals = (kind: ProblemKind): boolean =>
  kind === 'build-failed' || kind === 'build-timeout' || kind === 'no-base-image' || kind === 'never-answers' || kind === 'bad-input';

/** Builds, runs and reads the original: what its rewrites are compared with. Throws an EngineError. */
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
  session.say({ kind: 'step', text: 'Running the original' });
  const observed = await observe(session, built, run, undefined);
  session.say({ kind: 'step', text: 'Reading the original image' });
  const contents = await readImage(session, built.image, { compressed });
  const locked = planned.project ? core.lockedDependencies(recipe.dockerfile, planned.project) : { python: [], node: [] };
  return { session, core, context, settings, run, recipe, built, observed, contents, locked, nextTag };
}

/** What came of the rewrites of one Dockerfile. */
export interface Judged {
  kept: RewriteTrial | undefined;
  /** The rewrite that is shown: the kept one, or the full one that failed. */
  shown: RewriteTrial;
  /** The full rewrite. */
  first: RewriteTrial;
  rolledBack: RolledBack[];
}

/** Rewrites with a part of the transforms that were tried, by what they were built from and announce; good for one stage. */
export type Tried = Map<string, RewriteTrial>;

/** Tries the full rewrite, and as long as it fails takes transforms back. `how.tried`: of earlier rewrites of the same stage. */
export async function judge(
  stage: Stage,
  subject: Subject,
  full: Recipe,
  all: Subjects,
  how: Verifying & { tried?: Tried },
): Promise<Judged> {
  const { session, options } = how;
  session.say({ kind: 'step', text: 'Building and running the rewritten file' });
  const { cache, compressed } = depthOf(options);
  const first = await tryRewrite(stage, subject.planned, full, { cache, compressed });
  if (first.passed) return { kept: first, shown: first, first, rolledBack: [] };
  // What stands on the disk was not made by transforms of this run.
  if (options.since !== undefined) return { kept: undefined, shown: first, first, rolledBack: [] };
  const known: Tried = how.tried ?? new Map();
  const attempt = async (pick: Pick): Promise<RewriteTrial> => {
    const planned = rewrite(subject, pick, all);
    const recipe = afterOf(planned, how.core, writesOf(planned));
    const key = JSON.stringify([recipe, planned.report.result?.applied.map((one) => one.transform)]);
    const before = known.get(key);
    if (before) return before;
    session.say({ kind: 'step', text: saysOf(pick) });
    const trial = await tryRewrite(stage, planned, recipe, { cache: 'warm', compressed: 'leave' });
    known.set(key, trial);
    return trial;
  };
  const { kept, rolledBack } = await largestPassing(first, attempt);
  const told = rolledBack.map((one) => tell(one, stage, subject));
  return { kept, shown: kept ?? first, first, rolledBack: told };
}

const saysOf = ({ only, skip }: Pick): string => (only ? `Trying with ${only.join(', ')} alone` : `Trying without ${skip.join(', ')}`);

function tell({ transform, witness, failing }: TakenBack<RewriteTrial>, stage: Stage, subject: Subject): RolledBack {
  // What a prefix fails at may be another thing: what a later transform would have brought. The failure that is told is that of the rewrite.
  const failures = (trial: RewriteTrial): Check[] => trial.checks.filter((check) => check.outcome === 'failed');
  const wanted = new Set(failures(failing).map(({ id }) => id));
  const failed = failures(witness).find(({ id }) => wanted.has(id)) ?? failures(failing)[0];
  const check: Check = failed ?? { id: 'build', outcome: 'failed', detail: 'It did not pass', differences: [] };
  const project = subject.planned.project;
  const causes = project
    ? causesOf({
        failed: check,
        applied: witness.planned.report.result?.applied.find((one) => one.transform === transform),
        contents: witness.contents ? { before: stage.contents, after: witness.contents } : undefined,
        tree: project.tree,
      })
    : [];
  return { transform, check: check.id, reason: check.detail, log: check.log ?? '', causes };
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
    checks: [],
    observed: undefined,
    config: undefined,
    layers: undefined,
    measures: undefined,
    problem: undefined,
    seconds: 0,
  };
}
