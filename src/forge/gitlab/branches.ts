// Room: forge/. GitLab: the branches of a project.
import { z } from 'zod';
import { atMost } from '../ask.ts';
import type { RepoRef } from '../types.ts';
import { idOf, pages } from './api.ts';
import type { GitLabApi } from './api.ts';
import { branchShape } from './shapes.ts';

export async function branches(api: GitLabApi, ref: RepoRef): Promise<{ name: string; sha: string }[]> {
  const found: { name: string; sha: string }[] = [];
  for await (const page of pages(z.array(branchShape), 'branches', (one) => api.as({}).branches.all(idOf(ref), one)))
    for (const { name, commit } of page) atMost(1000, 'branches', found.push({ name, sha: commit.id }));
  return found;
}
