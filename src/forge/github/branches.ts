// Room: forge/. GitHub: the branches of a repository.
import { z } from 'zod';
import { atMost } from '../ask.ts';
import type { RepoRef } from '../types.ts';
import { graphql, named } from './api.ts';
import type { GitHubApi } from './api.ts';

export const branchesQuery = `query Branches($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) { refs(refPrefix: "refs/heads/", first: 100, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { name target { oid } }
  } }
}`;
const refsShape = z.object({
  repository: z
    .object({
      refs: z
        .object({
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
          nodes: z.array(z.object({ name: z.string(), target: z.object({ oid: z.string() }) })),
        })
        .nullish(),
    })
    .nullish(),
});

export async function branches(api: GitHubApi, ref: RepoRef): Promise<{ name: string; sha: string }[]> {
  const { owner, repo: name } = named(ref);
  const found: { name: string; sha: string }[] = [];
  for (let after: string | null = null; ;) {
    const answer: z.infer<typeof refsShape> = await graphql(api, refsShape, {
      ...{ query: branchesQuery, kind: 'read' },
      variables: { owner, name, after },
    });
    const refs = answer.repository?.refs;
    for (const node of refs?.nodes ?? []) atMost(1000, 'branches', found.push({ name: node.name, sha: node.target.oid }));
    after = refs?.pageInfo.endCursor ?? null;
    if (!refs?.pageInfo.hasNextPage || after === null) return found;
  }
}
