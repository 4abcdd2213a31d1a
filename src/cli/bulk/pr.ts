// Room: cli/. `pr`: one repository, for a CI job or a bot; same engine, same identity, no journal.
import { memoryJournal, memoryStore } from '../../bulk/journal/memory.ts';
import { attempt, CampaignStopped } from '../../bulk/run/attempt.ts';
import { publishRepository, type Published } from '../../bulk/run/publish/publish.ts';
import type { Session } from '../../bulk/run/session.ts';
import { candidatesOf } from '../../bulk/source/sources.ts';
import type { Candidate } from '../../bulk/source/types.ts';
import { runProgram } from '../../process/run.ts';
import { visible } from '../../report/visible.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from '../world.ts';
import { campaignOptions } from './campaign-options.ts';
import { interruptible } from './interrupt.ts';
import { campaignOf, connect, sessionOver } from './open.ts';
import { withScratch } from './scratch.ts';
import type { BulkRequest } from './types.ts';

/** Opens, updates or closes the pull request of one repository; run again, it changes nothing. */
export async function pr({ flags }: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  const repo = flags.repo ?? (await originOf(world));
  if (repo === undefined || repo.length !== 1)
    return { usage: 'name one repository: --repo owner/name, or run in a checkout that has an origin' };
  const options = await campaignOptions({ ...flags, repo, id: flags.id ?? 'default' }, world, 'the named file alone');
  if (isUsageError(options)) return options;
  if (options.platform === 'local') return { usage: 'name the forge: --platform github, gitlab, gitea or git' };
  return withScratch((scratch) =>
    interruptible(world, async (signal) => {
      const outside = await connect(options, flags, world, { signal, scratch });
      if (isUsageError(outside)) return outside;
      const campaign = campaignOf(options, world.version);
      const session = await sessionOver({ campaign, store: memoryStore(), journal: memoryJournal() }, outside, world, {
        signal,
        quiet: flags.quiet === true,
      });
      const warnings: string[] = [];
      for await (const candidate of candidatesOf({ options, forge: outside.forge, cwd: world.cwd, warn: (why) => warnings.push(why) }))
        return await publishOne(session, candidate, world);
      return { usage: warnings[0] ?? 'no such repository' };
    }),
  );
}

async function publishOne(session: Session, { repo, ref, url }: Candidate, world: World): Promise<ExitCode> {
  await session.sink.append({ repo, ev: 'discovered', data: { ...(ref ? { ref } : {}), ...(url === undefined ? {} : { url }) } });
  try {
    const tried = await attempt(session, repo, () => publishRepository(session, repo, { mayOpen: async () => 'yes', onlyApproved: 'no' }));
    const record = session.records.get(repo);
    const where = record?.pull ? ` ${record.pull.url}` : '';
    if (tried.kind === 'failed') {
      world.stderr.write(`error: ${visible(repo)}: ${visible(tried.failure.message)}\n`);
      return tried.failure.retryable ? 4 : 1;
    }
    for (const warning of record?.warnings ?? []) world.stderr.write(`warning: ${visible(warning)}\n`);
    const outcome = tried.kind === 'done' ? words[tried.value] : 'left out';
    world.stdout.write(
      `${visible(repo)}: ${outcome}${record?.reason === undefined ? '' : ` (${visible(record.reason)})`}${visible(where)}\n`,
    );
    return tried.kind === 'done' && tried.value === 'failed' ? 1 : 0;
  } catch (error) {
    if (!(error instanceof CampaignStopped)) throw error;
    world.stderr.write(`error: ${error.message}\n`);
    return 4;
  }
}

const words: Readonly<Record<Published, string>> = {
  opened: 'opened',
  updated: 'updated',
  same: 'unchanged',
  frozen: 'left alone',
  conflicted: 'left alone, it conflicts',
  closed: 'closed, nothing is left to do',
  failed: 'failed',
  pushed: 'branch pushed',
  merged: 'merged before',
  declined: 'closed by a person, left alone',
  nothing: 'nothing to do',
  waits: 'waiting',
};

async function originOf(world: World): Promise<string[] | undefined> {
  const ran = await runProgram('git', ['config', '--get', 'remote.origin.url'], { cwd: world.cwd, timeout: 10_000 });
  // Credentials that a CI job wrote into the address stay there.
  const url = ran.stdout.trim().replace(/^(https?:\/\/)[^/@]*@/, '$1');
  return ran.code === 0 && url !== '' ? [url] : undefined;
}
