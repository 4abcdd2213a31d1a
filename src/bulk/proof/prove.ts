// Room: bulk/. From a plan to what of it was shown to behave the same: the rest is taken out, and says why.
import { filesOf, type CheckoutPlan, type CheckoutQuestion } from '../plan/checkout.ts';
import type { FileReport } from '../../report/types.ts';
import type { Skipped } from '../../types.ts';
import type { FileVerification, Outcome } from '../../verify/types.ts';
import { ladderTold } from '../../verify/report/ladder.ts';
import { mayLook } from '../../verify/rungs.ts';
import type { Verification } from '../../verify/verify.ts';
import type { Core } from '../../checkout/types.ts';
import type { Gain } from '../types.ts';
import type { Proof, ProvenFile } from './types.ts';

/** The transform that skips of this room are told under: none of the library's. */
export const proofId = 'verify';

export interface Proven {
  checkout: CheckoutPlan;
  proof: Proof;
  gain: Gain | undefined;
}

/** Whether there is something to build for: changes to prove, or what a look at the images may allow. */
export const isWorthProving = ({ files, reports, optedOut }: CheckoutPlan, { outline }: Pick<Core, 'outline'>): boolean =>
  files.length > 0 || (!optedOut && reports.some(({ result }) => result && mayLook(result.skipped, outline(result.source)?.stages)));

/**
 * In: a plan, and the verification of the same files in a directory (`question.root`). Out: the plan with what passed; a Dockerfile
 * of which nothing passed, or that could not be built before, has a skip that says so. Pure.
 */
export function provenPlan(
  checkout: CheckoutPlan,
  { result, planned }: Verification,
  question: Pick<CheckoutQuestion, 'disk' | 'root' | 'fileAt'>,
): Proven {
  const verified = result.files;
  const told = new Map(verified.map((file) => [file.path, file]));
  const kept = new Map(planned.map((one) => [one.report.path, one.report]));
  const { files, refused } = filesOf(planned, question);
  const reports = checkout.reports.map((report) => reportOf(report, kept.get(report.path), told.get(report.path)));
  const paths = new Map(checkout.reports.map((report) => [report.path, report.patchPath]));
  const proof: Proof = {
    engine: result.engine ?? '',
    files: verified.filter(({ outcome }) => outcome !== 'unchanged').map((file) => provenFile(file, paths.get(file.path) ?? file.path)),
  };
  return {
    checkout: { ...checkout, files, reports, warnings: [...checkout.warnings, ...refused] },
    proof,
    gain: gainOf(verified, proof.engine),
  };
}

/** Whether something of the rewrite is left to be proposed. */
export const isProposed = (outcome: Outcome): boolean => outcome === 'verified' || outcome === 'partly-verified';

function provenFile({ outcome, checks, rolledBack, ladder, problem }: FileVerification, path: string): ProvenFile {
  const isKept = isProposed(outcome);
  return {
    path,
    outcome,
    passed: isKept ? checks.flatMap((check) => (check.outcome === 'passed' ? check.id : [])) : [],
    takenBack: rolledBack.map(({ transform, check, reason }) => ({ transform, check, reason: cut(reason) })),
    tried: ladderTold(ladder).map(({ title, says }) => cut(`${title}: ${says}`)),
    problem: isKept ? undefined : cut(problem?.message ?? rolledBack.at(-1)?.reason ?? outcome),
  };
}

/** Characters of a reason that go into plans, journals and texts. */
const maxReason = 400;
const cut = (text: string): string => (text.length > maxReason ? `${text.slice(0, maxReason)}…` : text);

/** What is told of a Dockerfile: the rewrite that passed, or nothing rewritten. */
function reportOf(report: FileReport, kept: FileReport | undefined, told: FileVerification | undefined): FileReport {
  if (!told || told.outcome === 'unchanged' || !report.result) return report;
  const skips = told.rolledBack.map(({ transform, check, reason }) => skip(transform, `taken-back-${check}`, reason));
  if (kept) return { ...kept, skipped: [...kept.skipped, ...skips] };
  const { source } = report.result;
  return {
    ...report,
    files: [],
    notes: [],
    result: { ...report.result, output: source, changed: false, files: [], applied: [], notes: [] },
    skipped: [...report.skipped, ...skips, skip(proofId, told.outcome, whyNothing(told))],
  };
}

const skip = (transform: string, reason: string, message: string): Skipped => ({ transform, reason, message: cut(message), line: 1 });

function whyNothing({ outcome, problem }: FileVerification): string {
  const said = problem?.message ?? '';
  if (outcome === 'baseline-broken') return `The original could not be built and run, so nothing can be compared: ${said}`;
  if (outcome === 'rejected') return 'No part of the rewrite behaves like the original';
  return `It could not be verified: ${said}`;
}

/** Sums over the Dockerfiles that change; undefined when none does, or nothing was measured. */
function gainOf(files: readonly FileVerification[], engine: string): Gain | undefined {
  const measured = files.flatMap(({ measures, outcome }) => (measures && isProposed(outcome) ? measures : []));
  if (measured.length === 0) return undefined;
  const sum = (pick: (one: (typeof measured)[number]) => number | undefined): number | undefined =>
    measured.reduce<number | undefined>((total, one) => {
      const value = pick(one);
      return total === undefined || value === undefined ? undefined : total + value;
    }, 0);
  const images = measured.length === 1 ? 'the image' : `${measured.length} images`;
  return {
    kind: 'measured',
    imageBefore: sum(({ before }) => before.size),
    imageAfter: sum(({ after }) => after.size),
    rebuildBefore: sum(({ before }) => before.sourceEditSeconds),
    rebuildAfter: sum(({ after }) => after.sourceEditSeconds),
    how: `Both versions of ${images} were built with ${engine}; sizes are those of the unpacked images.`,
  };
}
