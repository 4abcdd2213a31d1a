// Room: bulk/. A repository that a source named.
import type { RepoInfo, RepoRef } from '../../forge/types.ts';
import type { ExclusionReason, RepoKey } from '../types.ts';

export interface Candidate {
  repo: RepoKey;
  ref?: RepoRef;
  /** When the listing told it already. */
  info?: RepoInfo;
  /** Where git fetches from, without credentials. */
  url?: string;
  /** A checkout on this machine; absolute. */
  directory?: string;
  /** Left out already, with the reason. */
  excluded?: { reason: ExclusionReason; detail?: string };
}
