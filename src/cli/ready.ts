// Room: cli/. From flags to what a run needs: the library, the options it gets, and the build context given.
import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Options } from '../types.ts';
import { given } from '../checkout/given.ts';
import { places, type Places } from '../checkout/locate.ts';
import type { Flags } from './flags.ts';
import { unknownIds } from './options.ts';
import { reasonOf } from '../checkout/paths.ts';
import { imageFactsAt } from './image-facts.ts';
import { isUsageError, type UsageError, type World } from './world.ts';

export interface Ready {
  places: Places;
  options: Partial<Options>;
}

/** Checks what commander cannot: ids against the library's list, and --context against the disk. */
export async function ready(flags: Flags, world: World): Promise<Ready | UsageError> {
  const core = await world.core();
  const unknown = unknownIds(
    flags,
    core.listTransforms().map((transform) => transform.id),
  );
  if (unknown !== undefined) return { usage: unknown };
  const context = contextDir(flags, world);
  if (typeof context === 'object') return context;
  const image = flags.imageFacts === undefined ? undefined : await imageFactsAt(flags.imageFacts, world);
  if (image !== undefined && isUsageError(image)) return image;
  return {
    places: places(core, context, undefined, image),
    options: given({ level: flags.level, base: flags.base, only: flags.only, skip: flags.skip }),
  };
}

function contextDir({ context }: Flags, { cwd }: World): string | undefined | UsageError {
  if (context === undefined) return undefined;
  try {
    const real = realpathSync.native(resolve(cwd, context));
    return statSync(real).isDirectory() ? real : { usage: `--context: ${context} is not a directory` };
  } catch (error) {
    return { usage: `--context: ${context}: ${reasonOf(error)}` };
  }
}
