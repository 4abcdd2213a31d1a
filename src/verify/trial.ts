// Room: verify/. One rewrite: built, run, examined, and compared with the original.
import type { Planned } from '../checkout/plan.ts';
import type { Core, ImageSettings } from '../checkout/types.ts';
import type { ImageFacts } from '../image/types.ts';
import { build } from './engine/build.ts';
import { compareObservations } from './compare/compare.ts';
import { compareConfig } from './compare/config.ts';
import { checkContents } from './compare/forbidden.ts';
import { readImage } from './image/image.ts';
import { checkImports, type LockedDependencies } from './run/imports.ts';
import { checkLibraries } from './compare/libraries.ts';
import { observe } from './run/observe.ts';
import type { Trial } from './rollback.ts';
import { checkSecrets } from './compare/secrets.ts';
import { sameRecipe } from './subject.ts';
import {
  EngineError,
  type BuildSettings,
  type BuiltImage,
  type Check,
  type EngineProblem,
  type ImageContents,
  type Observation,
  type Recipe,
  type RunPlan,
  type Session,
} from './types.ts';
import { checkLoaded, checkPrograms } from './compare/running.ts';
import { checkUser } from './compare/users.ts';
import { checkWrites, checkWritten } from './compare/writes.ts';

/** What the rewrites of one Dockerfile are compared with, and how. */
export interface Stage {
  session: Session;
  core: Core;
  /** The copy of the build context. */
  context: string;
  settings: BuildSettings;
  run: RunPlan;
  recipe: Recipe;
  built: BuiltImage;
  observed: Observation;
  contents: ImageContents;
  /** What its image shows: the candidates are planned with it. */
  facts: ImageFacts;
  locked: LockedDependencies;
  /** Every image of a trial gets a tag of its own. */
  nextTag(): string;
}

export interface RewriteTrial extends Trial {
  planned: Planned;
  recipe: Recipe;
  checks: readonly Check[];
  /** Undefined when it was not built: nothing differs, or the build failed. */
  built: BuiltImage | undefined;
  observed: Observation | undefined;
  contents: ImageContents | undefined;
  cache: Trying['cache'];
}

/** How a rewrite is built: `cold` to measure the build. */
export interface Trying {
  cache: 'cold' | 'warm';
  compressed: 'measure' | 'leave';
}

/** Builds and runs a rewrite. What it does otherwise than the original is a failed check; an EngineError is thrown only for what is not the rewrite's doing. */
export async function tryRewrite(stage: Stage, planned: Planned, recipe: Recipe, how: Trying): Promise<RewriteTrial> {
  const applied = (planned.report.result?.applied ?? []).map((one) => one.transform);
  const nothing = { cache: how.cache, built: undefined, observed: undefined, contents: undefined };
  if (sameRecipe(recipe, stage.recipe)) return { applied, planned, recipe, checks: [], passed: true, ...nothing };
  const built = await buildTwice(stage, recipe, how);
  if ('kind' in built) {
    const checks = [buildFailed(built)];
    return { applied, planned, recipe, checks, passed: false, ...nothing };
  }
  const { session } = stage;
  const look = (): Promise<Observation> => observe(session, built, stage.run, stage.observed);
  const { compressed } = how;
  const [first, contents] = await runAndRead(look, () => readImage(session, built.image, { compressed }), how);
  const rewritten = { planned, recipe, built, contents };
  let [observed, checks] = [first, await examine(stage, rewritten, first)];
  // What answers differently once may be a busy machine; what does so twice is not.
  if (checks.some(isFlaky)) {
    observed = await look();
    checks = await examine(stage, rewritten, observed);
  }
  return {
    applied,
    planned,
    recipe,
    checks,
    passed: checks.every((check) => check.outcome !== 'failed'),
    built,
    observed,
    contents,
    cache: how.cache,
  };
}

