// Room: bulk/. The words and numbers of every report: what a state is called, what it means, how sizes are written.
import type { CampaignSummary, RepositoryRow } from './types.ts';
import type { RepoState } from '../types.ts';

export type Tone = 'good' | 'open' | 'quiet' | 'warn' | 'bad';

export interface StateWords {
  label: string;
  tone: Tone;
  means: string;
}

/** Every state in the order in which reports list them. */
export const stateWords: Readonly<Record<RepoState, StateWords>> = {
  verified: { label: 'merged and verified', tone: 'good', means: 'the default branch holds the change' },
  merged: { label: 'merged', tone: 'good', means: 'the pull request was merged' },
  open: { label: 'open', tone: 'open', means: 'the pull request waits for people' },
  opening: { label: 'opening', tone: 'open', means: 'the pull request is being opened' },
  updating: { label: 'updating', tone: 'open', means: 'the pull request is being updated' },
  pushing: { label: 'pushing', tone: 'open', means: 'the branch is being pushed' },
  pushed: { label: 'pushed', tone: 'open', means: 'the branch stands; there is no pull request yet' },
  planned: { label: 'planned', tone: 'open', means: 'something would change' },
  approved: { label: 'approved', tone: 'open', means: 'the change was approved in review; it is not pushed yet' },
  frozen: { label: 'frozen', tone: 'warn', means: 'a person works on the branch: it is left alone' },
  conflicted: { label: 'in conflict', tone: 'warn', means: 'the branch conflicts with its base' },
  'checks-failed': { label: 'checks failed', tone: 'warn', means: 'checks of the pull request failed' },
  'changes-requested': { label: 'changes requested', tone: 'warn', means: 'a reviewer asked for changes' },
  regressed: { label: 'regressed', tone: 'warn', means: 'it was merged, and the default branch would change again' },
  refused: { label: 'left, with reasons', tone: 'quiet', means: 'nothing could be proven; the skips say why' },
  unchanged: { label: 'nothing to do', tone: 'quiet', means: 'the Dockerfiles are as they should be' },
  declined: { label: 'declined', tone: 'quiet', means: 'a person closed the pull request; it is not opened again' },
  rejected: { label: 'rejected', tone: 'quiet', means: 'the change was rejected in review' },
  obsolete: { label: 'obsolete', tone: 'quiet', means: 'the base holds the change already; the pull request was closed' },
  superseded: { label: 'superseded', tone: 'quiet', means: 'a newer campaign took over' },
  excluded: { label: 'left out', tone: 'quiet', means: 'not looked at; the reason says why' },
  discovered: { label: 'not planned yet', tone: 'quiet', means: 'found, and not looked at yet' },
  failed: { label: 'failed', tone: 'bad', means: 'it is tried again' },
  dead: { label: 'given up', tone: 'bad', means: 'it failed too often' },
};

export const stateOrder = Object.keys(stateWords) as RepoState[];

/** States and counts that there are, in the order of reports. */
export const statesOf = (summary: CampaignSummary): { state: RepoState; count: number; words: StateWords }[] =>
  stateOrder.flatMap((state) => {
    const count = summary.byState[state] ?? 0;
    return count === 0 ? [] : [{ state, count, words: stateWords[state] }];
  });

export const whole = (count: number): string => count.toLocaleString('en-US');
export const counted = (count: number, noun: string, nouns = `${noun}s`): string => `${whole(count)} ${count === 1 ? noun : nouns}`;

/** Bytes for people, decimal as registries and `docker image ls` write them. */
export function size(bytes: number): string {
  const [unit, by] = Math.abs(bytes) >= 1e9 ? (['GB', 1e9] as const) : (['MB', 1e6] as const);
  return `${(bytes / by).toFixed(Math.abs(bytes) / by < 100 ? 1 : 0)} ${unit}`;
}

/** The sentences on savings; a sum of nothing is not a number but a sentence. */
export function savingsText({ savings }: CampaignSummary): string[] {
  const { measured, estimated, repositoriesMeasured, repositoriesEstimated } = savings;
  const lines = [
    ...(repositoriesMeasured > 0
      ? [`Measured: ${size(measured)} less over ${counted(repositoriesMeasured, 'repository', 'repositories')}.`]
      : []),
    ...(repositoriesEstimated > 0
      ? [`Estimated: ${size(estimated)} less over ${counted(repositoriesEstimated, 'repository', 'repositories')}.`]
      : []),
  ];
  return lines.length > 0 ? lines : ['Nothing was built, so no size is known.'];
}

/** "1,204 repositories: 310 planned, 790 nothing to do, 104 left out". */
export function headline(summary: CampaignSummary): string {
  const told = statesOf(summary).map(({ count, words }) => `${whole(count)} ${words.label}`);
  return `${counted(summary.repositories.length, 'repository', 'repositories')}${told.length > 0 ? `: ${told.join(', ')}` : ''}`;
}

/** Address of a pull request when it is one that may stand in a link. */
export function pullUrl(row: RepositoryRow): string | undefined {
  const url = row.pull?.url;
  return url !== undefined && /^https?:\/\/[^\s<>"'`]+$/.test(url) ? url : undefined;
}

/** `multi-stage ×2, base-slim`: most frequent first. */
export const appliedText = (row: RepositoryRow): string =>
  Object.entries(row.applied)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([id, count]) => (count > 1 ? `${id} ×${count}` : id))
    .join(', ');
