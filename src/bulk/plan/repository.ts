// Room: bulk/. From a plan of a checkout to what the campaign keeps of a repository.
import type { Core } from '../../checkout/types.ts';
import type { RepoRef } from '../../forge/types.ts';
import { allSkips } from '../../report/summary.ts';
import { isChanged, type FileReport } from '../../report/types.ts';
import type { Campaign } from '../options.ts';
import { estimateOf } from '../proof/estimate.ts';
import { proofId, type Proven } from '../proof/prove.ts';
import type { ExclusionReason, PlanCounts, PlannedRepo, RepoKey } from '../types.ts';
import type { CheckoutPlan } from './checkout.ts';
import { clusterOf, diffHashOf, planKeyOf } from './digest.ts';

export type PlanOutcome =
  { kind: 'excluded'; reason: ExclusionReason; detail?: string } | { kind: 'planned' | 'unchanged' | 'refused'; planned: PlannedRepo };

export interface PlanSubject {
  repo: RepoKey;
  ref: RepoRef | undefined;
  base: { branch: string; sha: string };
  campaign: Campaign;
  core: Pick<Core, 'outline'>;
  /** Undefined: nothing was built, or nothing would change. */
  proven: Proven | undefined;
}

/** What became of a repository: changes, or nothing to do, or refused by facts, or left out. What was proven takes the place of what was planned. */
export function outcomeOf(checkout: CheckoutPlan, subject: PlanSubject): PlanOutcome {
  const { repo, ref, base, campaign, core, proven } = subject;
  const { files, reports, warnings, dockerfiles, unwanted } = proven?.checkout ?? checkout;
  if (checkout.optedOut) {
    const { unclear } = checkout.optedOut;
    return {
      kind: 'excluded',
      reason: 'opted-out',
      ...(unclear.length > 0 ? { detail: `its settings are not clear: ${unclear.join('; ')}` } : {}),
    };
  }
  if (dockerfiles === 0 && reports.length === 0 && unwanted > 0)
    return { kind: 'excluded', reason: 'filter', detail: 'no Dockerfile whose path is wanted' };
  if (dockerfiles === 0 && reports.length === 0) return { kind: 'excluded', reason: 'no-dockerfile' };
  const counts = countsOf(reports, dockerfiles);
  const { specHash, toolVersion } = campaign;
  const refusal = files.length > 0 ? undefined : refusalOf(counts);
  const planned: PlannedRepo = {
    v: 1,
    repo,
    ref,
    base,
    specHash,
    toolVersion,
    planKey: planKeyOf(base.sha, specHash, toolVersion),
    diffHash: diffHashOf(files),
    cluster: clusterOf(files, [repo.slice(repo.lastIndexOf('/') + 1)]),
    files,
    reports,
    counts,
    gain: files.length === 0 ? undefined : proven ? proven.gain : estimateOf(reports, core),
    ...(proven ? { proof: proven.proof } : {}),
    refusal,
    warnings,
  };
  return { kind: files.length > 0 ? 'planned' : refusal === undefined ? 'unchanged' : 'refused', planned };
}

function countsOf(reports: readonly FileReport[], dockerfiles: number): PlanCounts {
  const applied: Record<string, number> = {};
  const skipped: Record<string, number> = {};
  for (const report of reports) {
    if (!report.error) for (const { transform } of report.result?.applied ?? []) applied[transform] = (applied[transform] ?? 0) + 1;
    for (const { transform, reason } of allSkips(report)) {
      skipped[`${transform}/${reason}`] = (skipped[`${transform}/${reason}`] ?? 0) + 1;
    }
  }
  const errors = reports.filter((report) => report.error).length;
  return { dockerfiles, changed: reports.filter(isChanged).length, applied, skipped, errors };
}

/** The reason that stands most often between the repository and a change, a failed verification first; undefined when there was nothing to do. */
function refusalOf({ skipped, errors }: PlanCounts): string | undefined {
  const most = Object.entries(skipped)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([key]) => key);
  return most.find((key) => key.startsWith(`${proofId}/`)) ?? most[0] ?? (errors > 0 ? 'bad-input' : undefined);
}
