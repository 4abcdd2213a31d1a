// Room: observe/. From an image that was built, read and run to the document: for `observe`, and for `verify`, which builds the original anyway.
import type { ImageFacts } from '../image/types.ts';
import type { Planned } from '../checkout/plan.ts';
import type { Core } from '../checkout/types.ts';
import { buildArgs } from '../verify/engine/build.ts';
import { wantedAs, type Wanted } from '../verify/image/wanted.ts';
import type { WholeImage } from '../verify/image/image.ts';
import type { BuildSettings, BuiltImage, ImageContents, Recipe, Session } from '../verify/types.ts';
import { lookUpBase, type Base } from './base.ts';
import { directoryDigest } from './digest.ts';
import { imageFacts, type Seen } from './facts.ts';
import { packagesIn } from './os-packages.ts';
import { hiding } from './secrets.ts';
import { observedAs } from './wanted.ts';

/** What was built, and what came of it. */
export interface Looked {
  session: Session;
  core: Core;
  planned: Planned;
  recipe: Recipe;
  /** The copy of the build context. */
  context: string;
  settings: BuildSettings;
  built: BuiltImage;
  /** Read with `observedAs`, or with `readForBoth`. */
  whole: WholeImage;
  running: Seen['running'];
  env: Readonly<Record<string, string | undefined>>;
}

/** The document of an image. Asks the engine for the base image alone. Throws an EngineError for what is no fault of the image. */
export async function factsOf(looked: Looked): Promise<ImageFacts> {
  const { session, core, planned, recipe, context, settings, built, whole, running, env } = looked;
  const making = core.imageInstructions(recipe.dockerfile, settings.target, buildArgs(settings));
  const base = await baseOf(session, making?.base, settings);
  const hidden = planned.project ? core.ignoreFile(planned.project.tree, planned.project.dockerfilePath) : undefined;
  return imageFacts({
    of: {
      dockerfile: planned.report.path,
      digest: core.digestOf(recipe.dockerfile),
      context: await directoryDigest(context, (path) => hidden?.ignores(path) === true),
      platform: `${built.config.os}/${built.config.architecture}`,
      buildArgs: settings.buildArgs.map((arg) => arg.split('=', 1)[0] ?? '').sort(),
      engine: session.engine.version,
    },
    built,
    whole,
    base,
    instructions: making?.instructions ?? [],
    running,
    hide: hiding(settings.buildArgs, env),
  });
}

/** How a file is read where one reading serves the document and the checks of `verify`. */
export const readForBoth = (path: string): Wanted | undefined => observedAs(path) ?? wantedAs(path);

/** What `verify` would have read of the image by itself. In: contents that were read with `readForBoth`. */
export function contentsForChecks(contents: ImageContents): ImageContents {
  const texts = new Map([...contents.texts].filter(([path]) => wantedAs(path) !== undefined));
  return { ...contents, texts, packages: packagesIn(contents.texts) ?? [] };
}

async function baseOf(session: Session, reference: string | undefined, settings: BuildSettings): Promise<Base | { unknown: string }> {
  if (reference === undefined) return { unknown: 'the base image is named by a variable without a value' };
  return (await lookUpBase(session, reference, settings)) ?? { unknown: `the engine does not tell what ${reference} is` };
}
