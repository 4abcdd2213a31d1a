// Room: cli/. From a request to the command that answers it; everything of bulk is loaded here, when it is asked for.
import { ForgeError } from '../../forge/types.ts';
import { JournalError } from '../../bulk/journal/log.ts';
import { QueueError } from '../../bulk/queue/redis.ts';
import type { ExitCode, UsageError, World } from '../world.ts';
import { collectEarly } from '../heap.ts';
import type { BulkAction, BulkRequest } from './types.ts';

type Command = (request: BulkRequest, world: World) => Promise<ExitCode | UsageError>;

const commands: Readonly<Record<BulkAction, () => Promise<Command>>> = {
  'dry-run': async () => (await import('./dry-run.ts')).dryRunDirectory,
  plan: async () => (await import('./plan.ts')).planCampaign,
  apply: async () => (await import('./apply.ts')).applyCampaign,
  status: async () => (await import('./status.ts')).status,
  report: async () => (await import('./status.ts')).report,
  review: async () => (await import('./review.ts')).review,
  sync: async () => (await import('./pulls.ts')).sync,
  verify: async () => (await import('./pulls.ts')).verify,
  close: async () => (await import('./pulls.ts')).close,
  merge: async () => (await import('./pulls.ts')).merge,
  enqueue: async () => (await import('./enqueue.ts')).enqueue,
  work: async () => (await import('./work.ts')).work,
  pr: async () => (await import('./pr.ts')).pr,
  serve: async () => (await import('./serve.ts')).serve,
};

/** Runs one command of `bulk`, or `pr`. What the forge or the journal answers to the command as a whole is told as a sentence. */
export async function runBulk(request: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  collectEarly();
  try {
    const command = await commands[request.action]();
    return await command(await named(request, world), world);
  } catch (error) {
    if (error instanceof JournalError || (error instanceof QueueError && error.again === 'never')) return { usage: error.message };
    if (error instanceof QueueError) {
      world.stderr.write(`error: ${error.message}\n`);
      return 4;
    }
    if (error instanceof ForgeError) {
      world.stderr.write(`error: ${error.message}\n`);
      return error.retryable || error.kind === 'unauthorized' ? 4 : 1;
    }
    throw error;
  }
}

/** These make a campaign of its options, or know none. */
const unnamed: ReadonlySet<BulkAction> = new Set(['dry-run', 'plan', 'enqueue', 'pr']);

/** The request with the campaign's name, where the configuration has it. */
async function named(request: BulkRequest, world: World): Promise<BulkRequest> {
  if (request.flags.id !== undefined || unnamed.has(request.action)) return request;
  const id = await (await import('./campaign-file.ts')).ownCampaignId(world);
  return id === undefined ? request : { ...request, flags: { ...request.flags, id } };
}
