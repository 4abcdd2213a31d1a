// Room: forge/. GitHub: lists of repositories. Code search is never used: it knows no forks, no old repositories, 1,000 hits.
import { z } from 'zod';
import { segment } from '../address.ts';
import { read } from '../ask.ts';
import type { RepoInfo, RepoQuery } from '../types.ts';
import { ForgeError } from '../types.ts';
import { answered, data } from './api.ts';
import type { GitHub, GitHubApi } from './api.ts';
import { repoInfo, repoShape } from './shapes.ts';

type Found = z.infer<typeof repoShape>;

export async function* listRepos(api: GitHubApi, query: RepoQuery, actor: () => Promise<string>): AsyncIterable<RepoInfo> {
  const { owner, topic, search } = query;
  if (!owner && (search !== undefined || topic !== undefined)) {
    const words = [search, topic === undefined ? undefined : `topic:${topic}`].filter((part) => part !== undefined).join(' ');
    // Forks are left out by a search unless it asks for them; the campaign's own filter decides.
    for await (const found of searched(api, /\bfork:/.test(words) ? words : `${words} fork:true`)) yield repoInfo(api.host, found);
    return;
  }
  for await (const found of listed(api, owner, actor)) {
    const info = repoInfo(api.host, found);
    if (topic === undefined || info.topics.includes(topic)) yield info;
  }
}

async function* listed(api: GitHubApi, owner: RepoQuery['owner'], actor: () => Promise<string>): AsyncIterable<Found> {
  const octokit = await api.octokit();
  const common = { per_page: 100, request: api.as({}) };
  if (owner) segment(owner.name);
  if (!owner) {
    // An app sees what it is installed on; a person what is theirs and their organisations'.
    const app = api.connection.credential?.kind === 'app';
    const list = app
      ? octokit.paginate.iterator('GET /installation/repositories', common)
      : octokit.paginate.iterator('GET /user/repos', common);
    yield* each(list);
  } else if (owner.kind === 'user') {
    // The list of a user shows public ones only; one's own is another list.
    const own = api.connection.credential?.kind === 'token' && (await actor()).toLowerCase() === owner.name.toLowerCase();
    yield* own
      ? each(octokit.paginate.iterator('GET /user/repos', { ...common, affiliation: 'owner' }))
      : each(octokit.paginate.iterator('GET /users/{username}/repos', { ...common, username: owner.name }));
  } else {
    yield* each(octokit.paginate.iterator('GET /orgs/{org}/repos', { ...common, org: owner.name }));
  }
}

async function* each(list: AsyncIterable<{ data: unknown }>): AsyncIterable<Found> {
  const iterator = list[Symbol.asyncIterator]();
  for (;;) {
    const page = await answered(iterator.next());
    if (page.done) return;
    yield* read(z.array(repoShape), page.value.data, 'a list of repositories');
  }
}

/** docs.github.com "About search": no search gives more than 1,000. */
const mostHits = 1000;
const searchShape = z.object({ total_count: z.number(), items: z.array(z.unknown()) });
const firstDay = Date.parse('2007-10-01T00:00:00Z');

/** A search with more hits than are given is split by the time of creation until each part is whole. */
async function* searched(api: GitHubApi, words: string, span?: { from: number; to: number }): AsyncIterable<Found> {
  const octokit = await api.octokit();
  const q = span ? `${words} created:${iso(span.from)}..${iso(span.to)}` : words;
  const { total_count: total } = await counted(api, octokit, q);
  if (total <= mostHits) {
    for (let page = 1; (page - 1) * 100 < total; page += 1) {
      const asked = { q, per_page: 100, page, request: api.as({}) };
      yield* read(z.array(repoShape), (await data(searchShape, octokit.request('GET /search/repositories', asked))).items, 'a search');
    }
    return;
  }
  const { from, to } = span ?? { from: firstDay, to: api.connection.clock.now() };
  const middle = Math.floor((from + to) / 2000) * 1000;
  if (middle <= from)
    throw new ForgeError('unprocessable', `the search has ${total} hits: ask for an owner or a topic`, { retryable: false });
  yield* searched(api, words, { from, to: middle });
  yield* searched(api, words, { from: middle + 1000, to });
}

const counted = (api: GitHubApi, octokit: GitHub, q: string): Promise<z.infer<typeof searchShape>> =>
  data(searchShape, octokit.request('GET /search/repositories', { q, per_page: 1, request: api.as({}) }));

const iso = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
