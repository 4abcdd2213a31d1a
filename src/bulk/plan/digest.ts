// Room: bulk/. Hashes that say whether two plans are the same.
import { createHash } from 'node:crypto';
import { patchOf } from '../../report/diff.ts';
import type { CampaignOptions } from '../options.ts';
import type { PlannedFile } from '../types.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The added and removed lines of the patch, in order; without their places, so that a base that moves elsewhere makes no difference. */
const changedLines = ({ path, before, after }: PlannedFile): string[] =>
  patchOf([{ path, before, after }])
    .split('\n')
    .filter((line) => /^[-+](?![-+]{2} )/.test(line));

/** Of what the branch changes: paths, modes, lines. The same hash: nothing to push. */
export const diffHashOf = (files: readonly PlannedFile[]): string =>
  `sha256:${sha256(JSON.stringify(files.map((file) => [file.path, file.mode, changedLines(file)])))}`;

/**
 * Of the changed lines without what differs from one repository to the next: names, versions, numbers. Repositories with the
 * same one get the same review.
 */
export function clusterOf(files: readonly PlannedFile[], names: readonly string[]): string {
  const quoted = names.filter((name) => name.length > 2).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const own = quoted.length === 0 ? undefined : new RegExp(quoted.join('|'), 'gi');
  const lines = files.flatMap((file) =>
    changedLines(file).map((line) => (own ? line.replace(own, '<name>') : line).replace(/\d+/g, '#').trimEnd()),
  );
  return sha256(JSON.stringify(lines)).slice(0, 16);
}

/** Of everything that decides the result of a repository. Tool version and base commit stand beside it in the plan's key. */
export function specHashOf(options: Pick<CampaignOptions, 'refactor' | 'pull' | 'filters' | 'verify'>): string {
  const { refactor, pull, filters, verify } = options;
  const { level, base, only, skip } = refactor;
  const { branch, base: target, title, bodyTemplate, commitMessage, signOff } = pull;
  const spec: unknown[] = [level, base, only, skip, branch, target, title, bodyTemplate, commitMessage, signOff];
  // Not where there is none: campaigns that were planned before keep their hash.
  if (verify) spec.push([verify.measure, verify.probes]);
  if (filters.dockerfiles !== undefined) spec.push({ dockerfiles: filters.dockerfiles });
  return sha256(JSON.stringify(spec)).slice(0, 32);
}

export const planKeyOf = (baseSha: string, specHash: string, toolVersion: string): string => `${baseSha}+${specHash}+${toolVersion}`;

/** git's object id of a text (SHA-1 repositories; in others nothing matches, and the branch counts as changed). */
export function blobIdOf(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
