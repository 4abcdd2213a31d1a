// Room: cli/. Ctrl-C ends a campaign between two steps; the journal knows where it stands.
import type { ExitCode, UsageError, World } from '../world.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does the work with a signal that is aborted by Ctrl-C; interrupted, it is exit code 4. A second Ctrl-C ends the process at once. */
export async function interruptible(
  world: World,
  work: (signal: AbortSignal) => Promise<ExitCode | UsageError>,
): Promise<ExitCode | UsageError> {
  const controller = new AbortController();
  const stop = (): void => {
    for (const one of signals) process.off(one, stop);
    world.stderr.write('\nstopping; run it again to go on\n');
    controller.abort(new Error('interrupted'));
  };
  for (const one of signals) process.on(one, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) return 4;
    throw error;
  } finally {
    for (const one of signals) process.off(one, stop);
  }
}
