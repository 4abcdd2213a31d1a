// Room: bulk/. Names of jobs and queues: two repositories never share one.
import { createHash } from 'node:crypto';
import type { RepoKey } from '../types.ts';
import type { Job, JobKind } from './types.ts';

/** Letters, digits and dots as they are, every other byte as `_` and two hex digits: nothing else ends up in a key of Redis, and no two names fall together. */
const plain = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => (/[A-Za-z0-9.]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `_${byte.toString(16).padStart(2, '0')}`))
    .join('');

const longest = 200;

/** `campaign-host-owner-name-specHash-round`. A round is one run over the campaign: in the next one each repository is done again. */
export function jobIdOf({ campaign, repo, specHash, round }: { campaign: string; repo: RepoKey; specHash: string; round: number }): string {
  const names = repo.split('/').map(plain).join('-');
  const short = names.length > longest ? createHash('sha256').update(repo).digest('hex') : names;
  return `${plain(campaign)}-${short}-${specHash.slice(0, 12)}-r${round}`;
}

/** `plan-<campaign>`: options are of a campaign. `publish-<host>-<actor>`: a forge's limits are of an identity, whatever the campaign. */
export function queueNameOf(kind: JobKind, { campaign, identity }: Pick<Job, 'campaign' | 'identity'>): string {
  if (kind === 'plan') return `plan-${plain(campaign)}`;
  const at = identity?.lastIndexOf(':') ?? -1;
  if (identity === undefined || at < 0) throw new Error('a job that publishes needs an identity: host:actor');
  return `publish-${plain(identity.slice(0, at))}-${plain(identity.slice(at + 1))}`;
}
