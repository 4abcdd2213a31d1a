// Room: bulk/. Every repository that the sources of a campaign name, each once, those that are left out with their reason.
import { resolve } from 'node:path';
import type { Forge, RepoInfo, RepoQuery } from '../../forge/types.ts';
import type { CampaignOptions } from '../options.ts';
import { exclusionOf } from '../run/plan.ts';
import { parseAddress } from './addresses.ts';
import { checkoutsBelow } from './checkouts.ts';
import type { Candidate } from './types.ts';

export interface SourceQuestion {
  options: CampaignOptions;
  forge: Forge | undefined;
  cwd: string;
  /** What is no address, or a source that needs a forge. */
  warn(message: string): void;
}

/** The candidates. Sources that the forge lists come as it lists them; a repository that several sources name comes once. */
export async function* candidatesOf(question: SourceQuestion): AsyncGenerator<Candidate> {
  const seen = new Set<string>();
  for await (const candidate of everyCandidate(question)) {
    const key = candidate.repo.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    yield filtered(candidate, question.options);
  }
}

async function* everyCandidate({ options, forge, cwd, warn }: SourceQuestion): AsyncGenerator<Candidate> {
  const { directories, repositories } = options.sources;
  for (const directory of directories) yield* checkoutsBelow(resolve(cwd, directory));
  for (const text of repositories) {
    const address = parseAddress(text, forge?.host);
    if (address.kind === 'invalid') warn(address.why);
    else if (address.kind === 'path') yield* checkoutsBelow(resolve(cwd, address.path));
    else yield { repo: keyOf(address.ref), ref: address.ref, ...(address.url === undefined ? {} : { url: address.url }) };
  }
  for (const query of queriesOf(options)) {
    if (!forge) warn('organisations, users, groups, topics and search need --platform github, gitlab or gitea');
    else for await (const info of forge.listRepos(query)) yield candidateOf(info);
  }
}

function queriesOf({ sources }: CampaignOptions): RepoQuery[] {
  const { owners, topics, search } = sources;
  // A topic narrows the owners, where there are some.
  const byOwner = owners.flatMap((owner) => (topics.length > 0 ? topics.map((topic) => ({ owner, topic })) : [{ owner }]));
  const byTopic = owners.length > 0 ? [] : topics.map((topic) => ({ topic }));
  return [...byOwner, ...byTopic, ...(search === undefined ? [] : [{ search }])];
}

const keyOf = ({ host, owner, name }: { host: string; owner: string; name: string }): string => `${host}/${owner}/${name}`;

function candidateOf(info: RepoInfo): Candidate {
  const { host, owner, name, cloneUrl } = info;
  return { repo: keyOf(info), ref: { host, owner, name }, info, url: cloneUrl };
}

function filtered(candidate: Candidate, options: CampaignOptions): Candidate {
  const { include, exclude } = options.filters;
  const name = candidate.repo.slice(candidate.repo.indexOf('/') + 1);
  if (include !== undefined && !new RegExp(include).test(name))
    return { ...candidate, excluded: { reason: 'filter', detail: 'not included' } };
  if (exclude !== undefined && new RegExp(exclude).test(name))
    return { ...candidate, excluded: { reason: 'filter', detail: 'excluded by name' } };
  const left = candidate.info ? exclusionOf(candidate.info, options) : undefined;
  return left ? { ...candidate, excluded: left } : candidate;
}
