// Room: verify/report/. The ladder in words: what was tried, what failed and why, what stands. For the terminal, the page and the pull request.
import { bytesText } from '../../report/quantity.ts';
import { checkTexts, rungTexts } from './checks.ts';
import type { LadderStep } from '../types.ts';

/** A step for people; text of a repository or an image may stand in it. */
export interface StepTold {
  title: string;
  outcome: LadderStep['outcome'];
  /** Its base and size, and what came of it: one or more sentences without a full stop at the end. */
  says: string;
}

/** The steps, where there is something to tell: more than one, or one that is not possible. */
export function ladderTold(ladder: readonly LadderStep[]): StepTold[] {
  const [only, ...others] = ladder;
  if (only?.outcome === 'stands' && others.length === 0) return [];
  return ladder.map((step) => ({ title: rungTexts[step.rung].title, outcome: step.outcome, says: saysOf(step) }));
}

function saysOf({ outcome, base, size, check, reason, mended, assumed, against }: LadderStep): string {
  if (outcome === 'not-possible') return `not possible: ${reason ?? 'nothing is smaller there'}`;
  const what = [...(base === undefined ? [] : [base]), ...(size === undefined ? [] : [bytesText(size)])].join(', ');
  const mends = mended.length === 0 ? '' : `; mended with ${mended.join('; ')}`;
  const taken = assumed.length === 0 ? '' : `; ${assumed.join('; ')} (would be seen by ${against.map(titleOf).join(', ')})`;
  if (outcome === 'larger') return `${what}: proven, and larger than what stands`;
  if (outcome === 'stands') return `${what}: stands${mends}${taken}`;
  return `${what}: failed${check === undefined ? '' : ` (${titleOf(check)})`}${reason === undefined ? '' : `: ${reason}`}${mends}${taken}`;
}

/** As it stands in a sentence: "both build", "HTTP answers". */
export function titleOf(id: keyof typeof checkTexts): string {
  const { title } = checkTexts[id];
  return /^[A-Z]{2}/.test(title) ? title : `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}
