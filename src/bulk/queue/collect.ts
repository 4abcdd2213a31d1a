// Room: bulk/. What workers tell, into the journal: each entry once, acknowledged when it is on disk.
import { patchOf } from '../../report/diff.ts';
import type { CampaignDirectory } from '../journal/directory.ts';
import type { Journal } from '../journal/log.ts';
import type { RepoKey } from '../types.ts';
import { isAfter } from './exchange.ts';
import type { Entry, Exchange } from './types.ts';

export interface CollectInto {
  exchange: Exchange;
  journal: Pick<Journal, 'append' | 'from'>;
  store: Pick<CampaignDirectory, 'writePlan'>;
  /** Of this journal's claim on the queue: entries of another time are not compared with these. */
  epoch: string;
}

export interface Collected {
  entries: number;
  /** Classes of failed attempts. */
  failures: string[];
  ended: [RepoKey, string][];
}

/**
 * Reads what is there (waiting so many milliseconds for the first), writes it down, and answers how jobs ended. Killed after the journal
 * was written and before the entry was acknowledged, the entry comes again: its place in the stream is in the journal, and it is left out.
 */
export async function collect(into: CollectInto, milliseconds: number): Promise<Collected> {
  const { exchange, journal, store, epoch } = into;
  const entries = await exchange.read(milliseconds);
  const written: Promise<void>[] = [];
  const failures: string[] = [];
  for (const entry of entries) {
    if (!entry.event || isKnown(journal.from(), epoch, entry)) continue;
    if (entry.plan) store.writePlan(entry.plan, patchOf(entry.plan.files));
    if (entry.event.ev === 'failed') failures.push(entry.event.data.failure.kind);
    written.push(journal.append(entry.event, `${epoch}/${entry.id}`));
  }
  await Promise.all(written);
  await exchange.settle(entries.map(({ id }) => id));
  return { entries: entries.length, failures, ended: entries.flatMap(({ repo, ended }) => (ended === undefined ? [] : [[repo, ended]])) };
}

/** Entries are written in their order, so that the last one's place says all. */
function isKnown(last: string | undefined, epoch: string, { id }: Entry): boolean {
  const at = last?.lastIndexOf('/') ?? -1;
  if (last === undefined || last.slice(0, at) !== epoch) return false;
  return !isAfter(id, last.slice(at + 1));
}
