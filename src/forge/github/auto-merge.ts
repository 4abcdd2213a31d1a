// Room: forge/. GitHub: merges a pull request when what its branch requires is there.
import { z } from 'zod';
import type { Forge, RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';
import { graphql, named } from './api.ts';
import type { GitHubApi } from './api.ts';

export const pullIdQuery = `query PullId($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { id } }
}`;
const idShape = z.object({ repository: z.object({ pullRequest: z.object({ id: z.string() }).nullish() }).nullish() });

export const autoMergeMutation = `mutation AutoMerge($input: EnablePullRequestAutoMergeInput!) {
  enablePullRequestAutoMerge(input: $input) { clientMutationId }
}`;

/** Only GraphQL has it. GitHub refuses where the repository does not allow it, and where nothing has to be waited for. */
export async function autoMerge(api: GitHubApi, ref: RepoRef, number: number, how: Parameters<Forge['autoMerge']>[2]): Promise<void> {
  const { owner, repo: name } = named(ref);
  const found = await graphql(api, idShape, { query: pullIdQuery, variables: { owner, name, number }, kind: 'read' });
  const pullRequestId = found.repository?.pullRequest?.id;
  if (pullRequestId === undefined) throw new ForgeError('not-found', `there is no pull request ${number}`, { retryable: false });
  const input = { pullRequestId, mergeMethod: how.method.toUpperCase(), expectedHeadOid: how.head };
  await graphql(api, z.unknown(), { query: autoMergeMutation, variables: { input }, kind: 'content', onLimit: 'wait' });
}
