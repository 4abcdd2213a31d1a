// Room: cli/. `bulk sync`, `verify`, `close`, `merge`: the pull requests that are there.
import { closeAll, mergeAll, syncAll, verifyAll } from '../../bulk/run/observe.ts';
import { checkAgain } from '../../bulk/run/plan.ts';
import type { Session } from '../../bulk/run/session.ts';
import type { Progress } from '../../bulk/report/types.ts';
import { visible } from '../../report/visible.ts';
import type { Flags } from '../flags.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from '../world.ts';
import { ask } from './apply.ts';
import { withLimits } from './campaign-options.ts';
import { interruptible } from './interrupt.ts';
import { openSession, recordsOf, storedCampaign } from './open.ts';
import { progressOn } from './progress.ts';
import type { BulkFlags, BulkRequest } from './types.ts';

type Step = (session: Session, progress: (progress: Progress) => void) => ReturnType<typeof syncAll>;

export const sync = (request: BulkRequest, world: World): Promise<ExitCode | UsageError> => run(request, world, { step: syncAll });

export const verify = (request: BulkRequest, world: World): Promise<ExitCode | UsageError> =>
  run(request, world, { step: (session, progress) => verifyAll(session, (repo) => checkAgain(session, repo), progress) });

export const close = async (request: BulkRequest, world: World): Promise<ExitCode | UsageError> => {
  const newer = request.flags.supersededBy === undefined ? undefined : await pullsOf(request.flags, world);
  if (isUsageError(newer)) return newer;
  const reason = request.flags.reason ?? 'the campaign has ended';
  const branch = request.flags.deleteBranch ? 'delete' : 'keep';
  const forks = { warn: (message: string): void => void world.stderr.write(`warning: ${visible(message)}\n`) };
  const how = { reason, branch, ...(newer ? { supersededBy: newer } : {}), ...(request.flags.deleteForks ? { forks } : {}) } as const;
  return run(request, world, {
    step: (session, progress) => closeAll(session, how, progress),
    question: request.flags.deleteForks ? 'Delete forks that the campaign made, and close' : 'Close',
  });
};

export const merge = (request: BulkRequest, world: World): Promise<ExitCode | UsageError> => {
  const { method = 'squash', requireChecks, requireApproval } = request.flags;
  const how = {
    method,
    checks: requireChecks ? 'required' : 'not-failing',
    approval: requireApproval ? 'required' : 'not-refused',
  } as const;
  return run(request, world, { step: (session, progress) => mergeAll(session, how, progress), question: 'Merge' });
};

/** The open or merged pull requests of the campaign that takes over. */
async function pullsOf(flags: BulkFlags & Flags, world: World): Promise<((repo: string) => string | undefined) | UsageError> {
  const stored = storedCampaign({ ...flags, id: flags.supersededBy }, world);
  if (isUsageError(stored)) return stored;
  const records = await recordsOf(stored);
  return (repo) => {
    const pull = records.get(repo)?.pull;
    return pull && pull.state !== 'closed' ? pull.url : undefined;
  };
}

async function run(
  { flags }: BulkRequest,
  world: World,
  { step, question }: { step: Step; question?: string },
): Promise<ExitCode | UsageError> {
  const stored = storedCampaign(flags, world);
  if (isUsageError(stored)) return stored;
  return interruptible(world, async (signal) => {
    const opened = await openSession(stored, flags, world, signal);
    if (isUsageError(opened)) return opened;
    try {
      const open = [...opened.session.records.values()].filter(({ pull }) => pull?.state === 'open').length;
      const answer = question === undefined || flags.yes ? true : await ask(`${question} up to ${open} pull requests?`, world);
      if (answer !== true) return answer === false ? 0 : answer;
      return await tellStep(withLimits(opened.session, flags, world), step, flags, world);
    } finally {
      await opened.close();
    }
  });
}

async function tellStep(session: Session, step: Step, flags: BulkFlags & Flags, world: World): Promise<ExitCode> {
  const progress = progressOn(world.stderr, flags);
  const { outcomes, paused } = await step(session, progress.show);
  progress.end();
  const told = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  if (!flags.quiet) world.stdout.write(`${told.length > 0 ? told.join(', ') : 'no pull requests'}\n`);
  if (paused !== undefined) {
    world.stderr.write(`paused: ${visible(paused)}\nRun it again to go on.\n`);
    return 4;
  }
  return (outcomes.failed ?? 0) > 0 ? 1 : 0;
}
