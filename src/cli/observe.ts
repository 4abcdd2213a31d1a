// Room: cli/. `observe`: what is in the image of a Dockerfile, as a page or as JSON.
import { isUsageError, type ExitCode, type UsageError, type World } from './world.ts';
import type { Flags, ObserveFlags } from './flags.ts';
import { interruptible } from './interruptible.ts';
import { ready } from './ready.ts';
import { visible, visibleLines } from '../report/visible.ts';
import { wrongFormat } from './tell.ts';
import { colourOf } from './terminal.ts';
import { verifyOptionsOf } from './verify-options.ts';

/** Builds, looks and runs. Exit code 0 when the image was seen, 2 when not; a container that fails is a fact, no failure. */
export async function observeCommand(paths: readonly string[], flags: Flags & ObserveFlags, world: World): Promise<ExitCode | UsageError> {
  const wrong = wrongFormat(flags, 'observe');
  if (wrong) return wrong;
  if (paths.includes('-')) return { usage: 'observe builds; it needs a file and its build context, not standard input' };
  const prepared = await ready(flags, world);
  if (isUsageError(prepared)) return prepared;
  const { core } = prepared.places;
  const { observe } = await import('../observe/observe.ts');
  const { EngineError } = await import('../verify/types.ts');
  const { progress } = await import('../verify/report/progress.ts');
  const shown = flags.quiet ? undefined : progress(world.stderr, { colour: colourOf(world.stderr, world.env, flags) });
  try {
    const facts = await interruptible((signal) => {
      const options = { ...verifyOptionsOf(paths, flags, world), core, signal, onProgress: shown?.tell };
      return observe({ ...options, start: flags.start === false ? 'no' : 'yes' });
    });
    shown?.end();
    if (flags.format === 'json') world.stdout.write(`${JSON.stringify(facts, undefined, 1)}\n`);
    else {
      const { observeText } = await import('../observe/report/text.ts');
      const { isBuildPackage } = core;
      world.stdout.write(
        observeText(facts, { colour: colourOf(world.stdout, world.env, flags), width: world.stdout.columns, isBuildPackage }),
      );
    }
    return 0;
  } catch (error) {
    shown?.end();
    if (!(error instanceof EngineError)) throw error;
    const { message, hint, log } = error.problem;
    const more = [hint ?? '', log].filter((text) => text !== '').map((text) => `  ${visibleLines(text).replaceAll('\n', '\n  ')}\n`);
    world.stderr.write(`error: ${visible(message)}\n${more.join('')}`);
    return 2;
  }
}
