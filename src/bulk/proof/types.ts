// Room: bulk/. Proof in a campaign: what building and running both versions of a repository's Dockerfiles showed.
import type { Verification } from '../../verify/verify.ts';
import type { CheckId, Outcome } from '../../verify/types.ts';

/** What was found for one Dockerfile; kept in the plan, told in the body of the pull request. */
export interface ProvenFile {
  /** Relative to the repository's root. */
  path: string;
  outcome: Outcome;
  /** Checks that passed for what is proposed; empty when nothing is. */
  passed: readonly CheckId[];
  takenBack: readonly { transform: string; check: CheckId; reason: string }[];
  /** The candidates that were tried, a sentence each, the smallest image first; plans of earlier versions have none. */
  tried?: readonly string[];
  /** Why nothing is proposed for it. */
  problem: string | undefined;
}
export interface Proof {
  /** `Docker 28.2.2` */
  engine: string;
  files: readonly ProvenFile[];
}

/**
 * Verifies the Dockerfiles below a directory (`repo`: what people know it as), as `dockerfile-mod verify` does. One at a time, however many repositories are planned at once: a
 * build needs the machine for itself. Throws `CampaignStopped` when there is no engine to work with: no repository could be verified.
 */
export type Prover = (directory: string, repo: string) => Promise<Verification>;
