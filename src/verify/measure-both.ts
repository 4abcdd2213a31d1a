// Room: verify/measure/. The measures of both sides, put together: from the images, the build context, rebuilds, scanners.
import type { FileTree } from '../context/types.ts';
import { build } from './engine/build.ts';
import { chosenEdit, dependencyEdit, sourceEdit, type EditPlace } from './measure/edits.ts';
import { contextBytes, measureRebuilds, type RebuildTimes, type Sent } from './measure/measure.ts';
import type { RewriteTrial, Stage } from './trial.ts';
import type { BuiltImage, ImageContents, Measures, Recipe, Side, VerifyOptions, Vulnerabilities } from './types.ts';
import { countVulnerabilities } from './measure/vulnerabilities.ts';

export interface Measured {
  measures: { before: Measures; after: Measures } | undefined;
  /** Which files were edited to measure rebuilds, or why none was. */
  edited: { source: string; dependency: string } | undefined;
}

/** Measures the original and one rewrite of it. Undefined where the rewrite was not built. Throws an EngineError when it is interrupted. */
export async function measureBoth(stage: Stage, trial: RewriteTrial, options: VerifyOptions): Promise<Measured> {
  const { built, contents, recipe } = trial;
  if (!built || !contents) return { measures: undefined, edited: undefined };
  const { session, core } = stage;
  const tree = core.diskTree(stage.context);
  const sides: Record<Side, MeasuredSide> = {
    before: { recipe: stage.recipe, built: stage.built, contents: stage.contents, sent: sentBy(stage.recipe, stage) },
    after: { recipe, built, contents, sent: sentBy(recipe, stage) },
  };
  const times = (options.measure ?? 'full') !== 'full' ? undefined : await timesOf(stage, trial, sides, options, tree);
  session.say({ kind: 'step', text: 'Measuring both images' });
  const vulnerabilities = await scan(stage, built, options);
  const one = (side: Side): Measures => {
    const its = sides[side];
    return {
      size: its.built.size,
      compressed: compressedOf(its.contents),
      layers: its.contents.layers.length,
      files: [...its.contents.files.values()].filter(({ kind }) => kind !== 'dir').length,
      packages: its.contents.packages.length,
      contextBytes: contextBytes(tree, its.sent),
      coldSeconds: times?.cold[side],
      sourceEditSeconds: times?.rebuilds.sourceEditSeconds[side],
      dependencyEditSeconds: times?.rebuilds.dependencyEditSeconds[side],
      vulnerabilities: vulnerabilities[side],
    };
  };
  return { measures: { before: one('before'), after: one('after') }, edited: times?.rebuilds.edited };
}

/** A scan takes minutes, and the first one brings a database: only where measures are asked for. */
async function scan({ session, built }: Stage, after: BuiltImage, options: VerifyOptions): Promise<Record<Side, Vulnerabilities>> {
  if (options.measure === 'none') return { before: { notMeasured: 'not asked for' }, after: { notMeasured: 'not asked for' } };
  return countVulnerabilities({
    engine: session.engine.name,
    images: { before: built.image, after: after.image },
    env: options.env ?? process.env,
    signal: session.signal,
  });
}

interface MeasuredSide {
  recipe: Recipe;
  built: BuiltImage;
  contents: ImageContents;
  sent: Sent;
}

function sentBy({ dockerfile, ignore }: Recipe, { core }: Stage): Sent {
  return { ignore: core.ignoreFile(core.memoryTree({ '.dockerignore': ignore }), undefined), copies: core.contextReads(dockerfile) };
}

/** Undefined when one of the layers was not compressed: half a sum says nothing. */
function compressedOf({ layers }: ImageContents): number | undefined {
  let sum = 0;
  for (const { compressed } of layers) {
    if (compressed === undefined) return undefined;
    sum += compressed;
  }
  return sum;
}

interface Times {
  cold: Record<Side, number>;
  rebuilds: RebuildTimes;
}

async function timesOf(
  stage: Stage,
  trial: RewriteTrial,
  sides: Record<Side, MeasuredSide>,
  options: VerifyOptions,
  tree: FileTree,
): Promise<Times> {
  const { session } = stage;
  const buildSide = async (side: Side, cache: 'cold' | 'warm'): Promise<number> => {
    const { recipe } = sides[side];
    const { seconds } = await build(session, {
      side,
      recipe,
      context: stage.context,
      settings: stage.settings,
      cache,
      tag: stage.nextTag(),
    });
    return seconds;
  };
  // A rewrite that was found by taking transforms back was built with a warm cache.
  if (trial.cache !== 'cold') session.say({ kind: 'step', text: 'Building what was kept without any cache' });
  const after = trial.cache === 'cold' ? sides.after.built.seconds : await buildSide('after', 'cold');
  const { entrypoint = [], cmd = [] } = stage.built.config;
  const both = [sides.before.sent, sides.after.sent];
  const place: EditPlace = {
    tree,
    hides: (path) => both.some(({ ignore }) => ignore.ignores(path)),
    copies: both.every(({ copies }) => copies) ? both.flatMap(({ copies }) => copies ?? []) : undefined,
    runs: [...entrypoint, ...cmd],
  };
  const source = options.edit === undefined ? sourceEdit(place) : chosenEdit(place, options.edit);
  const rebuilds = await measureRebuilds({
    directory: stage.context,
    source,
    dependency: dependencyEdit(place, source),
    rebuild: (side) => buildSide(side, 'warm'),
    say: (text) => session.say({ kind: 'step', text }),
  });
  return { cold: { before: stage.built.seconds, after }, rebuilds };
}
