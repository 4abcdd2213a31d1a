// Room: cli/. `bulk review`: the distinct diffs of a campaign, and what is approved or rejected of them.
import { openJournal } from '../../bulk/journal/log.ts';
import { takeLock } from '../../bulk/journal/lock.ts';
import type { Cluster } from '../../bulk/report/types.ts';
import type { NewEvent, RepoRecord } from '../../bulk/types.ts';
import { visible, visibleLines } from '../../report/visible.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from '../world.ts';
import { storedCampaign } from './open.ts';
import { writeReport } from './report.ts';
import { summaryOf } from './status.ts';
import type { BulkRequest } from './types.ts';

/** Shows each distinct diff once; with --approve or --reject, writes the decision down. */
export async function review({ flags }: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  const stored = storedCampaign(flags, world);
  if (isUsageError(stored)) return stored;
  if (flags.approve || flags.reject) return decide(stored.store.path, flags, world);
  const summary = await summaryOf(stored);
  if (flags.html !== undefined) {
    await writeReport(summary, { ...flags, output: '/dev/null' }, world);
    return 0;
  }
  for (const cluster of summary.clusters) world.stdout.write(textOf(cluster));
  world.stdout.write(`${summary.clusters.length} different diffs. Decide with --approve all, or --approve and --reject with ids.\n`);
  return 0;
}

function textOf({ id, count, example, repositories, transforms }: Cluster): string {
  const more = count > repositories.length ? ` and ${count - repositories.length} more` : '';
  const names = `${repositories.slice(0, 5).map(visible).join(', ')}${repositories.length > 5 ? `, ${count - 5} more` : more}`;
  return `${id}: ${count} ${count === 1 ? 'repository' : 'repositories'} (${names}): ${transforms.join(', ')}\n\n${visibleLines(example.patch)}\n`;
}

async function decide(
  directory: string,
  { approve = [], reject = [], reason }: BulkRequest['flags'],
  world: World,
): Promise<ExitCode | UsageError> {
  const lock = takeLock(directory);
  if ('heldBy' in lock) return { usage: `another process works on this campaign: ${lock.heldBy}` };
  const journal = await openJournal(directory, 'review');
  try {
    const by = world.env.USER ?? 'a person';
    const names = (list: readonly string[], record: RepoRecord): boolean =>
      list.some((one) => one === 'all' || one === record.cluster || one === record.repo || record.repo.endsWith(`/${one}`));
    const events: NewEvent[] = [];
    for (const record of journal.records.values()) {
      const { repo, state } = record;
      if (!['planned', 'approved', 'rejected'].includes(state)) continue;
      // Who rejects some and approves all means all others.
      if (names(reject, record)) events.push({ repo, ev: 'rejected', data: { by, ...(reason === undefined ? {} : { reason }) } });
      else if (names(approve, record)) events.push({ repo, ev: 'approved', data: { by } });
    }
    await Promise.all(events.map((event) => journal.append(event)));
    const count = (ev: string): number => events.filter((event) => event.ev === ev).length;
    world.stdout.write(`${count('approved')} approved, ${count('rejected')} rejected\n`);
    return 0;
  } finally {
    await journal.close();
    lock.release();
  }
}
