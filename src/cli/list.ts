// Room: cli/. `dockerfile-mod list`: every transform with what it does and why.
import { coloured, plain } from '../report/colour.ts';
import type { Flags } from './flags.ts';
import { wrongFormat } from './tell.ts';
import { colourOf } from './terminal.ts';
import type { ExitCode, UsageError, World } from './world.ts';

/** Prints the transforms in the order in which they run; as JSON with --format json. */
export async function list(flags: Flags, world: World): Promise<ExitCode | UsageError> {
  const transforms = (await world.core()).listTransforms();
  const wrong = wrongFormat(flags, 'list');
  if (wrong) return wrong;
  if (flags.format === 'json') {
    world.stdout.write(`${JSON.stringify(transforms, undefined, 2)}\n`);
    return 0;
  }
  const palette = colourOf(world.stdout, world.env, flags) === 'always' ? coloured : plain;
  const told = transforms.map(
    ({ id, title, rationale, optIn }) =>
      `${palette.bold(id)}${optIn ? palette.dim(' (only with --only)') : ''}\n  ${title}\n  ${palette.dim(rationale)}\n`,
  );
  world.stdout.write(told.join('\n'));
  return 0;
}
