// Room: forge/. Gitea: the branches of a repository.
import { path } from '../address.ts';
import { atMost, type Api } from '../ask.ts';
import type { RepoRef } from '../types.ts';
import { pages } from './repositories.ts';
import { branchShape } from './shapes.ts';

export async function branches(api: Api, ref: RepoRef): Promise<{ name: string; sha: string }[]> {
  const found: { name: string; sha: string }[] = [];
  const list = { shape: branchShape, path: path`/repos/${ref.owner}/${ref.name}/branches`, query: {} };
  for await (const { name, commit } of pages(api, list)) atMost(1000, 'branches', found.push({ name, sha: commit.id }));
  return found;
}
