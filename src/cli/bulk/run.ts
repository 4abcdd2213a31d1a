// Room: cli/. From a request to the command that answers it; everything of bulk is loaded here, when it is asked for.
import type { ExitCode, UsageError, World } from '../world.ts';
import type { BulkRequest } from './types.ts';

/** Runs one command of `bulk`, or `pr`. */
export async function runBulk(request: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  switch (request.action) {
    case 'dry-run':
      return (await import('./dry-run.ts')).dryRunDirectory(request, world);
    default:
      return { usage: `bulk ${request.action} is not built yet` };
  }
}
