// Room: bulk/. A journal and plans that are forgotten at the end: for one repository, whose pull request carries what has to be known.
import type { CampaignDirectory } from './directory.ts';
import type { Journal } from './log.ts';
import { fold, newRecord } from './fold.ts';
import type { JournalEvent, NewEvent, PlannedRepo, RepoKey, RepoRecord } from '../types.ts';

/** Events are folded and forgotten. */
export function memoryJournal(): Pick<Journal, 'records' | 'append'> {
  const records = new Map<RepoKey, RepoRecord>();
  let seq = 0;
  return {
    records,
    append: async (event: NewEvent) => {
      seq += 1;
      const line = { v: 1, seq, t: '', run: '', ...event } as JournalEvent;
      if (event.repo !== '*') records.set(event.repo, fold(records.get(event.repo) ?? newRecord(event.repo), line));
    },
  };
}

/** Plans in memory. */
export function memoryStore(): Pick<CampaignDirectory, 'readPlan' | 'writePlan' | 'readPatch' | 'removePlan'> {
  const plans = new Map<RepoKey, { planned: PlannedRepo; patch: string }>();
  return {
    readPlan: (repo) => plans.get(repo)?.planned,
    writePlan: (planned, patch) => void plans.set(planned.repo, { planned, patch }),
    readPatch: (repo) => plans.get(repo)?.patch ?? '',
    removePlan: (repo) => void plans.delete(repo),
  };
}