/**
 * Runs an image and reads it, at once: where one fails, the other ends before that is told, so that nothing is left running. One after the other where the
 * reading compresses, which would keep the processors from what is run.
 */
export async function runAndRead<T>(
  run: () => Promise<Observation>,
  read: () => Promise<T>,
  { compressed }: Pick<Trying, 'compressed'>,
): Promise<[Observation, T]> {
  if (compressed === 'measure') return [await run(), await read()];
  const [one, other] = [run(), read()];
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

/** Again when it fails: what is fetched while building fails now and then (every tenth project within months, by the research). */
async function buildTwice(stage: Stage, recipe: Recipe, how: Trying): Promise<BuiltImage | EngineProblem> {
  const { session, context, settings } = stage;
  const attempt = async (cache: Trying['cache']): Promise<BuiltImage | EngineProblem> => {
    try {
      return await build(session, { side: 'after', recipe, context, settings, cache, tag: stage.nextTag() });
    } catch (error) {
      if (!(error instanceof EngineError) || !isRewrites(error.problem)) throw error;
      return error.problem;
    }
  };
  const first = await attempt(how.cache);
  if (!('kind' in first) || first.kind === 'build-timeout') return first;
  session.say({ kind: 'step', text: 'Building the rewritten file once more: the first build failed' });
  return attempt(how.cache);
}

const isRewrites = ({ kind }: EngineProblem): boolean => kind === 'build-failed' || kind === 'build-timeout' || kind === 'no-base-image';
const running = new Set<Check['id']>([
  'end',
  'output',
  'ports',
  'http',
  'health',
  'log',
  'command',
  'smoke',
  'programs',
  'loaded',
  'writes',
]);
const isFlaky = (check: Check): boolean => check.outcome === 'failed' && running.has(check.id);

function buildFailed({ message, log }: EngineProblem): Check {
  return { id: 'build', outcome: 'failed', detail: `The rewritten file does not build: ${message}`, differences: [], log };
}

interface Rewritten {
  planned: Planned;
  recipe: Recipe;
  built: BuiltImage;
  contents: ImageContents;
}

async function examine(stage: Stage, { planned, recipe, built, contents }: Rewritten, observed: Observation): Promise<Check[]> {
  const { session, observed: before } = stage;
  const result = planned.report.result;
  const applied = result?.applied ?? [];
  const why = (transform: string): string | undefined => {
    if (applied.some((one) => one.transform === transform)) return undefined;
    const skip = result?.skipped.find((one) => one.transform === transform);
    return skip ? skip.message : `${transform} did not apply`;
  };
  const settings = (text: string): ImageSettings | undefined => stage.core.imageSettings(text, stage.settings.target);
  // a last stage on the original's own image has what that image brings
  const split = why('multi-stage') ?? result?.notes.find((note) => note.id === 'same-base')?.message;
  const keepsDevelopment = result?.notes.find((note) => ['runtime-uses-devdep', 'development-kept'].includes(note.id))?.message;
  const ran = { before, after: observed, config: stage.built.config, applied };
  return [
    { id: 'build', outcome: 'passed', detail: 'Both files build', differences: [] },
    compareConfig(stage.built.config, built.config, {
      applied,
      setByDockerfile: { before: settings(stage.recipe.dockerfile), after: settings(recipe.dockerfile) },
    }),
    ...compareObservations(before, observed),
    checkPrograms(ran),
    checkLoaded(ran),
    checkLibraries(stage.contents, contents, { before: stage.built.config.env, after: built.config.env }),
    await checkImports(session, stage.built, built, { before: stage.contents, after: contents }, stage.locked),
    checkContents(contents, split === undefined ? { split: 'yes', keepsDevelopment } : { split: { no: split } }),
    checkSecrets(stage.contents, contents),
    checkUser(built.config, observed.uids, contents, why('non-root-user')),
    checkWrites(before, observed, contents, built.config),
    checkWritten(before, observed),
  ];
}
