// Room: bulk/. What every step of a campaign works with.
import type { Core } from '../../checkout/types.ts';
import type { Forge } from '../../forge/types.ts';
import { newRecord } from '../journal/fold.ts';
import type { CampaignDirectory } from '../journal/directory.ts';
import type { Campaign } from '../options.ts';
import type { PullText } from '../pull/types.ts';
import type { Transport } from '../transport/types.ts';
import type { Prover } from '../proof/types.ts';
import type { EventSink, NewEvent, RepoKey, RepoRecord } from '../types.ts';

export interface Session {
  campaign: Campaign;
  /** Plans and patches. */
  store: Pick<CampaignDirectory, 'readPlan' | 'writePlan' | 'readPatch' | 'removePlan'>;
  records: ReadonlyMap<RepoKey, RepoRecord>;
  sink: EventSink;
  core: Core;
  /** Undefined for platforms `git` and `local`: branches, no pull requests. */
  forge: Forge | undefined;
  transport: Transport;
  /** Takes over where `transport` would have to read too much; undefined: nobody does. */
  fallback: Transport | undefined;
  text: PullText;
  /** For campaigns that verify; undefined: nothing is built. */
  prove: Prover | undefined;
  redact(text: string): string;
  /** Milliseconds since the epoch until which the forge makes everybody wait; undefined: nobody waits. */
  waitsUntil?: () => number | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
  signal: AbortSignal;
}

/** The record of a repository as the events so far have made it. */
export const recordOf = ({ records }: Pick<Session, 'records'>, repo: RepoKey): RepoRecord => records.get(repo) ?? newRecord(repo);

/** Writes an event; resolves when it is on disk. */
export const tell = ({ sink }: Pick<Session, 'sink'>, event: NewEvent): Promise<void> => sink.append(event);
